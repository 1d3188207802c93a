"""Whisper's encoder and decoder at work: ONNX Runtime, one thread, 8-bit weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from media.speech.graphs import decoder, encoder, extremes, memory, projection, shape_of
from media.speech.weights import Weights

LARGEST: Final = np.full((1, 64), 255, np.uint8)
"""Numbers of 8 bits whose products are as large as they can be."""

FAR: Final = -1e9
"""What is added to the attention between a token and a later one."""

Real = NDArray[np.float32]

Memory = dict[str, ort.OrtValue]
"""What the decoder attends to: keys and values of each layer."""


@dataclass(frozen=True, slots=True)
class Past:
    """The tokens that the decoder has had, as keys and values: (layers, batch, heads, n, head)."""

    keys: ort.OrtValue
    values: ort.OrtValue

    @property
    def length(self) -> int:
        """How many tokens they are."""
        return int(self.keys.shape()[3])

    def of(self, rows: Sequence[int]) -> Past:
        """Return the past of some of the batch, in this order."""
        return Past(*(_value(each.numpy()[:, rows]) for each in (self.keys, self.values)))

    def until(self, length: int) -> Past:
        """Return the past of the first `length` tokens."""
        return Past(*(_value(each.numpy()[..., :length, :]) for each in (self.keys, self.values)))


@dataclass(frozen=True, slots=True)
class Step:
    """What the decoder makes of new tokens.

    `states` (batch, new, width) foretell the token after each; `attention` (layers, batch, heads,
    new, rows) is told where it was asked for.
    """

    states: Real
    past: Past
    attention: Real | None


class Transformer:
    """Run a Whisper model.

    Args:
        weights: as `read_weights` returns them.
        in_noise: the same with an encoder for noisy lines, if there is one.

    Raises:
        ValueError: when one is missing, or they do not fit each other.
    """

    def __init__(self, weights: Weights, in_noise: Weights | None = None) -> None:
        shape = shape_of(weights)
        # A copy, or the file would be looked at as long as the model is in use.
        self._embeddings = weights["decoder/embeddings/weight"].astype(np.float16)
        self._places = weights["decoder/position_encodings/encodings"].astype(np.float32)
        graphs = (encoder, memory, decoder, projection)
        self._encoder, self._memory, self._decoder, self._projection = (
            _session(graph(weights, shape), careful=overflows()) for graph in graphs
        )
        self._noisy = None
        if in_noise is not None:
            self._noisy = _session(encoder(in_noise, shape), careful=overflows())
        self._remembered = [each.name for each in self._memory.get_outputs()]
        nothing = np.zeros((shape.decoder_layers, 1, shape.heads, 0, shape.head), np.float32)
        self.nothing = Past(_value(nothing), _value(nothing))

    @property
    def vocabulary(self) -> int:
        """How many tokens there are."""
        return len(self._embeddings)

    @property
    def bands(self) -> int:
        """How many bands the features have."""
        return int(self._encoder.get_inputs()[0].shape[1])

    @property
    def hears_in_noise(self) -> bool:
        """Tell whether there is an encoder for noisy lines."""
        return self._noisy is not None

    def encode(self, mel: Real, *, noisy: bool = False) -> Real:
        """Encode log-mel features (bands, frames): a row for two frames, (frames / 2, width).

        Those of a `noisy` line are heard by the encoder that is for them, where there is one.
        """
        session = self._noisy if noisy and self._noisy is not None else self._encoder
        (encoded,) = session.run(None, {"mel": np.ascontiguousarray(mel[None])})
        rows: Real = encoded[0]
        return rows

    def remember(self, encoded: Real) -> list[Real]:
        """Return the keys and values by which the decoder attends to rows, layer by layer."""
        return list(self._memory.run(None, {"encoded": np.ascontiguousarray(encoded[None])}))

    def memory(self, *parts: Sequence[Real]) -> Memory:
        """Join what was remembered, in order, for the decoder to attend to."""
        return {
            name: _value(np.concatenate(each, axis=3 if name.startswith("keys") else 2))
            for name, *each in zip(self._remembered, *parts, strict=True)
        }

    def step(
        self,
        tokens: Sequence[Sequence[int]],
        past: Past,
        memory: Memory,
        *,
        attention: bool = False,
    ) -> Step:
        """Read new tokens (batch, new), behind those of `past`.

        Raises:
            ValueError: when they are more than the decoder takes.
        """
        ids = np.asarray(tokens)
        new, before = ids.shape[1], past.length
        if before + new > len(self._places):
            raise ValueError(f"{before + new} tokens are more than the decoder takes")
        places = self._places[before : before + new]
        mask = np.triu(np.full((new, before + new), FAR, np.float32), before + 1)
        inputs = {
            "tokens": _value(self._embeddings[ids].astype(np.float32) + places),
            "mask": _value(mask),
            "past_keys": past.keys,
            "past_values": past.values,
            **memory,
        }
        outputs = ["states", "all_keys", "all_values", *(["attention"] if attention else [])]
        states, keys, values, *rest = self._decoder.run_with_ort_values(outputs, inputs)
        return Step(states.numpy(), Past(keys, values), rest[0].numpy() if rest else None)

    def logits(self, states: Real) -> Real:
        """Return how likely which token follows, of states (n, width): (n, vocabulary)."""
        (logits,) = self._projection.run(None, {"states": np.ascontiguousarray(states)})
        result: Real = logits
        return result


def _value(array: NDArray[Any]) -> ort.OrtValue:
    return ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))


@cache
def overflows() -> bool:
    """Tell whether this processor loses bits of products of 8 bits.

    x86 without VNNI adds two of them in 16 bits, where they do not fit.
    """
    (product,) = _session(extremes(), careful=False).run(None, {"x": LARGEST})
    return bool((product != 255 * 127 * LARGEST.size).any())


def _session(graph: bytes, *, careful: bool) -> Any:
    """Return what runs a graph; if `careful`, without losing bits, which takes half as long again.

    That is ONNX Runtime's option for what `overflows` tells of.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # no two windows are of one length
    if careful:
        options.add_session_config_entry("session.x64quantprecision", "1")
    session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    session._model_bytes = None  # kept for nothing: a second copy of the weights
    return session
