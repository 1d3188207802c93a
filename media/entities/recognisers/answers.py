"""Answers: what a caller says right after being asked is presumed to be what was asked for.

Everything is a finding then that is not talk around an answer ("sure, it's", "let me see"):
words that are no everyday English, and everyday words too as long as nothing surer answers (letters
misheard make everyday words: "Any other lesson one" is N E L S O N). Clauses pass: they do not
answer. Where that cannot be told yet, the words are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english import speech
from media.entities.english.context import (
    ANSWER_TALK,
    CLAUSE,
    FUNCTION,
    PROPER,
    QUANTITIES,
    common,
)
from media.entities.english.listing import words
from media.entities.recognisers.numbers import fit
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_CLAUSE_LENGTH: Final = 3
_CLAUSE_WORDS: Final = 2
_WORDED: Final = (
    Entity.PERSON, Entity.ADDRESS, Entity.CITY, Entity.EMAIL, Entity.PASSWORD, Entity.USERNAME,
    Entity.HEALTH, Entity.URL, Entity.VEHICLE_PLATE, Entity.DATE_OF_BIRTH,
)  # fmt: skip
_EVERYDAY: Final = frozenset(_WORDED) - {
    Entity.URL,
    Entity.VEHICLE_PLATE,
    Entity.DATE_OF_BIRTH,
}
"""What everyday words may be."""
_SPELT: Final = frozenset({Entity.PERSON, Entity.CITY, Entity.EMAIL, Entity.USERNAME})
"""What has no digits as a rule: digits heard in such an answer are letters misheard."""
_NUMBERED: Final = frozenset({Entity.ADDRESS, Entity.PASSWORD, Entity.USERNAME})
"""What has digits and words side by side."""
_LIKE_LETTERS: Final = frozenset(speech.LETTER_NAMES) | words("an and in end oh or our")
_SIGNED: Final = frozenset({Entity.EMAIL, Entity.USERNAME, Entity.PASSWORD, Entity.URL})
_BREAKS: Final = words("yes yeah yep sure okay ok it's its that's is uh-huh no thanks")
"""Words at which an answer may begin or end in the middle of a turn."""


class Answers:
    """The answer to what the agent asked."""

    name = "answers"
    about = "the caller's answer to the agent's question, but for talk around it"
    entities = _WORDED

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Take words out of an answer in words, or out of an answer in digits."""
        if not turn.asked:
            return
        entity = next((e for e in _WORDED if e in turn.asked), None)
        if entity is not None:
            yield from self._worded(turn, entity)
        elif (number := fit(turn.asked, 0)) is not None:
            yield from self._misheard(turn, number)

    def _misheard(self, turn: Utterance, entity: Entity) -> Iterator[Finding | Pending]:
        """Find words that sound like digits between digits."""
        starts = [run.first for run in turn.runs[1:]]
        for run, end in zip(turn.runs, [*starts, len(turn)], strict=False):
            gap = range(run.last, end)
            if not 0 < len(gap) <= 3 or any(turn.text(i) not in speech.LIKE_DIGITS for i in gap):
                continue
            if turn.label_before(run.first)[1]:  # "flight 218 for three nights"
                continue
            if end < len(turn):
                yield turn.finding(entity, gap.start, gap.stop, 0.5, "digits misheard")
            elif not turn.ended:
                yield Pending(run.last)

    def _worded(self, turn: Utterance, entity: Entity) -> Iterator[Finding | Pending]:
        content = [self._content(turn, at, entity) for at in range(len(turn))]
        sure = any(content) or any(
            len(run.letters) > 2 or (len(run.digits) > 3 and entity in _NUMBERED)
            for run in turn.runs
        )
        for first, end, telling in self._letter_names(turn):
            if telling:
                yield turn.finding(entity, first, end, 0.6, "letters misheard")
            elif end == len(turn) and not turn.ended:
                yield Pending(first)
        at = 0
        while at < len(turn):
            last = at + 1
            if content[at]:
                while last < len(turn) and content[last]:
                    last += 1
                yield turn.finding(entity, at, last, 0.72, "answer")
            elif not self._breaks(turn, at):
                while last < len(turn) and not content[last] and not self._breaks(turn, last):
                    last += 1
                if entity in _EVERYDAY:
                    yield from self._segment(turn, at, last, entity, content, sure=sure)
            at = last

    def _content(self, turn: Utterance, at: int, entity: Entity) -> bool:
        """Tell whether a unit can only be an answer: no talk, no everyday word."""
        unit = turn.units[at]
        if unit.kind is Kind.SIGN:
            return entity in _SIGNED
        if unit.kind is Kind.WORD:
            if unit.text == "city" and unit.cap and at and turn.units[at - 1].cap:
                return True  # "Salt Lake City"
            known = unit.text in ANSWER_TALK or unit.text in PROPER or common(unit.text)
            return not known
        if unit.kind is Kind.AMOUNT:
            bare = not unit.raw.strip("0123456789.,")
            return bare and not turn.label_before(at)[1] and not self._counted(turn, at + 1)
        if unit.kind is Kind.ORDINAL:
            fraction = turn.kind(at - 1) is Kind.DIGITS  # "one ten", heard as "one-tenth"
            return entity is Entity.ADDRESS and (unit.cap or fraction)
        if unit.kind is Kind.DIGITS:
            word = unit.raw.lower() == "one"  # "one moment", "I don't have one"
            harmless = word or self._counted(turn, at + 1) or turn.label_before(at)[1]
            return entity in _SPELT and not harmless
        return False  # letters, and digits that were asked for, have recognisers of their own

    def _letter_names(self, turn: Utterance) -> Iterator[tuple[int, int, bool]]:
        """Find three words in a row that sound like letters ("see eye an dee why")."""
        at = 0
        while at < len(turn):
            last = at
            while last < len(turn) and (
                turn.kind(last) is Kind.LETTER
                or self._letter(turn, last)
                or turn.text(last) in _LIKE_LETTERS
            ):
                last += 1
            sounds = range(at, last)
            telling = [i for i in sounds if self._letter(turn, i) or turn.text(i) not in FUNCTION]
            if sounds:
                yield at, last, len(sounds) > 2 and len(telling) > 1
            at = max(last, at + 1)

    def _letter(self, turn: Utterance, at: int) -> bool:
        """Tell whether a unit is a letter; "A" may be one, "a" is none."""
        return len(turn.text(at)) == 1 and turn.units[at].cap

    def _breaks(self, turn: Utterance, at: int) -> bool:
        unit = turn.units[at]
        return unit.kind in (Kind.FILLER, Kind.LETTER, Kind.TIME) or unit.text in _BREAKS

    def _segment(
        self,
        turn: Utterance,
        first: int,
        last: int,
        entity: Entity,
        content: list[bool],
        *,
        sure: bool,
    ) -> Iterator[Finding | Pending]:
        """Judge everyday words that stand together: talk, a clause, or an answer."""
        spoken = [
            at
            for at in range(first, last)
            if turn.is_word(at) or turn.units[at].raw.lower() == "one"
        ]
        odd = [at for at in spoken if self._odd(turn, at, entity)]
        if not odd:
            return
        clause = [at for at in spoken if turn.text(at) in CLAUSE]
        letters = all(turn.text(at) in speech.LETTER_NAMES for at in spoken)
        if len(spoken) >= _CLAUSE_LENGTH and len(clause) >= _CLAUSE_WORDS and not letters:
            return
        if last == len(turn) and not turn.ended:
            yield Pending(odd[0])
            return
        start = odd[0]
        for at, following in zip(odd, [*odd[1:], -1], strict=True):
            if following == at + 1:
                continue
            beside = any(
                0 <= i < len(turn) and self._answers(turn, i, entity, content)
                for i in (start - 1, at + 1)
            )
            if beside or not sure:
                yield turn.finding(entity, start, at + 1, 0.5, "answer of everyday words")
            start = following

    def _answers(self, turn: Utterance, at: int, entity: Entity, content: list[bool]) -> bool:
        digits = turn.kind(at) is Kind.DIGITS and entity in _NUMBERED
        return content[at] or turn.kind(at) is Kind.LETTER or digits

    def _odd(self, turn: Utterance, at: int, entity: Entity) -> bool:
        text = turn.text(at)
        if text in ANSWER_TALK or text == "moment" or self._counted(turn, at):
            return False
        if turn.kind(at) is Kind.DIGITS:
            return entity in _SPELT and turn.text(at + 1) not in ("moment", "second", "sec")
        return entity not in (Entity.HEALTH, Entity.EMAIL) or text not in FUNCTION

    def _counted(self, turn: Utterance, at: int) -> bool:
        return turn.text(at) in QUANTITIES and turn.kind(at - 1) in (Kind.DIGITS, Kind.AMOUNT)
