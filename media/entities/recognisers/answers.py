"""Answers: what a caller says right after being asked is presumed to be what was asked for.

Everything is a finding then that is not talk around an answer ("sure, it's", "let me see").
Sentences that do not answer pass: four everyday words in a row that make a clause. Where that
cannot be told yet, the words are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import ANSWER_TALK, CLAUSE, FUNCTION, QUANTITIES, common
from media.entities.recognisers.numbers import fit
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_CLAUSE_WORDS: Final = 4
_WORDED: Final = (
    Entity.PERSON, Entity.ADDRESS, Entity.CITY, Entity.EMAIL, Entity.PASSWORD, Entity.USERNAME,
    Entity.HEALTH, Entity.URL, Entity.VEHICLE_PLATE, Entity.DATE_OF_BIRTH,
)  # fmt: skip
_SPELT: Final = frozenset({Entity.PERSON, Entity.CITY, Entity.EMAIL, Entity.USERNAME})
"""What has no digits as a rule: digits heard in such an answer are letters misheard."""


class Answers:
    """The answer to what the agent asked."""

    name = "answers"
    about = "the caller's answer to the agent's question, but for talk around it"
    entities = _WORDED

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Split the turn into stretches of everyday words and judge each."""
        if not turn.asked:
            return
        entity = next((e for e in _WORDED if e in turn.asked), None) or fit(turn.asked, 0)
        if entity is None:
            return
        at = 0
        while at < len(turn):
            if self._content(turn, at, entity):
                last = at + 1
                while last < len(turn) and self._content(turn, last, entity):
                    last += 1
                yield turn.finding(entity, at, last, 0.72, "answer")
                at = last
                continue
            last = at
            while last < len(turn) and not self._content(turn, last, entity):
                last += 1
            yield from self._stretch(turn, at, last, entity)
            at = last

    def _content(self, turn: Utterance, at: int, entity: Entity) -> bool:
        """Tell whether a unit can only be an answer: no talk, no everyday word."""
        unit = turn.units[at]
        if unit.kind is Kind.SIGN:
            return entity in (Entity.EMAIL, Entity.USERNAME, Entity.PASSWORD, Entity.URL)
        if unit.kind in (Kind.FILLER, Kind.TIME):
            return False
        if unit.kind is Kind.WORD:
            return unit.text not in ANSWER_TALK and not common(unit.text)
        if unit.kind is Kind.AMOUNT:
            return not unit.raw.strip("0123456789.,")
        if unit.kind is Kind.DIGITS:
            word = unit.raw.lower() == "one"  # "one moment", "I don't have one"
            return entity in _SPELT and not word and not self._counted(turn, at + 1)
        return False  # letters, and digits that were asked for, have recognisers of their own

    def _stretch(
        self, turn: Utterance, first: int, last: int, entity: Entity
    ) -> Iterator[Finding | Pending]:
        """Judge everyday words that stand together: talk, a clause, or an answer misheard."""
        words = [
            i
            for i in range(first, last)
            if turn.kind(i) is Kind.WORD or turn.units[i].raw.lower() == "one"
        ]
        odd = [i for i in words if self._odd(turn, i, entity)]
        if not odd:
            return
        clause = [i for i in words if turn.text(i) in CLAUSE]
        if len(words) >= _CLAUSE_WORDS and len(clause) >= 2:
            return
        if last == len(turn) and not turn.ended:
            yield Pending(odd[0])
            return
        start = odd[0]
        for i, nxt in zip(odd, [*odd[1:], None], strict=True):
            if nxt is None or nxt > i + 1:
                yield turn.finding(entity, start, i + 1, 0.5, "answer of everyday words")
                start = nxt if nxt is not None else i

    def _odd(self, turn: Utterance, at: int, entity: Entity) -> bool:
        text = turn.text(at)
        if text in ANSWER_TALK or self._counted(turn, at) or text == "moment":
            return False
        if turn.kind(at) is Kind.DIGITS:
            return entity in _SPELT and turn.text(at + 1) not in ("moment", "second", "sec")
        return entity is not Entity.HEALTH or text not in FUNCTION

    def _counted(self, turn: Utterance, at: int) -> bool:
        return turn.text(at) in QUANTITIES and turn.kind(at - 1) in (Kind.DIGITS, Kind.AMOUNT)
