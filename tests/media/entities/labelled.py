"""Reads the table of labelled phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media.audio import Span
from media.entities.types import Entity, Word
from media.sensitive import Sensitive


@dataclass(frozen=True)
class Phrase:
    """A turn as recognised, with the entity of every word (None for harmless ones)."""

    texts: tuple[str, ...]
    truth: tuple[Entity | None, ...]
    asked: frozenset[Entity]

    def __str__(self) -> str:
        return " ".join(self.texts)


def read(path: Path) -> list[Phrase]:
    phrases = []
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        asked: frozenset[Entity] = frozenset()
        for mark in (" | ", "= "):
            head, found, rest = line.partition(mark)
            if found and head == head.upper() and "[" not in head:
                asked = frozenset(Entity(name) for name in head.strip().split(",") if name)
                line = rest
                break
        texts: list[str] = []
        truth: list[Entity | None] = []
        entity: Entity | None = None
        for token in line.split():
            if token.startswith("["):
                entity = Entity(token[1:])
                continue
            texts.append(token.replace("]", ""))
            truth.append(entity)
            if "]" in token:
                entity = None
        phrases.append(Phrase(tuple(texts), tuple(truth), asked))
    return phrases


def words(texts: Sequence[str]) -> list[Word]:
    return [
        Word(Sensitive(text), Span(at * 4_000, at * 4_000 + 3_600)) for at, text in enumerate(texts)
    ]
