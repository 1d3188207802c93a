"""User names and passwords said in words: what follows "my password is"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import FUNCTION, LABELS
from media.entities.english.listing import words
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_COPULAS: Final = words("is it's was be equals :")
_STATES: Final = words(
    """wrong expired incorrect invalid locked weak long short missing different correct working
    broken secure saved lost forgotten compromised required too rejected accepted ok okay fine
    the a an my your not being blocked outdated old reset stolen unsafe empty case my our"""
)
_MOST: Final = 6


class Secrets:
    """User names and passwords in words."""

    name = "secrets"
    about = 'the words after "my password is", "my username is"'
    entities = (Entity.USERNAME, Entity.PASSWORD)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Take the words after a label and a copula."""
        for at in range(len(turn)):
            if turn.text(at) not in _COPULAS:
                entity = self._label(turn, at + 1, own_copula=True)
                first = at + 1
            else:
                entity = self._label(turn, at)
                first = at + 1
            if entity is None:
                continue
            first = turn.skip(first, _COPULAS)
            last = first
            while last < len(turn) and last - first < _MOST * 3:
                text, kind = turn.text(last), turn.kind(last)
                if kind is Kind.WORD and (text in FUNCTION or text in _STATES):
                    break
                if kind in (Kind.TIME, None) or text in ("okay", "ok", "so", "well", "like"):
                    break
                last += 1
                if turn.units[last - 1].stop:
                    break
            if last > first:
                yield turn.finding(entity, first, last, 0.85, "announced secret")

    def _label(self, turn: Utterance, end: int, *, own_copula: bool = False) -> Entity | None:
        for size in (3, 2, 1):
            phrase = tuple(turn.text(i) for i in range(end - size, end))
            if own_copula and not phrase[-1].endswith("'s"):
                continue
            entity = LABELS.get(phrase)
            if entity in (Entity.USERNAME, Entity.PASSWORD):
                return entity if phrase != ("code",) and phrase != ("the", "code") else None
            if phrase in LABELS:
                return None
        return None
