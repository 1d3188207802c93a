"""PCM and sample time.

Everything inside is mono, 16 kHz, signed 16-bit. A position in a call is a sample count from the
call's first sample; a stretch of it is a half-open `Span`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples per second of everything inside."""

FRAME: Final = RATE // 50
"""Samples of one 20 ms frame."""

Pcm = NDArray[np.int16]
"""Mono samples at `RATE` unless a name says otherwise."""

Samples = int
Seconds = float


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of sample time: `start` included, `end` not."""

    start: Samples
    end: Samples

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a sample."""
        return self.start < other.end and other.start < self.end


def seconds(count: Samples) -> Seconds:
    """Turn a sample count into seconds."""
    return count / RATE


def samples(duration: Seconds) -> Samples:
    """Turn seconds into the nearest sample count."""
    return round(duration * RATE)


class Resampler:
    """Convert a mono int16 stream from one rate to another, keeping state between chunks.

    It computes in float: on integers soxr adds random dither, and no call could be replayed.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._stream = (
            None
            if rate_in == rate_out
            else soxr.ResampleStream(rate_in, rate_out, 1, dtype="float32", quality="HQ")
        )

    def __call__(self, pcm: Pcm, *, last: bool = False) -> Pcm:
        """Feed a chunk, return what is ready; `last` flushes the filter's tail."""
        if self._stream is None:
            return pcm
        out = self._stream.resample_chunk(pcm.astype(np.float32), last=last)
        rounded: Pcm = np.round(np.clip(out, -32_768, 32_767)).astype(np.int16)
        return rounded


# ITU-T G.711 µ-law: 14-bit magnitude, bias 33 (here scaled to 16 bits, 132), eight segments.
_BIAS: Final = 132
_CLIP: Final = 32_635


def _decode_table() -> Pcm:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = (code >> 4) & 0x07
    mantissa = (code & 0x0F).astype(np.int32)
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encode_table() -> NDArray[np.uint8]:
    pcm = np.arange(-32_768, 32_768, dtype=np.int32)
    magnitude = np.minimum(np.abs(pcm), _CLIP) + _BIAS
    exponent = np.clip(np.floor(np.log2(magnitude)).astype(np.int32) - 7, 0, 7)
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(pcm < 0, 0x80, 0)
    codes: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return codes


_DECODE: Final = _decode_table()
_ENCODE: Final = _encode_table()


def ulaw_encode(pcm: Pcm) -> bytes:
    """Encode int16 samples of any rate as ITU-T G.711 µ-law, one byte a sample."""
    return _ENCODE[pcm.astype(np.int32) + 32_768].tobytes()


def ulaw_decode(data: bytes) -> Pcm:
    """Decode ITU-T G.711 µ-law bytes to int16 samples of the same rate."""
    pcm: Pcm = _DECODE[np.frombuffer(data, dtype=np.uint8)]
    return pcm


# ITU-T G.711 A-law: 13-bit magnitude (here scaled to 16 bits), eight segments, every other bit
# turned round.
def _alaw_decode_table() -> Pcm:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 0x07, (code & 0x0F) << 4
    magnitude = np.where(
        exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0)
    )
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _alaw_encode_table() -> NDArray[np.uint8]:
    pcm = np.arange(-32_768, 32_768, dtype=np.int32)
    magnitude = np.where(pcm < 0, ~pcm, pcm)
    exponent = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 7, 0)
    mantissa = (magnitude >> (np.maximum(exponent, 1) + 3)) & 0x0F
    sign = np.where(pcm < 0, 0, 0x80)
    codes: NDArray[np.uint8] = ((sign | (exponent << 4) | mantissa) ^ 0x55).astype(np.uint8)
    return codes


_ALAW_DECODE: Final = _alaw_decode_table()
_ALAW_ENCODE: Final = _alaw_encode_table()


def alaw_encode(pcm: Pcm) -> bytes:
    """Encode int16 samples of any rate as ITU-T G.711 A-law, one byte a sample."""
    return _ALAW_ENCODE[pcm.astype(np.int32) + 32_768].tobytes()


def alaw_decode(data: bytes) -> Pcm:
    """Decode ITU-T G.711 A-law bytes to int16 samples of the same rate."""
    pcm: Pcm = _ALAW_DECODE[np.frombuffer(data, dtype=np.uint8)]
    return pcm


def from_float(samples: NDArray[np.float32]) -> Pcm:
    """Turn finite samples in [-1, 1] into int16; excess is clipped."""
    return np.round(np.clip(samples, -1.0, 1.0) * 32_767).astype(np.int16)


def centred(pcm: Pcm) -> Pcm:
    """Take a constant offset out of int16 samples of any rate; what is measured must not see it."""
    if not len(pcm):
        return pcm
    shifted = pcm.astype(np.int32) - round(float(np.mean(pcm)))
    return np.clip(shifted, -32_768, 32_767).astype(np.int16)


class ChannelsResampler:
    """Bring a recording's channels to `RATE`: arrays of shape (channels, n) in and out."""

    def __init__(self, count: int, rate: int) -> None:
        self._each = [Resampler(rate, RATE) for _ in range(count)]
        self._count = count

    def __call__(self, pcm: Pcm | None) -> Pcm:
        """Feed a chunk, or None to flush."""
        last = pcm is None
        rows = np.zeros((self._count, 0), np.int16) if pcm is None else pcm
        return np.stack([r(row, last=last) for r, row in zip(self._each, rows, strict=True)])


def level_dbfs(pcm: Pcm) -> float:
    """Return the RMS level against full scale in dB; -120 for silence."""
    if not len(pcm):
        return -120.0
    power = float(np.mean(pcm.astype(np.float64) ** 2)) / 32_768**2
    return 10 * float(np.log10(power + 1e-12))
