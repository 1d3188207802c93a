"""A step-up as a caller lives it: at some moment, answered well, badly, late or not at all."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from gateway.answers import LANGUAGES, Demand
from gateway.challenge import Answer, State
from gateway.consent import Purpose
from gateway.engine.worker import Reader, Recogniser
from gateway.models import Models, spacy_model, whisper_folder
from gateway.scripts import Script, load
from gateway.step_up import BEGIN_S, END_S, SOON_S, Job, Outcome, StepUp
from media.audio import FRAME, RATE, Pcm, Resampler, Seconds, samples
from media.channel import CHANNELS
from media.entities.types import NOTHING, Word
from media.liveness.liveness import Liveness
from media.liveness.types import Score, Scored, Verdict
from media.recognition import Failed, Recognise, Recognised
from media.sensitive import Sensitive


class InTurn(random.Random):
    """Draws what comes first."""

    def sample(self, population: Sequence[Any], k: int, **_: Any) -> list[Any]:
        return list(population[:k])


class Odds:
    """Takes the newest logit for the score: -5 is a human, 0 not sure, 5 synthetic."""

    def calibrate(self, windows: Sequence[Scored], speech_s: Seconds) -> float:
        return float(1 / (1 + np.exp(-windows[-1].logit)))

    def verdict(self, score: float) -> Verdict:
        return (
            Verdict.SYNTHETIC if score > 0.9 else Verdict.HUMAN if score < 0.1 else Verdict.UNSURE
        )


class Line:
    """A caller on the line, a recogniser that hears `text` and a model that answers `logit`."""

    def __init__(self, script: Script) -> None:
        self.step_up = StepUp(script, Liveness(Odds()), 0.0, InTurn())
        self.script = script
        self.now = 0.0
        self.text: str | None = ""
        self.logit: float | None = -5.0
        self.prompts = 0
        self.hints: list[str] = []
        self.heard: list[Pcm] = []
        self.outcome: Outcome | None = None
        self.demands: list[Demand] = []
        self._playing = 0
        self._asked = 0

    @property
    def playing(self) -> bool:
        return self._playing > 0

    def say(self, pcm: Pcm) -> None:
        """Have the caller say this now."""
        for at in range(0, len(pcm) - FRAME + 1, FRAME):
            self._frame(pcm[at : at + FRAME])

    def wait(self, duration: Seconds) -> None:
        self.say(quiet(duration))

    def until_asked(self) -> None:
        """Wait until the next prompt has been played to its end."""
        self._asked += 1
        for _ in range(60 * 50):
            if self.prompts >= self._asked and not self.playing:
                return
            self._frame(quiet(0.02))
        raise AssertionError("nothing was asked for a minute")

    def until_playing(self) -> None:
        while not self.playing:
            self._frame(quiet(0.02))

    def answer(self, words: Sequence[str], text: str | None) -> None:
        """Have the caller repeat words, of which the recogniser hears `text`; then wait."""
        self.text = text
        self.wait(1.0)
        self.say(spoken(self.script, words))
        self.wait(1.5)

    def _frame(self, pcm: Pcm) -> None:
        self.now += FRAME / RATE
        self._playing = max(0, self._playing - FRAME)
        self._do(self.step_up.feed(pcm, self.now, playing=self.playing))
        match self.step_up.step(self.now, playing=self.playing):
            case Outcome() as outcome:
                self.outcome = outcome
            case Demand() as demand:
                self.demands.append(demand)
            case np.ndarray() as said:
                self.prompts += 1
                self._playing = len(said)

    def _do(self, jobs: list[Job]) -> None:
        for asker, job in jobs:
            done = self._scored(job) if isinstance(job, Score) else self._recognised(job)
            if done is not None:
                self._do(self.step_up.returned(asker, done, self.now))

    def _scored(self, job: Score) -> Scored | None:
        return None if self.logit is None else Scored(job.id, self.logit, 0.0)

    def _recognised(self, job: Recognise) -> Recognised | Failed:
        self.heard.append(job.pcm)
        self.hints.append(job.hint)
        if self.text is None:
            return Failed(job.id, "its worker died")
        words = tuple(Word(Sensitive(word), job.span) for word in self.text.split())
        return Recognised(job.id, words, 0, NOTHING, NOTHING, None)


def quiet(duration: Seconds) -> Pcm:
    return np.zeros(samples(duration), np.int16)


def played(script: Script, words: Sequence[str]) -> Pcm:
    """Return the recorded words."""
    return np.concatenate([part for w in words for part in (script.prompts[w].pcm, quiet(0.1))])


def spoken(script: Script, words: Sequence[str]) -> Pcm:
    """Return the words in another voice: the recorded one, slower and lower."""
    return Resampler(RATE, 18_000)(played(script, words), last=True)


@pytest.fixture(scope="module")
def script() -> Script:
    return load("us-two-party", "en", (Purpose.AGENT,))


@pytest.fixture
def line(script: Script) -> Line:
    return Line(script)


def phrase(line: Line, number: int = 0) -> tuple[list[str], str]:
    """Return the words of a try, as ids and as text."""
    ids = sorted(name for name in line.script.prompts if name.startswith("word_"))
    asked = ids[4 * number : 4 * number + 4]
    return asked, " ".join(line.script.prompts[word].text for word in asked)


def why(line: Line) -> list[str]:
    assert line.outcome is not None
    return [tried["answer"] for tried in line.outcome.tries]


def test_it_begins_at_some_moment_soon_and_not_into_the_callers_words(script: Script) -> None:
    begun = []
    for seed in range(20):
        step_up, now = StepUp(script, Liveness(Odds()), 0.0, random.Random(seed)), 0.0
        while step_up.step(now, playing=False) is None:
            now += 0.02
            step_up.feed(quiet(0.02), now, playing=False)
        begun.append(now)
    assert SOON_S[0] <= min(begun) < 4 < 6 < max(begun) <= SOON_S[1] + 0.1

    step_up, now = StepUp(script, Liveness(Odds()), 0.0, random.Random(1)), 0.0
    talk = spoken(script, [name for name in script.prompts if name.startswith("word_")])
    for at in range(0, samples(SOON_S[1]), FRAME):
        now += 0.02
        step_up.feed(talk[at : at + FRAME], now, playing=False)
        if (at // FRAME) % 10 == 0 and np.abs(talk[at - RATE // 5 : at]).max(initial=0) > 2_000:
            assert step_up.step(now, playing=False) is None


def test_who_repeats_the_words_has_passed(line: Line) -> None:
    line.until_asked()
    assert line.step_up.asking
    line.answer(*phrase(line))
    assert line.outcome is not None
    assert line.outcome.state is State.PASSED
    assert not line.step_up.asking
    (tried,) = line.outcome.tries
    assert tried["phrase"] == phrase(line)[1].split()
    assert (tried["answer"], tried["voice"]) == ("right", "human")
    assert tried["began_s"] == pytest.approx(1.0, abs=0.2)
    assert line.prompts == 1


def test_the_recogniser_is_told_the_list_and_not_the_phrase(line: Line) -> None:
    line.until_asked()
    line.answer(*phrase(line))
    listed = [line.script.prompts[f"word_{n}"].text for n in range(1, 65)]
    assert line.hints == [", ".join(listed)]


def test_one_answer_is_heard_as_a_whole_even_with_pauses_between_the_words(line: Line) -> None:
    line.until_asked()
    ids, text = phrase(line)
    line.text = text
    for word in ids:
        line.say(spoken(line.script, [word]))
        line.wait(0.5)
    line.wait(1.0)
    assert len(line.heard) == 1
    assert line.outcome is not None


def test_other_words_an_earlier_phrase_or_none_fail_after_three_polite_tries(line: Line) -> None:
    line.until_asked()
    line.answer([f"word_{n}" for n in range(50, 54)], "whatever comes to my mind")
    line.until_asked()
    line.answer(*phrase(line))  # the first phrase once more
    line.until_asked()
    line.wait(BEGIN_S + 0.5)
    assert why(line) == [Answer.WRONG, Answer.WRONG, Answer.SILENCE]
    assert line.outcome is not None
    assert line.outcome.state is State.FAILED
    assert line.prompts == 3


def test_after_other_words_the_right_ones_may_still_come(line: Line) -> None:
    line.until_asked()
    line.answer(["word_60"], "Pardon?")
    line.answer(*phrase(line))
    assert why(line) == [Answer.RIGHT]


def test_what_is_said_before_the_prompt_is_over_is_no_answer(line: Line) -> None:
    line.until_playing()
    line.text = phrase(line)[1]
    line.say(spoken(line.script, phrase(line)[0]))
    line.until_asked()
    assert line.heard == []
    line.wait(BEGIN_S + 0.5)
    assert line.playing, "asked again"
    line.until_asked()
    line.answer(*phrase(line, 1))
    assert why(line) == [Answer.EARLY, Answer.RIGHT]


def test_too_late_is_no_answer_and_none_to_the_next_question(line: Line) -> None:
    line.until_asked()
    line.wait(BEGIN_S + 0.2)
    line.answer(*phrase(line))
    line.until_asked()
    line.answer(*phrase(line, 1))
    assert why(line) == [Answer.SILENCE, Answer.RIGHT]


def test_who_talks_on_and_on_is_heard_once_and_asked_again(line: Line) -> None:
    line.until_asked()
    line.text = "and another thing"
    talk = spoken(line.script, [f"word_{n}" for n in range(20, 40)])
    line.say(talk[: samples(END_S + 2)])
    line.until_asked()
    assert len(line.heard) == 1
    line.answer(*phrase(line, 1))
    assert why(line) == [Answer.LATE, Answer.RIGHT]


def test_the_prompt_itself_recorded_and_played_back_is_no_answer(line: Line) -> None:
    for number in range(3):
        line.until_asked()
        line.text = phrase(line, number)[1]
        line.wait(0.5)
        line.say(played(line.script, phrase(line, number)[0]) // 3)
        line.wait(BEGIN_S)
    assert why(line) == [Answer.ECHO] * 3
    assert line.outcome is not None
    assert line.outcome.state is State.FAILED


def test_the_right_words_in_a_synthetic_voice_fail(line: Line) -> None:
    line.logit = 5.0
    for number in range(3):
        line.until_asked()
        line.answer(*phrase(line, number))
    assert why(line) == [Answer.SYNTHETIC] * 3
    assert line.outcome is not None
    assert line.outcome.state is State.FAILED


def test_a_voice_that_is_not_sure_is_heard_again_and_unclear_in_the_end(line: Line) -> None:
    line.logit = 0.0
    for number in range(3):
        line.until_asked()
        line.answer(*phrase(line, number))
    assert why(line) == [Answer.UNSURE] * 3
    assert line.outcome is not None
    assert line.outcome.state is State.UNCLEAR


def test_a_model_that_does_not_answer_is_not_waited_for(line: Line) -> None:
    line.logit = None
    line.until_asked()
    line.answer(*phrase(line))
    assert line.prompts == 1
    line.until_asked()
    line.logit = -5.0
    line.answer(*phrase(line, 1))
    assert why(line) == [Answer.UNSURE, Answer.RIGHT]


def test_a_recogniser_that_fails_is_not_held_against_the_caller(line: Line) -> None:
    for number in range(3):
        line.until_asked()
        line.answer(phrase(line, number)[0], None)
    line.wait(BEGIN_S)
    assert why(line) == [Answer.UNHEARD] * 3
    assert line.outcome is not None
    assert line.outcome.state is State.UNCLEAR


def test_what_the_caller_demands_meanwhile_is_told(line: Line) -> None:
    line.until_asked()
    line.answer(["word_50", "word_51", "word_52"], "I want to speak to a human.")
    assert line.demands == [Demand.HUMAN]


def test_nothing_that_was_said_is_kept(line: Line) -> None:
    line.until_asked()
    line.answer(["word_50", "word_51"], "My secret is Rumpelstiltskin")
    line.until_asked()
    line.answer(*phrase(line, 1))
    assert why(line) == [Answer.WRONG, Answer.RIGHT]
    assert "Rumpelstiltskin" not in repr(line.outcome)


class RealLine(Line):
    """A caller over G.711, whom the embedded recogniser hears."""

    def __init__(self, script: Script, recogniser: Recogniser) -> None:
        super().__init__(script)
        self._recogniser = recogniser

    def say(self, pcm: Pcm) -> None:
        super().say(CHANNELS["g711"](pcm, np.random.default_rng(1)))

    def _recognised(self, job: Recognise) -> Recognised | Failed:
        return self._recogniser(job).outcome


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Reader(Models(whisper_folder("base"), spacy_model(), "de"))


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_really_spoken_passes_and_another_does_not(
    recogniser: Recogniser, language: str
) -> None:
    line = RealLine(load("eu", language, (Purpose.AGENT,)), recogniser)
    line.until_asked()
    line.answer(*phrase(line, 5))
    line.wait(BEGIN_S)
    line.until_asked()
    line.answer(*phrase(line, 0))  # the one that was asked for before
    line.wait(BEGIN_S)
    line.until_asked()
    line.answer(*phrase(line, 2))
    assert why(line) == [Answer.WRONG, Answer.WRONG, Answer.RIGHT]
