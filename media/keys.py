"""Keys typed on a keypad: each press once, and what those typed in a row are together.

A press may come as an RFC 4733 event, as tones in the sound, or as both; what is typed may be a
card as well as what is said. Time is a sample count at 16 kHz.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum import luhn

from media.audio import Samples, Span, samples
from media.clearance import Action
from media.entities.recognisers.numbers import by_length, fit
from media.entities.types import Entity, Finding, Word
from media.sensitive import Sensitive


class Keys(StrEnum):
    """What becomes of keys pressed during the talk; their tones never pass."""

    DROP = "drop"
    """Tones are silenced; the agent is told a token of what was typed."""
    SILENCE = "silence"
    """Tones are silenced; the agent learns nothing, not even that something was typed."""
    TONE = "tone"
    """As `DROP`, but a flat tone sounds in the place of each key."""
    PASS = "pass"  # noqa: S105 - no password
    """As `DROP`, but the agent gets the keys as well."""

    @property
    def action(self) -> Action:
        """Return what becomes of what was typed, in the terms of other findings."""
        return {Keys.TONE: Action.BLEEP, Keys.PASS: Action.PASS}.get(self, Action.MUTE)


ENDS: Final = samples(3.0)
"""Time without a key after which what was typed is complete."""

ENTER: Final = "#"
"""The key that completes it at once."""

MOST: Final = 64
"""Keys in a row after which they are taken for complete: nothing that is typed is longer."""

SAME: Final = samples(0.5)
"""Within this time one key as an event and as tones is one press: gateways that turn tones into
events let their beginnings through."""

RULE: Final = "keypad"


class Presses:
    """Tell which presses are new, of those that come as events and as tones."""

    def __init__(self) -> None:
        self._last: dict[bool, tuple[str, Samples] | None] = {False: None, True: None}

    def new(self, key: str, at: Samples, *, event: bool) -> bool:
        """Take a press; tell whether it has not come the other way already."""
        other = self._last[not event]
        if other is not None and other[0] == key and at - other[1] < SAME:
            self._last[not event] = None  # each stands for one press
            return False
        self._last[event] = (key, at)
        return True


@dataclass(frozen=True, slots=True)
class Run:
    """Keys typed in a row: two words, "(keys)" and what was typed, and the finding in them."""

    words: tuple[Word, Word]
    finding: Finding


class Typing:
    """Gather keys into runs; each is a finding when it is complete."""

    def __init__(self) -> None:
        self._keys = ""
        self._first: Samples = 0
        self._last: Samples = 0
        self._before: Entity | None = None

    def press(self, key: str, at: Samples, asked: frozenset[Entity]) -> Run | None:
        """Take a new press at a place in the stream; return the run that it completes."""
        if not self._keys:
            self._first = at
        self._last = at
        if key == ENTER:
            return self.complete(asked)
        self._keys += key
        return self.complete(asked) if len(self._keys) >= MOST else None

    def rest(self, at: Samples, asked: frozenset[Entity]) -> Run | None:
        """Return the run that has been complete for want of another key, if there is one."""
        return self.complete(asked) if self._keys and at - self._last >= ENDS else None

    def complete(self, asked: frozenset[Entity]) -> Run | None:
        """End the run; without a digit it is nothing."""
        typed, self._keys = self._keys, ""
        digits = "".join(key for key in typed if key.isdigit())
        if not digits:
            return None
        entity, score = classify(digits, asked, self._before)
        self._before = entity
        span = Span(self._first, max(self._last, self._first + 1))
        value = Sensitive(typed)
        words = (Word(Sensitive("(keys)"), span), Word(value, span))
        return Run(words, Finding(entity, 1, 2, score, RULE, value))


def classify(digits: str, asked: frozenset[Entity], before: Entity | None) -> tuple[Entity, float]:
    """Say what typed digits are, and how surely: by checksum, question, what came before, length.

    Nothing typed is harmless: what fits nothing else counts as a password, as a PIN does.
    """
    count = len(digits)
    if 13 <= count <= 19 and luhn.is_valid(digits):
        return Entity.PAYMENT_CARD, 0.99
    wanted = fit(asked, count)
    if wanted is not None:
        return wanted, 0.8
    if before is Entity.PAYMENT_CARD and count in (3, 4):
        return (Entity.CVV if count == 3 else Entity.CARD_EXPIRY), 0.6
    return by_length(digits, [1] * count) or (Entity.PASSWORD, 0.4)
