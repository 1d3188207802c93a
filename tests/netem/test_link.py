"""The emulator does what it says, and the same every time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.netem.link import CLEAR, DEAD, Bursts, Conditions, Link

share = st.floats(0, 1)
delay = st.floats(0, 0.5)


@st.composite
def any_conditions(draw: st.DrawFn) -> Conditions:
    delay_s = draw(delay)
    return Conditions(
        loss=draw(share),
        bursts=draw(st.none() | st.builds(Bursts, share, share, share)),
        delay_s=delay_s,
        jitter_s=draw(st.floats(0, delay_s)),
        in_order=draw(st.booleans()),
        reorder=draw(share),
        duplicate=draw(share),
        bits_per_s=draw(st.none() | st.floats(1_000, 1e6)),
        queue_s=draw(st.floats(0, 1)),
    )


PACED = [(n * 0.02, bytes([n % 256]) * 80) for n in range(5_000)]
"""100 s of voice: a datagram of 80 bytes each 20 ms."""

times = st.lists(st.floats(0, 10), max_size=50).map(sorted)


@given(any_conditions(), times, st.integers(0, 2**32))
def test_nothing_arrives_before_it_was_sent_nor_more_than_twice(
    conditions: Conditions, at_s: list[float], seed: int
) -> None:
    link = Link(conditions, seed)
    fates = [(at, link.send(100, at)) for at in at_s]
    assert all(arrival >= at for at, arrivals in fates for arrival in arrivals)
    assert all(len(arrivals) <= 2 for _, arrivals in fates)
    assert link.sent == len(at_s)
    assert link.lost == sum(not arrivals for _, arrivals in fates)


@given(any_conditions(), times, st.integers(0, 2**32))
def test_the_same_seed_is_the_same_network(
    conditions: Conditions, at_s: list[float], seed: int
) -> None:
    one, other = Link(conditions, seed), Link(conditions, seed)
    assert [one.send(100, at) for at in at_s] == [other.send(100, at) for at in at_s]


@given(any_conditions(), times, st.integers(0, 2**32))
def test_in_order_nothing_overtakes(conditions: Conditions, at_s: list[float], seed: int) -> None:
    link = Link(replace(conditions, in_order=True, reorder=0.0, duplicate=0.0), seed)
    arrivals = [arrival for at in at_s for arrival in link.send(100, at)]
    assert arrivals == sorted(arrivals)


def test_a_clear_link_changes_nothing() -> None:
    assert list(Link(CLEAR).carry(PACED)) == PACED


def test_a_dead_link_carries_nothing_until_it_is_alive_again() -> None:
    link = Link(DEAD)
    assert link.send(100, 1.0) == []
    link.conditions = CLEAR
    assert link.send(100, 2.0) == [2.0]


def test_loss_is_as_frequent_as_said() -> None:
    arrived = list(Link(Conditions(loss=0.05), seed=1).carry(PACED))
    assert 1 - len(arrived) / len(PACED) == pytest.approx(0.05, abs=0.01)


def test_losses_in_bursts_are_as_frequent_and_as_long_as_said() -> None:
    bursts = Bursts(begin=0.01, end=0.25)
    link = Link(Conditions(bursts=bursts), seed=1)
    fates = "".join("." if link.send(80, n * 0.02) else "x" for n in range(50_000))
    lengths = [len(burst) for burst in fates.split(".") if burst]
    assert fates.count("x") / len(fates) == pytest.approx(0.01 / (0.01 + 0.25), abs=0.005)
    assert sum(lengths) / len(lengths) == pytest.approx(4, abs=0.5)


def test_jitter_spreads_the_delay_evenly() -> None:
    conditions = Conditions(delay_s=0.08, jitter_s=0.06)
    link = Link(conditions, seed=1)
    delays = [arrival - at for at, data in PACED for arrival in link.send(len(data), at)]
    assert min(delays) == pytest.approx(0.02, abs=0.001)
    assert max(delays) == pytest.approx(0.14, abs=0.001)
    assert sum(delays) / len(delays) == pytest.approx(0.08, abs=0.002)


def test_one_that_is_not_delayed_overtakes_those_before_it() -> None:
    conditions = Conditions(delay_s=0.05, reorder=0.1)
    arrived = [data for _, data in Link(conditions, seed=1).carry(PACED)]
    sent = [data for _, data in PACED]
    assert sorted(arrived) == sorted(sent)
    assert arrived != sent


def test_a_share_comes_twice() -> None:
    arrived = list(Link(Conditions(duplicate=0.1), seed=1).carry(PACED))
    assert len(arrived) / len(PACED) == pytest.approx(1.1, abs=0.01)


def test_a_narrow_link_queues_then_drops() -> None:
    """80 bytes each 20 ms are 32 kbit/s: half of them fit through 16."""
    link = Link(Conditions(bits_per_s=16_000, queue_s=0.2))
    delays = [arrival - at for at, data in PACED for arrival in link.send(len(data), at)]
    assert delays[0] == pytest.approx(0.04)
    assert max(delays) <= 0.2 + 0.04 + 1e-9
    assert link.lost / link.sent == pytest.approx(0.5, abs=0.01)


def test_turning_one_evil_off_leaves_the_others_as_they_were() -> None:
    both = Conditions(loss=0.1, delay_s=0.1, jitter_s=0.1, duplicate=0.1)
    there = set(Link(both, seed=7).carry(PACED))
    assert there <= set(Link(replace(both, loss=0.0), seed=7).carry(PACED))


@pytest.mark.parametrize("wrong", [{"loss": 1.1}, {"reorder": -0.1}, {"jitter_s": 0.1}])
def test_conditions_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Conditions(**wrong)
