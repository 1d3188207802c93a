"""Whether one voice of a call is synthetic, said anew after every second of its speech.

Each second of speech, by voice activity and not by the clock, the newest 4 s leave as a `Score`;
its answer comes back by `scored`. What is known of a voice is what all of its windows say together.
When somebody else speaks, the evidence begins anew. Nothing here waits: an answer that never comes
is given up.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from media.audio import FRAME, RATE, Pcm, Samples, Span, seconds
from media.liveness.change import Change
from media.liveness.types import (
    WINDOW_S,
    Assessment,
    Judge,
    Score,
    Scored,
    Verdict,
    VoiceChanged,
)
from media.liveness.voiced import Voiced
from media.recognition import Failed
from media.tape import Tape

WINDOW: Final = WINDOW_S * RATE
"""Samples of speech that are scored at once, at most."""

HOP: Final = RATE
"""Samples of new speech after which there is a score again."""

LEAST: Final = RATE // 2
"""Samples of speech below which there is no score at all."""

ENOUGH: Final = 2 * RATE
"""Samples of speech below which there is no verdict."""

KNOWN: Final = 30
"""Windows that count, the newest: a voice may change without being noticed."""

WAITING: Final = 2
"""Scores that may be under way; while so many are, the next one is left out."""

LATE: Final = 10 * RATE
"""Samples after which an answer is not waited for any more."""

OTHER: Final = 0.5
"""Probability of being no single voice from which on a window says nothing of one."""

HALF_S: Final = 4.0
"""Seconds of speech that bring half of the confidence that is missing."""

Event = Score | Assessment | VoiceChanged


@dataclass(slots=True)
class _Window:
    """What is known of the speech that ends at `end`, asked for when `at` was heard."""

    id: int
    at: Samples
    end: Samples
    scored: Scored | None = None
    unfit: str = ""


def encoded_next(known: Samples) -> Samples:
    """Return from how much speech on the encoder hears a voice again, which has heard so much.

    It is dear: it hears the first 2 s, the first 4 s, and each 4 s after these.
    """
    return WINDOW if known < WINDOW else known + WINDOW


class Liveness:
    """Follow one voice (16 kHz); `assessment` is what is known of it now.

    Args:
        judge: what the model's answers mean.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._voiced = Voiced()
        self._speech = Tape()
        self._places: deque[tuple[Samples, Samples]] = deque(maxlen=KNOWN)
        self._fed: Samples = 0
        self._jobs = 0
        self._encode_from: Samples = 0
        self._asked: Samples = 0
        self._waiting: dict[int, _Window] = {}
        self._begin(0)
        self.assessment = self._unsure("no speech")

    def feed(self, pcm: Pcm) -> list[Event]:
        """Take the next samples, in pieces of any length: what comes of them is the same."""
        events: list[Event] = []
        for piece in np.split(pcm, range(-self._fed % FRAME, len(pcm), FRAME)):
            self._fed += len(piece)
            speech = self._voiced.feed(piece)
            while len(speech):
                room = HOP - self._speech.end % HOP
                self._speech.feed(speech[:room])
                speech = speech[room:]
                if self._speech.end % HOP == 0:
                    self._places.append((self._speech.end, self._voiced.heard))
                    events += self._ask(self._speech.end, self._voiced.heard)
                    self._speech.forget(self._speech.end - WINDOW)
            events += self._give_up()
        return events

    def close(self) -> list[Event]:
        """End the input: what was said since the last score is scored as well."""
        new = self._speech.end - max(self._began, self._asked)
        return self._ask(self._speech.end, self._voiced.heard) if new >= LEAST else []

    def scored(self, outcome: Scored | Failed) -> list[Event]:
        """Take what became of a `Score`; an answer about an earlier voice changes nothing."""
        window = self._waiting.pop(outcome.id, None)
        if window is None:
            return []
        if isinstance(outcome, Failed):
            window.unfit = f"the model failed: {outcome.reason}"
        elif not all(map(math.isfinite, (outcome.logit, outcome.other, outcome.heard or 0.0))):
            window.unfit = "the model failed: no number"
        else:
            window.scored = outcome
            window.unfit = outcome.unfit or ("not one voice" if outcome.other >= OTHER else "")
            if outcome.print is not None and not window.unfit:
                changed = self._change.feed(outcome.print, window.end)
                if changed is not None:
                    return self._changed(changed, window)
        self._windows.append(window)
        self.assessment = self._assess(window.at)
        return [self.assessment, *self._catch_up()]

    def _ask(self, end: Samples, at: Samples) -> list[Event]:
        if len(self._waiting) >= WAITING:
            return []
        self._asked = end
        self._jobs += 1
        self._waiting[self._jobs] = _Window(self._jobs, at, end)
        start = max(self._began, end - WINDOW)
        known = end - self._began
        encode = known >= self._encode_from
        if encode:
            self._encode_from = encoded_next(known)
        return [Score(self._jobs, self._speech.read(Span(start, end)), encode)]

    def _catch_up(self) -> list[Event]:
        """Ask about the newest speech, when more has come meanwhile than could be asked about."""
        if not self._places or self._places[-1][0] <= max(self._asked, self._began):
            return []
        return self._ask(*self._places[-1])

    def _give_up(self) -> list[Event]:
        late = [w.id for w in self._waiting.values() if self._voiced.heard - w.at >= LATE]
        return [event for number in late for event in self.scored(Failed(number, "no answer"))]

    def _begin(self, at: Samples) -> None:
        """Know nothing of the voice whose speech begins at `at`."""
        self._began = at
        self._change = Change()
        self._windows: deque[_Window] = deque(maxlen=KNOWN)
        self._waiting.clear()
        self._encode_from = ENOUGH

    def _changed(self, began: Samples, window: _Window) -> list[Event]:
        self._begin(began)
        heard = next((h for end, h in self._places if end >= began), window.at)
        self.assessment = self._unsure("too little speech", window.at)
        return [VoiceChanged(heard), self.assessment, *self._ask(window.end, window.at)]

    def _unsure(self, reason: str, at: Samples = 0) -> Assessment:
        return Assessment(Verdict.UNSURE, None, 0.0, 0.0, at, reason)

    def _assess(self, at: Samples) -> Assessment:
        """Say what all windows of the voice say together."""
        windows = sorted(self._windows, key=lambda w: w.id)
        fit = [w for w in windows if not w.unfit]
        length = windows[-1].end - self._began
        scored = [w.scored for w in fit or windows if w.scored is not None]
        score = self._judge.calibrate(scored, seconds(length)) if scored else None
        verdict, reason = Verdict.UNSURE, ""
        if 2 * len(fit) < len(windows):
            reason = Counter(w.unfit for w in windows if w.unfit).most_common(1)[0][0]
        elif length < ENOUGH:
            reason = "too little speech"
        elif score is not None:
            verdict = self._judge.verdict(score)
            reason = "the score is between" if verdict is Verdict.UNSURE else ""
        share = len(fit) / len(windows)
        confidence = share * (1 - 2 ** (-seconds(length) / HALF_S))
        return Assessment(verdict, score, confidence, seconds(length), at, reason)
