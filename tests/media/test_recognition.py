"""What a worker does with a command, the recogniser and the detector replaced by what they say."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from sounds import ms, silence, voice

from media.assent import Assent
from media.audio import Pcm, Samples, Span
from media.entities.detector import Detector
from media.entities.types import Entity, Finding, Inspection, Word
from media.recognition import BESIDE, Impression, Recognise, Recognised, recognise
from media.sensitive import Sensitive
from media.speech.guard import CONTRARY, IN_A_ROW
from media.speech.whisper import Hypothesis, Reading, Whisper

AT = ms(10_000)


def word(text: str, start_ms: float, end_ms: float) -> Word:
    return Word(Sensitive(text), Span(AT + ms(start_ms), AT + ms(end_ms)))


class Hears:
    """A recogniser that hears the same whatever it is given."""

    def __init__(self, *words: Word, unsure: str | None = None, guess: bool = False) -> None:
        self._hypothesis = Hypothesis(words, unsure, guess=guess)

    def run(
        self,
        pcm: Pcm,
        at: Samples,
        language: str,
        hint: str = "",
        against: object = (),
        *,
        whole: bool = False,
        draft: str = "",
    ) -> Hypothesis:
        assert at == AT
        assert whole == bool(hint)
        self.language, self.hint, self.draft = language, hint, draft
        return self._hypothesis


class Finds:
    """A detector that finds nothing, and leaves the words from `open_from` on open."""

    def __init__(self, open_from: int = 99) -> None:
        self._open_from = open_from
        self.calls: list[dict[str, Any]] = []

    def inspect(self, words: Sequence[Word], **how: Any) -> Inspection:
        self.calls.append({"texts": [w.text.reveal() for w in words], **how})
        open_from = len(words) if how.get("ended") else min(self._open_from, len(words))
        return Inspection((), open_from)


def run(hears: Hears, finds: Finds | None = None, **job: Any) -> Recognised:
    pcm = np.concatenate([voice(ms(1_200)), silence(ms(100))])
    command = Recognise(id=7, at=AT, pcm=pcm, **job)
    return recognise(command, cast(Whisper, hears), cast(Detector, finds or Finds()))


def texts(result: Recognised) -> list[str]:
    return [w.text.reveal() for w in result.words]


def test_a_window_lies_where_its_samples_do() -> None:
    assert Recognise(1, AT, silence(300)).span == Span(AT, AT + 300)


def test_new_words_follow_the_context() -> None:
    context = (word("my", -500, -300), word("card", -300, -100))
    result = run(Hears(word("is", 200, 400), word("4111", 400, 1_000)), context=context)
    assert (texts(result), result.fresh, result.id) == (["my", "card", "is", "4111"], 2, 7)


def test_words_before_the_cursor_are_the_same_speech_once_more() -> None:
    context = (word("my", 0, 200), word("card", 200, 500))
    heard = Hears(word("my", 0, 210), word("card", 210, 480), word("is", 600, 900))
    result = run(heard, context=context, cursor=AT + ms(470))
    assert texts(result) == ["my", "card", "is"]


def test_a_settled_word_that_goes_on_is_new_from_there() -> None:
    context = (word("$98.", 0, 560),)
    result = run(Hears(word("$98.39", 0, 1_000)), context=context, cursor=AT + ms(560), passed=True)
    assert texts(result) == ["$98.", "$98.39"]
    assert result.words[-1].span.start == AT + ms(560)


def test_what_goes_on_behind_a_silenced_word_is_not_heard() -> None:
    context = (word("617", 0, 560),)
    heard = Hears(word("617555", 0, 1_000), word("and", 1_050, 1_200))
    result = run(heard, context=context, cursor=AT + ms(560))
    assert texts(result) == ["617", "and"]


def test_a_word_that_passed_while_it_was_being_said_is_not_new_but_longer() -> None:
    context = (word("degrees", 0, 560),)
    heard = Hears(word("degrees", 0, 800), word("here", 820, 1_100))
    result = run(heard, context=context, cursor=AT + ms(560), passed=True)
    assert texts(result) == ["degrees", "here"]
    assert result.words[0].span.end == pytest.approx(AT + ms(800), abs=ms(100))


@pytest.mark.parametrize(
    ("heard", "passed"),
    [
        (Hears(word("degrees", 0, 800), word("here", 820, 1_100)), False),
        (Hears(word("degrees", 0, 800), word("here", 820, 1_100), unsure="loop"), True),
        (Hears(word("degrees", 0, 800)), True),
    ],
    ids=["silenced", "doubtful", "last of its run"],
)
def test_only_what_is_surely_the_rest_of_a_word_that_passed_is_added(
    heard: Hears, passed: bool
) -> None:
    context = (word("degrees", 0, 560),)
    result = run(heard, context=context, cursor=AT + ms(560), passed=passed)
    assert result.words[:1] == context


def test_a_word_is_no_longer_than_it_can_be_said() -> None:
    context = (word("is", 0, 200),)
    heard = Hears(word("is", 0, 1_100), word("and", 1_150, 1_400))
    result = run(heard, context=context, cursor=AT + ms(200), passed=True)
    assert result.words[0].span.end <= AT + ms(240)


def test_words_faster_than_anybody_speaks_are_not_believed() -> None:
    often = [word("8", 600 + 10 * i, 610 + 10 * i) for i in range(8)]
    assert run(Hears(word("is", 200, 500), *often)).unsure == "loop"
    assert run(Hears(word("is", 200, 500), *often[:2])).unsure is None


def test_the_last_word_once_more_a_little_later_is_dropped() -> None:
    context = (word("card", 200, 500),)
    heard = Hears(word("Card,", 440, 640), word("is", 700, 900))
    assert texts(run(heard, context=context, cursor=AT + ms(470))) == ["card", "is"]


def test_a_word_that_is_really_said_twice_is_kept() -> None:
    context = (word("one", 200, 500),)
    heard = Hears(word("one", 520, 800))
    assert texts(run(heard, context=context, cursor=AT + ms(470))) == ["one", "one"]


def test_a_closed_run_is_inspected_once() -> None:
    finds = Finds()
    result = run(Hears(word("yes", 200, 600)), finds)
    assert len(finds.calls) == 1
    assert result.so_far == result.at_end


def test_an_open_run_is_inspected_as_it_would_end_too() -> None:
    finds = Finds(open_from=0)
    result = run(Hears(word("four", 200, 600)), finds)
    assert [c.get("ended", False) for c in finds.calls] == [False, True]
    assert (result.so_far.open_from, result.at_end.open_from) == (0, 1)


def test_what_was_asked_and_what_is_known_reach_the_detector() -> None:
    finds = Finds(open_from=0)
    asked = frozenset({Entity.PAYMENT_CARD})
    run(Hears(word("four", 200, 600)), finds, asked=asked, known=("Smith",))
    for call in finds.calls:
        assert (call["asked"], call["known"]) == (asked, ("Smith",))


@pytest.mark.parametrize(
    ("unheard_ms", "gap"),
    [(None, None), (100, 0), (550, 1), (1_200, None), (190 - BESIDE / 16, None)],
)
def test_the_detector_is_told_which_word_is_close_behind_what_was_not_understood(
    unheard_ms: float | None, gap: int | None
) -> None:
    finds = Finds(open_from=0)
    unheard = None if unheard_ms is None else AT + ms(unheard_ms)
    run(Hears(word("six", 200, 600), word("four", 600, 1_000)), finds, unheard=unheard)
    assert [call["gap"] for call in finds.calls] == [gap, gap]


def test_words_that_ask_the_other_side_are_told() -> None:
    texts = ["what", "is", "your", "name"]
    words = [word(text, 100 * i, 100 * i + 90) for i, text in enumerate(texts)]
    assert Entity.PERSON in run(Hears(*words)).asks


def test_in_another_language_words_are_heard_and_nothing_is_looked_for() -> None:
    finds = Finds(open_from=0)
    hears = Hears(word("Sí,", 100, 400), word("claro.", 450, 900))
    result = run(hears, finds, language="es", context=(word("Bueno,", -900, -300),))
    assert (hears.language, finds.calls) == ("es", [])
    assert (texts(result), result.fresh) == (["Bueno,", "Sí,", "claro."], 1)
    assert result.so_far == result.at_end == Inspection((), 3)
    assert result.asks == frozenset()


def test_the_recogniser_is_told_what_was_asked() -> None:
    hears = Hears(word("Yes.", 100, 400))
    run(hears, hint="Do you agree?")
    assert hears.hint == "Do you agree?"


def test_what_was_heard_before_is_the_draft_as_it_was_written() -> None:
    hears = Hears()
    letters = [replace(word(letter, 500, 600), hyphened=True) for letter in "MH"]
    run(hears, draft=(word("It's", 100, 300), word("K", 400, 500), *letters))
    assert hears.draft == " It's K-M-H"
    run(hears)
    assert hears.draft == ""


class Reads(Hears):
    """A recogniser that hears one thing with a hint, and another without."""

    def __init__(self, hinted: Hypothesis, plain: Hypothesis) -> None:
        self._readings = hinted, plain

    def run(
        self,
        pcm: Pcm,
        at: Samples,
        language: str,
        hint: str = "",
        against: object = (),
        *,
        whole: bool = False,
        draft: str = "",
    ) -> Hypothesis:
        assert whole
        return self._readings[not hint]


@pytest.mark.parametrize(
    ("hinted", "plain", "heard", "unsure"),
    [
        (("Yes.", None), ("you", "no speech"), "Yes.", None),
        (("I agree.", "low probability"), ("Sure.", None), "Sure.", None),
        (("Yes.", "low probability"), ("Yes", "low probability"), "Yes", None),
        (("Yes.", "low probability"), ("Yet.", "low probability"), "Yet.", "low probability"),
        (("you", "no speech"), ("you", "no speech"), "you", "no speech"),
        (("Yeah.", CONTRARY), ("Yes.", None), "Yeah.", CONTRARY),
        (("Yeah.", "low probability"), ("Yes.", CONTRARY), "Yes.", CONTRARY),
        (("No.", "loop"), ("No.", "low probability"), "No.", "low probability"),
    ],
)
def test_what_is_doubtful_with_a_hint_is_read_again_without(
    hinted: tuple[str, str | None],
    plain: tuple[str, str | None],
    heard: str,
    unsure: str | None,
) -> None:
    first, second = (Hypothesis((word(text, 100, 400),), why) for text, why in (hinted, plain))
    result = run(Reads(first, second), hint="Do you agree?")
    assert (texts(result), result.unsure) == ([heard], unsure)


def test_a_doubtful_run_says_why() -> None:
    assert run(Hears(word("uh", 0, 300), unsure="loop")).unsure == "loop"


def test_the_words_of_a_guess_are_marked_and_inspected_like_others() -> None:
    finds = Finds()
    guess = Hears(word("Hold", 0, 300), word("on.", 300, 600), unsure="low probability", guess=True)
    result = run(guess, finds, context=(word("Please", -400, -100),))
    assert (result.unsure, result.guess) == ("low probability", True)
    assert [w.guessed for w in result.words] == [False, True, True]
    assert finds.calls[0]["texts"] == ["Please", "Hold", "on."]


def test_no_word_of_a_guess_at_a_yes_or_no_is_believed() -> None:
    first, second = (
        Hypothesis((word(text, 0, 300),), "low probability", guess=True) for text in ("Yes", "Yet")
    )
    result = run(Reads(first, second), hint="Do you agree?")
    assert result.unsure == "low probability"
    assert not result.guess
    assert not any(w.guessed for w in result.words)


def test_no_word_of_a_guess_is_believed_that_is_faster_than_anybody_speaks() -> None:
    fast = [word("so", 10 * i, 10 * i + 10) for i in range(IN_A_ROW)]
    assert run(Hears(*fast)).unsure == "loop"
    assert not run(Hears(*fast, unsure="low probability", guess=True)).guess


def test_a_command_and_its_result_show_nothing_of_what_was_said() -> None:
    command = Recognise(1, AT, silence(10), context=(word("Smith", 0, 1),), known=("Smith",))
    found = Finding(Entity.PERSON, 0, 1, 1.0, "test", Sensitive("Smith"))
    result = Recognised(
        1, command.context, 0, Inspection((found,), 1), Inspection((found,), 1), None
    )
    assert "Smith" not in repr(command) + repr(result)


@pytest.mark.parametrize("offset", [0, 6_554, -6_554, 20_000])
def test_word_times_do_not_depend_on_a_constant_offset(offset: int) -> None:
    pcm = np.concatenate([silence(ms(300)), voice(ms(400)), silence(ms(300))]) + np.int16(offset)
    command = Recognise(id=7, at=AT, pcm=pcm)
    hears = cast(Whisper, Hears(word("early", 200, 900)))
    (early,) = recognise(command, hears, cast(Detector, Finds())).words
    assert ms(270) <= early.span.start - AT <= ms(310)
    assert ms(690) <= early.span.end - AT <= ms(730)


class Tells:
    """Something that tells a yes by its sound, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def score(self, encoded: Any, language: str) -> float:
        self.asked.append((len(encoded), language))
        return 2.5


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_impression_is_had_of_an_answer_as_a_whole(language: str) -> None:
    tells, hears = Tells(), Hears(word("yes", 0, 400))
    read = (Reading(Sensitive(" Yes."), -0.5),)
    hears.encoded = lambda pcm: np.zeros((len(pcm) // 320, 512))  # type: ignore[attr-defined]
    hears.readings = lambda encoded, language, hint: read  # type: ignore[attr-defined]
    for answer, impression in (
        (voice(ms(2_000)), Impression(2.5, Span(AT - ms(1_400), AT + ms(600)), read)),
        (None, None),
    ):
        job = Recognise(7, AT, voice(ms(600)), language=language, hint="?", answer=answer)
        result = recognise(
            job, cast(Whisper, hears), cast(Detector, Finds()), assent=cast(Assent, tells)
        )
        assert result.impression == impression
        unable = recognise(job, cast(Whisper, hears), cast(Detector, Finds()))
        assert unable.impression is None
    assert tells.asked == [(100, language)]
