"""What a peer sends is heard at once, in order, and whatever it sends stays bounded."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio
from aiortc.rtp import RtcpByePacket, RtcpRrPacket

from gateway import telemetry
from gateway.webrtc.opus import OpusEncoder
from gateway.webrtc.receiver import MOST_SOURCES, AudioReceiver
from media.audio import FRAME, Pcm
from tests.gateway.webrtc.wiring import KEYPAD, OPUS, PCMU, Transport, packet, receiving, still
from tests.media.sounds import chunks, ms, voice


class Line:
    """A receiver, and what it told."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.receiver = AudioReceiver(self.transport)
        self.receiver.hear(self.heard, self.ended, self.pressed)
        self.pieces: list[Pcm] = []
        self.coded: list[bytes | None] = []
        self.keys = ""
        self.ends = 0

    def heard(self, pcm: Pcm, coded: bytes | None) -> None:
        self.pieces.append(pcm)
        self.coded.append(coded)

    def ended(self) -> None:
        self.ends += 1

    def pressed(self, key: str) -> None:
        self.keys += key

    @property
    def samples(self) -> int:
        return sum(map(len, self.pieces))

    def comes(self, data: bytes, when_authentic: Callable[[], None] | None = None) -> bool:
        took: bool = self.transport.connection.take_srtp(data, when_authentic)
        return took


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    still()
    made = Line()
    await made.receiver.receive(receiving(OPUS, PCMU, KEYPAD))
    yield made
    await made.receiver.stop()


@pytest.fixture
def spoken() -> list[bytes]:
    encoder = OpusEncoder()
    return [encoder.encode(frame) or b"" for frame in chunks(voice(ms(1_000)))]


async def test_a_packet_is_heard_as_it_comes_with_its_code(line: Line, spoken: list[bytes]) -> None:
    for number, payload in enumerate(spoken):
        assert line.comes(packet(number, payload))
        assert line.samples == (number + 1) * FRAME
    assert line.coded == spoken


async def test_what_is_lost_is_made_up_for(
    line: Line, spoken: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    before = telemetry.PACKETS_LOST._value.get()
    for number, payload in enumerate(spoken):
        monkeypatch.setattr(loop, "time", lambda at=now + 0.02 * number: at)
        if number not in (10, 30):
            line.comes(packet(number, payload))
        line.receiver.beat(loop.time())
    assert line.samples == len(spoken) * FRAME
    assert line.coded.count(None) == 2
    line.receiver._report()
    assert telemetry.PACKETS_LOST._value.get() == before + 2


async def test_packets_that_change_places_are_heard_in_order(
    line: Line, spoken: list[bytes]
) -> None:
    order = [0, 2, 1, 3, 5, 4, *range(6, len(spoken))]
    for number in order:
        line.comes(packet(number, spoken[number]))
    assert line.coded == spoken


async def test_forged_replayed_and_broken_packets_are_not_heard(
    line: Line, spoken: list[bytes]
) -> None:
    line.comes(packet(0, spoken[0]))
    for data in (
        packet(1, b"forged"),
        packet(0, spoken[0]),
        packet(1, spoken[1])[:13].replace(b"\x80", b"\xbf", 1),
    ):
        assert line.comes(data)
    assert line.coded == spoken[:1]
    assert not line.comes(b"\x80"), "what is no packet at all stays on aiortc's way"


async def test_only_what_is_authentic_tells_where_the_peer_is(
    line: Line, spoken: list[bytes]
) -> None:
    moved: list[str] = []
    line.comes(packet(0, b"forged"), lambda: moved.append("forged"))
    line.comes(packet(0, spoken[0]), lambda: moved.append("true"))
    assert moved == ["true"]


async def test_video_of_the_same_transport_is_left_alone(line: Line) -> None:
    assert not line.comes(packet(0, b"picture", kind=100, ssrc=99))


async def test_keys_take_no_time_from_the_sound_and_are_told_once(
    line: Line, spoken: list[bytes]
) -> None:
    line.comes(packet(0, spoken[0]))
    for number in range(1, 9):  # 160 ms of key in the place of sound
        event = bytes([5, 0x80 * (number > 5) | 10, 0x03, 0xC0])
        line.comes(packet(number, event, kind=126, timestamp=960))
    line.comes(packet(9, spoken[9]))
    assert line.keys == "5"
    assert line.samples == 10 * FRAME


async def test_a_flood_of_keys_is_cut_and_sound_goes_on(
    line: Line, spoken: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now)
    for number in range(500):
        event = bytes([number % 10, 10, 0x03, 0xC0])
        line.comes(packet(number, event, kind=126))
    assert len(line.keys) == 20
    line.comes(packet(500, spoken[0]))
    assert line.coded[-1] == spoken[0]


async def test_the_codec_may_change_in_the_call(line: Line, spoken: list[bytes]) -> None:
    line.comes(packet(0, spoken[0]))
    line.comes(packet(1, bytes(160), kind=0, timestamp=160))
    line.comes(packet(2, spoken[2]))
    assert line.samples == 3 * FRAME
    assert line.coded == [spoken[0], None, spoken[2]]


async def test_who_changes_the_codec_all_the_time_makes_no_time(
    line: Line, spoken: list[bytes]
) -> None:
    for number in range(1_000):
        line.comes(packet(number, spoken[0]))
        line.comes(packet(number, bytes(160), kind=0, timestamp=160 * number))
    assert line.samples <= 12 * 16_000, "ten seconds ahead of time at most"


async def test_what_is_negotiated_anew_goes_on(line: Line, spoken: list[bytes]) -> None:
    line.comes(packet(0, spoken[0]))
    decoding = line.receiver._decoder
    await line.receiver.receive(receiving(replace(OPUS), PCMU))
    line.comes(packet(1, spoken[1]))
    assert line.coded == spoken[:2]
    assert line.receiver._decoder is decoding


async def test_a_peer_may_begin_a_new_stream_but_not_many(line: Line, spoken: list[bytes]) -> None:
    for ssrc in range(2 * MOST_SOURCES):
        line.comes(packet(40_000 * ssrc, spoken[0], ssrc=ssrc))
    assert len(line.pieces) == MOST_SOURCES
    line.comes(packet(1, spoken[1], ssrc=0))
    assert len(line.pieces) == MOST_SOURCES, "a stream that was left is not gone back to"
    assert len(line.transport._rtp_router.ssrc_table) == MOST_SOURCES


async def test_the_end_is_told_once_and_nothing_is_heard_after_it(
    line: Line, spoken: list[bytes]
) -> None:
    line.comes(packet(0, spoken[0]))
    await line.receiver._handle_rtcp_packet(RtcpByePacket([1234]))
    assert line.ends == 0, "of another stream"
    await line.receiver._handle_rtcp_packet(RtcpByePacket([7]))
    line.receiver._handle_disconnect()
    assert line.ends == 1
    assert line.transport.connection.take_srtp is None
    line.receiver._take(packet(1, spoken[1]))
    assert len(line.pieces) == 1


async def test_reports_and_statistics_are_true(
    line: Line, spoken: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (0, 1, 2, 4):
        line.comes(packet(number, spoken[number]))
    stats = await line.receiver.getStats()
    (inbound,) = stats.values()
    assert (inbound.ssrc, inbound.packetsReceived, inbound.packetsLost) == (7, 4, 1)
    assert line.transport._RTCDtlsTransport__rx_packets == 4
    assert line.transport._rtp_router.route_rtcp(RtcpByePacket([7])) == {line.receiver}
    assert not line.transport._rtp_router.route_rtcp(RtcpRrPacket(1, []))


async def test_where_nobody_listens_nothing_is_decoded(line: Line, spoken: list[bytes]) -> None:
    line.receiver.hear(None, line.ended)
    line.comes(packet(0, spoken[0]))
    assert line.receiver._decoder is None
    assert not line.pieces


async def test_the_call_goes_on_while_nothing_comes(
    line: Line, spoken: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    for number, payload in enumerate(spoken):
        monkeypatch.setattr(loop, "time", lambda at=now + 0.02 * number: at)
        line.comes(packet(number, payload))
    for beat in range(100):
        line.receiver.beat(loop.time() + 0.02 * beat)
    assert line.samples == pytest.approx(len(spoken) * FRAME + 2 * 16_000, abs=ms(300))


async def test_whatever_comes_nothing_is_raised(line: Line, spoken: list[bytes]) -> None:
    chance = random.Random(1)
    for _ in range(3_000):
        data = bytearray(packet(chance.randrange(70_000), chance.choice(spoken)))
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        line.comes(bytes(data[: chance.randrange(1, len(data) + 1)]))
    assert line.samples <= 12 * 16_000, "ten seconds ahead of time at most"
