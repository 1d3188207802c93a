"""What follows from an answer to the consent prompt."""

import itertools

import pytest

from gateway.answers import Answer
from gateway.consent import FIRST_PROMPT, TABLE, Dialogue, State
from gateway.prompts import NEEDED

OPEN = {State.ASKED, State.ASKED_AGAIN, State.ASKED_LAST}


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("state", State)
def test_the_table_is_total_over_the_open_states_and_ends_in_the_others(
    state: State, answer: Answer
) -> None:
    assert ((state, answer) in TABLE) == (state in OPEN)


def test_only_a_yes_leads_to_granted_and_every_yes_does() -> None:
    for (_, answer), (after, prompt) in TABLE.items():
        assert (after is State.GRANTED) == (answer is Answer.YES) == (prompt == "granted")


def test_whatever_is_answered_the_dialogue_ends_after_three_answers() -> None:
    for answers in itertools.product(Answer, repeat=3):
        dialogue = Dialogue()
        for answer in answers:
            if not dialogue.over:
                dialogue.answer(answer)
        assert dialogue.over
        granted = next(
            (a for a in answers if a not in (Answer.UNCLEAR, Answer.SILENCE, Answer.REPEAT)), None
        )
        assert (dialogue.state is State.GRANTED) == (granted is Answer.YES)


def test_after_the_end_no_answer_is_taken() -> None:
    dialogue = Dialogue()
    dialogue.answer(Answer.NO)
    with pytest.raises(KeyError):
        dialogue.answer(Answer.YES)
    assert dialogue.state is State.REFUSED


def test_the_caller_is_asked_three_times_in_different_words() -> None:
    dialogue = Dialogue()
    asked = [FIRST_PROMPT, *(dialogue.answer(Answer.SILENCE) for _ in range(3))]
    assert asked == ["consent", "consent_again", "consent_last", "timed_out"]


def test_every_prompt_that_the_table_plays_is_needed_at_the_start() -> None:
    assert {prompt for _, prompt in TABLE.values()} | {FIRST_PROMPT} <= set(NEEDED)
