"""What the caller hears of an agent, and the marks that wait in it, as Twilio has them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.legs import CallerLeg
from media.audio import Pcm


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
