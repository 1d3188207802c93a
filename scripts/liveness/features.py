"""Clips sent over lines, as the spectra that the network learns from, and as what Whisper's encoder
makes of them.

Kept as bytes in pieces beside the data, so that what is there is not made again when clips come.
A *draw* is one passage of a clip over a line: "0", "1", … over a line drawn at random, "0v", "1v",
… the same after `damage`, and a name of `media.channel.TELEPHONE` over that line.
"""

from __future__ import annotations

import csv
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
import soxr
import torch
from channel import random_channel
from damage import damaged
from net import BINS, CODES, FRAME, HOP, RATE, SHIFT, Spectrum
from numpy.typing import NDArray

from gateway.engine.worker import load_whisper
from gateway.models import whisper_folder
from media.audio import Pcm, centred
from media.channel import TELEPHONE
from media.liveness.types import WINDOW_S
from media.liveness.voiced import Voiced
from media.speech.whisper import Whisper

MODERN: Final = ("tortoise", "kokoro", "kokoro_docs", "zipvoice", "piper", "hibari")
"""Systems that are held out in turn, so that all of their clips may be judged by."""

LABELS: Final = ("human", "synthetic", "other")
SHORT_S: Final = 4.5
"""Speech that is kept of a clip to train on: more than a window."""
LONG_S: Final = 8.6
"""And of one to judge by."""
PAUSES: Final = 1.35
"""Seconds of recording that have a second of speech, about."""
LEAST_S: Final = 1.3
PIECE: Final = 100
WIDTH: Final = 512

Spectra = NDArray[np.uint8]
Rows = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Row:
    """A clip over a line: where the `frames` of its spectrum and the encoder's `rows` begin."""

    label: str
    system: str
    speaker: str
    split: str
    draw: str
    frames: int
    file: str
    rows: int
    at: int = 0
    rows_at: int = 0


def speech(pcm: Pcm) -> Pcm:
    """Return what is speech, joined as the gateway joins it."""
    return Voiced().feed(np.concatenate([pcm, np.zeros(RATE // 2, np.int16)]))


_SPECTRUM: Final = Spectrum()


def spectrum(pcm: Pcm) -> NDArray[np.uint8]:
    """Return the spectrum of 16 kHz samples as bytes, (frames, bins)."""
    if len(pcm) < FRAME:
        return np.zeros((0, BINS.stop - BINS.start), np.uint8)
    with torch.no_grad():
        power = _SPECTRUM(torch.tensor(pcm[None].astype(np.float32) / 32_768))[0].numpy()
    return np.clip(np.round((power + SHIFT) * CODES), 0, 255).astype(np.uint8)


@cache
def whisper() -> Whisper:
    """Return the recogniser that ships."""
    return load_whisper(whisper_folder("base"))


def encoded(pcm: Pcm) -> NDArray[np.float16]:
    """Return what the encoder makes of the first 4 s."""
    rows = whisper().encoded(centred(pcm[: WINDOW_S * RATE]), padded=False)
    return rows.astype(np.float16)


def make(data: Path, clip: dict[str, str], draw: str) -> tuple[Row, Spectra, Rows]:
    """Send a clip of the manifest over a line."""
    sound, rate = soundfile.read(data / clip["file"], dtype="float32")
    rng = np.random.default_rng(zlib.crc32(f"{clip['file']} {draw}".encode()))
    learnt = draw[0].isdigit() and (clip["split"] == "train" or draw.endswith("v"))
    keep = round(RATE * (SHORT_S if learnt else LONG_S))
    size = round(keep / RATE * PAUSES * rate)
    begin = int(rng.integers(0, max(1, len(sound) - size + 1)))
    sound = sound[begin : begin + size]
    label, system = clip["label"], clip["system"]
    if np.abs(sound).max(initial=0) > 1e-3:
        if draw.endswith("v"):
            sound, rate, kind = damaged(sound, rate, rng)
            label, system = "synthetic", f"damage-{kind}"
        if draw[0].isdigit():
            pcm = random_channel(np.pad(sound, (0, -len(sound) % 2_000)), rate, rng)[0]
        else:
            wide = np.asarray(soxr.resample(sound, rate, RATE))
            wide = np.clip(wide * (0.05 / np.sqrt(np.mean(wide**2))), -1, 1)
            pcm = TELEPHONE[draw](np.round(wide * 32_767).astype(np.int16), rng)
        voiced = speech(pcm) if label != "other" else pcm
        voiced = voiced[:keep]
    else:
        voiced = np.zeros(0, np.int16)
    enough = len(voiced) > LEAST_S * RATE
    made = spectrum(voiced if enough else voiced[:0])
    rows = encoded(voiced) if enough else np.zeros((0, WIDTH), np.float16)
    known = (label, system, clip["speaker"], clip["split"], draw)
    return Row(*known, len(made), clip["file"], len(rows)), made, rows


def wanted(clip: dict[str, str], draw: str) -> bool:
    """Tell whether a clip is wanted in a draw: fixed lines are for judging by."""
    if draw.endswith("v"):
        return clip["label"] == "human" and clip["split"] == "train" and _half(clip["file"])
    return draw[0].isdigit() or clip["split"] != "train" or clip["system"] in MODERN


def _half(file: str) -> bool:
    return zlib.crc32(file.encode()) % 2 == 0


def prepare(data: Path, folder: Path, draws: Sequence[str]) -> Iterator[str]:
    """Make what is not there yet, draw by draw; yields what was done."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = list(csv.DictReader((data / "manifest.csv").open()))
    done = {(row.file, row.draw) for row in load(folder)[2]}
    for draw in draws:
        todo = [c for c in clips if wanted(c, draw) and (c["file"], draw) not in done]
        random.Random(draw).shuffle(todo)
        for at in range(0, len(todo), PIECE):
            made = [make(data, clip, draw) for clip in todo[at : at + PIECE]]
            key = zlib.crc32("".join(row.file for row, _, _ in made).encode())
            path = folder / f"{draw}-{key:08x}"
            np.save(path.with_suffix(".npy"), np.concatenate([m for _, m, _ in made]))
            np.save(path.with_suffix(".rows.npy"), np.concatenate([r for _, _, r in made]))
            with path.with_suffix(".part").open("w", newline="") as file:
                writer = csv.DictWriter(file, list(asdict(made[0][0])))
                writer.writeheader()
                writer.writerows(asdict(row) for row, _, _ in made)
            path.with_suffix(".part").replace(path.with_suffix(".csv"))
            yield f"draw {draw}: {min(at + PIECE, len(todo))} of {len(todo)}"


def load(folder: Path) -> tuple[Any, Any, list[Row]]:
    """Return all spectra, one after the other, as a tensor (frames, bins), all that the encoder
    made as another (rows, width), and what they are of."""
    spectra = [np.zeros((0, BINS.stop - BINS.start), np.uint8)]
    heard = [np.zeros((0, WIDTH), np.float16)]
    rows: list[Row] = []
    at = rows_at = 0
    for path in sorted(folder.glob("*.csv")):
        for row in csv.DictReader(path.open()):
            sizes = {"frames": int(row["frames"]), "rows": int(row["rows"])}
            rows.append(Row(**(row | sizes | {"at": at, "rows_at": rows_at})))
            at += sizes["frames"]
            rows_at += sizes["rows"]
        spectra.append(np.load(path.with_suffix(".npy")))
        heard.append(np.load(path.with_suffix(".rows.npy")))
    return torch.from_numpy(np.concatenate(spectra)), torch.from_numpy(np.concatenate(heard)), rows


def frames(speech_s: float) -> int:
    """Return how many frames a window of `speech_s` has."""
    return (round(speech_s * RATE) - FRAME) // HOP + 1
