"""Say how far from the truth words are timed: `uv run scripts/boundaries/judge.py CORPUS`.

Over the voices of the corpus that were not trained on, each recording through a channel of its own,
in windows as the inspector takes them. Words that were read as they were said count, but for the
last of a window, which may still go on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from features import SILENCE_S, held_out

from gateway.engine.worker import load_whisper
from gateway.models import boundary_weights, whisper_folder
from gateway.recordings import read_mono
from media.audio import RATE, Pcm, centred, seconds
from media.channel import CHANNELS
from media.entities.types import Word
from media.speech.boundaries import Boundaries, Edges
from media.speech.timing import refine

WINDOWS: Final = 4
LENGTHS_S: Final = (1.0, 6.0)
SAME_S: Final = 0.35
"""How far apart a word that was said and one that was read may begin to be the same."""

SIDES: Final = ("start_s", "end_s")

PERCENTILES: Final = (2.5, 5, 25, 50, 75, 95, 97.5)


def main() -> None:
    """Print percentiles of the errors, by the dips between words and by the encoder."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    corpus = arguments.parse_args().corpus
    entries = [json.loads(line) for line in (corpus / "manifest.jsonl").read_text().splitlines()]
    held = held_out(entry["voice"] for entry in entries)
    entries = [entry for entry in entries if entry["voice"] in held]
    whisper, boundaries = load_whisper(whisper_folder("base")), Boundaries(boundary_weights())
    errors: dict[str, list[tuple[float, float]]] = {"dips": [], "encoder": []}
    for seed, entry in enumerate(entries):
        for pcm, start_s in _windows(entry, corpus, seed):
            hypothesis = whisper.run(pcm, 0)
            if hypothesis.unsure or hypothesis.encoded is None:
                continue
            heard = boundaries.find(hypothesis.encoded)
            for name, edges in (("dips", None), ("encoder", heard)):
                errors[name] += _errors(entry, start_s, hypothesis.words, pcm, edges)
    print(f"{len(entries)} recordings by {', '.join(sorted(held))}; ms at {PERCENTILES} %")
    for name, found in errors.items():
        for side, which in (("starts", 0), ("ends", 1)):
            off = np.percentile([error[which] for error in found], PERCENTILES) * 1_000
            print(f"{name:8} {side:7} {off.round().astype(int).tolist()} of {len(found)} words")


def _windows(entry: dict[str, Any], corpus: Path, seed: int) -> Iterator[tuple[Pcm, float]]:
    """Yield windows of a recording, and where they start in it."""
    rng = np.random.default_rng(seed)
    quiet = np.zeros(round(SILENCE_S * RATE), np.int16)
    said = np.concatenate([quiet, read_mono(corpus / entry["file"]), quiet])
    pcm = list(CHANNELS.values())[seed % len(CHANNELS)](said, rng)
    for _ in range(WINDOWS):
        first = float(rng.choice([word["start_s"] for word in entry["words"]])) + SILENCE_S - 0.15
        start = max(0, round(first * RATE))
        yield centred(pcm[start : start + round(rng.uniform(*LENGTHS_S) * RATE)]), seconds(start)


def _errors(
    entry: dict[str, Any], start_s: float, words: Sequence[Word], pcm: Pcm, edges: Edges | None
) -> Iterator[tuple[float, float]]:
    """Yield by how many seconds the starts and the ends of words are late."""
    said = [
        (w["word"].strip(".,?!").casefold(), *(w[k] + SILENCE_S - start_s for k in SIDES))
        for w in entry["words"]
    ]
    for word in refine(words, pcm, 0, edges)[:-1]:
        start, end = seconds(word.span.start), seconds(word.span.end)
        same = [w for w in said if w[0] == word.plain and abs(w[1] - start) < SAME_S]
        if same:
            nearest = min(same, key=lambda w: abs(w[1] - start))
            yield start - nearest[1], end - nearest[2]


if __name__ == "__main__":
    main()
