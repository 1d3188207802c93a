"""How a leg ends, and that it leaves nothing behind."""

import asyncio
import threading

import aioice.ice
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from gateway.legs import Audio, Gone
from gateway.webrtc import leg as leg_module
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.leg import WebRtcLeg, close_all
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import LONGEST_QUEUE, Voice
from tests.gateway.switchboard import tone


async def offering() -> RTCPeerConnection:
    pc = peer_connection()
    pc.addTrack(Voice())
    with loopback_candidates():
        await pc.setLocalDescription(await pc.createOffer())
    return pc


async def connected() -> tuple[RTCPeerConnection, WebRtcLeg]:
    caller = await offering()
    leg, answer = await WebRtcLeg.answer(caller.localDescription.sdp, loopback=True)
    await caller.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    async with asyncio.timeout(15):
        async for event in leg.events():
            if isinstance(event, Audio):
                break
    return caller, leg


async def end_of(leg: WebRtcLeg) -> Gone:
    async with asyncio.timeout(20):
        async for event in leg.events():
            if isinstance(event, Gone):
                return event
    raise AssertionError


async def test_a_caller_who_never_connects_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leg_module, "CONNECT_WITHIN", 0.2)
    caller = await offering()
    leg, _ = await WebRtcLeg.answer(caller.localDescription.sdp, loopback=True)
    assert await end_of(leg) == Gone("the caller did not connect in time")
    await caller.close()


async def test_a_caller_whose_network_is_lost_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.1)
    monkeypatch.setattr(aioice.ice, "CONSENT_FAILURES", 2)
    caller, leg = await connected()
    for transceiver in caller.getTransceivers():  # the cable is pulled
        for protocol in transceiver.receiver.transport.transport._connection._protocols:
            protocol.transport.abort()
    gone = await end_of(leg)
    assert gone.reason in ("the network to the caller is lost", "the caller hung up")
    await caller.close()


async def test_hanging_up_twice_and_after_the_caller_is_harmless() -> None:
    caller, leg = await connected()
    await asyncio.gather(leg.hang_up(), leg.hang_up())
    assert await end_of(leg) == Gone("hung up by the gateway")
    await caller.close()
    await leg.hang_up()


async def test_a_leg_has_no_thread_and_nothing_outlives_it() -> None:
    threads = threading.active_count()
    caller, leg = await connected()
    assert not any("decoder" in thread.name for thread in threading.enumerate())
    await caller.close()
    await close_all()
    assert threading.active_count() == threads
    assert not leg_module._open_legs
    assert not leg.connected


async def test_what_does_not_fit_the_queue_is_dropped_and_counted() -> None:
    voice = Voice()
    voice.play(tone(440, 119))
    voice.play(tone(880, 3))
    assert voice.unplayed() == LONGEST_QUEUE / 16_000
    assert voice.dropped == 2 * 16_000, "of the oldest"
