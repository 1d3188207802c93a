"""Sounds that the tests speak with; no sample of a voice is zero, so what is silenced shows."""

from pathlib import Path

import numpy as np

from gateway.recordings import Recording
from media.audio import FRAME, RATE, Pcm, Samples

BREATH = 60 * FRAME
"""How often (1.2 s) a voice dips: one that never does is noise to the detector."""


def ms(duration: float) -> Samples:
    """Return milliseconds as a sample count."""
    return round(RATE * duration / 1_000)


def silence(count: Samples) -> Pcm:
    return np.zeros(count, np.int16)


def voice(count: Samples, pitch: float = 120) -> Pcm:
    """Return a vowel: harmonics of `pitch` under three formants. The VAD takes it for speech.

    Each `BREATH` of it begins with 40 ms that are 20 dB softer.
    """
    time = np.arange(count) / RATE
    sound = np.zeros(count)
    for harmonic in pitch * np.arange(1, 30):
        formants = ((700, 120, 1.0), (1_200, 150, 0.6), (2_600, 200, 0.3))
        gain = 0.02 + sum(a / (1 + ((harmonic - f) / w) ** 2) for f, w, a in formants)
        sound += gain * np.sin(2 * np.pi * harmonic * time)
    sound *= np.where(np.arange(count) % BREATH < 2 * FRAME, 0.1, 1.0)
    pcm = np.round(6_000 * sound / max(1e-9, np.abs(sound).max(initial=0))).astype(np.int16)
    pcm[pcm == 0] = 1
    return pcm


def noise(count: Samples, rms: float, seed: int = 1) -> Pcm:
    sound = rms * np.random.default_rng(seed).standard_normal(count)
    return np.clip(np.round(sound), -32_768, 32_767).astype(np.int16)


def tone(count: Samples, hz: float, dbfs: float) -> Pcm:
    """Return a sine whose RMS is `dbfs` against full scale (a full-scale sine has -3)."""
    peak = 32_768 * 10 ** (dbfs / 20) * np.sqrt(2)
    return np.clip(
        np.round(peak * np.sin(2 * np.pi * hz * np.arange(count) / RATE)), -32_768, 32_767
    ).astype(np.int16)


def chunks(pcm: Pcm, size: Samples = FRAME) -> list[Pcm]:
    return [pcm[i : i + size] for i in range(0, len(pcm), size)]


def read(path: Path) -> Pcm:
    """Return a recording's first channel, 16 kHz."""
    return np.concatenate([chunk[0] for chunk in Recording(path).chunks()])
