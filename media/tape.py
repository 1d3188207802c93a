"""The last seconds of a voice, addressed by sample time."""

from __future__ import annotations

import numpy as np

from media.audio import Pcm, Samples, Span


class Tape:
    """Samples from `start` to `end`, appended at one side, forgotten at the other."""

    def __init__(self) -> None:
        self._buffer: Pcm = np.zeros(1 << 16, np.int16)
        self._offset = 0
        self.start: Samples = 0
        self.end: Samples = 0

    def feed(self, pcm: Pcm) -> None:
        """Append samples; memory is bounded by what is between `forget` and here."""
        size = self.end - self.start
        if self._offset + size + len(pcm) > len(self._buffer):
            room = max(len(self._buffer), 2 * (size + len(pcm)))
            fresh: Pcm = np.zeros(room, np.int16)
            fresh[:size] = self._buffer[self._offset : self._offset + size]
            self._buffer, self._offset = fresh, 0
        at = self._offset + size
        self._buffer[at : at + len(pcm)] = pcm
        self.end += len(pcm)

    def read(self, span: Span) -> Pcm:
        """Return a copy of the samples of `span`, as far as they are still here."""
        first = self._offset + max(span.start, self.start) - self.start
        last = self._offset + max(min(span.end, self.end), self.start) - self.start
        return self._buffer[first:last].copy()

    def forget(self, before: Samples) -> None:
        """Drop what lies before a place."""
        drop = min(max(0, before - self.start), self.end - self.start)
        self._buffer[self._offset : self._offset + drop] = 0
        self._offset += drop
        self.start += drop
