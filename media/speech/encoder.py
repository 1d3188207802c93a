"""What a recogniser's encoder makes of sound, and telling one encoder from another."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
"""What an encoder makes of speech: (rows of 20 ms, width)."""

ALIKE: Final = 0.99
"""Cosine between what two encoders make of silence, from which on they are the same."""


def same_encoder(one: Rows, other: Rows) -> bool:
    """Tell whether two encoders are the same, by what they make of silence, (width,)."""
    if one.shape != other.shape:
        return False
    return float(one @ other) > ALIKE * float(np.linalg.norm(one) * np.linalg.norm(other))
