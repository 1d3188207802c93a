"""Numbers: what a run of spoken digits (with letters in it, or not) is.

Decided by the label before it, what was asked, the label after it, its checksum and its length,
in this order; a checksum raises the score, a broken one never clears (one digit is easily
misheard).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers
from stdnum import iban, luhn
from stdnum.gb import nhs
from stdnum.us import rtn

from media.entities.english import speech
from media.entities.english.context import ACRONYMS, LABELS, QUANTITIES, common
from media.entities.english.listing import words
from media.entities.spoken import Kind, Unit
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Run, Utterance

_LEAST: Final = {Entity.ADDRESS: 1, Entity.DATE_OF_BIRTH: 2, Entity.USERNAME: 1, Entity.EMAIL: 1}
"""Digits from which a label alone makes a finding; 3 unless listed."""

_LENGTHS: Final = {
    Entity.CVV: ((3, 4),),
    Entity.CARD_EXPIRY: ((3, 6),),
    Entity.ZIP: ((5, 5), (9, 9)),
    Entity.ROUTING_NUMBER: ((9, 9),),
    Entity.US_SSN: ((9, 9), (4, 4)),
    Entity.US_ITIN: ((9, 9),),
    Entity.UK_NHS: ((10, 10),),
    Entity.PHONE: ((7, 15),),
    Entity.PAYMENT_CARD: ((12, 19), (4, 4)),
    Entity.BANK_ACCOUNT: ((6, 17),),
    Entity.PASSWORD: ((4, 8),),
    Entity.DATE_OF_BIRTH: ((3, 8),),
    Entity.ADDRESS: ((1, 5),),
    Entity.PASSPORT: ((8, 9),),
    Entity.DRIVING_LICENCE: ((6, 13),),
    Entity.MEDICAL_RECORD: ((5, 12),),
    Entity.VEHICLE_PLATE: ((2, 8),),
    Entity.UK_NINO: ((6, 6),),
    Entity.IBAN: ((12, 30),),
    Entity.USERNAME: ((1, 6),),
}

_SHAPES: Final = (
    (re.compile(r"[A-CEGHJ-PR-TW-Z]{2}\d{6}[A-D]"), Entity.UK_NINO),
    (re.compile(r"(GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})"), Entity.ZIP),
)

_MONTH_YEAR: Final = re.compile(r"(0?[1-9]|1[0-2])/(2[4-9]|3\d)")
"""A month and a year in which a card may end."""

_COPULAS: Final = words("is it's was that's")
_HOUR: Final = re.compile(r"(1?\d|2[0-3])([0-5]\d)?|[0-5]\d")
"""An hour, a minute, or both."""

_HOUR_LEADS: Final = words("at before after until till")
_ONE_OF: Final = words("moment second sec minute on of")

_GENERIC: Final = frozenset(
    {("my", "number"), ("the", "number"), ("number's",), ("the", "code"), ("code",), ("card",)}
)
"""Labels that what was asked outranks."""

_LETTERED: Final = frozenset(
    {
        Entity.VEHICLE_PLATE,
        Entity.PASSPORT,
        Entity.DRIVING_LICENCE,
        Entity.MEDICAL_RECORD,
        Entity.UK_NINO,
    }
)
"""What may begin with letters that a recogniser writes as one word."""

_HEADED: Final = _LETTERED | {Entity.PASSWORD, Entity.IBAN}
"""What begins with letters that a recogniser writes as everyday words: "are in 7 5 5"."""

_LIKE_LETTERS: Final = frozenset(speech.LETTER_NAMES) | words("a am an i in")

_CODES: Final = _LETTERED | {Entity.IBAN, Entity.ZIP}
"""What has letters and digits side by side, so that few of both tell it where it was asked for."""

_FOURS: Final = words("for fore")
_BEFORE_FOURS: Final = words("is it's its that's was number no code")
"""What a number's first digit follows; a "for" there is a four."""

_CONTINUED: Final = {
    Entity.PAYMENT_CARD: 15,
    Entity.PHONE: 10,
    Entity.US_SSN: 9,
    Entity.BANK_ACCOUNT: 8,
    Entity.ROUTING_NUMBER: 9,
}
"""Entities whose number goes on after a few other words until it has this many digits."""


def fit(entities: frozenset[Entity], digits: int) -> Entity | None:
    """Choose the entity whose usual length fits, else the first that is a number at all."""
    numeric = [entity for entity in _LENGTHS if entity in entities]
    for entity in numeric:
        if any(low <= digits <= high for low, high in _LENGTHS[entity]):
            return entity
    return numeric[0] if numeric else None


def by_length(digits: str, groups: Sequence[int]) -> tuple[Entity, float] | None:
    """Say what digits, said in groups of these sizes, are when nothing around them does."""
    count = len(digits)
    if count >= 12:
        return Entity.PAYMENT_CARD, 0.95 if luhn.is_valid(digits) else 0.7
    if count >= 10:
        if count == 10 and nhs.is_valid(digits) and not _phone(digits):
            return Entity.UK_NHS, 0.6
        return Entity.PHONE, 0.85 if _phone(digits) else 0.6
    if count == 9:
        if list(groups) == [3, 2, 4] or not rtn.is_valid(digits):
            itin = digits[0] == "9" and digits[3] in "56789"
            return (Entity.US_ITIN if itin else Entity.US_SSN), 0.6
        return Entity.ROUTING_NUMBER, 0.6
    if count == 8:
        return Entity.BANK_ACCOUNT, 0.5
    if count == 7:
        return Entity.PHONE, 0.6
    if count in (5, 6) and len(groups) == count:
        return (Entity.ZIP if count == 5 else Entity.PASSWORD), 0.4
    return None


def _phone(digits: str) -> bool:
    national = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    try:
        number = phonenumbers.parse(national, "US")
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(number))


class Numbers:
    """Runs of digits, and of digits mixed with letters."""

    name = "numbers"
    about = (
        "a run of spoken digits or letters and digits, by the label before or after it, the "
        "agent's question, checksum (Luhn, ABA, NHS, IBAN) and length; 7 digits and more are "
        "never let through unexplained"
    )
    entities = tuple(_LENGTHS)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Judge each run that has a digit in it."""
        floor, before = 0, None
        for run in turn.runs:
            if run.digits:
                found = self._judge(turn, run, floor, before)
                if found:
                    entity, score, reason = found
                    told = entity in _HEADED and reason != "length"
                    first = self._head(turn, run.first) if told else run.first
                    first, last = self._four(turn, first), self._suffixed(turn, run, entity)
                    last += reason != "length" and self._garbled(turn, last, run, entity)
                    yield turn.finding(entity, first, last, score, reason, run.text)
                    if run.open and last < len(turn):
                        yield Pending(last)
                    before = (entity, run)
                elif run.open or turn.label_after(run.last)[1]:
                    yield Pending(self._begun(turn, run.first))
                if not turn.dated(run.first, run.last):  # the label may be that of a number behind
                    floor = run.last if len(run.text) > 1 else run.first

        if not turn.ended:
            first = self._begun(turn, len(turn))
            if first < len(turn):
                yield Pending(first)

    def _head(self, turn: Utterance, first: int) -> int:
        """Take in letters before the digits that were written as words ("ktx 4529", "are in 7")."""
        sounds = first
        while turn.text(sounds - 1) in _LIKE_LETTERS or turn.kind(sounds - 1) is Kind.LETTER:
            sounds -= 1
        if sounds < first and (
            turn.text(sounds - 1) in _COPULAS or turn.label_before(sounds, reach=1)[0] is not None
        ):
            return sounds
        while turn.is_word(first - 1):
            word, capitals = turn.text(first - 1), turn.units[first - 1].raw.isupper()
            if not 1 < len(word) <= 4 or not word.isalpha() or (word,) in LABELS:
                break
            if common(word) and not capitals:
                break
            first -= 1
        return first

    def _begun(self, turn: Utterance, first: int) -> int:
        """Return where a number begins that goes on at `first`, such letters taken in."""
        lettered = turn.asked & _HEADED or turn.label_before(first)[0] in _HEADED
        return self._four(turn, self._head(turn, first) if lettered else first)

    def _four(self, turn: Utterance, first: int) -> int:
        """Take in a "for" that begins a number which was announced or asked for: a four."""
        four = first - 1
        if turn.text(four) not in _FOURS:
            return first
        label, harmless, phrase = turn.label_before(four)
        begins = (
            turn.text(four - 1) in _BEFORE_FOURS
            or turn.starts_sentence(four)
            or turn.lower[four - len(phrase) : four] == phrase
        )
        told = label is not None or (bool(turn.asked) and not harmless)
        return four if begins and told else first

    def _garbled(self, turn: Utterance, last: int, run: Run, entity: Entity) -> bool:
        """Tell whether a word behind a number that lacks digits is what became of them ("ecto")."""
        lacks = len(run.digits) < min((low for low, _ in _LENGTHS.get(entity, ())), default=0)
        word = turn.text(last)
        return lacks and turn.is_word(last) and not common(word) and word not in ACRONYMS

    def _suffixed(self, turn: Utterance, run: Run, entity: Entity) -> int:
        """Take in the last letters of a code where they make a word: "a", or an acronym."""
        last = run.last
        if entity not in _CODES:
            return last
        written = turn.texts[turn.units[last].first] if last < len(turn) else ""
        known = turn.is_word(last) and turn.text(last) in ACRONYMS and len(turn.text(last)) == 2
        if known and run.letters and written.isupper():
            return last + 1  # "L S 4 2 BP"
        if turn.text(last) == "a":
            ends = written.endswith((",", ".")) or (turn.ended and last == len(turn) - 1)
            return last + ends
        return last

    def _judge(
        self, turn: Utterance, run: Run, floor: int, before: tuple[Entity, Run] | None
    ) -> tuple[Entity, float, str] | None:
        count = len(run.digits)
        text = run.text
        label, harmless, phrase = turn.label_before(run.first, floor=floor)
        shape = _shape(text)
        if shape and label is None and not run.open:
            return shape, 0.9, "shape"
        if turn.asked and phrase in _GENERIC:
            label = fit(turn.asked, count) or label
        card = count in (15, 16) and luhn.is_valid(run.digits)
        if harmless and not card and count < 17 and (len(phrase) > 1 or count < 7):
            return None
        if self._counts(turn, run, label):
            return None
        if len(run.parts) == 1 and run.parts[0].raw.lower() == "one":
            return None  # "the one", "no one": a word rather than a digit
        if run.text == "1" and turn.text(run.last) in _ONE_OF:
            return None  # "1 moment", "the 1 on the front"
        if count == 1 and turn.text(run.first - 1) in ("last", "first"):
            return None  # "the last four are"
        if label is not None:
            return self._labelled(turn, run, label)
        if turn.asked and not harmless:
            entity = fit(turn.asked, count)
            mixed = entity in _CODES and bool(run.letters) and len(text) > 2
            if entity is not None and (count > 2 or mixed or not run.open):
                return entity, 0.8, "asked"
        after, _ = turn.label_after(run.last)
        if after is not None and len(text) >= _LEAST.get(after, 3):
            return after, 0.8, "label after"
        if before is not None:
            entity, earlier = before
            gap = run.first - earlier.last
            lacking = len(earlier.digits) < _CONTINUED.get(entity, 0)
            if gap <= 10 and count >= 2 and lacking and not (gap > 1 and self._hour(turn, run)):
                return entity, 0.6, "continued"
            if entity is Entity.PAYMENT_CARD and gap <= 6 and count in (3, 4):
                return (Entity.CVV if count == 3 else Entity.CARD_EXPIRY), 0.6, "after a card"
        guess = by_length(run.digits, [len(part.text) for part in run.parts])
        if guess is None and run.letters and len(text) >= 7 and not run.open:
            guess = (Entity.DRIVING_LICENCE, 0.5)
        if guess is None:
            guess = self._telling(turn, run)
        if guess and self._only_amounts(run) and count <= 9:
            return None
        return (*guess, "length") if guess else None

    def _telling(self, turn: Utterance, run: Run) -> tuple[Entity, float] | None:
        """Guess by the way in which digits are said, where their label was lost or misheard."""
        count = len(run.digits)
        said = "".join(unit.text for unit in turn.units[run.first : run.last])
        said = said.replace("-", "")
        if _MONTH_YEAR.fullmatch(said) and (len(run.parts) > 2 or said[0] == "0"):
            return Entity.CARD_EXPIRY, 0.6  # "0, 8, slash 27"
        if count > 2 and any(part.raw.lower() in speech.REPEATS for part in run.parts):
            return Entity.PASSWORD, 0.5  # nobody counts "double nine zero"
        exact = not any(map(_round, run.parts))
        rest = turn.units[run.last :]
        back = turn.ended and rest and all(u.text in speech.REPAIRS for u in rest)
        if count > 2 and exact and back:
            return Entity.PASSWORD, 0.4  # "696, no sorry"
        if count > 2 and run.first == 1 and turn.text(0) == "is":
            return Entity.PASSWORD, 0.4  # what was before "is" has been lost
        plain = "." not in said and exact
        if count == 6 and plain:
            return Entity.MEDICAL_RECORD, 0.4
        if count == 5 and len(run.parts) == 1 and plain:
            return Entity.ZIP, 0.4  # a count of things has a comma: "12,021"
        return None

    def _labelled(
        self, turn: Utterance, run: Run, label: Entity
    ) -> tuple[Entity, float, str] | None:
        count = len(run.digits)
        size = len(run.text)
        if label in (Entity.CVV, Entity.CARD_EXPIRY, Entity.ZIP) and count >= 12:
            return Entity.PAYMENT_CARD, 0.8, "length"
        if label is Entity.PHONE and count >= 13:
            return Entity.PAYMENT_CARD, 0.8, "length"
        if size < _LEAST.get(label, 3):
            return None
        score = 0.85
        if label is Entity.PAYMENT_CARD and luhn.is_valid(run.digits):
            score = 0.99
        if label is Entity.ROUTING_NUMBER and rtn.is_valid(run.digits):
            score = 0.99
        if label is Entity.IBAN and iban.is_valid(run.text):
            score = 0.99
        return label, score, "label"

    def _hour(self, turn: Utterance, run: Run) -> bool:
        """Tell when something is ("leaves at 3 45"), not what it is."""
        return turn.text(run.first - 1) in _HOUR_LEADS and len(run.digits) > 2 and _hours(run)

    def _only_amounts(self, run: Run) -> bool:
        return len(run.parts) == 1 and run.parts[0].kind is Kind.AMOUNT

    def _counts(self, turn: Utterance, run: Run, label: Entity | None) -> bool:
        """Tell whether the run counts something, is a year or an amount."""
        count = len(run.digits)
        if turn.text(run.first - 1) == "between" and _hours(run):
            return True  # "between 11 45 and 12 30"
        if run.letters or count > 6:
            return False
        following = turn.text(run.last)
        if following in QUANTITIES and following not in ("k", "s"):
            return True
        if turn.kind(run.last) is Kind.TIME or turn.kind(run.last) is Kind.AMOUNT:
            return count <= 2
        if label is Entity.DATE_OF_BIRTH or Entity.DATE_OF_BIRTH in turn.asked:
            return False
        previous = turn.text(run.first - 1)
        if previous == "within":
            return not turn.asked  # "by e-mail within 60 minutes"
        dated = turn.dated(run.first, run.last, begun=run.open)
        if dated and label is not Entity.CARD_EXPIRY:
            return not turn.asked
        return self._only_amounts(run) and not turn.asked and label is None


def _hours(run: Run) -> bool:
    return all(_HOUR.fullmatch(part.text) for part in run.parts)


def _round(part: Unit) -> bool:
    """Tell a group that is a year or a round number rather than digits of a longer one."""
    year = len(part.text) == 4 and part.text[:2] in ("19", "20")
    return year or part.kind is Kind.AMOUNT or (len(part.text) > 1 and part.text.endswith("0"))


def _shape(text: str) -> Entity | None:
    for pattern, entity in _SHAPES:
        if pattern.fullmatch(text):
            return entity
    return Entity.IBAN if len(text) >= 15 and iban.is_valid(text) else None
