"""The call's table is whole: every state is reached and left, and what it asks for can be done."""

from gateway.call import Call
from gateway.states import TABLE, TALKING, Happening, State


def test_every_state_is_reached_and_every_one_but_the_last_is_left() -> None:
    assert {State.DIALLING} | {state for state, _ in TABLE.values()} == set(State)
    assert {state for state, _ in TABLE} == set(State) - {State.ENDED}


def test_everything_that_can_happen_matters_somewhere() -> None:
    assert {happening for _, happening in TABLE} == set(Happening)


def test_a_call_can_do_what_the_table_asks_for() -> None:
    asked = {action for _, actions in TABLE.values() for action in actions}
    assert {action for action in asked if not hasattr(Call, f"_{action}")} == set()


def test_caller_and_agent_are_through_only_after_consent_and_a_connected_agent() -> None:
    for (before, happening), (after, actions) in TABLE.items():
        opens = after in TALKING
        assert opens == (happening is Happening.REACHED) == ("open" in actions), before
    granted = [after for (_, h), (after, _) in TABLE.items() if h is Happening.GRANTED]
    assert granted == [State.CONNECTING]
    assert {before for (before, _), (after, _) in TABLE.items() if after is State.CONNECTING} == {
        State.CONSENT
    }
