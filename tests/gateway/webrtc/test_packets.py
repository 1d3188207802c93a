import asyncio
import random
import struct
from types import SimpleNamespace

import aiortc.rtp
import pytest
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap
from hypothesis import given
from hypothesis import strategies as st

from gateway.webrtc.packets import KEYS, KeyReader, RtpPacket, bound, read_rtp


def packet(event: int, *, end: bool = False, duration: int = 960) -> bytes:
    return bytes([event, 0x80 * end | 10]) + duration.to_bytes(2, "big")


def test_a_press_of_many_packets_is_one_key() -> None:
    reader = KeyReader()
    heard = [reader.read(packet(5, end=i > 5), 4_000) for i in range(9)]
    assert heard == ["5"] + [None] * 8


def test_all_sixteen_keys_are_read_and_other_events_are_not() -> None:
    reader = KeyReader()
    read = [reader.read(packet(event, end=True), 4_000 * event) for event in range(20)]
    assert "".join(key for key in read if key) == KEYS
    assert read[16:] == [None] * 4


def test_the_same_key_pressed_again_is_another_press() -> None:
    reader = KeyReader()
    assert reader.read(packet(1), 0) == "1"
    assert reader.read(packet(1, end=True), 0) is None
    assert reader.read(packet(1), 9_600) == "1"


def test_a_press_whose_end_was_lost_does_not_hide_the_next() -> None:
    reader = KeyReader()
    assert reader.read(packet(1), 0) == "1"
    assert reader.read(packet(1), 9_600) == "1"


def test_a_long_press_in_segments_is_one_key() -> None:
    reader = KeyReader()
    assert reader.read(packet(7, duration=0xFFFF), 100) == "7"
    assert reader.read(packet(7), 100 + 0xFFFF) is None
    assert reader.read(packet(7, end=True), 100 + 0xFFFF) is None


def test_an_end_that_comes_late_is_not_a_press() -> None:
    reader = KeyReader()
    assert reader.read(packet(1), 0) == "1"
    assert reader.read(packet(2), 9_600) == "2"
    assert reader.read(packet(1, end=True), 0) is None
    assert reader.read(packet(2, end=True), 9_600) is None


def test_packets_that_come_twice_or_out_of_order_are_one_press() -> None:
    presses = [(5, 0), (5, 9_600), (2, 19_200)]
    packets = [(packet(key, end=i > 3), at) for key, at in presses for i in range(6)]
    for seed in range(50):
        chance, reader = random.Random(seed), KeyReader()
        # Each packet comes up to twice, none of them more than a press late.
        sent = sorted(
            (i + chance.uniform(0, 5), p) for i, p in enumerate(packets) for _ in range(2)
        )
        heard = [key for _, (payload, at) in sent if (key := reader.read(payload, at))]
        assert sorted(heard) == ["2", "5", "5"]


def test_a_press_of_which_only_the_end_came_is_a_key() -> None:
    reader = KeyReader()
    assert reader.read(packet(3, end=True), 4_000) == "3"
    assert reader.read(packet(3, end=True), 4_000) is None


@given(st.lists(st.tuples(st.binary(max_size=8), st.integers(0, 2**32 - 1)), max_size=200))
def test_whatever_comes_no_packet_is_more_than_one_key(sent: list[tuple[bytes, int]]) -> None:
    reader = KeyReader()
    heard = [key for payload, at in sent if (key := reader.read(payload, at))]
    assert len(heard) <= sum(len(p) >= 4 and p[0] < len(KEYS) for p, _ in sent)


@given(st.binary(max_size=8), st.integers(0, 2**32 - 1))
def test_any_payload_is_a_key_or_nothing(payload: bytes, timestamp: int) -> None:
    assert (KeyReader().read(payload, timestamp) or "1") in KEYS


def test_a_flood_of_video_that_is_not_decoded_in_time_is_cut() -> None:
    handled: list[int] = []

    async def handle(packet: int, arrival_time_ms: int) -> None:
        handled.append(packet)

    waiting = SimpleNamespace(qsize=lambda: 0)
    receiver = SimpleNamespace(
        _handle_rtp_packet=handle,
        _RTCRtpReceiver__decoder_queue=waiting,
        track=SimpleNamespace(_queue=waiting),
    )
    bound(receiver)
    asyncio.run(receiver._handle_rtp_packet(1, arrival_time_ms=0))
    waiting.qsize = lambda: 150
    asyncio.run(receiver._handle_rtp_packet(2, arrival_time_ms=0))
    assert handled == [1]


def test_an_rtp_packet_is_read_as_it_was_written() -> None:
    extensions = HeaderExtensionsMap()
    extensions.configure(
        RTCRtpParameters(
            headerExtensions=[
                RTCRtpHeaderExtensionParameters(id=1, uri="urn:ietf:params:rtp-hdrext:sdes:mid")
            ]
        )
    )
    written = aiortc.rtp.RtpPacket(111, 1, 65_535, 4_294_967_295, 77, b"sound")
    written.csrc, written.extensions.mid, written.padding_size = [5, 6], "0", 7
    read = read_rtp(written.serialize(extensions))
    assert read == RtpPacket(111, 65_535, 4_294_967_295, 77, b"sound")


@given(st.binary(max_size=80), st.booleans())
def test_what_is_no_rtp_packet_is_refused_as_upstream_does(tail: bytes, like_rtp: bool) -> None:
    data = bytes([0x80 | tail[0] & 0x3F]) + tail[1:] if like_rtp and tail else tail
    try:
        theirs = aiortc.rtp.RtpPacket.parse(data)
    except (ValueError, struct.error):
        with pytest.raises(ValueError, match="packet"):
            read_rtp(data)
    else:
        ours = read_rtp(data)
        assert (ours.sequence_number, ours.payload) == (theirs.sequence_number, theirs.payload)
