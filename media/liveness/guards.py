"""What cannot be one voice on a usable line, told without a model.

Measured on 1,600 windows of 4 s of people and synthetic voices over four channels, none of which is
stopped here: their crest factor is 12.5 dB and more, at most 0.5 % of their samples come near their
peak, at most 23 % of their spectra stand for 200 ms, at most 29 % are one or two lines, and 4 % at
least have the pitch of a voice.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import FRAME, RATE, Pcm
from media.onset import PERIODIC, PERIODS

CREST_DB: Final = 11.5
"""Peak over RMS below which the peaks were cut; speech clipped at 6 dB has 10 after a codec."""

LONG: Final = 2 * RATE
"""Samples from which on clipping shows: a second of speech may have no high peaks."""

NEAR: Final = 0.01
"""Share of the samples that are within 1 dB of the peak; more are only where it is flat."""

STANDING: Final = 0.3
"""Share of the spectra that still stand after 200 ms: of music, all do."""

FLOOR: Final = 10**-2.5
"""Power against the strongest line below which a spectrum is the line's noise."""

PURE: Final = 0.35
"""Share of the spectra that are one or two lines."""

PITCHED: Final = 0.03
"""Share of the spectra that have the pitch of a voice, at least."""

_BLOCK: Final = 1024
_HOP: Final = 2 * FRAME
_LAG: Final = RATE // 5 // _HOP
_LOW, _HIGH = (round(hz * _BLOCK / RATE) for hz in (190, 3_750))
_WINDOW: Final = np.hanning(_BLOCK).astype(np.float32)


def unfit(speech: Pcm) -> str:
    """Tell why speech (16 kHz, pauses taken out) is not fit to be judged; empty if it is."""
    sound = speech.astype(np.float32)
    peak = float(np.abs(sound).max(initial=0.0))
    rms = float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0
    if rms == 0.0:
        return "no speech"
    power = _spectra(sound)
    if _standing(power) > STANDING or _pure(power) > PURE:
        return "tones"
    if _pitched(power) < PITCHED:
        return "no voice"
    if len(sound) < LONG:
        return ""
    flat = 20 * np.log10(peak / rms) < CREST_DB or np.mean(np.abs(sound) > 0.89 * peak) > NEAR
    return "clipped" if flat else ""


def _spectra(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return power spectra of the telephone band, 64 ms each, every 40 ms."""
    padded = np.pad(sound, (0, max(0, _BLOCK - len(sound))))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK)[::_HOP]
    power: NDArray[np.float32] = np.abs(np.fft.rfft(blocks * _WINDOW)[:, _LOW:_HIGH]) ** 2 + 1
    return power


def _standing(power: NDArray[np.float32]) -> float:
    """Return the share of spectra that are the same as 200 ms before, but for loudness."""
    if len(power) <= _LAG:
        return 0.0
    shape = np.log(np.maximum(power, power.max(axis=1, keepdims=True) * FLOOR))
    shape -= shape.mean(axis=1, keepdims=True)
    shape /= np.linalg.norm(shape, axis=1, keepdims=True) + 1e-9
    return float(np.mean(np.sum(shape[_LAG:] * shape[:-_LAG], axis=1) > 0.8))


def _pure(power: NDArray[np.float32]) -> float:
    """Return the share of spectra with 90 % of their power in two lines above 350 Hz."""
    left = power.copy()
    rows = np.arange(len(left))[:, None]
    lowest = round(350 * _BLOCK / RATE) - _LOW
    first = left.argmax(axis=1)
    for _ in range(2):
        top = np.clip(left.argmax(axis=1)[:, None] + np.arange(-2, 3), 0, left.shape[1] - 1)
        left[rows, top] = 0
    pure = left.sum(axis=1) <= 0.1 * power.sum(axis=1)
    return float(np.mean(pure & (first >= lowest)))


def _pitched(power: NDArray[np.float32]) -> float:
    """Return the share of spectra whose correlation has a clear top at a period of a voice."""
    whole = np.zeros((len(power), _BLOCK // 2 + 1), np.float32)
    whole[:, _LOW:_HIGH] = power
    same = np.fft.irfft(whole)[:, : PERIODS[1]]
    return float(np.mean(same[:, PERIODS[0] :].max(axis=1) > PERIODIC * same[:, 0]))
