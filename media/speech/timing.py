"""Word times that hold in the audio.

Attention gives word boundaries that err by 50 to 250 ms. Speech dips in energy between most words,
so a boundary is moved to the quietest place near it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Samples, Span
from media.entities.types import Word

STEP: Final = RATE // 100
"""Samples of one energy value (10 ms)."""

REACH: Final = 9
"""How far, in steps, a boundary may move to either side."""


def refine(words: Sequence[Word], pcm: Pcm, at: Samples) -> tuple[Word, ...]:
    """Return `words` with boundaries snapped to energy dips.

    `pcm` is the audio (16 kHz) in which they were recognised; its first sample is at time `at`.
    Words keep their order and never overlap.
    """
    if not words:
        return ()
    energy = envelope(pcm)
    out: list[Word] = []
    previous = at
    for word in words:
        start = max(previous, _dip(energy, word.span.start - at) + at)
        previous = max(start + STEP, _dip(energy, word.span.end - at) + at)
        out.append(Word(word.text, Span(start, previous), word.score))
    return tuple(out)


def envelope(pcm: Pcm) -> NDArray[np.float64]:
    """Return the level in dB of every 10 ms, smoothed over 30 ms."""
    whole = pcm[: len(pcm) // STEP * STEP].astype(np.float64).reshape(-1, STEP)
    level = 10 * np.log10(np.mean(whole**2, axis=1) + 1.0)
    return np.convolve(np.pad(level, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")


def _dip(energy: NDArray[np.float64], position: Samples) -> Samples:
    """Return the quietest place near `position`, nearer ones preferred (1 dB a step of 10 ms)."""
    here = position // STEP
    first, last = max(0, here - REACH), min(len(energy), here + REACH + 1)
    if last <= first:
        return position
    distance = np.abs(np.arange(first, last) - here)
    return int(first + np.argmin(energy[first:last] + 1.0 * distance)) * STEP + STEP // 2
