"""Word times that hold in the audio.

Attention gives word boundaries that err by 50 to 250 ms: the first word of a window often starts
in the silence before it, and a pause is counted to one of its neighbours. So a boundary is moved to
where the encoder hears one near it (`media.speech.boundaries`), or with an encoder that nothing was
trained on to the quietest place, since speech dips in energy between most words; and what is silent
at a word's ends is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Samples, Span
from media.entities.types import Word
from media.speech.boundaries import Edges

STEP: Final = RATE // 100
"""Samples of one energy value (10 ms)."""

REACH: Final = 40
"""How far, in steps, a boundary may move to either side."""

DIP_REACH: Final = 9
"""The same to a dip, which is a weaker sign."""

NEARER: Final = 0.06
"""How much likelier, in log probability, a place must be for each step that it is farther off."""

SQUEEZED: Final = 1.0
"""The same for each step that a word is shorter than it can be."""

DIP_DB: Final = 16.0
"""A dip by so much is as good a sign as a boundary that is e times as likely."""

SHORTEST: Final = 6
"""Steps of the shortest word: nobody says one in less than 60 ms."""

LETTER: Final = RATE * 35 // 1_000
"""Samples that a written letter takes at least, in the fastest speech."""

DEPTH_DB: Final = 35.0
"""How far below the loudest place of a window speech may be."""


def refine(
    words: Sequence[Word], pcm: Pcm, at: Samples, edges: Edges | None = None
) -> tuple[Word, ...]:
    """Return `words` with boundaries snapped to `edges`, and silence taken off their ends.

    Digits and letters that are strung together in a word are placed one by one, and come back as
    the whole word.
    `pcm` is the audio (16 kHz) in which they were recognised; its first sample is at time `at`.
    Without `edges` dips in energy are taken for them. Words keep their order and never overlap.
    """
    if not words:
        return ()
    energy = envelope(pcm)
    loud = energy > max(energy.max() - DEPTH_DB, 0.0) if len(energy) else np.zeros(0, bool)
    onset = int(np.argmax(loud)) if loud.any() else 0
    parts = [(word.span.start, *word.inside, word.span.end) for word in words]
    there = [place - at for part in parts for pair in pairwise(part) for place in pair]
    least = [max(SHORTEST, LETTER * len(word.plain) // STEP) for word in words]
    shared = zip(least, parts, strict=True)
    each = [max(SHORTEST, steps // (len(part) - 1)) for steps, part in shared for _ in part[1:]]
    if edges is None:
        snapped = _snapped(there, each, Edges(-energy / DIP_DB, -energy / DIP_DB), DIP_REACH, onset)
    else:
        snapped = _snapped(there, each, edges, REACH, onset)
    out: list[Word] = []
    previous = first = 0
    for word, part, shortest in zip(words, parts, least, strict=True):
        last = first + 2 * (len(part) - 1)
        # Dips say little, and a word that ends too soon would be silenced too briefly.
        floor = shortest if edges is None else SHORTEST
        start = max(previous, snapped[first])
        previous = max(start + floor * STEP, snapped[last - 1])
        span = _trimmed(Span(start + at, previous + at), loud, at)
        out.append(replace(word, span=span, inside=()))
        first = last
    return tuple(out)


def _snapped(
    there: Sequence[Samples], least: Sequence[int], edges: Edges, reach: int, onset: int
) -> list[Samples]:
    """Return the likeliest starts and ends near those of words, all of them together (Viterbi).

    `there` are starts and ends in turn. Nearer places are preferred. None lies before the step
    `onset`, where speech begins; words keep their order and, as far as they can, have as many steps
    as `least` says.
    """
    count = len(edges.starts)
    near = np.arange(-reach, reach + 1)
    steps = [max(place // STEP, onset) for place in there]
    places = [np.clip(step + near, onset, max(count - 1, onset)) for step in steps]
    back: list[NDArray[np.intp]] = []
    total = np.zeros(0)
    for i, at in enumerate(places):
        likely = edges[i % 2][np.minimum(at, count - 1)] if count else np.zeros(len(at))
        cost = NEARER * np.abs(near) - likely
        if i:
            gap = at[:, None] - places[i - 1][None]
            short = np.maximum(0, least[i // 2] - gap) if i % 2 else 0
            reached = np.where(gap < 0, np.inf, total[None] + SQUEEZED * short)
            back.append(reached.argmin(axis=1))
            cost = cost + reached.min(axis=1)
        total = cost
    chosen = [int(total.argmin())]
    for before in reversed(back):
        chosen.append(int(before[chosen[-1]]))
    return [int(at[i]) * STEP + STEP // 2 for at, i in zip(places, reversed(chosen), strict=True)]


def envelope(pcm: Pcm) -> NDArray[np.float64]:
    """Return the level in dB of every 10 ms, smoothed over 30 ms."""
    whole = pcm[: len(pcm) // STEP * STEP].astype(np.float64).reshape(-1, STEP)
    if not len(whole):
        return np.zeros(0)
    level = 10 * np.log10(np.mean(whole**2, axis=1) + 1.0)
    return np.convolve(np.pad(level, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")


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
