"""What a peer did and the call has not yet taken up: bounded, in order, without holes in time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from gateway import telemetry
from gateway.legs import Audio, CallerEvent, Gone, Key
from gateway.webrtc.guard import Allowance
from media.audio import RATE, Pcm, Samples

BOUND: Final[Samples] = 10 * RATE
"""Samples that may wait; those after them are replaced by as much silence."""

_MOST_KEYS: Final = 64
_FASTEST: Final = 1.05 * RATE  # samples a second: nobody's clock is wrong by more
_AT_ONCE: Final = 1.5 * BOUND  # what comes all together when a network was gone for seconds


@dataclass(slots=True)
class _Gap:
    length: Samples


class Inbox:
    """A queue of caller events that never blocks and never loses time.

    When the call is slower than the caller, samples beyond `BOUND` are counted instead of kept,
    and come out as silence of the same length in their place: late sound would be worth less than
    a call that keeps its clock, and unheard sound must not reach an agent uninspected. Keys beyond
    64 waiting are dropped. Samples that come faster than anybody speaks are dropped too, with
    their time (OWASP ASVS 5.0, 17.2.5): a flood must not buy more inspection than a call.
    """

    def __init__(self) -> None:
        self._waiting: deque[Audio | Key | _Gap | Gone] = deque()
        self._held: Samples = 0
        self._keys = 0
        self._ended = False
        self._news = asyncio.Event()
        self._pace = Allowance(_FASTEST, _AT_ONCE)
        self.lost: Samples = 0
        """Samples replaced by silence so far."""

    def audio(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Add samples, and the Opus packet that they were, if they were one."""
        if self._ended:
            return
        if not self._pace.allows(asyncio.get_running_loop().time(), len(pcm)):
            telemetry.DROPPED.labels("pace").inc()
            return
        if self._held + len(pcm) <= BOUND:
            self._waiting.append(Audio(pcm, coded))
            self._held += len(pcm)
        else:
            self.lost += len(pcm)
            telemetry.DROPPED.labels("sound").inc()
            last = self._waiting[-1] if self._waiting else None
            if isinstance(last, _Gap):
                last.length += len(pcm)
            else:
                self._waiting.append(_Gap(len(pcm)))
        self._news.set()

    def key(self, digit: str) -> None:
        """Add a key press."""
        if not self._ended and self._keys < _MOST_KEYS:
            self._keys += 1
            self._waiting.append(Key(digit))
            self._news.set()
        elif not self._ended:
            telemetry.DROPPED.labels("keys").inc()

    def end(self, reason: str, *, hung_up: bool = False) -> None:
        """Add the end; what comes after it is ignored."""
        if not self._ended:
            self._ended = True
            self._waiting.append(Gone(reason, hung_up))
            self._news.set()

    async def events(self) -> AsyncIterator[CallerEvent]:
        """Yield what comes, ending with `Gone`. For one reader."""
        while True:
            while not self._waiting:
                self._news.clear()
                await self._news.wait()
            event = self._waiting.popleft()
            match event:
                case _Gap():
                    silence = min(event.length, RATE)
                    event.length -= silence
                    if event.length:
                        self._waiting.appendleft(event)
                    yield Audio(np.zeros(silence, np.int16))
                case Gone():
                    self._waiting.appendleft(event)  # whoever asks again hears it again
                    yield event
                    return
                case Audio():
                    self._held -= len(event.pcm)
                    yield event
                case Key():
                    self._keys -= 1
                    yield event
