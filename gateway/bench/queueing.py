"""How many callers a gate bears that waits for whole utterances: the baseline's capacity.

Each utterance is a job, which comes when the utterance is known to have ended and takes what stock
recognition and detection took for it; the jobs queue for as many workers as there are cores. Time
is simulated, the work is real.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from gateway.bench.baseline import Baseline, known, utterances
from gateway.bench.hearing import Stock
from gateway.models import cache_folder, spacy_model, whisper_folder
from media.audio import Pcm, Seconds, seconds

ROUNDS: Final = 5
"""How often every caller says all there is to say."""


@dataclass(frozen=True, slots=True)
class Job:
    """An utterance: when it is known to have ended, and what its recognition takes."""

    known_s: Seconds
    takes_s: Seconds


def timed(pcm: Pcm, workers: int, tell: Callable[[int, int], None]) -> list[Job]:
    """Recognise every utterance in one of `workers` processes, all busy, and note what it took."""
    spans = utterances(pcm)
    jobs: list[Job] = []
    with ProcessPoolExecutor(workers, initializer=_prepare) as pool:
        for span, took in zip(
            spans, pool.map(_take, [pcm[s.start : s.end] for s in spans]), strict=True
        ):
            jobs.append(Job(seconds(known(span)), took))
            tell(len(jobs), len(spans))
    return jobs


def delay_p95(jobs: Sequence[Job], loop_s: Seconds, callers: int, cores: int, seed: int) -> Seconds:
    """Return p95 of waiting and recognition, for callers who begin anywhere in a loop of jobs.

    There must be a job.
    """
    offsets = np.random.default_rng(seed).uniform(0, loop_s, callers)
    coming = sorted(
        (((job.known_s - offset) % loop_s) + turn * loop_s, job.takes_s)
        for offset in offsets
        for job in jobs
        for turn in range(ROUNDS)
    )
    free = [0.0] * cores
    delays: list[float] = []
    for at_s, takes_s in coming:
        done = max(at_s, heapq.heappop(free)) + takes_s
        heapq.heappush(free, done)
        delays.append(done - at_s)
    return float(np.percentile(delays, 95))


_baseline: Baseline | None = None


def _prepare() -> None:
    global _baseline
    cache = cache_folder() / "bench"
    _baseline = Baseline(Stock(whisper_folder("base"), cache), spacy_model(), cache)


def _take(pcm: Pcm) -> Seconds:
    assert _baseline is not None
    _, took = _baseline.personal(pcm)  # not `run`, which remembers: all are timed under one load
    return took
