"""What the builder of a voice agent does today, as the figure to beat.

Voice activity ends an utterance after half a second of silence; stock faster-whisper recognises
it with word times; stock Presidio looks at the text; the words it names are muted; the rest goes
on. Nothing here is tuned, for better or worse.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from gateway.bench.measure import Found, Outcome
from media.activity import Activity, PhraseEnded, PhraseStarted
from media.audio import FRAME, RATE, Pcm, Samples, Span, samples, seconds
from media.entities.types import Entity

ENDPOINT: Final = RATE // 2
"""Silence that ends an utterance."""

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


class Baseline:
    """Stock faster-whisper and stock Presidio."""

    def __init__(self, model: Any, spacy_folder: Path) -> None:
        self._model = model
        # The list of domains that the e-mail recogniser asks for comes from the package.
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": str(spacy_folder)}])
        self._analyser = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def run(self, pcm: Pcm) -> Outcome:
        """Return what comes of a call."""
        out = pcm.copy()
        found: list[Found] = []
        released: list[tuple[Span, float]] = []
        compute = 0.0
        at: Samples = 0
        free_at = 0.0
        for utterance in _utterances(pcm):
            released.append((Span(at, utterance.start), seconds(utterance.start)))
            began = time.process_time()  # as the gate is timed
            for words, entities in self._personal(pcm[utterance.start : utterance.end]):
                spans = [Span(utterance.start + w.start, utterance.start + w.end) for w in words]
                for span in spans:
                    out[span.start : span.end] = 0
                found.append(Found(Span(spans[0].start, spans[-1].end), entities))
            took = time.process_time() - began
            compute += took
            free_at = max(free_at, seconds(utterance.end + ENDPOINT)) + took
            released.append((utterance, free_at))
            at = utterance.end
        released.append((Span(at, len(pcm)), seconds(len(pcm))))
        return Outcome(out, _live(released), found, compute)

    def _personal(self, pcm: Pcm) -> list[tuple[list[Span], tuple[Entity, ...]]]:
        """Return what is personal in an utterance: where its words are, and what it is."""
        segments, _ = self._model.transcribe(
            pcm.astype(np.float32) / 32_768, language="en", beam_size=5, word_timestamps=True
        )
        words = [word for segment in segments for word in segment.words]
        text, starts = "", []
        for word in words:
            starts.append(len(text))
            text += word.word
        found: list[tuple[list[Span], tuple[Entity, ...]]] = []
        for result in self._analyser.analyze(text, language="en"):
            spans = [
                Span(samples(word.start), samples(word.end))
                for start, word in zip(starts, words, strict=True)
                if start < result.end and start + len(word.word) > result.start
            ]
            if spans:
                found.append((spans, TYPES.get(result.entity_type, ())))
        return found


def _utterances(pcm: Pcm) -> list[Span]:
    activity = Activity()
    whole = np.concatenate([pcm, np.zeros(-len(pcm) % FRAME + RATE, np.int16)])
    found: list[Span] = []
    start: Samples = 0
    for event in activity.feed(whole):
        match event:
            case PhraseStarted(at):
                start = at
            case PhraseEnded(at) if found and start - found[-1].end < ENDPOINT:
                found[-1] = Span(found[-1].start, at)
            case PhraseEnded(at):
                found.append(Span(start, at))
    return [Span(s.start, min(s.end, len(pcm))) for s in found]


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
