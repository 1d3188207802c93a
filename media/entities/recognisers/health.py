"""Health conditions and medicines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import TALK
from media.entities.english.health import ENDINGS, TERMS
from media.entities.english.listing import Phrases
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_LONGEST: Final = max(map(len, TERMS))
_TERMS: Final = Phrases(TERMS)
_BEGINNINGS: Final = frozenset(term[:size] for term in TERMS for size in range(1, len(term)))


class Health:
    """Conditions and medicines by name, and by the endings that medicine gives them."""

    name = "health"
    about = "a list of conditions and medicines, and medical endings (-statin, -itis)"
    entities = (Entity.HEALTH,)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Look every word up, the longest term first."""
        at = 0
        while at < len(turn):
            last = self._term(turn, at)
            if last > at:
                yield turn.finding(Entity.HEALTH, at, last, 0.8, "medical term")
            if not turn.ended:
                near = len(turn) - at < _LONGEST
                if near and last < len(turn) and turn.lower[at:] in _BEGINNINGS:
                    yield Pending(at)
            at = max(last, at + 1)

    def _term(self, turn: Utterance, at: int) -> int:
        size = _TERMS.at(turn.lower, at)
        if size:
            return at + size
        word = turn.text(at)
        if turn.is_word(at) and len(word) > 6 and word.endswith(ENDINGS) and word not in TALK:
            return at + 1
        return at
