# /// script
# requires-python = ">=3.11"
# dependencies = ["hushgate", "numpy"]
# [tool.uv.sources]
# hushgate = { path = "../.." }
# ///
"""Measure how often another voice is noticed, and how often one is noticed that is none.

    uv run scripts/liveness/changes.py FOLDER

FOLDER is what `make_data.py` made; voices that `voiceprint.py` learned from are left out.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from gateway.models import liveness_model
from gateway.recordings import read_mono
from media.audio import RATE, Pcm
from media.channel import CHANNELS
from media.liveness import change
from media.liveness.change import Change
from media.liveness.voiced import Voiced
from media.liveness.voiceprint import Prints

LINES = ("clean", "g711", "g711_noise_15db", "loss_3pct")
LONGEST = 30 * RATE
MOST = 20
"""Voices of one system or corpus."""

EACH = 8 * RATE
"""Speech of each of two voices, one after the other."""

NEURAL = ("kokoro", "tortoise", "zipvoice", "piper", "hibari")


def voices(folder: Path) -> dict[str, Pcm]:
    """Return up to 40 s of each voice that was held out, at one level."""
    clips: dict[str, list[Path]] = defaultdict(list)
    with (folder / "manifest.csv").open() as file:
        for row in sorted(csv.DictReader(file), key=lambda row: row["file"]):
            usable = row["label"] != "other" and not row["system"].startswith("resynth")
            if usable and row["split"] != "train":
                clips[f"{row['system']}/{row['speaker']}"].append(folder / row["file"])
    of: dict[str, list[str]] = defaultdict(list)
    for name in clips:
        of[name.partition("/")[0]].append(name)
    return {name: joined(clips[name]) for names in of.values() for name in names[:MOST]}


def joined(paths: list[Path]) -> Pcm:
    """Return clips in a row."""
    parts = []
    for path in paths:
        sound = read_mono(path).astype(np.float64)
        sound *= 2_000 / (np.sqrt(np.mean(sound**2)) + 1)
        parts.append(np.clip(sound, -32_768, 32_767).astype(np.int16))
        if sum(map(len, parts)) > LONGEST:
            break
    return np.concatenate(parts)[:LONGEST]


def followed(speech: Pcm, prints: Prints) -> list[int]:
    """Return where another voice was noticed, in samples of speech, as `Liveness` does it."""
    at, began, found = RATE, 0, []
    follow = Change()
    while at <= len(speech):
        taken = prints.take(speech[max(began, at - 4 * RATE) : at])
        where = follow.feed(taken, at) if taken is not None else None
        if where is not None:
            found.append(at)
            began, follow = where, Change()
        at += RATE
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--alike", type=float, nargs="*", default=[change.ALIKE])
    parser.add_argument("--pairs", type=int, default=150)
    given = parser.parse_args()
    prints = Prints(liveness_model().voiceprint)
    rng = np.random.default_rng(1)
    spoken = voices(given.folder)
    lines = {
        line: {name: Voiced().feed(CHANNELS[line](pcm, rng)) for name, pcm in spoken.items()}
        for line in LINES
    }
    for alike in given.alike:
        change.ALIKE = alike  # type: ignore[misc]
        for line, speech in lines.items():
            print(f"alike from {alike} on, {line}:", *told(speech, prints, given.pairs), flush=True)


def told(speech: dict[str, Pcm], prints: Prints, pairs: int) -> list[str]:
    """Return false changes of single voices, and how many of two are noticed within 5 s."""
    rng = np.random.default_rng(2)
    false = {name: len(followed(said, prints)) for name, said in speech.items()}
    minutes = sum(map(len, speech.values())) / RATE / 60
    seen: dict[str, Counter[bool]] = defaultdict(Counter)
    delays = []
    long = [name for name, said in speech.items() if len(said) >= EACH]
    for _ in range(pairs):
        first, second = rng.choice(long, 2, replace=False)
        at = followed(np.concatenate([speech[first][-EACH:], speech[second][:EACH]]), prints)
        hits = [place - EACH for place in at if 0 < place - EACH <= 5 * RATE]
        kinds = ("a neural one" if n.startswith(NEURAL) else "other" for n in (first, second))
        seen[" → ".join(kinds)][bool(hits)] += 1
        delays += [hits[0] / RATE] if hits else []
    some = sum(count > 0 for count in false.values())
    lines = [
        f"{sum(false.values())} false in {minutes:.1f} min, in {some} of {len(false)} voices;"
        f" noticed after {np.median(delays):.1f} s"
    ]
    return lines + [f"{kind}: {n[True]} of {sum(n.values())}" for kind, n in sorted(seen.items())]


if __name__ == "__main__":
    main()
