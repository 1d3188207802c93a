"""The figures of a call, on calls whose leaks, losses and delays are planted."""

from collections.abc import Sequence

import numpy as np
import pytest

from gateway.bench.items import Item, Truth
from gateway.bench.measure import Figures, Listen, measure, summary
from media.audio import FRAME, RATE, Pcm, Samples, Span, seconds
from media.entities.types import Entity
from tests.media.sounds import ms, voice

WORD = ms(200)
GAP = ms(400)
"""From one word's start to the next."""

Released = Sequence[tuple[Span, float]]


def call(*said: tuple[str, Entity | None], tail: Samples = RATE) -> Item:
    """Return a call in which a word is said every 400 ms, from the first sample on."""
    words = tuple(
        Truth(text, Span(GAP * i, GAP * i + WORD), entity) for i, (text, entity) in enumerate(said)
    )
    pcm = np.zeros(GAP * len(said) + tail, np.int16)
    for word in words:
        pcm[word.span.start : word.span.end] = voice(WORD)
    return Item("call", "voice", False, pcm, None, words)


def at_once(count: Samples, after: Samples = 0) -> Released:
    """Release every frame `after` samples after its end."""
    return [
        (Span(start, min(start + FRAME, count)), seconds(min(start + FRAME, count) + after))
        for start in range(0, count, FRAME)
    ]


def deaf(pcm: Pcm) -> list[tuple[str, Span]]:
    return []


def figures(
    item: Item,
    silenced: dict[int, float] | None = None,
    released: Released | None = None,
    listen: Listen = deaf,
) -> Figures:
    """Measure a call of which these shares of these words are silenced."""
    out = item.pcm.copy()
    for number, share in (silenced or {}).items():
        start = item.words[number].span.start
        out[start : start + round(WORD * share)] = 0
    when = at_once(len(out)) if released is None else released
    return measure(item, item.pcm, out, when, 0.5, listen)


@pytest.mark.parametrize(
    ("share", "leaked"), [(0, 1), (0.89, 1), (0.9, 0), (0.91, 0), (1, 0)], ids=str
)
def test_a_word_leaks_unless_nine_tenths_of_it_are_silenced(share: float, leaked: int) -> None:
    found = figures(call(("Ann", Entity.PERSON), ("please", None)), {0: share})
    assert (found.pii, found.leaked, found.harmless, found.lost) == (1, leaked, 1, 0)
    assert found.by_entity == {"PERSON": [1, leaked, 1, 0]}


@pytest.mark.parametrize(("share", "lost"), [(0, 0), (0.5, 0), (0.51, 1), (1, 1)], ids=str)
def test_a_harmless_word_is_lost_when_more_than_half_of_it_is(share: float, lost: int) -> None:
    found = figures(call(("order", None), ("three", None)), {1: share})
    assert (found.harmless, found.lost, found.pii, found.by_entity) == (2, lost, 0, {})


def test_a_bleep_is_as_good_as_silence() -> None:
    item = call(("Ann", Entity.PERSON))
    out = item.pcm.copy()
    out[:WORD] = 30_000
    assert measure(item, item.pcm, out, at_once(len(out)), 0, deaf).leaked == 0


def test_what_the_channel_swallowed_is_neither_lost_nor_leaked() -> None:
    item = call(("Ann", Entity.PERSON), ("please", None))
    said = np.zeros_like(item.pcm)
    found = measure(item, said, said, at_once(len(said)), 0, deaf)
    assert (found.leaked, found.lost) == (0, 0)


def card(*words: str) -> list[tuple[str, Entity | None]]:
    return [(word, Entity.PAYMENT_CARD) for word in words]


SIXTEEN = ["four", *["one"] * 15]


def test_of_a_card_the_digits_between_six_and_four_count() -> None:
    found = figures(call(("number", None), *card(*SIXTEEN)))
    assert (found.card, found.card_leaked) == (6, 6)
    kept = {1 + i: 1.0 for i in range(6, 12)}
    found = figures(call(("number", None), *card(*SIXTEEN)), kept)
    assert (found.card, found.card_leaked, found.leaked) == (6, 0, 10)


@pytest.mark.parametrize(("share", "leaked"), [(0.89, 1), (0.9, 0), (0.91, 0)], ids=str)
def test_a_card_digit_leaks_as_other_words_do(share: float, leaked: int) -> None:
    kept = {**dict.fromkeys(range(6, 12), 1.0), 8: share}
    assert figures(call(*card(*SIXTEEN)), kept).card_leaked == leaked


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("forty five thirty nine nineteen twenty twelve forty one ten eleven", [5, 6, 7, 8]),
        ("four one one one, one double five two, eleven ten two one one one", [5, 6, 7, 8, 9]),
        ("4111, 1122, 2233, 4444", [1, 2]),
        ("four one one one one one one one one one", []),
    ],
    ids=["pairs", "double", "groups", "ten digits"],
)
def test_card_digits_count_however_they_are_said(said: str, counted: list[int]) -> None:
    item = call(*card(*said.split()))
    assert figures(item).card == len(counted)
    assert figures(item, dict.fromkeys(counted, 1.0)).card_leaked == 0


def test_a_corrected_card_is_another_number() -> None:
    said = [*card(*SIXTEEN), ("sorry", None), *card(*SIXTEEN)]
    found = figures(call(*said))
    assert (found.card, found.card_leaked) == (12, 12)


def hears(*heard: tuple[str, Samples]) -> Listen:
    return lambda pcm: [(text, Span(at, at + WORD)) for text, at in heard]


@pytest.mark.parametrize(
    ("at", "heard"),
    [
        (GAP, 1),
        (GAP + WORD + ms(299), 1),
        (GAP + WORD + ms(300), 0),
        (GAP - WORD - ms(299), 1),
        (GAP - WORD - ms(300), 0),
        (5 * GAP, 0),
    ],
)
def test_a_digit_is_heard_only_at_its_place(at: Samples, heard: int) -> None:
    item = call(("is", None), ("five", Entity.PHONE), tail=4 * RATE)
    found = figures(item, {1: 1}, listen=hears(("5", at)))
    assert (found.items, found.heard, found.leaked) == (1, heard, 0)
    assert found.by_entity == {"PHONE": [1, 0, 1, heard]}


@pytest.mark.parametrize(
    ("said", "written", "items", "heard"),
    [
        ("five", "six", 1, 0),
        ("five", "555-2368", 1, 1),
        ("oh", "0", 1, 1),
        ("forty", "42", 2, 1),
        ("Smith's", "smiths,", 1, 1),
        ("Smith", "Smyth", 1, 0),
        ("K", "K-M-H", 1, 1),
        ("A", "A", 1, 1),
        ("I", "H-I-N", 1, 1),
        ("double", "double", 0, 0),
        ("dot", "dot", 0, 0),
    ],
)
def test_digits_letters_and_names_are_what_can_be_heard(
    said: str, written: str, items: int, heard: int
) -> None:
    found = figures(call((said, Entity.PERSON)), listen=hears((written, 0)))
    assert (found.items, found.heard) == (items, heard)


def test_nobody_listens_to_a_call_without_personal_data() -> None:
    def fail(pcm: Pcm) -> list[tuple[str, Span]]:
        raise AssertionError

    assert figures(call(("hello", None)), listen=fail).items == 0


def test_a_turn_is_late_by_what_is_waited_for_after_half_a_second_of_silence() -> None:
    item = call(("hello", None))  # the turn is due at 200 + 500 ms
    on_time = figures(item)
    assert on_time.turn_delays_s == pytest.approx([0.0])
    late = figures(item, released=at_once(len(item.pcm), after=ms(250)))
    assert late.turn_delays_s == pytest.approx([0.25])


def test_a_turn_is_there_with_the_stretch_that_has_its_last_sample() -> None:
    item = call(("hello", None))
    due, end = ms(700), len(item.pcm)
    exact = figures(item, released=[(Span(0, due), 0.9), (Span(due, end), 9.0)])
    assert exact.turn_delays_s == pytest.approx([0.2])
    short = figures(item, released=[(Span(0, due - 1), 0.9), (Span(due - 1, end), 9.0)])
    assert short.turn_delays_s == pytest.approx([8.3])


@pytest.mark.parametrize("tail", [0, ms(100)])
def test_a_call_that_ends_sooner_is_a_turn_at_its_end(tail: Samples) -> None:
    item = call(("hello", None), tail=tail)
    end = len(item.pcm)
    found = figures(item, released=[(Span(0, end), seconds(end) + 0.4)])
    assert found.turn_delays_s == pytest.approx([0.4])


def test_a_call_without_words_has_no_turn_and_no_ages() -> None:
    found = figures(call())
    assert (found.turn_delays_s, found.ages_s) == ([], [])


@pytest.mark.parametrize("after", [0, ms(400)])
def test_ages_are_of_frames_in_which_somebody_speaks(after: Samples) -> None:
    item = call(("hello", None), ("you", None))
    found = figures(item, released=at_once(len(item.pcm), after))
    # Age counts from the frame's first sample.
    assert found.ages_s == pytest.approx([seconds(FRAME + after)] * (2 * WORD // FRAME))


def test_the_last_frame_of_a_word_counts_though_the_word_does_not_fill_it() -> None:
    item = Item("", "", False, voice(RATE), None, (Truth("a", Span(100, FRAME + 1), None),))
    assert len(figures(item).ages_s) == 2


def test_ages_of_a_stretch_fall_towards_its_end() -> None:
    item = call(("hello", None))
    found = figures(item, released=[(Span(0, len(item.pcm)), 2.0)])
    assert found.ages_s == pytest.approx([2.0 - i * seconds(FRAME) for i in range(WORD // FRAME)])


def test_figures_add_up() -> None:
    one = figures(
        call(("Ann", Entity.PERSON), ("five", Entity.PHONE)), {1: 1}, listen=hears(("Ann", 0))
    )
    two = figures(call(("Bob", Entity.PERSON), ("please", None)), {0: 1, 1: 1})
    both = Figures()
    both.add(one)
    both.add(two)
    assert (both.pii, both.leaked, both.harmless, both.lost) == (3, 1, 1, 1)
    assert (both.items, both.heard) == (3, 1)
    assert both.by_entity == {"PERSON": [2, 1, 2, 1], "PHONE": [1, 0, 1, 0]}
    assert both.compute_s == 1.0
    assert both.speech_s == pytest.approx(0.8)
    assert len(both.turn_delays_s) == 2
    assert one.by_entity == {"PERSON": [1, 1, 1, 1], "PHONE": [1, 0, 1, 0]}, "stays as it was"


def test_the_summary_is_in_shares_and_percentiles() -> None:
    found = Figures(
        pii=8, leaked=2, harmless=10, lost=1, items=4, heard=1, card=5, card_leaked=1,
        turn_delays_s=[i / 100 for i in range(101)], ages_s=[0.1, 0.2, 0.3],
        compute_s=3.0, speech_s=6.0, by_entity={"PHONE": [8, 2, 4, 1], "CVV": [0, 0, 0, 0]},
    )  # fmt: skip
    assert summary(found, Figures(harmless=4, lost=1)) == {
        "leak": 0.25,
        "heard": 0.25,
        "lost": 0.1,
        "lost_no_pii": 0.25,
        "card_leak": 0.2,
        "turn_delay_p50_s": 0.5,
        "turn_delay_p95_s": 0.95,
        "turn_delay_max_s": 1.0,
        "hold_age_p50_s": 0.2,
        "hold_age_p95_s": 0.29,
        "hold_age_max_s": 0.3,
        "compute_per_speech": 0.5,
        "pii_words": 8,
        "harmless_words": 10,
        "by_entity": {
            "CVV": {"words": 0, "leak": 0.0, "heard": 0.0},
            "PHONE": {"words": 8, "leak": 0.25, "heard": 0.25},
        },
    }


def test_the_summary_of_nothing_is_noughts() -> None:
    empty = summary(Figures(), Figures())
    assert empty.pop("by_entity") == {}
    assert set(empty.values()) == {0}
