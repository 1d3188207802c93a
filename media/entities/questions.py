"""What an agent's utterance asks the caller to say."""

# ruff: noqa: E501 - one pattern, one line

from __future__ import annotations

import re
from typing import Final

from media.entities.types import Entity

_ASKED: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), frozenset(entities))
    for pattern, entities in (
        (r"\b(cvv|cvc|security code|code on the back|(three|3|four|4)[- ]digit (security )?code|digits on the back|verification value)\b", {Entity.CVV}),
        (r"\b(expir(y|ation|es?|ing)|exp date|valid (thru|through|until))\b", {Entity.CARD_EXPIRY}),
        (r"\b((credit|debit|payment)[- ]card|card number|long number|card you('d| would)? (like|want)|digits? (of|on) (your|the) card|card details)\b|\b(your|the|which) card\b(?! (was|is|has|will))", {Entity.PAYMENT_CARD}),
        (r"\b(account number|bank account|checking account|savings account|sort code|bank details)\b", {Entity.BANK_ACCOUNT}),
        (r"\b(routing( number)?|aba)\b", {Entity.ROUTING_NUMBER}),
        (r"\biban\b", {Entity.IBAN}),
        (r"\b(social security|social|ssn)\b", {Entity.US_SSN}),
        (r"\b(itin|taxpayer|tax id)\b", {Entity.US_ITIN}),
        (r"\bnhs\b", {Entity.UK_NHS}),
        (r"\b(national insurance|ni number)\b", {Entity.UK_NINO}),
        (r"\bpassport\b", {Entity.PASSPORT}),
        (r"\b(driv(er'?s?|ing) licen[cs]e|licen[cs]e number)\b", {Entity.DRIVING_LICENCE}),
        (r"\b((tele)?phone|mobile|cell|callback|contact|call[- ]back|daytime)( phone)? number\b|\b(best|good) number\b|\bnumber (to|can|we can|i can|where) (reach|call|i|we)\b|\barea code\b|\b(reach|call) you (at|on|back)\b|\byour (tele)?phone\b|\bphone number\b", {Entity.PHONE}),
        (r"\be-?mail\b", {Entity.EMAIL}),
        (r"\b(user ?name|user id|log-?in( name| id)?|screen name)\b", {Entity.USERNAME}),
        (r"\b(pass(word|code|phrase)|pin( number| code)?|one[- ]time (code|password|pin)|(verification|access|authentication|security|confirmation|login|(six|6)[- ]digit) code|code (we|i|that)( just| have)? (sent|texted|e-?mailed)|security (word|answer|question)|otp|memorable word|maiden name)\b", {Entity.PASSWORD}),
        (r"\b((first|last|full|middle|given|family|maiden|sur)[- ]?name|surname|your name|name (please|on the|of the|for the|and|is|i'm|am i)|who('s| is| am i| are)? (this|i |calling|speaking|am i)|(spell|say|tell me|have|get|give me) (it|that|your|the) (name|out|for me)|may i ask who|who do i have|cardholder|account holder|speaking with)\b|\bname, please\b|\bspell\b", {Entity.PERSON}),
        (r"\b((street|house|mailing|home|billing|shipping|delivery|postal|current|full|new)[- ](and |number|name|address)|street|(your|the) address|address (is|please|and|for|on|where)|where (do|are) you (live|living|located|calling from)|house number|deliver(ed)? (it )?to|ship (it )?to|apartment|address)\b", {Entity.ADDRESS}),
        (r"\b(zip( ?code)?|post(al)? ?code|postcode)\b", {Entity.ZIP}),
        (r"\b(city|town|(which|what) state|where (do|are) you (live|living|located|calling from))\b", {Entity.CITY}),
        (r"\b(date of birth|birth ?date|birthday|dob|when were you born|born|birth)\b", {Entity.DATE_OF_BIRTH}),
        (r"\b((member(ship)?|patient|subscriber|insurance|policy|group|medicare|medicaid) (id|number|identifier)|medical record|mrn|chart number|insurance (id|card)|policy number)\b", {Entity.MEDICAL_RECORD}),
        (r"\b(medications?|medicines?|symptoms|condition|diagnos(is|ed)|allerg(y|ies|ic)|prescriptions? (are|do|is)|health (issue|problem|condition)s?|drugs)\b", {Entity.HEALTH}),
        (r"\b((license|licence|number|registration) plate|plate number|tag number|vehicle registration|registration( number)?)\b", {Entity.VEHICLE_PLATE}),
        (r"\b(ip address)\b", {Entity.IP_ADDRESS}),
        (r"\b(website|web ?site address|url|web address)\b", {Entity.URL}),
    )
)  # fmt: skip

_ASKING: Final = re.compile(
    r"\?|\b(please|what|what's|which|when|where|who|could|can|may|would|spell|tell|say|give|provide"
    r"|confirm|verify|enter|need|read|share|state|repeat|let me (have|get)|have your|your)\b",
    re.IGNORECASE,
)
_NOT_ASKING: Final = re.compile(
    r"\b(never (ask|share|give)|don't (share|give|tell|say)|do not (share|give|tell|say)"
    r"|i('ve| have) (got|received|updated|found|noted|sent)|we('ve| have) (got|received|updated|found|noted|sent)"
    r"|thank you for (your|the)|thanks for (your|the|that)|i (see|have) (your|an?|the))\b",
    re.IGNORECASE,
)
_SPELL: Final = re.compile(r"\bspell\b", re.IGNORECASE)


def asked_for(text: str) -> frozenset[Entity]:
    """Return what the agent's words ask the caller to say; nothing when they do not ask.

    Sentences are looked at one by one, so that "thank you for your e-mail" before a question
    about something else asks for nothing.
    """
    asked: set[Entity] = set()
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        if not _ASKING.search(sentence):
            continue
        if _NOT_ASKING.search(sentence) and "?" not in sentence:
            continue
        found: set[Entity] = set()
        for pattern, entities in _ASKED:
            if pattern.search(sentence):
                found |= entities
        asked |= _apart(found, sentence)
    return frozenset(asked)


def _apart(found: set[Entity], sentence: str) -> set[Entity]:
    """Take out what only another entity's words suggested."""
    if Entity.CVV in found and not re.search(r"card number|long number", sentence, re.IGNORECASE):
        found -= {Entity.PAYMENT_CARD}
    if Entity.CVV in found:
        found -= {Entity.PASSWORD}
    if Entity.CARD_EXPIRY in found and not re.search(r"card number", sentence, re.IGNORECASE):
        found -= {Entity.PAYMENT_CARD}
    if re.search(r"name on the (card|account)|cardholder", sentence, re.IGNORECASE):
        found -= {Entity.PAYMENT_CARD, Entity.BANK_ACCOUNT}
    if Entity.EMAIL in found and not re.search(r"(street|mailing|home|postal)", sentence, re.I):
        found -= {Entity.ADDRESS}
    if Entity.UK_NINO in found:
        found -= {Entity.MEDICAL_RECORD}
    if Entity.IP_ADDRESS in found or Entity.URL in found:
        found -= {Entity.ADDRESS}
    spelling = _SPELL.search(sentence) and not re.search(r"name", sentence, re.IGNORECASE)
    if spelling and found & {Entity.ADDRESS, Entity.CITY, Entity.EMAIL, Entity.USERNAME}:
        found -= {Entity.PERSON}
    if Entity.ADDRESS in found and re.search(
        r"street name|name of (your|the) (street|road)", sentence, re.IGNORECASE
    ):
        found -= {Entity.PERSON}
    if Entity.USERNAME in found and not re.search(r"(first|last|full|your) name", sentence, re.I):
        found -= {Entity.PERSON}
    return found
