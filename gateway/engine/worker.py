"""What runs in a recognition worker process: load the models once, then do job after job."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from gateway.engine.process import Broken, serve
from gateway.models import ModelError, Models
from media.entities.detector import Detector
from media.recognition import Failed, Recognise, Recognised, recognise
from media.speech.whisper import Whisper

UNUSED_PIPES = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
"""What spaCy's pipeline has beside names: loading it takes time and memory for nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A job's outcome, and the seconds of one core that it took.

    CPU time, not time passed: a busy machine does not change what a measurement says.
    """

    outcome: Recognised | Failed
    compute_s: float


Recogniser = Callable[[Recognise], Answer]


def load(models: Models) -> Recogniser:
    """Load the models and return what does jobs with them.

    One thread: two bring a quarter more speed for twice the cores (docs/architecture.md).

    Raises:
        ModelError: when one cannot be loaded; the message names its folder.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    import spacy
    from faster_whisper import WhisperModel

    folder = models.whisper
    try:
        model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1
        )
        whisper = Whisper(model, models.language)
        folder = models.spacy
        detector = Detector(spacy.load(folder, exclude=UNUSED_PIPES))
    except Exception as error:  # whatever the libraries raise, the user gets one line
        why = " ".join(str(error).split())[:200]
        raise ModelError(f"{folder}: this model cannot be loaded ({why})") from None

    def run(job: Recognise) -> Answer:
        began = time.process_time()
        try:
            outcome: Recognised | Failed = recognise(job, whisper, detector)
        except Exception as error:
            # The message could quote what was said; the type cannot.
            outcome = Failed(job.id, type(error).__name__)
        return Answer(outcome, time.process_time() - began)

    return run


def main(pipe: Connection, models: Models) -> None:
    """Serve jobs from `pipe`."""

    def loaded() -> Recogniser | Broken:
        try:
            return load(models)
        except ModelError as error:
            return Broken(str(error))

    serve(pipe, loaded)
