"""Scores that are spread otherwise than in the reference are noticed, and only they."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.liveness.drift import BINS, LEAST, WINDOW, Drift, reference


def index(scores: list[float]) -> float | None:
    drift = Drift(reference(HUMAN))
    return [drift.feed(score) for score in scores][-1]


def drawn(seed: int, alpha: float, beta: float, n: int = WINDOW) -> list[float]:
    chance = random.Random(seed)
    return [chance.betavariate(alpha, beta) for _ in range(n)]


HUMAN = drawn(1, 1, 20, 2_000)
"""How the scores of people are spread: mostly low."""


def test_a_reference_has_as_many_scores_in_each_bin() -> None:
    told = reference(HUMAN)
    assert len(told["edges"]) == BINS - 1
    assert told["shares"] == pytest.approx([0.1] * BINS, abs=0.001)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_spread_is_no_drift(seed: int) -> None:
    found = index(drawn(seed, 1, 20))
    assert found is not None and found < 0.05


def test_people_taken_for_synthetic_more_often_are_a_drift() -> None:
    found = index(drawn(3, 2, 8))
    assert found is not None and found > 0.25


def test_synthetic_voices_that_come_in_numbers_are_a_drift() -> None:
    found = index(drawn(3, 1, 20, 700) + drawn(4, 20, 1, 300))
    assert found is not None and found > 0.25


def test_what_is_long_ago_does_not_count() -> None:
    found = index(drawn(3, 20, 1) + drawn(4, 1, 20))
    assert found is not None and found < 0.05


def test_few_scores_say_nothing() -> None:
    assert index([0.9] * (LEAST - 1)) is None
    assert index([0.9] * LEAST) is not None


def test_a_reference_of_scores_that_are_alike_has_fewer_bins() -> None:
    told = reference([0.0] * 95 + [0.1, 0.2, 0.3, 0.4, 0.5])
    assert len(told["shares"]) == len(told["edges"]) + 1 < BINS
    assert sum(told["shares"]) == pytest.approx(1)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"edges": [0.5], "shares": [1.0]},
        {"edges": [0.5, 0.2], "shares": [0.2, 0.4, 0.4]},
        {"edges": [0.5], "shares": [0.5, 0.9]},
        {"edges": [0.5], "shares": [-0.5, 1.5]},
        {"edges": 0.5, "shares": None},
        {"edges": ["a"], "shares": [0.5, 0.5]},
        {"edges": [float("nan")], "shares": [0.5, float("nan")]},
    ],
)
def test_what_is_no_histogram_is_an_error(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a reference has"):
        Drift(broken)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=300),
    st.lists(st.floats(0, 1), min_size=1, max_size=300),
)
def test_the_index_is_never_negative(there: list[float], here: list[float]) -> None:
    drift = Drift(reference(there))
    for score in here:
        drift.feed(score)
    assert drift.index > -1e-3
