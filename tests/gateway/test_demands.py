"""Demands in the middle of the talk: words and keys that follow each other closely are one."""

import pytest

from gateway.answers import Demand
from gateway.demands import Demands
from media.audio import RATE, Span
from media.entities.types import Word
from media.inspector import Said
from media.sensitive import Sensitive


def said(text: str, at_s: float) -> Said:
    """Words of half a second each, beginning at `at_s`."""
    starts = [round((at_s + 0.5 * n) * RATE) for n in range(len(text.split()))]
    words = tuple(
        Word(Sensitive(word), Span(start, start + RATE // 2), 1.0)
        for word, start in zip(text.split(), starts, strict=True)
    )
    return Said(words, (), (True,) * len(words))


def test_a_demand_that_comes_in_two_breaths_is_heard() -> None:
    demands = Demands("en")
    assert demands.said(said("please stop", 1.0)) is None
    assert demands.said(said("the recording", 2.4)) is Demand.STOP_RECORDING


def test_words_that_lie_far_apart_are_no_demand() -> None:
    demands = Demands("en")
    demands.said(said("please stop", 1.0))
    assert demands.said(said("the recording", 9.0)) is None


def test_a_demand_is_told_once() -> None:
    demands = Demands("en")
    assert demands.said(said("stop recording", 1.0)) is Demand.STOP_RECORDING
    assert demands.said(said("thank you", 2.5)) is None


def test_what_a_caller_wants_is_heard_in_the_language_of_the_call() -> None:
    assert Demands("de").said(said("bitte nicht aufzeichnen", 1.0)) is Demand.STOP_RECORDING


@pytest.mark.parametrize(("keys", "demanded"), [("*0", Demand.HUMAN), ("**", Demand.STOP)])
def test_two_keys_in_a_row_are_a_demand(keys: str, demanded: Demand) -> None:
    demands = Demands("en")
    assert demands.typed(keys[0], RATE) is None
    assert demands.typed(keys[1], 2 * RATE) is demanded


def test_two_keys_far_apart_are_none() -> None:
    demands = Demands("en")
    demands.typed("*", RATE)
    assert demands.typed("*", 4 * RATE) is None


def test_the_second_key_of_a_demand_begins_no_other() -> None:
    demands = Demands("en")
    demands.typed("*", 0)
    demands.typed("*", RATE // 2)
    assert demands.typed("0", RATE) is None
