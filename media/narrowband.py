"""Between 16 kHz PCM and that of the telephone at 8 kHz, as streams that keep their place in time.

A 63-tap half-band filter (Kaiser window, 60 dB, pass band to 3.5 kHz; F. J. Harris, "Multirate
Signal Processing", 2004, chapter 8) looks 2 ms ahead and shifts nothing: output sample k is input
sample 2k, or the other way round. `media.audio.Resampler` is for recordings and other ratios: it
works in blocks, which would hold up to 100 ms of a live stream back.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import Pcm, ulaw_decode, ulaw_encode

ULAW_RATE: Final = 8_000
"""Samples, and bytes, per second of G.711."""

_PAST: Final = 16  # taps on the 8 kHz grid before the sample asked for
_AHEAD: Final = 15  # and after it


def _half_band() -> NDArray[np.float32]:
    """Return the taps at odd distances from the centre; the centre is 1/2, the others are 0."""
    reach = 2 * _AHEAD + 1
    n = np.arange(-reach, reach + 1)
    taps = (0.5 * np.sinc(n / 2) * np.kaiser(n.size, 5.65))[::2]
    whole: NDArray[np.float32] = (taps * (0.5 / taps.sum())).astype(np.float32)
    return whole


_TAPS: Final = _half_band()


def _to_int16(x: NDArray[np.float32]) -> Pcm:
    return np.clip(np.rint(x), -32_768, 32_767).astype(np.int16)


class Halver:
    """Turn a 16 kHz int16 stream into one at 8 kHz; sample k is input sample 2k."""

    def __init__(self) -> None:
        self._pending: Pcm = np.zeros(2 * _PAST, np.int16)

    def __call__(self, pcm: Pcm) -> Pcm:
        """Feed samples of any count, return what is ready: all but the last 2 ms."""
        x = np.concatenate((self._pending, pcm))
        pairs = x.size // 2
        ready = pairs - _PAST - _AHEAD
        if ready <= 0:
            self._pending = x
            return np.zeros(0, np.int16)
        self._pending = x[2 * ready :]
        even = x[2 * _PAST : 2 * (_PAST + ready) : 2]
        odd = x[1 : 2 * pairs : 2].astype(np.float32)
        return _to_int16(0.5 * even + np.convolve(odd, _TAPS, "valid"))

    def flush(self) -> Pcm:
        """Return the last samples and start anew."""
        tail = self(np.zeros(2 * _AHEAD + self._pending.size % 2, np.int16))
        self._pending = np.zeros(2 * _PAST, np.int16)
        return tail


class Doubler:
    """Turn an 8 kHz int16 stream into one at 16 kHz; sample 2k is input sample k."""

    def __init__(self) -> None:
        self._pending: Pcm = np.zeros(_AHEAD, np.int16)

    def __call__(self, pcm: Pcm) -> Pcm:
        """Feed samples of any count, return what is ready: all but the last 2 ms."""
        x = np.concatenate((self._pending, pcm))
        ready = x.size - _PAST - _AHEAD
        if ready <= 0:
            self._pending = x
            return np.zeros(0, np.int16)
        self._pending = x[ready:]
        double = np.empty(2 * ready, np.int16)
        double[::2] = x[_AHEAD : _AHEAD + ready]
        double[1::2] = _to_int16(2 * np.convolve(x.astype(np.float32), _TAPS, "valid"))
        return double

    def flush(self) -> Pcm:
        """Return the last samples and start anew."""
        tail = self(np.zeros(_PAST, np.int16))
        self._pending = np.zeros(_AHEAD, np.int16)
        return tail


LATE: Final = 2 * _PAST
"""By so many samples at 16 kHz a stream is late (2 ms) that begins with this much silence.

It gives as much as it is fed from then on.
"""


class UlawEncoder:
    """Turn a 16 kHz int16 stream into µ-law bytes at 8 kHz; byte k is input sample 2k."""

    def __init__(self) -> None:
        self._halve = Halver()

    def __call__(self, pcm: Pcm) -> bytes:
        """Feed samples of any count, return what is ready: all but the last 2 ms."""
        return ulaw_encode(self._halve(pcm))

    def flush(self) -> bytes:
        """Return the last bytes and start anew."""
        return ulaw_encode(self._halve.flush())


class UlawDecoder:
    """Turn µ-law bytes at 8 kHz into a 16 kHz int16 stream; sample 2k is input byte k."""

    def __init__(self) -> None:
        self._double = Doubler()

    def __call__(self, data: bytes) -> Pcm:
        """Feed bytes of any count, return what is ready: all but the last 2 ms."""
        return self._double(ulaw_decode(data))

    def flush(self) -> Pcm:
        """Return the last samples and start anew."""
        return self._double.flush()
