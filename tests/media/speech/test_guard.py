import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import ms, noise, silence, voice

from media.audio import FRAME, Pcm, Span
from media.channel import CHANNELS
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.guard import CLEAR_DB, IN_A_ROW, NOISY_DB, REPEATS, clarity, judge, loops, rushed


def verdict(
    ids: list[int],
    *,
    ended: bool = True,
    probability: float = -0.2,
    no_speech: float = 0.1,
    clarity_db: float = 40.0,
) -> str | None:
    return judge(
        ids,
        ended=ended,
        mean_log_probability=probability,
        no_speech=no_speech,
        clarity_db=clarity_db,
    )


def test_plain_speech_is_believed() -> None:
    assert verdict([1, 2, 3, 4, 5, 2, 3]) is None


def test_a_run_that_did_not_end_by_itself_is_not() -> None:
    assert verdict([1, 2, 3], ended=False) == "no end"


def test_a_loop_is_not() -> None:
    assert verdict([7, 1, 2, 3] + [4, 5, 6] * 9) == "loop"


def test_a_guess_is_not() -> None:
    assert verdict([1, 2], probability=-1.5) == "low probability"


def test_on_a_noisy_line_a_guess_is_sooner_one() -> None:
    assert verdict([1, 2], probability=-0.8) is None
    assert verdict([1, 2], probability=-0.8, clarity_db=NOISY_DB - 1) == "low probability"


def said() -> Pcm:
    """Return two words with a pause between them, in a quiet room."""
    pauses = noise(ms(100), 3), noise(ms(200), 3)
    return np.concatenate([pauses[0], voice(ms(500)), pauses[1], voice(ms(400))])


@pytest.mark.parametrize(
    ("channel", "least", "most"),
    [
        ("clean", CLEAR_DB, 99),
        ("opus_16k", CLEAR_DB, 99),
        ("g711", CLEAR_DB, 99),
        ("g711_noise_15db", NOISY_DB, CLEAR_DB),
        ("g711_noise_5db", 0, NOISY_DB),
        ("loss_3pct", CLEAR_DB, 99),
    ],
)
def test_a_noisy_line_is_told_from_a_clear_one(channel: str, least: float, most: float) -> None:
    heard = CHANNELS[channel](said(), np.random.default_rng(1))
    assert least < clarity(heard) < most


@pytest.mark.parametrize("offset", [0, 1, 6])
@pytest.mark.parametrize("gap", ["lost", "before"])
def test_digital_silence_does_not_make_a_noisy_line_clear(gap: str, offset: int) -> None:
    rng = np.random.default_rng(1)
    heard = CHANNELS["g711_noise_5db"](said(), rng)
    if gap == "lost":
        frames = heard[: len(heard) // FRAME * FRAME].reshape(-1, FRAME)
        frames[rng.random(len(frames)) < 0.05] = 0
    else:
        heard[: ms(200)] = 0
    assert clarity(heard + np.int16(offset)) < NOISY_DB


def test_what_has_no_voice_does_not_stand_out() -> None:
    assert clarity(silence(ms(500))) == 0
    assert clarity(silence(0)) == 0
    assert clarity(silence(ms(500)) + np.int16(7)) == 0
    assert clarity(noise(ms(500), 300)) < NOISY_DB


def test_text_for_noise_is_not() -> None:
    assert verdict([1, 2], no_speech=0.95, probability=-0.9) == "no speech"


def test_a_guess_is_told_from_a_guess_at_noise() -> None:
    assert verdict([1, 2], no_speech=0.6, probability=-1.5) == "low probability"
    assert verdict([1, 2], no_speech=0.8, probability=-1.5) == "no speech"


def test_sure_text_over_noise_is() -> None:
    assert verdict([1, 2], no_speech=0.95, probability=-0.3) is None


def test_digits_said_over_and_over_are_no_loop() -> None:
    comma = 11
    assert not loops([16] * 4)  # "one one one one"
    assert not loops([19, comma] + [16, comma] * 7)  # "4, 1, 1, 1, 1, 1, 1, 1,"


def in_a_row(count: int, each_ms: float, at_ms: float = 0, text: str = "") -> list[Word]:
    """Return words that follow one another, all different unless a `text` is given."""
    spans = (Span(ms(at_ms + i * each_ms), ms(at_ms + (i + 1) * each_ms)) for i in range(count))
    return [Word(Sensitive(text or f"w{i}"), span) for i, span in enumerate(spans)]


def test_words_faster_than_anybody_speaks_are_told() -> None:
    assert rushed(in_a_row(IN_A_ROW, 70))
    assert rushed(in_a_row(3, 300) + in_a_row(IN_A_ROW, 70, at_ms=900))
    assert not rushed(in_a_row(IN_A_ROW - 1, 70))
    assert not rushed(in_a_row(IN_A_ROW, 75))
    assert not rushed([])


def test_nobody_says_one_word_over_and_over_that_fast() -> None:
    assert rushed(in_a_row(IN_A_ROW, 110, text="8th"))
    assert not rushed(in_a_row(IN_A_ROW, 120, text="no"))
    assert not rushed(in_a_row(IN_A_ROW - 1, 110, text="8th"))


@pytest.mark.parametrize(("size", "most"), REPEATS.items())
@given(before=st.lists(st.integers(100, 200), unique=True, max_size=7))
def test_a_group_is_a_loop_wherever_it_starts(size: int, most: int, before: list[int]) -> None:
    assert loops(before + list(range(size)) * (most + 1) + [999])


@pytest.mark.parametrize(("size", "most"), REPEATS.items())
@given(before=st.lists(st.integers(100, 200), unique=True, max_size=7))
def test_a_group_said_as_often_as_people_say_it_is_none(
    size: int, most: int, before: list[int]
) -> None:
    assert not loops(before + list(range(size)) * most + [999])


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=60))
def test_tokens_that_do_not_recur_are_no_loop(ids: list[int]) -> None:
    assert not loops(ids)
