"""What was found earlier in the call: silenced wherever it comes again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from media.entities.english.context import ANSWER_TALK, FUNCTION, common
from media.entities.recognisers.numbers import by_length
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

REMEMBERED: Final = frozenset(
    {
        Entity.PERSON,
        Entity.PAYMENT_CARD,
        Entity.BANK_ACCOUNT,
        Entity.US_SSN,
        Entity.PHONE,
        Entity.MEDICAL_RECORD,
    }
)
"""Whose values are looked for again; the words of addresses and conditions are everybody's."""

MOST: Final = 64
"""How many values count, the latest: more than one call gives, and quick to look for."""

_LEAST_DIGITS: Final = 4


class Known:
    """Names and numbers that this call has already given away."""

    name = "known"
    about = "a name or number found earlier in the call (four digits of a number suffice)"
    entities = (Entity.PERSON,)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Look for words and digits of the known values."""
        known = turn.known[-MOST:]
        names = {
            word
            for value in known
            for word in re.findall(r"[^\W\d_]{3,}", value.casefold())
            if word not in FUNCTION and word not in ANSWER_TALK
        }
        for at, unit in enumerate(turn.units):
            word = unit.text.removesuffix("'s").casefold()
            if unit.kind is Kind.WORD and word in names and (unit.cap or not common(word)):
                yield turn.finding(Entity.PERSON, at, at + 1, 0.9, "known")
        numbers = [re.sub(r"\D", "", value) for value in known]
        for run in turn.runs:
            if len(run.digits) >= _LEAST_DIGITS:
                for number in numbers:
                    if run.digits in number:
                        guess = by_length(number, (len(number),))
                        entity = guess[0] if guess else Entity.BANK_ACCOUNT
                        yield turn.finding(entity, run.first, run.last, 0.7, "known", run.text)
                        break
