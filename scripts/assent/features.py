"""Clips sent over lines, as what Whisper's encoder makes of them: what the network learns from.

Each clip is said into silence, sent over lines drawn at random, cut by voice activity as a call
cuts an answer, and encoded as `media.speech.whisper` does. Two processes, a file for each.
"""

from __future__ import annotations

import csv
import random
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "liveness")]

from channel import random_channel  # noqa: E402

from gateway.engine.worker import load_whisper  # noqa: E402
from gateway.models import whisper_folder  # noqa: E402
from gateway.recordings import read_mono  # noqa: E402
from media.activity import Activity, PhraseEnded, PhraseStarted  # noqa: E402
from media.assent import LANGUAGES, LONGEST  # noqa: E402
from media.audio import RATE, Pcm, centred, samples  # noqa: E402
from media.channel import g711  # noqa: E402
from media.listener import TAIL  # noqa: E402
from media.speech.whisper import Whisper  # noqa: E402

DRAWS: Final = {"yes": 4, "no": 2}
"""How many lines a clip is sent over."""

PEOPLE: Final = 1_500
"""Pieces of people's speech that are no yes."""

SHORT_S: Final = 2.5
"""Seconds of a person's utterance that is taken whole."""

WHOLE: Final = {"yes": 16, "no": 1}
"""How many lines a person's utterance is sent over; few say yes."""


class Window(NamedTuple):
    """An answer as a call would hear it: what is known of it, and the encoder's output
    (positions, width)."""

    language: str
    label: str
    system: str
    voice: str
    text: str
    encoded: NDArray[np.float16]


KNOWN: Final = Window._fields[:-1]


def prepare(data: Path, shared: Path, folder: Path, workers: int = 2) -> None:
    """Write what is to be learnt from; one file a process."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [*_spoken(data), *_people(shared)]
    random.Random(1).shuffle(jobs)
    with ProcessPoolExecutor(workers) as pool:
        parts = [jobs[worker::workers] for worker in range(workers)]
        list(pool.map(_write, parts, [folder / f"{worker}.npz" for worker in range(workers)]))
    np.save(folder / "silence.npy", whisper().silence)


def load(folder: Path) -> tuple[list[dict[str, str]], list[NDArray[np.float16]]]:
    """Return what each window is of, and the windows."""
    rows: list[dict[str, str]] = []
    windows: list[NDArray[np.float16]] = []
    for path in sorted(folder.glob("*.npz")):
        stored = np.load(path)
        edges = np.cumsum(stored["lengths"])[:-1]
        windows += np.split(stored["encoded"], edges)
        rows += [dict(zip(KNOWN, row, strict=True)) for row in stored["rows"]]
    return rows, windows


Job = tuple[dict[str, str], Path, int, tuple[float, float] | None]
"""What is known of a clip, its file, the draw, and from when to when, in seconds."""


def _spoken(data: Path) -> Iterator[Job]:
    with (data / "manifest.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for draw in range(DRAWS[row["label"]]):
                yield row, data / row["file"], draw, None


def _people(shared: Path) -> Iterator[Job]:
    """Yield pieces of people's speech; nobody in them says yes."""
    files: list[tuple[Path, str, float]] = []
    with (shared / "voices.csv").open(encoding="utf-8") as file:
        files += [
            (shared / row["file"], row["source"], float(row["seconds"]))
            for row in csv.DictReader(file)
            if row["label"] == "human"
        ]
    with (shared / "an4-train.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path, voice, text = shared / row["file"], f"an4 {row['speaker']}", row["transcript"]
            label = "yes" if text == "YES" else "no"
            if float(row["seconds"]) < SHORT_S:
                known = {"language": "en", "label": label, "system": "people"}
                for draw in range(WHOLE[label]):
                    yield known | {"voice": voice, "text": text}, path, draw, None
            if label == "no" and "ONE" not in text.split():
                files.append((path, voice, float(row["seconds"])))
    rng = random.Random(3)
    for number in range(PEOPLE):
        path, voice, seconds = rng.choice(files)
        length = min(seconds, rng.uniform(0.4, 4.0))
        begin = rng.uniform(0, seconds - length)
        row = {
            "language": rng.choice(LANGUAGES), "label": "no", "system": "people",
            "voice": voice, "text": "",
        }  # fmt: skip
        yield row, path, number, (begin, begin + length)


def whisper() -> Whisper:
    """Return the recogniser that ships."""
    return load_whisper(whisper_folder("base"))


def _write(jobs: list[Job], path: Path) -> None:
    hears = whisper()
    heard: list[Window] = []
    for number, job in enumerate(jobs):
        window = _window(job)
        if window is not None:
            known = [job[0][name] for name in KNOWN]
            heard.append(Window(*known, hears.encoded(centred(window)).astype(np.float16)))
        if number % 500 == 0:
            print(f"{path.stem}: {number} of {len(jobs)}", flush=True)
    np.savez(
        path,
        encoded=np.concatenate([each.encoded for each in heard]),
        lengths=[len(each.encoded) for each in heard],
        rows=np.array([each[:-1] for each in heard]),
    )


def _window(job: Job) -> Pcm | None:
    """Return what a call would hear of a clip, cut as it cuts an answer."""
    _, path, draw, piece = job
    rng = np.random.default_rng(zlib.crc32(f"{path.name} {draw}".encode()))
    pcm = read_mono(path)
    if piece is not None:
        pcm = pcm[samples(piece[0]) : samples(piece[1])]
    lead, tail = (int(rng.uniform(0.4, 1.5) * RATE) for _ in range(2))
    said = np.concatenate([np.zeros(lead, np.int16), pcm, np.zeros(tail, np.int16)])
    if rng.random() < 0.4:
        line = g711(said, rng, snr_db=float(rng.uniform(6, 25)) if rng.random() < 0.7 else None)
    else:
        line, _ = random_channel(said, RATE, rng)
    spans = _phrases(line, lead // 2, lead + len(pcm) + RATE // 4)
    if not spans:
        return None
    begin = max(0, spans[0] - TAIL - int(rng.uniform(0, 0.1) * RATE))
    window = line[begin : spans[1] + TAIL]
    return window if len(window) <= LONGEST else None


def _phrases(line: Pcm, earliest: int, latest: int) -> tuple[int, int] | None:
    """Return where the first phrase begins and the last ends."""
    begin = end = None
    started = 0
    for event in Activity().feed(np.concatenate([line, np.zeros(RATE, np.int16)])):
        match event:
            case PhraseStarted(at):
                started = at
            case PhraseEnded(at) if at > earliest and started < latest:
                begin, end = started if begin is None else begin, min(at, len(line))
    return None if begin is None or end is None else (begin, end)


def held_out(row: dict[str, str]) -> bool:
    """Tell whether a window is not trained on: by its voice, or by its text if that is no yes."""
    voice = zlib.crc32(row["voice"].partition("+")[2].encode() or row["voice"].encode()) % 7 == 0
    text = row["label"] == "no" and zlib.crc32(row["text"].encode()) % 5 == 0
    return voice or (bool(row["text"]) and text)


def tally(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Return how many windows there are of each language and label."""
    counts: dict[str, int] = {}
    for row in rows:
        key = f"{row['language']} {row['label']}"
        counts[key] = counts.get(key, 0) + 1
    return counts


if __name__ == "__main__":
    prepare(*map(Path, sys.argv[1:4]))
