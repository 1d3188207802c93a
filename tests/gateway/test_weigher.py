"""When an answer is over, and what it is."""

from dataclasses import replace

from gateway.answers import Answer
from gateway.answers.evidence import LIMIT, evidence
from gateway.answers.weigher import AGREED, BREATH, DENIED, Weigher
from media.audio import RATE, Span
from media.entities.types import NOTHING, Word
from media.listener import Heard
from media.recognition import Impression
from media.sensitive import Sensitive
from media.speech.guard import CONTRARY
from media.speech.whisper import Reading


def phrase(
    text: str,
    until: int = RATE,
    unsure: str | None = None,
    score: float = 0.9,
    impression: Impression | None = None,
) -> Heard:
    span = Span(until - RATE // 2, until)
    words = tuple(Word(Sensitive(word), span, score) for word in text.split())
    return Heard(span, words, NOTHING, frozenset(), unsure, impression=impression)


def answer_of(*phrases: Heard, language: str = "en") -> Answer:
    weigher = Weigher(language)
    for heard in phrases:
        weigher.hear(heard)
    weighed = weigher.weigh(phrases[-1].span.end + BREATH, speaking=False, asking=False)
    assert weighed is not None
    return weighed.answer


def test_a_yes_counts_when_nothing_has_been_said_after_it_for_a_breath() -> None:
    weigher = Weigher()
    weigher.hear(phrase("Yes."))
    assert weigher.weigh(RATE + BREATH - 1, speaking=False, asking=False) is None
    weighed = weigher.weigh(RATE + BREATH, speaking=False, asking=False)
    assert weighed is not None
    assert (weighed.answer, weighed.heard, weighed.until) == (Answer.YES, "yes", RATE)


def test_a_yes_waits_for_what_is_being_said_and_is_taken_back_by_it() -> None:
    weigher = Weigher()
    weigher.hear(phrase("Yes."))
    assert weigher.weigh(4 * RATE, speaking=True, asking=False) is None
    weigher.hear(phrase("but not before Monday", 4 * RATE))
    weighed = weigher.weigh(4 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert (weighed.answer, weighed.heard) == (Answer.NO, "yes … not …")


def test_a_refusal_and_the_wish_for_a_person_count_at_once() -> None:
    for text, answer in (("No.", Answer.NO), ("A person, please.", Answer.HUMAN)):
        weigher = Weigher()
        weigher.hear(phrase(text))
        weighed = weigher.weigh(RATE, speaking=True, asking=True)
        assert weighed is not None
        assert weighed.answer is answer


def test_what_was_not_heard_for_sure_is_unclear_and_so_is_all_that_is_said_with_it() -> None:
    weigher = Weigher()
    weigher.hear(phrase("", unsure="low probability"))
    weigher.hear(phrase("Yes."))
    weighed = weigher.weigh(2 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert weighed.answer is Answer.UNCLEAR


def test_an_answer_is_given_once_and_a_cough_is_none() -> None:
    weigher = Weigher()
    weigher.hear(phrase(""))
    assert weigher.weigh(2 * RATE, speaking=False, asking=False) is None
    weigher.hear(phrase("Yes."))
    assert weigher.weigh(2 * RATE, speaking=False, asking=False) is not None
    assert weigher.weigh(2 * RATE, speaking=False, asking=False) is None


def test_noise_before_an_answer_is_none_and_noise_after_it_makes_it_unclear() -> None:
    weigher = Weigher()
    weigher.hear(phrase("you", unsure="no speech"))
    assert weigher.weigh(2 * RATE, speaking=False, asking=False) is None
    weigher.hear(phrase("Yes."))
    weighed = weigher.weigh(2 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert (weighed.answer, weighed.heard) == (Answer.YES, "yes")
    weigher.hear(phrase("Yes."))
    weigher.hear(phrase("you", 2 * RATE, unsure="no speech"))
    weighed = weigher.weigh(3 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert weighed.answer is Answer.UNCLEAR


def test_where_a_refusal_was_nearly_heard_a_yes_does_not_count_and_a_no_does() -> None:
    for text, answer in (("Yeah.", Answer.UNCLEAR), ("Oh no.", Answer.NO)):
        weigher = Weigher()
        weigher.hear(phrase(text, unsure=CONTRARY))
        weighed = weigher.weigh(2 * RATE, speaking=False, asking=False)
        assert weighed is not None
        assert weighed.answer is answer


def test_a_yes_with_a_guessed_word_does_not_count_and_a_no_does() -> None:
    for text, answer in (("Yes, okay.", Answer.UNCLEAR), ("No.", Answer.NO)):
        weigher = Weigher()
        weigher.hear(phrase(text, score=0.1))
        weighed = weigher.weigh(2 * RATE, speaking=False, asking=False)
        assert weighed is not None
        assert weighed.answer is answer


def test_noise_far_below_an_answer_does_not_spoil_it() -> None:
    weigher = Weigher()
    weigher.hear(replace(phrase("Yes."), level_dbfs=-20.0))
    weigher.hear(replace(phrase("you", 2 * RATE, unsure="no speech"), level_dbfs=-33.0))
    weighed = weigher.weigh(3 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert weighed.answer is Answer.YES


def test_words_far_below_an_answer_count() -> None:
    weigher = Weigher()
    weigher.hear(replace(phrase("Yes."), level_dbfs=-20.0))
    weigher.hear(replace(phrase("But not before Monday.", 2 * RATE), level_dbfs=-33.0))
    weighed = weigher.weigh(4 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert weighed.answer is not Answer.YES


def test_talk_over_the_question_is_forgotten_but_a_yes_to_it_is_not() -> None:
    for text, answer in (("Just a moment.", None), ("What?", None), ("Yes.", Answer.YES)):
        weigher = Weigher()
        weigher.hear(phrase(text))
        weighed = weigher.weigh(2 * RATE, speaking=False, asking=True)
        assert (weighed and weighed.answer) == answer
        assert weigher.weigh(2 * RATE, speaking=False, asking=False) is None


def test_the_confidence_is_that_of_the_word_heard_worst() -> None:
    weigher = Weigher()
    weigher.hear(phrase("Yes.", score=0.8))
    weigher.hear(phrase("Please.", score=0.7))
    weighed = weigher.weigh(2 * RATE, speaking=False, asking=False)
    assert weighed is not None
    assert weighed.confidence == 0.7


# ---- by the sound ----


def sounding(odds: float, *readings: tuple[str, float]) -> Impression:
    return Impression(
        odds, Span(0, RATE), tuple(Reading(Sensitive(text), belief) for text, belief in readings)
    )


YES = sounding(9.0, (" You are.", -1.5), (" Sure.", -2.0))
DOUBTFUL = sounding(1.0, (" You are.", -0.5), (" Sure.", -4.0))
NONE = sounding(-9.0, (" Yes, but", -0.1), (" Yes.", -8.0))


def test_these_impressions_lie_on_this_side_of_the_limits_and_on_that() -> None:
    assert evidence(YES, "en") >= AGREED
    assert DENIED < evidence(DOUBTFUL, "en") < AGREED
    assert evidence(NONE, "en") < DENIED


def test_a_yes_whose_words_were_misheard_is_known_by_its_sound() -> None:
    for heard in (
        phrase("You are.", score=0.4, impression=YES),
        phrase("", unsure="loop", impression=YES),
        phrase("And sure.", unsure="low probability", score=0.1, impression=YES),
        phrase("Yes.", score=0.1, impression=YES),
    ):
        assert answer_of(heard) is Answer.YES
        assert answer_of(replace(heard, impression=DOUBTFUL)) is Answer.UNCLEAR
        assert answer_of(replace(heard, impression=None)) is Answer.UNCLEAR


def test_what_the_decoder_takes_for_noise_is_no_yes_whatever_it_sounds_like() -> None:
    noise = phrase("", unsure="no speech", impression=YES)
    weigher = Weigher()
    weigher.hear(noise)
    assert weigher.weigh(RATE + BREATH, speaking=False, asking=False) is None
    assert (
        answer_of(phrase("You are."), replace(noise, span=Span(RATE, 2 * RATE))) is Answer.UNCLEAR
    )


def test_an_answer_of_which_only_a_part_was_heard_is_no_yes_by_its_sound() -> None:
    part = sounding(9.0, (" Sure.", -0.5))
    part = replace(part, span=Span(3 * RATE, 4 * RATE))
    for before in (phrase("If my lawyer agrees."), phrase("", unsure="stalled")):
        assert answer_of(before, phrase("Sure.", 4 * RATE, impression=part)) is Answer.UNCLEAR


def test_what_follows_a_yes_counts_even_where_no_word_of_it_is_known() -> None:
    weigher = Weigher()
    weigher.hear(phrase("You are.", impression=YES))
    weigher.hear(phrase("", 2 * RATE, impression=NONE))
    weighed = weigher.weigh(2 * RATE + BREATH, speaking=False, asking=False)
    assert weighed is not None
    assert weighed.answer is Answer.UNCLEAR


def test_no_sound_makes_a_yes_of_a_refusal_or_a_question() -> None:
    for text, unsure, answer in (
        ("No.", None, Answer.NO),
        ("A person, please.", None, Answer.HUMAN),
        ("What?", None, Answer.REPEAT),
        ("Yes?", None, Answer.UNCLEAR),
        ("Yeah.", CONTRARY, Answer.UNCLEAR),
    ):
        assert answer_of(phrase(text, unsure=unsure, impression=YES)) is answer


def test_where_no_reading_is_a_yes_no_sound_makes_one() -> None:
    sound = sounding(LIMIT, (" The weather.", -3.0), (" The feather.", -4.0))
    assert answer_of(phrase("The weather.", score=0.3, impression=sound)) is Answer.UNCLEAR


def test_words_that_sound_like_no_yes_at_all_are_none() -> None:
    assert answer_of(phrase("Yes.", impression=NONE)) is Answer.UNCLEAR
    assert answer_of(phrase("Yes.", impression=DOUBTFUL)) is Answer.YES


def test_the_whole_answer_counts_of_which_the_last_phrase_tells() -> None:
    parts = (
        phrase("Yes", impression=YES),
        phrase("butter one day", 2 * RATE, score=0.3, impression=NONE),
    )
    assert answer_of(*parts) is Answer.UNCLEAR


def test_how_sure_a_yes_by_its_sound_is_goes_into_the_record() -> None:
    weigher = Weigher()
    weigher.hear(phrase("You are.", score=0.3, impression=YES))
    weighed = weigher.weigh(RATE + BREATH, speaking=False, asking=False)
    assert weighed is not None
    assert (weighed.heard, weighed.by_sound) == ("you are", True)
    assert 0.5 < weighed.confidence < 1
