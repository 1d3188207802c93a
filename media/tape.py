"""The last seconds of a voice, addressed by sample time."""

from __future__ import annotations

import numpy as np

from media.audio import Pcm, Samples, Span


class Tape:
    """Samples from `start` to `end`, appended at one side, forgotten at the other."""

    def __init__(self) -> None:
        self._buffer: Pcm = np.zeros(1 << 16, np.int16)
        self._first: Samples = 0  # the place of the buffer's first sample
        self.start: Samples = 0
        self.end: Samples = 0

    def feed(self, pcm: Pcm) -> None:
        """Append samples; memory is bounded by what is between `forget` and here."""
        end = self.end + len(pcm)
        if end - self._first > len(self._buffer):
            kept = self.read(Span(self.start, self.end))
            self._buffer = np.zeros(max(len(self._buffer), 2 * (end - self.start)), np.int16)
            self._buffer[: len(kept)] = kept
            self._first = self.start
        self._buffer[self.end - self._first : end - self._first] = pcm
        self.end = end

    def read(self, span: Span) -> Pcm:
        """Return a copy of the samples of `span`, as far as they are still here."""
        start, end = max(span.start, self.start), max(min(span.end, self.end), self.start)
        return self._buffer[start - self._first : end - self._first].copy()

    def forget(self, before: Samples) -> None:
        """Drop what lies before a place."""
        before = min(before, self.end)
        if before > self.start:
            self._buffer[self.start - self._first : before - self._first] = 0
            self.start = before
