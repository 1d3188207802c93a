from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import ms, silence, voice

from media.audio import RATE, Pcm, Span
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.timing import REACH, STEP, envelope, refine

AT = 48_000


def word(start_ms: float, end_ms: float, text: str = "word") -> Word:
    return Word(Sensitive(text), Span(AT + ms(start_ms), AT + ms(end_ms)), 0.7)


def spans_ms(words: tuple[Word, ...]) -> list[tuple[float, float]]:
    return [((w.span.start - AT) / 16, (w.span.end - AT) / 16) for w in words]


def two_words() -> Pcm:
    """Return speech from 200 to 500 and from 580 to 900 ms."""
    parts = silence(ms(200)), voice(ms(300)), silence(ms(80)), voice(ms(320)), silence(ms(100))
    return np.concatenate(parts)


def test_a_boundary_moves_to_the_dip_nearby() -> None:
    (_, end), (start, _) = spans_ms(refine([word(200, 470), word(470, 900)], two_words(), AT))
    assert 500 <= end <= 580
    assert 500 <= start <= 580


def test_a_boundary_with_no_dip_in_reach_stays_near() -> None:
    pcm = voice(RATE)
    ((start, end),) = spans_ms(refine([word(300, 700)], pcm, AT))
    reach = (REACH + 1) * STEP / 16
    assert start == pytest.approx(300, abs=reach)
    assert end == pytest.approx(700, abs=reach)


def test_texts_and_scores_stay() -> None:
    (refined,) = refine([word(200, 500, "hello")], two_words(), AT)
    assert (refined.text.reveal(), refined.score) == ("hello", 0.7)


def test_no_words_no_work() -> None:
    assert refine([], two_words(), AT) == ()


def test_the_envelope_tells_sound_from_silence() -> None:
    level = envelope(two_words())
    assert len(level) == 100
    assert level[5] < 1
    assert level[35] > 50


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2_500), st.integers(0, 900)), max_size=12),
    st.integers(1, 3),
    st.integers(STEP, 3 * RATE),
)
def test_words_keep_their_order_and_never_overlap(
    drawn: list[tuple[int, int]], seed: int, length: int
) -> None:
    words = [word(start, start + duration, str(i)) for i, (start, duration) in enumerate(drawn)]
    loud = np.repeat(np.random.default_rng(seed).uniform(0, 6_000, length // 800 + 1), 800)
    pcm = (loud[:length] * np.sin(np.arange(length))).astype(np.int16)
    refined = refine(words, pcm, AT)
    assert [w.text.reveal() for w in refined] == [w.text.reveal() for w in words]
    for w in refined:
        assert AT <= w.span.start < w.span.end
    for a, b in pairwise(refined):
        assert a.span.end <= b.span.start
