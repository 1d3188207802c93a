"""Where words begin and end, by what the recogniser's encoder hears.

Attention tells which word was said when, but errs by 50 to 250 ms, and energy dips inside words as
well as between them ("it's eight" does not dip at all). The encoder heard where one word goes over
into the next: a small network over its output, trained on speech whose synthesiser says when it
said what (scripts/boundaries), tells for every 10 ms how likely a word begins or ends there.

Pure: the weights are handed in.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from media.networks import Shapes, convolved, network
from media.speech.encoder import Rows, same_encoder

WIDTH: Final = 512
"""Values in a row of the encoder's output (Whisper base)."""

HIDDEN: Final = 64
REACH: Final = 5
"""Rows (20 ms each) that a convolution sees."""

DILATIONS: Final = (1, 2, 4)

STEPS: Final = 2
"""Steps of 10 ms in a row."""

SHAPES: Final[Shapes] = {
    "silence": (WIDTH,),
    "narrow": (HIDDEN, WIDTH),
    "narrow_bias": (HIDDEN,),
    **{
        name: shape
        for i in range(len(DILATIONS))
        for name, shape in (
            (f"conv{i}", (HIDDEN, HIDDEN, REACH)),
            (f"conv{i}_bias", (HIDDEN,)),
        )
    },
    "tell": (2 * STEPS, HIDDEN),
    "tell_bias": (2 * STEPS,),
}
"""The weights of the network."""


class Edges(NamedTuple):
    """Log probabilities that a word begins, and that one ends, in each 10 ms."""

    starts: NDArray[np.floating]
    ends: NDArray[np.floating]


class Boundaries:
    """Tell where words begin and end.

    Raises:
        ValueError: when `weights` are not such a file.
    """

    def __init__(self, weights: bytes) -> None:
        self._net = network(weights, SHAPES, "word boundaries")

    def knows(self, silence: Rows) -> bool:
        """Tell whether an encoder is the one whose output this was trained on."""
        return same_encoder(self._net["silence"], silence)

    def find(self, encoded: Rows) -> Edges:
        """Return the edges in what the encoder made of speech: (rows of 20 ms, `WIDTH`)."""
        net = self._net
        x = np.maximum(encoded @ net["narrow"].T + net["narrow_bias"], 0)
        for i, dilation in enumerate(DILATIONS):
            x = x + convolved(x, net[f"conv{i}"], net[f"conv{i}_bias"], dilation)
        odds = x @ net["tell"].T + net["tell_bias"]
        likely = -np.logaddexp(0, -odds).reshape(len(odds), 2, STEPS)
        return Edges(likely[:, 0].ravel(), likely[:, 1].ravel())
