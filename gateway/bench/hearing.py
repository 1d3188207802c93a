"""Stock faster-whisper as it comes: the listener to what came out, the aligner of known words."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from pydantic import TypeAdapter

from gateway.bench.memo import Memo
from media.audio import Pcm, Span, samples
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech import timing

Timed = list[tuple[str, Span]]
"""Words and where they are said."""


class Stock:
    """The model in `folder`, loaded when something is asked that `cache` has no answer to."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self._folder = folder
        self._heard = Memo(cache, TypeAdapter(Timed), __file__)
        self._aligned = Memo(cache, TypeAdapter(Timed), __file__, timing.__file__)

    @cached_property
    def model(self) -> WhisperModel:
        """Return the model, on one thread: as many calls run at once as there are cores."""
        return WhisperModel(str(self._folder), "cpu", compute_type="int8", cpu_threads=1)

    def listen(self, pcm: Pcm) -> Timed:
        """Return the words that are heard and where."""
        return self._heard(["listen", str(self._folder)], pcm, lambda: self.transcribe(pcm))

    def align(self, pcm: Pcm, text: str) -> Timed:
        """Time the words of a known text by the model's attention, snapped to dips of energy."""
        asked = ["align", str(self._folder), text]
        return self._aligned(asked, pcm, lambda: self._align(pcm, text))

    def transcribe(self, pcm: Pcm) -> Timed:
        """Recognise `pcm`, whatever was heard before: padded to 30 s, beam 5."""
        segments, _ = self.model.transcribe(
            pcm.astype(np.float32) / 32_768, language="en", beam_size=5, word_timestamps=True
        )
        return [
            (word.word, Span(samples(word.start), samples(word.end)))
            for segment in segments
            for word in segment.words or ()
        ]

    def _align(self, pcm: Pcm, text: str) -> Timed:
        tokenizer = Tokenizer(self.model.hf_tokenizer, True, task="transcribe", language="en")
        words = text.split()
        spoken = [w.capitalize() if len(w) > 1 else w for w in words]
        tokens = [token for w in spoken for token in tokenizer.encode(" " + w)]
        mel = self.model.feature_extractor(pcm.astype(np.float32) / 32_768)
        frames = min(len(pcm) // 160, 3_000)
        window = np.full((mel.shape[0], 3_000), mel.min(), np.float32)
        window[:, :frames] = mel[:, :frames]
        encoded = self.model.encode(window)
        found = [
            Word(Sensitive(word), Span(samples(times["start"]), samples(times["end"])))
            for word, times in zip(
                words,
                self.model.find_alignment(tokenizer, [tokens], encoded, frames)[0],
                strict=False,
            )
        ]
        return [(w.text.reveal(), w.span) for w in timing.refine(found, pcm, 0)]
