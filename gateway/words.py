"""What callers are told, as ids of prompts, on the way to a person, at the end, and in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.answers import Demand
from gateway.consent import State
from gateway.hand_off.case import Reason

FIRST: Final[Mapping[State | Reason, tuple[str, ...]]] = {
    State.UNCLEAR: ("unclear_hand_off",),
    Reason.REFUSED: ("refused_hand_off",),
    Reason.WITHDRAWN: ("withdrawn", "hand_off"),
    Reason.SYNTHETIC_VOICE: ("synthetic_voice",),
}
"""What is said when a call is handed off, after a question or for a reason; else `hand_off`."""

LAST: Final[Mapping[State | Reason, tuple[str, ...]]] = {
    State.REFUSED: ("refused",),
    State.UNCLEAR: ("timed_out",),
    State.TIMED_OUT: ("timed_out",),
    Reason.WITHDRAWN: ("withdrawn",),
    Reason.AGENT_LOST: ("agent_lost",),
}
"""What is said when nobody takes the call, after a question or for a reason; else `NOBODY`."""

NOBODY: Final = ("nobody_there",)

BARRED: Final = ("synthetic_end",)
"""What is said to a voice that may not go on."""

STOPPING: Final = ("call_again", "goodbye")
"""What is said when the gateway stops and the call has not ended by itself."""

CONFIRMED: Final[Mapping[Demand, tuple[str, ...]]] = {
    Demand.STOP_RECORDING: ("recording_stopped",),
    Demand.DELETE: ("deleted",),
    Demand.STOP: ("withdrawn",),
    Demand.HUMAN: (),
}
"""What is said when a demand was met and the talk goes on."""


def goodbye(words: tuple[str, ...], number: str | None) -> tuple[str, ...]:
    """Return the last words of a call; where people may be reached is told digit by digit."""
    if words not in (NOBODY, LAST[Reason.WITHDRAWN]):
        return words
    digits = [c for c in number or "" if c == "+" or c.isdecimal()]
    told = [f"digit_{'plus' if c == '+' else c}" for c in digits]
    return (*words, *(("call_us_on", *told) if number else ("call_again",)), "goodbye")
