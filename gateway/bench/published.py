"""A published detector as an ONNX graph that the user brings: one input of samples at 16 kHz, one
output of two scores, synthetic and human in that order, as AASIST's repository has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from media.audio import Pcm

LENGTH: Final = 64_600
"""Samples that AASIST and its kin take, 4.04 s, where the graph itself says nothing."""


class Published:
    """Called with speech it gives the log-odds of synthetic, not calibrated."""

    def __init__(self, path: Path) -> None:
        self._session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        taken = self._session.get_inputs()[0]
        self._name = taken.name
        self._length = taken.shape[-1] if isinstance(taken.shape[-1], int) else LENGTH

    def __call__(self, speech: Pcm) -> float:
        """Score the beginning of speech at 16 kHz, repeated where it is too short."""
        samples = np.resize(speech, self._length).astype(np.float32) / 32_768
        scores = np.ravel(self._session.run(None, {self._name: samples[None]})[-1])
        return float(scores[0] - scores[1])
