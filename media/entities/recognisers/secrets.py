"""User names and passwords said in words: what follows "my password is"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import FUNCTION, LABELS, SECRET_INTRODUCERS, common
from media.entities.english.listing import phrases, words
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_COPULAS: Final = words("is it's was be equals :")
_STATES: Final = words(
    """wrong expired incorrect invalid locked weak long short missing different correct working
    broken secure saved lost forgotten compromised required too rejected accepted ok okay fine
    the a an my your not being blocked outdated old reset stolen unsafe empty case my our"""
)
_ENDS: Final = FUNCTION | _STATES
_MOST: Final = 6
_MOST_WORDS: Final = 4
_USING: Final = words("with typed entered used use put")
_ASIDES: Final = phrases(
    """would, you gave me, you sent me, you sent, you texted me, i have, i had, i tried, i use,
    i set, we set, for it, for that, on it, on file"""
)
"""What may stand between a label and "is"."""


class Secrets:
    """User names and passwords in words."""

    name = "secrets"
    about = 'the words after "my password is", "my username is"'
    entities = (Entity.USERNAME, Entity.PASSWORD)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Take the words after a label and a copula, and those that a label follows."""
        for at in range(len(turn)):
            yield from self._used(turn, at)
            if not turn.ended and self._label(turn, at) and self._words(turn, at) == len(turn):
                yield Pending(at)
            if SECRET_INTRODUCERS.at(turn.lower, at):
                entity, first = Entity.USERNAME, at + SECRET_INTRODUCERS.at(turn.lower, at)
            elif turn.text(at) not in _COPULAS and (bare := self._label(turn, at)) and (
                self._named(turn, at)
            ):
                entity, first = bare, at
            elif turn.text(at) not in _COPULAS:
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

    def _named(self, turn: Utterance, at: int) -> bool:
        """Tell whether words right after a label are its value: "the user name river pavel 52"."""
        if not turn.is_word(at) or (turn.text(at),) in LABELS:
            return False
        pause = turn.texts[turn.units[at - 1].last - 1].endswith((",", ":"))
        last = self._words(turn, at)
        return last > at and (
            turn.kind(last) in (Kind.DIGITS, Kind.LETTER)
            or (pause and last == len(turn) and turn.ended)
            or not common(turn.text(at))
        )

    def _words(self, turn: Utterance, at: int) -> int:
        """Return the end of the words from `at` on that may be a secret's."""
        last = at
        while turn.is_word(last) and turn.text(last) not in _ENDS and last - at < _MOST_WORDS:
            last += 1
        return last

    def _used(self, turn: Utterance, at: int) -> Iterator[Finding | Pending]:
        """Find what was tried "with river falcon 31 as the password"."""
        if turn.text(at) not in _USING:
            return
        last = at + 1
        while last < len(turn) and last - at <= _MOST and turn.text(last) not in FUNCTION:
            if turn.kind(last) in (Kind.AMOUNT, Kind.TIME) or turn.units[last].stop:
                return
            last += 1
        rest = turn.lower[last : last + 2]
        label, _ = turn.label_after(last)
        if last > at + 1 and rest[:1] in (("as",), ("for",)) and label in self.entities:
            yield turn.finding(label, at + 1, last, 0.8, "secret, then its label")
        elif last > at + 1 and not turn.ended and len(turn) - last < 3:
            if all(word in ("as", "for", "the", "my", "a") for word in turn.lower[last:]):
                yield Pending(at + 1)

    def _label(self, turn: Utterance, end: int, *, own_copula: bool = False) -> Entity | None:
        for aside in _ASIDES:
            if turn.lower[max(0, end - len(aside)) : end] == aside and not own_copula:
                end -= len(aside)
                break
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
