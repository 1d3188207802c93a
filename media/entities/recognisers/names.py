"""Names of persons: announced ("my name is …", "this is … speaking"), listed, or seen by NER.

NER judges a word in a fixed window of words around it, so that its verdict does not change as the
turn goes on; until the window is full the word is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from media.entities.english.common import COMMON
from media.entities.english.context import (
    ACRONYMS,
    CITIES,
    FAMILY,
    FUNCTION,
    MONTH_NUMBERS,
    NAME_INTRODUCERS,
    PROPER,
    TITLES,
    WEAK_NAME_INTRODUCERS,
    common,
)
from media.entities.english.listing import words
from media.entities.english.names import GIVEN, SURNAMES
from media.entities.spoken import Kind, Unit
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_BEFORE: Final = 5
_AFTER: Final = 2
"""Words before and after a word on which NER may look."""

_MOST: Final = 4
"""Words of a name."""

_COPULAS: Final = words("""is it's was would be that's the a miss mr mrs ms dr mister""")
_SURE: Final = words("is name's call by name surname called named")
"""Last words of introducers after which even an everyday word is a name."""

_NOT_A_NAME: Final = (
    FUNCTION
    | words(
        """account number card order address email phone password there listed registered under
    misspelled spelt different changed married legal business company tag brand please case
    customer name names address zip date street city"""
    )
    | TITLES
)


_NAMED_THINGS: Final = words(
    """user screen login account profile sign-in company business brand file product street domain
    display store network wifi model city item host server folder app road"""
)


def base(text: str) -> str:
    """Take the possessive off a word."""
    return text[:-2] if text.endswith("'s") else text


def harmless(text: str) -> bool:
    """Tell a capitalised word that names no private person."""
    word = base(text)
    return word in PROPER or word in CITIES or word in ACRONYMS or word in MONTH_NUMBERS


class Names:
    """Names of persons."""

    name = "names"
    about = (
        'what follows "my name is", "last name", "this is", a title; given names and '
        "surnames of the US census where they are no everyday word; spaCy NER on capitalised "
        "words, in a fixed window"
    )
    entities = (Entity.PERSON,)

    def __init__(self, nlp: Any) -> None:
        ner = nlp.get_pipe("ner")

        @lru_cache(maxsize=2048)
        def person(window: tuple[str, ...], at: int) -> bool:
            doc = nlp.make_doc(" ".join(window))
            doc = ner(doc)
            start = sum(len(word) + 1 for word in window[:at])
            return any(
                ent.label_ == "PERSON" and ent.start_char <= start < ent.end_char
                for ent in doc.ents
            )

        self._person = person

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Yield announced names first, then those that stand by themselves."""
        taken: set[int] = set()
        for at in range(len(turn)):
            for first, last, score, reason in self._announced(turn, at):
                taken.update(range(first, last))
                yield turn.finding(Entity.PERSON, first, last, score, reason)
        at = 0
        while at < len(turn):
            if at in taken or not turn.is_word(at):
                at += 1
                continue
            verdict = self._alone(turn, at)
            if verdict is None:
                yield Pending(at)
                at += 1
            elif verdict:
                last = at + 1
                while last < len(turn) and last - at < _MOST and self._goes_on(turn, last):
                    last += 1
                yield turn.finding(Entity.PERSON, at, last, verdict, "name")
                at = last
            else:
                at += 1

    def _announced(self, turn: Utterance, at: int) -> Iterator[tuple[int, int, float, str]]:
        if turn.text(at) in TITLES and turn.is_word(at + 1):
            last = self._name(
                turn,
                at + 1,
                sure=turn.text(at)
                not in ("miss", "sir", "madam", "officer", "doctor", "professor"),
            )
            if last > at + 1:
                yield at + 1, last, 0.85, "title"
        size = NAME_INTRODUCERS.at(turn.lower, at)
        if size and turn.text(at - 1) not in _NAMED_THINGS:
            first = turn.skip(at + size, _COPULAS)
            sure = turn.text(at + size - 1) in _SURE or turn.text(first - 1) in _COPULAS
            last = self._name(turn, first, sure=sure)
            if last > first:
                yield first, last, 0.9, "introduced"
        size = WEAK_NAME_INTRODUCERS.at(turn.lower, at)
        if size:
            first = turn.skip(at + size, frozenset())
            last = self._name(turn, first, sure=False)
            if last > first:
                yield first, last, 0.75, "introduced"
        if turn.text(at) in FAMILY:
            last = self._name(turn, at + 1, sure=False)
            if last > at + 1:
                yield at + 1, last, 0.75, "family"

    def _name(self, turn: Utterance, first: int, *, sure: bool) -> int:
        """Return the end of the name that begins at `first`; `first` when there is none."""
        if not turn.is_word(first):
            return first
        unit = turn.units[first]
        word = base(unit.text)
        if word in ("in", "an") and first + 1 < len(turn) and turn.units[first + 1].cap:
            # "in Gridshenkowski" for Ingrid Jankowski
            if harmless(turn.text(first + 1)) or not self._strange(turn, first + 1):
                return first
            return max(self._name(turn, first + 1, sure=True), first + 2)
        if word in _NOT_A_NAME and not (unit.cap and word in GIVEN and word == "will"):
            return first
        if not word.replace("'", "").replace("-", "").isalpha():
            return first
        if sure:
            fine = unit.cap or word in GIVEN or word in SURNAMES or not common(word)
            fine = fine or turn.text(first - 1) in ("is", "name's")
        else:
            fine = not harmless(word) and (
                (word in GIVEN and (word not in COMMON or unit.cap))
                or (unit.cap and word in SURNAMES and word not in COMMON)
                or (self._strange(turn, first) and self._strange(turn, first + 1))
            )
        if not fine:
            return first
        last = first + 1
        while last < len(turn) and last - first < _MOST and self._goes_on(turn, last):
            last += 1
        return last

    def _strange(self, turn: Utterance, at: int) -> bool:
        """Tell a word that is no everyday English; two in a row after "I'm" make a name."""
        text = base(turn.text(at))
        return turn.is_word(at) and text.isalpha() and not common(text) and text not in FUNCTION

    def _goes_on(self, turn: Utterance, at: int) -> bool:
        """Tell whether the word at `at` belongs to the name that stands before it."""
        unit = turn.units[at]
        if unit.kind is not Kind.WORD or turn.units[at - 1].stop or unit.text in _NOT_A_NAME:
            return False
        if not unit.text.replace("'", "").replace("-", "").isalpha():
            return False
        word = base(unit.text)
        if unit.cap:
            return word not in PROPER and word not in MONTH_NUMBERS
        return not common(word) or word in SURNAMES

    def _alone(self, turn: Utterance, at: int) -> float | None:
        """Score a word that nothing announces; None when it takes more words to tell."""
        unit = turn.units[at]
        word = base(unit.text)
        if unit.text in FUNCTION or word in FUNCTION or len(word) < 2 or "." in word:
            return 0.0
        if harmless(word) and word not in ("charlotte", "madison", "jackson", "austin"):
            return 0.0
        if word in GIVEN and word not in COMMON and len(word) > 2 and not harmless(word):
            return 0.7
        if not unit.cap or (word in COMMON and turn.starts_sentence(at)):
            return 0.0
        if common(word) and word not in GIVEN and word not in SURNAMES:
            return 0.0
        if at + _AFTER >= len(turn) and not turn.ended:
            return None
        low, high = max(0, at - _BEFORE), at + 1 + _AFTER
        window = tuple(_shown(u) for u in turn.units[low:high])
        return 0.6 if self._person(window, at - low) else 0.0


def _shown(unit: Unit) -> str:
    return unit.raw.replace(" ", "") or unit.text
