"""The nouns of inspection: words as heard, entities, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from media.audio import Samples, Span
from media.clearance import Action
from media.sensitive import Sensitive


class Entity(StrEnum):
    """A type of personal data that a caller may say."""

    PAYMENT_CARD = "PAYMENT_CARD"
    CVV = "CVV"
    CARD_EXPIRY = "CARD_EXPIRY"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    ROUTING_NUMBER = "ROUTING_NUMBER"
    IBAN = "IBAN"
    US_SSN = "US_SSN"
    US_ITIN = "US_ITIN"
    UK_NHS = "UK_NHS"
    UK_NINO = "UK_NINO"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    USERNAME = "USERNAME"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a type, not a secret
    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    ZIP = "ZIP"
    CITY = "CITY"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    MEDICAL_RECORD = "MEDICAL_RECORD"
    HEALTH = "HEALTH"
    VEHICLE_PLATE = "VEHICLE_PLATE"
    IP_ADDRESS = "IP_ADDRESS"
    URL = "URL"
    UNSURE = "UNSURE"
    """Speech that could not be recognised with confidence, and is therefore silenced."""


ACTIONS: Final[Mapping[Entity, Action]] = dict.fromkeys(Entity, Action.BLEEP) | {
    Entity.UNSURE: Action.MUTE
}
"""What becomes of each entity, unless policy says otherwise."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as recognised.

    `text` is what the recogniser wrote ("412", "Smith,", "K-M-H"); `span` is where it was said;
    `score` its probability, 0 to 1. Of digits and letters strung together `inside` are the places
    where the further ones begin, as far as they are known. A letter that was written with a hyphen
    to the one before is `hyphened`. One of a reading that is a guess is `guessed`.
    """

    text: Sensitive[str]
    span: Span
    score: float = 1.0
    inside: tuple[Samples, ...] = ()
    hyphened: bool = False
    guessed: bool = False

    @property
    def middle(self) -> Samples:
        """Return the middle of the word."""
        return (self.span.start + self.span.end) // 2

    @property
    def plain(self) -> str:
        """Return the text without case and punctuation, to compare it with others."""
        return "".join(c for c in self.text.reveal().casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Finding:
    """An entity found in a sequence of words.

    `first` and `last` are word indices, half-open, into the sequence that was inspected. `value`
    is the written form ("4111111111111111", "jane@example.com"). `reason` names the rule.
    """

    entity: Entity
    first: int
    last: int
    score: float
    reason: str
    value: Sensitive[str] = field(default_factory=lambda: Sensitive(""))


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the detector says of a sequence of words.

    `findings` do not overlap and come in order. Words from index `open_from` on (when it is less
    than the number of words) are an *open run*: nothing yet, but what comes next could still make
    them part of a finding. Words in a finding may be silenced at once, even inside an open run.
    """

    findings: tuple[Finding, ...]
    open_from: int


NOTHING = Inspection((), 0)
"""The inspection of no words."""
