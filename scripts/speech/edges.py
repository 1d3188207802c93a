"""Where words really begin and end, given roughly where: at silences and energy minima."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.sound import active_rms

_HOP_S: Final = 0.005
_QUIET_DB: Final = 45.0
"""Below the loudest 5 ms by this much, a recording is silent."""

_PAUSE: Final = 16
"""Hops of silence that part two words; a stop consonant's closure is shorter: 80 ms."""

_SMOOTH: Final = 4
"""Hops over which the level of hiss is steady."""

_DIGITAL_DB: Final = 60.0
"""Below speech by this much there is no hiss either: a pause that was put in."""

_HISS_PERCENTILE: Final = 3
_OVER_HISS_DB: Final = 6.0

_INAUDIBLE_DB: Final = 25.0
"""So far below speech nothing is heard beside it."""

_AUDIBLE_DB: Final = 15.0
"""What is nearer to speech than that is heard, however a voice hisses."""

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


def tightened(pcm: NDArray[np.int16], rate: int, words: list[Edges]) -> list[Edges]:
    """Take what is inaudible at a word's beginning and end from it, 80 ms and more.

    `pcm` is mono, `words` seconds in it. Some voices hiss in pauses, and then `settle`, for which
    only silence is a pause, leaves them to the word before.
    """
    sound = pcm.astype(np.float32)
    hop = round(rate * _HOP_S)
    power = sound[: len(sound) // hop * hop].reshape(-1, hop).astype(np.float64) ** 2
    smooth = np.convolve(power.mean(axis=1), np.full(_SMOOTH, 1 / _SMOOTH), "same")
    level = 10 * np.log10(smooth + 1e-9) - 20 * np.log10(active_rms(sound, rate))
    hiss = float(np.percentile(level[level > -_DIGITAL_DB], _HISS_PERCENTILE))
    quiet = level < min(max(hiss + _OVER_HISS_DB, -_INAUDIBLE_DB), -_AUDIBLE_DB)
    edges = []
    for start, end in words:
        first, last = round(start / _HOP_S), round(end / _HOP_S)
        loud = first + np.flatnonzero(~quiet[first:last])
        if len(loud) and loud[0] - first >= _PAUSE:
            start = round(float(loud[0]) * _HOP_S, 3)
        if len(loud) and last - 1 - loud[-1] >= _PAUSE:
            end = round(float(loud[-1] + 1) * _HOP_S, 3)
        edges.append((start, end))
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
