"""When an answer is over, and what it is."""

from dataclasses import replace

from gateway.answers import Answer
from gateway.answers.weigher import BREATH, Weigher
from media.audio import RATE, Span
from media.entities.types import NOTHING, Word
from media.listener import Heard
from media.sensitive import Sensitive
from media.speech.guard import CONTRARY


def phrase(text: str, until: int = RATE, unsure: str | None = None, score: float = 0.9) -> Heard:
    span = Span(until - RATE // 2, until)
    words = tuple(Word(Sensitive(word), span, score) for word in text.split())
    return Heard(span, words, NOTHING, frozenset(), unsure)


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
