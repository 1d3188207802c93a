"""How loud a block of samples is, as RTP header extensions tell it."""

from __future__ import annotations

import math

import numpy as np

from media.audio import Pcm


def dbov(pcm: Pcm) -> int:
    """Return the level of int16 samples of any rate in dBov, 0 (loudest) to -127 (silence).

    Source: RFC 6465, appendix A (root mean square against the overload point 32767).
    """
    if len(pcm) == 0:
        return -127
    wide = pcm.astype(np.float64)
    rms = math.sqrt(float(np.dot(wide, wide)) / len(wide)) / 32_767
    return round(min(0.0, max(-127.0, 20 * math.log10(rms)))) if rms > 0 else -127
