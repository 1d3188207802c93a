"""OWASP ASVS 5.0, 17.2.5 and 17.2.7: floods, of callers who may call and of strangers.

A flood is some 5,000 datagrams a second, a hundred times what a call sends. The measure
is another call on the same gateway, which must sound as if there was none, and how much of the
flood becomes sound.
"""

import asyncio
import os
import random
import socket
import struct
from pathlib import Path

import numpy as np
import pytest
from aioice import stun

from gateway.consent import Purpose
from gateway.recordings import read_mono
from gateway.scripts import Script, load
from gateway.states import State
from media.audio import RATE
from media.entities.types import Entity, Word
from media.recognition import Recognise
from tests.gateway.fakes import Engine, turn, until
from tests.gateway.scene import Scene
from tests.gateway.webrtc.asvs.hostile import (
    FALSE_HERTZ,
    FALSE_VOICE,
    Line,
    flood,
    is_srtp,
    is_the_true_voice,
    line,
    loudness,
    offering,
    opus,
    ports_of,
    rtp,
    sounds_again,
    stranger,
)

FLOOD = 15_000
AT_ONCE = 12 * RATE
"""Sound that may come faster than it was spoken: after a network was gone for seconds."""


async def authentic_flood(call: Line, count: int = FLOOD) -> list[bytes]:
    """Return SRTP of a stream that takes the place of the caller's first, all of it at once."""
    call.record()
    await until(lambda: any(map(is_srtp, call.sent)))
    sequence, timestamp, ssrc = call.latest()
    frames = opus(FALSE_HERTZ)
    return [
        call.protected(
            rtp(
                frames[i % len(frames)],
                sequence=sequence + 50 + i,
                timestamp=timestamp + 960 * (50 + i),
                ssrc=ssrc ^ 1,
            )
        )
        for i in range(count)
    ]


async def test_asvs_17_2_5_a_flood_of_one_caller_is_not_heard_in_another_call() -> None:
    loop = asyncio.get_running_loop()
    async with line(voice=FALSE_VOICE) as hostile, line() as other:
        datagrams = await authentic_flood(hostile)
        before, hostile_before, began = len(other.heard()), len(hostile.heard()), loop.time()
        async with flood(hostile.socket, datagrams, [hostile.leg_address]) as sent:
            await other.hear(2.0)
            await until(lambda: sent[0] > 6_000)
        assert is_the_true_voice(other.heard()[before:], paused=other.paused)
        assert hostile.gone is None
        made = len(hostile.heard()) - hostile_before
        assert made < AT_ONCE + 1.1 * (loop.time() - began) * RATE, "a flood is no longer call"


async def test_asvs_17_2_5_calls_begin_and_end_during_a_flood() -> None:
    async with line(voice=FALSE_VOICE) as hostile:
        datagrams = await authentic_flood(hostile)
        flooding = flood(hostile.socket, datagrams, [hostile.leg_address])
        async with flooding as sent, line() as call:
            await sounds_again(call)
            await until(lambda: sent[0] > 500)


class Hearing(Engine):
    """Recognises one harmless word in whatever it is given."""

    def _words(self, job: Recognise) -> tuple[list[Word], frozenset[Entity]]:
        return [self._word("hello", job.span, None)], frozenset()


RECORDED = frozenset({Purpose.AGENT, Purpose.RECORD})


def recorded_call(folder: Path, script: Script, call: Line) -> Scene:
    """Put a whole call behind a leg, with the agent and the recording to be agreed to."""
    folder.mkdir()
    scene = Scene(folder, script)
    scene.engine = Hearing()
    scene.caller = call.leg  # type: ignore[assignment]
    scene.start(purposes=RECORDED)
    return scene


async def agreed(scene: Scene) -> None:
    await scene.state(State.CONSENT)
    while scene.call.state is State.CONSENT:
        await scene.call.pressed("1")
    await scene.state(State.TALKING)


async def recording_of(scene: Scene) -> np.ndarray:
    scene.call.hang_up("the test is over")
    await scene.ended()
    (file,) = scene.folder.glob("*.wav")
    return read_mono(file)


async def test_asvs_17_2_7_recordings_go_on_during_a_flood(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    script = load("us-two-party", "en", RECORDED)
    said = turn("t2").pcm
    async with line(voice=said, listen=False) as hostile, line(voice=said, listen=False) as other:
        scenes = [
            recorded_call(tmp_path / "hostile", script, hostile),
            recorded_call(tmp_path / "other", script, other),
        ]
        for scene in scenes:
            await agreed(scene)
        began = loop.time()
        datagrams = await authentic_flood(hostile)
        async with flood(hostile.socket, datagrams, [hostile.leg_address]) as sent:
            await until(lambda: scenes[1].first.heard_samples > 2 * RATE)
            await until(lambda: sent[0] > 2_000)
        flooded, calm = [await recording_of(scene) for scene in scenes]
        passed = loop.time() - began
    quarters = calm[: len(calm) // 4_000 * 4_000].reshape(-1, 4_000)
    assert len(calm) > 2 * RATE
    assert np.mean(quarters.std(axis=1) > 200) > 0.7, "what was said"
    assert loudness(calm, FALSE_HERTZ) < 200
    assert 2 * RATE < len(flooded) < AT_ONCE + 1.1 * (passed + 1) * RATE


def binding_request(username: str, password: str) -> bytes:
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.attributes["USERNAME"] = username
    request.attributes["PRIORITY"] = 1_853_824_767
    request.attributes["ICE-CONTROLLING"] = 1
    request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity(password.encode())
    return bytes(request)


def stun_flood(ufrag: str, count: int) -> list[bytes]:
    """Return checks with wrong credentials, answers nobody waits for, and broken ones."""
    random_ = random.Random(17_2_5)
    datagrams = []
    while len(datagrams) < count:
        request = binding_request(f"{ufrag}:them", f"{random_.random():.20f}")
        broken = bytearray(request)
        broken[random_.randrange(20, len(request))] ^= 0xFF
        datagrams += [
            request,
            binding_request("nobo:dy", "nothing at all is right"),
            b"\x01\x01" + request[2:],
            b"\x00\x11" + request[2:],
            bytes(broken),
            request[: random_.randrange(1, len(request))],
            struct.pack("!HHI", 1, 0, 0x2112A442) + random_.randbytes(12),
        ]
    return datagrams


@pytest.mark.parametrize("named", [False, True], ids=["of-strangers", "with-the-user-name"])
async def test_asvs_17_2_5_a_flood_of_wrong_checks_is_hardly_answered_and_harms_no_call(
    named: bool,
) -> None:
    async with line() as call:
        connection = call.dtls.transport._connection
        datagrams = stun_flood(connection.remote_username if named else "xxxx", 15_000)
        before = len(call.heard())
        answers = 0
        loop = asyncio.get_running_loop()
        began = loop.time()
        with stranger() as attacker:
            async with flood(attacker, datagrams, [call.leg_address]) as sent:
                await call.hear(1.5)
                await until(lambda: sent[0] > 2_000)
            passed = loop.time() - began
            while True:
                try:
                    answer = stun.parse_message(attacker.recv(2_048))
                except BlockingIOError:
                    break
                assert answer.message_class is stun.Class.ERROR
                answers += 1
        assert call.gone is None
        # The flood came to the caller's own socket, where a busy machine drops packets unread.
        assert loudness(call.heard()[before:], FALSE_HERTZ) < 200
        await sounds_again(call)
        assert 0 < answers <= (120 + 60 * passed if named else 20 + 10 * passed) + 1


async def test_asvs_17_2_5_a_call_comes_up_during_a_flood_of_wrong_checks() -> None:
    async with line() as first:
        with stranger() as attacker:
            ports = [(host, port) for host, port in ports_of(first.answer)]
            async with flood(attacker, stun_flood("xxxx", 15_000), ports), line() as call:
                await sounds_again(call)


async def test_an_authentic_check_without_priority_is_ignored() -> None:
    """Upstream takes the attribute for granted, and its ICE fails (aioice 0.13)."""
    caller = await offering()
    async with line() as call:
        connection = call.dtls.transport._connection
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{connection.remote_username}:{connection.local_username}"
        request.add_message_integrity(connection.remote_password.encode())
        call.send(bytes(request))
        with stranger() as elsewhere:
            elsewhere.sendto(bytes(request), call.leg_address)
        await sounds_again(call)
    await caller.close()


# Streams: who they are is in the packets, and may change.


async def test_two_callers_with_the_same_ssrc_are_two_calls() -> None:
    async with line(ssrc=0x1234_5678) as one, line(ssrc=0x1234_5678, voice=FALSE_VOICE) as other:
        await sounds_again(one)
        await sounds_again(other, FALSE_HERTZ)


async def test_a_caller_who_takes_another_ssrc_is_heard_on() -> None:
    async with line() as call:
        call.caller.getSenders()[0]._ssrc ^= 0x5555
        await sounds_again(call)


async def test_a_caller_with_the_ssrc_of_the_gateway_stops_neither_side() -> None:
    """RFC 3550, 8.2: a collision, here with what the leg itself sends under."""
    async with line() as call:
        theirs = call.leg_ssrc
        call.record()
        await call.hear(0.3)
        sequence, timestamp, _ = call.latest()
        for i, payload in enumerate(opus(FALSE_HERTZ)[:10]):
            packet = rtp(payload, sequence=sequence + i, timestamp=timestamp, ssrc=theirs)
            call.send(call.protected(packet))
        await call.hear(0.5)
        assert call.gone is None


async def test_asvs_17_2_5_a_caller_with_hundreds_of_streams_harms_no_other_call() -> None:
    async with line(voice=FALSE_VOICE) as hostile, line() as other:
        before = len(other.heard())
        for ssrc in range(500):
            for payload in opus(FALSE_HERTZ)[:2]:
                packet = rtp(payload, sequence=ssrc, timestamp=ssrc, ssrc=ssrc)
                hostile.send(hostile.protected(packet))
            if ssrc % 50 == 0:
                await asyncio.sleep(0.01)
        await other.hear(0.8)
        assert is_the_true_voice(other.heard()[before:], paused=other.paused)
        assert hostile.gone is None


async def test_fragments_of_datagrams_do_not_stop_a_call() -> None:
    """RFC 791: what never becomes whole, and what overlaps, from the caller's address."""
    try:
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    except PermissionError:
        pytest.skip("raw sockets need privileges")
    async with line() as call:
        host, port = call.leg_address
        source_port = call.socket.getsockname()[1]
        loopback = socket.inet_aton("127.0.0.1")
        payload = struct.pack("!HHHH", source_port, port, 1_208, 0) + b"\x80" + os.urandom(1_199)

        def fragment(ident: int, at: int, part: bytes, *, more: bool) -> bytes:
            flags = more << 13 | at // 8
            header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(part), ident, flags, 64, 17, 0)
            return header + loopback + loopback + part

        with raw:
            for ident in range(1, 900):
                raw.sendto(fragment(ident, 0, payload[:600], more=True), (host, 0))
                if ident % 3 == 0:  # overlapping
                    raw.sendto(fragment(ident, 304, payload[304:], more=False), (host, 0))
                if ident % 3 == 1:  # whole
                    raw.sendto(fragment(ident, 600, payload[600:], more=False), (host, 0))
                if ident % 30 == 0:
                    await asyncio.sleep(0.01)
        await sounds_again(call)
