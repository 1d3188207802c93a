"""A detector's card: how scores become probabilities, and from which on a voice is synthetic.

It is read without the network, by whoever judges scores that a worker made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from media.audio import Seconds
from media.liveness.types import WINDOW_S, Verdict


class ModelFileError(ValueError):
    """A model cannot be used; says what is the matter with its files."""


class Card:
    """Judge scores: a `media.liveness.types.Judge`.

    Args:
        card: what `weights/card.json` holds.

    Raises:
        ModelFileError: when the card lacks something.
    """

    def __init__(self, card: Mapping[str, Any]) -> None:
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
