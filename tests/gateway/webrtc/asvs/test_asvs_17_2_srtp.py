"""OWASP ASVS 5.0, 17.2.3 and 17.2.4: forged, replayed and malformed packets, sent for real.

All of it comes to the port of a live leg while its caller says one tone; whoever injects sound says
another. What is sent "as the caller" leaves the caller's own socket, as an attacker on the path
with a forged source address would send it; only the keys tell it from the caller.
"""

import asyncio
import random
import struct

import pylibsrtp
import pytest
from pylibsrtp import Policy

from media.audio import RATE
from tests.gateway.webrtc.asvs.hostile import (
    FALSE_HERTZ,
    Line,
    client_hello,
    dtls_record,
    is_the_true_voice,
    line,
    loudness,
    opus,
    ports_of,
    rtp,
    sounds_again,
    stranger,
)

MALFORMED = 3_000
AUTHENTIC = 600


def false_voice(call: Line, *, ahead: int = 1) -> list[bytes]:
    """Return RTP that would continue what the caller sends, with another sound."""
    sequence, timestamp, ssrc = call.latest()
    return [
        rtp(
            payload,
            sequence=sequence + ahead + i,
            timestamp=timestamp + 960 * (ahead + i),
            ssrc=ssrc,
        )
        for i, payload in enumerate(opus(FALSE_HERTZ))
    ]


async def speaking(call: Line) -> None:
    """Wait until packets of the caller were recorded."""
    call.record()
    await call.hear(0.3)


def other_keys() -> pylibsrtp.Session:
    policy = Policy(key=bytes(range(30)), ssrc_type=Policy.SSRC_ANY_OUTBOUND)
    policy.allow_repeat_tx = True
    return pylibsrtp.Session(policy)


async def test_asvs_17_2_3_sound_injected_from_another_address_is_not_heard() -> None:
    async with line() as call:
        await speaking(call)
        before = len(call.heard())
        with stranger() as attacker:
            for packet in false_voice(call):
                for target in ports_of(call.answer):
                    attacker.sendto(packet, target)
                    attacker.sendto(call.protected(packet), target)  # even with the true keys
        await call.hear(1.5)
        after = call.heard()[before:]
        assert is_the_true_voice(after, paused=call.paused)
        assert len(after) <= 2.0 * RATE


@pytest.mark.parametrize("keys", ["none", "others"])
async def test_asvs_17_2_3_sound_injected_as_the_caller_without_its_keys_is_not_heard(
    keys: str,
) -> None:
    async with line() as call:
        await speaking(call)
        session = other_keys()
        before = len(call.heard())
        for _ in range(3):
            for packet in false_voice(call):
                call.send(packet if keys == "none" else session.protect(packet))
            await call.hear(0.4)
        assert is_the_true_voice(call.heard()[before:], paused=call.paused)


async def test_asvs_17_2_3_replayed_packets_are_heard_once() -> None:
    async with line() as call:
        await speaking(call)
        before = len(call.heard())
        began = asyncio.get_running_loop().time()
        with stranger() as attacker:
            for _ in range(4):
                for datagram in list(call.sent):
                    call.send(datagram)
                    attacker.sendto(datagram, call.leg_address)
                await call.hear(0.4)
        passed = asyncio.get_running_loop().time() - began
        after = call.heard()[before:]
        assert is_the_true_voice(after, paused=call.paused)
        assert len(after) <= (passed + 0.5) * RATE, "replays made no time"


async def test_asvs_17_2_3_nothing_is_sent_to_who_sends_rtp() -> None:
    """RTP bleed: media goes to the address that ICE nominated, not to the latest sender."""
    async with line() as call:
        await speaking(call)
        with stranger() as attacker:
            for packet in false_voice(call):
                for datagram in (packet, call.protected(packet)):
                    for target in ports_of(call.answer):
                        attacker.sendto(datagram, target)
            await call.hear(1.0)
            with pytest.raises(BlockingIOError):
                attacker.recv(2_048)


async def test_asvs_17_2_3_a_forged_goodbye_does_not_end_the_call() -> None:
    """RTCP BYE without keys, plaintext DTLS alerts, handshakes begun anew."""
    async with line() as call:
        await speaking(call)
        session = other_keys()
        bye = struct.pack("!BBHI", 0x81, 203, 1, call.ssrc)
        close_notify, fatal = b"\x01\x00", b"\x02\x28"
        before = len(call.heard())
        for datagram in (
            bye,
            session.protect_rtcp(bye),
            *(
                dtls_record(alert, kind=21, epoch=epoch, sequence=sequence)
                for alert in (close_notify, fatal)
                for epoch in (0, 1)
                for sequence in (0, 1, 1 << 40)
            ),
            client_hello(),
            client_hello((0xC02B, 0xC02C)),
        ):
            call.send(datagram)
        await call.hear(1.5)
        after = call.heard()[before:]
        assert is_the_true_voice(after, paused=call.paused)


def mangled(random_: random.Random, recorded: list[bytes]) -> bytes:
    """Return a datagram that is not quite what it seems to be."""
    datagram = random_.choice(recorded)
    match random_.randrange(6):
        case 0:  # noise of every kind that RFC 7983 tells apart
            return random_.randbytes(random_.randrange(1, 200))
        case 1:
            return bytes([random_.randrange(128, 192)]) + random_.randbytes(
                random_.randrange(0, 200)
            )
        case 2:
            return datagram[: random_.randrange(1, len(datagram))]
        case 3:
            at = random_.randrange(len(datagram))
            return datagram[:at] + random_.randbytes(1) + datagram[at + 1 :]
        case 4:  # CSRCs and extensions beyond the end
            return bytes([datagram[0] | 0x1F]) + datagram[1:]
        case _:
            return datagram + random_.randbytes(random_.randrange(1, 1_000))


async def test_asvs_17_2_4_malformed_srtp_does_not_stop_the_call() -> None:
    random_ = random.Random(17_2_4)
    async with line() as call:
        await speaking(call)
        await call.hear(1.0)
        recorded = [d for d in call.sent if d[0] > 3]
        before = len(call.heard())
        for i in range(MALFORMED):
            call.send(mangled(random_, recorded))
            if i % 50 == 0:
                await asyncio.sleep(0.01)
        await call.hear(1.5)
        after = call.heard()[before:]
        assert call.gone is None
        assert loudness(after, FALSE_HERTZ) < 200
        assert is_the_true_voice(after[-RATE:], paused=call.paused)


async def test_asvs_17_2_4_oversized_datagrams_do_not_stop_the_call() -> None:
    """Upstream, one longer than 1,500 bytes ends the call, unauthenticated (aiortc #584)."""
    async with line() as call:
        await speaking(call)
        before = len(call.heard())
        for length in (1_500, 1_501, 2_048, 9_000, 65_507):
            for kind in (0x80, 0x16, 0x00, 0x40):  # RTP, DTLS, STUN, TURN channel data
                call.send(bytes([kind]) + bytes(length - 1))
            call.send(rtp(bytes(length - 12), sequence=1, timestamp=1, ssrc=call.ssrc))
            report = struct.pack("!BBHI", 0x80, 201, length // 4 - 1, call.ssrc)
            call.send(report + bytes(length - 8))
        await call.hear(0.8)
        assert is_the_true_voice(call.heard()[before:], paused=call.paused)


def malformed_rtp(random_: random.Random, call: Line) -> bytes:
    """Return RTP that is authentic, and wrong inside."""
    sequence, timestamp, ssrc = call.latest()
    first = 0x80
    body = random_.randbytes(random_.randrange(0, 80))
    match random_.randrange(7):
        case 0:  # padding longer than the packet
            first, body = 0xA0, body + b"\xff"
        case 1:  # one-byte extensions with lengths of their own
            first = 0x90
            words = random_.randrange(0, 5)
            body = struct.pack("!HH", 0xBEDE, words) + random_.randbytes(4 * words) + body
        case 2:  # each negotiated extension, too short or too long
            first = 0x90
            header = bytes([random_.randrange(1, 15) << 4 | 2]) + random_.randbytes(3)
            body = struct.pack("!HH", 0xBEDE, 1) + header + body
        case 3:  # two-byte extensions
            first = 0x90
            body = struct.pack("!HHBB", 0x1000, 1, random_.randrange(16), 2) + bytes(2) + body
        case 4:
            first, body = 0x82, random_.randbytes(8) + body
        case 5:
            body = b""
        case _:
            pass
    return rtp(
        body,
        sequence=sequence + random_.randrange(-9, 3),
        timestamp=timestamp + random_.choice([0, 960, -960]),
        ssrc=ssrc,
        payload_type=random_.choice([96, 96, 0, 8, 9, 13, 97, 101, 126, 127]),
    ).replace(b"\x80", bytes([first]), 1)


def malformed_rtcp(random_: random.Random, call: Line) -> bytes:
    """Return RTCP that is authentic, and wrong inside."""
    body = random_.randbytes(4 * random_.randrange(0, 12))
    kind = random_.choice([k for k in range(192, 209) if k != 203])  # 203 is a true goodbye
    count = random_.randrange(32)
    if random_.random() < 0.2:  # REMB that names more streams than it has (aiortc: struct.error)
        kind, count = 206, 15
        body = bytes(4) + b"REMB" + bytes([200]) + bytes(3)
    words = random_.choice([len(body) // 4 + 1, random_.randrange(20)])
    return struct.pack("!BBHI", 0x80 | count, kind, words, call.ssrc) + body


async def test_asvs_17_2_4_authentic_but_malformed_packets_do_not_stop_the_call() -> None:
    random_ = random.Random(17_2_4)
    async with line() as call:
        await speaking(call)
        for i in range(AUTHENTIC):
            try:
                if i % 2:
                    call.send(call.protected(malformed_rtp(random_, call)))
                else:
                    call.send(call.protected_rtcp(malformed_rtcp(random_, call)))
            except pylibsrtp.Error:
                pass  # libsrtp will not protect it
            if i % 10 == 0:
                await asyncio.sleep(0.01)
        await sounds_again(call)
