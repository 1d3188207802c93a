"""Whether somebody else speaks now, told by the prints of a voice."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from media.audio import RATE, Samples
from media.liveness.types import Voiceprint

PRINT: Final = 2 * RATE
"""Samples of speech that a print is of."""

ALIKE: Final = 0.1
"""Cosine between a print and the voice so far below which it may be somebody else's.

Measured over G.711 with 56 voices that an earlier training had not met: in 15 minutes of single
voices one false change at 0.1 and five at 0.2; of 100 pairs 70 % are told apart within 6 s at 0.1.
`scripts/liveness/changes.py` measures it again.
"""

IN_A_ROW: Final = 2
"""Prints that must say so: one is of a cough, a laugh, a word said in another tone."""

REMEMBERED: Final = 10
"""Prints that make the voice so far, the newest: a voice drifts over a call."""


class Change:
    """Follow the prints of one voice."""

    def __init__(self) -> None:
        self._known: deque[Voiceprint] = deque(maxlen=REMEMBERED)
        self._new: deque[tuple[Samples, Voiceprint]] = deque()
        self._unlike = 0

    def feed(self, print: Voiceprint, end: Samples) -> Samples | None:
        """Take the print of the speech that ends at `end`; return where another voice began.

        It is held against the prints of speech that it has no part of.
        """
        while self._new and self._new[0][0] <= end - PRINT:
            self._known.append(self._new.popleft()[1])
        alike = True
        if self._known:
            mean = np.mean(self._known, axis=0)
            alike = float(print @ mean) >= ALIKE * float(np.linalg.norm(mean))
        if alike:
            self._unlike = 0
            self._new.append((end, print))
            return None
        self._unlike += 1
        return end - PRINT if self._unlike >= IN_A_ROW else None
