"""Carrying out a `Score`: all that takes long, and is therefore done where recognition is."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from media.liveness.guards import unfit
from media.liveness.types import Score, Scored
from media.liveness.voiceprint import Prints


class Scorer(Protocol):
    """A model: see `media.liveness.model.Model`."""

    def score(self, job: Score) -> Scored:
        """Return the logit of a window, and the probability that it is no single voice."""


def score(job: Score, model: Scorer, prints: Prints) -> Scored:
    """Carry out `job`. What is not fit to be judged has a logit all the same, and no print."""
    reason = unfit(job.speech)
    whose = None if reason else prints.take(job.speech)
    return replace(model.score(job), unfit=reason, print=whose)
