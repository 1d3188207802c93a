"""A plain detector to compare with: the colour of a voice and how it moves, parted by a plane.

Linear-frequency cepstra with their deltas (Sahidullah et al., 2015), their means and deviations,
and Fisher's linear discriminant. It is what a newcomer would try first, and it runs everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import Pcm

SIZE: Final = 512
"""Samples of a frame: 32 ms."""

HOP: Final = 160
BANDS: Final = 32
"""Of 125 Hz each: up to 4 kHz, which every line passes."""

KEPT: Final = 20
"""Cepstra."""

Vector = NDArray[np.float64]


def spectra(speech: Pcm) -> Vector:
    """Return what 16 kHz speech sounds like, a vector of 4 × `KEPT`."""
    frames = np.lib.stride_tricks.sliding_window_view(speech / 32_768, SIZE)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(SIZE), axis=1)) ** 2
    bands = power[:, : SIZE // 4].reshape(len(power), BANDS, -1).mean(axis=2)
    turns = np.cos(np.pi / BANDS * np.outer(np.arange(KEPT), np.arange(BANDS) + 0.5))
    cepstra = np.log(bands + 1e-10) @ turns.T
    moves = np.diff(cepstra, axis=0)
    parts = [cepstra.mean(0), cepstra.std(0), moves.std(0), np.abs(moves).mean(0)]
    return np.concatenate(parts)


class Plain:
    """Fisher's discriminant between people and synthetic voices; called, it gives a score."""

    def __init__(self, vectors: Sequence[Vector], human: Sequence[bool]) -> None:
        there = np.stack(vectors)
        people = np.asarray(human)
        self._centre, self._spread = there.mean(0), there.std(0) + 1e-9
        scaled = (there - self._centre) / self._spread
        within = np.cov(scaled[people].T) + np.cov(scaled[~people].T)
        even = 0.1 * np.trace(within) / len(within) + 1e-9
        ridge = within + even * np.eye(len(within))
        self._plane = np.linalg.solve(ridge, scaled[~people].mean(0) - scaled[people].mean(0))

    def __call__(self, vector: Vector) -> float:
        """Score what `spectra` gave."""
        return float((vector - self._centre) / self._spread @ self._plane)
