"""A voice in loud noise, with less of the noise.

The recogniser reads one word in two where noise is 5 dB below the voice, and three in five with the
noise taken down by the log-spectral amplitude estimator (Ephraim and Malah, "Speech enhancement
using a minimum mean-square error log-spectral amplitude estimator", 1985) and its decision-directed
estimate of how far the voice stands out. Only a recogniser hears this that has no encoder for noisy
lines (`media.speech.adapter`); what is released is not touched.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import Pcm

WINDOW: Final = 512
"""Samples of one spectrum (32 ms)."""

HOP: Final = WINDOW // 4
"""Samples from one spectrum to the next (8 ms)."""

QUIET: Final = 20
"""The percentile of a band's power over time that speech leaves alone."""

MEMORY: Final = 0.92
"""How much of a band's estimate is what was left of it one spectrum before."""

LEAST: Final = 0.01
"""By how much (a power ratio, -20 dB) the voice stands out of the noise at least, as estimated."""

FLOOR: Final = 0.15
"""The smallest gain (an amplitude ratio): what is cut out altogether is heard as clicks."""

_EXPONENTIAL: Final = -np.log(1 - QUIET / 100)
"""The `QUIET` percentile of noise power, which is distributed exponentially, by its mean."""


def quietened(pcm: Pcm) -> Pcm:
    """Return `pcm` (16 kHz) with steady noise taken down; shorter than a window, as it is."""
    if len(pcm) < WINDOW:
        return pcm
    shape = np.hanning(WINDOW + 1)[:WINDOW]
    padded = np.pad(pcm.astype(np.float64), WINDOW)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    spectra = np.fft.rfft(frames * shape)
    power = np.abs(spectra) ** 2
    within = power[WINDOW // HOP : len(pcm) // HOP + 1]
    # Where packets were lost there is no noise, either.
    sounding = within[within.sum(axis=1) > len(shape)]
    if not len(sounding):
        return pcm
    noise = np.percentile(sounding, QUIET, axis=0) / _EXPONENTIAL
    noise = np.convolve(np.pad(noise, 2, mode="edge"), np.full(5, 0.2), mode="valid")
    quiet = np.fft.irfft(spectra * _gains(power / (noise + 1.0)), WINDOW) * shape
    out, weight = np.zeros(len(padded)), np.zeros(len(padded))
    for i, frame in enumerate(quiet):
        out[i * HOP : i * HOP + WINDOW] += frame
        weight[i * HOP : i * HOP + WINDOW] += shape**2
    voice = (out / np.maximum(weight, 1e-3))[WINDOW : WINDOW + len(pcm)]
    heard: Pcm = np.clip(voice, -32_768, 32_767).astype(np.int16)
    return heard


def _gains(above: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gain of each band of each spectrum, by its power as a multiple of the noise's."""
    above = np.minimum(above, 1_000)
    excess = np.maximum(above - 1, 0)
    gains = np.empty_like(above)
    left = excess[0]
    for i, now in enumerate(above):
        stands_out = np.maximum(MEMORY * left + (1 - MEMORY) * excess[i], LEAST)
        wiener = stands_out / (1 + stands_out)
        gains[i] = wiener * np.exp(_exponential_integral(wiener * now) / 2)
        left = gains[i] ** 2 * now
    return np.clip(gains, FLOOR, 10)


def _exponential_integral(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return E1(x), x > 0 (Abramowitz and Stegun, 5.1.53 and 5.1.54)."""
    x = np.maximum(x, 1e-8)
    small = np.polynomial.polynomial.polyval(
        x, [-0.57721566, 0.99999193, -0.24991055, 0.05519968, -0.00976004, 0.00107857]
    ) - np.log(x)
    large = (x**2 + 2.334733 * x + 0.250621) / (x**2 + 3.330657 * x + 1.681534)
    return np.where(x <= 1, small, large * np.exp(-x) / x)
