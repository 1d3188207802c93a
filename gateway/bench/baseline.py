"""What the builder of a voice agent does today, as the figure to beat.

Voice activity ends an utterance after half a second of silence; stock faster-whisper recognises
it with word times; stock Presidio looks at the text; the words it names are muted; the rest goes
on. Nothing here is tuned, for better or worse.
"""

from __future__ import annotations

import time
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import numpy as np
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from pydantic import TypeAdapter

from gateway.bench import hearing
from gateway.bench.hearing import Stock
from gateway.bench.measure import Found, Outcome
from gateway.bench.memo import Memo
from media.activity import Activity, PhraseEnded, PhraseStarted
from media.audio import FRAME, RATE, Pcm, Samples, Span, seconds
from media.entities.types import Entity

ENDPOINT: Final = RATE // 2
"""Silence that ends an utterance."""

LONGEST: Final = 15 * RATE
"""Samples after which an utterance is taken as it is."""

TYPES: Final[dict[str, tuple[Entity, ...]]] = {
    "CREDIT_CARD": (Entity.PAYMENT_CARD,),
    "DATE_TIME": (Entity.DATE_OF_BIRTH, Entity.CARD_EXPIRY),
    "EMAIL_ADDRESS": (Entity.EMAIL,),
    "IBAN_CODE": (Entity.IBAN,),
    "IP_ADDRESS": (Entity.IP_ADDRESS,),
    "LOCATION": (Entity.ADDRESS, Entity.CITY, Entity.ZIP),
    "PERSON": (Entity.PERSON,),
    "PHONE_NUMBER": (Entity.PHONE,),
    "UK_NHS": (Entity.UK_NHS,),
    "URL": (Entity.URL,),
    "US_BANK_NUMBER": (Entity.BANK_ACCOUNT,),
    "US_DRIVER_LICENSE": (Entity.DRIVING_LICENCE,),
    "US_ITIN": (Entity.US_ITIN,),
    "US_PASSPORT": (Entity.PASSPORT,),
    "US_SSN": (Entity.US_SSN,),
}
"""Presidio's types as ours. It has some of ours not at all, and some wider; the rest it finds and
mutes under names that we have nothing for."""

Personal = list[tuple[list[Span], tuple[Entity, ...]]]
"""What is personal: where its words are, and what it is."""


class Baseline:
    """Stock faster-whisper and stock Presidio."""

    def __init__(self, stock: Stock, spacy_folder: Path, cache: Path) -> None:
        self._stock = stock
        self._spacy = spacy_folder
        self._known = Memo(cache, TypeAdapter(tuple[Personal, float]), __file__, hearing.__file__)

    @cached_property
    def _analyser(self) -> AnalyzerEngine:
        # The list of domains that the e-mail recogniser asks for comes from the package.
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": str(self._spacy)}])
        return AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def run(self, pcm: Pcm) -> Outcome:
        """Return what comes of a call."""
        out = pcm.copy()
        found: list[Found] = []
        released: list[tuple[Span, float]] = []
        compute = 0.0
        at: Samples = 0
        free_at = 0.0
        for utterance in utterances(pcm):
            released.append((Span(at, utterance.start), seconds(utterance.start)))
            part = pcm[utterance.start : utterance.end]
            personal, took = self._known(["baseline"], part, partial(self.personal, part))
            for words, entities in personal:
                spans = [Span(utterance.start + w.start, utterance.start + w.end) for w in words]
                for span in spans:
                    out[span.start : span.end] = 0
                found.append(Found(Span(spans[0].start, spans[-1].end), entities))
            compute += took
            free_at = max(free_at, seconds(known(utterance))) + took
            released.append((utterance, free_at))
            at = utterance.end
        released.append((Span(at, len(pcm)), seconds(len(pcm))))
        return Outcome(out, _live(released), found, compute)

    def personal(self, pcm: Pcm) -> tuple[Personal, float]:
        """Return what is personal in an utterance, and the seconds that it takes to tell now."""
        analyser, _ = self._analyser, self._stock.model  # loading them is not timed
        began = time.process_time()  # as the gate is
        words = self._stock.transcribe(pcm)
        text, starts = "", []
        for word, _ in words:
            starts.append(len(text))
            text += word
        found: Personal = []
        for result in analyser.analyze(text, language="en"):
            spans = [
                span
                for start, (word, span) in zip(starts, words, strict=True)
                if start < result.end and start + len(word) > result.start
            ]
            if spans:
                found.append((spans, TYPES.get(result.entity_type, ())))
        return found, time.process_time() - began


def known(utterance: Span) -> Samples:
    """Return when an utterance is known to have ended."""
    return utterance.end + (ENDPOINT if len(utterance) < LONGEST else 0)


def utterances(pcm: Pcm) -> list[Span]:
    """Return where somebody speaks, pauses below `ENDPOINT` included, in parts of `LONGEST`."""
    activity = Activity()
    whole = np.concatenate([pcm, np.zeros(-len(pcm) % FRAME + RATE, np.int16)])
    found: list[Span] = []
    start: Samples = 0
    events = activity.feed(whole)
    if activity.speaking:  # talk without a pause deafens the detector to silence for a while
        events.append(PhraseEnded(activity.voiced_until))
    for event in events:
        match event:
            case PhraseStarted(at):
                start = at
            case PhraseEnded(at) if found and start - found[-1].end < ENDPOINT:
                found[-1] = Span(found[-1].start, at)
            case PhraseEnded(at):
                found.append(Span(start, at))
    return [
        Span(start, min(start + LONGEST, s.end, len(pcm)))
        for s in found
        for start in range(s.start, min(s.end, len(pcm)), LONGEST)
    ]


def _live(released: list[tuple[Span, float]]) -> list[tuple[Span, float]]:
    """Let silence out frame by frame as it comes, but never before what precedes it."""
    live: list[tuple[Span, float]] = []
    after = 0.0
    for span, at_s in released:
        for start in range(span.start, span.end, FRAME):
            part = Span(start, min(start + FRAME, span.end))
            real = seconds(part.end)
            after = max(after, real if at_s <= seconds(span.end) else at_s, real)
            live.append((part, after))
    return live
