import random
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from gateway.webrtc.packets import KEYS, KeyReader, PressLimit, Renumbering, tap


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


@given(st.lists(st.integers(0, 400), max_size=300))
def test_no_second_has_more_presses_than_anybody_types(gaps: list[int]) -> None:
    limit, now, let = PressLimit(), 0, list[int]()
    for gap in gaps:
        now += gap
        if limit.allows(now):
            let.append(now)
    assert all(b - a >= 1_000 for a, b in zip(let, let[20:], strict=False))
    if all(gap >= 50 for gap in gaps):
        assert len(let) == len(gaps)


@given(st.binary(max_size=8), st.integers(0, 2**32 - 1))
def test_any_payload_is_a_key_or_nothing(payload: bytes, timestamp: int) -> None:
    assert (KeyReader().read(payload, timestamp) or "1") in KEYS


@given(st.integers(0, 65_535), st.lists(st.booleans(), max_size=60))
def test_what_is_left_is_numbered_without_holes(start: int, taken: list[bool]) -> None:
    numbers = Renumbering()
    out = []
    for i, take in enumerate(taken):
        number = (start + i) % 65_536
        if take:
            numbers.take_out(number)
        else:
            out.append(numbers.number(number))
    assert all((b - a) % 65_536 == 1 for a, b in pairwise(out))


def test_sound_that_arrives_out_of_order_keeps_its_place() -> None:
    numbers = Renumbering()
    numbers.take_out(11)
    assert numbers.number(12) == 11
    assert numbers.number(10) == 10
    assert numbers.number(13) == 12


def test_a_packet_taken_out_long_ago_shifts_all_that_follow_alike() -> None:
    numbers = Renumbering()
    numbers.take_out(7)
    out = [numbers.number(at % 65_536) for at in range(8, 150_000)]
    assert all((b - a) % 65_536 == 1 for a, b in pairwise(out))


@dataclass
class Packet:
    payload_type: int
    sequence_number: int
    payload: bytes = b""
    timestamp: int = 0


class Queue:
    def __init__(self) -> None:
        self.length = 0

    def qsize(self) -> int:
        return self.length


class Receiver:
    def __init__(self) -> None:
        self.handled: list[int] = []
        self._RTCRtpReceiver__decoder_queue = Queue()
        self.track = type("Track", (), {"_queue": Queue()})()

    async def _handle_rtp_packet(self, packet: Packet, arrival_time_ms: int) -> None:
        self.handled.append(packet.sequence_number)


async def test_keys_are_taken_out_and_sound_is_passed_on() -> None:
    receiver, keys = Receiver(), []
    tap(receiver, {126}, keys.append)
    for number in range(10):
        is_key = 3 <= number < 6
        await receiver._handle_rtp_packet(
            Packet(126 if is_key else 111, number, packet(9) if is_key else b"sound"), 0
        )
    assert keys == ["9"]
    assert receiver.handled == list(range(7))


async def test_a_flood_of_keys_is_cut_and_told_of_once_and_sound_goes_on() -> None:
    receiver, keys = Receiver(), []
    tap(receiver, {126}, keys.append)
    with capture_logs() as logs:
        for number in range(5_000):
            await receiver._handle_rtp_packet(
                Packet(126, number % 65_536, packet(number % 10), 960 * number), number // 5
            )
        await receiver._handle_rtp_packet(Packet(111, 5_000, b"sound"), 1_000)
    assert len(keys) == 20
    assert [line["log_level"] for line in logs] == ["warning"]
    assert len(receiver.handled) == 1


async def test_malformed_events_are_no_keys_and_stop_nothing() -> None:
    receiver, keys = Receiver(), []
    tap(receiver, {126}, keys.append)
    for number, payload in enumerate((b"", b"\x01", b"\xff" * 4, b"\x10\x0a\x03\xc0", packet(7))):
        await receiver._handle_rtp_packet(Packet(126, number, payload, 960 * number), 100 * number)
    assert keys == ["7"]


async def test_a_flood_that_is_not_decoded_in_time_is_cut() -> None:
    receiver = Receiver()
    tap(receiver)
    receiver.track._queue.length = 1_000
    await receiver._handle_rtp_packet(Packet(111, random.randrange(65_536)), 0)
    assert receiver.handled == []
