"""Consent: what was asked, what was answered, and whether anything may flow.

Pure. The dialogue is a table; the documentation's diagram is generated from it. Closed by default:
only `GRANTED` opens the agent leg.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where the consent dialogue stands."""

    ASKED = "asked"
    ASKED_AGAIN = "asked again"
    ASKED_LAST = "asked last"
    GRANTED = "granted"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    HUMAN = "wants a human"


class Answer(StrEnum):
    """What an answer means."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    SILENCE = "silence"
    HUMAN = "human"


TABLE: Final[dict[tuple[State, Answer], tuple[State, str]]] = {
    (State.ASKED, Answer.YES): (State.GRANTED, "granted"),
    (State.ASKED, Answer.NO): (State.REFUSED, "refused"),
    (State.ASKED, Answer.HUMAN): (State.HUMAN, "refused"),
    (State.ASKED, Answer.UNCLEAR): (State.ASKED_AGAIN, "consent_again"),
    (State.ASKED, Answer.SILENCE): (State.ASKED_AGAIN, "consent_again"),
    (State.ASKED_AGAIN, Answer.YES): (State.GRANTED, "granted"),
    (State.ASKED_AGAIN, Answer.NO): (State.REFUSED, "refused"),
    (State.ASKED_AGAIN, Answer.HUMAN): (State.HUMAN, "refused"),
    (State.ASKED_AGAIN, Answer.UNCLEAR): (State.ASKED_LAST, "consent_last"),
    (State.ASKED_AGAIN, Answer.SILENCE): (State.ASKED_LAST, "consent_last"),
    (State.ASKED_LAST, Answer.YES): (State.GRANTED, "granted"),
    (State.ASKED_LAST, Answer.NO): (State.REFUSED, "refused"),
    (State.ASKED_LAST, Answer.HUMAN): (State.HUMAN, "refused"),
    (State.ASKED_LAST, Answer.UNCLEAR): (State.TIMED_OUT, "timed_out"),
    (State.ASKED_LAST, Answer.SILENCE): (State.TIMED_OUT, "timed_out"),
}
"""(state, answer) → (next state, prompt that the caller hears)."""

FIRST_PROMPT: Final = "consent"

KEYS: Final = {"1": Answer.YES, "2": Answer.NO, "0": Answer.HUMAN}
"""Keypad key → what it answers; any other key is unclear."""

_HUMAN = re.compile(r"\b(person|human|somebody real|someone real|representative|operator)\b")
_NO = re.compile(
    r"\b(no|nope|nah|not|don't|do not|dont|won't|never|refuse|decline|stop|disagree|rather|"
    r"unless|until|two)\b"
)
_YES = re.compile(
    r"\b(yes|yeah|yep|yup|sure|okay|ok|of course|certainly|absolutely|go ahead|please do|"
    r"i agree|i do|i consent|i accept|(that's|that is|it's) (fine|okay|ok|good|alright|all right)|"
    r"fine|all right|alright|agreed|one)\b"
)
_HEDGE = re.compile(
    r"\b(what|why|who|how|maybe|depends|whatever|i guess|hmm|pardon|sorry|repeat)\b"
)


def understand(text: str) -> Answer:
    """Return what the words of an answer mean.

    A refusal anywhere beats a yes anywhere, a hedge or a question makes it unclear: a false grant
    is the one error that cannot be made good.
    """
    plain = text.casefold().replace("’", "'")
    if _HUMAN.search(plain):
        return Answer.HUMAN
    if _NO.search(plain):
        return Answer.NO
    if _HEDGE.search(plain) or not _YES.search(plain):
        return Answer.UNCLEAR
    return Answer.YES


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
