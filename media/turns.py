"""When a caller's turn ends, told by loudness alone, in sample time.

This serves the reference agent and the demo's recorded caller. A bleep counts as speech: whoever
is bleeped has not finished. The gateway's own phrases come from voice activity, not from here.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from media.audio import FRAME, Pcm, Samples, Span, samples

_LOUD_DBFS: Final = -48.0  # of a 20 ms frame's RMS against full scale; a bleep has -42
QUIET: Final = samples(0.7)
_LEAST_SPEECH: Final = samples(0.1)  # less loudness than this in all is a click, not a turn


class TurnDetector:
    """Find turns: loudness for at least 100 ms in all, then `quiet` without any.

    Args:
        quiet: samples of quiet that end a turn.

    Feed it a contiguous 16 kHz stream in chunks of any size; how it is cut changes nothing.
    """

    def __init__(self, quiet: Samples = QUIET) -> None:
        self._quiet = quiet
        self._pending: Pcm = np.zeros(0, np.int16)
        self._now: Samples = 0
        self._start: Samples = 0
        self._end: Samples = 0
        self._loud: Samples = 0

    @property
    def in_turn(self) -> bool:
        """Tell whether the caller has begun a turn and not ended it."""
        return self._loud >= _LEAST_SPEECH

    def __call__(self, pcm: Pcm) -> list[Span]:
        """Feed the next samples, return the turns that ended in them (first to last loudness)."""
        x = np.concatenate((self._pending, pcm))
        count = x.size // FRAME
        self._pending = x[count * FRAME :]
        frames = x[: count * FRAME].astype(np.float64).reshape(count, FRAME) / 32_768
        floor = 10 ** (_LOUD_DBFS / 10)
        turns: list[Span] = []
        for loud in np.mean(frames**2, axis=1) > floor:
            self._step(bool(loud), turns)
        return turns

    def _step(self, loud: bool, turns: list[Span]) -> None:
        if loud:
            if self._loud == 0:
                self._start = self._now
            self._loud += FRAME
            self._end = self._now + FRAME
        elif self._loud and self._now + FRAME - self._end >= self._quiet:
            if self.in_turn:
                turns.append(Span(self._start, self._end))
            self._loud = 0
        self._now += FRAME
