"""What a call tells those who watch it: the terminal, the page, the report.

Every event is free of raw personal data and goes out as JSON by `as_json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from media.audio import Seconds


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The call moved to another state (see `gateway.states`)."""

    state: str
    at_s: Seconds


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """Consent is asked, granted, refused, unclear, timed out or withdrawn.

    `purposes` says how each purpose of the call stands (`gateway.consent.Outcome`).
    """

    outcome: str
    at_s: Seconds
    purposes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transcript:
    """Masked words that the agent was given, or words that the agent said (`who`)."""

    who: str
    text: str
    start_s: Seconds
    end_s: Seconds


@dataclass(frozen=True, slots=True)
class Found:
    """An entity was found and silenced; `rule` names the recogniser that said so."""

    entity: str
    token: str
    score: float
    action: str
    start_s: Seconds
    end_s: Seconds
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """How old the oldest sample in the hold is."""

    age_s: Seconds
    at_s: Seconds


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know: recognition stalled, the agent went away."""

    text: str
    at_s: Seconds


Event = StateChanged | ConsentChanged | Transcript | Found | Held | Notice


def as_json(event: Event) -> dict[str, Any]:
    """Return the event as a JSON object whose `type` is its class name in lower case."""
    return {"type": type(event).__name__.lower(), **asdict(event)}
