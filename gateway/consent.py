"""Consent: what was asked, what was answered, and whether anything may flow.

Pure. The dialogue is a table; the documentation's diagram is generated from it. Closed by default:
only `GRANTED` opens the agent leg.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a caller may consent to."""

    AGENT = "agent"
    RECORD = "record"
    TRANSCRIBE = "transcribe"
    BIOMETRIC = "biometric"
    VIDEO = "video"
    TRAINING = "training"


class End(StrEnum):
    """Where a script leads to when nothing more is asked."""

    OPEN = "open"
    HAND_OFF = "hand_off"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Step:
    """One question: its purposes, its three wordings (prompt ids), and where each answer leads.

    A target is the name of another step or an `End`.
    """

    purposes: frozenset[Purpose]
    ask: str
    again: str
    last: str
    granted: str
    refused: str
    unclear: str
    timed_out: str


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

_HUMAN: Final = re.compile(
    r"\b(persons?|people|humans?|somebody|someone|representative|operator|supervisor|manager|"
    r"colleague|receptionist)\b|\b(to|with|an?) (real |live |human )?agent\b"
)
_NO_REFUSAL: Final = re.compile(
    r"\b((say|or|or a) no|no (problem|worries|objections?)|not (a problem|at all|sure|certain)|"
    r"why not|no idea|"
    r"(do not|don't|dont|did not|didn't) (mind|know|understand|hear|catch|get (it|that|you)))\b"
)
"""What sounds like a refusal and is none, nor a clear yes; the prompt's own words, echoed, too."""

_NO: Final = re.compile(
    r"\b(no|nope|nah|not|don't|dont|won't|wont|wouldn't|can't|cannot|never|none|refuse|decline|"
    r"stop|disagree|object|rather|unless|until)\b"
)
_QUESTION: Final = re.compile(r"\b((is|was) (it|that|this)|(do|may|can) i|(do|can|may) you)\b")
_DIGITS: Final = {"zero": "0", "one": "1", "two": "2"}
_KEY_SAID: Final = re.compile(r"(?:(?:press|number|option|key) )?(one|1|two|2|zero|0)")

_YES: Final = re.compile(
    r"\b(yes|yeah|yep|yup|yea|aye|sure|okay|ok|of course|certainly|absolutely|definitely|go ahead|"
    r"please do|i (do|agree|consent|accept)|you (may|can)|agreed|alright|"
    r"(that's|that is|that will be|it's|it is|this is|sounds|is|be) (fine|good|alright)|^fine)\b"
)


def _words(text: str) -> list[str]:
    plain = text.casefold().replace("’", "'").replace("all right", "alright")
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain)


_WITH_A_YES: Final = frozenset(
    _words("""
    yes yeah yep yup yea aye sure okay ok of course certainly absolutely definitely go ahead please
    do i agree consent accept you may can agreed alright that's that is it's it this
    sounds fine good will be very totally perfectly completely fully thanks thank hello hi hey um uh
    er erm ah oh well and with to by me for a the my permission assistant automated listen keep
    transcript have
    """)
)
"""Words that can stand beside a yes and leave it one; with any other the answer is unclear."""

_KEPT: Final = _WITH_A_YES | frozenset(
    _words("""
    no nope nah not don't dont won't wouldn't can't cannot never refuse decline stop disagree object
    rather unless until i'd person human somebody someone representative operator what why who how
    maybe perhaps pardon sorry repeat again know understand mind problem one two zero press
    1 2 0
    """)
)


def understand(text: str) -> Answer:
    """Return what the words of an answer mean.

    A refusal anywhere beats a yes anywhere, and a yes counts only when nothing is said beside it
    that could take it back or speak to somebody else: asking again costs little, while a false
    grant is the one error that cannot be made good.
    """
    words = _words(text)
    plain = " ".join(words)
    if _HUMAN.search(plain):
        return Answer.HUMAN
    key = _KEY_SAID.fullmatch(plain)
    if key:
        return KEYS[_DIGITS.get(key[1], key[1])]
    if _NO.search(_NO_REFUSAL.sub("…", plain)):
        return Answer.NO
    doubtful = "?" in text or _QUESTION.search(plain) or not _WITH_A_YES.issuperset(words)
    return Answer.UNCLEAR if doubtful or not _YES.search(plain) else Answer.YES


def kept(text: str) -> str:
    """Return what a record may keep of an answer: the words that answer, "…" for all others."""
    shown: list[str] = []
    for word in _words(text):
        word = word if word in _KEPT else "…"
        if word != "…" or shown[-1:] != ["…"]:
            shown.append(word)
    return " ".join(shown)


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
