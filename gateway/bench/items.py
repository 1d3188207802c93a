"""What the redaction benchmark is run on: utterances with the truth about every word.

Generated ones come from `scripts/make_corpus.py`; people's from a CSV list such as CMU AN4's.
Answers are put behind a spoken question in a two-channel call: all of people's, some of the
generated ones. Nobody marked the word times of people: they are aligned here, the known text
against the sound.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.recordings import read_mono
from media.audio import RATE, Pcm, Samples, Span, samples
from media.entities.types import Entity

LEAD: Final = RATE // 2
TAIL: Final = RATE * 5 // 2
"""Silence before and after an utterance; the hold empties in it."""

ANSWER_AFTER: Final = RATE * 6 // 10
"""From the end of a question to the answer."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A word that was said: where, and of which entity (None: harmless)."""

    text: str
    span: Span
    entity: Entity | None


@dataclass(frozen=True, slots=True)
class Item:
    """One call to be measured.

    `question` is the agent's voice on the same time axis, or None for a call of one channel.
    """

    name: str
    voice: str
    person: bool
    pcm: Pcm
    question: Pcm | None
    words: tuple[Truth, ...]


class CorpusError(ValueError):
    """There is nothing to measure on; the message names the file and says what to do."""


class _Listed(BaseModel):
    """A line of a list; what is not asked for here is kept."""

    model_config = ConfigDict(extra="allow")

    file: str


class _Said(BaseModel):
    word: str
    start_s: float
    end_s: float
    entity: Entity | None


class _Utterance(_Listed):
    kind: str
    voice: str
    words: list[_Said]


class _Question(_Listed):
    entity: Entity | Literal["harmless"]


def generated(folder: Path) -> list[dict[str, Any]]:
    """Return the manifest of a generated corpus.

    Raises:
        CorpusError: when there is none.
    """
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise CorpusError(f"{manifest}: missing; run scripts/make_corpus.py {folder} --count 520")
    entries = [{**entry, "folder": str(folder)} for entry in _lines(manifest, _Utterance)]
    if not entries:
        raise CorpusError(f"{manifest}: empty; run scripts/make_corpus.py {folder} --count 520")
    return entries


def people(listed: Path, questions: Path) -> list[dict[str, Any]]:
    """Return people's answers from a CSV list (file, speaker, prompt, transcript).

    Answers to the census prompts are personal; one-word commands are harmless. Others are left
    out: nobody can say whether "erase C K W" is a name.

    Raises:
        CorpusError: when the list is missing or lacks a column, or there are no questions.
    """
    asked = _questions(questions)
    if not listed.is_file():
        raise CorpusError(f"{listed}: no such list of recordings")
    reader = csv.DictReader(_text(listed).splitlines())
    rows = list(reader)
    if missing := sorted(COLUMNS - set(reader.fieldnames or ())):
        raise CorpusError(f"{listed}: lacks the columns {', '.join(missing)}")
    chosen: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        prompt, words = row["prompt"], row["transcript"].split()
        kind = PROMPTS.get(prompt, "harmless" if set(words) <= COMMANDS else None)
        if kind is None or not words or (kind != "harmless" and kind not in asked):
            continue
        entry = {"file": row["file"], "folder": str(listed.parent), "voice": row["speaker"]}
        question = asked[kind][number % len(asked[kind])] if kind != "harmless" else None
        chosen.append({**entry, "kind": kind, "text": row["transcript"], "question": question})
    return chosen


PROMPTS: Final = {
    "cen1": Entity.PERSON,
    "cen2": Entity.PERSON,
    "cen3": Entity.ADDRESS,
    "cen4": Entity.ADDRESS,
    "cen5": Entity.CITY,
    "cen6": Entity.ZIP,
    "cen7": Entity.PHONE,
    "cen8": Entity.DATE_OF_BIRTH,
}
"""What CMU AN4's census prompts ask for."""

COLUMNS: Final = frozenset({"file", "speaker", "prompt", "transcript"})

COMMANDS: Final = frozenset({"YES", "NO", "GO", "HELP", "START", "STOP", "REPEAT"})


def _questions(folder: Path) -> dict[str, list[str]]:
    manifest = folder / "questions.jsonl"
    if not manifest.is_file():
        raise CorpusError(f"{manifest}: missing; run scripts/make_corpus.py {folder}")
    found: dict[str, list[str]] = {}
    for entry in _lines(manifest, _Question):
        found.setdefault(entry["entity"], []).append(str((folder / entry["file"]).resolve()))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise CorpusError(f"{path}: cannot be read ({why})") from None


def _lines(manifest: Path, kind: type[_Listed]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, line in enumerate(_text(manifest).splitlines(), 1):
        try:
            found.append(kind.model_validate_json(line).model_dump(mode="json"))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            what = f"{key}: {first['msg']}" if key else first["msg"]
            raise CorpusError(f"{manifest}, line {number}: {what}") from None
    return found


def load(entry: dict[str, Any], align: Any) -> Item:
    """Read an entry's sound and truth; `align(pcm, text)` times words nobody has timed.

    Files are relative to the entry's folder, or absolute.
    """
    pcm = read_mono(Path(entry["folder"]) / entry["file"])
    question: Pcm | None = None
    lead: Samples = LEAD
    if entry.get("question"):
        asked = read_mono(Path(entry["folder"]) / entry["question"])
        lead = LEAD + len(asked) + ANSWER_AFTER
        question = np.concatenate([np.zeros(LEAD, np.int16), asked])
    if "words" in entry:
        words = [
            Truth(
                word["word"],
                Span(lead + samples(word["start_s"]), lead + samples(word["end_s"])),
                Entity(word["entity"]) if word["entity"] else None,
            )
            for word in entry["words"]
        ]
    else:
        entity = None if entry["kind"] == "harmless" else Entity(entry["kind"])
        words = [
            # In a list in capitals only single letters are spelled: "FOUR" is no F, O, U, R.
            Truth(
                text.capitalize() if len(text) > 1 and text.isupper() else text,
                Span(lead + span.start, lead + span.end),
                entity,
            )
            for text, span in align(pcm, entry["text"])
        ]
    voice = np.concatenate([np.zeros(lead, np.int16), pcm, np.zeros(TAIL, np.int16)])
    if question is not None:
        question = np.pad(question, (0, len(voice) - len(question)))
    return Item(entry["file"], entry["voice"], "words" not in entry, voice, question, tuple(words))
