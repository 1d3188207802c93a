"""Packets of a lossy stream become contiguous sound: in order, none twice, late but not lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import FRAME, RATE, Samples
from media.jitter import (
    LATEST_MS,
    LONGEST_GAP,
    MOST_HELD,
    Comfort,
    Conceal,
    Decode,
    JitterBuffer,
    Packet,
    Play,
    Recover,
)

CLOCK = 48_000
FIRST_WAIT = 60  # ms that a hole is waited for before the network is known


def packet(n: int, *, skipped: Samples = 0) -> Packet:
    """The n-th packet of 20 ms of a stream whose numbers and clock are about to wrap."""
    timestamp = (n * FRAME + skipped) * CLOCK // RATE - 10 * 960
    return Packet((n - 5) % 65_536, timestamp % (1 << 32), b"%d" % n, FRAME)


def sound(n: int) -> Decode:
    return Decode(b"%d" % n)


def count(plays: list[Play]) -> Samples:
    return sum(FRAME if isinstance(play, Decode) else play.samples for play in plays)


def heard(plays: list[Play]) -> list[int]:
    return [int(play.payload) for play in plays if isinstance(play, Decode)]


def stream(buffer: JitterBuffer, until: int) -> list[Play]:
    """Put packets 0 to `until` as they are due."""
    return [play for n in range(until) for play in buffer.put(packet(n), 20.0 * n)]


def test_what_comes_in_order_goes_out_at_once() -> None:
    buffer = JitterBuffer(CLOCK)
    for n in range(20):
        assert buffer.put(packet(n), 20.0 * n) == [sound(n)]


def test_packets_that_overtook_each_other_are_put_in_order() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert buffer.put(packet(11), 220) == []
    assert buffer.put(packet(12), 240) == []
    assert buffer.put(packet(10), 250) == [sound(10), sound(11), sound(12)]
    assert buffer.lost == buffer.dropped == 0


def test_a_lost_packet_is_recovered_from_the_next_one() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert buffer.put(packet(11), 220) == []
    assert buffer.tick(220 + FIRST_WAIT - 1) == []
    assert buffer.tick(220 + FIRST_WAIT) == [Recover(b"11", FRAME), sound(11)]
    assert buffer.put(packet(12), 285) == [sound(12)]
    assert buffer.lost == 1


def test_of_several_lost_packets_the_last_is_recovered_and_the_others_are_concealed() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert buffer.put(packet(13), 260) == []
    plays = buffer.tick(260 + FIRST_WAIT)
    assert plays == [Conceal(2 * FRAME), Recover(b"13", FRAME), sound(13)]
    assert buffer.lost == 3
    assert buffer.concealed == 2 * FRAME


def test_a_long_loss_fades_into_noise() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    buffer.put(packet(20), 250)
    assert buffer.tick(250 + FIRST_WAIT) == [
        Conceal(3 * FRAME),
        Comfort(6 * FRAME),
        Recover(b"20", FRAME),
        sound(20),
    ]


def test_silence_that_was_not_sent_is_noise_of_that_length() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    resumed = packet(10, skipped=5 * FRAME)
    assert buffer.put(resumed, 300) == [Comfort(5 * FRAME), sound(10)]


def test_a_packet_without_sound_takes_its_number_and_its_time_is_noise() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    for n in (10, 11, 12):
        assert buffer.put(Packet(packet(n).sequence, 12_345, b"", 0), 20.0 * n) == []
    assert buffer.put(packet(13), 260) == [Comfort(3 * FRAME), sound(13)]


def test_duplicates_and_replays_are_dropped() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert [buffer.put(packet(n), 200) for n in (9, 9, 0, 4)] == [[]] * 4
    buffer.put(packet(11), 205)
    assert buffer.put(packet(11), 206) == []
    assert buffer.dropped == 5


def test_a_packet_that_comes_after_its_loss_was_made_up_for_is_dropped() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    buffer.put(packet(11), 220)
    buffer.tick(300)
    assert buffer.put(packet(10), 301) == []
    assert buffer.dropped == 1


def test_the_clock_goes_on_while_nothing_comes() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    plays = [play for at in range(200, 3_200, 20) for play in buffer.tick(at)]
    assert plays[:3] == [Conceal(FRAME)] * 3
    assert set(plays[3:]) == {Comfort(FRAME)}
    assert count(plays) == pytest.approx(3 * RATE, abs=RATE // 5)


def test_words_that_were_held_up_are_played_late_and_the_time_is_won_back_in_silence() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    filled = count(buffer.tick(1_200))
    assert filled > RATE // 2
    burst = [play for n in range(10, 60) for play in buffer.put(packet(n), 1_210)]
    assert burst == [sound(n) for n in range(10, 60)]
    pause = packet(60, skipped=RATE)
    assert buffer.put(pause, 2_300) == [Comfort(RATE - filled), sound(60)]
    assert buffer.put(packet(61, skipped=2 * RATE), 3_300) == [Comfort(RATE), sound(61)]


def test_a_sender_whose_clock_stood_still_along_with_it_owes_no_time() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert count(buffer.tick(5_200)) > 4 * RATE
    for n in range(10, 20):
        assert buffer.put(packet(n), 5_000 + 20 * n) == [sound(n)]
    assert buffer.put(packet(20, skipped=RATE), 6_400) == [Comfort(RATE), sound(20)]


def test_after_an_outage_the_time_is_as_if_there_had_been_none() -> None:
    buffer = JitterBuffer(CLOCK)
    plays = stream(buffer, 10)
    for at in range(200, 9_800, 20):
        plays += buffer.tick(at)
    plays += buffer.put(packet(490), 9_800)
    plays += buffer.tick(9_800 + LATEST_MS)
    assert heard(plays) == [*range(10), 490]
    assert count(plays) == 491 * FRAME


def test_a_jump_of_the_clock_is_not_filled() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    jump = LONGEST_GAP + FRAME
    assert buffer.put(packet(10, skipped=jump), 200) == [sound(10)]
    assert buffer.put(packet(11, skipped=jump), 220) == [sound(11)]


def test_timestamps_make_no_more_time_than_has_passed() -> None:
    buffer = JitterBuffer(CLOCK)
    plays = stream(buffer, 10)
    for n in range(10, 100):
        plays += buffer.put(packet(n, skipped=(n - 9) * 9 * RATE), 200)
    assert count(plays) < 100 * FRAME + 2 * RATE


def test_a_flood_of_sound_is_cut() -> None:
    buffer = JitterBuffer(CLOCK)
    plays = [play for n in range(2_000) for play in buffer.put(packet(n), 0)]
    assert count(plays) <= 10 * RATE + FRAME
    assert buffer.dropped > 1_000


def test_a_sequence_begun_anew_is_believed_at_its_second_packet() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert buffer.put(packet(30_000), 200) == []
    assert buffer.put(packet(30_001), 220) == [sound(30_000), sound(30_001)]
    assert buffer.put(packet(30_002), 240) == [sound(30_002)]
    assert buffer.dropped == 0


def test_packets_that_come_very_late_are_no_sequence_begun_anew() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 300)
    assert [buffer.put(packet(n), 6_000) for n in range(150)] == [[]] * 150
    assert buffer.put(packet(300), 6_010) == [sound(300)]


def test_one_strange_packet_changes_nothing() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    assert buffer.put(packet(30_000), 200) == []
    assert buffer.put(packet(10), 201) == [sound(10)]
    assert buffer.dropped == 1


def test_what_waits_behind_a_hole_is_bounded() -> None:
    buffer = JitterBuffer(CLOCK)
    stream(buffer, 10)
    plays = [play for n in range(11, 200) for play in buffer.put(packet(n), 200)]
    assert len(heard(plays)) >= 189 - MOST_HELD


def test_a_quiet_network_is_waited_for_less_and_a_jittery_one_more() -> None:
    quiet, jittery = JitterBuffer(CLOCK), JitterBuffer(CLOCK)
    for n in range(200):
        quiet.put(packet(n), 20.0 * n)
        jittery.put(packet(n), 20.0 * n + (37 * n) % 120)
    assert quiet.target_ms == 20
    assert 100 < jittery.target_ms <= 120


arrivals = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 300), st.booleans()), min_size=1, max_size=400
)


@given(arrivals)
def test_whatever_comes_in_whatever_order_the_time_is_contiguous(
    events: list[tuple[int, int, bool]],
) -> None:
    buffer, at, last = JitterBuffer(CLOCK), 0.0, -1
    for n, wait, tick in events:
        at += wait
        plays = buffer.tick(at) if tick else buffer.put(packet(n), at)
        for each in heard(plays):
            assert each > last, "in order, and none twice"
            last = each
        for play in plays:
            assert isinstance(play, Decode) or 0 < play.samples <= LONGEST_GAP
        assert len(buffer._held) <= MOST_HELD


@given(st.integers(0, 65_535), st.integers(0, (1 << 32) - 1), st.sets(st.integers(1, 98)))
def test_with_any_losses_the_length_is_that_of_the_stream(
    number: int, timestamp: int, lost: set[int]
) -> None:
    buffer = JitterBuffer(CLOCK)
    plays: list[Play] = []
    for n in range(100):
        if n not in lost:
            moved = Packet((number + n) % 65_536, (timestamp + 960 * n) % (1 << 32), b"1", FRAME)
            plays += buffer.put(moved, 20.0 * n)
        plays += buffer.tick(20.0 * n + 10)
    plays += buffer.tick(2_000 + LATEST_MS)
    assert count(plays) >= 100 * FRAME
    assert buffer.lost == len(lost)
    assert buffer.dropped == 0


@given(
    st.lists(
        st.builds(
            Packet,
            st.integers(0, 65_535),
            st.integers(0, (1 << 32) - 1),
            st.binary(max_size=2),
            st.integers(0, 1_920),
        ),
        max_size=60,
    ),
    st.sampled_from([8_000, 48_000]),
)
def test_no_packets_make_more_sound_than_they_hold_and_time_allows(
    packets: list[Packet], clock: int
) -> None:
    buffer, made = JitterBuffer(clock), 0
    for n, each in enumerate(packets):
        plays = buffer.put(each, 20.0 * n) + buffer.tick(20.0 * n)
        made += sum(play.samples for play in plays if not isinstance(play, Decode))
    allowed = sum(each.samples for each in packets) + len(packets) * FRAME + 2 * RATE
    assert made <= allowed
