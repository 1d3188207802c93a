"""What is played is sent when it is due, 20 ms a packet, as RTP that says what it is."""

import time
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from aiortc.rtp import RtcpPacket, RtcpReceiverInfo, RtcpRrPacket, RtpPacket

from gateway.webrtc.opus import OpusDecoder, OpusEncoder
from gateway.webrtc.sender import AudioSender
from gateway.webrtc.sound import Voice
from media.audio import FRAME, Pcm
from tests.gateway.webrtc.wiring import KEYPAD, OPUS, PCMU, Transport, sending, still
from tests.media.sounds import chunks, ms, voice


class Line:
    """A sender, what it says and what it has sent."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.voice = Voice()
        self.sender = AudioSender(self.voice, self.transport)

    def beats(self, count: int) -> list[RtpPacket]:
        for beat in range(count):
            self.sender.beat(0.02 * beat)
        return self.transport.sent()


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    still()
    made = Line()
    await made.sender.send(sending(OPUS, PCMU, KEYPAD))
    yield made
    await made.sender.stop()


def heard(packets: list[RtpPacket]) -> Pcm:
    decoder = OpusDecoder()
    return np.concatenate([decoder.decode(packet.payload) for packet in packets])


def test_what_is_played_comes_out_in_frames_and_then_silence() -> None:
    spoken = Voice()
    pcm = voice(1_000)
    for part in (pcm[:100], pcm[100:500], pcm[500:]):
        spoken.play(part)
    frames = [spoken.next_frame()[0] for _ in range(5)]
    assert np.array_equal(np.concatenate(frames)[:1_000], pcm)
    assert not np.concatenate(frames)[1_000:].any()
    assert spoken.unplayed() == 0


async def test_a_voice_is_sent_packet_by_packet(line: Line) -> None:
    pcm = voice(ms(1_000))
    line.voice.play(pcm)
    packets = line.beats(50)
    first = packets[0]
    assert {p.payload_type for p in packets} == {96}
    assert {p.ssrc for p in packets} == {line.sender._ssrc}
    assert [p.sequence_number - first.sequence_number for p in packets] == list(range(50))
    assert [(p.timestamp - first.timestamp) % (1 << 32) for p in packets] == [
        960 * k for k in range(50)
    ]
    sound = heard(packets)
    assert np.corrcoef(sound[ms(200) + 104 :], pcm[ms(200) : -104])[0, 1] > 0.9


async def test_a_packet_that_may_not_fit_is_coded_anew(line: Line) -> None:
    line.voice.play(voice(FRAME), bytes([0x4B, 0x41]) + bytes(1_400))
    (sent,) = line.beats(1)
    assert 0 < len(sent.payload) < 400


async def test_the_first_packet_is_marked_and_each_tells_its_level(line: Line) -> None:
    line.voice.play(voice(FRAME))
    loud, quiet = line.beats(2)
    assert (loud.marker, quiet.marker) == (1, 0)
    assert loud.extensions.mid == quiet.extensions.mid == "0"
    assert loud.extensions.audio_level[1] < 30
    assert quiet.extensions.audio_level[1] == 127


async def test_what_is_coded_is_sent_as_it_came(line: Line) -> None:
    encoder = OpusEncoder()
    frames = chunks(voice(ms(200)))
    coded = [encoder.encode(frame) for frame in frames]
    for frame, payload in zip(frames, coded, strict=True):
        line.voice.play(frame, payload)
    assert [packet.payload for packet in line.beats(10)] == coded


async def test_only_whole_frames_in_the_same_codec_are_sent_as_they_came() -> None:
    still()
    line = Line()
    await line.sender.send(sending(PCMU))
    line.voice.play(voice(FRAME), b"opus")
    assert [len(packet.payload) for packet in line.beats(1)] == [160]
    line.voice.play(voice(FRAME // 2), b"opus")
    assert line.voice.next_frame()[1] is None
    await line.sender.stop()


async def test_silence_is_not_sent_where_it_need_not_be_and_time_goes_on() -> None:
    still()
    line = Line()
    wants_dtx = type(OPUS)("audio/opus", 48_000, 2, 96, parameters={"usedtx": 1})
    await line.sender.send(sending(wants_dtx))
    line.voice.play(voice(ms(200)))
    line.beats(100)
    before = len(line.transport.datagrams)
    assert before < 50
    line.voice.play(voice(ms(200)))
    packets = line.beats(10)
    again = packets[before]
    assert again.marker == 1
    assert again.sequence_number == packets[before - 1].sequence_number + 1
    assert (again.timestamp - packets[0].timestamp) % (1 << 32) == 100 * 960
    await line.sender.stop()


async def test_a_key_takes_the_place_of_160_ms_of_sound(line: Line) -> None:
    line.beats(1)
    line.sender.press("5")
    line.sender.press("#")
    packets = line.beats(17)[1:]
    assert [p.payload_type for p in packets] == [126] * 16 + [96]
    five, hash_ = packets[:8], packets[8:16]
    assert {p.payload[0] for p in five} == {5}
    assert {p.payload[0] for p in hash_} == {11}
    assert [p.payload[1] >> 7 for p in five] == [0] * 5 + [1] * 3
    assert [int.from_bytes(p.payload[2:]) for p in five] == [960, 1920, 2880, 3840] + [4800] * 4
    assert len({p.timestamp for p in five}) == 1
    assert (hash_[0].timestamp - five[0].timestamp) % (1 << 32) == 8 * 960
    assert [p.marker for p in packets] == [1] + [0] * 7 + [1] + [0] * 7 + [1]


async def test_reports_tell_what_was_sent(line: Line) -> None:
    line.voice.play(voice(ms(100)))
    packets = line.beats(5)
    stats = await line.sender.getStats()
    (outbound,) = stats.values()
    size = sum(len(packet.payload) for packet in packets)
    assert (outbound.packetsSent, outbound.bytesSent) == (5, size)
    assert line.transport._RTCDtlsTransport__tx_packets == 5
    sent_at = (line.sender._RTCRtpSender__ntp_timestamp >> 32) - 2_208_988_800
    assert sent_at == pytest.approx(time.time(), abs=2)


async def test_where_packets_are_lost_frames_go_twice(line: Line) -> None:
    lost = RtcpReceiverInfo(line.sender._ssrc, 51, 100, 0, 0, 0, 0)
    await line.sender._handle_rtcp_packet(RtcpRrPacket(1, [lost]))
    pcm = voice(ms(600))
    line.voice.play(pcm)
    packets = line.beats(30)
    decoder = OpusDecoder()
    for packet in packets[:20]:
        decoder.decode(packet.payload)
    recovered = decoder.recover(packets[21].payload, FRAME)
    again = OpusDecoder()
    for packet in packets[:20]:
        again.decode(packet.payload)
    as_sent = again.decode(packets[20].payload)
    assert np.corrcoef(recovered, as_sent)[0, 1] > 0.8


async def test_a_paused_sender_sends_nothing_and_forgets_what_was_said(line: Line) -> None:
    line.voice.play(voice(ms(100)))
    line.sender._enabled = False
    assert line.beats(5) == []
    assert line.voice.unplayed() == 0


async def test_nothing_is_sent_while_there_is_nowhere_to_send_it(line: Line) -> None:
    nominated, line.transport.connection._nominated = line.transport.connection._nominated, {}
    assert line.beats(3) == []
    line.transport.connection._nominated = nominated
    (packet,) = line.beats(1)
    assert packet.sequence_number < 32_768


async def test_the_end_is_a_bye(line: Line) -> None:
    await line.sender.stop()
    (bye,) = RtcpPacket.parse(line.transport.rtcp[-1])
    assert bye.sources == [line.sender._ssrc]
    assert line.voice.readyState == "ended"
