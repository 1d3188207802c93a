from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import ms, silence, voice

from media.audio import RATE, Pcm, Span
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.boundaries import Edges
from media.speech.timing import DIP_REACH, STEP, envelope, refine

AT = 48_000


def word(start_ms: float, end_ms: float, text: str = "word", inside: Sequence[float] = ()) -> Word:
    places = tuple(AT + ms(place) for place in inside)
    return Word(Sensitive(text), Span(AT + ms(start_ms), AT + ms(end_ms)), 0.7, places)


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
    reach = (DIP_REACH + 1) * STEP / 16
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
    words = [
        word(start, start + duration, str(i), inside=[start + duration / 3] * (i % 3))
        for i, (start, duration) in enumerate(drawn)
    ]
    loud = np.repeat(np.random.default_rng(seed).uniform(0, 6_000, length // 800 + 1), 800)
    pcm = (loud[:length] * np.sin(np.arange(length))).astype(np.int16)
    refined = refine(words, pcm, AT)
    assert [w.text.reveal() for w in refined] == [w.text.reveal() for w in words]
    for w in refined:
        assert AT <= w.span.start < w.span.end
    for a, b in pairwise(refined):
        assert a.span.end <= b.span.start


def heard(length_ms: int, *, starts: Sequence[int], ends: Sequence[int]) -> Edges:
    """Return edges that are likely at these places (ms) only."""
    edges = np.full((2, length_ms // 10), np.log(0.01))
    edges[0, [at // 10 for at in starts]] = edges[1, [at // 10 for at in ends]] = np.log(0.8)
    return Edges(*edges)


def test_words_are_placed_where_the_encoder_hears_them_however_attention_errs() -> None:
    edges = heard(1_000, starts=[200, 500, 700], ends=[500, 700, 900])
    drawn = [word(320, 400), word(400, 420), word(420, 800)]
    spans = spans_ms(refine(drawn, voice(RATE), AT, edges))
    assert spans == [(205, 505), (505, 705), (705, 905)]


def test_each_digit_of_a_group_is_placed_so_that_none_is_left_to_the_word_after() -> None:
    edges = heard(1_400, starts=[200, 500, 700, 900], ends=[500, 700, 900, 1_100])
    drawn = [word(220, 760, "247", inside=[420, 600]), word(760, 1_100, "and")]
    assert spans_ms(refine(drawn, voice(2 * RATE), AT, edges)) == [(205, 905), (905, 1_105)]


def test_an_edge_out_of_reach_is_not_gone_to() -> None:
    edges = heard(2_000, starts=[1_900], ends=[1_950])
    ((start, end),) = spans_ms(refine([word(300, 700)], voice(2 * RATE), AT, edges))
    assert (start, end) == (305, 705)


def test_a_word_is_not_squeezed_where_words_are_timed_by_dips() -> None:
    ((start, end),) = spans_ms(refine([word(320, 340, "Schwarzenberger")], voice(RATE), AT))
    assert end - start >= 15 * 35 - 10
