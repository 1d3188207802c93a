"""Whether a recording is heard again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gateway import assets
from gateway.recordings import read_mono
from media.audio import RATE, Pcm
from media.channel import CHANNELS
from media.echo import likeness

WORDS = sorted(assets.audio("prompts/en").glob("word_*.ogg"))


def quiet(count: int) -> Pcm:
    return np.zeros(count, np.int16)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_recording_is_known_again_wherever_it_is_and_whatever_its_level(channel: str) -> None:
    word = read_mono(WORDS[0])
    rng = np.random.default_rng(1)
    heard = CHANNELS[channel](np.concatenate([quiet(3_111), word, quiet(RATE)]), rng)
    assert likeness(word, heard) > 0.7
    assert likeness(word, (heard * 0.2).astype(np.int16)) > 0.7


def test_other_words_of_the_same_voice_are_not_like_it() -> None:
    word, others = read_mono(WORDS[0]), [read_mono(path) for path in WORDS[1:9]]
    assert likeness(word, np.concatenate(others)) < 0.4


def test_silence_is_like_nothing() -> None:
    word = read_mono(WORDS[0])
    assert likeness(word, quiet(RATE)) == likeness(quiet(RATE), word) == 0.0
    assert likeness(word, quiet(0)) == 0.0


samples = arrays.arrays(np.int16, st.integers(1, 400))


@given(samples, samples)
def test_it_is_a_share_of_any_two_sounds(one: Pcm, other: Pcm) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0 + 1e-6
