"""The random line: whatever goes in, sound at 16 kHz comes out, and nothing tells its label."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import RATE
from media.channel import TELEPHONE
from scripts.liveness.channel import random_channel


def voice(seconds: float, rate: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * 120 * k * at) / k for k in range(1, 20))
    return ((tone + 0.1 * rng.normal(0, 1, len(at))) * 3_000).astype(np.int16)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(seed=st.integers(0, 10_000), rate=st.sampled_from([8_000, 22_050, 24_000, 44_100]))
@settings(max_examples=25, deadline=None)
def test_every_line_gives_as_much_sound_at_16_khz(seed: int, rate: int) -> None:
    heard, done = random_channel(voice(2, rate), rate, rng(seed), [voice(1, RATE, 2)])
    assert heard.dtype == np.int16
    assert 1.8 * RATE < len(heard) <= (4.1 if "silence" in done else 2.1) * RATE
    assert heard.any()


@pytest.mark.parametrize("pcm", [np.zeros(8_000, np.int16), np.full(8_000, 32_767, np.int16)])
def test_silence_and_a_stuck_line_pass(pcm: np.ndarray) -> None:
    for seed in range(20):
        heard, _ = random_channel(pcm, 8_000, rng(seed))
        assert heard.dtype == np.int16


def test_the_same_draw_gives_the_same_line() -> None:
    one, two = (random_channel(voice(1, RATE), RATE, rng(7)) for _ in range(2))
    assert np.array_equal(one[0], two[0])
    assert one[1] == two[1]


def test_most_lines_are_telephones() -> None:
    narrow = 0
    for seed in range(60):
        heard, done = random_channel(voice(1, 24_000), 24_000, rng(seed))
        power = np.abs(np.fft.rfft(heard.astype(float))) ** 2
        cut = len(power) * 4_300 * 2 // RATE
        narrow += bool(power[cut:].sum() < 1e-4 * power.sum()) and "pcmu, pcmu" not in done
    assert 25 <= narrow <= 55


@pytest.mark.parametrize("name", TELEPHONE)
def test_lines_that_voices_are_judged_over_keep_their_length(name: str) -> None:
    said = voice(1.5, RATE)
    assert len(TELEPHONE[name](said, rng(1))) == len(said)
