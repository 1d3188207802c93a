"""`hushgate bench consent`: whom the gate takes for having agreed, over answers really spoken.

Each answer is heard as in a call: the listener finds its phrases, the model recognises them, and
the weigher says when it is over and what it means.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from zlib import crc32

import numpy as np
from pydantic import BaseModel, ValidationError

from gateway.answers import QUESTIONS, REFUSALS, Answer
from gateway.answers.weigher import BREATH, Weigher
from gateway.bench.items import CorpusError
from gateway.bench.measure import share
from gateway.engine.worker import Reader, Recogniser
from gateway.models import Models, spacy_model, whisper_folder
from gateway.recordings import read_mono
from media.audio import FRAME, RATE, Pcm
from media.channel import CHANNELS
from media.listener import Heard, Listener
from media.recognition import Recognise

HEARD_OVER: Final = ("clean", "g711", "g711_noise_15db")
"""The channels; an answer goes through two of them."""

QUICK: Final = 4
"""A quick run takes one in so many."""

LEAD: Final = 4 * RATE
TAIL: Final = 2 * BREATH
"""Silence before an answer, while the question is asked, and after it."""

EXPECTED: Final = {
    "yes": Answer.YES,
    "no": Answer.NO,
    "stop": Answer.NO,
    "human": Answer.HUMAN,
    "repeat": Answer.REPEAT,
    "hedged": Answer.UNCLEAR,
    "background": Answer.UNCLEAR,
}
"""What is said → what it is best taken for; only a yes may ever be taken for one."""


class Said(BaseModel):
    """A line of the manifest: one recording."""

    file: str
    language: str
    kind: Literal["yes", "no", "stop", "human", "repeat", "hedged", "background"]
    text: str
    voice: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer over one channel."""

    said: Said
    channel: str
    answer: Answer
    heard: str
    unsure: str | None
    confidence: float
    by_sound: bool

    @property
    def false_grant(self) -> bool:
        """Tell whether somebody who has not agreed was taken for agreeing."""
        return self.answer is Answer.YES and self.said.kind != "yes"


def run(
    folder: Path,
    *,
    quick: bool,
    seed: int,
    workers: int,
    progress: Callable[[int, int], None],
    details: Callable[[dict[str, Any]], None] = lambda line: None,
) -> dict[str, Any]:
    """Hear every answer and return the object that `--json` prints.

    `details` is told of each: what was said, what was heard and what it was taken for.

    Raises:
        CorpusError: when there are no answers.
        ModelError: when a model is not there.
        RecordingError: when a recording cannot be read.
    """
    calls = spread(listed(folder), seed)
    calls = calls[::QUICK] if quick else calls
    models = Models(whisper_folder("base"), spacy_model(), "en")
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(models, folder)) as pool:
        for outcome in pool.map(_one, calls):
            outcomes.append(outcome)
            details(_line(outcome))
            progress(len(outcomes), len(calls))
    return {
        **summary(outcomes),
        "by_language": _by(outcomes, lambda o: o.said.language),
        "by_channel": _by(outcomes, lambda o: o.channel),
        "taken_rightly": {
            kind: share(
                sum(o.answer is expected for o in outcomes if o.said.kind == kind),
                sum(o.said.kind == kind for o in outcomes),
            )
            for kind, expected in EXPECTED.items()
        },
        "recordings": len({o.said.file for o in outcomes}),
        "voices": len({o.said.voice for o in outcomes}),
        "quick": quick,
        "seed": seed,
    }


def listed(folder: Path) -> list[Said]:
    """Return the manifest of `scripts/make_answers.py`.

    Raises:
        CorpusError: when there is none, or it is none.
    """
    manifest = folder / "manifest.jsonl"
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise CorpusError(f"{manifest}: missing; run scripts/make_answers.py {folder}") from None
    try:
        return [Said.model_validate_json(line) for line in lines]
    except ValidationError:
        raise CorpusError(f"{manifest}: no list of answers; remove it and make it anew") from None


def spread(answers: Sequence[Said], seed: int) -> list[tuple[Said, str, int]]:
    """Return what goes through which channel, and the seed of its noise.

    An answer's channel does not depend on which others there are. Calls that are alike come one
    after the other, so that one in so many is a fair sample.
    """
    calls: list[tuple[Said, str, int]] = []
    for said in answers:
        noise = crc32(f"{seed} {said.file}".encode())
        calls.append((said, random.Random(noise).choice(HEARD_OVER), noise))
    return sorted(calls, key=lambda call: (call[0].language, call[0].kind, call[1]))


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures over some answers."""
    agreed = [o for o in outcomes if o.said.kind == "yes"]
    refused = [o for o in outcomes if EXPECTED[o.said.kind] is Answer.NO]
    return {
        "answers": len(outcomes),
        "false_grants": sum(o.false_grant for o in outcomes),
        "clear_yes_granted": share(sum(o.answer is Answer.YES for o in agreed), len(agreed)),
        "refusals_at_once": share(sum(o.answer is Answer.NO for o in refused), len(refused)),
    }


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Any]:
    names = sorted({key(o) for o in outcomes})
    return {name: summary([o for o in outcomes if key(o) == name]) for name in names}


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        **outcome.said.model_dump(),
        "channel": outcome.channel,
        "answer": str(outcome.answer),
        "heard": outcome.heard,
        "unsure": outcome.unsure,
        "confidence": outcome.confidence,
        "by_sound": outcome.by_sound,
        "false_grant": outcome.false_grant,
    }


# What runs in the worker processes.

_bench: tuple[Recogniser, Path] | None = None


def _prepare(models: Models, folder: Path) -> None:
    global _bench
    _bench = Reader(models), folder


def _one(call: tuple[Said, str, int]) -> Outcome:
    said, channel, seed = call
    assert _bench is not None
    recognise, folder = _bench
    spoken = read_mono(folder / said.file)
    whole = np.concatenate([_silence(LEAD), spoken, _silence(TAIL)])
    pcm = CHANNELS[channel](whole, np.random.default_rng(seed))
    return answered(recognise, said, channel, pcm)


def answered(recognise: Recogniser, said: Said, channel: str, pcm: Pcm) -> Outcome:
    """Hear a recording as a call does, until its answer is over or it has ended."""
    listener = Listener(said.language, QUESTIONS[said.language], REFUSALS[said.language])
    weigher = Weigher(said.language)
    phrases: list[Heard] = []
    for at in range(0, len(pcm), FRAME):
        jobs = listener.feed(pcm[at : at + FRAME])
        while jobs:
            heard = [e for job in jobs for e in listener.recognised(recognise(job).outcome)]
            jobs = [event for event in heard if isinstance(event, Recognise)]
            for event in heard:
                if isinstance(event, Heard):
                    phrases.append(event)
                    weigher.hear(event)
        now = at + FRAME
        weighed = weigher.weigh(now, speaking=listener.speaking, asking=now < LEAD)
        if weighed:
            break
    return Outcome(
        said,
        channel,
        weighed.answer if weighed else Answer.SILENCE,
        " / ".join(" ".join(w.text.reveal() for w in phrase.words) for phrase in phrases),
        next((phrase.unsure for phrase in phrases if phrase.unsure), None),
        weighed.confidence if weighed else 0.0,
        weighed is not None and weighed.by_sound,
    )


def _silence(count: int) -> Pcm:
    return np.zeros(count, np.int16)
