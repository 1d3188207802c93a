"""A detector's card: how scores become probabilities, and from which on a voice is synthetic.

It is read without the network, by whoever judges scores that a worker made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.audio import Seconds
from media.liveness.types import WINDOW_S, Scored, Verdict

Column = NDArray[np.float64]
"""A number of the calibration, at each of its lengths of speech."""


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
            alone = calibration | {"heard": np.zeros_like(self._seconds)}
            self._scales = _scale(alone), _scale(calibration["encoded"])
            self._unsure = float(card["thresholds"]["unsure"])
            self._synthetic = float(card["thresholds"]["synthetic"])
            numbers = np.stack([self._seconds, *self._scales[0], *self._scales[1]])
            usable = numbers.ndim == 2 and numbers.size > 0 and bool(np.isfinite(numbers).all())
        except (LookupError, TypeError, ValueError) as error:
            raise ModelFileError(f"the card lacks something: {error}") from error
        if not usable or not 0 < self._unsure <= self._synthetic < 1:
            raise ModelFileError("the card's calibration or thresholds cannot be used")

    def calibrate(self, windows: Sequence[Scored], speech_s: Seconds) -> float:
        """Turn the scores of one voice's windows into the probability that it is synthetic.

        There is a window after each second, of the newest `WINDOW_S` at most; a longer one counts
        for more, by the square of its length. What the encoder heard of some of them counts
        beside. That holds where half of the voices are synthetic, and grows surer with the speech
        it rests on.
        """
        weights = np.clip(speech_s - np.arange(len(windows))[::-1], 1, WINDOW_S) ** 2
        encoded = [i for i, window in enumerate(windows) if window.heard is not None]
        logit = _mean([window.logit for window in windows], weights)
        heard = _mean([windows[i].heard for i in encoded], weights[encoded])
        at = math.log(max(speech_s, 1e-3))
        scale = self._scales[bool(encoded)]
        slope, by_heard, offset = (np.interp(at, np.log(self._seconds), of) for of in scale)
        odds = float(slope * logit + by_heard * heard + offset)
        return 1 / (1 + math.exp(-min(30.0, max(-30.0, odds))))

    def verdict(self, score: float) -> Verdict:
        """Judge a calibrated probability."""
        if score >= self._synthetic:
            return Verdict.SYNTHETIC
        return Verdict.UNSURE if score >= self._unsure else Verdict.HUMAN


def _scale(of: Mapping[str, Any]) -> tuple[Column, Column, Column]:
    slope, heard, offset = (np.array(of[key], np.float64) for key in ("slope", "heard", "offset"))
    return slope, heard, offset


def _mean(values: Sequence[float | None], weights: Column) -> float:
    return float(np.average(np.array(values, np.float64), weights=weights)) if values else 0.0
