from dataclasses import replace

import numpy as np
from sounds import chunks, ms, silence, voice

from media.assent import LONGEST as LONGEST_ANSWER
from media.audio import RATE, Pcm, Span
from media.entities.types import NOTHING, Entity, Finding, Inspection, Word
from media.listener import APART, BACKCHANNEL, MEMORY, TAIL, Heard, Listener
from media.recognition import Failed, Impression, Recognise, Recognised
from media.sensitive import Sensitive
from media.speech.whisper import LONGEST


def feed(listener: Listener, *parts: Pcm) -> list[Recognise]:
    return [job for chunk in chunks(np.concatenate(parts)) for job in listener.feed(chunk)]


def phrase(duration_ms: float = 600) -> tuple[Pcm, Pcm]:
    return voice(ms(duration_ms)), silence(ms(600))


def answer(
    job: Recognise,
    text: str,
    *findings: Finding,
    asks: frozenset[Entity] = frozenset(),
    unsure: str | None = None,
) -> Recognised:
    """Return a result whose new words are spread over the window."""
    texts = text.split()
    step = len(job.pcm) // max(1, len(texts))
    new = tuple(
        Word(Sensitive(t), Span(job.at + i * step, job.at + (i + 1) * step))
        for i, t in enumerate(texts)
    )
    words = (*job.context, *new)
    inspection = Inspection(findings, len(words))
    return Recognised(job.id, words, len(job.context), inspection, inspection, unsure, asks)


def texts(words: tuple[Word, ...]) -> str:
    return " ".join(w.text.reveal() for w in words)


def test_a_phrase_is_recognised_when_it_has_ended() -> None:
    listener = Listener()
    assert feed(listener, silence(ms(500)), voice(ms(600))) == []
    (job,) = feed(listener, silence(ms(600)))
    assert job.span.start < ms(500)
    assert job.span.end >= ms(1_100)
    assert np.array_equal(job.pcm[ms(500) - job.at :][: ms(600)], voice(ms(600)))


def test_a_command_says_which_language_is_spoken_and_what_was_asked() -> None:
    for listener, told in (
        (Listener(), ("en", "")),
        (Listener("fr", "D'accord ?"), ("fr", "D'accord ?")),
    ):
        (job,) = feed(listener, *phrase())
        assert (job.language, job.hint) == told


def test_what_was_heard_is_told() -> None:
    listener = Listener()
    (job,) = feed(listener, silence(ms(500)), *phrase())
    asks = frozenset({Entity.PERSON})
    (heard,) = listener.recognised(answer(job, "What is your name?", asks=asks))
    assert isinstance(heard, Heard)
    assert (texts(heard.words), heard.asks, heard.unsure) == ("What is your name?", asks, None)
    assert heard.span == Span(job.span.start + TAIL, job.span.end - TAIL)


def test_the_next_phrase_waits_for_the_recogniser() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase(), *phrase(), *phrase())
    _, second = listener.recognised(answer(first, "one"))
    assert isinstance(second, Recognise)
    _, third = listener.recognised(answer(second, "two"))
    assert isinstance(third, Recognise)
    (heard,) = listener.recognised(answer(third, "three"))
    assert isinstance(heard, Heard)
    assert texts(heard.words) == "three"
    assert first.span.end < second.span.end < third.span.end


def test_the_sound_of_a_waiting_phrase_is_kept() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase(), voice(ms(700), pitch=150), silence(ms(5_000)))
    _, second = listener.recognised(answer(first, "one"))
    assert isinstance(second, Recognise)
    assert np.array_equal(second.pcm[ms(1_200) - second.at :][: ms(700)], voice(ms(700), pitch=150))


def test_phrases_said_in_one_breath_are_inspected_together() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase())
    listener.recognised(answer(first, "my name is"))
    (second,) = feed(listener, *phrase())
    assert texts(second.context) == "my name is"
    found = Finding(Entity.PERSON, 2, 5, 0.9, "test")
    (heard,) = listener.recognised(answer(second, "Jane Smith", found))
    assert isinstance(heard, Heard)
    assert texts(heard.words) == "Jane Smith"
    assert [(f.first, f.last) for f in heard.inspection.findings] == [(0, 2)]
    assert heard.inspection.open_from == 2


def test_a_finding_of_the_context_alone_is_not_told_again() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase())
    listener.recognised(answer(first, "Jane Smith"))
    (second,) = feed(listener, *phrase())
    (heard,) = listener.recognised(answer(second, "yes", Finding(Entity.PERSON, 0, 2, 0.9, "test")))
    assert isinstance(heard, Heard)
    assert heard.inspection.findings == ()


def test_after_the_other_side_has_spoken_nothing_is_context() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase())
    listener.recognised(answer(first, "my name is"))
    listener.forget()
    (second,) = feed(listener, *phrase())
    assert second.context == ()


def test_old_words_are_no_context() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase())
    listener.recognised(answer(first, "my name is"))
    (second,) = feed(listener, silence(MEMORY), *phrase())
    assert second.context == ()


def test_a_failure_is_told_and_the_next_phrase_goes_on() -> None:
    listener = Listener()
    (first,) = feed(listener, *phrase(), *phrase())
    failed, second = listener.recognised(Failed(first.id, "worker died"))
    assert isinstance(failed, Heard)
    assert (failed.words, failed.inspection, failed.unsure) == ((), NOTHING, "worker died")
    assert isinstance(second, Recognise)


def test_doubt_is_told() -> None:
    listener = Listener()
    (job,) = feed(listener, *phrase())
    (heard,) = listener.recognised(answer(job, "what what", unsure="loop"))
    assert isinstance(heard, Heard)
    assert heard.unsure == "loop"


def test_an_answer_to_another_command_changes_nothing() -> None:
    listener = Listener()
    (job,) = feed(listener, *phrase())
    assert listener.recognised(Failed(job.id + 1, "late")) == []
    assert len(listener.recognised(answer(job, "yes"))) == 1
    assert listener.recognised(answer(job, "yes")) == []


def test_a_long_phrase_is_split_at_what_the_recogniser_takes() -> None:
    listener = Listener()
    jobs = feed(listener, voice(ms(1_000)))
    for chunk in [voice(ms(1_000))] * 59 + [silence(ms(1_000))]:
        for job in feed(listener, chunk):
            jobs.append(job)
            jobs += [j for j in listener.recognised(answer(job, "go on")) if type(j) is Recognise]
    assert len(jobs) == 3
    assert all(len(j.pcm) <= LONGEST for j in jobs)
    assert jobs[0].span.end >= jobs[1].span.start
    assert jobs[1].span.end >= jobs[2].span.start
    assert jobs[-1].span.end >= 60 * RATE


def test_speaking_lasts_until_the_words_are_known() -> None:
    listener = Listener()
    assert not listener.speaking
    feed(listener, voice(ms(500)))
    assert listener.speaking
    (job,) = feed(listener, silence(ms(800)))
    assert listener.speaking
    listener.recognised(answer(job, "hello"))
    assert not listener.speaking


def test_a_sign_of_listening_is_not_substantial() -> None:
    word = Word(Sensitive("okay"), Span(0, 1))
    for count in range(6):
        heard = Heard(Span(0, 1), (word,) * count, NOTHING, frozenset(), None)
        assert heard.substantial == (count >= BACKCHANNEL)


def test_a_question_is_substantial_however_short() -> None:
    word = Word(Sensitive("address?"), Span(0, 1))
    assert Heard(Span(0, 1), (word,), NOTHING, frozenset({Entity.ADDRESS}), None).substantial


def test_memory_is_bounded_in_silence_and_while_someone_speaks_on() -> None:
    listener = Listener()
    feed(listener, silence(20 * RATE))
    assert listener._tape.end - listener._tape.start <= RATE
    for _ in range(60):
        for job in feed(listener, voice(RATE)):
            listener.recognised(answer(job, "on"))
    assert listener._tape.end - listener._tape.start <= LONGEST + 2 * RATE


def test_an_answer_is_heard_as_a_whole_up_to_each_of_its_phrases() -> None:
    listener = Listener("en", "Do you agree?")
    (first,) = feed(listener, silence(ms(500)), *phrase())
    assert first.answer is not None
    assert np.array_equal(first.answer, first.pcm)
    listener.recognised(answer(first, "Yes,"))
    (second,) = feed(listener, *phrase())
    assert second.answer is not None
    assert len(second.answer) == second.span.end - first.span.start
    assert np.array_equal(second.answer[-len(second.pcm) :], second.pcm)


def test_what_is_said_after_a_long_pause_is_another_answer() -> None:
    listener = Listener("en", "Do you agree?")
    (first,) = feed(listener, silence(ms(500)), *phrase())
    listener.recognised(answer(first, "Honey?"))
    (second,) = feed(listener, silence(APART), *phrase())
    assert second.answer is not None
    assert np.array_equal(second.answer, second.pcm)


def test_an_answer_that_is_too_long_or_whose_beginning_is_forgotten_is_not_heard_as_one() -> None:
    listener = Listener("en", "Do you agree?")
    (long,) = feed(listener, silence(ms(500)), voice(LONGEST_ANSWER), silence(ms(800)))
    assert long.answer is None
    listener = Listener("en", "Do you agree?")
    (first,) = feed(listener, silence(ms(500)), *phrase())
    assert feed(listener, silence(ms(300)), *phrase(), silence(LONGEST_ANSWER + 2 * RATE)) == []
    (second,) = (e for e in listener.recognised(answer(first, "No,")) if isinstance(e, Recognise))
    assert second.answer is None


def test_after_a_restart_nothing_counts_that_had_begun_before() -> None:
    listener = Listener("en", "Do you agree?")
    (first,) = feed(listener, silence(ms(500)), *phrase(), voice(ms(300)))
    listener.restart()
    assert listener.recognised(answer(first, "Yes.")) == []
    assert feed(listener, voice(ms(300)), silence(ms(700))) == []
    assert not listener.speaking
    (job,) = feed(listener, *phrase())
    assert job.context == ()
    assert job.answer is not None
    assert np.array_equal(job.answer, job.pcm)


def test_only_what_answers_a_question_is_heard_as_an_answer() -> None:
    (job,) = feed(Listener(), *phrase())
    assert job.answer is None


def test_the_impression_of_an_answer_is_told() -> None:
    listener = Listener("en", "Do you agree?")
    (job,) = feed(listener, silence(ms(500)), *phrase())
    (heard,) = listener.recognised(
        replace(answer(job, "Yes."), impression=Impression(3.5, job.span, ()))
    )
    assert isinstance(heard, Heard)
    assert heard.impression == Impression(3.5, job.span, ())
