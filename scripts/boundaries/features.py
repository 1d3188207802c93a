"""What the encoder makes of windows of speech, and where words begin and end in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from gateway.engine.worker import load_whisper  # noqa: E402
from gateway.models import whisper_folder  # noqa: E402
from gateway.recordings import read_mono  # noqa: E402
from media.audio import RATE, centred  # noqa: E402
from media.channel import CHANNELS  # noqa: E402
from media.speech.boundaries import STEPS  # noqa: E402
from media.speech.whisper import POSITION  # noqa: E402

HELD_OUT: Final = 7
"""Every so manyth voice is."""

WINDOWS: Final = 6
"""Windows of each recording, each through a channel of its own."""

SILENCE_S: Final = 0.5
"""Before and after a recording."""

LENGTHS_S: Final = (0.5, 6.0)
"""How long a window is, evenly spread."""

SPREAD: Final = 1.5
"""Steps of 10 ms by which the truth errs: what is learnt is a bell of that width."""


@dataclass(frozen=True, slots=True)
class Window:
    """The encoder's rows (rows, width), and how much (0 to 1) a word begins or ends in each step.

    `truth` is (rows, 2, STEPS).
    """

    voice: str
    encoded: NDArray[np.float16]
    truth: NDArray[np.float32]


def held_out(voices: Iterable[str]) -> set[str]:
    """Return the voices that are not trained on."""
    return set(sorted(set(voices))[::HELD_OUT])


def windows(corpus: Path) -> list[Window]:
    """Return windows of all recordings of a corpus; two processes make them."""
    lines = (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    jobs = [(json.loads(line), str(corpus), seed) for seed, line in enumerate(lines)]
    with Pool(2, _load) as pool:
        return [window for made in pool.imap(_cut, jobs, chunksize=4) for window in made]


def silence() -> NDArray[np.float32]:
    """Return what the encoder makes of nothing."""
    return load_whisper(whisper_folder("base")).silence


_whisper: Any = None


def _load() -> None:
    global _whisper
    _whisper = load_whisper(whisper_folder("base"))


def _cut(job: tuple[dict[str, Any], str, int]) -> list[Window]:
    return list(_cuts(*job))


def _cuts(entry: dict[str, Any], folder: str, seed: int) -> Iterator[Window]:
    rng = np.random.default_rng(seed)
    quiet = np.zeros(round(SILENCE_S * RATE), np.int16)
    said = np.concatenate([quiet, read_mono(Path(folder) / entry["file"]), quiet])
    edges = np.array([[w["start_s"], w["end_s"]] for w in entry["words"]]) + SILENCE_S
    for _ in range(WINDOWS):
        pcm = CHANNELS[str(rng.choice(list(CHANNELS)))](said, rng)
        length = round(rng.uniform(*LENGTHS_S) * RATE)
        start = int(rng.integers(max(1, len(pcm) - length)))
        if rng.random() < 0.5:  # as a phrase begins
            start = max(0, round((float(rng.choice(edges[:, 0])) - 0.15) * RATE))
        encoded = _whisper.encoded(centred(pcm[start : start + length]))
        yield Window(entry["voice"], encoded.astype(np.float16), _truth(encoded, edges, start))


def _truth(
    encoded: NDArray[np.float32], edges: NDArray[np.float64], start: int
) -> NDArray[np.float32]:
    steps = np.arange(len(encoded) * STEPS) + 0.5
    at = (edges * RATE - start) / (POSITION / STEPS)
    bells = [
        np.exp(-(((steps[:, None] - at[None, :, side]) / SPREAD) ** 2) / 2).max(axis=1)
        for side in (0, 1)
    ]
    return np.stack(bells).reshape(2, -1, STEPS).transpose(1, 0, 2).astype(np.float32)
