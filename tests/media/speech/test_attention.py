"""Dynamic time warping over attention."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.speech.attention import _smoothed, _warped, places


def cheapest(cost: np.ndarray) -> float:
    """Return what the cheapest way costs, place by place."""
    tokens, rows = cost.shape
    total = np.full((tokens + 1, rows + 1), np.inf)
    total[0, 0] = 0
    for i in range(tokens):
        for j in range(rows):
            total[i + 1, j + 1] = cost[i, j] + min(total[i, j], total[i, j + 1], total[i + 1, j])
    return float(total[-1, -1])


def between(cost: np.ndarray, starts: list[int]) -> float:
    """Return what the cheapest way costs that enters each token where `starts` says."""
    tokens, rows = cost.shape
    allowed = np.full_like(cost, np.inf)
    for i, start in enumerate(starts):
        last = starts[i + 1] if i + 1 < tokens else rows - 1
        allowed[i, start : last + 1] = cost[i, start : last + 1]
    return cheapest(allowed)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_the_way_is_the_cheapest(tokens: int, rows: int, seed: int) -> None:
    cost = np.random.default_rng(seed).standard_normal((tokens, rows)).astype(np.float32)
    starts = _warped(cost)
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert between(cost, starts) == pytest.approx(cheapest(cost), abs=1e-4)


def test_tokens_begin_where_they_are_attended_to() -> None:
    truth = [0, 4, 9, 17]
    attention = np.full((3, 6, 24), 0.01, np.float32)
    for token, (start, end) in enumerate(zip(truth, [*truth[1:], 24], strict=True), 1):
        attention[:, token, start:end] = 1.0
    assert places(attention, slice(1, 5)) == truth


@pytest.mark.parametrize("rows", [1, 3, 4, 30])
def test_smoothing_is_the_running_median(rows: int) -> None:
    values = np.random.default_rng(rows).standard_normal((2, 3, rows)).astype(np.float32)
    smooth = _smoothed(values)
    assert smooth.shape == values.shape
    for place in range(3, rows - 3):
        window = values[..., place - 3 : place + 4]
        np.testing.assert_array_equal(smooth[..., place], np.median(window, axis=-1))
