"""Recordings of people, and of what is nobody: from the shared data and from Debian's packages."""

from __future__ import annotations

import csv
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Mono samples within ±1."""

SHORTEST_S: Final = 6.0
"""Short recordings of a speaker are joined until they are that long."""

LONGEST_S: Final = 12.0

MOST: Final = 40
"""Clips of one speaker in a corpus: many speakers tell more than many words of one."""


class Clip(NamedTuple):
    """A recording and what is known of it. `system` of a person is the corpus."""

    sound: Sound
    rate: int
    label: str
    system: str
    speaker: str
    language: str
    licence: str


def shared(folder: Path) -> Iterator[Clip]:
    """Yield what lies in the shared data: people, and three systems that cannot be had here."""
    with (folder / "voices.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sound, rate = _read(folder / row["file"])
            name = Path(row["file"]).stem
            if row["label"] == "synthetic":
                voice = _voice(name)
                yield _clip(sound, rate, "synthetic", row["source"], voice, "en", row["licence"])
                continue
            speaker = "lj" if row["source"] == "ljspeech" else name.split("_")[-3]
            yield _clip(
                sound,
                rate,
                "human",
                row["source"],
                f"{row['source']}-{speaker}",
                "en",
                row["licence"],
            )
    said: dict[str, list[Path]] = defaultdict(list)
    with (folder / "an4-train.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said[row["speaker"]].append(folder / row["file"])
    for speaker, paths in sorted(said.items()):
        for sound, rate in _joined(paths):
            yield _clip(sound, rate, "human", "an4", f"an4-{speaker}", "en", "BSD (CMU AN4)")


def _voice(name: str) -> str:
    """Return the voice in a file's name: its last word; Tortoise's have a number after it."""
    return name.rstrip("0123456789_").split("_")[-1]


_TALKERS: Final = {
    "en": ("en_US_f_Allison", "allison", "en"),
    "es": ("es_MX_f_Allison", "allison", "es"),
    "fr": ("fr_CA_f_June", "june", "fr"),
    "it": ("it_IT_m_Carlo", "carlo", "it"),
    "ru": ("ru_RU_f_IvrvoiceRU", "ivrvoice", "ru"),
}
"""Package of Asterisk's prompts → folder, who speaks, language."""


def debian(cache: Path) -> Iterator[Clip]:
    """Yield people from Debian's packages: telephone prompts, and volunteers of many languages."""
    for tag, (folder, speaker, language) in _TALKERS.items():
        root = _unpacked(f"asterisk-core-sounds-{tag}-wav", cache) / "usr/share/asterisk/sounds"
        paths = [p for p in sorted((root / folder).rglob("*.wav")) if "silence" not in p.parts]
        for sound, rate in _some(_joined(paths)):
            yield _clip(sound, rate, "human", "asterisk", speaker, language, "CC BY-SA 3.0")
    # One person may have spoken for all three in a language: one speaker, as far as splits go.
    letters = _unpacked("klettres-data", cache) / "usr/share/klettres"
    yield from _volunteers("klettres", {f.name: sorted(f.rglob("*.*")) for f in _in(letters)})
    words = _unpacked("ktuberling-data", cache) / "usr/share/ktuberling/sounds"
    spoken = {f.name: sorted(f.glob("*.*")) for f in _in(words) if "@" not in f.name}
    yield from _volunteers("ktuberling", spoken)
    stamps: dict[str, list[Path]] = defaultdict(list)
    paint = _unpacked("tuxpaint-stamps-default", cache) / "usr/share/tuxpaint/stamps"
    for path in sorted(paint.rglob("*_desc_*.ogg")):
        stamps[path.name.split("_desc_")[1].split(".")[0]].append(path)
    yield from _volunteers("tuxpaint", stamps)


def _volunteers(corpus: str, spoken: dict[str, list[Path]]) -> Iterator[Clip]:
    for language, paths in sorted(spoken.items()):
        for sound, rate in _some(_joined(paths)):
            speaker = f"volunteer-{language}"
            yield _clip(sound, rate, "human", corpus, speaker, language, "GPL-2.0-or-later")


def nobody(cache: Path, people: list[Clip], rng: np.random.Generator) -> Iterator[Clip]:
    """Yield what is no voice, or not one voice: music, animals, tones, keys, noise, two at once."""
    music = _unpacked("asterisk-moh-opsound-wav", cache) / "usr/share/asterisk/moh"
    for path in sorted(music.glob("*.wav")):
        sound, rate = _read(path)
        for at in rng.integers(0, len(sound) - 8 * rate, 12):
            part = sound[at : at + 8 * rate]
            yield _clip(part, rate, "other", "music", path.stem, "", "CC BY-SA 3.0")
    effects = _unpacked("tuxpaint-stamps-default", cache) / "usr/share/tuxpaint/stamps"
    paths = [p for p in sorted(effects.rglob("*.ogg")) if "_desc" not in p.name]
    for number, (sound, rate) in enumerate(_joined(paths)):
        yield _clip(sound, rate, "other", "effects", str(number), "", "GPL-2.0-or-later")
    rate = 16_000
    at = np.arange(8 * rate) / rate
    signals = {"dial": (350, 440), "busy": (480, 620), "ring": (440, 480), "hold": (425,)}
    for number in range(40):
        name, tones = list(signals.items())[number % 4]
        sound = sum(np.sin(2 * np.pi * f * at) for f in tones)
        period = {"busy": 1.0, "ring": 6.0}.get(name, float(rng.uniform(0.5, 8)))
        sound = sound * (
            at % period < period * (0.33 if name == "ring" else 0.5 + (name == "dial"))
        )
        yield _clip(sound * 0.2, rate, "other", "tones", f"{name}-{number}", "", "CC0")
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477)
    for number in range(30):
        sound = np.zeros(8 * rate)
        for key in np.arange(0.1, 7.8, rng.uniform(0.15, 0.8)):
            on = (at >= key) & (at < key + 0.09)
            for tone in (rng.choice(rows), rng.choice(columns)):
                sound += on * 0.2 * np.sin(2 * np.pi * tone * at)
        yield _clip(sound, rate, "other", "dtmf", str(number), "", "CC0")
    for number in range(40):
        slope = rng.uniform(0, 1.2)
        spectrum = np.fft.rfft(rng.normal(0, 1, 8 * rate))
        sound = np.fft.irfft(
            spectrum * np.maximum(np.fft.rfftfreq(8 * rate, 1 / rate), 30) ** -slope
        )
        swell = 1 + 0.8 * np.sin(2 * np.pi * rng.uniform(0.1, 6) * at)
        sound = sound * swell * 0.1 / sound.std()
        yield _clip(sound, rate, "other", "noise", str(number), "", "CC0")
    wide = [clip for clip in people if clip.rate == rate]
    for _ in range(120):
        one, two = (wide[i] for i in rng.choice(len(wide), 2, replace=False))
        size = min(len(one.sound), len(two.sound), 8 * rate)
        gain = 10 ** (rng.uniform(-6, 6) / 20) * one.sound.std() / two.sound.std()
        sound = one.sound[:size] + gain * two.sound[:size]
        who = f"{one.speaker}+{two.speaker}"
        yield _clip(
            sound / max(1, np.abs(sound).max()), rate, "other", "two-at-once", who, "en", ""
        )


def _clip(
    sound: Sound, rate: int, label: str, system: str, speaker: str, language: str, licence: str
) -> Clip:
    cut = np.asarray(sound[: round(LONGEST_S * rate)], np.float32)
    return Clip(cut, rate, label, system, speaker, language, licence)


def _in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _unpacked(package: str, cache: Path) -> Path:
    """Fetch one of Debian's packages, once, and unpack it without installing it."""
    root = cache / package
    if not root.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-q", package], cwd=cache, check=True)
        (file,) = cache.glob(f"{package}_*.deb")
        subprocess.run(["dpkg", "-x", str(file), str(root)], check=True)
    return root


def _read(path: Path) -> tuple[Sound, int]:
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return sound.mean(axis=1), rate


def _joined(paths: Iterable[Path]) -> Iterator[tuple[Sound, int]]:
    """Join recordings as they are, with their own silences, until each is long enough."""
    waiting: dict[int, list[Sound]] = defaultdict(list)
    for path in paths:
        try:
            sound, rate = _read(path)
        except soundfile.LibsndfileError:
            continue  # a licence or an index among the sounds
        if not sound.any():
            continue
        waiting[rate].append(sound)
        if sum(map(len, waiting[rate])) >= SHORTEST_S * rate:
            yield np.concatenate(waiting.pop(rate)), rate


def _some(clips: Iterator[tuple[Sound, int]]) -> list[tuple[Sound, int]]:
    """Take at most `MOST` clips, from all over."""
    there = list(clips)
    return there[:: max(1, -(-len(there) // MOST))]
