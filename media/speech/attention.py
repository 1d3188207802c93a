"""When tokens were said: dynamic time warping over the decoder's attention to what was encoded.

Radford et al.: Robust Speech Recognition via Large-Scale Weak Supervision (2022), section 3.3, and
the reference implementation's `timing.py`: some heads attend to the place that they write of.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from media.speech.transformer import Real

SMOOTH: Final = 7
"""Rows (20 ms each) over which attention is smoothed by their median."""


def places(attention: Real, of: slice) -> list[int]:
    """Return the row at which each of some tokens begins.

    `attention` (heads, tokens, rows) is that of the heads that tell to the rows of speech, `of` are
    the tokens that were said.
    """
    # As if there were nothing else: what is attended to in the silence behind tells no time.
    attention = attention / np.maximum(attention.sum(axis=-1, keepdims=True), 1e-9)
    deviation = attention.std(axis=1, keepdims=True)
    relative = (attention - attention.mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-9)
    return _warped(-_smoothed(relative[:, of]).mean(axis=0))


def _smoothed(values: Real) -> Real:
    """Return the running median along the last axis, mirrored at its ends."""
    half = SMOOTH // 2
    if values.shape[-1] <= half:
        return values
    padded = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(half, half)], mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTH, axis=-1)
    smooth: Real = np.partition(windows, half, axis=-1)[..., half]
    return smooth


def _warped(cost: Real) -> list[int]:
    """Return, for the cheapest way through `cost` (tokens, rows), where it enters each token.

    Costs to come to a place are laid out by the sum of its coordinates, so that all of one sum are
    computed at once.
    """
    tokens, rows = cost.shape
    sums = tokens + rows - 1
    skewed = np.full((sums, tokens), np.inf)
    i, j = np.indices(cost.shape)
    skewed[i + j, i] = cost
    come = np.full((sums + 2, tokens + 1), np.inf)  # [sum + 2, token + 1]
    came_from = np.zeros((sums, tokens), np.int8)
    come[0, 0] = 0
    for s in range(sums):
        ways = np.stack([come[s, :-1], come[s + 1, :-1], come[s + 1, 1:]])
        way = ways.argmin(axis=0)
        came_from[s] = way
        come[s + 2, 1:] = skewed[s] + ways[way, np.arange(tokens)]
    starts = [0] * tokens
    token, row = tokens - 1, rows - 1
    while token >= 0 and row >= 0:
        starts[token] = row
        way = came_from[token + row, token]
        token -= int(way < 2)
        row -= int(way != 1)
    return starts
