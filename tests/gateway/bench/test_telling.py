"""What the figures of a detector mean: error rates, detection, and whether scores are honest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.bench.spectra import Plain, spectra
from gateway.bench.telling import brier, detection, eer, reliability, threshold

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_scores_that_part_the_two_have_no_error() -> None:
    assert eer([0.1, 0.2], [0.8, 0.9]) == 0


def test_scores_the_wrong_way_round_are_always_wrong() -> None:
    assert eer([0.8, 0.9], [0.1, 0.2]) == 1


def test_one_in_four_on_both_sides_is_a_quarter() -> None:
    assert eer([0.1, 0.2, 0.3, 0.7], [0.4, 0.8, 0.9, 1.0]) == pytest.approx(0.25)


def test_the_same_score_for_everybody_is_a_coin() -> None:
    assert eer([0.5, 0.5], [0.5, 0.5, 0.5]) == pytest.approx(0.5)


@settings(deadline=None)
@given(SCORES, SCORES)
def test_an_error_rate_is_one(people: list[float], synthetic: list[float]) -> None:
    assert 0 <= eer(people, synthetic) <= 1


@settings(deadline=None)
@given(SCORES, SCORES)
def test_turning_the_question_round_changes_no_error_rate(
    people: list[float], synthetic: list[float]
) -> None:
    turned = eer([-score for score in synthetic], [-score for score in people])
    assert turned == pytest.approx(eer(people, synthetic), abs=1e-9)


@settings(deadline=None)
@given(SCORES, SCORES, st.floats(0, 1))
def test_no_more_people_raise_an_alarm_than_said(
    people: list[float], synthetic: list[float], alarms: float
) -> None:
    assert np.mean(np.asarray(people) > threshold(people, alarms)) <= alarms + 1e-9
    assert 0 <= detection(people, synthetic, alarms) <= 1


def test_detection_counts_what_is_above_all_but_that_share_of_people() -> None:
    people = [n / 100 for n in range(100)]
    assert detection(people, [0.98, 0.985, 0.5], 0.01) == pytest.approx(1 / 3)
    assert detection(people, [0.95, 0.5], 0.05) == pytest.approx(0.5)


def test_certain_and_right_is_nothing_and_certain_and_wrong_is_all() -> None:
    assert brier([0.0], [1.0, 1.0]) == 0
    assert brier([1.0], [0.0]) == 1
    assert brier([0.5, 0.5], [0.5]) == 0.25


def test_people_weigh_as_much_as_all_systems_and_systems_weigh_alike() -> None:
    (low, high) = reliability([0.05, 0.05], [[0.95] * 9, [0.05]])
    assert low == {"told": 0.05, "true": pytest.approx(1 / 3, abs=1e-3), "clips": 3}
    assert high == {"told": 0.95, "true": 1.0, "clips": 9}


def test_a_plane_parts_dull_voices_from_bright_ones() -> None:
    rng = np.random.default_rng(1)

    def voice(bright: bool) -> np.ndarray:
        noise = rng.normal(0, 3_000, 32_000)
        sound = np.diff(noise, prepend=0) if bright else np.convolve(noise, np.ones(4) / 4, "same")
        return spectra(sound.astype(np.int16))

    kinds = [bool(n % 2) for n in range(30)]
    plain = Plain([voice(kind) for kind in kinds], [not kind for kind in kinds])
    assert plain(voice(True)) > plain(voice(False))
