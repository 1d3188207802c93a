"""The network that scores a window of speech.

The network is an ONNX graph of two parts. One goes from 16 kHz samples within ±1, shape (1, n), to
the log-odds of human, synthetic and other, shape (1, 3); its front end is part of it. The other
goes from what a recogniser's encoder makes of the same samples, shape (1, rows, width), to log-odds
of the same. A third output, shape (width,), is what that encoder makes of silence. How it was made
is told in `MODEL_CARD.md`, what its answers mean by its card (`media.liveness.card`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import onnxruntime

from media.liveness.card import Card, ModelFileError
from media.liveness.types import Score, Scored
from media.speech.encoder import Rows, same_encoder

LEAST: Final = 8_000
"""Samples of a window at least; a shorter one is repeated until it is as long."""

_TAKEN: Final = [("tensor(float)", 2), ("tensor(float)", 3)]
"""The type of each input, and how many dimensions it has."""


class Model(Card):
    """Score windows, and judge the scores by the card.

    Args:
        onnx: the graph.
        card: what `weights/card.json` holds.

    Raises:
        ModelFileError: when the graph is corrupt or of another shape, or the card lacks something.
    """

    def __init__(self, onnx: bytes, card: Mapping[str, Any]) -> None:
        super().__init__(card)
        self.sha256 = hashlib.sha256(onnx).hexdigest()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                onnx, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime's errors have no base of their own
            raise ModelFileError(f"the graph cannot be read: {type(error).__name__}") from error
        inputs = self._session.get_inputs()
        if [(each.type, len(each.shape)) for each in inputs] != _TAKEN or any(
            isinstance(each.shape[1], int) for each in inputs
        ):
            shapes = ", ".join(f"{each.type} {each.shape}" for each in inputs)
            raise ModelFileError(f"the graph takes {shapes}, not float samples (1, n) and rows")
        self._inputs = [each.name for each in inputs]
        width = inputs[1].shape[2]
        self._unheard = np.zeros((1, width), np.float32)
        told = self._run(np.zeros(LEAST, np.float32), self._unheard)
        returned = [np.shape(each) for each in told]
        if returned != [(1, 3), (1, 3), (width,)]:
            raise ModelFileError(f"the graph returns the shapes {returned}")
        self._silence = told[2]

    def knows(self, silence: Rows) -> bool:
        """Tell whether it hears by an encoder that makes this of silence."""
        return same_encoder(self._silence, silence)

    def score(self, job: Score, encoded: Rows | None = None) -> Scored:
        """Score a window, int16 at 16 kHz, and what an encoder that it knows made of it."""
        samples = job.speech.astype(np.float32) / np.float32(32_768)
        if len(samples) < LEAST:
            samples = np.resize(samples, LEAST)
        told = self._run(samples, self._unheard if encoded is None else encoded)
        odds, heard = (np.asarray(each[0], np.float64) for each in told[:2])
        shares = np.exp(odds - odds.max())
        return Scored(
            job.id,
            float(odds[1] - odds[0]),
            float(shares[2] / shares.sum()),
            heard=None if encoded is None else float(heard[1] - heard[0]),
        )

    def _run(self, samples: Rows, encoded: Rows) -> Any:
        given = dict(zip(self._inputs, (samples[None], encoded[None]), strict=True))
        try:
            return self._session.run(None, given)
        except Exception as error:  # as above
            raise ModelFileError(f"the graph cannot be run: {type(error).__name__}") from error
