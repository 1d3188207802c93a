"""Calls over bad networks, with real sockets on loopback (see tests/netem)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aioice.ice
import numpy as np
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from gateway.legs import Audio, Gone
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice, listen
from media.audio import RATE, Pcm
from tests.gateway.hearing import match
from tests.gateway.switchboard import chirp, collect, strongest_hertz, tone
from tests.netem.link import CLEAR, DEAD, Conditions
from tests.netem.nat import Nat, nat


@dataclass
class Line:
    """A call: the caller's end, the gateway's end, and the network between them."""

    network: Nat
    caller: RTCPeerConnection
    voice: Voice
    leg: WebRtcLeg

    async def arriving(self) -> AsyncIterator[Pcm]:
        """What the gateway hears, until the call ends."""
        async for event in self.leg.events():
            match event:
                case Audio():
                    yield event.pcm
                case Gone():
                    return

    def heard(self) -> AsyncIterator[Pcm]:
        """What the caller hears."""
        return listen(self.caller.getReceivers()[0].track)


@asynccontextmanager
async def call(conditions: Conditions = CLEAR, seed: int = 0) -> AsyncIterator[Line]:
    """A call over a network that is so in both directions."""
    async with nat(conditions, conditions, seed) as network:
        voice = Voice()
        caller = peer_connection()
        caller.addTrack(voice)
        with loopback_candidates():
            await caller.setLocalDescription(await caller.createOffer())
        offer = network.offer(caller.localDescription.sdp)
        leg, answer = await WebRtcLeg.answer(offer, loopback=True)
        try:
            await caller.setRemoteDescription(
                RTCSessionDescription(network.answer(answer), "answer")
            )
            async with asyncio.timeout(15):
                await leg._connected.wait()
            yield Line(network, caller, voice, leg)
        finally:
            await caller.close()
            await leg.hang_up()


async def sounds(source: AsyncIterator[Pcm], hertz: float) -> None:
    """Wait until a second of this tone has come."""
    async with asyncio.timeout(20):
        heard = np.zeros(0, np.int16)
        async for pcm in source:
            heard = np.concatenate((heard, pcm))[-RATE:]
            loud = np.abs(heard).mean() > 1_000
            if len(heard) == RATE and loud and abs(strongest_hertz(heard) - hertz) < 5:
                return
    raise AssertionError("the sound has ended")


@pytest.mark.parametrize(
    "conditions",
    [
        Conditions(delay_s=0.06, jitter_s=0.06),
        Conditions(delay_s=0.03, reorder=0.2),
        Conditions(delay_s=0.02, jitter_s=0.02, duplicate=0.5),
    ],
    ids=["jitter", "reordering", "duplicates"],
)
async def test_what_only_comes_out_of_order_is_heard_whole_and_once(
    conditions: Conditions,
) -> None:
    said = chirp(3)
    async with call(conditions) as line:
        line.voice.play(said)
        heard = await collect(line.arriving(), 4)
    _, whole = match(said, heard)
    assert whole > 0.9


async def test_a_call_survives_ten_seconds_without_a_network() -> None:
    async with call() as line:
        line.voice.play(tone(440, 60))
        line.leg.play(tone(700, 60))
        arriving, heard = line.arriving(), line.heard()
        await asyncio.gather(sounds(arriving, 440), sounds(heard, 700))
        line.network.up.conditions = line.network.down.conditions = DEAD
        await asyncio.sleep(10)
        assert line.leg.connected
        line.network.up.conditions = line.network.down.conditions = CLEAR
        await asyncio.gather(sounds(arriving, 440), sounds(heard, 700))


async def test_a_call_whose_network_does_not_come_back_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six checks of consent to be sent to, of which none is answered (RFC 7675): 30 s in all."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.2)
    async with call() as line:
        line.network.up.conditions = line.network.down.conditions = DEAD
        async with asyncio.timeout(10):
            async for event in line.leg.events():
                if isinstance(event, Gone):
                    break
        assert event == Gone("the network to the caller is lost")


async def test_a_call_follows_its_caller_to_another_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A NAT that forgets, or another network: no signalling, the caller is just elsewhere."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.5)
    async with call() as line:
        line.voice.play(tone(440, 60))
        line.leg.play(tone(700, 60))
        arriving, heard = line.arriving(), line.heard()
        await asyncio.gather(sounds(arriving, 440), sounds(heard, 700))
        line.network.rebind()
        await asyncio.gather(sounds(arriving, 440), sounds(heard, 700))
