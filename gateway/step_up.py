"""A step-up: the caller is asked to repeat a few words, and the answer is judged.

Pure; the clock and the caller's samples are handed in. Nobody else hears the caller meanwhile. What
counts is what is said from the end of the prompt on; of that nothing stays but what it proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Any, Final

import numpy as np

from gateway.answers import Demand, demand
from gateway.challenge import WORDS, Answer, Challenge, State
from gateway.scripts import Script
from media.activity import Activity, PhraseStarted
from media.audio import RATE, Pcm, Samples, Seconds, Span, samples, seconds
from media.echo import likeness
from media.listener import TAIL
from media.liveness.liveness import Event, Liveness
from media.liveness.types import Score, Scored, Verdict
from media.recognition import Failed, Recognise, Recognised
from media.tape import Tape

PAUSE_S: Final = 0.25
"""Silence between what is asked and the words, and from word to word."""

SOON_S: Final = (2.0, 8.0)
"""When it begins after it was wanted, drawn evenly: nobody can lie in wait for it."""

POLITE_S: Final = 5.0
"""How long after that whoever is speaking is let finish."""

BEGIN_S: Final = 5.0
"""How long after the prompt an answer may begin. People take one or two seconds."""

END_S: Final = 12.0
"""How long after the prompt it may last."""

BREATH: Final = RATE
"""Samples of quiet after which it is over: people pause between words that they repeat."""

PATIENCE: Final = 2 * RATE
"""Samples of quiet after words that are not right in which the right ones may follow: "pardon?"."""

HEARD_S: Final = 10.0
"""How long its recognition may take."""

SCORED_S: Final = 3.0
"""How long after right words the voice's score is waited for."""

ECHO: Final = 0.5
"""How like the recorded words an answer may be, half of them at least, before it is their echo."""

VOICES: Final = {
    Verdict.HUMAN: Answer.RIGHT,
    Verdict.UNSURE: Answer.UNSURE,
    Verdict.SYNTHETIC: Answer.SYNTHETIC,
}
"""What right words are, by the verdict on their voice."""

Job = tuple[object, Recognise | Score]
"""Who asks, and what is to be done; the outcome comes back by `StepUp.returned`, for who asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step-up ended: passed, failed or unclear; and what each try proved, for the record."""

    state: State
    tries: tuple[Mapping[str, Any], ...]


class StepUp:
    """One step-up; `asking` tells whether it has begun, and is not over.

    Args:
        script: has the prompts and the words.
        liveness: a fresh one: it hears the answers alone, all of them as one voice's.
        now: the clock's time in seconds, which only moves on.
        rng: draws the moment and the words; one that cannot be foretold.
    """

    def __init__(
        self,
        script: Script,
        liveness: Liveness,
        now: Seconds,
        rng: Random,
    ) -> None:
        self.asking = False
        self._script = script
        self._words = {word: script.prompts[word].text for word in WORDS}
        self._liveness = liveness
        self._challenge = Challenge(self._words, rng)
        self._due = now + rng.uniform(*SOON_S)
        self._before = Activity()
        self._reply = _Reply()
        self._jobs = 0
        self._scores: set[int] = set()
        self._tries: list[Mapping[str, Any]] = []
        self._demand: Demand | None = None

    def feed(self, pcm: Pcm, now: Seconds, *, playing: bool) -> list[Job]:
        """Take the next samples (16 kHz); `playing`: the caller is still told something."""
        if not self.asking:
            self._before.feed(pcm)
            return []
        self._reply.feed(pcm, now, playing=playing)
        if playing:
            return []
        jobs = self._scored(self._liveness.feed(pcm))
        said = self._reply.said(now)
        if said is None:
            return jobs
        self._jobs += 1
        # The words of the list help to hear them; their order, which is asked for, is not told.
        hint = ", ".join(self._words.values())
        job = Recognise(self._jobs, 0, said, language=self._script.language, hint=hint)
        self._reply.job = job
        return [*jobs, (self, job)]

    def returned(
        self, asker: object, outcome: Recognised | Scored | Failed, now: Seconds
    ) -> list[Job]:
        """Take what became of a job."""
        if asker is self._liveness and not isinstance(outcome, Recognised):
            self._scores.discard(outcome.id)
            return self._scored(self._liveness.scored(outcome))
        job = self._reply.job
        if asker is not self or job is None or outcome.id != job.id or isinstance(outcome, Scored):
            return []
        self._reply.job = None
        if isinstance(outcome, Failed):
            self._reply.wrong = Answer.UNHEARD
            return []
        text = " ".join(word.text.reveal() for word in outcome.words)
        if not self._challenge.repeats(text):
            self._reply.wrong = Answer.WRONG
            self._demand = demand(text, self._script.language)
            return []
        if self._echoes(job.pcm):
            self._reply.wrong = Answer.ECHO
            return []
        self._reply.right_s = now
        return self._scored(self._liveness.close())

    def step(self, now: Seconds, *, playing: bool) -> Pcm | Demand | Outcome | None:
        """Return what there is now: what to say to the caller, what they demand, or the end.

        `playing`: the caller is still told something.
        """
        if not self.asking:
            busy = (self._before.speaking or playing) and now < self._due + POLITE_S
            return (
                self._ask() if now > self._due and not busy and not self._challenge.over else None
            )
        if self._demand is not None:
            demanded, self._demand = self._demand, None
            return demanded
        answer = None if playing else self._answer(now)
        return None if answer is None else self._answered(answer)

    def _ask(self) -> Pcm:
        self.asking, self._reply = True, _Reply()
        self._scores.clear()  # one that never came back is not waited for again
        return self._spoken(self._challenge.prompts)

    def _spoken(self, prompts: Iterable[str]) -> Pcm:
        pause = np.zeros(samples(PAUSE_S), np.int16)
        parts = [part for name in prompts for part in (pause, self._script.prompts[name].pcm)]
        return np.concatenate(parts[1:])

    def _echoes(self, said: Pcm) -> bool:
        """Tell whether an answer is the prompt's own words, recorded and played back."""
        words = [self._script.prompts[word].pcm for word in self._challenge.phrase]
        return median(likeness(word, said) for word in words) > ECHO

    def _answer(self, now: Seconds) -> Answer | None:
        if self._reply.right_s is None:
            return self._reply.failed(now)
        if self._scores and now - self._reply.right_s < SCORED_S:
            return None
        return VOICES[self._liveness.assessment.verdict]

    def _answered(self, answer: Answer) -> Pcm | Outcome:
        assessed = self._liveness.assessment
        self._tries.append(
            {
                "phrase": [self._words[word] for word in self._challenge.phrase],
                "answer": str(answer),
                "began_s": self._reply.began_s,
                "voice": str(assessed.verdict),
                "score": assessed.score,
                "speech_s": assessed.speech_s,
                "why": assessed.reason,
            }
        )
        state = self._challenge.answer(answer)
        if not self._challenge.over:
            return self._ask()
        self.asking = False
        return Outcome(state, tuple(self._tries))

    def _scored(self, events: Sequence[Event]) -> list[Job]:
        scores = [event for event in events if isinstance(event, Score)]
        self._scores |= {score.id for score in scores}
        return [(self._liveness, score) for score in scores]


class _Reply:
    """What is said after one prompt; what is said before its end does not count.

    `job` is the recognition under way, `wrong` what the last one made of the words, `right_s` when
    the phrase was heard.
    """

    def __init__(self) -> None:
        self.job: Recognise | None = None
        self.wrong: Answer | None = None
        self.right_s: Seconds | None = None
        self._activity = Activity()
        self._tape = Tape()
        self._phrase: Samples = 0
        self._early = False
        self._ended: Samples | None = None
        self._ended_s: Seconds = 0.0
        self._began: Samples | None = None
        self._read: Samples = 0

    @property
    def began_s(self) -> Seconds | None:
        """Return how long after the prompt the answer began."""
        if self._ended is None or self._began is None:
            return None
        return round(seconds(self._began - self._ended), 3)

    def feed(self, pcm: Pcm, now: Seconds, *, playing: bool) -> None:
        """Take the next samples; `playing`: the prompt still is."""
        if not playing and self._ended is None:
            self._ended = self._read = self._tape.end
            self._ended_s = now
        self._tape.feed(pcm)
        for event in self._activity.feed(pcm):
            if isinstance(event, PhraseStarted):
                self._phrase = event.at
        if self._ended is None:
            self._early |= self._activity.speaking
        elif self._began is None and self._activity.voiced_until > self._ended:
            self._began = max(self._ended, self._phrase)

    def said(self, now: Seconds) -> Pcm | None:
        """Return what is to be recognised, once it is over: all of the answer so far."""
        until = self._activity.voiced_until
        over = self._activity.heard - until >= BREATH or now - self._ended_s > END_S
        fresh = self._began is not None and until > self._read
        if not fresh or not over or self.job is not None or self.right_s is not None:
            return None
        assert self._ended is not None and self._began is not None
        self._read = until
        return self._tape.read(Span(max(self._ended, self._began - TAIL), until + TAIL))

    def failed(self, now: Seconds) -> Answer | None:
        """Return why this is no answer, once it is none."""
        if self._ended is None:
            return None
        waited = now - self._ended_s
        if waited > END_S + HEARD_S:
            return Answer.UNHEARD if self.job is not None else Answer.LATE
        if self._began is None and waited > BEGIN_S:
            return Answer.EARLY if self._early else Answer.SILENCE
        if self.wrong is None or self.job is not None:
            return None
        if waited > END_S:
            return Answer.LATE
        quiet = self._activity.heard - self._activity.voiced_until
        return self.wrong if waited > BEGIN_S and quiet >= PATIENCE else None
