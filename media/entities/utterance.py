"""One turn as the recognisers see it: units, what was asked, and the runs of digits and letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from media.entities.english import speech
from media.entities.english.context import LABELS, LONGEST_LABEL, STRONG_HARMLESS, YEAR_LEADS
from media.entities.english.listing import words
from media.entities.spoken import Kind, Unit, parse
from media.entities.types import Entity, Finding
from media.sensitive import Sensitive


@dataclass(frozen=True, slots=True)
class Pending:
    """Units from `first` on are nothing yet, but what comes next may make them a finding."""

    first: int


class Recogniser(Protocol):
    """Finds entities of its kind in a turn.

    `entities` and `about` feed the table in `docs/entities.md`; `find` yields findings (in word
    indices, by `Utterance.finding`) and what is still open.
    """

    @property
    def name(self) -> str:
        """What reasons and the table call it."""
        ...

    @property
    def about(self) -> str:
        """What it goes by, for the table."""
        ...

    @property
    def entities(self) -> tuple[Entity, ...]:
        """What it finds as a rule."""
        ...

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Yield findings and open stretches, in any order; they may overlap."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """Digits and letters said one after another: units `first` to `last`, half-open.

    Fillers, signs and corrections may stand between the parts. `open` tells that the turn's end
    (or what may link on) follows, so that more parts may come.
    """

    first: int
    last: int
    parts: tuple[Unit, ...]
    open: bool

    @property
    def text(self) -> str:
        """Digits and letters in the order in which they were said."""
        return "".join(part.text for part in self.parts)

    @property
    def digits(self) -> str:
        """The digits alone."""
        return "".join(part.text for part in self.parts if part.kind is not Kind.LETTER)

    @property
    def letters(self) -> str:
        """The letters alone."""
        return "".join(part.text for part in self.parts if part.kind is Kind.LETTER)


_MOST_LINKS: Final = 6


def _bare(unit: Unit) -> bool:
    """Tell an amount that may as well be digits of a longer number ("1,200", "526.45")."""
    return unit.kind is Kind.AMOUNT and not unit.raw.strip("0123456789.,")


def links(gap: Sequence[Unit]) -> bool:
    """Tell whether these units may stand between two parts of a run."""
    short = all(u.kind in (Kind.FILLER, Kind.SIGN) or u.text in speech.SHORT_LINKS for u in gap)
    if short:
        return len(gap) <= 3
    if len(gap) > _MOST_LINKS:
        return False
    known = all(
        u.kind in (Kind.FILLER, Kind.SIGN) or u.text in speech.LINKS or u.text in speech.REPAIRS
        for u in gap
    )
    return known and any(u.text in speech.REPAIRS for u in gap[:2])


def may_link(gap: Sequence[Unit]) -> bool:
    """Tell whether these units at the end of a turn may still become such a link."""
    if gap and (gap[-1].text in speech.REPEATS or gap[-1].text in speech.ZERO_LETTERS):
        gap = gap[:-1]
    if links(gap) or tuple(u.text for u in gap) in _AS_IN_BEGUN:
        return True
    return len(gap) <= 2 and all(
        u.kind in (Kind.FILLER, Kind.SIGN) or u.text in speech.LINKS or u.text in speech.REPAIRS
        for u in gap
    )


_AS_IN_BEGUN: Final = frozenset(
    link[:size] for link in speech.AS_IN for size in range(1, len(link) + 1)
)


class Utterance:
    """One caller turn so far.

    `texts` are the words as recognised; `asked`, `ended`, `known` and `gap` are as in
    `Detector.inspect`.
    """

    def __init__(
        self,
        texts: Sequence[str],
        *,
        asked: frozenset[Entity] = frozenset(),
        ended: bool = False,
        known: Sequence[str] = (),
        gap: int | None = None,
    ) -> None:
        self.texts = tuple(texts)
        self.units = parse(texts)
        self.asked = asked
        self.ended = ended
        self.known = tuple(known)
        self.gap = gap
        self.lower = tuple(unit.text.lower() for unit in self.units)

    def __len__(self) -> int:
        return len(self.units)

    def text(self, at: int) -> str:
        """Return the lower-case text of a unit, "" outside the turn."""
        return self.lower[at] if 0 <= at < len(self.lower) else ""

    def kind(self, at: int) -> Kind | None:
        """Return the kind of a unit, None outside the turn."""
        return self.units[at].kind if 0 <= at < len(self.units) else None

    def is_word(self, at: int) -> bool:
        """Tell whether a unit is a plain word."""
        return self.kind(at) is Kind.WORD

    def starts_sentence(self, at: int) -> bool:
        """Tell whether a capital at this unit says nothing."""
        return at == 0 or self.units[at - 1].stop

    def skip(self, at: int, words: frozenset[str]) -> int:
        """Return the first unit from `at` on that is neither a filler nor one of `words`."""
        while at < len(self) and (
            self.kind(at) is Kind.FILLER or self.text(at) in words or self.text(at) in ":-,"
        ):
            at += 1
        return at

    def half_said(self) -> int:
        """Return the first of the last units that could be the beginning of digits or letters."""
        at = len(self.units)
        while at > 0 and not self.ended:
            unit = self.units[at - 1]
            begins = (
                unit.text in speech.REPEATS
                or unit.text in speech.ZERO_LETTERS
                or unit.text in speech.NATO
                or unit.raw in ("I", "A")
                or (unit.text == "an" or (unit.text == "in" and self.text(at - 2) in _NAMING))
            )
            if unit.kind not in (Kind.WORD, Kind.FILLER) or not begins:
                break
            at -= 1
        return at

    def finding(
        self, entity: Entity, first: int, last: int, score: float, reason: str, value: str = ""
    ) -> Finding:
        """Make a finding of the units `first` to `last`, half-open."""
        used = self.units[first:last]
        written = value or " ".join(u.raw or u.text for u in used)
        return Finding(
            entity,
            min(u.first for u in used),
            max(u.last for u in used),
            score,
            reason,
            Sensitive(written),
        )

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Return the runs of digits and letters, in order."""
        found: list[Run] = []
        at = 0
        while at < len(self):
            if not self._part(at):
                at += 1
                continue
            parts, last = [self.units[at]], at + 1
            look = last
            while look < len(self):
                gap = self.units[last:look]
                if look > last and self.text(look - 1) == "number" and self.dated(at, last):
                    break  # "since 2017, number 4 0 4"
                if self._part(look) and (links(gap) or self._misheard(at, gap, look)):
                    parts.append(self.units[look])
                    last = look + 1
                elif look - last > _MOST_LINKS or self._part(look):
                    break
                look += 1
            rest = self.units[last:]
            more = not self.ended and (may_link(rest) or self._misheard(at, rest, last))
            found.append(Run(at, last, tuple(parts), more))
            at = last
        return tuple(found)

    def dated(self, first: int, last: int, *, begun: bool = False) -> bool:
        """Tell a year that dates something ("since 2017"), or, if it has `begun`, half of one."""
        digits = "".join(self.lower[first:last])
        if self.text(first - 1) not in YEAR_LEADS or last - first > 2:
            return False
        return digits[:2] in ("19", "20") and (len(digits) == 4 or (begun and len(digits) == 2))

    def _misheard(self, first: int, gap: Sequence[Unit], at: int) -> bool:
        """Tell whether a word between digits is one: "1 for 2", in what is a number for certain."""
        if len(gap) != 1 or gap[0].text not in speech.SURELY_DIGITS:
            return False
        if self.kind(at) not in (Kind.DIGITS, Kind.WORD):
            return False
        label, harmless, _ = self.label_before(first)
        return label is not None or (bool(self.asked) and not harmless)

    def _part(self, at: int) -> bool:
        unit = self.units[at]
        return unit.kind in (Kind.DIGITS, Kind.LETTER) or _bare(unit)

    def label_before(
        self, at: int, *, floor: int = 0, reach: int = 12
    ) -> tuple[Entity | None, bool, tuple[str, ...]]:
        """Find the nearest label to the left of unit `at`, not before unit `floor`.

        Returns the entity (None when there is none), whether the label says *harmless*, and the
        label itself.
        """
        for end in range(at, max(floor, at - reach), -1):
            for size in range(LONGEST_LABEL, 0, -1):
                start = end - size
                if start < floor:
                    continue
                phrase = self.lower[start:end]
                if phrase not in LABELS:
                    continue
                entity = LABELS[phrase]
                if entity is not None:
                    return entity, False, phrase
                between = [
                    i
                    for i in range(end, at)
                    if self.kind(i) is not Kind.FILLER and self.text(i) not in _THIN
                ]
                if not between or (phrase in STRONG_HARMLESS and len(between) <= 5):
                    return None, True, phrase
                break
        return None, False, ()

    def label_after(self, at: int) -> tuple[Entity | None, bool]:
        """Find a label that follows unit `at` by a copula ("… is my PIN").

        Returns the entity and whether the turn's end leaves it open.
        """
        look = at
        while look < len(self) and look - at < 5:
            for size in range(min(LONGEST_LABEL, len(self) - look), 0, -1):
                phrase = self.lower[look : look + size]
                if look > at and LABELS.get(phrase) is not None:
                    return LABELS[phrase], False
            if look > at and not self.ended and self.lower[look:] in _LABELS_BEGUN:
                return None, True
            if self.text(look) not in _AFTER:
                return None, False
            look += 1
        return None, look == len(self) and not self.ended and look - at < 5


_NAMING: Final = words("is name's this i'm it's of")
_LABELS_BEGUN: Final = frozenset(
    phrase[:size] for phrase, entity in LABELS.items() if entity for size in range(1, len(phrase))
)
_THIN: Final = words("""is was it's its number no # a the for of : - to are has about""")
_AFTER: Final = words(
    """is was that's thats are it's being my the our his her for as would be current new"""
)
