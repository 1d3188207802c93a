"""How well synthetic voices are told from people: `hushgate bench liveness`.

Clips come from `scripts/liveness/make_data.py`. What is judged, no model has met: people and voices
that its manifest keeps for judging, and, where `folds` beside it has models that were trained
without them, whole systems. Each clip goes over each line; what counts is its speech, scored as in
a call: after every second, over the newest four.
"""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from gateway.bench.page import environment, made
from gateway.bench.published import Published
from gateway.bench.spectra import Plain, Vector, spectra
from gateway.bench.telling import brier, detection, eer, reliability
from gateway.engine.worker import Ear, load_whisper
from gateway.models import liveness_model, whisper_folder
from gateway.models.installed import liveness_folder
from gateway.recordings import read_mono
from media.audio import RATE, Pcm
from media.channel import TELEPHONE
from media.liveness.card import Card
from media.liveness.liveness import ENOUGH, encoded_next
from media.liveness.scoring import Encoder
from media.liveness.types import WINDOW_S, Judge, Score, Scored, Verdict
from media.liveness.voiced import Voiced
from media.speech.encoder import Rows

SECONDS: Final = (2, 4, 8)
"""Seconds of speech after which figures are given."""

HEADLINE: Final = ("g711", 4)
"""The line and the seconds of speech of the figures that are quoted."""

MOST: Final = {"test": 60, "train": 30, "dev": 30}
"""Clips of a system or corpus, by what they are kept for."""

BY_LINE: Final = 20
"""The same for the lines that are not the headline's."""

QUICK: Final = 4
"""A quick run takes a share of these: one by so many."""

RESYNTHESIS: Final = "resynth-"
"""What systems are called that only make anew what a person said: not in the headline."""

CITED: Final = {
    "what": "AASIST-L, published weights, measured once on modern systems over G.711 at 4 s",
    "eer_g711_4s": 0.375,
    "detection_at_2pct_fa": 0.05,
}
"""What a published model reached on another mix of systems and people."""


class DataError(ValueError):
    """There is nothing to measure on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A line of the manifest; `system` of a person is the corpus, `number` counts its clips."""

    path: Path
    label: str
    system: str
    split: str
    number: int = 1

    @property
    def human(self) -> bool:
        """Tell whether a person speaks."""
        return self.label == "human"


@dataclass(frozen=True, slots=True)
class Task:
    """A clip, and who shall say what about it: line → folders of models."""

    clip: Clip
    models: Mapping[str, tuple[Path, ...]]
    published: Path | None = None


@dataclass(slots=True)
class Heard:
    """What was made of a clip: scores per line and model, for each second of speech."""

    clip: Clip
    scored: dict[tuple[str, Path], list[Scored]] = field(default_factory=dict)
    plain: Vector | None = None
    published: float | None = None
    speech_s: float = 0.0
    spent_s: float = 0.0


def run(
    data: Path,
    *,
    detector: Path | None,
    baseline: Path | None,
    quick: bool,
    seed: int,
    workers: int,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Measure on the clips in `data`.

    `detector` is the folder of a model, None for the one that ships; `baseline` the ONNX graph of a
    published one.

    Raises:
        DataError: when there is no manifest, or nobody in it to judge.
        gateway.models.ModelError: when a model is missing or damaged.
    """
    clips = _clips(data, quick)
    folds = {folder: set(liveness_model(folder).card["held_out"]) for folder in _folds(data)}
    ours = detector or liveness_folder()
    by_line = BY_LINE // (QUICK if quick else 1)
    tasks = [_task(clip, ours, folds, baseline, by_line) for clip in clips]
    heard: list[Heard] = []
    with ProcessPoolExecutor(workers) as pool:
        for done, one in enumerate(pool.map(listen, tasks, [seed] * len(tasks), chunksize=4)):
            heard.append(one)
            progress(done + 1, len(tasks))
    judges = {folder: Card(liveness_model(folder).card) for folder in (ours, *folds)}
    return {
        **summary(heard, ours, judges, folds),
        "model": judges[ours].version,
        "quick": quick,
        "seed": seed,
    }


def summary(
    heard: Sequence[Heard],
    ours: Path,
    judges: Mapping[Path, Judge],
    folds: Mapping[Path, set[str]],
) -> dict[str, Any]:
    """Return the figures; `folds` says which systems each of the other models never met."""
    judged = [h for h in heard if h.clip.split == "test"]
    known = {
        channel: {s: _Told.of(judges[ours], judged, channel, ours, s) for s in SECONDS}
        for channel in TELEPHONE
    }
    told = known[HEADLINE[0]][HEADLINE[1]]
    unknown = {
        s: {
            system: _Told.of(judges[folder], heard, HEADLINE[0], folder, s).only(system)
            for folder, systems in folds.items()
            for system in sorted(systems)
        }
        for s in SECONDS
    }
    headline = {name: t for name, t in unknown[HEADLINE[1]].items() if t.synthetic}

    def unmet(figure: Callable[[_Told], float | None], seconds: int = HEADLINE[1]) -> float | None:
        """Return the mean of all families, of each the mean of its systems that speak."""
        of = unknown[seconds]
        families = [
            [of[n] for n in systems if _speaks(n) and len(of[n].synthetic.get(n, ())) >= FEWEST]
            for systems in folds.values()
        ]
        return _mean(_mean(map(figure, family)) for family in families)

    met = told.speaking()
    return {
        "eer_loso_g711_4s": unmet(lambda told: told.eer),
        "eer_known_4s": met.eer,
        "eer_by_system": {
            name: {
                "known": told.only(name).eer if name in told.synthetic else None,
                "loso": headline[name].eer if name in headline else None,
                "clips": len((headline.get(name) or told).synthetic[name]),
            }
            for name in sorted({*told.synthetic, *headline})
        },
        "detection_at_1pct_fa": unmet(lambda told: told.detection(0.01)),
        "detection_at_5pct_fa": unmet(lambda told: told.detection(0.05)),
        "known_detection_at_1pct_fa": met.detection(0.01),
        "known_detection_at_5pct_fa": met.detection(0.05),
        "false_alarm_at_threshold": told.alarms(),
        "unsure_people": told.share(Verdict.UNSURE),
        "detection_at_threshold": met.found(),
        "brier": met.brier,
        "brier_loso": unmet(lambda told: told.brier),
        "baseline": _baseline(heard, folds),
        "loso_by_seconds": {str(s): unmet(lambda told: told.eer, s) for s in SECONDS},
        "by_channel": {
            channel: {str(s): t.speaking().figures() for s, t in of.items()}
            for channel, of in known.items()
        },
        "by_corpus": {
            corpus: {
                "clips": len(scores),
                "false_alarms": told.alarms(corpus),
                "unsure": told.share(Verdict.UNSURE, corpus),
            }
            for corpus, scores in sorted(told.people.items())
        },
        "reliability": reliability(told.pooled(told.people), list(met.synthetic.values())),
        "core_share": _core_share(heard),
        "clips": len(heard),
        "people": sum(map(len, told.people.values())),
    }


FEWEST: Final = 10
"""Clips of a system that count for the headline: of fewer an error rate says nothing."""

TO_REACH: Final = (
    ("equal error rate, systems never met, G.711, 4 s", "eer_loso_g711_4s", 0.10),
    ("equal error rate, systems met, voices never met, G.711, 4 s", "eer_known_4s", 0.03),
    ("people called synthetic at the shipped threshold", "false_alarm_at_threshold", 0.02),
    ("scoring, share of one core while somebody speaks", "core_share", 0.05),
)
"""What, its key and how much it may be."""


def write_page(path: Path, result: Mapping[str, Any], arguments: Sequence[str]) -> None:
    """Write the page of a run, whose command line had `arguments`.

    Raises:
        OSError: when it cannot be written.
    """
    rows = [
        (name, reach, result[key], result[key] is not None and result[key] <= reach)
        for name, key, reach in TO_REACH
    ]
    page = environment().get_template("liveness.md.j2")
    path.write_text(page.render(result=result, rows=rows, **made(arguments)), encoding="utf-8")


@dataclass(slots=True)
class _Told:
    """Calibrated scores of people by corpus and of synthetic clips by system, by one model."""

    judge: Judge
    people: dict[str, list[float]]
    synthetic: dict[str, list[float]]

    @classmethod
    def of(
        cls, judge: Judge, heard: Iterable[Heard], channel: str, folder: Path, seconds: int
    ) -> _Told:
        """Take what the model in `folder` said of clips with that many seconds of speech."""
        people: dict[str, list[float]] = defaultdict(list)
        synthetic: dict[str, list[float]] = defaultdict(list)
        for one in heard:
            scored = one.scored.get((channel, folder), [])
            if len(scored) >= seconds:
                of = people if one.clip.human else synthetic
                of[one.clip.system].append(judge.calibrate(scored[:seconds], float(seconds)))
        return cls(judge, dict(people), dict(synthetic))

    def only(self, *systems: str) -> _Told:
        """Leave out the other systems."""
        kept = {name: scores for name, scores in self.synthetic.items() if name in systems}
        return _Told(self.judge, self.people, kept)

    def speaking(self) -> _Told:
        """Leave out resynthesis."""
        return self.only(*filter(_speaks, self.synthetic))

    @staticmethod
    def pooled(of: Mapping[str, Sequence[float]]) -> list[float]:
        """Return all scores."""
        return [score for scores in of.values() for score in scores]

    @property
    def eer(self) -> float | None:
        """Return the equal error rate; every system counts alike."""
        people = self.pooled(self.people)
        return _mean(eer(people, scores) for scores in self.synthetic.values())

    def detection(self, alarms: float) -> float | None:
        """Return the share found where that share of people raises an alarm."""
        people = self.pooled(self.people)
        return _mean(detection(people, scores, alarms) for scores in self.synthetic.values())

    @property
    def brier(self) -> float | None:
        """Return the Brier score, people and systems weighing alike."""
        people = self.pooled(self.people)
        return _mean(brier(people, scores) for scores in self.synthetic.values())

    def share(self, verdict: Verdict, corpus: str | None = None) -> float | None:
        """Return the share of people who are judged so."""
        scores = self.people[corpus] if corpus else self.pooled(self.people)
        return _mean(float(self.judge.verdict(score) is verdict) for score in scores)

    def alarms(self, corpus: str | None = None) -> float | None:
        """Return the share of people who are called synthetic."""
        return self.share(Verdict.SYNTHETIC, corpus)

    def found(self) -> float | None:
        """Return the share of synthetic clips that are called so."""
        return _mean(
            float(np.mean([self.judge.verdict(s) is Verdict.SYNTHETIC for s in scores]))
            for scores in self.synthetic.values()
        )

    def figures(self) -> dict[str, Any]:
        """Return what is told of each line and length."""
        return {
            "eer": self.eer,
            "detection_at_1pct_fa": self.detection(0.01),
            "detection_at_5pct_fa": self.detection(0.05),
            "false_alarms": self.alarms(),
            "brier": self.brier,
            "people": len(self.pooled(self.people)),
            "synthetic": len(self.pooled(self.synthetic)),
        }


def _mean(values: Iterable[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return round(float(np.mean(there)), 4) if there else None


def _speaks(system: str) -> bool:
    return not system.startswith(RESYNTHESIS)


def _clips(data: Path, quick: bool) -> list[Clip]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    kept = []
    try:
        with (data / "manifest.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                label, system, split = row["label"], row["system"], row["split"]
                counts[system, split] += 1
                clip = Clip(data / row["file"], label, system, split, counts[system, split])
                asked = label == "synthetic" or (label == "human" and split != "dev")
                if asked and clip.number <= MOST[split] // (QUICK if quick else 1):
                    kept.append(clip)
    except (OSError, KeyError) as error:
        what = f"{data} has no manifest that can be read ({error})"
        raise DataError(f"{what}: scripts/liveness/make_data.py makes one") from None
    if not any(clip.human and clip.split == "test" for clip in kept):
        raise DataError(f"{data} has nobody in it who is kept for judging")
    return kept


def _folds(data: Path) -> list[Path]:
    return sorted(path.parent for path in (data / "folds").glob("*/card.json"))


def _task(
    clip: Clip, ours: Path, folds: Mapping[Path, set[str]], baseline: Path | None, by_line: int
) -> Task:
    judged = clip.split == "test"
    lines = TELEPHONE if clip.number <= by_line else (HEADLINE[0],)
    models = dict.fromkeys(lines, (ours,)) if judged else {}
    apart = [
        folder
        for folder, systems in folds.items()
        if (clip.human and judged) or clip.system in systems
    ]
    models[HEADLINE[0]] = (*models.get(HEADLINE[0], ()), *apart)
    return Task(clip, models, baseline if judged else None)


class _Shared:
    """An encoder that hears a window once, however many models ask about it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._heard: dict[bytes, Rows] = {}

    @property
    def silence(self) -> Rows:
        return self._encoder.silence

    def encoded(self, pcm: Pcm, *, padded: bool) -> Rows:
        key = pcm.tobytes()
        if key not in self._heard:
            self._heard[key] = self._encoder.encoded(pcm, padded=padded)
        return self._heard[key]

    def forget(self) -> None:
        """Begin anew with another sound."""
        self._heard.clear()


@cache
def _ear(folder: Path) -> Ear:
    return Ear(liveness_model(folder), _encoder())


@cache
def _encoder() -> _Shared:
    return _Shared(load_whisper(whisper_folder("base")))


@cache
def _published(path: Path) -> Published:
    return Published(path)


def listen(task: Task, seed: int) -> Heard:
    """Score a clip over every line that is asked for."""
    clip = task.clip
    heard = Heard(clip)
    pcm = read_mono(clip.path)
    for channel, folders in task.models.items():
        said = TELEPHONE[channel](pcm, np.random.default_rng(seed))
        speech = Voiced().feed(np.pad(said, (0, RATE)))[: SECONDS[-1] * RATE]
        _encoder().forget()
        for folder in folders:
            ear, began = _ear(folder), time.process_time()
            heard.scored[channel, folder] = _scored(ear, speech)
            if folder == folders[0]:  # the others are told what the encoder made for this one
                heard.spent_s += time.process_time() - began
                heard.speech_s += len(speech) // RATE
        enough = len(speech) >= HEADLINE[1] * RATE
        if channel == HEADLINE[0] and enough:
            first = speech[: HEADLINE[1] * RATE]
            heard.plain = spectra(first)
            heard.published = _published(task.published)(first) if task.published else None
    return heard


def _scored(ear: Ear, speech: Pcm) -> list[Scored]:
    """Score after every second, as `media.liveness.liveness` asks."""
    outcomes, due = [], ENOUGH
    for end in range(1, len(speech) // RATE + 1):
        window = speech[max(0, end - WINDOW_S) * RATE : end * RATE]
        encode = end * RATE >= due
        if encode:
            due = encoded_next(end * RATE)
        outcomes.append(ear(Score(end, window, encode)).outcome)
    return [outcome for outcome in outcomes if isinstance(outcome, Scored)]


def _baseline(heard: Sequence[Heard], folds: Mapping[Path, set[str]]) -> dict[str, Any]:
    """Return what is cited, what a plain detector reaches here, and what a published one does."""
    there = [(h.clip, h.plain) for h in heard if h.plain is not None]
    unmet = [vector for clip, vector in there if clip.human and clip.split == "test"]
    found: dict[str, float] = {}
    for system in sorted({clip.system for clip, _ in there if not clip.human}):
        kin = next((systems for systems in folds.values() if system in systems), {system})
        taught = [(c, v) for c, v in there if c.split == "train" and c.system not in kin]
        if not unmet or len({clip.human for clip, _ in taught}) < 2:
            continue
        plain = Plain([vector for _, vector in taught], [clip.human for clip, _ in taught])
        of = [plain(vector) for clip, vector in there if clip.system == system]
        found[system] = round(eer([plain(vector) for vector in unmet], of), 4)
    families = [
        [found[n] for n in systems if _speaks(n) and n in found] for systems in folds.values()
    ]
    out: dict[str, Any] = {
        "cited": CITED,
        "plain": {"eer_loso_g711_4s": _mean(map(_mean, families)), "eer_by_system": found},
    }
    by: dict[str, list[float]] = defaultdict(list)
    for one in heard:
        if one.published is not None:
            by["" if one.clip.human else one.clip.system].append(one.published)
    everybody = by.pop("", [])
    if everybody and by:
        rates = {name: round(eer(everybody, of), 4) for name, of in sorted(by.items())}
        out["published"] = {
            "eer_g711_4s": _mean(rates.values()),
            "detection_at_1pct_fa": _mean(detection(everybody, of, 0.01) for of in by.values()),
            "detection_at_5pct_fa": _mean(detection(everybody, of, 0.05) for of in by.values()),
            "eer_by_system": rates,
        }
    return out


def _core_share(heard: Iterable[Heard]) -> float | None:
    """Return the share of one core that scoring takes while somebody speaks."""
    there = [(h.spent_s, h.speech_s) for h in heard if h.speech_s]
    spent, spoken = (sum(part) for part in zip(*there, strict=True)) if there else (0.0, 0.0)
    return round(spent / spoken, 4) if spoken else None
