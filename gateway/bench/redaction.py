"""`hushgate bench redaction`: what leaks, what is lost, how late it comes; and a baseline."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from gateway.bench import hearing, items
from gateway.bench.baseline import Baseline
from gateway.bench.measure import (
    Figures,
    Found,
    Measured,
    Outcome,
    brief,
    measure,
    percentile,
    summary,
)
from gateway.engine.worker import Recogniser, load
from gateway.models import Models, spacy_model, whisper_folder
from gateway.scan import Playback, Scan
from media.audio import FRAME, Pcm, Samples, Span, samples, seconds
from media.channel import CHANNELS
from media.entities.types import Entity

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
    details: Callable[[dict[str, Any]], None] = lambda line: None,
) -> dict[str, Any]:
    """Measure everything and return the object that `--json` prints.

    `details` is told of each call, in order: which of its words leaked, were lost or heard (by
    index, never the words), what was found, and when it came.

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
        for done, (gate, baseline, line) in enumerate(pool.map(_one, tasks), 1):
            entry, channel, _ = tasks[done - 1]
            source = sources["people" if "words" not in entry else "generated"]
            for total in (whole, channels[channel], source):
                total.gate.add(gate)
                total.baseline.add(baseline)
            if not gate.pii.words:
                harmless.gate.add(gate)
                harmless.baseline.add(baseline)
            details(line)
            progress(done, len(tasks))
    return {
        **summary(whole.gate, harmless.gate),
        "by_channel": {n: brief(r.gate) for n, r in channels.items() if r.gate.speech_s},
        "by_source": {n: brief(r.gate) for n, r in sources.items() if r.gate.speech_s},
        "baseline": {
            **summary(whole.baseline, harmless.baseline),
            "by_channel": {n: brief(r.baseline) for n, r in channels.items() if r.gate.speech_s},
            "by_source": {n: brief(r.baseline) for n, r in sources.items() if r.gate.speech_s},
        },
        "utterances": len(tasks),
        "voices": len({entry["voice"] for entry, _, _ in tasks}),
        "model": model,
        "seed": seed,
    }


# What runs in the worker processes.

_bench: _Bench | None = None


class _Bench:
    def __init__(self, model: str) -> None:
        spacy = spacy_model()
        self.recognise = load(Models(whisper_folder(model), spacy, "en"))
        self.base = hearing.stock("base")
        self.listener = self.base if LISTENER[model] == "base" else hearing.stock(LISTENER[model])
        self.baseline = Baseline(self.base, spacy)

    def listen(self, pcm: Pcm) -> hearing.Timed:
        return hearing.listen(self.listener, pcm)

    def align(self, pcm: Pcm, text: str) -> hearing.Timed:
        return hearing.align(self.base, pcm, text)


def _prepare(model: str) -> None:
    global _bench
    _bench = _Bench(model)


def _one(task: tuple[dict[str, Any], str, int]) -> tuple[Figures, Figures, dict[str, Any]]:
    entry, channel, seed = task
    assert _bench is not None
    item = items.load(entry, _bench.align)
    heard = CHANNELS[channel](item.pcm, np.random.default_rng(seed))
    outcome, scan = gated(_bench.recognise, heard, item.question)
    gate = measure(item, heard, outcome, _bench.listen)
    baseline = measure(item, heard, _bench.baseline.run(heard), _bench.listen)
    about = {"file": entry["file"], "kind": entry["kind"], "channel": channel}
    return gate.figures, baseline.figures, {**about, **_detail(gate, scan)}


def _detail(gate: Measured, scan: Scan) -> dict[str, Any]:
    """Return a line of the details; no value is in it, only where it was."""
    return {
        "words": gate.figures.pii.words + gate.figures.harmless,
        "leaked": [[i, round(share, 3)] for i, share in sorted(gate.leaked.items())],
        "lost": gate.lost,
        "heard": gate.heard,
        "turn_delay_s": percentile(gate.figures.turn_delays_s, 50),
        "hold_age_p95_s": percentile(gate.figures.ages_s, 95),
        "findings": [
            {key: finding[key] for key in ("entity", "start_s", "end_s", "rule")}
            for finding in scan.findings
        ],
        "silenced": scan.silenced,
    }


def gated(recognise: Recogniser, heard: Pcm, question: Pcm | None) -> tuple[Outcome, Scan]:
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

    playback = Playback(recognise, {}, samples(6.0), result, write)
    rows = heard[None] if question is None else np.stack([heard, question])
    for start in range(0, rows.shape[1], FRAME):
        playback.feed(rows[:, start : start + FRAME])
    playback.close()
    found = [
        Found(Span(samples(f["start_s"]), samples(f["end_s"])), (Entity(f["entity"]),))
        for f in result.findings
        if f["entity"] != Entity.UNSURE  # silenced, but not found
    ]
    return Outcome(np.concatenate(out), released, found, result.compute_s), result
