"""What is heard over a bad network, sample by sample, without a recogniser."""

from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.recordings import read_mono
from media.audio import FRAME, RATE, Pcm, Seconds, samples
from media.jitter import Packet
from tests.conftest import AUDIO
from tests.gateway.hearing import likeness, match, pieces
from tests.netem.link import CLEAR, Bursts, Conditions, Link
from tests.netem.rehearsal import CLOCKS, heard, spoken

SAID = read_mono(AUDIO / "caller" / "t3.wav")[: 4 * RATE // FRAME * FRAME]


@cache
def sent(codec: str = "opus") -> list[tuple[Seconds, Packet]]:
    return spoken(SAID, codec)


@cache
def clean(codec: str = "opus") -> Pcm:
    return heard(sent(codec), Link(CLEAR), codec)[: len(SAID)]


@pytest.mark.parametrize("codec", CLOCKS)
def test_over_a_clear_link_every_codec_is_heard_as_it_was_said(codec: str) -> None:
    _, alike = match(SAID, clean(codec))
    assert alike > 0.9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_what_comes_twice_or_overtakes_is_heard_once_and_in_its_place(seed: int) -> None:
    conditions = Conditions(delay_s=0.02, jitter_s=0.02, reorder=0.2, duplicate=0.3)
    _, first = next(Link(conditions, seed).carry(sent()))
    assume(first is sent()[0][1])  # what overtakes the very first packet is the first
    assert np.array_equal(heard(sent(), Link(conditions, seed))[: len(SAID)], clean())


@settings(max_examples=20, deadline=None)
@given(
    st.builds(
        Conditions,
        loss=st.floats(0, 0.5),
        bursts=st.none() | st.builds(Bursts, st.floats(0, 0.2), st.floats(0.1, 1)),
        delay_s=st.just(0.3),
        jitter_s=st.floats(0, 0.3),
        reorder=st.floats(0, 0.2),
        duplicate=st.floats(0, 0.2),
        bits_per_s=st.none() | st.floats(8_000, 64_000),
    ),
    st.sampled_from(sorted(CLOCKS)),
    st.integers(0, 2**32),
)
def test_whatever_the_network_does_time_goes_on_as_it_should(
    conditions: Conditions, codec: str, seed: int
) -> None:
    """As much is heard as was said, but for the second after it and what is not yet filled."""
    came = heard(sent(codec), Link(conditions, seed), codec)
    assert len(SAID) - samples(0.5) <= len(came) <= len(SAID) + samples(2.0) or not len(came)


@pytest.mark.parametrize("codec", CLOCKS)
def test_most_of_what_comes_over_a_network_that_loses_is_like_what_was_said(codec: str) -> None:
    conditions = Conditions(loss=0.05, delay_s=0.06, jitter_s=0.06)
    came = heard(spoken(SAID, codec, loss=0.05), Link(conditions, seed=1), codec)
    alike = [likeness(piece, came) for piece in pieces(clean(codec), RATE // 4)]
    assert np.median(alike) > 0.95
    assert np.mean(alike) > 0.85


def test_after_ten_seconds_of_nothing_sound_goes_on_in_its_place() -> None:
    said = np.concatenate((SAID, np.zeros(8 * RATE, np.int16), SAID))
    packets = spoken(said)
    del packets[samples(3.0) // FRAME : samples(13.0) // FRAME]
    came = heard(packets, Link(CLEAR))
    assert abs(len(came) - len(said)) < samples(0.5) + RATE
    at, alike = match(SAID[2 * RATE :], came[samples(10.0) :])
    assert alike > 0.9
    assert abs(at - samples(4.0)) < samples(0.25)


def test_a_pause_that_is_not_sent_is_as_long_as_it_was() -> None:
    hum = np.random.default_rng(1).normal(0, 20, 4 * RATE).astype(np.int16)
    said = np.concatenate((SAID, hum, SAID)) + np.resize(hum, 2 * len(SAID) + len(hum))
    packets = spoken(said.astype(np.int16), dtx=True)
    assert len(packets) < len(said) // FRAME - 100, "silence is left out"
    came = heard(packets, Link(Conditions(delay_s=0.06, jitter_s=0.03), seed=1))
    at, alike = match(SAID, came[samples(6.0) :])
    assert alike > 0.9
    assert abs(at - samples(2.0)) < samples(0.15)
