"""From timestamped chunks of a lossy stream to contiguous samples at `RATE`.

It repairs time, not sound: what is missing becomes silence, what comes twice is dropped.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Resampler, Samples, Seconds

LONGEST_GAP_S: Final[Seconds] = 2.0
"""A longer jump of the timestamps is a new clock, not loss: it is not filled."""

_WRAP: Final = 1 << 32


class Timeline:
    """Join the chunks of one stream: downmix, fill gaps, convert to mono 16 kHz."""

    def __init__(self) -> None:
        self._rate = 0
        self._resample = Resampler(RATE, RATE)
        self._expected: int | None = None
        self.filled: Samples = 0
        """Samples at `RATE` of silence put in for what did not come."""

    def feed(self, chunk: NDArray[np.int16], timestamp: int, *, rate: int, clock: int) -> Pcm:
        """Take the next chunk and return what is ready.

        Args:
            chunk: int16 samples of shape (n,) or (n, channels) at `rate` Hz.
            timestamp: of the chunk's first sample, in ticks of `clock` Hz, modulo 2**32 or not.
            rate: samples per second of the chunk.
            clock: ticks per second of the timestamps (RFC 3551: 8000 for G.722, although
                its rate is 16000).
        """
        mono = downmix(chunk)
        head = self._change_rate(rate)
        gap = self._gap(timestamp, rate, clock)
        if gap < 0:  # heard before, at least its beginning
            mono = mono[-gap:]
            if len(mono) == 0:
                return head
            timestamp += -gap * clock // rate
        elif gap > 0:
            self.filled += gap * RATE // rate
            mono = np.concatenate((np.zeros(gap, np.int16), mono))
        self._expected = timestamp + (len(mono) - max(gap, 0)) * clock // rate
        body = self._resample(mono)
        return body if len(head) == 0 else np.concatenate((head, body))

    def _change_rate(self, rate: int) -> Pcm:
        if rate == self._rate:
            return np.zeros(0, np.int16)
        tail = self._resample(np.zeros(0, np.int16), last=True)
        self._rate, self._resample = rate, Resampler(rate, RATE)
        return tail

    def _gap(self, timestamp: int, rate: int, clock: int) -> Samples:
        """Return the samples at `rate` missing before the chunk; negative when it overlaps."""
        if self._expected is None:
            return 0
        ticks = (timestamp - self._expected + _WRAP // 2) % _WRAP - _WRAP // 2
        gap = ticks * rate // clock
        return 0 if abs(gap) > LONGEST_GAP_S * rate else gap


def downmix(chunk: NDArray[np.int16]) -> Pcm:
    """Return the mean of the channels of int16 samples of shape (n,) or (n, channels)."""
    if chunk.ndim == 1:
        return chunk
    if chunk.shape[1] == 1:
        return chunk[:, 0]
    mean: Pcm = (chunk.sum(axis=1, dtype=np.int32) // chunk.shape[1]).astype(np.int16)
    return mean
