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
_MOST_AFTER_STOP: Final = 3
_USING: Final = words("with typed entered used use put")
_AS_THE: Final = words("as for the my a")
_ASIDES: Final = phrases(
    """would, you gave me, you sent me, you sent, you texted me, i have, i had, i tried, i use,
    i set, we set, for it, for that, on it, on file"""
)
"""What may stand between a label and "is"."""
_ASIDE_ENDS: Final = frozenset(aside[-1] for aside in _ASIDES)
_LABEL_ENDS: Final = frozenset(
    label[-1] for label, entity in LABELS.items() if entity in (Entity.USERNAME, Entity.PASSWORD)
)


class Secrets:
    """User names and passwords in words."""

    name = "secrets"
    about = 'the words after "my password is", "my username is"'
    entities = (Entity.USERNAME, Entity.PASSWORD)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Take the words after a label and a copula, and those that a label follows."""
        for at in range(len(turn)):
            yield from self._used(turn, at)
            entity, first = self._announced(turn, at)
            if entity is None:
                if not turn.ended and self._words(turn, at) == len(turn) and self._label(turn, at):
                    yield Pending(at)
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
                on = self._words(turn, last)
                digits = on
                while turn.kind(digits) is Kind.DIGITS:
                    digits += 1
                if on - last <= _MOST_AFTER_STOP and digits > on:
                    last = digits  # "anchor. Asia 78": a pause heard as the end of a sentence
                elif on == len(turn) > last and on - last <= _MOST_AFTER_STOP and not turn.ended:
                    yield Pending(last)
                yield turn.finding(entity, first, last, 0.85, "announced secret")

    def _announced(self, turn: Utterance, at: int) -> tuple[Entity | None, int]:
        """Return what unit `at` leads in, and where that begins."""
        size = SECRET_INTRODUCERS.at(turn.lower, at)
        if size:
            return Entity.USERNAME, at + size
        if turn.text(at) in _COPULAS:
            return self._label(turn, at), at + 1
        if turn.text(at).endswith("'s"):
            return self._label(turn, at + 1), at + 1
        label = self._label(turn, at)
        return (label, at) if label and self._named(turn, at) else (None, at)

    def _named(self, turn: Utterance, at: int) -> bool:
        """Tell whether words right after a label are its value: "the user name river pavel 52"."""
        if not turn.is_word(at) or (turn.text(at),) in LABELS:
            return False
        if turn.lower[at - 1 : at + 1] in LABELS:
            return False  # "user" of "user name"
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
        elif last > at + 1 and not turn.ended and _AS_THE.issuperset(turn.lower[last:]):
            yield Pending(at + 1)

    def _label(self, turn: Utterance, end: int) -> Entity | None:
        """Return what the label before unit `end` announces, when that is a secret."""
        for aside in _ASIDES if turn.text(end - 1) in _ASIDE_ENDS else ():
            if turn.lower[max(0, end - len(aside)) : end] == aside:
                end -= len(aside)
                break
        if turn.text(end - 1) not in _LABEL_ENDS:
            return None
        for size in (3, 2, 1):
            phrase = turn.lower[max(0, end - size) : end]
            entity = LABELS.get(phrase)
            if entity in (Entity.USERNAME, Entity.PASSWORD):
                return entity if phrase not in (("code",), ("the", "code")) else None
            if phrase in LABELS:
                return None
        return None
