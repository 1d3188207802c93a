"""The network that scores a window of speech, and what its answers mean.

The network is an ONNX graph from 16 kHz samples within ±1, shape (1, n), to the log-odds of human,
synthetic and other, shape (1, 3); its front end is part of it. Its card (`weights/card.json`) says
how scores become probabilities, and from which on a voice is called synthetic. How both were made
is told in `MODEL_CARD.md`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnxruntime

from media.audio import Seconds
from media.liveness.types import Score, Scored, Verdict

LEAST: Final = 8_000
"""Samples of a window at least; a shorter one is repeated until it is as long."""


WINDOW_S: Final = 4
"""Seconds of speech that are scored at once, at most."""


class ModelFileError(ValueError):
    """A model cannot be used; says what is the matter with its files."""


class Model:
    """Score windows, and judge the scores by the card.

    Args:
        onnx: the graph.
        card: what `weights/card.json` holds.

    Raises:
        ModelFileError: when the graph is corrupt or of another shape, or the card lacks something.
    """

    def __init__(self, onnx: bytes, card: Mapping[str, Any]) -> None:
        self.sha256 = hashlib.sha256(onnx).hexdigest()
        try:
            self.version = str(card["version"])
            calibration = card["calibration"]
            self._seconds = np.array(calibration["seconds"], np.float64)
            self._slope = np.array(calibration["slope"], np.float64)
            self._offset = np.array(calibration["offset"], np.float64)
            self._unsure = float(card["thresholds"]["unsure"])
            self._synthetic = float(card["thresholds"]["synthetic"])
            numbers = np.stack([self._seconds, self._slope, self._offset])
            usable = numbers.ndim == 2 and numbers.size > 0 and bool(np.isfinite(numbers).all())
        except (LookupError, TypeError, ValueError) as error:
            raise ModelFileError(f"the card lacks something: {error}") from error
        if not usable or not 0 < self._unsure <= self._synthetic < 1:
            raise ModelFileError("the card's calibration or thresholds cannot be used")
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

    def calibrate(self, logits: Sequence[float], speech_s: Seconds) -> float:
        """Turn the scores of one voice's windows into the probability that it is synthetic.

        There is a window after each second, of the newest `WINDOW_S` at most; a longer one counts
        for more, by the square of its length. That holds where half of the voices are synthetic,
        and grows surer with the speech it rests on.
        """
        lengths = np.clip(speech_s - np.arange(len(logits))[::-1], 1, WINDOW_S)
        mean = float(np.average(logits, weights=lengths**2)) if len(logits) else 0.0
        at = math.log(max(speech_s, 1e-3))
        slope = float(np.interp(at, np.log(self._seconds), self._slope))
        offset = float(np.interp(at, np.log(self._seconds), self._offset))
        return 1 / (1 + math.exp(-min(30.0, max(-30.0, slope * mean + offset))))

    def verdict(self, score: float) -> Verdict:
        """Judge a calibrated probability."""
        if score >= self._synthetic:
            return Verdict.SYNTHETIC
        return Verdict.UNSURE if score >= self._unsure else Verdict.HUMAN

    def _log_odds(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> Any:
        try:
            odds = self._session.run([self._output], {self._input: samples[None]})[0]
        except Exception as error:  # as above
            raise ModelFileError(f"the graph cannot be run: {type(error).__name__}") from error
        if np.shape(odds) != (1, 3):
            raise ModelFileError(f"the graph returns the shape {np.shape(odds)}, not (1, 3)")
        return np.asarray(odds[0], np.float64)
