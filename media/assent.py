"""Whether an answer is a clear yes, by its sound.

A decoder that writes freely hears "Sure." over a noisy line as "You are.", and no grammar makes a
yes of that. The encoder heard it well enough: a small network over its output, trained on yeses and
on everything that is none (scripts/assent), tells the two apart without writing anything down.

Pure: the weights are handed in. Source of the pooling: Okabe et al. 2018, attentive statistics.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE
from media.networks import Network, Shapes, convolved, unpacked
from media.speech.encoder import same_encoder

LANGUAGES: Final = ("en", "es", "fr", "de")
"""What an answer may be in (ISO 639-1)."""

LONGEST: Final = 5 * RATE
"""Samples of an answer that is scored; nobody needs longer for a clear yes."""

WIDTH: Final = 512
"""Values in a row of the encoder's output (Whisper base)."""

HIDDEN: Final = 96
HEADS: Final = 4
REACH: Final = 5
"""Rows (20 ms each) that a convolution sees."""

DILATIONS: Final = (1, 2, 4)

_MIXED: Final = 64
_POOLED: Final = 2 * HEADS * HIDDEN + len(LANGUAGES)

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
    "attend": (HEADS, HIDDEN),
    "attend_bias": (HEADS,),
    "mix": (_MIXED, _POOLED),
    "mix_bias": (_MIXED,),
    "tell": (1, _MIXED),
    "tell_bias": (1,),
}
"""The weights of each network of the ensemble."""


class Assent:
    """Tell how likely an answer is a clear yes.

    Args:
        weights: the file, one network after the other; their log-odds are averaged.

    Raises:
        ValueError: when it is not such a file.
    """

    def __init__(self, weights: bytes) -> None:
        self._networks = unpacked(weights, SHAPES, "assent")

    def knows(self, silence: NDArray[np.float32]) -> bool:
        """Tell whether an encoder is the one whose output this was trained on."""
        return same_encoder(self._networks[0]["silence"], silence)

    def score(self, encoded: NDArray[np.float32], language: str) -> float:
        """Return the log-odds that an answer is a clear yes.

        `encoded` is what the encoder makes of it: (rows of 20 ms, `WIDTH`).

        Raises:
            ValueError: when the language is none of `LANGUAGES`.
        """
        spoken = np.zeros(len(LANGUAGES), np.float32)
        spoken[LANGUAGES.index(language)] = 1.0
        odds = [_odds(net, encoded, spoken) for net in self._networks]
        return float(np.mean(odds))


def _odds(net: Network, encoded: NDArray[np.float32], spoken: NDArray[np.float32]) -> float:
    x = np.maximum(encoded @ net["narrow"].T + net["narrow_bias"], 0)
    for i, dilation in enumerate(DILATIONS):
        x = x + convolved(x, net[f"conv{i}"], net[f"conv{i}_bias"], dilation)
    weight = x @ net["attend"].T + net["attend_bias"]
    weight = np.exp(weight - weight.max(axis=0))
    weight /= weight.sum(axis=0)
    mean = weight.T @ x
    spread = np.sqrt(np.maximum(weight.T @ x**2 - mean**2, 1e-4))
    pooled = np.concatenate([mean.ravel(), spread.ravel(), spoken])
    mixed = np.maximum(net["mix"] @ pooled + net["mix_bias"], 0)
    return float((net["tell"] @ mixed + net["tell_bias"])[0])
