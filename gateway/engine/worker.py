"""What runs in a recognition worker process: load the models once, then do job after job."""

from __future__ import annotations

import json
import mmap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from gateway.engine.process import Broken, serve
from gateway.models import (
    LivenessFiles,
    ModelError,
    Models,
    adapter_weights,
    assent_weights,
    boundary_weights,
)
from media.assent import Assent
from media.entities.detector import Detector
from media.liveness.model import Model
from media.liveness.scoring import Encoder, score
from media.liveness.types import Score, Scored
from media.liveness.voiceprint import Prints
from media.recognition import Failed, Recognise, Recognised, recognise
from media.speech.adapter import Adapter
from media.speech.boundaries import Boundaries
from media.speech.transformer import Transformer
from media.speech.weights import read_weights
from media.speech.whisper import Whisper, WhisperModel

UNUSED_PIPES = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
"""What spaCy's pipeline has beside names: loading it takes time and memory for nothing."""

BYTES: Final = 256
"""Tokens that are bytes; the one behind them is what the first merge makes."""

Job = Recognise | Score
Outcome = Recognised | Scored | Failed

J = TypeVar("J", bound=Job)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A job's outcome, and the seconds of one core that it took.

    CPU time, not time passed: a busy machine does not change what a measurement says.
    """

    outcome: T
    compute_s: float


Recogniser = Callable[[Recognise], Answer[Recognised | Failed]]


class Reader:
    """What recognises: a `Recogniser` with the models that ship or are configured.

    One thread: two bring a quarter more speed for twice the cores (docs/architecture.md).

    Raises:
        ModelError: when a model cannot be loaded; the message names its folder.
    """

    def __init__(self, models: Models) -> None:
        import spacy

        self.whisper = load_whisper(models.whisper, models.language)
        with _one_line(models.spacy):
            self._detector = Detector(spacy.load(models.spacy, exclude=UNUSED_PIPES))
        assent = Assent(assent_weights())
        boundaries = Boundaries(boundary_weights())
        # Both hear by the encoder that they were trained on, and by no other.
        silence = self.whisper.silence
        self._assent = assent if assent.knows(silence) else None
        self._boundaries = boundaries if boundaries.knows(silence) else None

    def __call__(self, job: Recognise) -> Answer[Recognised | Failed]:
        """Recognise a window."""
        carry_out = partial(
            recognise,
            whisper=self.whisper,
            detector=self._detector,
            assent=self._assent,
            boundaries=self._boundaries,
        )
        return _timed(job, carry_out)


class Ear:
    """What scores voices; `model` also judges the scores.

    Args:
        files: the detector.
        encoder: that of the recogniser, if the detector may hear by it, too.

    Raises:
        ModelError: when it cannot be loaded.
    """

    def __init__(self, files: LivenessFiles, encoder: Encoder | None = None) -> None:
        try:
            self.model = Model(files.onnx, files.card)
            self._prints = Prints(files.voiceprint)
        except ValueError as error:
            raise ModelError(f"the liveness model cannot be loaded: {error}") from None
        known = encoder is not None and self.model.knows(encoder.silence)
        self._encoder = encoder if known else None

    def __call__(self, job: Score) -> Answer[Scored | Failed]:
        """Score a window."""
        return _timed(job, lambda job: score(job, self.model, self._prints, self._encoder))


def load_whisper(folder: Path, language: str = "en") -> Whisper:
    """Load a recogniser by itself.

    Raises:
        ModelError: when it cannot be loaded; the message names its folder.
    """
    from faster_whisper.feature_extractor import FeatureExtractor
    from tokenizers import Tokenizer

    with _one_line(folder):
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if "alignment_heads" not in config:
            raise ValueError("its config.json lacks alignment_heads, by which words are timed")
        with (folder / "model.bin").open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        weights, adapter = read_weights(content), Adapter(adapter_weights())
        in_noise = adapter.adapted(weights) if adapter.knows(weights) else None
        transformer = Transformer(weights, in_noise)
        model = WhisperModel(
            transformer,
            FeatureExtractor(feature_size=transformer.bands),
            Tokenizer.from_str(_mended((folder / "tokenizer.json").read_text(encoding="utf-8"))),
            tuple((layer, head) for layer, head in config["alignment_heads"]),
        )
        return Whisper(model, language)


def _mended(tokenizer: str) -> str:
    """Return a byte-pair tokenizer with its first merge, which conversions take for a header.

    Without it " the" is written " " and "the", as Whisper never saw it.
    """
    written = json.loads(tokenizer)
    merges, tokens = written["model"]["merges"], written["model"]["vocab"]
    first = next((token for token, id_ in tokens.items() if id_ == BYTES), "")
    pair = [first[:1], first[1:]]
    if first and merges and merges[0] not in (pair, " ".join(pair)):
        merges.insert(0, pair if isinstance(merges[0], list) else " ".join(pair))
    return json.dumps(written)


@contextmanager
def _one_line(folder: Path) -> Iterator[None]:
    """Whatever the libraries raise, the user gets one line."""
    try:
        yield
    except Exception as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise ModelError(f"{folder}: this model cannot be loaded ({why})") from None


def _timed(job: J, carry_out: Callable[[J], T]) -> Answer[T | Failed]:
    began = time.process_time()
    try:
        outcome: T | Failed = carry_out(job)
    except Exception as error:
        # The message could quote what was said; the type cannot.
        outcome = Failed(job.id, type(error).__name__)
    return Answer(outcome, time.process_time() - began)


def main(pipe: Connection, models: Models) -> None:
    """Serve jobs from `pipe`."""

    def loaded() -> Callable[[Job], Answer[Outcome]] | Broken:
        try:
            hear = Reader(models)
            listen = Ear(models.liveness, hear.whisper) if models.liveness else None
        except ModelError as error:
            return Broken(str(error))

        def run(job: Job) -> Answer[Any]:
            if isinstance(job, Recognise):
                return hear(job)
            return listen(job) if listen else Answer(Failed(job.id, "no model"), 0.0)

        return run

    serve(pipe, loaded)
