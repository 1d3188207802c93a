"""Consent: for which purposes it was asked, what was answered, and what that opens.

Pure. One question is a walk through `TABLE`; a script (`gateway.scripts`) is a graph of such
questions, each for one or several purposes. The documentation's diagram and tables are generated
from the tables here. Closed by default: only what `OPENING` names opens anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.answers import Answer, Demand


class Purpose(StrEnum):
    """What a caller may consent to."""

    AGENT = "agent"
    RECORD = "record"
    TRANSCRIBE = "transcribe"
    BIOMETRIC = "biometric"
    VIDEO = "video"
    TRAINING = "training"


OPENS: Final[Mapping[Purpose, str]] = {
    Purpose.AGENT: "the agent's leg, and the vault's values",
    Purpose.RECORD: "the recording",
    Purpose.TRANSCRIBE: "the stored transcript",
    Purpose.BIOMETRIC: "the liveness score",
    Purpose.VIDEO: "the caller's picture",
    Purpose.TRAINING: "the mark that what is kept may be used for training",
}


class Outcome(StrEnum):
    """What came of asking for a purpose."""

    NOT_ASKED = "not asked"
    NOTICED = "noticed"
    """Open by notice alone, where the law asks no more (US one-party recording)."""
    GRANTED = "granted"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    TIMED_OUT = "timed out"
    WITHDRAWN = "withdrawn"


OPENING: Final = frozenset({Outcome.NOTICED, Outcome.GRANTED})

WITHDRAWAL: Final[Mapping[Outcome, Outcome]] = {
    Outcome.NOTICED: Outcome.WITHDRAWN,
    Outcome.GRANTED: Outcome.WITHDRAWN,
    Outcome.NOT_ASKED: Outcome.REFUSED,
}
"""What a withdrawal makes of an outcome: what was not asked yet is not asked any more."""

RESTS_ON: Final[Mapping[Purpose, frozenset[Purpose]]] = {
    Purpose.VIDEO: frozenset({Purpose.AGENT}),
    Purpose.TRAINING: frozenset({Purpose.RECORD, Purpose.TRANSCRIBE}),
}
"""A purpose that is open only while one of these is: without what is kept there is no training."""

DEMANDS: Final[Mapping[Demand, frozenset[Purpose]]] = {
    Demand.STOP_RECORDING: frozenset({Purpose.RECORD, Purpose.TRANSCRIBE, Purpose.TRAINING}),
    Demand.DELETE: frozenset({Purpose.RECORD, Purpose.TRANSCRIBE, Purpose.TRAINING}),
    Demand.HUMAN: frozenset({Purpose.AGENT}),
    Demand.STOP: frozenset(Purpose),
}
"""What each demand of a caller withdraws."""


ERASES: Final[Mapping[Purpose, str]] = {
    Purpose.RECORD: "recording",
    Purpose.TRANSCRIBE: "transcript",
}
"""What was kept for a purpose, and is erased when that is withdrawn."""

SEALED_FOR: Final = frozenset({Purpose.AGENT, Purpose.TRANSCRIBE})
"""When one of these is withdrawn, the vault forgets the call's values."""


class State(StrEnum):
    """Where one question stands."""

    ASKED = "asked"
    ASKED_AGAIN = "asked again"
    ASKED_LAST = "asked last"
    GRANTED = "granted"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    TIMED_OUT = "timed out"
    HUMAN = "wants a human"


_DECIDED: Final = {Answer.YES: State.GRANTED, Answer.NO: State.REFUSED, Answer.HUMAN: State.HUMAN}
_IN_OTHER_WORDS: Final = (Answer.UNCLEAR, Answer.REPEAT, Answer.SILENCE)

TABLE: Final[Mapping[tuple[State, Answer], State]] = {
    **{
        (state, answer): after
        for state in (State.ASKED, State.ASKED_AGAIN, State.ASKED_LAST)
        for answer, after in _DECIDED.items()
    },
    **{(State.ASKED, answer): State.ASKED_AGAIN for answer in _IN_OTHER_WORDS},
    **{(State.ASKED_AGAIN, answer): State.ASKED_LAST for answer in _IN_OTHER_WORDS},
    (State.ASKED_LAST, Answer.UNCLEAR): State.UNCLEAR,
    (State.ASKED_LAST, Answer.REPEAT): State.UNCLEAR,
    (State.ASKED_LAST, Answer.SILENCE): State.TIMED_OUT,
}
"""(state, answer) → next state of the question."""

OUTCOMES: Final[Mapping[State, Outcome]] = {
    State.GRANTED: Outcome.GRANTED,
    State.REFUSED: Outcome.REFUSED,
    State.HUMAN: Outcome.REFUSED,
    State.UNCLEAR: Outcome.UNCLEAR,
    State.TIMED_OUT: Outcome.TIMED_OUT,
}
"""What each last state of a question makes of its purposes."""

DEMAND_KEYS: Final[Mapping[str, Demand]] = {"*0": Demand.HUMAN, "**": Demand.STOP}
"""Two keys pressed one after the other in the middle of a call → what they demand."""


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

    @property
    def targets(self) -> dict[State, str]:
        """Return where each last state leads."""
        return {
            State.GRANTED: self.granted,
            State.REFUSED: self.refused,
            State.HUMAN: End.HAND_OFF,
            State.UNCLEAR: self.unclear,
            State.TIMED_OUT: self.timed_out,
        }


class Consent:
    """The consent of one call: walks through a script, and keeps what is open.

    Args:
        steps: the questions, by name.
        start: the first one's name, or an `End`.
        purposes: what this call could do at all; a question for none of these is skipped.
        noticed: of these, what is open by notice alone.
    """

    def __init__(
        self,
        steps: Mapping[str, Step],
        start: str,
        purposes: Collection[Purpose],
        noticed: Collection[Purpose] = (),
    ) -> None:
        self._steps = steps
        self.outcomes = {
            purpose: Outcome.NOTICED if purpose in noticed else Outcome.NOT_ASKED
            for purpose in Purpose
            if purpose in purposes
        }
        self.state = State.ASKED
        self.at = self._skip(start)

    @property
    def over(self) -> bool:
        """Tell whether nothing more is asked; `at` is an `End` then."""
        return self.at not in self._steps

    @property
    def prompt(self) -> str:
        """Return the id of the prompt that asks the question as it stands."""
        step = self._steps[self.at]
        wordings = {State.ASKED: step.ask, State.ASKED_AGAIN: step.again}
        return wordings.get(self.state, step.last)

    @property
    def asked(self) -> frozenset[Purpose]:
        """Return what the present question is about; nothing when all is over."""
        return self._open_questions(self._steps[self.at]) if not self.over else frozenset()

    def answer(self, answer: Answer) -> State:
        """Take an answer to the present question; return the state that it led to."""
        step = self._steps[self.at]
        state = TABLE[self.state, answer]
        if state in OUTCOMES:
            self._set(self._open_questions(step), OUTCOMES[state])
            self.state = State.ASKED
            self.at = self._skip(step.targets[state])
        else:
            self.state = state
        return state

    def withdraw(self, purposes: Iterable[Purpose]) -> frozenset[Purpose]:
        """Close these, and what rests on them; return what was open until now.

        Withdrawn twice is withdrawn once. A question that is left without a purpose is skipped; a
        withdrawal never leads to `End.OPEN` by itself: that is for the call to look at.
        """
        before = self.open
        for purpose in purposes:
            outcome = self.outcomes.get(purpose)
            if outcome is not None:
                self.outcomes[purpose] = WITHDRAWAL.get(outcome, outcome)
        for purpose in before - self.open:
            self.outcomes[purpose] = Outcome.WITHDRAWN
        if not self.over and not self.asked:
            self.state, self.at = State.ASKED, self._skip(self._steps[self.at].refused)
        return before - self.open

    @property
    def open(self) -> frozenset[Purpose]:
        """Return the purposes that are open."""
        given = {p for p, outcome in self.outcomes.items() if outcome in OPENING}
        return frozenset(p for p in given if p not in RESTS_ON or RESTS_ON[p] & given)

    def _open_questions(self, step: Step) -> frozenset[Purpose]:
        return frozenset(p for p in step.purposes if self.outcomes.get(p) is Outcome.NOT_ASKED)

    def _set(self, purposes: Iterable[Purpose], outcome: Outcome) -> None:
        for purpose in purposes:
            self.outcomes[purpose] = outcome

    def _skip(self, target: str) -> str:
        while target in self._steps and not self._open_questions(self._steps[target]):
            target = self._steps[target].granted
        return target
