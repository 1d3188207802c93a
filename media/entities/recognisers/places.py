"""Postal addresses: house number and street, flat, box, and the city, state and ZIP after them.

A city is found only in an address, after "I live in", or when it was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from media.entities.english.common import COMMONEST
from media.entities.english.context import (
    ADDRESS_INTRODUCERS,
    CITIES,
    CITY_INTRODUCERS,
    DIRECTIONS,
    FUNCTION,
    PROPER,
    QUANTITIES,
    STATES,
    STREET_SUFFIXES,
    SURE_SUFFIXES,
    common,
)
from media.entities.english.listing import words
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_NUMBER: Final = (Kind.DIGITS, Kind.ORDINAL)
_FLATS: Final = words("apartment apt flat suite unit building box")
_FLATS_ASKED: Final = _FLATS | words("floor number room")
"""What the number of a flat follows where an address was asked for."""
_FLAT: Final = re.compile(r"\d+[A-Za-z]")
"""A flat that is written like a measure: "2D", and "40s" for what sounds like it."""
_MOST_STREET: Final = 4
_STOPS: Final = FUNCTION | words("please thanks")
_NO_CITY: Final = words(
    """home town country city area house apartment building neighborhood state place middle condo
    suburbs countryside world office work school store person bed stock touch town"""
)


_CODES: Final = words("zip zipcode postcode postal")
_COPULAS: Final = words("is it's")
_CITY_HEADS: Final = words(
    """new san los santa saint st north south east west fort mount el las la port salt cape
    little des grand palm baton"""
)
_OTHER_ADDRESSES: Final = words("web email e-mail ip mac mail url internet")


class Places:
    """Addresses and the cities in them."""

    name = "places"
    about = (
        'number, street name and suffix; what follows "I live at", "my address is"; flats and '
        'boxes; then city, state and ZIP; cities by themselves only after "I live in", "city is"'
    )
    entities = (Entity.ADDRESS, Entity.CITY, Entity.ZIP)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Look for a street first, then for what follows it."""
        at = 0
        while at < len(turn):
            last = at
            for found in self._at(turn, at):
                yield found
                if isinstance(found, Finding):
                    last = max(last, self._unit_after(turn, found.last))
            if last > at and turn.text(last) in _FLATS:
                end = self._flat_end(turn, last)[1] or last + 1
                yield turn.finding(Entity.ADDRESS, last, end, 0.7, "flat or box")
                last = end
            if last > at:
                yield from self._region(turn, last)
            at = max(last, at + 1)

    def _unit_after(self, turn: Utterance, word: int) -> int:
        return next((i for i, u in enumerate(turn.units) if u.first >= word), len(turn))

    def _at(self, turn: Utterance, at: int) -> Iterator[Finding | Pending]:
        if turn.kind(at) in _NUMBER and (turn.kind(at - 1) not in _NUMBER):
            yield from self._street(turn, at)
        if turn.text(at) in (_FLATS_ASKED if Entity.ADDRESS in turn.asked else _FLATS):
            yield from self._flat(turn, at)
        size = ADDRESS_INTRODUCERS.at(turn.lower, at)
        if size and turn.text(at - 1) not in _OTHER_ADDRESSES:
            yield from self._announced(turn, turn.skip(at + size, _COPULAS))
        size = CITY_INTRODUCERS.at(turn.lower, at)
        if size:
            first = turn.skip(at + size, _COPULAS)
            last = self._city(turn, first, sure=True)
            if last > first:
                yield turn.finding(Entity.CITY, first, last, 0.8, "announced city")
            elif first == len(turn) - 1 and turn.text(first) in _CITY_HEADS and not turn.ended:
                yield Pending(first)

    def _street(self, turn: Utterance, first: int) -> Iterator[Finding | Pending]:
        """ "42 Elm Street", "5115 North Fifth Avenue"."""
        at = first
        while turn.kind(at) in _NUMBER or turn.text(at) in ("-", "half"):
            at += 1
        names = at
        if turn.text(at) in QUANTITIES and not turn.units[at].cap:
            return
        while at < len(turn) and at - names <= _MOST_STREET:
            text, kind = turn.text(at), turn.kind(at)
            ordinal_street = at == names and turn.kind(at - 1) is Kind.ORDINAL
            if text in STREET_SUFFIXES and (at > names or ordinal_street):
                unit = turn.units[at]
                spoken = turn.units[names:at]
                sure = text in SURE_SUFFIXES or unit.cap or any(u.cap for u in spoken)
                if not sure:
                    return
                last = at + 1
                if turn.text(last) in DIRECTIONS or (
                    turn.text(last) in STREET_SUFFIXES and turn.units[last].cap
                ):
                    last += 1
                if turn.text(last) in _FLATS:
                    last = self._flat_end(turn, last)[1] or last + 1
                elif self._like_measure(turn, last):
                    last += 1
                yield turn.finding(Entity.ADDRESS, first, last, 0.9, "street")
                return
            if kind in (Kind.ORDINAL, Kind.LETTER, Kind.DIGITS) or (
                kind is Kind.WORD
                and text not in _STOPS
                and (not turn.units[at - 1].stop or (at == names and turn.units[at].cap))
            ):
                at += 1
                continue
            return
        if at == len(turn) and not turn.ended and at - names <= _MOST_STREET:
            yield Pending(first)

    def _flat(self, turn: Utterance, at: int) -> Iterator[Finding | Pending]:
        if turn.text(at) == "box" and turn.text(at - 1) not in ("o", "po", "p.o"):
            return
        after, last = self._flat_end(turn, at)
        if last:
            yield turn.finding(Entity.ADDRESS, after, last, 0.75, "flat or box")

    def _flat_end(self, turn: Utterance, at: int) -> tuple[int, int]:
        """Return where the number of a flat begins and ends; an end of 0 when there is none."""
        after = turn.skip(at + 1, frozenset({"number", "#"}))
        last = after
        while last - after < 4 and (
            turn.kind(last) in (Kind.DIGITS, Kind.LETTER, Kind.SIGN)
            or self._like_measure(turn, last)
        ):
            last += 1
        return after, last if last > after and turn.text(last) not in QUANTITIES else 0

    def _like_measure(self, turn: Utterance, at: int) -> bool:
        return turn.kind(at) is Kind.AMOUNT and bool(_FLAT.fullmatch(turn.units[at].raw))

    def _announced(self, turn: Utterance, first: int) -> Iterator[Finding | Pending]:
        """Take what follows "I live at" as far as it looks like an address."""
        at = first
        worth = named = False
        while at < len(turn) and at - first < 12:
            unit, text = turn.units[at], turn.text(at)
            if text in _CODES or turn.text(at + 1) == "floor":
                break
            if unit.kind is Kind.WORD:
                if text in _STOPS and not (
                    text == "on" and at > first and turn.text(at + 1) in STREET_SUFFIXES
                ):
                    break
                named = True
                worth = worth or (
                    text in SURE_SUFFIXES
                    or (text not in PROPER | CITIES and (unit.cap or not common(text)))
                )
            elif unit.kind in (Kind.DIGITS, Kind.ORDINAL, Kind.LETTER):
                worth = worth or turn.text(at + 1) not in QUANTITIES
            elif unit.kind not in (Kind.SIGN, Kind.FILLER) and not (
                turn.text(at - 1) in _FLATS and self._like_measure(turn, at)
            ):
                break
            at += 1
            if unit.stop and named:
                break  # after a number alone the street is yet to come
        if at > first and worth:
            yield turn.finding(Entity.ADDRESS, first, at, 0.8, "announced address")
        elif at > first and at == len(turn) and not turn.ended:
            yield Pending(first)

    def _region(self, turn: Utterance, at: int) -> Iterator[Finding | Pending]:
        """Find city, state and ZIP after a street."""
        first = turn.skip(at, frozenset({"in", "and", "it's", "that's", "is", "the", "city", "of"}))
        if first - at > 4:
            return
        last = self._city(turn, first, sure=False)
        if last > first:
            yield turn.finding(Entity.CITY, first, last, 0.8, "city of an address")
            code = turn.skip(
                last, frozenset({"zip", "code", "is", "and", "postcode", "the", "postal"})
            )
            end = code
            while turn.kind(end) in (Kind.DIGITS, Kind.LETTER) and end - code < 9:
                end += 1
            if end > code and sum(len(u.text) for u in turn.units[code:end]) >= 3:
                yield turn.finding(Entity.ZIP, code, end, 0.8, "code of an address")
            elif code == len(turn) > last and not turn.ended:
                yield Pending(last)
        elif first == len(turn) and first > at and not turn.ended:
            yield Pending(at)

    def _city(self, turn: Utterance, first: int, *, sure: bool) -> int:
        at = first
        while at < len(turn) and at - first < 6:
            state = STATES.at(turn.lower, at)
            if state:
                at += state
                continue
            unit = turn.units[at]
            if unit.kind is Kind.LETTER and at > first and unit.first + 0 == unit.first:
                at += 1
                continue
            if unit.text in _CITY_HEADS and turn.is_word(at + 1):
                following = turn.units[at + 1]
                if following.text not in _STOPS and (following.cap or not common(following.text)):
                    at += 2
                    continue
            if unit.text == "city" and at > first:
                at += 1  # "Salt Lake City"
                break
            if unit.kind is not Kind.WORD or unit.text in _STOPS or unit.text in _NO_CITY:
                break
            if unit.text in PROPER and unit.text not in CITIES:
                break
            capital = unit.cap and (not turn.starts_sentence(at) or at == first)
            if not (capital or (unit.text not in COMMONEST and not common(unit.text))):
                break
            at += 1
            # "Springfield. Illinois" goes on, a new sentence does not.
            goes_on = sure or STATES.at(turn.lower, at) > 0
            if unit.stop and not goes_on:
                break
        return at
