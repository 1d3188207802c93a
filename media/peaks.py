"""Peaks: what a drawing of a waveform needs of its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from media.audio import Pcm, Samples


def peaks(pcm: Pcm, bins: int, length: Samples) -> NDArray[np.int16]:
    """Return the lowest and highest sample of each of `bins` equal stretches.

    `length` is the extent of the drawing in samples: what `pcm` lacks of it counts as silence, so
    that waveforms of different lengths can share one time axis.

    Returns:
        Shape (bins, 2), int16: minimum and maximum.

    Raises:
        ValueError: if `bins` is less than 1 or `pcm` is longer than `length`.
    """
    if bins < 1:
        raise ValueError(f"bins: {bins} is less than 1")
    if len(pcm) > length:
        raise ValueError(f"length: {length} samples are fewer than the {len(pcm)} given")
    # At least one sample a bin, or an empty stretch would repeat its neighbour.
    padded = np.zeros(max(length, bins), dtype=np.int16)
    padded[: len(pcm)] = pcm
    starts = np.arange(bins, dtype=np.int64) * len(padded) // bins
    return np.stack(
        [np.minimum.reduceat(padded, starts), np.maximum.reduceat(padded, starts)], axis=1
    )
