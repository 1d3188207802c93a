"""A call that is handed off: why, what those who take it are told, and how it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.events import Found, Transcript
from gateway.legs import AgentLeg


class Reason(StrEnum):
    """Why a call is handed off."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    WANTS_A_HUMAN = "wants a human"
    SYNTHETIC_VOICE = "synthetic voice"
    OPERATOR = "operator"
    AGENT_ASKED = "agent asked"
    AGENT_LOST = "agent lost"
    NO_AGENT = "no agent"


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a call that is handed off: tokens in place of values, and nothing more.

    `since` is when the call began (UTC), `consent` the outcome of each purpose by its name,
    `transcript` and `findings` are what of them may be kept, oldest first. `note` is what the agent
    says when it is the one that asks, `voice` what the caller's voice was taken for, if it was
    looked at.
    """

    call_id: str
    reason: Reason
    since: dt.datetime
    language: str
    consent: Mapping[str, str]
    transcript: Sequence[Transcript] = ()
    findings: Sequence[Found] = ()
    note: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The caller waits; `position` 1 is next, None is not known."""

    position: int | None


@dataclass(frozen=True, slots=True)
class Ready:
    """Somebody can be reached by `leg`, which is not yet connected.

    When it cannot be connected, the next step tells what else there is.
    """

    leg: AgentLeg
    inspect: bool
    """Whether it hears the caller through the inspection; otherwise directly."""
    person: bool = True
    """Whether a person is there; otherwise another AI agent."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody takes the call; `reason` is fit for a log (no personal data). The last step."""

    reason: str


Step = Waiting | Ready | Closed
