import numpy as np
import pytest
from sounds import ms

from media.audio import RATE, Span, level_dbfs
from media.render import TONE_HZ, bleep


def test_a_bleep_is_as_long_as_its_span_and_soft() -> None:
    pcm = bleep(Span(ms(100), ms(1_100)))
    assert len(pcm) == RATE
    assert level_dbfs(pcm) == pytest.approx(-42, abs=0.1)


def test_a_bleep_has_one_frequency() -> None:
    spectrum = np.abs(np.fft.rfft(bleep(Span(0, RATE)).astype(float)))
    assert int(np.argmax(spectrum)) == TONE_HZ
    assert np.sum(np.delete(spectrum, TONE_HZ) ** 2) < 1e-4 * spectrum[TONE_HZ] ** 2


def test_bleeps_that_meet_join_without_a_click() -> None:
    parts = [bleep(Span(0, 4_321)), bleep(Span(4_321, 9_000))]
    assert np.array_equal(np.concatenate(parts), bleep(Span(0, 9_000)))


def test_an_empty_span_has_no_bleep() -> None:
    assert len(bleep(Span(5, 5))) == 0
