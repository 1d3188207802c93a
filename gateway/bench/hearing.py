"""Stock faster-whisper as it comes: the listener to what came out, the aligner of known words."""

from __future__ import annotations

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from gateway.models import whisper_folder
from media.audio import Pcm, Span, samples
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.timing import refine

Timed = list[tuple[str, Span]]


def stock(model: str) -> WhisperModel:
    """Load a model, with one thread: as many calls run at once as there are cores."""
    return WhisperModel(str(whisper_folder(model)), "cpu", compute_type="int8", cpu_threads=1)


def listen(model: WhisperModel, pcm: Pcm) -> Timed:
    """Return the words that are heard and where: padded to 30 s, beam 5."""
    segments, _ = model.transcribe(
        pcm.astype(np.float32) / 32_768, language="en", beam_size=5, word_timestamps=True
    )
    return [
        (word.word, Span(samples(word.start), samples(word.end)))
        for segment in segments
        for word in segment.words or ()
    ]


def align(model: WhisperModel, pcm: Pcm, text: str) -> Timed:
    """Time the words of a known text by the model's attention, snapped to dips of energy."""
    tokenizer = Tokenizer(model.hf_tokenizer, True, task="transcribe", language="en")
    words = text.split()
    spoken = [w.capitalize() if len(w) > 1 else w for w in words]
    tokens = [token for w in spoken for token in tokenizer.encode(" " + w)]
    mel = model.feature_extractor(pcm.astype(np.float32) / 32_768)
    frames = min(len(pcm) // 160, 3_000)
    window = np.full((mel.shape[0], 3_000), mel.min(), np.float32)
    window[:, :frames] = mel[:, :frames]
    timed = model.find_alignment(tokenizer, [tokens], model.encode(window), frames)[0]
    found = [
        Word(Sensitive(word), Span(samples(entry["start"]), samples(entry["end"])))
        for word, entry in zip(words, timed, strict=False)
    ]
    return [(w.text.reveal(), w.span) for w in refine(found, pcm, 0)]
