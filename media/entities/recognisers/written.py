"""Presidio's recognisers over the written form of a turn: a second opinion.

Digits and letters that were said one after another are written together, so that patterns made
for text ("GB29NWBK…", "4111111111111111") meet what they were made for. Left out are Presidio's
e-mail and URL recognisers, which ask the network for a list of domains, and those whose checksum
every tenth number passes, labelled as harmless or not; our own recognisers weigh the labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import FUNCTION
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

ENTITIES: Final = {
    "CREDIT_CARD": Entity.PAYMENT_CARD,
    "IBAN_CODE": Entity.IBAN,
    "US_SSN": Entity.US_SSN,
    "US_ITIN": Entity.US_ITIN,
    "UK_NINO": Entity.UK_NINO,
    "IP_ADDRESS": Entity.IP_ADDRESS,
}

LEAST: Final = 0.5
"""The least score that counts; a checksum that holds gives 1, a pattern of any digits 0.05."""


class Written:
    """What Presidio's checksummed recognisers find."""

    name = "presidio"
    about = "Presidio's recognisers with checksums, over what was said as it would be written"
    entities = tuple(ENTITIES.values())

    def __init__(self) -> None:
        from presidio_analyzer import predefined_recognizers as presidio

        self._recognisers = [
            presidio.CreditCardRecognizer(),
            presidio.IbanRecognizer(),
            presidio.UsSsnRecognizer(),
            presidio.UsItinRecognizer(),
            presidio.UkNinoRecognizer(),
            presidio.IpRecognizer(),
        ]

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Yield what is confirmed."""
        text, units = _written(turn)
        if not any(c.isdigit() for c in text):
            return
        for recogniser in self._recognisers:
            for result in recogniser.analyze(text, recogniser.supported_entities, None) or ():
                if result.score >= LEAST:
                    used = units[result.start : result.end]
                    if turn.is_word(used[0]) and turn.text(used[0]) in FUNCTION:
                        continue  # "on 19 21 68 1" is no insurance number
                    yield turn.finding(
                        ENTITIES[result.entity_type],
                        min(used),
                        max(used) + 1,
                        result.score,
                        "presidio",
                        text[result.start : result.end],
                    )


def _written(turn: Utterance) -> tuple[str, list[int]]:
    """Return the turn as it would be written, and for each character the unit that it is of."""
    together = {at: run for run in turn.runs for at in range(run.first + 1, run.last)}
    text: list[str] = []
    units: list[int] = []
    for at, unit in enumerate(turn.units):
        part = unit.text
        run = together.get(at)
        if run is None:
            alone = at + 1 not in together
            part = " " + (unit.raw if alone else part)
        elif unit not in run.parts:
            continue
        text.append(part)
        units += [at] * len(part)
    return "".join(text), units
