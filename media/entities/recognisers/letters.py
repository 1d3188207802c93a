"""Letters: names, streets, cities and the like that are spelled.

Three letters and more said one by one are a name unless they are an acronym or a brand that
everybody spells; fewer when they were asked for, announced, or explained ("S as in Sam").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from media.entities.english.context import ACRONYMS, PROPER
from media.entities.english.listing import words
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Run, Utterance

_SPELT: Final = (
    Entity.PERSON, Entity.ADDRESS, Entity.CITY, Entity.EMAIL, Entity.USERNAME, Entity.PASSWORD,
    Entity.VEHICLE_PLATE, Entity.PASSPORT, Entity.DRIVING_LICENCE, Entity.MEDICAL_RECORD,
    Entity.UK_NINO, Entity.IBAN, Entity.ZIP, Entity.DATE_OF_BIRTH, Entity.URL, Entity.HEALTH,
)  # fmt: skip
_LABELLED: Final = frozenset(_SPELT) - {Entity.DATE_OF_BIRTH, Entity.HEALTH}
_HARMLESS: Final = frozenset(
    word for word in (re.sub(r"[-'.&]", "", name) for name in ACRONYMS | PROPER) if word.isalpha()
)
_BEGINNINGS: Final = frozenset(word[:end] for word in _HARMLESS for end in range(1, len(word)))
_NAMING: Final = words(
    """name name's surname named spelled spelt spelling first last middle maiden called"""
)


class Letters:
    """Runs of letters alone, or with a few digits among them."""

    name = "letters"
    about = (
        'three letters and more spelled one by one (also "KMHNI", "K-M-H", NATO words, '
        '"S as in Sam"), unless an acronym or brand; what was asked or announced decides the '
        "type, a name otherwise"
    )
    entities = (Entity.PERSON, Entity.ADDRESS, Entity.CITY, Entity.EMAIL)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Judge each run that has a letter in it."""
        floor = 0
        for run in turn.runs:
            if run.letters:
                found = self._judge(turn, run, floor)
                if found:
                    entity, score, reason = found
                    an = turn.text(run.first - 1) == "an"  # N, and what follows: "an NAKAMURA"
                    yield turn.finding(entity, run.first - an, run.last, score, reason, run.text)
                    if run.open and run.last < len(turn):
                        yield Pending(run.last)
                elif run.open:
                    yield Pending(run.first)
            floor = run.last if len(run.text) > 1 else run.first

    def _judge(self, turn: Utterance, run: Run, floor: int) -> tuple[Entity, float, str] | None:
        letters = run.letters.lower()
        label, harmless, phrase = turn.label_before(run.first, floor=floor)
        if harmless and len(phrase) > 1:
            return None
        asked = next((entity for entity in _SPELT if entity in turn.asked), None)
        if asked is None and turn.asked and not run.digits:
            asked = Entity.PERSON if len(letters) > 2 else None
        named = any(turn.text(run.first - back) in _NAMING for back in (1, 2, 3))
        explained = any(part.raw == "as in" for part in run.parts)
        brief = len(letters) < 3 and letters in _HARMLESS and not named
        if asked and not brief and (len(letters) > 1 or explained or not run.open):
            return (Entity.PERSON if named else asked), 0.9, "asked, spelled"
        if label in _LABELLED and len(run.text) > 1 and not (letters in ACRONYMS and not named):
            return label, 0.8, "label, spelled"
        if not named and not explained and (letters in _HARMLESS or len(letters) < 3):
            return None
        if not named and run.open and letters in _BEGINNINGS:
            return None
        if (named or explained) and len(letters) == 1 and run.open:
            return None
        return Entity.PERSON, 0.8, "spelled"
