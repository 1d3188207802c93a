"""What a phrase is, which answers repeat it, and where they lead."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.challenge import DOUBTS, LENGTH, TABLE, WORDINGS, Answer, Challenge, State

LIST = (
    *("umbrella", "elephant", "cauliflower", "telephone", "piano", "saxophone", "butterfly"),
    *("dinosaur", "violin", "pineapple", "waterfall", "breakfast", "envelope", "orchestra"),
    *("penguin", "museum"),
)
WORDS = {f"word_{number}": word for number, word in enumerate(LIST)}


class InTurn(random.Random):
    """Draws what comes first."""

    def sample(self, population: Sequence[Any], k: int, **_: Any) -> list[Any]:
        return list(population[:k])


def challenge(seed: int = 1) -> Challenge:
    return Challenge(WORDS, random.Random(seed))


def spoken(asked: Challenge) -> list[str]:
    return [WORDS[word] for word in asked.phrase]


def test_a_phrase_is_asked_for_and_its_words_follow() -> None:
    asked = challenge()
    assert asked.prompts == ("challenge_ask", *asked.phrase)
    assert len(asked.phrase) == LENGTH


def test_no_word_comes_twice_in_a_call() -> None:
    asked = challenge()
    words = list(asked.phrase)
    while not asked.over:
        asked.answer(Answer.WRONG)
        words += asked.phrase if not asked.over else ()
    assert len(words) == len(set(words)) == 3 * LENGTH


def test_another_call_is_asked_for_another_phrase() -> None:
    phrases = {challenge(seed).phrase for seed in range(50)}
    assert len(phrases) == 50


def test_the_phrase_is_repeated_by_its_words_whatever_is_said_around_them() -> None:
    asked = challenge()
    one, two, three, four = spoken(asked)
    for text in (
        f"{one}, {two}, {three}, {four}.",
        f"{one.upper()} {two} … {three}?! {four}",
        f"Er, okay: {one}, {two}, and {three}, and {four}. Was that right?",
        f"{one} {one} {two} {three} {four}",
    ):
        assert asked.repeats(text), text


def test_one_word_of_four_may_be_missing_misheard_or_taken_for_another() -> None:
    asked = challenge()
    one, two, three, four = spoken(asked)
    stranger = next(word for word in WORDS.values() if word not in spoken(asked))
    for text in (f"{one} {three} {four}", f"{one} mumble {three} {four}"):
        assert asked.repeats(text), text
    assert asked.repeats(f"{one} {two} {stranger} {four}")
    assert not asked.repeats(f"{one} {two}")
    assert not asked.repeats(f"{one} {stranger} mumble {four}")


def test_other_words_the_wrong_order_and_the_whole_list_are_no_repetition() -> None:
    asked = challenge()
    for text in (
        "",
        "Hello, my name is Ann, and I call about my bill.",
        " ".join(reversed(spoken(asked))),
        " ".join(WORDS.values()),
        " ".join(sorted(WORDS.values())),
        "yes yes yes yes",
    ):
        assert not asked.repeats(text), text


def test_an_earlier_phrase_is_no_repetition_of_a_later_one() -> None:
    asked = challenge()
    phrases = []
    while not asked.over:
        phrases.append(" ".join(spoken(asked)))
        asked.answer(Answer.WRONG)
        assert asked.over or not any(asked.repeats(phrase) for phrase in phrases)


@pytest.mark.parametrize(
    ("phrase", "heard"),
    [
        ("waterfall cauliflower telephone piano", "Water fall, colliflower, mumble piano"),
        ("pineapple penguin violin museum", "Pine-apples, pen-gwin, mumble, musem"),
        ("éléphant hôpital girafe tomate", "elephant opital mumble TOMATES"),
        ("Känguru Frühstück Fußball Küche", "kanguru, Fruhstuck mumble Kuche"),
    ],
)
def test_a_word_may_be_spelled_otherwise(phrase: str, heard: str) -> None:
    words = [*phrase.split(), *(letter * 9 for letter in "bcdfghjk")]
    asked = Challenge({f"{n:02}": word for n, word in enumerate(words)}, InTurn())
    assert asked.repeats(heard)


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert not challenge().repeats(text)


def test_a_right_answer_passes_at_any_try_and_only_that() -> None:
    for (state, answer), after in TABLE.items():
        assert (after is State.PASSED) == (answer is Answer.RIGHT), (state, answer)


def test_three_tries_and_it_has_failed() -> None:
    for answer in set(Answer) - {Answer.RIGHT} - DOUBTS:
        asked = challenge()
        states = [asked.answer(answer) for _ in WORDINGS]
        assert states == [State.ASKED_AGAIN, State.ASKED_LAST, State.FAILED]
        assert asked.over


def test_what_is_nobodys_fault_is_unclear_in_the_end() -> None:
    for answer in DOUBTS:
        asked = challenge()
        assert [asked.answer(answer) for _ in WORDINGS][-1] is State.UNCLEAR


def test_each_try_is_worded_otherwise() -> None:
    asked = challenge()
    said = [asked.prompts[0]]
    for _ in range(2):
        asked.answer(Answer.SILENCE)
        said.append(asked.prompts[0])
    assert said == ["challenge_ask", "challenge_again", "challenge_last"]
    assert all(a != b for a, b in pairwise(said))
