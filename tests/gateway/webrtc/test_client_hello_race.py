"""The ClientHello race (OWASP ASVS 5.0, 17.2.6), attacked for real on loopback.

A stranger who knows the gateway's media port floods it with null-cipher ClientHello datagrams and
empty ones, from before ICE until after DTLS. The same attack is run against a peer with aioice's
stock sockets, to show that it is the guard that withstands it.
"""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import AsyncIterator

import aioice.ice
import aiortc.sdp
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from gateway.legs import Audio
from gateway.webrtc import ice
from gateway.webrtc.ice import CheckedProtocol, loopback_candidates
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice
from media.audio import RATE, Pcm
from tests.gateway.switchboard import collect, strongest_hertz, tone

STOCK_PROTOCOL = CheckedProtocol.__mro__[1]


def client_hello() -> bytes:
    """A DTLS 1.2 ClientHello that offers null ciphers only (RFC 6347, 4.2.2)."""
    suites = struct.pack("!HHH", 0x0000, 0x0002, 0x003B)  # NULL_WITH_NULL_NULL, RSA_WITH_NULL_*
    body = (
        b"\xfe\xfd" + os.urandom(32) + b"\x00" + b"\x00"
        + struct.pack("!H", len(suites)) + suites
        + b"\x01\x00"
    )  # fmt: skip
    length = len(body).to_bytes(3, "big")
    handshake = b"\x01" + length + b"\x00\x00" + b"\x00\x00\x00" + length + body
    return b"\x16\xfe\xfd" + bytes(8) + struct.pack("!H", len(handshake)) + handshake


@contextlib.asynccontextmanager
async def attack(answer: str) -> AsyncIterator[list[int]]:
    """Flood every IPv4 port that the answer names; yields a counter of datagrams sent."""
    targets = [
        (candidate.ip, candidate.port)
        for media in aiortc.sdp.SessionDescription.parse(answer).media
        for candidate in media.ice_candidates
        if ":" not in candidate.ip
    ]
    assert ("127.0.0.1" in dict(targets)) is True
    sent = [0]

    async def flood() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            while True:
                for target in targets:
                    for datagram in (client_hello(), b""):
                        with contextlib.suppress(OSError):
                            stranger.sendto(datagram, target)
                            sent[0] += 1
                await asyncio.sleep(0.001)

    task = asyncio.create_task(flood())
    try:
        yield sent
    finally:
        task.cancel()


async def offering(voice: Voice) -> RTCPeerConnection:
    pc = peer_connection()
    pc.addTrack(voice)
    with loopback_candidates():
        await pc.setLocalDescription(await pc.createOffer())
    return pc


async def sound_of(leg: WebRtcLeg) -> AsyncIterator[Pcm]:
    async for event in leg.events():
        if isinstance(event, Audio):
            yield event.pcm


@pytest.mark.parametrize("setup", ["actpass", "active"], ids=["dtls-client", "dtls-server"])
async def test_asvs_17_2_6_a_call_comes_up_and_sounds_under_a_flood_of_client_hellos(
    setup: str,
) -> None:
    voice = Voice()
    caller = await offering(voice)
    offer = caller.localDescription.sdp.replace("a=setup:actpass", f"a=setup:{setup}")
    leg, answer = await WebRtcLeg.answer(offer, loopback=True)
    async with attack(answer) as sent:
        await asyncio.sleep(0.1)  # the attacker is there before ICE
        before = sent[0]
        assert before > 0
        await caller.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        voice.play(tone(700, 10))
        heard = await collect(sound_of(leg), 2.0)
        assert sent[0] > before + 500  # and all the time after it
    await caller.close()
    assert strongest_hertz(heard[-RATE:]) == pytest.approx(700, abs=2)


async def test_asvs_17_2_6_the_same_attack_breaks_a_peer_with_stock_sockets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not the gateway: aioice as it comes. If this fails, upstream may have fixed the race."""
    monkeypatch.setattr(ice, "install", lambda: None)
    monkeypatch.setattr(aioice.ice, "StunProtocol", STOCK_PROTOCOL)
    monkeypatch.setattr(aioice.ice, "get_host_addresses", ice._host_addresses)
    voice = Voice()
    caller = await offering(voice)
    leg, answer = await WebRtcLeg.answer(caller.localDescription.sdp, loopback=True)
    broken = False
    async with attack(answer):
        await asyncio.sleep(0.1)
        await caller.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        voice.play(tone(700, 10))
        try:
            async with asyncio.timeout(6):
                await collect(sound_of(leg), 2.0)
        except (TimeoutError, ValueError):
            broken = True
    await caller.close()
    assert broken


async def test_asvs_17_2_6_the_stock_peer_works_when_nobody_attacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the experiment above."""
    monkeypatch.setattr(ice, "install", lambda: None)
    monkeypatch.setattr(aioice.ice, "StunProtocol", STOCK_PROTOCOL)
    monkeypatch.setattr(aioice.ice, "get_host_addresses", ice._host_addresses)
    voice = Voice()
    caller = await offering(voice)
    leg, answer = await WebRtcLeg.answer(caller.localDescription.sdp, loopback=True)
    await caller.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    voice.play(tone(700, 10))
    heard = await collect(sound_of(leg), 1.0)
    await caller.close()
    assert len(heard) >= RATE
