"""What is made of a caller's voice: what is noted, and when something is done about it.

Exists only while the biometric check is consented to: without that nothing looks at the voice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from media.audio import Pcm, Samples, Seconds
from media.liveness.liveness import Liveness
from media.liveness.types import Assessment, Judge, Score, Scored, Verdict, VoiceChanged
from media.recognition import Failed


class Measure(StrEnum):
    """What is done about a verdict."""

    NOTE = "note"
    STEP_UP = "step_up"
    HAND_OFF = "hand_off"
    END = "end"


ENOUGH_S: Final[Mapping[Verdict, Seconds]] = {
    Verdict.HUMAN: 0.0,
    Verdict.SYNTHETIC: 4.0,
    Verdict.UNSURE: 8.0,
}
"""Speech that a verdict must rest on before something is done: many are unsure at first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that is new, and what is to be done about it."""

    assessment: Assessment
    measure: Measure


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody else speaks from about `at` on; `score` is the last one of who spoke before."""

    at: Samples
    score: float | None


Step = Score | Judged | Changed


class Voice:
    """Follow a caller's voice.

    Args:
        judge: what the model's answers mean.
        measures: what is done about each verdict; what is not named is noted.
    """

    def __init__(self, judge: Judge, measures: Mapping[Verdict, Measure]) -> None:
        self._liveness = Liveness(judge)
        self._measures = measures
        self._told: tuple[Verdict, Measure] | None = None
        self._settled = False
        self._score: float | None = None

    @property
    def assessment(self) -> Assessment:
        """Return what is known now."""
        return self._liveness.assessment

    @property
    def measure(self) -> Measure:
        """Return what is to be done about what is known now."""
        return self._measure(self._liveness.assessment)

    def settle(self) -> None:
        """Take note that the caller was asked for proof: nothing more follows for this voice."""
        self._settled = True

    def feed(self, pcm: Pcm) -> list[Step]:
        """Take the caller's next samples (16 kHz)."""
        return self._weigh(self._liveness.feed(pcm))

    def scored(self, outcome: Scored | Failed) -> list[Step]:
        """Take what became of a command."""
        return self._weigh(self._liveness.scored(outcome))

    def _weigh(self, events: list[Score | Assessment | VoiceChanged]) -> list[Step]:
        weighed: list[Step] = []
        for event in events:
            if isinstance(event, Score):
                weighed.append(event)
                continue
            if isinstance(event, VoiceChanged):
                weighed.append(Changed(event.at, self._score))
                self._told, self._settled, self._score = None, False, None
                continue
            self._score = event.score
            judged = Judged(event, self._measure(event))
            known = (event.verdict, judged.measure)
            # That little is known yet of a new voice is no news.
            if known != (self._told or (Verdict.UNSURE, Measure.NOTE)):
                self._told = known
                weighed.append(judged)
        return weighed

    def _measure(self, assessment: Assessment) -> Measure:
        if self._settled or assessment.speech_s < ENOUGH_S[assessment.verdict]:
            return Measure.NOTE
        return self._measures.get(assessment.verdict, Measure.NOTE)
