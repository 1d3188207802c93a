"""A switchboard that answers with real legs and does nothing else, and sounds to send over them."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Any

import numpy as np
from aiortc import RTCIceServer

from gateway.answers import Demand
from gateway.broadcast import Broadcast
from gateway.events import Event
from gateway.server import CallEndedError, FullError
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.picture import Screened
from media.audio import RATE, Pcm


class LegSwitchboard:
    def __init__(
        self,
        *,
        most_calls: int = 4,
        screened: Screened = None,
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self.legs: dict[str, WebRtcLeg] = {}
        self.broadcasts: dict[str, Broadcast] = {}
        self.tenants: dict[str, str | None] = {}
        self.reasons: list[str] = []
        self.demands: list[tuple[Demand, str]] = []
        self.most_calls = most_calls
        self.screened = screened
        self.ice_servers = ice_servers

    async def answer(self, offer: str, tenant: str | None = None) -> tuple[str, str]:
        if offer.startswith("v=0\r\ns=trouble"):
            raise RuntimeError("secret 4111 1111 1111 1111")
        if len(self.legs) >= self.most_calls:
            raise FullError
        leg, answer = await WebRtcLeg.answer(
            offer, loopback=True, ice_servers=self.ice_servers, screened=self.screened
        )
        call_id = secrets.token_urlsafe(16)
        self.legs[call_id] = leg
        self.broadcasts[call_id] = Broadcast()
        self.tenants[call_id] = tenant
        return call_id, answer

    def leg(self, call_id: str) -> WebRtcLeg | None:
        return self.legs.get(call_id)

    async def hang_up(self, call_id: str, reason: str) -> bool:
        leg = self.legs.pop(call_id, None)
        if leg is None:
            return False
        self.broadcasts[call_id].end()
        await leg.hang_up()
        return True

    def watch(self, call_id: str) -> AsyncIterator[Event] | None:
        broadcast = self.broadcasts.get(call_id)
        return broadcast.subscribe() if broadcast else None

    async def demand(self, call_id: str, demand: Demand, by: str) -> list[str]:
        if call_id not in self.broadcasts:
            raise KeyError(call_id)
        if call_id not in self.legs:
            raise CallEndedError
        self.demands.append((demand, by))
        return ["record"]

    def calls(self) -> list[dict[str, Any]]:
        return [{"call_id": call_id, "state": "talking"} for call_id in self.legs]

    def ready(self) -> list[str]:
        return self.reasons


def tone(hertz: float, duration_s: float) -> Pcm:
    t = np.arange(round(duration_s * RATE)) / RATE
    return (8_000 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def chirp(duration_s: float) -> Pcm:
    """A sweep from 300 to 3000 Hz: every moment of it differs, so that it shows alignment."""
    t = np.arange(round(duration_s * RATE)) / RATE
    phase = 2 * np.pi * (300 * t + 2700 / (2 * duration_s) * t**2)
    return (8_000 * np.sin(phase)).astype(np.int16)


def strongest_hertz(pcm: Pcm) -> float:
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    return float(np.argmax(spectrum)) * RATE / len(pcm)


async def collect(source: AsyncIterator[Pcm], duration_s: float, within_s: float = 20) -> Pcm:
    """Gather samples until there are `duration_s` of them."""
    parts: list[Pcm] = []
    async with asyncio.timeout(within_s):
        async for pcm in source:
            parts.append(pcm)
            if sum(map(len, parts)) >= duration_s * RATE:
                break
    return np.concatenate(parts)


async def until_heard(source: AsyncIterator[Pcm], hertz: float) -> None:
    """Wait until a second of this tone has come; a busy machine may be late with it."""
    async with asyncio.timeout(20):
        heard = np.zeros(0, np.int16)
        async for pcm in source:
            heard = np.concatenate((heard, pcm))[-RATE:]
            loud = np.abs(heard).mean() > 1_000
            if len(heard) == RATE and loud and abs(strongest_hertz(heard) - hertz) < 5:
                return
    raise AssertionError("the sound has ended")
