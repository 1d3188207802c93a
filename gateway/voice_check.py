"""The biometric check of one call: the caller's voice is looked at, and what follows is done.

It is made when the caller has consented to it, and gone when the caller takes that back. Whoever
is not sure to be a person is asked to repeat a few words; the agent hears nothing of that.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gateway import telemetry
from gateway.answers import Demand
from gateway.challenge import State
from gateway.engine.worker import Job, Outcome
from gateway.models.active import Active
from gateway.passage import Host as PassageHost
from gateway.passage import Passage
from gateway.scripts import Script
from gateway.services import Terms
from gateway.step_up import Outcome as Proof
from gateway.step_up import StepUp
from gateway.voice import Changed, Judged, Measure, Step, Voice
from media.audio import Pcm, Samples, Seconds, seconds
from media.liveness.liveness import Liveness
from media.liveness.types import Score, Verdict
from media.recognition import Recognised


class Host(PassageHost, Protocol):
    """What the check asks of its call."""

    @property
    def agent(self) -> Passage | None:
        """The passage to an AI agent, if the caller is through to one."""

    async def measured(self, measure: Measure) -> None:
        """Hand the caller off, or end the call."""

    async def demanded(self, demand: Demand, by: str) -> list[str]:
        """Do what the caller demands."""


class VoiceCheck:
    """Follow the caller's voice from now on.

    Args:
        host: the call.
        terms: what is done about each verdict.
        models: the judge of voices, and what scores are compared with.
        script: has the words of challenges.
    """

    def __init__(self, host: Host, terms: Terms, models: Active, script: Script) -> None:
        self._host = host
        self._terms = terms
        self._models = models
        self._script = script
        self._began: Samples = host.clock
        self._voice = Voice(models, terms.measures)
        self._step_up: StepUp | None = None

    @property
    def verdict(self) -> Verdict:
        """Return what the voice is taken for now."""
        return self._voice.assessment.verdict

    async def hear(self, pcm: Pcm) -> None:
        """Take the caller's next samples (16 kHz)."""
        await self._weigh(self._voice.feed(pcm))
        if self._step_up is not None:
            self._ask(self._step_up.feed(pcm, _now(), playing=self._playing))
            await self.tick()

    async def came_back(self, asker: object, outcome: Outcome) -> None:
        """Take what became of a job, if it was asked for here."""
        if self._step_up is not None:
            self._ask(self._step_up.returned(asker, outcome, _now()))
            await self.tick()
        if asker is self._voice and not isinstance(outcome, Recognised):
            await self._weigh(self._voice.scored(outcome))

    async def reached(self) -> None:
        """Take note that somebody is there now: the voice may have been judged before."""
        await self._take(self._voice.measure)

    async def tick(self) -> None:
        """Go on with the step-up, if there is one."""
        passage = self._host.agent
        if self._step_up is None or passage is None:
            self._step_up = None
            return
        match self._step_up.step(_now(), playing=self._playing):
            case None:
                return
            case Demand() as demanded:
                await self._host.demanded(demanded, "voice")
            case Proof(state, tries):
                await self._proven(passage, state, tries)
            case spoken:
                passage.pause()
                self._host.leg.stop_playing()
                self._host.leg.play(spoken)

    def close(self) -> None:
        """End with the call: the last score counts for the drift."""
        self._models.scored(self._voice.assessment.score)

    async def _weigh(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Score():
                    self._host.recognise(self._voice, step)
                case Changed(at, score):
                    self._models.scored(score)
                    await self._host.record("voice.changed", {"at_s": self._at_s(at)})
                case Judged():
                    await self._judged(step)

    async def _judged(self, judged: Judged) -> None:
        found = judged.assessment
        telemetry.VERDICTS.labels(str(found.verdict)).inc()
        await self._host.record(
            "voice.verdict",
            {
                "verdict": str(found.verdict),
                "score": found.score,
                "confidence": found.confidence,
                "speech_s": found.speech_s,
                "reason": found.reason,
                "measure": str(judged.measure),
                "at_s": self._at_s(found.at),
            },
        )
        if self._host.agent is not None:
            self._host.agent.far.send_voice(found)
        await self._take(judged.measure)

    async def _take(self, measure: Measure) -> None:
        """Do what is to be done; people judge for themselves whom they hear."""
        if self._host.agent is None or measure is Measure.NOTE:
            return
        if measure is not Measure.STEP_UP:
            await self._host.measured(measure)
        elif self._step_up is None:
            self._step_up = StepUp(
                self._script,
                Liveness(self._models),
                _now(),
                secrets.SystemRandom(),
            )

    async def _proven(
        self, passage: Passage, state: State, tries: Sequence[Mapping[str, Any]]
    ) -> None:
        before = self.verdict
        self._step_up = None
        body = {"outcome": str(state), "tries": [dict(each) for each in tries]}
        await self._host.record("challenge", body)
        self._voice.settle()
        passage.resume()
        # What was doubtful may stay so; a voice that was taken for synthetic needs a proof.
        if state is State.FAILED or (state is not State.PASSED and before is Verdict.SYNTHETIC):
            await self._take(self._terms.when_failed)
        else:
            self._host.leg.play(self._script.prompts["challenge_passed"].pcm)

    def _ask(self, jobs: Sequence[tuple[object, Job]]) -> None:
        for asker, job in jobs:
            self._host.recognise(asker, job)

    @property
    def _playing(self) -> bool:
        return self._host.leg.unplayed() > 0

    def _at_s(self, at: Samples) -> Seconds:
        return round(seconds(self._began + at), 3)


def _now() -> Seconds:
    return asyncio.get_running_loop().time()
