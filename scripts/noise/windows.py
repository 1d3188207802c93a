"""Windows of clear speech, what the encoder makes of them, and what the decoder reads in them."""

from __future__ import annotations

import csv
import json
import pickle
import random
import sys
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from gateway.engine.worker import load_whisper  # noqa: E402
from gateway.models import whisper_folder  # noqa: E402
from gateway.recordings import read_mono  # noqa: E402
from media.audio import RATE, Pcm, centred  # noqa: E402

LENGTHS_S: Final = (1.0, 2.0, 3.0, 4.0, 5.5)
"""How long windows are: few lengths, so that those of a batch are of one."""

SPOKEN: Final = 4
"""Windows of each recording of the corpus."""

PER_SYSTEM: Final = {"librispeech": 6, "ljspeech": 6, "tortoise": 3}
"""System → windows of each of its recordings."""

OTHERS: Final = 1
"""The same of systems that are not listed."""

LEFT_OUT: Final = ("an4", "espeak", "kokoro", "resynth", "two-at-once")
"""Who is judged, whom nobody would take for a person, and what is no single voice: systems whose
names begin so."""

FOREIGN_SHARE: Final = 0.5
"""Of recordings in other languages than English."""

LOUDNESS: Final = (-0.9, 0.0)
"""Range of the peak, as a power of ten below the largest sample."""

LOUDEST: Final = 30_000

FAINTEST: Final = 300
"""Peak below which a window is silence."""

PAD: Final = 80
"""Feature frames (10 ms) of silence after a window; a call has more, which teaches no more."""


class Window(NamedTuple):
    """Clear speech at 16 kHz, the encoder's rows of it, (rows, width), and the tokens read in it.

    The end of text is the last of them. There are none where they may be wrong, or it is no
    English.
    """

    pcm: Pcm
    rows: NDArray[np.float16]
    tokens: list[int]


class _Recording(NamedTuple):
    path: Path
    windows: int
    english: bool
    seed: int


def windows(corpus: Path, recordings: Path, cache: Path) -> list[Window]:
    """Return windows of the corpus and of recordings; they are made once, by two processes."""
    if not cache.exists():
        with Pool(2, _load) as pool, cache.with_suffix(".part").open("wb") as file:
            found = _recordings(corpus, recordings)
            for made in pool.imap(_cut, found, chunksize=4):
                for window in made:
                    pickle.dump(window, file)
        cache.with_suffix(".part").rename(cache)
    return list(_stored(cache))


def _stored(cache: Path) -> Iterator[Window]:
    with cache.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)  # noqa: S301  # it was written above


def _recordings(corpus: Path, recordings: Path) -> list[_Recording]:
    rng = random.Random(5)
    found = []
    for line in (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        found.append((corpus / json.loads(line)["file"], SPOKEN, True))
    with (recordings / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] == "other" or row["system"].startswith(LEFT_OUT):
                continue
            english = row["language"].startswith("en")
            count = PER_SYSTEM.get(row["system"], OTHERS)
            if english or rng.random() < FOREIGN_SHARE:
                found.append((recordings / row["file"], count, english))
    rng.shuffle(found)
    return [_Recording(*each, seed) for seed, each in enumerate(found)]


_whisper: Any = None


def _load() -> None:
    global _whisper
    _whisper = load_whisper(whisper_folder("base"))


def _cut(recording: _Recording) -> list[Window]:
    return list(_cuts(recording))


def _cuts(recording: _Recording) -> Iterator[Window]:
    rng = np.random.default_rng(recording.seed)
    said = read_mono(recording.path)
    for _ in range(recording.windows):
        length = round(float(rng.choice(LENGTHS_S)) * RATE)
        if len(said) <= length:  # as short as will hold it
            length = next((s for n in LENGTHS_S if (s := round(n * RATE)) >= len(said)), length)
        start = int(rng.integers(max(1, len(said) - length + 1)))
        part = said[start : start + length].astype(np.float64)
        peak = np.abs(part).max()
        if peak < FAINTEST:
            continue
        part *= 10 ** rng.uniform(*LOUDNESS) * LOUDEST / peak
        before = int(rng.integers(length - len(part) + 1))
        pcm = np.pad(part, (before, length - len(part) - before)).astype(np.int16)
        rows, _ = _whisper.heard(centred(pcm), PAD)
        yield Window(pcm, rows.astype(np.float16), _read(pcm) if recording.english else [])


def _read(pcm: Pcm) -> list[int]:
    """Return the tokens of what is read, if it is surely so."""
    hypothesis = _whisper.run(centred(pcm), 0)
    if hypothesis.unsure or not hypothesis.words:
        return []
    said = "".join(("-" if w.hyphened else " ") + w.text.reveal() for w in hypothesis.words)
    tokenizer = _whisper._tokenizer("en")
    return [*tokenizer.encode(said), tokenizer.eot]
