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

from media.activity import Activity, PhraseEnded, PhraseStarted
from media.audio import FRAME, RATE, Pcm, Samples, Span, samples, seconds

ENDPOINT: Final = RATE // 2
"""Silence that ends an utterance."""

LONGEST: Final = 15 * RATE
"""Samples after which an utterance is taken as it is."""


class Baseline:
    """Stock faster-whisper and stock Presidio."""

    def __init__(self, model: Any, spacy_folder: Path) -> None:
        self._model = model
        # The list of domains that the e-mail recogniser asks for comes from the package.
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": str(spacy_folder)}])
        self._analyser = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def run(self, pcm: Pcm) -> tuple[Pcm, list[tuple[Span, float]], float]:
        """Return what is released, when each stretch is, and the seconds of compute."""
        out = pcm.copy()
        released: list[tuple[Span, float]] = []
        compute = 0.0
        at: Samples = 0
        free_at = 0.0
        for utterance in utterances(pcm):
            released.append((Span(at, utterance.start), seconds(utterance.start)))
            began = time.process_time()
            for span in self._personal(pcm[utterance.start : utterance.end]):
                out[utterance.start + span.start : utterance.start + span.end] = 0
            took = time.process_time() - began
            compute += took
            free_at = max(free_at, seconds(known(utterance))) + took
            released.append((utterance, free_at))
            at = utterance.end
        released.append((Span(at, len(pcm)), seconds(len(pcm))))
        return out, _live(released), compute

    def _personal(self, pcm: Pcm) -> list[Span]:
        segments, _ = self._model.transcribe(
            pcm.astype(np.float32) / 32_768, language="en", beam_size=5, word_timestamps=True
        )
        words = [word for segment in segments for word in segment.words]
        text, starts = "", []
        for word in words:
            starts.append(len(text))
            text += word.word
        spans: list[Span] = []
        for result in self._analyser.analyze(text, language="en"):
            for start, word in zip(starts, words, strict=True):
                if start < result.end and start + len(word.word) > result.start:
                    spans.append(Span(samples(word.start), samples(word.end)))
        return spans


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
