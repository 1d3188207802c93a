import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import RATE
from media.timeline import LONGEST_GAP_S, Timeline, downmix

CLOCK = 48_000
PACKET = 960
WRAP = 1 << 32
TAIL = 1.5  # packets that the resampling filter keeps back


def total(timestamps: list[int], *, rate: int = CLOCK, packet: int = PACKET) -> int:
    """Samples that come of packets at these timestamps, filter tail excluded."""
    timeline = Timeline()
    chunk = np.full(packet, 1000, np.int16)
    return sum(len(timeline.feed(chunk, t, rate=rate, clock=CLOCK)) for t in timestamps)


def packets(samples_at_16k: int) -> float:
    return samples_at_16k / (RATE / 50)


def test_consecutive_packets_join_without_holes() -> None:
    assert packets(total([i * PACKET for i in range(100)])) == pytest.approx(100, abs=TAIL)


def test_lost_packets_become_as_much_silence() -> None:
    kept = [i * PACKET for i in range(100) if not 40 <= i < 60]
    timeline = Timeline()
    chunk = np.full(PACKET, 1000, np.int16)
    out = np.concatenate([timeline.feed(chunk, t, rate=CLOCK, clock=CLOCK) for t in kept])
    assert packets(len(out)) == pytest.approx(100, abs=TAIL)
    assert timeline.filled == 20 * 320
    assert np.abs(out[41 * 320 : 59 * 320]).max() < 20
    assert out[20 * 320] == pytest.approx(1000, abs=20)


@given(st.integers(0, WRAP - 1), st.sets(st.integers(1, 48), max_size=30))
def test_loss_anywhere_and_a_wrap_of_the_clock_keep_the_length(start: int, lost: set[int]) -> None:
    kept = [(start + i * PACKET) % WRAP for i in range(50) if i not in lost]
    assert packets(total(kept)) == pytest.approx(50, abs=TAIL)


def test_a_packet_that_comes_twice_counts_once() -> None:
    assert packets(total([0, 960, 960, 1920, 960, 2880])) == pytest.approx(4, abs=TAIL)


@pytest.mark.parametrize("jump_s", [LONGEST_GAP_S + 0.1, 3600.0, -3600.0])
def test_a_huge_jump_is_a_new_clock(jump_s: float) -> None:
    base = 10**9
    before = [base + i * PACKET for i in range(50)]
    after = [base + round((1 + jump_s) * CLOCK) + i * PACKET for i in range(50)]
    assert packets(total(before + after)) == pytest.approx(100, abs=TAIL)


def test_stereo_is_mixed_down_without_overflow() -> None:
    loud = np.full((4, 2), 32_767, np.int16)
    assert downmix(loud).tolist() == [32_767] * 4
    assert downmix(np.array([[100, 300]], np.int16)).tolist() == [200]


def test_the_clock_of_g722_runs_at_half_its_rate() -> None:
    timeline = Timeline()
    chunk = np.zeros(320, np.int16)
    out = [timeline.feed(chunk, i * 160, rate=16_000, clock=8_000) for i in (0, 1, 3, 4)]
    assert sum(map(len, out)) == 5 * 320


def test_the_rate_may_change_between_packets() -> None:
    timeline = Timeline()
    out = [
        timeline.feed(np.zeros(960, np.int16), i * 960, rate=48_000, clock=48_000)
        for i in range(50)
    ]
    out += [
        timeline.feed(np.zeros(160, np.int16), 48_000 + i * 960, rate=8_000, clock=48_000)
        for i in range(50)
    ]
    assert packets(sum(map(len, out))) == pytest.approx(100, abs=4)  # at 8 kHz the filter is longer
