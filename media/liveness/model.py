"""The network that scores a window of speech.

The network is an ONNX graph from 16 kHz samples within ±1, shape (1, n), to the log-odds of human,
synthetic and other, shape (1, 3); its front end is part of it. How it was made is told in
`MODEL_CARD.md`, what its answers mean by its card (`media.liveness.card`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import onnxruntime

from media.liveness.card import Card, ModelFileError
from media.liveness.types import Score, Scored

LEAST: Final = 8_000
"""Samples of a window at least; a shorter one is repeated until it is as long."""


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
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if (
            len(inputs) != 1
            or inputs[0].type != "tensor(float)"
            or len(inputs[0].shape) != 2
            or isinstance(inputs[0].shape[1], int)
        ):
            shapes = ", ".join(f"{each.type} {each.shape}" for each in inputs)
            raise ModelFileError(f"the graph takes {shapes}, not float samples (1, n)")
        self._input = inputs[0].name
        self._output = outputs[0].name
        self._log_odds(np.zeros(LEAST, np.float32))

    def score(self, job: Score) -> Scored:
        """Score a window, int16 at 16 kHz."""
        samples = job.speech.astype(np.float32) / np.float32(32_768)
        if len(samples) < LEAST:
            samples = np.resize(samples, LEAST)
        odds = self._log_odds(samples)
        shares = np.exp(odds - odds.max())
        return Scored(job.id, float(odds[1] - odds[0]), float(shares[2] / shares.sum()))

    def _log_odds(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> Any:
        try:
            odds = self._session.run([self._output], {self._input: samples[None]})[0]
        except Exception as error:  # as above
            raise ModelFileError(f"the graph cannot be run: {type(error).__name__}") from error
        if np.shape(odds) != (1, 3):
            raise ModelFileError(f"the graph returns the shape {np.shape(odds)}, not (1, 3)")
        return np.asarray(odds[0], np.float64)
