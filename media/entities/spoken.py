"""Spoken forms to written forms, each written unit keeping the words it was said in.

`parse` turns a recogniser's words ("4, 1, 2", "double five", "K-M-H", "S as in Sam",
"twenty-two") into `Unit`s: digits, letters, signs, plain words. It does not judge what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from media.entities.english import speech
from media.entities.english.common import COMMONEST
from media.entities.english.context import ACRONYMS
from media.entities.english.listing import words


class Kind(Enum):
    """What a unit is written as."""

    WORD = auto()
    DIGITS = auto()
    """A group of digits: "7", "412"."""
    LETTER = auto()
    """A letter said as a letter."""
    SIGN = auto()
    """A spoken or written sign between the others: dash, dot, at."""
    ORDINAL = auto()
    """ "3rd", "twenty first"; the text is its digits."""
    AMOUNT = auto()
    """A price, a percentage, a decimal: digits that count something."""
    TIME = auto()
    """A time of day."""
    FILLER = auto()


@dataclass(frozen=True, slots=True)
class Unit:
    """A written unit and the words `first` to `last` (half-open) that it was said in.

    `text` is lower case for words, upper case for letters, digits for numbers, the character for
    signs. `cap` tells that the word began with a capital where that says something.
    """

    kind: Kind
    text: str
    first: int
    last: int
    cap: bool = False
    stop: bool = False
    """A sentence ends after this unit, as far as the recogniser's punctuation can be believed."""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class _Atom:
    text: str
    word: int
    stop: bool


_EDGE: Final = '.,!?;:"“”‘()[]{}…¿¡*<>'
_MONEY: Final = re.compile(r"[$£€]\d[\d,]*(\.\d\d?)?[kKmM]?|[\d,.]+%|\d[\d,]*(\.\d\d?)?[$£€]")
_TIME: Final = re.compile(r"(\d{1,2}:\d\d(:\d\d)?([ap]\.?m)?|\d{1,2}[ap]\.?m|24/7)", re.IGNORECASE)
_ORDINAL: Final = re.compile(r"(\d+)(st|nd|rd|th)", re.IGNORECASE)
_MEASURE: Final = re.compile(
    r"\d+(s|k|g|gb|mb|tb|kg|lb|lbs|oz|ml|cm|mm|km|mph|x|d|hz|ghz|mg|ft|in|v|w|m|hr|hrs)|\d{3,4}p"
)
_DECIMAL: Final = re.compile(r"\d+\.\d+")
_THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3}){1,2}")
_PIECES: Final = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|_")
_ADDRESSY: Final = re.compile(
    r"[\w.+-]+@[\w-]*(\.[\w-]+)*\.?|(https?://)?(www\.)?([\w-]{2,}\.)+[a-z]{2,}(/\S*)?",
    re.IGNORECASE,
)

_STRUNG: Final = speech.REPEATS.keys() | {"underscore", "dot", "slash", "dash"}
"""Words that are read by themselves where hyphens string them to others: "4-double"."""

_SPELLED_ACRONYMS: Final = {
    sign.join(name): name for name in ACRONYMS if name.isalpha() for sign in "-."
}
"""Acronyms as some write them: "c-v-v", "u.s.b"."""


def _spelled(piece: str) -> bool:
    """Tell whether capitals are letters that the recogniser has joined ("KMHNI", "RICHARD")."""
    low = piece.lower()
    return (
        len(piece) > 1
        and piece.isalpha()
        and piece.isupper()
        and low not in ACRONYMS
        and not (len(piece) <= 3 and low in COMMONEST)
    )


def _atoms(index: int, raw: str, *, shouting: bool) -> Iterator[_Atom | Unit]:
    """Split one word as recognised into atoms and ready units."""
    stop = raw.rstrip('"”)').endswith((".", "?", "!"))
    core = raw.strip().strip(_EDGE).replace("’", "'")
    if not core:
        return
    low = core.lower()

    def unit(kind: Kind, text: str) -> Unit:
        cap = core[:1].isupper() and not shouting
        return Unit(kind, text, index, index + 1, cap, stop, core)

    if low in ACRONYMS:
        yield _Atom(low, index, stop)
    elif low in _SPELLED_ACRONYMS:
        yield _Atom(_SPELLED_ACRONYMS[low], index, stop)
    elif core in ("A", "I") and raw.rstrip().endswith(","):
        yield unit(Kind.LETTER, core)  # nobody halts after the article
    elif _MONEY.fullmatch(core):
        yield unit(Kind.AMOUNT, re.sub(r"\D", "", core))
    elif _TIME.fullmatch(low):
        yield unit(Kind.TIME, low)
    elif match := _ORDINAL.fullmatch(core):
        yield unit(Kind.ORDINAL, match[1])
    elif _MEASURE.fullmatch(low) or _DECIMAL.fullmatch(core) or _THOUSANDS.fullmatch(core):
        yield unit(Kind.AMOUNT, re.sub(r"\D", "", core))
    elif low in ("a.m", "p.m", "am", "pm") and core not in ("AM", "PM"):
        yield unit(Kind.TIME, low)
    elif _ADDRESSY.fullmatch(core) and not core.isupper() and ("@" in core or "." in core):
        yield unit(Kind.WORD, low)
    else:
        yield from _split(index, core, stop=stop, shouting=shouting)


def _split(index: int, core: str, *, stop: bool, shouting: bool) -> Iterator[_Atom | Unit]:
    pieces = _PIECES.findall(core)
    low = [piece.lower() for piece in pieces if piece != "-"]
    apart = len(low) < len(pieces) and not _STRUNG.isdisjoint(low)
    if apart or all(map(_number_word, low)):
        pieces = [piece for piece in pieces if piece != "-"]  # "twenty-two", "J-double"
    words = [piece for piece in pieces if piece[0].isalnum()]
    singles = [piece for piece in words if len(piece) == 1 or piece.isdecimal()]
    letters_too = any(piece.isdecimal() for piece in words) and any(
        not p.isdecimal() for p in words
    )
    explode = not shouting and (
        (len(words) > 1 and 2 * len(singles) >= len(words) and core.upper() == core)
        or (letters_too and all(len(piece) <= 3 or piece.isdecimal() for piece in words))
    )
    joined = (
        len(words) > 1
        and not apart
        and not explode
        and not letters_too
        and not all(_number_word(piece.lower()) for piece in words)
    )
    letters_only = all(len(piece) == 1 for piece in words)
    if joined and not letters_only and not any(piece.isdecimal() for piece in words):
        yield _Atom(core, index, stop)  # "e-mail", "O'Brien-Smith", "check-in": one word
        return
    for count, piece in enumerate(pieces):
        last = stop and count == len(pieces) - 1
        if piece.isdecimal():
            yield Unit(Kind.DIGITS, piece, index, index + 1, False, last, piece)
        elif not piece[0].isalnum():
            if piece in "-./_+@'&:#":
                yield Unit(Kind.SIGN, piece, index, index + 1, False, last, piece)
        elif (explode and len(piece) <= 12) or (not shouting and _spelled(piece)):
            for letter in piece:
                if letter.isalpha():
                    yield Unit(Kind.LETTER, letter.upper(), index, index + 1, True, last, letter)
        else:
            yield _Atom(piece, index, last)


def _number_word(low: str) -> bool:
    return (
        low in speech.DIGITS
        or low in speech.TEENS
        or low in speech.TENS
        or low in ("hundred", "thousand")
        or low in speech.ORDINALS
    )


class _Parser:
    """Reads atoms left to right into units."""

    def __init__(self, atoms: list[_Atom | Unit], *, shouting: bool) -> None:
        self._atoms = atoms
        self._shouting = shouting
        self._at = 0

    def _low(self, at: int) -> str:
        atom = self._atoms[at] if 0 <= at < len(self._atoms) else None
        return atom.text.lower() if isinstance(atom, _Atom) else ""

    def _digit(self, at: int) -> Unit | None:
        atom = self._atoms[at] if at < len(self._atoms) else None
        return atom if isinstance(atom, Unit) and atom.kind is Kind.DIGITS else None

    def units(self) -> Iterator[Unit]:
        while self._at < len(self._atoms):
            yield self._next()

    def _next(self) -> Unit:
        start = self._at
        for read in (self._repeat, self._ordinal, self._year, self._number):
            end, kind, text = read(start)
            if end > start:
                return self._take(start, end, kind, text)
        atom = self._atoms[start]
        if isinstance(atom, Unit):
            self._at += 1
            return atom
        return self._take(start, start + 1, *self._plain(atom))

    def _take(self, start: int, end: int, kind: Kind, text: str) -> Unit:
        """Make a unit of the atoms `start` to `end`."""
        self._at = end
        used = self._atoms[start:end]
        words = [a.word if isinstance(a, _Atom) else a.first for a in used]
        head = used[0]
        raw = head.raw if isinstance(head, Unit) else head.text
        cap = raw[:1].isupper() and not self._shouting
        return Unit(kind, text, min(words), max(words) + 1, cap, used[-1].stop, raw)

    def _repeat(self, at: int) -> tuple[int, Kind, str]:
        """ "double five", "triple 3", "double l", "double u"."""
        times = speech.REPEATS.get(self._low(at), 0)
        if not times:
            return at, Kind.WORD, ""
        nxt = self._atoms[at + 1] if at + 1 < len(self._atoms) else None
        if isinstance(nxt, Unit):
            if nxt.kind is Kind.DIGITS:
                # "double 9903": said "double nine zero three", half of it written out.
                return at + 2, Kind.DIGITS, nxt.text * (times if len(nxt.text) == 1 else 1)
            if nxt.kind is Kind.LETTER:
                if nxt.text == "U" and times == 2:
                    return at + 2, Kind.LETTER, "W"
                return at + 2, Kind.LETTER, nxt.text * times
        low = self._low(at + 1)
        if low in speech.DIGITS:
            return at + 2, Kind.DIGITS, str(speech.DIGITS[low]) * times
        if low in ("oh", "o"):
            return at + 2, Kind.DIGITS, "0" * times
        if low in ("u", "you") and times == 2:
            return at + 2, Kind.LETTER, "W"
        if len(low) == 1 and low.isalpha():
            return at + 2, Kind.LETTER, low.upper() * times
        return at, Kind.WORD, ""

    def _ordinal(self, at: int) -> tuple[int, Kind, str]:
        low = self._low(at)
        if low in speech.TENS and 0 < speech.ORDINALS.get(self._low(at + 1), 0) < 10:
            value = speech.TENS[low] + speech.ORDINALS[self._low(at + 1)]
            return at + 2, Kind.ORDINAL, str(value)
        if low in speech.ORDINALS:
            return at + 1, Kind.ORDINAL, str(speech.ORDINALS[low])
        return at, Kind.WORD, ""

    def _year(self, at: int) -> tuple[int, Kind, str]:
        """ "2000 and 19", as recognisers write "two thousand and nineteen"."""
        thousands, behind = self._digit(at), self._digit(at + 2)
        if thousands is None or behind is None or len(behind.text) > 2:
            return at, Kind.WORD, ""
        if (thousands.text, self._low(at + 1)) != ("2000", "and"):
            return at, Kind.WORD, ""
        return at + 3, Kind.DIGITS, str(2000 + int(behind.text))

    def _small(self, at: int) -> tuple[int, int]:
        """Read 1 to 99 in words, or a written group; return the position after it and its value."""
        low = self._low(at)
        if low in speech.TENS:
            unit = speech.DIGITS.get(self._low(at + 1), 0)
            return (at + 2, speech.TENS[low] + unit) if unit else (at + 1, speech.TENS[low])
        if low in speech.TEENS:
            return at + 1, speech.TEENS[low]
        if low in speech.DIGITS:
            return at + 1, speech.DIGITS[low]
        written = self._digit(at)
        if written and len(written.text) <= 2 and self._low(at + 1) in ("hundred", "thousand"):
            return at + 1, int(written.text)
        return at, -1

    def _number(self, at: int) -> tuple[int, Kind, str]:
        end, value = self._small(at)
        if self._low(at) in ("hundred", "thousand"):
            return at, Kind.WORD, ""
        if end == at:
            written = self._digit(at)
            if written and self._low(at + 1) in speech.HUGE:
                return at + 2, Kind.AMOUNT, written.text
            return at, Kind.WORD, ""
        for scale, name in ((100, "hundred"), (1000, "thousand")):
            if self._low(end) == name and value > 0:
                value, end = value * scale, end + 1
                end, value = self._tail(end, value, scale)
        if self._low(end) in speech.HUGE:
            return end + 1, Kind.AMOUNT, str(value)
        return end, Kind.DIGITS, str(value)

    def _tail(self, end: int, value: int, scale: int) -> tuple[int, int]:
        """Read what "hundred" or "thousand" carries on: "and twenty three", "five"."""
        joined = self._low(end) == "and"
        after, more = self._small(end + joined)
        if more < 0 or more >= scale:
            return end, value
        if scale == 1000 and self._low(after) == "hundred" and more < 10:
            after, more = self._tail(after + 1, more * 100, 100)
        follows = self._small(after)[0] > after or self._digit(after) is not None
        if not joined and follows and more < 10:
            return end, value  # "eight hundred five five five": digits go on
        return after, value + more

    def _plain(self, atom: _Atom) -> tuple[Kind, str]:
        low = atom.text.lower()
        if low in speech.FILLERS:
            return Kind.FILLER, low
        if low in speech.SIGNS:
            return Kind.SIGN, speech.SIGNS[low]
        if len(low) == 1 and low.isalpha() and low not in "ai":
            return Kind.LETTER, low.upper()
        if low in speech.SURE_LETTER_NAMES:
            return Kind.LETTER, speech.LETTER_NAMES[low]
        return Kind.WORD, low


def _shouting(texts: Sequence[str]) -> bool:
    """Tell whether capitals mean nothing here: everyday words are in capitals too."""
    loud = sum(
        t.isupper() and len(t) > 1 and t.lower() in COMMONEST
        for t in (text.strip(_EDGE) for text in texts)
    )
    return loud >= 3


def _letters_between(units: list[Unit]) -> list[Unit]:
    """Make letters of what is one only by its neighbours: "I", "a", NATO words, "oh"."""

    def kind(at: int) -> Kind | None:
        return units[at].kind if 0 <= at < len(units) else None

    def text(at: int) -> str:
        return units[at].text if 0 <= at < len(units) else ""

    def ambiguous(at: int) -> bool:
        return kind(at) is Kind.WORD and text(at) in ("i", "a")

    def call(at: int) -> bool:
        return kind(at) in (Kind.WORD, Kind.FILLER) and text(at) in speech.NATO

    def zero(at: int) -> bool:
        return text(at).lower() in speech.ZERO_LETTERS

    def spelling(at: int) -> bool:
        """Tell whether digits before this place go on from letters."""
        while kind(at) is Kind.DIGITS:
            at -= 1
        return kind(at) is Kind.LETTER or call(at)

    out = list(units)
    for at, unit in enumerate(units):
        near = [kind(at - 1), kind(at + 1)]
        beside = Kind.LETTER in near or any(call(at + d) for d in (-2, -1, 1, 2))
        if call(at) and (beside or (near[0] is Kind.DIGITS and spelling(at - 1))):
            out[at] = _as_letter(unit, speech.NATO[unit.text])
        elif ambiguous(at):
            left = at - 1
            while ambiguous(left):
                left -= 1
            right = at + 1
            while ambiguous(right):
                right += 1
            before = kind(left) is Kind.LETTER or (left >= 0 and call(left))
            after = kind(right) is Kind.LETTER
            follows_verb = (
                (text(right) in _VERBS_OF_I or text(right).endswith("ed"))
                and unit.text == "i"
                and right == at + 1
            )
            upper = unit.raw == "A" and at > 0 and not units[at - 1].stop
            counted = unit.raw == "I" and kind(right) is Kind.DIGITS  # "is I 4 3 7"
            article = unit.raw == "a" and right < len(units) and not after
            on = before and not follows_verb and not article
            if upper or counted or on or (after and (before or unit.raw.isupper())):
                out[at] = _as_letter(unit, unit.text.upper())
        elif zero(at):
            left, right = at - 1, at + 1
            while zero(left):
                left -= 1
            while zero(right):
                right += 1
            if kind(left) is Kind.LETTER and kind(right) is Kind.LETTER and left + 2 == right:
                out[at] = _as_letter(unit, "O")
            elif Kind.DIGITS in (kind(left), kind(right)):
                out[at] = Unit(Kind.DIGITS, "0", unit.first, unit.last, False, unit.stop, unit.raw)
        elif unit.text in speech.LETTER_NAMES and near == [Kind.LETTER, Kind.LETTER]:
            out[at] = _as_letter(unit, speech.LETTER_NAMES[unit.text])
    return out


_VERBS_OF_I: Final = words(
    """paid bought got called went took made thought told gave left found lost came tried
    am have had want need think mean was would can could will live guess believe just don't
    didn't can't know said say got get also do did really hope like'd should might may"""
)


def _as_letter(unit: Unit, letter: str) -> Unit:
    return Unit(Kind.LETTER, letter, unit.first, unit.last, True, unit.stop, unit.raw)


def _as_in(units: list[Unit]) -> list[Unit]:
    """Fold "S as in Sam" into the letter S over all four words."""
    out: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        end = at + 1
        # "a as in apple" and "I as in India" are letters too.
        if unit.text in ("0", "oh"):
            unit = replace(unit, text="O", kind=Kind.LETTER)
        if (unit.kind is Kind.LETTER and len(unit.text) == 1) or unit.text in ("i", "a"):
            for link in speech.AS_IN:
                words = tuple(u.text for u in units[at + 1 : at + 1 + len(link)])
                after = at + 1 + len(link)
                if (
                    words == link
                    and after < len(units)
                    and units[after].raw[:1].upper() == unit.text.upper()
                    and len(units[after].raw) > 1
                ):
                    end = after + 1
                    break
        if end > at + 1:
            last = units[end - 1]
            out.append(
                Unit(
                    Kind.LETTER, unit.text.upper(), unit.first, last.last, True, last.stop, "as in"
                )
            )
        else:
            out.append(units[at])
        at = end
    return out


_STUTTERED: Final = (
    frozenset(
        word
        for word in COMMONEST
        if len(word) > 1 and word not in speech.REPEATS and word not in speech.NATO
    )
    - speech.ZERO_LETTERS
)


def _stutters(unit: Unit, before: Unit) -> bool:
    """Tell whether a word is the one before once more: said twice, or heard twice ("in in").

    Names are not ("Walla Walla", "Jo Jo"), nor is what counts ("double double", "oh oh").
    """
    return (
        unit.kind is before.kind is Kind.WORD
        and unit.text == before.text
        and unit.text in _STUTTERED
        and not (unit.cap or before.stop)
    )


def _once(units: Sequence[Unit]) -> list[Unit]:
    """Fold a stutter into one unit over all of its words."""
    out: list[Unit] = []
    for unit in units:
        if out and _stutters(unit, out[-1]):
            unit = replace(unit, first=out.pop().first)
        out.append(unit)
    return out


def parse(texts: Sequence[str]) -> tuple[Unit, ...]:
    """Read the words of one turn into units, in order; every unit names the words it came from.

    Words that are nothing but punctuation have no unit.
    """
    shouting = _shouting(texts)
    atoms = [
        atom for index, raw in enumerate(texts) for atom in _atoms(index, raw, shouting=shouting)
    ]
    units = list(_Parser(atoms, shouting=shouting).units())
    return tuple(_once(_letters_between(_as_in(units))))
