"""Consent: closed by default, opened by a yes alone, closed again by a withdrawal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.answers import Answer, Demand
from gateway.consent import (
    DEMANDS,
    OPENING,
    OPENS,
    OUTCOMES,
    TABLE,
    WITHDRAWAL,
    Consent,
    End,
    Outcome,
    Purpose,
    State,
    Step,
)

P = Purpose


def step(*purposes: Purpose, granted: str, refused: str = "", unclear: str = "") -> Step:
    return Step(
        frozenset(purposes),
        "ask",
        "again",
        "last",
        granted=granted,
        refused=refused or granted,
        unclear=unclear or refused or granted,
        timed_out=End.CLOSE,
    )


EACH_BY_ITSELF = {
    "agent": step(P.AGENT, granted="record", refused=End.HAND_OFF),
    "record": step(P.RECORD, P.TRANSCRIBE, granted="video"),
    "video": step(P.VIDEO, granted="training"),
    "training": step(P.TRAINING, granted=End.OPEN),
}


def consent(*purposes: Purpose, noticed: tuple[Purpose, ...] = ()) -> Consent:
    return Consent(EACH_BY_ITSELF, "agent", purposes or tuple(Purpose), noticed)


def answered(asked: Consent, *answers: Answer) -> Consent:
    for answer in answers:
        asked.answer(answer)
    return asked


def test_every_state_answers_every_answer_and_every_last_state_has_an_outcome() -> None:
    asking = {state for state, _ in TABLE}
    assert set(TABLE) == {(state, answer) for state in asking for answer in Answer}
    assert set(OUTCOMES) == set(State) - asking == set(TABLE.values()) - asking


def test_every_purpose_opens_something_and_every_demand_withdraws_something() -> None:
    assert set(OPENS) == set(Purpose)
    assert set(DEMANDS) == set(Demand)
    assert all(DEMANDS.values())


def test_nothing_is_open_before_a_yes() -> None:
    assert consent().open == frozenset()


def test_a_yes_opens_the_purposes_of_its_question_and_no_others() -> None:
    asked = answered(consent(), Answer.YES)
    assert asked.open == {P.AGENT}
    assert asked.at == "record"
    assert answered(asked, Answer.YES).open == {P.AGENT, P.RECORD, P.TRANSCRIBE}


def test_a_no_to_what_is_not_needed_goes_on_with_the_next_question() -> None:
    asked = answered(consent(), Answer.YES, Answer.NO)
    assert asked.at == "video"
    assert asked.outcomes[P.RECORD] is Outcome.REFUSED


def test_a_no_to_the_agent_leads_to_the_hand_off() -> None:
    asked = answered(consent(), Answer.NO)
    assert (asked.over, asked.at) == (True, End.HAND_OFF)
    assert asked.open == frozenset()


def test_a_human_may_be_asked_for_at_any_question() -> None:
    asked = answered(consent(), Answer.YES, Answer.HUMAN)
    assert asked.at == End.HAND_OFF
    assert asked.outcomes[P.RECORD] is Outcome.REFUSED


@pytest.mark.parametrize("first", [Answer.UNCLEAR, Answer.REPEAT, Answer.SILENCE])
@pytest.mark.parametrize("second", [Answer.UNCLEAR, Answer.REPEAT, Answer.SILENCE])
def test_what_is_unclear_is_asked_in_other_words_twice(first: Answer, second: Answer) -> None:
    asked = consent()
    assert asked.prompt == "ask"
    assert answered(asked, first).prompt == "again"
    assert answered(asked, second).prompt == "last"
    assert asked.asked == {P.AGENT}


def test_after_the_last_wording_the_safe_branch_is_taken() -> None:
    unclear = answered(consent(), *[Answer.UNCLEAR] * 3)
    assert (unclear.at, unclear.outcomes[P.AGENT]) == (End.HAND_OFF, Outcome.UNCLEAR)
    silent = answered(consent(), *[Answer.SILENCE] * 3)
    assert (silent.at, silent.outcomes[P.AGENT]) == (End.CLOSE, Outcome.TIMED_OUT)


def test_the_next_question_begins_with_its_first_wording() -> None:
    assert answered(consent(), Answer.UNCLEAR, Answer.YES).prompt == "ask"


def test_a_question_for_what_a_call_does_not_do_is_skipped() -> None:
    asked = answered(consent(P.AGENT, P.VIDEO), Answer.YES)
    assert asked.at == "video"
    assert consent(P.TRAINING).at == "training"
    assert Consent(EACH_BY_ITSELF, "agent", ()).at == End.OPEN


def test_what_is_open_by_notice_is_not_asked() -> None:
    asked = consent(P.AGENT, P.RECORD, P.TRANSCRIBE, noticed=(P.RECORD, P.TRANSCRIBE))
    assert asked.open == {P.RECORD, P.TRANSCRIBE}
    assert answered(asked, Answer.YES).at == End.OPEN


def test_a_withdrawal_closes_at_once_and_a_second_one_changes_nothing() -> None:
    asked = answered(consent(), *[Answer.YES] * 4)
    assert asked.withdraw(DEMANDS[Demand.STOP_RECORDING]) == {P.RECORD, P.TRANSCRIBE, P.TRAINING}
    assert asked.open == {P.AGENT, P.VIDEO}
    assert asked.withdraw(DEMANDS[Demand.STOP_RECORDING]) == frozenset()


def test_what_rests_on_a_purpose_is_withdrawn_with_it() -> None:
    asked = answered(consent(), *[Answer.YES] * 4)
    assert asked.withdraw([P.AGENT]) == {P.AGENT, P.VIDEO}
    assert asked.outcomes[P.VIDEO] is Outcome.WITHDRAWN
    assert asked.withdraw([P.RECORD]) == {P.RECORD}
    assert asked.withdraw([P.TRANSCRIBE]) == {P.TRANSCRIBE, P.TRAINING}


def test_what_is_withdrawn_before_it_was_asked_for_is_not_asked_for() -> None:
    asked = consent()
    assert asked.withdraw([P.RECORD, P.TRANSCRIBE]) == frozenset()
    assert answered(asked, Answer.YES).at == "video"
    assert asked.outcomes[P.RECORD] is Outcome.REFUSED


def test_a_withdrawal_of_what_is_being_asked_is_a_no() -> None:
    asked = consent()
    asked.withdraw(Purpose)
    assert (asked.at, asked.open) == (End.HAND_OFF, frozenset())


ANSWERS = st.lists(st.sampled_from(Answer), max_size=20)
PURPOSES = st.frozensets(st.sampled_from(Purpose))


@given(ANSWERS, PURPOSES)
def test_nothing_is_ever_open_without_a_yes(answers: list[Answer], has: frozenset[Purpose]) -> None:
    asked = Consent(EACH_BY_ITSELF, "agent", has)
    yes = 0
    for answer in answers:
        if asked.over:
            break
        about = asked.asked
        before = asked.open
        asked.answer(answer)
        yes += answer is Answer.YES
        gained = asked.open - before
        assert gained <= about | {P.TRAINING, P.VIDEO}
        assert not gained or answer is Answer.YES
    assert bool(asked.open) <= bool(yes)


@given(ANSWERS, st.integers(0, 20), PURPOSES)
def test_what_was_withdrawn_never_opens_again(
    answers: list[Answer], when: int, taken: frozenset[Purpose]
) -> None:
    asked = consent()
    for i, answer in enumerate(answers):
        if i == when:
            asked.withdraw(taken)
        if asked.over:
            break
        asked.answer(answer)
        if i >= when:
            assert not asked.open & taken
    assert all(o in WITHDRAWAL or o not in OPENING for o in asked.outcomes.values())


@given(ANSWERS)
def test_every_walk_through_a_script_ends(answers: list[Answer]) -> None:
    asked = consent()
    for answer in [*answers, *[Answer.SILENCE] * 12]:
        if not asked.over:
            asked.answer(answer)
    assert asked.at in list(End)
