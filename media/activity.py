"""Voice activity: where phrases begin and end.

A *phrase* is a stretch of speech between pauses. WebRTC's voice activity detector judges 20 ms
frames; a phrase begins with the second of three voiced frames and ends when `PAUSE` of unvoiced
frames has gone by. That detector hangs on for up to a second after speech, and for good in loud
noise, so a frame must also stand out from the quietest of the last seconds: the line's own noise
(minimum statistics, Martin 2001). Positions are sample counts from the first sample fed.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import webrtcvad

from media.audio import FRAME, RATE, Pcm, Samples

PAUSE: Final = RATE * 240 // 1_000
"""Unvoiced samples that end a phrase."""

LEAD: Final = 3 * FRAME
"""Samples before the first voiced frame that count as speech: soft onsets are missed by ear."""

FLOOR: Final = 75
"""Frames (1.5 s) whose quietest tells the line's noise: nobody speaks so long without a dip."""

ABOVE_DB: Final = 1.0
"""How far speech stands out from the line's noise, at least."""


@dataclass(frozen=True, slots=True)
class PhraseStarted:
    """Speech began at `at`, `LEAD` before the first voiced frame."""

    at: Samples


@dataclass(frozen=True, slots=True)
class PhraseEnded:
    """Speech ended at `at`, the end of the last voiced frame."""

    at: Samples


class Activity:
    """Follow one voice.

    `speaking` tells whether a phrase is running, `voiced_until` where its last voiced frame ended,
    `heard` how many samples were judged.

    Args:
        aggressiveness: 0 (hears speech everywhere) to 3 (hardly anywhere), as in WebRTC.
    """

    def __init__(self, aggressiveness: int = 2) -> None:
        self._vad = webrtcvad.Vad(aggressiveness)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._recent: deque[bool] = deque(maxlen=3)
        self._powers: deque[float] = deque(maxlen=5)
        self._dips: deque[tuple[Samples, float]] = deque()
        self._ended_at: Samples = 0
        self.speaking = False
        self.voiced_until: Samples = 0
        self.heard: Samples = 0

    def feed(self, pcm: Pcm) -> list[PhraseStarted | PhraseEnded]:
        """Judge the next samples; what does not fill a frame waits for more."""
        events: list[PhraseStarted | PhraseEnded] = []
        if len(self._rest):
            pcm = np.concatenate([self._rest, pcm])
        whole = len(pcm) - len(pcm) % FRAME
        self._rest = pcm[whole:].copy()
        for at in range(0, whole, FRAME):
            frame = pcm[at : at + FRAME]
            self.heard += FRAME
            voiced = self._stands_out(frame) and self._vad.is_speech(frame.tobytes(), RATE)
            self._recent.append(voiced)
            if self.speaking and voiced:
                self.voiced_until = self.heard
            elif self.speaking and self.heard - self.voiced_until >= PAUSE:
                self.speaking = False
                self._recent.clear()
                self._ended_at = self.voiced_until
                events.append(PhraseEnded(self.voiced_until))
            elif voiced and not self.speaking and sum(self._recent) >= 2:
                self.speaking = True
                self.voiced_until = self.heard
                first = self.heard - FRAME * (len(self._recent) - self._recent.index(True))
                events.append(PhraseStarted(max(self._ended_at, first - LEAD)))
        return events

    def _stands_out(self, frame: Pcm) -> bool:
        """Tell whether a frame is louder than the line's noise, smoothed over five."""
        wide = frame.astype(np.float64)
        self._powers.append(float(wide.dot(wide)) / FRAME + 1.0)
        level = 10 * math.log10(sum(self._powers) / len(self._powers))
        # Only a frame that nothing as quiet has followed can become the quietest.
        while self._dips and self._dips[-1][1] >= level:
            self._dips.pop()
        self._dips.append((self.heard, level))
        if self._dips[0][0] <= self.heard - FLOOR * FRAME:
            self._dips.popleft()
        return level > self._dips[0][1] + ABOVE_DB
