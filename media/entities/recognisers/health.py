"""Health conditions and medicines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from media.entities.english.context import FUNCTION, PROPER, common
from media.entities.english.health import (
    BODY,
    ENDINGS,
    HURTING,
    HURTS,
    NOT_MEDICAL,
    STATES,
    TERMS,
    TROUBLES,
)
from media.entities.english.listing import Phrases, phrases
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_ARTICLES: Final = ("a", "an")
_DIAGNOSED: Final = phrases("diagnosed with, diagnosis of, diagnosis is, suffer from, suffers from")
"""After these comes a condition, in whatever words."""
_MOST_DIAGNOSED: Final = 3
_TAKEN: Final = phrases("take, taking, took, prescribed, prescribed me, put me on, dose of")
"""After these comes a medicine, where it is no everyday word."""
_BEFORE: Final = BODY | STATES
_MOST: Final = 4
_LONGEST: Final = max(map(len, TERMS))
_TERMS: Final = Phrases(TERMS)
_BEGINNINGS: Final = frozenset(term[:size] for term in TERMS for size in range(1, len(term)))


class Health:
    """Conditions and medicines by name, and by the endings that medicine gives them."""

    name = "health"
    about = (
        "a list of conditions and medicines, medical endings (-statin, -itis), what a part of the "
        'body has ("chronic kidney disease", "a torn ligament"), and what follows "diagnosed with" '
        'and, unless everyday words, "prescribed"'
    )
    entities = (Entity.HEALTH,)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Look every word up, the longest term first."""
        at = 0
        while at < len(turn):
            first = at
            last = self._described(turn, at)
            if last > at:
                if turn.text(at - 1) in _ARTICLES:
                    first = at - 1
                yield turn.finding(Entity.HEALTH, first, last, 0.8, "medical term")
            if not turn.ended and self._begun(turn, at):
                yield Pending(at)
            at = max(last, at + 1)

    def _described(self, turn: Utterance, at: int) -> int:
        """Return the end of a condition at `at`: "chronic kidney disease", "torn ligament"."""
        look = at
        while look < len(turn) and turn.text(look) in _BEFORE and look - at < _MOST:
            look += 1
        last = max(self._term(turn, i) for i in range(at, look + 1))
        if turn.text(look) in TROUBLES and look > at:
            last = max(last, look + 1)
        if look > at + 1 and turn.text(look - 1) in BODY and turn.text(look - 2) in HURTS:
            last = max(last, look)
        if turn.text(at - 1) in HURTING and turn.text(at) in ("my", "his", "her", "the"):
            last = max(last, at + 2 if turn.text(at + 1) in BODY else at)
        if self._follows(turn, at, _DIAGNOSED):
            end = at
            while (
                turn.is_word(end) and turn.text(end) not in FUNCTION and end - at < _MOST_DIAGNOSED
            ):
                end += 1
            last = max(last, end)
        if self._follows(turn, at, _TAKEN) and turn.is_word(at):
            word = turn.text(at)
            last = max(last, at if common(word) or word in FUNCTION | PROPER else at + 1)
        if turn.text(at - 2) == "allergic" and turn.text(at - 1) == "to":
            last = max(last, at + 1 if turn.text(at) not in FUNCTION else at)
        if last <= at:
            return at
        while turn.text(last) in TROUBLES:
            last += 1
        return last

    def _follows(self, turn: Utterance, at: int, leads: Sequence[tuple[str, ...]]) -> bool:
        """Tell whether unit `at` follows one of `leads`, or the article after it."""
        if turn.text(at - 1) in _ARTICLES:
            at -= 1
        return any(turn.lower[max(0, at - len(lead)) : at] == lead for lead in leads)

    def _begun(self, turn: Utterance, at: int) -> bool:
        """Tell whether the turn ends in what may be the beginning of a condition."""
        rest = turn.lower[at:]
        if len(rest) > _LONGEST:
            return False
        if rest[0] in _ARTICLES and len(rest) > 1:
            rest = rest[1:]
        hurt = turn.text(at - 1) in HURTING
        plain = all(word in _BEFORE for word in rest)
        return rest in _BEGINNINGS or plain or rest[0] in _ARTICLES or hurt

    def _term(self, turn: Utterance, at: int) -> int:
        size = _TERMS.at(turn.lower, at)
        if size:
            return at + size
        word = turn.text(at)
        medical = len(word) > 6 and word.endswith(ENDINGS) and word not in NOT_MEDICAL
        if turn.is_word(at) and medical and not common(word):
            return at + 1
        return 0
