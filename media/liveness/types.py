"""What is asked about a voice, what a model answers, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from media.audio import Pcm, Samples, Seconds, seconds

Voiceprint = NDArray[np.float32]
"""A direction in which a voice lies: two of unit length are the same voice's when they are near."""


WINDOW_S: Final = 4
"""Seconds of speech that are scored at once, at most."""


class Verdict(StrEnum):
    """What a voice is taken for."""

    HUMAN = "human"
    UNSURE = "unsure"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Score:
    """A command: score `speech`, the newest 4 s at most of one voice, 16 kHz, its pauses taken out.

    With `encode` the recogniser's encoder hears it as well, which costs twenty times as much. What
    becomes of it is a `Scored`, or a `media.recognition.Failed` with its id.
    """

    id: int
    speech: Pcm = field(repr=False)
    encode: bool = False

    @property
    def speech_s(self) -> Seconds:
        """Return how much speech it is."""
        return seconds(len(self.speech))


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of a `Score`.

    Attributes:
        logit: the log-odds of synthetic against human, not yet calibrated.
        other: the probability of neither: music, tones, noise, several voices at once.
        unfit: why the window says nothing of a voice (`media.liveness.guards`), empty otherwise.
        print: whose voice the newest of it is (`media.liveness.voiceprint`), None when not known.
        heard: the same log-odds by what the recogniser's encoder heard, None when it was not asked.
    """

    id: int
    logit: float
    other: float
    unfit: str = ""
    print: Voiceprint | None = field(default=None, repr=False)
    heard: float | None = None


class Judge(Protocol):
    """What a model's card says of its answers: cheap, without the network itself."""

    def calibrate(self, windows: Sequence[Scored], speech_s: Seconds) -> float:
        """Turn the log-odds of one voice's windows, oldest first, one for each second of its
        speech, into the probability that it is synthetic; `speech_s` is its speech so far."""

    def verdict(self, score: float) -> Verdict:
        """Judge a calibrated probability by the thresholds of the card."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of a voice at `at`, over all of its speech so far.

    Attributes:
        score: the calibrated probability that the voice is synthetic, None when none can be told.
        confidence: 0 to 1, grows with the speech that was heard.
        speech_s: seconds of speech that it rests on.
        reason: why the verdict is unsure, empty otherwise.
    """

    verdict: Verdict
    score: float | None
    confidence: float
    speech_s: Seconds
    at: Samples
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoiceChanged:
    """Somebody else speaks from about `at` on; what was known of the voice before is of another."""

    at: Samples
