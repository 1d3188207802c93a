"""Our side of `hushgate bench relay`: the HTTP face and the legs of the gateway, no calls in it.

What a caller says comes back to the same caller: through the inspection (mode `inspected`), decoded
and encoded (`plain`), or as the packets that came, as between two people (`forwarded`), where it is
decoded all the same, for whoever listens.
"""

from __future__ import annotations

import asyncio
import gc
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from starlette.applications import Starlette

from gateway.answers import Demand
from gateway.bench.passing import Passing
from gateway.bench.side import Heard, counted
from gateway.events import Event
from gateway.legs import Audio
from gateway.playback import Live
from gateway.server import create_app
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import Session
from media.audio import Pcm, seconds


class Echo:
    """A switchboard (`gateway.server.Switchboard`) that plays to each caller what it hears."""

    def __init__(self, mode: str, heard: Heard) -> None:
        self._mode = mode
        self._heard = heard
        self._legs: dict[str, WebRtcLeg] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def answer(self, offer: str, tenant: str | None) -> tuple[str, str]:
        """Answer an offer."""
        leg, answer = await WebRtcLeg.answer(offer, loopback=True)
        call_id = secrets.token_urlsafe(16)
        self._legs[call_id] = leg
        task = asyncio.create_task(self._run(call_id, leg))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return call_id, answer

    async def _run(self, call_id: str, leg: WebRtcLeg) -> None:
        self._heard.calls += 1
        passing, live = Passing(), Live(leg)
        try:
            async for event in leg.events():
                if not isinstance(event, Audio):
                    continue
                self._heard.seconds += seconds(len(event.pcm))
                match self._mode:
                    case "inspected":
                        for pcm in passing.feed(event.pcm):
                            leg.play(pcm)
                    case "plain":
                        live.play(event.pcm)
                    case "forwarded":
                        live.play(event.pcm, event.coded)
        finally:
            self._heard.calls -= 1
            del self._legs[call_id]
            await leg.hang_up()

    def leg(self, call_id: str) -> WebRtcLeg | None:
        """Return a live call's caller leg."""
        return self._legs.get(call_id)

    async def hang_up(self, call_id: str, reason: str) -> bool:
        """End a call; return False when there is no such call."""
        leg = self._legs.get(call_id)
        if leg is not None:
            await leg.hang_up()
        return leg is not None

    async def demand(self, call_id: str, demand: Demand, by: str) -> list[str]:
        """Know of no call that anything could be demanded of."""
        raise KeyError(call_id)

    def calls(self) -> list[dict[str, Any]]:
        """Return nothing: there is no operator."""
        return []

    def watch(self, call_id: str) -> AsyncIterator[Event] | None:
        """Return None: nobody watches."""
        return None

    def ready(self) -> list[str]:
        """Return that calls can be taken."""
        return []


def app(mode: str) -> Starlette:
    """Return the application of one mode."""
    heard = Heard()
    made = counted(create_app(Echo(mode, heard)), heard)
    gc.collect()
    gc.freeze()  # as `hushgate serve`
    return made


class Caller:
    """A caller who says a sound once, by our media; `on_frame` is told whenever 20 ms are sent."""

    rate: Final = 16_000

    def __init__(self, url: str, sound: Pcm, on_frame: Callable[[], None]) -> None:
        self._voice = Voice(lambda _: on_frame())
        self._voice.play(sound)
        self._session = Session(url, self._voice)
        self.pc = self._session.pc

    async def connect(self) -> None:
        """Place the call."""
        await self._session.connect()

    async def hear(self) -> AsyncIterator[Pcm]:
        """Yield what comes back, at `rate`, until the call ends."""
        async for heard in self._session.hear():
            yield heard.pcm

    async def hang_up(self) -> None:
        """End the call."""
        await self._session.end()
