"""What a bad line does to clear speech: noise of many colours, and a narrow band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from windows import Window

from media.audio import RATE, Pcm, Resampler, ulaw_decode, ulaw_encode

Sound = NDArray[np.float64]

NARROW_SHARE: Final = 0.85
CLEAR_SHARE: Final = 0.1
"""Of windows that are heard over a telephone's band and µ-law, and of those without noise."""

SNR_DB: Final = (0.0, 20.0)
"""How far speech stands above noise, over where it sounds."""

KINDS: Final = {"white": 0.55, "coloured": 0.13, "brown": 0.08, "babble": 0.16, "hum": 0.08}
"""Kind of noise → its share."""


def spoilt(pcm: Pcm, rng: np.random.Generator, others: Sequence[Window]) -> Pcm:
    """Return speech (16 kHz) as a line drawn by `rng` would have it; `others` babble."""
    narrow, clear = rng.random() < NARROW_SHARE, rng.random() < CLEAR_SHARE
    heard = pcm.astype(np.float64)
    if not clear:
        active = heard[np.abs(heard) > np.abs(heard).max() * 0.02]
        power = float(np.mean(active**2)) if len(active) else 1.0
        heard = heard + _noise(len(pcm), rng, others, narrow) * np.sqrt(
            power / 10 ** (rng.uniform(*SNR_DB) / 10)
        )
    return _line(heard, narrow)


def noise_alone(count: int, rng: np.random.Generator, others: Sequence[Window]) -> Pcm:
    """Return as many samples of noise with nobody speaking."""
    narrow = rng.random() < NARROW_SHARE
    return _line(_noise(count, rng, others, narrow) * 10 ** rng.uniform(1.5, 3.25), narrow)


def _line(sound: Sound, narrow: bool) -> Pcm:
    pcm: Pcm = np.clip(sound, -32_768, 32_767).astype(np.int16)
    if not narrow:
        return pcm
    coded = ulaw_decode(ulaw_encode(Resampler(RATE, 8_000)(pcm, last=True)))
    wide = Resampler(8_000, RATE)(coded, last=True)
    return np.pad(wide, (0, max(0, len(pcm) - len(wide))))[: len(pcm)]


def _noise(count: int, rng: np.random.Generator, others: Sequence[Window], narrow: bool) -> Sound:
    """Return noise of power 1; a narrow band will take up to half of it, which is made up for."""
    kind = rng.choice(list(KINDS), p=list(KINDS.values()))
    if kind == "babble":
        drawn = [others[int(i)].pcm for i in rng.integers(len(others), size=rng.integers(3, 9))]
        sound = sum(
            (_unit(np.resize(np.roll(pcm, int(rng.integers(len(pcm)))), count)) for pcm in drawn),
            np.zeros(count),
        )
    elif kind == "hum":
        tone = rng.choice([50, 60, 100, 120]) * 2 * np.pi * np.arange(count) / RATE
        sound = rng.normal(0, 0.2, count)
        for harmonic in range(1, 20):
            size = rng.uniform(0, 1) / np.sqrt(harmonic)
            sound = sound + size * np.sin(harmonic * tone + rng.uniform(0, 2 * np.pi))
    else:
        slope = {"white": 0.0, "brown": 2.0}.get(kind, float(rng.uniform(0.5, 1.5)))
        spectrum = np.fft.rfft(rng.normal(size=count))
        above = np.maximum(np.arange(len(spectrum)), count * 60 / RATE)  # flat below 60 Hz
        sound = np.fft.irfft(spectrum * above ** (-slope / 2), count)
    return _unit(sound) * (rng.uniform(1, np.sqrt(2)) if narrow else 1.0)


def _unit(sound: NDArray[np.float64] | Pcm) -> Sound:
    return sound / (float(np.std(sound)) + 1e-9)
