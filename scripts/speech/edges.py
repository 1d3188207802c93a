"""Where words really begin and end, given roughly where: at silences and energy minima."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

_HOP_S: Final = 0.005
_QUIET_DB: Final = 45.0
"""Below the loudest 5 ms by this much, a recording is silent."""

_PAUSE: Final = 16
"""Hops of silence that part two words; a stop consonant's closure is shorter: 80 ms."""

Edges = tuple[float, float]
"""A word's start and end, in seconds."""


def settle(
    pcm: NDArray[np.float32], rate: int, words: list[Edges], *, reach_s: float, pause_reach_s: float
) -> list[Edges]:
    """Move the edges of consecutive words to what parts them.

    That is a pause within `pause_reach_s` of where they are thought to be, which then belongs to
    neither word, or else the quietest point within `reach_s`.
    """
    hop = round(rate * _HOP_S)
    power = pcm[: len(pcm) // hop * hop].reshape(-1, hop).astype(np.float64) ** 2
    level = 10 * np.log10(power.mean(axis=1) + 1e-9)
    pauses = _pauses(level < level.max() - _QUIET_DB)
    ends = [0.0, *(end for _, end in words)]
    starts = [*(start for start, _ in words), len(pcm) / rate]
    middles = [(start + end) / 2 for start, end in words]  # which no border passes
    settled: list[Edges] = []
    for end, start, least, most in zip(
        ends, starts, [0.0, *middles], [*middles, len(pcm) / rate], strict=True
    ):
        low, high = _hops(end, start, pause_reach_s, least, most)
        near = [
            (first, last)
            for first, last in pauses
            if first < high and last > low and least <= (first + last) / 2 * _HOP_S < most
        ]
        if near:
            first, last = max(near, key=lambda pause: pause[1] - pause[0])
            settled.append((first * _HOP_S, last * _HOP_S))
        else:
            low, high = _hops(end, start, reach_s, least, most)
            low = min(low, len(level) - 1)
            quietest = (low + int(level[low : max(high, low + 1)].argmin()) + 0.5) * _HOP_S
            settled.append((quietest, quietest))
    edges = []
    floor = 0.0
    for (_, start), (end, _) in pairwise(settled):
        floor = max(floor, start)
        edges.append((floor, max(floor, end)))
        floor = edges[-1][1]
    return edges


def _hops(end: float, start: float, reach: float, least: float, most: float) -> tuple[int, int]:
    """Return the hops around a border, half-open, as far as `reach` and the words allow."""
    low = max(least, min(end, start) - reach)
    high = min(most, max(end, start) + reach)
    return round(low / _HOP_S), round(high / _HOP_S)


def _pauses(quiet: NDArray[np.bool_]) -> list[tuple[int, int]]:
    steps = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(np.int8), [0]))))
    runs = zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)
    return [(first, last) for first, last in runs if last - first >= _PAUSE]
