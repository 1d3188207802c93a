"""Consent: what was asked, what was answered, and whether anything may flow.

Pure. The dialogue is a table; the documentation's diagram is generated from it. Closed by default:
only `GRANTED` opens the agent leg.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from gateway.answers import Answer


class State(StrEnum):
    """Where the consent dialogue stands."""

    ASKED = "asked"
    ASKED_AGAIN = "asked again"
    ASKED_LAST = "asked last"
    GRANTED = "granted"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    HUMAN = "wants a human"


TABLE: Final[dict[tuple[State, Answer], tuple[State, str]]] = {
    (State.ASKED, Answer.YES): (State.GRANTED, "granted"),
    (State.ASKED, Answer.NO): (State.REFUSED, "refused"),
    (State.ASKED, Answer.HUMAN): (State.HUMAN, "refused"),
    (State.ASKED, Answer.UNCLEAR): (State.ASKED_AGAIN, "consent_again"),
    (State.ASKED, Answer.SILENCE): (State.ASKED_AGAIN, "consent_again"),
    (State.ASKED, Answer.REPEAT): (State.ASKED_AGAIN, "consent_again"),
    (State.ASKED_AGAIN, Answer.YES): (State.GRANTED, "granted"),
    (State.ASKED_AGAIN, Answer.NO): (State.REFUSED, "refused"),
    (State.ASKED_AGAIN, Answer.HUMAN): (State.HUMAN, "refused"),
    (State.ASKED_AGAIN, Answer.UNCLEAR): (State.ASKED_LAST, "consent_last"),
    (State.ASKED_AGAIN, Answer.SILENCE): (State.ASKED_LAST, "consent_last"),
    (State.ASKED_AGAIN, Answer.REPEAT): (State.ASKED_LAST, "consent_last"),
    (State.ASKED_LAST, Answer.YES): (State.GRANTED, "granted"),
    (State.ASKED_LAST, Answer.NO): (State.REFUSED, "refused"),
    (State.ASKED_LAST, Answer.HUMAN): (State.HUMAN, "refused"),
    (State.ASKED_LAST, Answer.UNCLEAR): (State.TIMED_OUT, "timed_out"),
    (State.ASKED_LAST, Answer.SILENCE): (State.TIMED_OUT, "timed_out"),
    (State.ASKED_LAST, Answer.REPEAT): (State.TIMED_OUT, "timed_out"),
}
"""(state, answer) → (next state, prompt that the caller hears)."""

FIRST_PROMPT: Final = "consent"


class Dialogue:
    """Walk through the table: `state`, and for each step the prompt to play."""

    def __init__(self) -> None:
        self.state = State.ASKED

    @property
    def over(self) -> bool:
        """Tell whether nothing more is asked."""
        return (self.state, Answer.YES) not in TABLE

    def answer(self, answer: Answer) -> str:
        """Take an answer; return the id of the prompt that the caller hears next."""
        self.state, prompt = TABLE[self.state, answer]
        return prompt
