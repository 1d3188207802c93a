"""The figures of a call, on calls whose leaks, losses and delays are planted."""

from collections.abc import Sequence

import numpy as np
import pytest

from gateway.bench.items import Item, Truth
from gateway.bench.measure import (
    Counts,
    Figures,
    Found,
    Listen,
    Measured,
    Outcome,
    measure,
    summary,
)
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


def fails(pcm: Pcm) -> list[tuple[str, Span]]:
    raise AssertionError


def deaf(pcm: Pcm) -> list[tuple[str, Span]]:
    return []


def measured(
    item: Item,
    silenced: dict[int, float] | None = None,
    released: Released | None = None,
    listen: Listen = deaf,
    found: Sequence[Found] = (),
) -> Measured:
    """Measure a call of which these shares of these words are silenced."""
    out = item.pcm.copy()
    for number, share in (silenced or {}).items():
        start = item.words[number].span.start
        out[start : start + round(WORD * share)] = 0
    when = at_once(len(out)) if released is None else released
    return measure(item, item.pcm, Outcome(out, when, found, 0.5), listen)


def figures(
    item: Item,
    silenced: dict[int, float] | None = None,
    released: Released | None = None,
    listen: Listen = deaf,
    found: Sequence[Found] = (),
) -> Figures:
    return measured(item, silenced, released, listen, found).figures


@pytest.mark.parametrize(
    ("share", "leaked"), [(0, 1), (0.89, 1), (0.9, 0), (0.91, 0), (1, 0)], ids=str
)
def test_a_word_leaks_unless_nine_tenths_of_it_are_silenced(share: float, leaked: int) -> None:
    found = figures(call(("Ann", Entity.PERSON), ("please", None)), {0: share})
    assert (found.pii.words, found.pii.leaked, found.harmless, found.lost) == (1, leaked, 1, 0)
    assert found.by_entity == {"PERSON": Counts(words=1, leaked=leaked, items=1, stretches=1)}


@pytest.mark.parametrize(("share", "lost"), [(0, 0), (0.5, 0), (0.51, 1), (1, 1)], ids=str)
def test_a_harmless_word_is_lost_when_more_than_half_of_it_is(share: float, lost: int) -> None:
    found = figures(call(("order", None), ("three", None)), {1: share})
    assert (found.harmless, found.lost, found.by_entity) == (2, lost, {})


def test_a_bleep_is_as_good_as_silence() -> None:
    item = call(("Ann", Entity.PERSON))
    out = item.pcm.copy()
    out[:WORD] = 30_000
    outcome = Outcome(out, at_once(len(out)), (), 0)
    assert measure(item, item.pcm, outcome, deaf).leaked == {}


def test_what_the_channel_swallowed_is_neither_lost_nor_leaked() -> None:
    item = call(("Ann", Entity.PERSON), ("please", None))
    said = np.zeros_like(item.pcm)
    found = measure(item, said, Outcome(said, at_once(len(said)), (), 0), deaf)
    assert (found.leaked, found.lost) == ({}, [])


def card(*words: str) -> list[tuple[str, Entity | None]]:
    return [(word, Entity.PAYMENT_CARD) for word in words]


SIXTEEN = ["four", *["one"] * 15]


def test_of_a_card_the_digits_between_six_and_four_count() -> None:
    found = figures(call(("number", None), *card(*SIXTEEN)))
    assert (found.card.words, found.card.leaked) == (6, 6)
    kept = {1 + i: 1.0 for i in range(6, 12)}
    found = figures(call(("number", None), *card(*SIXTEEN)), kept)
    assert (found.card.words, found.card.leaked, found.pii.leaked) == (6, 0, 10)


@pytest.mark.parametrize(("share", "leaked"), [(0.89, 1), (0.9, 0), (0.91, 0)], ids=str)
def test_a_card_digit_leaks_as_other_words_do(share: float, leaked: int) -> None:
    kept = {**dict.fromkeys(range(6, 12), 1.0), 8: share}
    assert figures(call(*card(*SIXTEEN)), kept).card.leaked == leaked


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
    assert figures(item).card.words == len(counted)
    assert figures(item, dict.fromkeys(counted, 1.0)).card.leaked == 0


def test_a_corrected_card_is_another_number() -> None:
    said = [*card(*SIXTEEN), ("sorry", None), *card(*SIXTEEN)]
    found = figures(call(*said))
    assert (found.card.words, found.card.leaked) == (12, 12)


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
    assert found.by_entity == {"PHONE": Counts(words=1, items=1, heard=heard, stretches=1)}


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
    assert (found.pii.items, found.pii.heard) == (items, heard)


def test_nobody_listens_to_a_call_without_personal_data() -> None:
    assert measured(call(("hello", None)), listen=fails).heard == []


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
        call(("Ann", Entity.PERSON), ("five", Entity.PHONE)),
        {1: 1},
        listen=hears(("Ann", 0)),
        found=[Found(Span(0, WORD), (Entity.PERSON,))],
    )
    two = figures(call(("Bob", Entity.PERSON), ("please", None)), {0: 1, 1: 1})
    both = Figures()
    both.add(one)
    both.add(two)
    person = Counts(
        words=2, leaked=1, items=2, heard=1, stretches=2, recalled=1, covered=1, found=1, right=1
    )
    phone = Counts(words=1, items=1, stretches=1)
    assert both.by_entity == {"PERSON": person, "PHONE": phone}
    assert (both.pii.words, both.pii.leaked, both.pii.items, both.pii.heard) == (3, 1, 3, 1)
    assert (both.harmless, both.lost) == (1, 1)
    assert both.compute_s == 1.0
    assert both.speech_s == pytest.approx(0.8)
    assert len(both.turn_delays_s) == 2
    assert one.pii.words == 2, "stays as it was"


def test_the_summary_is_in_shares_and_percentiles() -> None:
    phone = Counts(
        words=8, leaked=2, items=4, heard=1, stretches=4, recalled=2, covered=3, found=5, right=1
    )
    found = Figures(
        harmless=10, lost=1, card=Counts(words=5, leaked=1, items=4, heard=1),
        turn_delays_s=[i / 100 for i in range(101)], ages_s=[0.1, 0.2, 0.3],
        compute_s=3.0, speech_s=6.0, by_entity={"PHONE": phone, "CVV": Counts()},
    )  # fmt: skip
    assert summary(found, Figures(harmless=4, lost=1)) == {
        "leak": 0.25,
        "heard": 0.25,
        "lost": 0.1,
        "lost_no_pii": 0.25,
        "card_leak": 0.2,
        "card_heard": 0.25,
        "recall": 0.5,
        "recall_any": 0.75,
        "precision": 0.2,
        "turn_delay_p50_s": 0.5,
        "turn_delay_p95_s": 0.95,
        "turn_delay_max_s": 1.0,
        "hold_age_p50_s": 0.2,
        "hold_age_p95_s": 0.29,
        "hold_age_max_s": 0.3,
        "compute_per_speech": 0.5,
        "pii_words": 8,
        "pii_items": 4,
        "card_words": 5,
        "harmless_words": 10,
        "by_entity": {
            "CVV": {
                "words": 0, "items": 0, "leak": 0.0, "heard": 0.0, "stretches": 0,
                "recall": 0.0, "recall_any": 0.0, "findings": 0, "precision": 0.0,
            },
            "PHONE": {
                "words": 8, "items": 4, "leak": 0.25, "heard": 0.25, "stretches": 4,
                "recall": 0.5, "recall_any": 0.75, "findings": 5, "precision": 0.2,
            },
        },
    }  # fmt: skip


def test_the_summary_of_nothing_is_noughts() -> None:
    empty = summary(Figures(), Figures())
    assert empty.pop("by_entity") == {}
    assert set(empty.values()) == {0}


def test_a_call_tells_which_words_leaked_were_lost_and_heard() -> None:
    item = call(("I'm", None), ("Ann", Entity.PERSON), ("Lee", Entity.PERSON), ("hi", None))
    found = measured(item, {0: 1, 1: 1, 2: 0.25}, listen=hears(("Lee", 2 * GAP)))
    assert (found.leaked, found.lost, found.heard) == ({2: 0.25}, [0], [2])


def test_what_is_silenced_with_all_around_it_needs_no_listener() -> None:
    item = call(("five", Entity.PHONE), ("six", Entity.PHONE))
    assert measured(item, {0: 1, 1: 1}, listen=fails).heard == []


def test_one_digit_that_comes_through_is_one_item() -> None:
    item = call(*[("five", Entity.PHONE)] * 3)
    assert measured(item, listen=hears(("5", GAP))).heard == [1]


def test_a_harmless_word_that_is_heard_is_no_item_beside_it() -> None:
    item = call(("one", None), ("one", Entity.PHONE))
    assert measured(item, {1: 1}, listen=hears(("one", 0))).heard == []
    assert measured(item, listen=hears(("one", 0), ("one", GAP))).heard == [1]


def test_of_a_card_only_what_is_cut_counts_as_heard() -> None:
    said = call(*card(*SIXTEEN))
    every = [("1", GAP * i) for i in range(16)]
    assert figures(said, listen=hears(*every)).card == Counts(words=6, leaked=6, items=6, heard=6)
    assert figures(said, listen=hears(("4", 0), ("1", 15 * GAP))).card.heard == 0


SMITH = [("Ann", Entity.PERSON), ("Smith", Entity.PERSON), ("please", None), ("do", None)]


def at_words(first: int, last: int, *entities: Entity) -> Found:
    return Found(Span(GAP * first, GAP * (last - 1) + WORD), entities)


@pytest.mark.parametrize(
    ("found", "recalled", "covered"),
    [
        ([], 0, 0),
        ([at_words(0, 2, Entity.PERSON)], 1, 1),
        ([at_words(1, 2, Entity.PERSON)], 1, 1),
        ([at_words(0, 2, Entity.CITY)], 0, 1),
        ([at_words(0, 2)], 0, 1),
        ([at_words(0, 2, Entity.CITY, Entity.PERSON)], 1, 1),
        ([at_words(2, 4, Entity.PERSON)], 0, 0),
    ],
    ids=["nothing", "all", "half", "other type", "no type", "wide type", "elsewhere"],
)
def test_a_stretch_is_found_with_half_of_its_words(
    found: list[Found], recalled: int, covered: int
) -> None:
    counts = figures(call(*SMITH), found=found).by_entity["PERSON"]
    assert (counts.stretches, counts.recalled, counts.covered) == (1, recalled, covered)


def test_two_findings_together_find_a_stretch() -> None:
    said = call(*[("five", Entity.PHONE)] * 5)
    parts = [at_words(0, 2, Entity.PHONE), at_words(4, 5, Entity.PHONE)]
    assert figures(said, found=parts[:1]).by_entity["PHONE"].recalled == 0
    assert figures(said, found=parts).by_entity["PHONE"].recalled == 1


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (at_words(0, 2, Entity.PERSON), 1),
        (at_words(0, 4, Entity.PERSON), 1),
        (at_words(1, 4, Entity.PERSON), 0),
        (at_words(2, 4, Entity.PERSON), 0),
        (Found(Span(6 * GAP, 7 * GAP), (Entity.PERSON,)), 0),
        (at_words(0, 2, Entity.CITY, Entity.PERSON), 1),
    ],
    ids=["all", "half", "a third", "none", "where nothing is said", "wide type"],
)
def test_a_finding_is_right_with_half_of_its_words(found: Found, right: int) -> None:
    counts = figures(call(*SMITH), found=[found]).by_entity["PERSON"]
    assert (counts.found, counts.right) == (1, right)


def test_a_finding_of_what_was_not_said_counts_for_its_entity() -> None:
    by_entity = figures(call(("nine", None)), found=[at_words(0, 1, Entity.CVV)]).by_entity
    assert by_entity == {"CVV": Counts(found=1)}


def test_a_finding_of_a_type_that_is_not_ours_is_neither_right_nor_wrong() -> None:
    assert figures(call(("nine", None)), found=[at_words(0, 1)]).by_entity == {}
