"""What a call does, as a table: (state, what happens) → (next state, what is done).

Pure. `gateway.call` walks through it; the diagram in docs/architecture.md is generated from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a call stands."""

    DIALLING = "dialling"
    CONSENT = "consent"
    CONNECTING = "connecting"
    TALKING = "talking"
    HANDING_OFF = "handing_off"
    HANDED_OFF = "handed_off"
    CLOSING = "closing"
    ENDED = "ended"


class Happening(StrEnum):
    """What can happen to a call."""

    ANSWERED = "caller heard"
    GRANTED = "consent granted"
    DENIED = "consent denied"
    REACHED = "agent reached"
    LOST = "agent lost"
    TRANSFER = "hand-off"
    NOBODY = "nobody there"
    DONE = "agent hung up"
    BARRED = "caller barred"
    FAILED = "something failed"
    SENT_OFF = "gateway stops"
    PLAYED = "last prompt played"
    HUNG_UP = "caller gone"


TALKING: Final = (State.TALKING, State.HANDED_OFF)
"""The states in which the caller is through to somebody."""

TABLE: Final[dict[tuple[State, Happening], tuple[State, tuple[str, ...]]]] = {
    (State.DIALLING, Happening.ANSWERED): (State.CONSENT, ("ask",)),
    (State.CONSENT, Happening.GRANTED): (State.CONNECTING, ("stop_asking", "connect")),
    (State.CONSENT, Happening.DENIED): (State.CLOSING, ("stop_asking", "dismiss")),
    (State.CONSENT, Happening.TRANSFER): (State.HANDING_OFF, ("stop_asking", "hand_off")),
    (State.CONNECTING, Happening.REACHED): (State.TALKING, ("open",)),
    (State.CONNECTING, Happening.LOST): (State.HANDING_OFF, ("close", "hand_off")),
    (State.CONNECTING, Happening.TRANSFER): (State.HANDING_OFF, ("close", "hand_off")),
    (State.TALKING, Happening.LOST): (State.HANDING_OFF, ("close", "hand_off")),
    (State.TALKING, Happening.TRANSFER): (State.HANDING_OFF, ("close", "hand_off")),
    (State.TALKING, Happening.DONE): (State.CLOSING, ("close",)),
    (State.TALKING, Happening.BARRED): (State.CLOSING, ("close", "dismiss")),
    (State.HANDING_OFF, Happening.REACHED): (State.HANDED_OFF, ("open",)),
    (State.HANDING_OFF, Happening.TRANSFER): (State.HANDING_OFF, ("close", "hand_off")),
    (State.HANDING_OFF, Happening.NOBODY): (State.CLOSING, ("close", "dismiss")),
    (State.HANDED_OFF, Happening.LOST): (State.CLOSING, ("close", "dismiss")),
    (State.HANDED_OFF, Happening.TRANSFER): (State.HANDING_OFF, ("close", "hand_off")),
    (State.HANDED_OFF, Happening.DONE): (State.CLOSING, ("close",)),
    (State.HANDED_OFF, Happening.BARRED): (State.CLOSING, ("close", "dismiss")),
    (State.CLOSING, Happening.PLAYED): (State.ENDED, ()),
    **{
        (state, happening): (State.CLOSING, ("stop_asking", "close", "dismiss"))
        for happening in (Happening.FAILED, Happening.SENT_OFF)
        for state in (
            State.DIALLING,
            State.CONSENT,
            State.CONNECTING,
            State.TALKING,
            State.HANDING_OFF,
            State.HANDED_OFF,
        )
    },
    **{
        (state, Happening.HUNG_UP): (State.ENDED, ("flush",) if state in TALKING else ())
        for state in State
        if state is not State.ENDED
    },
}
"""(state, happening) → (next state, actions in order). What is not here is ignored."""
