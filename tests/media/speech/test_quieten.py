import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sounds import ms, noise, silence, voice

from media.audio import Pcm
from media.speech.quieten import WINDOW, quietened


def rms(pcm: Pcm) -> float:
    return float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))


def test_noise_is_taken_down_between_words_and_the_voice_is_kept() -> None:
    pause = silence(ms(400))
    said = np.concatenate([pause, voice(ms(600)), pause, voice(ms(500)), pause])
    heard = quietened(said + noise(len(said), rms(said) * 10 ** (-5 / 20)))
    between = slice(ms(50), ms(350))
    assert rms(heard[between]) < rms(said) * 10 ** (-5 / 20) / 4
    spoken = slice(ms(450), ms(950))
    assert rms(heard[spoken] - said[spoken]) < rms(said[spoken]) / 2


def test_digital_silence_does_not_pass_for_a_quiet_line() -> None:
    line = noise(ms(2_000), 500)
    line[: ms(800)] = 0  # as where packets were lost, or nothing was sent
    assert rms(quietened(line)) < rms(line) / 3


@pytest.mark.parametrize("count", [0, 1, WINDOW - 1])
def test_what_is_shorter_than_a_window_stays_as_it_is(count: int) -> None:
    pcm = noise(count, 300)
    assert np.array_equal(quietened(pcm), pcm)


def test_silence_stays_silence() -> None:
    assert not quietened(silence(ms(500))).any()


@given(arrays(np.int16, st.integers(WINDOW, 4 * WINDOW)))
def test_any_sound_stays_sound_of_its_length(pcm: Pcm) -> None:
    heard = quietened(pcm)
    assert heard.dtype == np.int16
    assert len(heard) == len(pcm)
