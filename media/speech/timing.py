"""Word times that hold in the audio.

Attention gives word boundaries that err by 50 to 250 ms: the first word of a window often starts
in the silence before it, and a pause is counted to one of its neighbours. Speech dips in energy
between most words, so a boundary is moved to the quietest place near it, and what is silent at a
word's ends is taken off.
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

SHORTEST: Final = 6
"""Steps of the shortest word: nobody says one in less than 60 ms."""

LETTER: Final = RATE * 35 // 1_000
"""Samples that a written letter takes at least, in the fastest speech."""

DEPTH_DB: Final = 35.0
"""How far below the loudest place of a window speech may be."""


def refine(words: Sequence[Word], pcm: Pcm, at: Samples) -> tuple[Word, ...]:
    """Return `words` with boundaries snapped to energy dips and silence taken off their ends.

    `pcm` is the audio (16 kHz) in which they were recognised; its first sample is at time `at`.
    Words keep their order and never overlap.
    """
    if not words:
        return ()
    energy = envelope(pcm)
    loud = energy > max(energy.max() - DEPTH_DB, 0.0) if len(energy) else np.zeros(0, bool)
    onset = int(np.argmax(loud)) if loud.any() else 0
    out: list[Word] = []
    previous = at
    for word in words:
        start = max(previous, _dip(energy, word.span.start - at, onset) + at)
        least = max(SHORTEST * STEP, LETTER * len(word.plain))
        end = max(start + least, _dip(energy, word.span.end - at, onset) + at)
        out.append(Word(word.text, _trimmed(Span(start, end), loud, at), word.score))
        previous = end
    return tuple(out)


def envelope(pcm: Pcm) -> NDArray[np.float64]:
    """Return the level in dB of every 10 ms, smoothed over 30 ms."""
    whole = pcm[: len(pcm) // STEP * STEP].astype(np.float64).reshape(-1, STEP)
    if not len(whole):
        return np.zeros(0)
    level = 10 * np.log10(np.mean(whole**2, axis=1) + 1.0)
    return np.convolve(np.pad(level, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")


def _dip(energy: NDArray[np.float64], position: Samples, onset: int) -> Samples:
    """Return the quietest place near `position`, nearer ones preferred (1 dB a step of 10 ms).

    No boundary lies before `onset`, where speech begins.
    """
    here = max(position // STEP, onset)
    first, last = max(onset, here - REACH), min(len(energy), here + REACH + 1)
    if last <= first:
        return position
    distance = np.abs(np.arange(first, last) - here)
    return int(first + np.argmin(energy[first:last] + 1.0 * distance)) * STEP + STEP // 2


def _trimmed(span: Span, loud: NDArray[np.bool_], at: Samples) -> Span:
    """Take silence off both ends of a word, but for one step and never below `SHORTEST`."""
    first, last = (span.start - at) // STEP, (span.end - at + STEP - 1) // STEP
    inside = np.flatnonzero(loud[first:last])
    if not len(inside):
        return span
    start = max(span.start, at + (first + int(inside[0]) - 1) * STEP)
    end = min(span.end, at + (first + int(inside[-1]) + 2) * STEP)
    if end - start < SHORTEST * STEP:
        return span
    return Span(start, end)
