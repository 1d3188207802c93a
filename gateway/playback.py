"""What is heard at the end of a leg: an agent, with the marks that wait in it, or a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from gateway.legs import CallerLeg
from media.audio import Pcm, Seconds

LIVE: Final[Seconds] = 0.5
"""How late people who talk with each other may be heard."""

_CATCH_UP: Final[Seconds] = 0.3  # silence is left out while more than this waits


class Player(Protocol):
    """What plays queued samples in real time: a caller's leg, the voice of a connection."""

    def play(self, pcm: Pcm) -> None:
        """Queue samples."""

    def stop_playing(self) -> None:
        """Drop what is queued."""

    def unplayed(self) -> Seconds:
        """Tell how much is queued."""


def play_live(player: Player, pcm: Pcm, behind: Seconds = LIVE) -> None:
    """Play what comes in real time, at most `behind` late.

    Where something waits digital silence is left out; where more than `behind` waits, that is
    dropped. Otherwise what once came late would be late for the rest of the call.
    """
    waiting = player.unplayed()
    if waiting > _CATCH_UP and not pcm.any():
        return
    if waiting > behind:
        player.stop_playing()
    player.play(pcm)


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
