"""Carrying out a `Score`: all that takes long, and is therefore done where recognition is."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from media.audio import Pcm, centred
from media.liveness.guards import unfit
from media.liveness.types import Score, Scored
from media.liveness.voiceprint import Prints
from media.speech.encoder import Rows


class Scorer(Protocol):
    """A model: see `media.liveness.model.Model`."""

    def score(self, job: Score, encoded: Rows | None = None) -> Scored:
        """Return the log-odds of a window, and the probability that it is no single voice."""


class Encoder(Protocol):
    """A recogniser: see `media.speech.whisper.Whisper`."""

    @property
    def silence(self) -> Rows:
        """What the encoder makes of nothing, averaged: one row."""

    def encoded(self, pcm: Pcm, *, padded: bool) -> Rows:
        """Return what the encoder makes of sound: a row for each 20 ms."""


def score(job: Score, model: Scorer, prints: Prints, encoder: Encoder | None = None) -> Scored:
    """Carry out `job`. What is not fit to be judged has a logit all the same, and no print."""
    reason = unfit(job.speech)
    whose = None if reason else prints.take(job.speech)
    encoded = None
    if job.encode and encoder is not None and not reason:
        encoded = encoder.encoded(centred(job.speech), padded=False)
    return replace(model.score(job, encoded), unfit=reason, print=whose)
