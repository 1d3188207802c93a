"""Dialled keys for `hushgate bench dtmf`: what ITU-T Q.23 and Q.24 let a telephone send.

Each sequence has one level, twist, frequency error and duration, as one telephone has, and goes
through one channel. Levels: 0 dBm0 is 6.2 dB RMS below full scale (ITU-T G.711, table 1a).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Span, samples
from media.channel import Channel, clean, g711
from media.dtmf import HIGH, KEYS, LOW

LOUDEST_DBM0, SOFTEST_DBM0 = 0.0, -25.0
DBM0_DBFS: Final = -6.2
TWIST_DB: Final = (-8.0, 4.0)
"""The high tone against the low one (Q.24, annex A)."""

OFF: Final = 0.015
DURATION_S: Final = (0.04, 0.15)
PAUSE_S: Final = (0.04, 0.15)
SNR_DB: Final = 15.0
IN_A_ROW: Final = 10
AROUND_S: Final = 0.3


def noisy(pcm: Pcm, rng: np.random.Generator) -> Pcm:
    """Add white noise over the whole band, `SNR_DB` below what sounds."""
    sounding = pcm[pcm != 0].astype(np.float64)
    rms = np.sqrt(np.mean(sounding**2) / 10 ** (SNR_DB / 10))
    return np.clip(np.round(pcm + rng.normal(0, rms, len(pcm))), -32_768, 32_767).astype(np.int16)


CHANNELS: Final[dict[str, Channel]] = {
    "clean": clean,
    "noise_15db": noisy,
    "g711": g711,
    "g711_noise_15db": lambda pcm, rng: g711(pcm, rng, snr_db=SNR_DB),
}


@dataclass(frozen=True, slots=True)
class Press:
    """A key, and where its tones sound."""

    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Dialled:
    """A sequence of keys as it is heard behind a channel."""

    channel: str
    pcm: Pcm
    presses: tuple[Press, ...]


def dialled(digits: int, seed: int) -> Iterator[Dialled]:
    """Yield sequences with `digits` keys in all, the channels in turn."""
    rng = np.random.default_rng(seed)
    for number, first in enumerate(range(0, digits, IN_A_ROW)):
        name = list(CHANNELS)[number % len(CHANNELS)]
        pcm, presses = _sequence(min(IN_A_ROW, digits - first), rng)
        yield Dialled(name, CHANNELS[name](pcm, rng), presses)


def _sequence(count: int, rng: np.random.Generator) -> tuple[Pcm, tuple[Press, ...]]:
    twist = rng.uniform(*TWIST_DB)
    stronger = rng.uniform(SOFTEST_DBM0 + abs(twist), LOUDEST_DBM0) + DBM0_DBFS
    low_dbfs, high_dbfs = stronger - max(twist, 0), stronger + min(twist, 0)
    off_low, off_high = 1 + rng.uniform(-OFF, OFF, 2)
    long = samples(rng.uniform(*DURATION_S))
    parts = [np.zeros(samples(AROUND_S) + int(rng.integers(0, 320)), np.float64)]
    presses: list[Press] = []
    for _ in range(count):
        row, column = rng.integers(0, 4, 2)
        at = sum(map(len, parts))
        tones = _tone(LOW[row] * off_low, low_dbfs, long, rng)
        parts.append(tones + _tone(HIGH[column] * off_high, high_dbfs, long, rng))
        parts.append(np.zeros(samples(rng.uniform(*PAUSE_S))))
        presses.append(Press(KEYS[row][column], Span(at, at + long)))
    parts.append(np.zeros(samples(AROUND_S)))
    whole = np.round(np.clip(np.concatenate(parts), -32_768, 32_767)).astype(np.int16)
    return whole, tuple(presses)


def _tone(hz: float, dbfs: float, long: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a sine of an RMS against full scale, from any phase."""
    phase = 2 * np.pi * (hz / RATE * np.arange(long) + rng.random())
    sine: NDArray[np.float64] = 32_768 * 10 ** (dbfs / 20) * np.sqrt(2) * np.sin(phase)
    return sine
