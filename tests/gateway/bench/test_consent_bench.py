"""What the consent benchmark counts, and that it hears an answer as a call does."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gateway.answers import QUESTIONS, Answer
from gateway.bench.consent import (
    HEARD_OVER,
    LEAD,
    TAIL,
    Outcome,
    Said,
    answered,
    listed,
    spread,
    summary,
)
from gateway.bench.items import CorpusError
from gateway.engine.worker import Answer as Done
from media.audio import RATE, Pcm, Span
from media.entities.types import NOTHING, Word
from media.recognition import Recognise, Recognised
from media.sensitive import Sensitive


def said(kind: str = "yes", language: str = "en", file: str = "a.wav") -> Said:
    return Said.model_validate(
        {"file": file, "language": language, "kind": kind, "text": "Yes.", "voice": "kokoro a"}
    )


def outcome(kind: str, answer: Answer) -> Outcome:
    return Outcome(said(kind), "clean", answer, "yes", None, 0.9, by_sound=False)


def test_a_yes_that_nobody_said_is_a_false_grant_and_nothing_else_is() -> None:
    figures = summary(
        [
            outcome("yes", Answer.YES),
            outcome("yes", Answer.UNCLEAR),
            outcome("hedged", Answer.YES),
            outcome("no", Answer.NO),
            outcome("stop", Answer.UNCLEAR),
            outcome("background", Answer.SILENCE),
        ]
    )
    assert figures == {
        "answers": 6,
        "false_grants": 1,
        "clear_yes_granted": 0.5,
        "refusals_at_once": 0.5,
    }


def test_an_answer_goes_over_the_same_channel_whichever_others_there_are() -> None:
    answers = [said("no", file=f"{n}.wav") for n in range(30)]
    calls = spread(answers, seed=1)
    assert [call[0] for call in sorted(calls, key=lambda c: answers.index(c[0]))] == answers
    assert {channel for _, channel, _ in calls} == set(HEARD_OVER)
    for answer in answers:
        assert spread([answer], seed=1) == [call for call in calls if call[0] is answer]


def hears(text: str) -> Callable[[Recognise], Done]:
    """Return a recogniser that hears the same words in every phrase."""

    def recognise(job: Recognise) -> Done:
        assert job.hint == QUESTIONS[job.language]
        words = tuple(Word(Sensitive(w), Span(job.at, job.at + RATE // 10)) for w in text.split())
        return Done(Recognised(job.id, words, 0, NOTHING, NOTHING, None), 0.0)

    return recognise


def speech(seconds: float, begin: int = LEAD) -> Pcm:
    rng = np.random.default_rng(1)
    time = np.arange(round(seconds * RATE)) / RATE
    voice = 6_000 * np.sign(np.sin(2 * np.pi * 140 * time)) + rng.normal(0, 800, len(time))
    return np.concatenate([np.zeros(begin), voice, np.zeros(TAIL)]).astype(np.int16)


def test_an_answer_is_heard_as_in_a_call() -> None:
    heard = answered(hears("Yes, please."), said(), "clean", speech(0.6))
    assert (heard.answer, heard.heard) == (Answer.YES, "Yes, please.")
    assert answered(hears("Sí."), said(language="es"), "clean", speech(0.6)).answer is Answer.YES


def test_silence_is_no_answer() -> None:
    silent = np.zeros(LEAD + TAIL, np.int16)
    assert answered(hears("Yes."), said(), "clean", silent).answer is Answer.SILENCE


def test_without_answers_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"run scripts/make_answers\.py"):
        listed(tmp_path)
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text(json.dumps({"file": "a.wav"}), encoding="utf-8")
    with pytest.raises(CorpusError, match="no list of answers"):
        listed(tmp_path)
    manifest.write_text(said().model_dump_json(), encoding="utf-8")
    assert listed(tmp_path) == [said()]
