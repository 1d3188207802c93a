"""What callers are told at the end."""

import pytest

from gateway.consent import State
from gateway.hand_off.case import Reason
from gateway.words import LAST, NOBODY, goodbye


def test_a_caller_whom_nobody_takes_is_told_whom_to_call() -> None:
    assert list(goodbye(NOBODY, None)) == ["nobody_there", "call_again", "goodbye"]
    assert list(goodbye(NOBODY, "+1 (212) 555-0100")) == [
        "nobody_there", "call_us_on", "digit_plus", "digit_1", "digit_2", "digit_1", "digit_2",
        "digit_5", "digit_5", "digit_5", "digit_0", "digit_1", "digit_0", "digit_0", "goodbye",
    ]  # fmt: skip


def test_who_has_withdrawn_hears_that_first() -> None:
    assert goodbye(LAST[Reason.WITHDRAWN], None) == ("withdrawn", "call_again", "goodbye")


@pytest.mark.parametrize("words", [LAST[State.REFUSED], LAST[Reason.AGENT_LOST]])
def test_words_that_say_goodbye_themselves_are_the_last(words: tuple[str, ...]) -> None:
    assert goodbye(words, "+1 212 555 0100") == words
