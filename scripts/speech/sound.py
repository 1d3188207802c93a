"""Levels, rates and files."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples per second of fixtures, unless one says otherwise."""

SPEECH_DBFS: Final = -23.0
"""RMS of the stretches that are speech."""

PEAK_DBFS: Final = -3.0

Pcm = NDArray[np.int16]


def levelled(pcm: NDArray[np.float32], rate_in: int, rate_out: int) -> Pcm:
    """Resample, then bring the speech to `SPEECH_DBFS`, or less where its peak would pass."""
    sound = soxr.resample(pcm, rate_in, rate_out, quality="VHQ")
    gain = 10 ** (SPEECH_DBFS / 20) / active_rms(sound, rate_out)
    gain = min(gain, 10 ** (PEAK_DBFS / 20) / float(np.abs(sound).max()))
    out: Pcm = np.round(sound * gain * 32_767).astype(np.int16)
    return out


def active_rms(sound: NDArray[np.float32], rate: int) -> float:
    """Return the RMS over the 20 ms frames within 35 dB of the loudest."""
    frame = rate // 50
    power = (sound[: len(sound) // frame * frame].reshape(-1, frame).astype(np.float64) ** 2).mean(
        axis=1
    )
    return float(np.sqrt(power[power > power.max() * 10**-3.5].mean()))


def silence(seconds: float, rate: int = RATE) -> Pcm:
    """Return that much digital silence."""
    return np.zeros(round(seconds * rate), np.int16)


def write_wav(path: Path, pcm: Pcm, rate: int = RATE) -> None:
    """Write 16-bit samples, shape (n,) for mono or (n, channels)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if pcm.ndim == 1 else pcm.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.ascontiguousarray(pcm, "<i2").tobytes())
