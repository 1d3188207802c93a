"""Dates of birth: dates that were asked for or announced, and full dates of long ago."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import MONTH_NUMBERS
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_BORN_BEFORE: Final = 2011
"""A full date with an earlier year is taken for a birth even when nothing announces it."""

_CENTURIES: Final = ("19", "20")


class Dates:
    """Dates with a month in words; dates in digits alone are `Numbers`."""

    name = "dates"
    about = (
        'a date with a month\'s name, asked for or after "born", "birthday", "date of '
        'birth"; by itself a full date with a year before 2011'
    )
    entities = (Entity.DATE_OF_BIRTH, Entity.CARD_EXPIRY)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Judge each date."""
        at = floor = 0
        while at < len(turn):
            last, year = self._date(turn, at)
            if last == at:
                if at == len(turn) - 1 and turn.text(at) in MONTH_NUMBERS and not turn.ended:
                    yield Pending(at)  # "may", "march": a month if a day follows
                if at == len(turn) - 1 and turn.text(at) == "the" and not turn.ended:
                    label, _, _ = turn.label_before(at, floor=floor, reach=10)
                    if Entity.DATE_OF_BIRTH in (label, *turn.asked):
                        yield Pending(at)
                at += 1
                continue
            label, _, _ = turn.label_before(at, floor=floor, reach=10)
            announced = label is Entity.DATE_OF_BIRTH
            after, _ = turn.label_after(last)
            if after is Entity.DATE_OF_BIRTH:
                announced = True
            asked = Entity.DATE_OF_BIRTH in turn.asked
            expiry = (
                label in (Entity.CARD_EXPIRY, Entity.PAYMENT_CARD)
                or Entity.CARD_EXPIRY in turn.asked
            )
            if expiry and self._month(turn, at) and turn.kind(at + 1) is not Kind.ORDINAL:
                if last > at + 1:
                    yield turn.finding(Entity.CARD_EXPIRY, at, last, 0.9, "expiry date")
                elif not turn.ended and last == len(turn):
                    yield Pending(at)
            elif announced or asked:
                the = turn.text(at - 1) == "the"
                yield turn.finding(Entity.DATE_OF_BIRTH, at - the, last, 0.9, "birth date")
                floor = last
                if last < len(turn) and self._goes_on(turn, at, last):
                    yield Pending(last)
            elif year and 1900 <= year < _BORN_BEFORE and last - at > 2:
                yield turn.finding(Entity.DATE_OF_BIRTH, at, last, 0.6, "full date of long ago")
            elif not turn.ended and (self._goes_on(turn, at, last) or turn.label_after(last)[1]):
                yield Pending(at)
            at = last

    def _goes_on(self, turn: Utterance, first: int, last: int) -> bool:
        rest = [turn.text(at) for at in range(last, len(turn))]
        if rest and rest[-1] in _CENTURIES and turn.kind(len(turn) - 1) is Kind.ORDINAL:
            rest.pop()  # "the 16th, 19th": of "nineteen forty" only the half was heard yet
        return len(rest) <= 2 and all(text in ("the", "of", ",", "in") for text in rest)

    def _date(self, turn: Utterance, at: int) -> tuple[int, int]:
        """Read a date at `at`; return the unit after it and its year (0 without one)."""
        month = self._month(turn, at)
        if month:
            day = turn.skip(at + 1, frozenset({"the"}))
            if self._day(turn, day):
                return self._year(turn, day + 1)
            end, year = self._year(turn, at + 1)
            return end, year
        if (self._day(turn, at) and turn.kind(at) is Kind.ORDINAL) or self._day(turn, at):
            month_at = turn.skip(at + 1, frozenset({"of"}))
            if self._month(turn, month_at):
                return self._year(turn, month_at + 1)
            if (
                turn.kind(at) is Kind.ORDINAL
                and month_at == len(turn)
                and turn.text(at - 1) == "the"
                and not turn.ended
            ):
                return at + 1, 0
        return at, 0

    def _month(self, turn: Utterance, at: int) -> bool:
        text = turn.text(at)
        if not turn.is_word(at) or text not in MONTH_NUMBERS:
            return False
        if text in ("may", "march", "mar", "sept", "dec", "jan", "jun", "sep"):
            return turn.units[at].cap or turn.kind(at + 1) in (Kind.DIGITS, Kind.ORDINAL)
        return True

    def _day(self, turn: Utterance, at: int) -> bool:
        if turn.kind(at) not in (Kind.DIGITS, Kind.ORDINAL):
            return False
        text = turn.units[at].text
        return len(text) <= 2 and 0 < int(text) <= 31

    def _year(self, turn: Utterance, at: int) -> tuple[int, int]:
        start = at
        at = turn.skip(at, frozenset({"of", "in", "the"}))
        digits = ""
        while turn.kind(at) is Kind.DIGITS and len(digits) + len(turn.units[at].text) <= 4:
            digits += turn.units[at].text
            at += 1
            if len(digits) == 4:
                break
        if len(digits) == 4:
            return at, int(digits)
        if len(digits) == 2:
            return at, 1900 + int(digits)
        return start, 0
