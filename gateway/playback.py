"""What is heard at the end of a leg: an agent, with the marks that wait in it, or a person."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from gateway import telemetry
from gateway.legs import CallerLeg
from media.audio import Pcm, Seconds, seconds
from media.level import dbov

LIVE: Final[Seconds] = 0.5
"""How late people who talk with each other may be heard."""

_WINDOW: Final[Seconds] = 0.2  # in which what waited all the time is delay that nobody needed
_REMEMBERED: Final = 3  # windows; what is jitter shows in each of them, a lost packet in one
_QUIET: Final = -50  # dBov; nobody misses what is softer


class Player(Protocol):
    """What plays queued samples in real time: a caller's leg, the voice of a connection."""

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Queue samples, and the Opus packet that they were, if they were one."""

    def stop_playing(self) -> None:
        """Drop what is queued."""

    def unplayed(self) -> Seconds:
        """Tell how much is queued."""


class Live:
    """Play what comes in real time, as soon as it can be heard without holes.

    What comes late is played late, and then everything after it; that would last for the rest of
    the call. So it is watched how much waits at least whenever something comes: that much, less
    half of the jitter, is not needed, and as much is left out again, of silence if there is any
    within a fifth of a second, of speech otherwise. What would be later than `latest` drops all
    that waits.
    """

    def __init__(self, player: Player, latest: Seconds = LIVE) -> None:
        self._player = player
        self._latest = latest
        self._left: Seconds = 0.0
        self._watched: Seconds = 0.0
        self._least, self._most = latest, 0.0
        self._spreads: deque[Seconds] = deque([0.0], maxlen=_REMEMBERED)
        self._excess: Seconds = 0.0
        self._patient = True

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Take the next samples, and the Opus packet that they were, if they were one."""
        waiting, length = self._player.unplayed(), seconds(len(pcm))
        self._watch(waiting)
        self._left = waiting
        if waiting > self._latest:
            self._player.stop_playing()
            telemetry.DROPPED.labels("live").inc()
            self._left = 0.0
        elif self._excess >= length and (not self._patient or dbov(pcm) < _QUIET):
            self._excess -= length
            return
        self._player.play(pcm, coded)
        self._left += length

    def _watch(self, waiting: Seconds) -> None:
        """Judge, after each window, what waited when something came."""
        self._least, self._most = min(self._least, waiting), max(self._most, waiting)
        self._watched += max(0.0, self._left - waiting)  # that is how long it took to play
        if self._watched < _WINDOW:
            return
        self._spreads.append(self._most - self._least)
        self._patient = self._excess == 0
        # A frame more or less may be waiting when something comes, as it happens.
        self._excess = max(0.0, self._least - min(self._spreads) / 2)
        self._watched, self._least, self._most = 0.0, self._latest, 0.0


class Playback:
    """Play one agent's voice; tell it by `send_mark` what was played, or dropped."""

    def __init__(self, leg: CallerLeg, send_mark: Callable[[str], None]) -> None:
        self._leg = leg
        self._send_mark = send_mark
        self._marks: dict[object, tuple[asyncio.TimerHandle, str]] = {}

    def play(self, pcm: Pcm) -> None:
        """Queue samples to be heard after what is queued already."""
        self._leg.play(pcm)

    def mark(self, name: str) -> None:
        """Send a mark back when what is queued now was played."""
        mark = object()  # names may come twice
        loop = asyncio.get_running_loop()
        self._marks[mark] = loop.call_later(self._leg.unplayed(), self._return, mark), name

    def drop(self) -> None:
        """Stop at once: what is queued is dropped, and its marks go back."""
        self._leg.stop_playing()
        for mark in list(self._marks):
            self._return(mark)

    def forget(self) -> None:
        """Send no mark back any more: the agent is gone. What is queued is still played."""
        for timer, _ in self._marks.values():
            timer.cancel()
        self._marks.clear()

    def _return(self, mark: object) -> None:
        timer, name = self._marks.pop(mark)
        timer.cancel()
        self._send_mark(name)
