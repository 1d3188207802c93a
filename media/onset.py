"""Onsets: that a voice has begun to speak, known soon and seldom by mistake.

`media.activity` must miss no speech, so two active frames begin a phrase there, and a click, a key
or a fan does as well. Here a start interrupts somebody: it takes 140 ms of activity within 240 ms,
with the pitch of a voice in some of it. Noise, coughs and clicks have no pitch; tones have one, but
are purer than a voice. Positions are sample counts from the first sample fed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import webrtcvad

from media.audio import FRAME, RATE, Pcm, Samples
from media.dtmf import key_in

WINDOW: Final = 12
"""Frames of 20 ms that are looked at together."""

ACTIVE: Final = 7
"""Active frames among them that begin speech."""

PITCHED: Final = 2
"""Frames with the pitch of a voice among those, frames with a key's tones taken off: the edges of
a key are no pure tones. Few, since "six" begins with 170 ms that have no pitch."""

REST: Final = RATE * 400 // 1_000
"""Samples without pitch after which a voice has stopped; longer than any "x" or "st" in a word."""

AGAIN: Final = RATE // 10
"""Samples after which a voice that speaks is looked for again: that costs more than all else."""

QUIETEST: Final = 100.0
"""RMS of a block (16-bit) below which nothing counts, about -50 dBFS: the rest of an echo."""

PERIODIC: Final = 0.65
"""The least correlation of a block with itself one period later."""

PERIODS: Final = (RATE // 400, RATE // 60)
"""Shortest and longest period of a voice, in samples: 400 to 60 Hz."""

PURE: Final = 0.9
"""Share of a block's power in two lines of its spectrum from which on it is tones."""

LOWEST_TONE: Final = 350
"""Hz; a hummed "m" is nearly one line, too, but a low one."""

_BLOCK: Final = 2 * FRAME
_SIZE: Final = 2 * _BLOCK  # no wrap-around in the correlation


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """A voice has begun to speak at `at`, as far as is known."""

    at: Samples


class Onset:
    """Follow one voice; `speaking` tells whether it speaks, `quiet` for how long it has not."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(2)
        self._block: Pcm = np.zeros(_BLOCK, np.int16)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._recent: deque[tuple[bool, int]] = deque(maxlen=WINDOW)
        self._voiced_until: Samples = 0
        self.heard: Samples = 0
        self.speaking = False

    @property
    def quiet(self) -> Samples:
        """Return how many samples ago the voice was last heard; 0 while it speaks."""
        return 0 if self.speaking else self.heard - self._voiced_until

    def feed(self, pcm: Pcm) -> list[SpeechStarted]:
        """Judge the next samples (16 kHz); what does not fill a frame waits for more."""
        events: list[SpeechStarted] = []
        self._rest = np.concatenate([self._rest, pcm])
        while len(self._rest) >= FRAME:
            frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            self._block = np.concatenate([self._block[FRAME:], frame])
            self.heard += FRAME
            active = bool(self._vad.is_speech(frame.tobytes(), RATE))
            # A voice that was just heard need not be looked for again at once.
            due = not self.speaking or self.heard - self._voiced_until >= AGAIN
            voiced = _voiced(self._block) if active and due else 0
            self._recent.append((active, voiced))
            if self.speaking:
                if voiced > 0:
                    self._voiced_until = self.heard
                elif self.heard - self._voiced_until >= REST:
                    self.speaking = False
                    self._recent.clear()
            elif active:
                actives = [a for a, _ in self._recent]
                if sum(actives) >= ACTIVE and sum(p for _, p in self._recent) >= PITCHED:
                    self.speaking, self._voiced_until = True, self.heard
                    first = len(actives) - actives.index(True)
                    events.append(SpeechStarted(self.heard - FRAME * first))
        return events


def _voiced(block: Pcm) -> int:
    """Return what 40 ms of sound (640 samples) say for a voice: 1, 0, or -1 for a keypad tone."""
    frame = block[FRAME:]
    return -1 if key_in(frame) else int(has_pitch(block) and not is_tones(frame))


def has_pitch(block: Pcm) -> bool:
    """Tell whether 40 ms of sound (640 samples) are periodic as a voice is.

    The correlation with itself is looked at from its first zero on: that of a rumble, which is
    slow and not periodic, has none in time (McLeod and Wyvill, A smarter way to find pitch, 2005).
    """
    sound = block - block.mean()
    energy = np.cumsum(np.concatenate([[0.0], sound**2]))
    if energy[-1] < QUIETEST**2 * len(sound):
        return False
    same = np.fft.irfft(np.abs(np.fft.rfft(sound, _SIZE)) ** 2)[: PERIODS[1]]
    same[: max(PERIODS[0], int(np.argmax(same <= 0)) or len(same))] = 0
    lags = np.arange(len(same))
    scale = np.sqrt(energy[len(sound) - lags] * (energy[-1] - energy[lags]))
    scale = np.maximum(scale, energy[-1] / 100)  # beside a click there is nothing to be like it
    return bool(np.any(same > PERIODIC * scale))


def is_tones(frame: Pcm) -> bool:
    """Tell whether 20 ms of sound (320 samples) are one or two steady tones."""
    lines = np.abs(np.fft.rfft(frame * np.hanning(FRAME))) ** 2
    first = int(np.argmax(lines))
    if first * RATE / FRAME < LOWEST_TONE:
        return False
    whole, left = float(lines.sum()), lines.copy()
    for _ in range(2):
        top = int(np.argmax(left))
        left[max(0, top - 2) : top + 3] = 0
    return float(left.sum()) <= (1 - PURE) * whole
