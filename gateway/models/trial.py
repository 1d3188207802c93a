"""Trying a model before it decides anything: on a recording that ships."""

from __future__ import annotations

import math
from pathlib import Path

from gateway import assets
from gateway.models.installed import LivenessFiles, ModelError, Models

CLIP = "t1.wav"
"""The demo's caller, saying a name: some seconds of clear speech."""


def hear(models: Models) -> None:
    """Have the recogniser hear the recording, and names looked for in it.

    Raises:
        ModelError: when a model cannot be loaded, or nothing comes of it.
    """
    # Loading takes seconds of import.
    from gateway.engine.worker import Reader
    from gateway.recordings import read_mono
    from media.recognition import Failed, Recognise

    outcome = Reader(models)(Recognise(0, 0, read_mono(assets.audio("caller") / CLIP))).outcome
    if isinstance(outcome, Failed):
        raise ModelError(f"{models.whisper}, {models.spacy}: fails on speech ({outcome.reason})")
    if not outcome.words:
        raise ModelError(f"{models.whisper}: hears nothing in a clear recording")


def score(files: LivenessFiles, folder: Path) -> None:
    """Have a detector of synthetic voices score the recording.

    Raises:
        ModelError: when it cannot be loaded, or its score is no number.
    """
    from gateway.recordings import read_mono
    from media.audio import RATE
    from media.liveness.card import ModelFileError
    from media.liveness.model import Model
    from media.liveness.types import WINDOW_S, Score

    clip = read_mono(assets.audio("caller") / CLIP)[: WINDOW_S * RATE]
    try:
        scored = Model(files.onnx, files.card).score(Score(0, clip))
    except ModelFileError as error:
        raise ModelError(f"{folder}: {error}") from None
    if not (math.isfinite(scored.logit) and 0 <= scored.other <= 1):
        raise ModelError(f"{folder}: its score of a clear recording is no number")
