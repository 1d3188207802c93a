"""One clock for the sound of all legs of an event loop.

Upstream each sender sleeps for itself (aiortc 1.16, `_run_rtp`): as many timers and task switches
as there are packets. Here one timer wakes for a few legs at a time, spread over the 20 ms, and a
late wake-up does not shift what follows.
"""

from __future__ import annotations

import asyncio
from typing import Final, Protocol
from weakref import WeakKeyDictionary

import structlog

from media.audio import FRAME, Seconds, seconds

SLOTS: Final = 5
"""Groups of members, which take turns every 4 ms."""

_PERIOD: Final[Seconds] = seconds(FRAME)
_LATEST: Final[Seconds] = 0.2  # a loop that was blocked for longer begins anew: no burst

log = structlog.get_logger(__name__)


class Paced(Protocol):
    """What has something to do every 20 ms."""

    def beat(self, now: Seconds) -> None:
        """Do it; `now` is the loop's time. Missed beats are made up for, up to 200 ms."""


class Pacer:
    """Give its members a beat every 20 ms. One that fails gets no more."""

    def __init__(self) -> None:
        self._slots: list[dict[Paced, None]] = [{} for _ in range(SLOTS)]
        self._turn = 0
        self._due: Seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, member: Paced) -> None:
        """Let a member take part from the next turn of the emptiest slot on."""
        min(self._slots, key=len)[member] = None
        if self._timer is None:
            self._due = asyncio.get_running_loop().time()
            self._wait()

    def remove(self, member: Paced) -> None:
        """Give a member no more beats."""
        for slot in self._slots:
            slot.pop(member, None)

    def _wait(self) -> None:
        """Sleep until the next slot that has members is due."""
        if not any(self._slots):
            self._timer = None
            return
        while not self._slots[self._turn]:
            self._next_turn()
        self._timer = asyncio.get_running_loop().call_at(self._due, self._wake)

    def _next_turn(self) -> None:
        self._turn = (self._turn + 1) % SLOTS
        self._due += _PERIOD / SLOTS

    def _wake(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._due > _LATEST:
            self._due = now
        while self._due <= now:
            for member in list(self._slots[self._turn]):
                try:
                    member.beat(now)
                except Exception as error:
                    log.error("the sound of a leg failed", error=type(error).__name__)
                    self.remove(member)
            self._next_turn()
        self._wait()


_pacers: WeakKeyDictionary[asyncio.AbstractEventLoop, Pacer] = WeakKeyDictionary()


def pacer() -> Pacer:
    """Return the running loop's pacer."""
    return _pacers.setdefault(asyncio.get_running_loop(), Pacer())
