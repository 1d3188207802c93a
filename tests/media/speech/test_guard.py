import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.speech.guard import REPEATS, Token, judge, loops


def verdict(
    ids: list[int], *, ended: bool = True, probability: float = -0.2, no_speech: float = 0.1
) -> str | None:
    tokens = [Token(id_, i, i + 1, 0.9) for i, id_ in enumerate(ids)]
    return judge(
        tokens,
        ended=ended,
        mean_log_probability=probability,
        no_speech=no_speech,
    )


def test_plain_speech_is_believed() -> None:
    assert verdict([1, 2, 3, 4, 5, 2, 3]) is None


def test_a_run_that_did_not_end_by_itself_is_not() -> None:
    assert verdict([1, 2, 3], ended=False) == "no end"


def test_a_loop_is_not() -> None:
    assert verdict([7, 1, 2, 3] + [4, 5, 6] * 9) == "loop"


def test_a_guess_is_not() -> None:
    assert verdict([1, 2], probability=-1.5) == "low probability"


def test_text_for_noise_is_not() -> None:
    assert verdict([1, 2], no_speech=0.95, probability=-0.9) == "no speech"


def test_a_guess_is_told_from_a_guess_at_noise() -> None:
    assert verdict([1, 2], no_speech=0.6, probability=-1.5) == "low probability"
    assert verdict([1, 2], no_speech=0.8, probability=-1.5) == "no speech"


def test_sure_text_over_noise_is() -> None:
    assert verdict([1, 2], no_speech=0.95, probability=-0.3) is None


def test_digits_said_over_and_over_are_no_loop() -> None:
    comma = 11
    assert not loops([16] * 4)  # "one one one one"
    assert not loops([19, comma] + [16, comma] * 7)  # "4, 1, 1, 1, 1, 1, 1, 1,"


@pytest.mark.parametrize(("size", "most"), REPEATS.items())
@given(before=st.lists(st.integers(100, 200), unique=True, max_size=7))
def test_a_group_is_a_loop_wherever_it_starts(size: int, most: int, before: list[int]) -> None:
    group = list(range(size))
    assert loops(before + group * (most + 1) + [999])


@pytest.mark.parametrize(("size", "most"), REPEATS.items())
@given(before=st.lists(st.integers(100, 200), unique=True, max_size=7))
def test_a_group_said_as_often_as_people_say_it_is_none(
    size: int, most: int, before: list[int]
) -> None:
    assert not loops(before + list(range(size)) * most + [999])


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=60))
def test_tokens_that_do_not_recur_are_no_loop(ids: list[int]) -> None:
    assert not loops(ids)
