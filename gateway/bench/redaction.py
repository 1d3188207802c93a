"""`hushgate bench redaction`: what leaks, what is lost, how late it comes; and a baseline."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from faster_whisper import WhisperModel

from gateway.bench import items
from gateway.bench.baseline import Baseline
from gateway.bench.measure import Figures, measure, summary
from gateway.engine.worker import load
from gateway.models import Models, spacy_model, whisper_folder
from gateway.scan import Playback, Scan
from media.audio import FRAME, Pcm, Samples, Span, samples, seconds
from media.channel import CHANNELS
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.timing import refine

QUICK: Final = 24
"""Utterances of a quick run, from each source."""

LISTENER: Final = {"base": "tiny.en", "tiny.en": "base"}
"""The independent recogniser is never the gate's own model."""


@dataclass(slots=True)
class Run:
    """What all calls of one kind add up to, for the gate and for the baseline."""

    gate: Figures = field(default_factory=Figures)
    baseline: Figures = field(default_factory=Figures)


def run(
    corpus: Path,
    people: Path | None,
    model: str,
    *,
    quick: bool,
    seed: int,
    workers: int,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Measure everything and return the object that `--json` prints.

    Raises:
        CorpusError: when there is nothing to measure on.
    """
    rng = random.Random(seed)
    entries = items.generated(corpus)
    rng.shuffle(entries)
    said = items.people(people, corpus) if people else []
    rng.shuffle(said)
    chosen = entries[:QUICK] + said[:QUICK] if quick else entries + said
    names = list(CHANNELS)
    tasks = [(entry, names[i % len(names)], seed + i) for i, entry in enumerate(chosen)]
    whole, harmless = Run(), Run()
    channels: dict[str, Run] = {name: Run() for name in names}
    sources: dict[str, Run] = {"generated": Run(), "people": Run()}
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(model,)) as pool:
        for done, (entry, channel, gate, baseline) in enumerate(pool.map(_one, tasks), 1):
            source = sources["people" if "words" not in entry else "generated"]
            for total in (whole, channels[channel], source):
                total.gate.add(gate)
                total.baseline.add(baseline)
            if gate.pii == 0:
                harmless.gate.add(gate)
                harmless.baseline.add(baseline)
            progress(done, len(tasks))
    return {
        **summary(whole.gate, harmless.gate),
        "by_channel": {n: _brief(r.gate) for n, r in channels.items() if r.gate.speech_s},
        "by_source": {n: _brief(r.gate) for n, r in sources.items() if r.gate.speech_s},
        "baseline": {
            **summary(whole.baseline, harmless.baseline),
            "by_channel": {n: _brief(r.baseline) for n, r in channels.items() if r.gate.speech_s},
            "by_source": {n: _brief(r.baseline) for n, r in sources.items() if r.gate.speech_s},
        },
        "utterances": len(tasks),
        "voices": len({entry["voice"] for entry, _, _ in tasks}),
        "model": model,
        "seed": seed,
    }


def _brief(figures: Figures) -> dict[str, object]:
    whole = summary(figures, Figures())
    return {key: whole[key] for key in ("leak", "heard", "lost", "turn_delay_p50_s", "pii_words")}


# What runs in the worker processes.

_bench: _Bench | None = None


class _Bench:
    def __init__(self, model: str) -> None:
        spacy = spacy_model()
        self.recognise = load(Models(whisper_folder(model), spacy, "en"))
        self.base = _stock("base")
        self.listener = self.base if LISTENER[model] == "base" else _stock(LISTENER[model])
        self.baseline = Baseline(self.base, spacy)

    def listen(self, pcm: Pcm) -> list[tuple[str, Span]]:
        segments, _ = self.listener.transcribe(
            pcm.astype(np.float32) / 32_768, language="en", beam_size=5, word_timestamps=True
        )
        return [
            (word.word, Span(samples(word.start), samples(word.end)))
            for segment in segments
            for word in segment.words or ()
        ]

    def align(self, pcm: Pcm, text: str) -> list[tuple[str, Span]]:
        """Time the words of a known text by the attention of stock Whisper."""
        from faster_whisper.tokenizer import Tokenizer

        tokenizer = Tokenizer(self.base.hf_tokenizer, True, task="transcribe", language="en")
        words = text.split()
        spoken = [w.capitalize() if len(w) > 1 else w for w in words]
        groups = [tokenizer.encode(" " + w) for w in spoken]
        mel = self.base.feature_extractor(pcm.astype(np.float32) / 32_768)
        frames = len(pcm) // 160
        window = np.full((mel.shape[0], 3_000), mel.min(), np.float32)
        window[:, :frames] = mel[:, : min(frames, 3_000)]
        encoded = self.base.encode(window)
        timed = self.base.find_alignment(
            tokenizer, [[t for g in groups for t in g]], encoded, min(frames, 3_000)
        )[0]
        found: list[Word] = []
        for word, entry in zip(words, timed, strict=False):
            span = Span(samples(entry["start"]), samples(entry["end"]))
            found.append(Word(Sensitive(word), span))
        return [(w.text.reveal(), w.span) for w in refine(found, pcm, 0)]


def _stock(model: str) -> WhisperModel:
    return WhisperModel(str(whisper_folder(model)), "cpu", compute_type="int8", cpu_threads=1)


def _prepare(model: str) -> None:
    global _bench
    _bench = _Bench(model)


def _one(task: tuple[dict[str, Any], str, int]) -> tuple[dict[str, Any], str, Figures, Figures]:
    entry, channel, seed = task
    assert _bench is not None
    item = items.load(entry, _bench.align)
    heard = CHANNELS[channel](item.pcm, np.random.default_rng(seed))
    out, released, compute = gated(_bench, heard, item.question)
    gate = measure(item, heard, out, released, compute, _bench.listen)
    muted, live, took = _bench.baseline.run(heard)
    return entry, channel, gate, measure(item, heard, muted, live, took, _bench.listen)


def gated(
    bench: _Bench, heard: Pcm, question: Pcm | None
) -> tuple[Pcm, list[tuple[Span, float]], float]:
    """Run a call through the gate on the simulated clock of `scan`."""
    result = Scan("bench")
    out: list[Pcm] = []
    released: list[tuple[Span, float]] = []
    at: Samples = 0

    def write(pcm: Pcm) -> None:
        # Not from the result, where pauses are merged: a turn ends in the middle of one.
        nonlocal at
        out.append(pcm)
        released.append((Span(at, at + len(pcm)), seconds(playback.now)))
        at += len(pcm)

    playback = Playback(bench.recognise, {}, samples(6.0), result, write)
    rows = heard[None] if question is None else np.stack([heard, question])
    for start in range(0, rows.shape[1], FRAME):
        playback.feed(rows[:, start : start + FRAME])
    playback.close()
    return np.concatenate(out), released, result.compute_s
