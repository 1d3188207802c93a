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

AUDIBLE_DB: Final = 45.0
"""What is further below the loudest 5 ms of speech is silence."""

Pcm = NDArray[np.int16]


def levelled(pcm: NDArray[np.float32], rate_in: int, rate_out: int) -> Pcm:
    """Resample, then bring the speech to `SPEECH_DBFS`, or less where its peak would pass."""
    sound = soxr.resample(pcm, rate_in, rate_out, quality="VHQ")
    gain = 10 ** (SPEECH_DBFS / 20) / active_rms(sound, rate_out)
    gain = min(gain, 10 ** (PEAK_DBFS / 20) / float(np.abs(sound).max()))
    out: Pcm = np.round(sound * gain * 32_767).astype(np.int16)
    return out


def trimmed(
    sound: NDArray[np.float32], rate: int, *, lead: float = 0.0, tail: float = 0.0
) -> NDArray[np.float32]:
    """Cut the silence around speech, but for `lead` and `tail` seconds."""
    hop = rate // 200
    power = (sound[: len(sound) // hop * hop].reshape(-1, hop).astype(np.float64) ** 2).mean(axis=1)
    heard = np.flatnonzero(power > power.max() * 10 ** (-AUDIBLE_DB / 10))
    begin = max(0, heard[0] * hop - round(lead * rate))
    return sound[begin : (heard[-1] + 1) * hop + round(tail * rate)]


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
