"""`hushgate bench redaction`: what leaks, what is lost, how late it comes; and a baseline."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np

from gateway.bench import items
from gateway.bench.barge_in import barge_in_delay
from gateway.bench.baseline import Baseline
from gateway.bench.hearing import Stock
from gateway.bench.measure import (
    PERCENTILES,
    Figures,
    Found,
    Measured,
    Outcome,
    brief,
    measure,
    percentile,
    share,
    summary,
)
from gateway.engine.worker import Reader, Recogniser
from gateway.models import Models, cache_folder, spacy_model, whisper_folder
from gateway.scan import Playback, Scan
from media.audio import FRAME, Pcm, Samples, Seconds, Span, samples, seconds
from media.channel import CHANNELS
from media.entities.types import ACTIONS, Entity

QUICK: Final = {"generated": 60, "people": 24}
"""Calls of a quick run, by source."""

PEOPLE: Final = 250
"""People's calls of a full run."""

Call = tuple[dict[str, Any], str, int]
"""An entry of a corpus, its channel and the seed of its noise."""


@dataclass(slots=True)
class Run:
    """What all calls of one kind add up to, for the gate and for the baseline.

    `barge_ins_s` has delays of calls in which somebody speaks; None where nothing was told.
    """

    gate: Figures = field(default_factory=Figures)
    baseline: Figures = field(default_factory=Figures)
    barge_ins_s: list[Seconds | None] = field(default_factory=list)

    def barge_in(self) -> dict[str, float]:
        """Return how soon it was told that somebody speaks, and the share of calls where not."""
        told = [delay for delay in self.barge_ins_s if delay is not None]
        return {
            **{f"barge_in_{k}_s": percentile(told, q) for k, q in PERCENTILES.items()},
            "barge_in_missed": share(len(self.barge_ins_s) - len(told), len(self.barge_ins_s)),
        }


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
        ModelError: when a model is not there.
    """
    said = spread(items.generated(corpus), seed)
    answers = spread(items.people(people, corpus), seed) if people else []
    if quick:
        calls = said[: QUICK["generated"]] + answers[: QUICK["people"]]
    else:
        calls = said + answers[:PEOPLE]
    models = Models(whisper_folder(model), spacy_model(), "en")
    listener = whisper_folder("base" if model == "tiny.en" else "tiny.en")
    prepared = (models, whisper_folder("base"), listener, cache_folder() / "bench")
    whole, harmless = Run(), Run()
    channels: dict[str, Run] = {name: Run() for name in CHANNELS}
    sources: dict[str, Run] = {"generated": Run(), "people": Run()}
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=prepared) as pool:
        for done, (gate, baseline, line) in enumerate(pool.map(_one, calls), 1):
            entry, channel, _ = calls[done - 1]
            person = "words" not in entry
            source = sources["people" if person else "generated"]
            for total in (whole, channels[channel], source):
                total.gate.add(gate)
                total.baseline.add(baseline)
                # Nobody marked when people begin: theirs is an upper bound, told by itself.
                if gate.speech_s and (total is source or not person):
                    total.barge_ins_s.append(line["barge_in_s"])
            if not gate.pii.words:
                harmless.gate.add(gate)
                harmless.baseline.add(baseline)
            details(line)
            progress(done, len(calls))
    return {
        **summary(whole.gate, harmless.gate),
        **whole.barge_in(),
        "by_channel": _gates(channels),
        "by_source": _gates(sources),
        "baseline": {
            **summary(whole.baseline, harmless.baseline),
            "by_channel": {n: brief(r.baseline) for n, r in channels.items() if r.gate.speech_s},
            "by_source": {n: brief(r.baseline) for n, r in sources.items() if r.gate.speech_s},
        },
        "utterances": len(calls),
        "voices": len({entry["voice"] for entry, _, _ in calls}),
        "model": model,
        "quick": quick,
        "seed": seed,
    }


def _gates(runs: Mapping[str, Run]) -> dict[str, Any]:
    return {n: {**brief(r.gate), **r.barge_in()} for n, r in runs.items() if r.gate.speech_s}


def spread(entries: Sequence[dict[str, Any]], seed: int) -> list[Call]:
    """Return the calls to make, in an order whose every beginning is a fair sample.

    Each kind comes in its share, within a kind the voices in turn, and each kind goes through all
    channels in turn. A call does not depend on how many others are made.
    """
    rng = random.Random(seed)
    kinds: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    had: Counter[tuple[str, str]] = Counter()
    for entry in rng.sample(entries, len(entries)):
        kind, voice = entry["kind"], entry["voice"]
        kinds.setdefault(kind, []).append((had[kind, voice], entry))
        had[kind, voice] += 1
    channels = list(CHANNELS)
    placed: list[tuple[float, float, Call]] = []
    for first, kind in enumerate(sorted(kinds)):
        members = sorted(kinds[kind], key=lambda member: member[0])
        for rank, (_, entry) in enumerate(members):
            channel = channels[(first + rank) % len(channels)]
            noise = crc32(f"{seed} {entry['file']}".encode())
            place = (rank + 0.5) / len(members)
            placed.append((place, rng.random(), (entry, channel, noise)))
    return [call for *_, call in sorted(placed, key=lambda one: one[:2])]


# What runs in the worker processes.

_bench: _Bench | None = None


class _Bench:
    """The gate, and what it is measured by."""

    def __init__(self, models: Models, base: Path, listener: Path, cache: Path) -> None:
        self.recognise = Reader(models)
        self.base = Stock(base, cache)
        self.listener = self.base if listener == base else Stock(listener, cache)
        self.baseline = Baseline(self.base, models.spacy, cache)


def _prepare(models: Models, base: Path, listener: Path, cache: Path) -> None:
    global _bench
    _bench = _Bench(models, base, listener, cache)


def _one(task: tuple[dict[str, Any], str, int]) -> tuple[Figures, Figures, dict[str, Any]]:
    entry, channel, seed = task
    assert _bench is not None
    item = items.load(entry, _bench.base.align)
    heard = CHANNELS[channel](item.pcm, np.random.default_rng(seed))
    outcome, scan = gated(_bench.recognise, heard, item.question)
    gate = measure(item, heard, outcome, _bench.listener.listen)
    baseline = measure(item, heard, _bench.baseline.run(heard), _bench.listener.listen)
    line = {
        "file": entry["file"],
        "kind": entry["kind"],
        "channel": channel,
        "barge_in_s": barge_in_delay(item, heard),
        **_detail(gate, scan),
    }
    return gate.figures, baseline.figures, line


def _detail(gate: Measured, scan: Scan) -> dict[str, Any]:
    """Return a line of the details; no value is in it, only where it was."""
    return {
        "words": gate.figures.pii.words + gate.figures.harmless,
        "leaked": [[i, round(silenced, 3)] for i, silenced in sorted(gate.leaked.items())],
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

    playback = Playback(recognise, ACTIONS, samples(6.0), result, write)
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
