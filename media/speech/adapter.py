"""An encoder for noisy lines: small changes to the weights of Whisper base.

What Whisper's encoder makes of words in noise is far from what it makes of the same words said
clearly, and the decoder guesses. A copy of it was taught to make the same of both (scripts/noise).
What ships is the difference: two narrow matrices for each linear layer, whose product is added to
its weights (Hu et al. 2021, "LoRA"), and the biases, norms and convolutions as they have become. To
hear by it costs what it costs to hear by the encoder itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from media.networks import Shapes, network
from media.speech.weights import Weights

RANK: Final = 24
"""Width of the narrow matrices."""

WIDTH: Final = 512
BANDS: Final = 80
LAYERS: Final = 6
"""Of Whisper base."""

_INNER: Final = 4 * WIDTH
_NORMED: Final = ("self_attention", "ffn")

ORIGIN: Final = "encoder/conv1/bias"
"""The array of the encoder by which it is told from others."""


def linears() -> Iterator[tuple[str, int, int]]:
    """Yield the name of each linear layer, how many values it returns, and how many it takes."""
    for i in range(LAYERS):
        layer = f"encoder/layer_{i}"
        yield f"{layer}/self_attention/linear_0", 3 * WIDTH, WIDTH
        yield f"{layer}/self_attention/linear_1", WIDTH, WIDTH
        yield f"{layer}/ffn/linear_0", _INNER, WIDTH
        yield f"{layer}/ffn/linear_1", WIDTH, _INNER


def _whole() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the arrays that take the place of the encoder's."""
    for name, count, _ in linears():
        yield f"{name}/bias", (count,)
    norms = [f"encoder/layer_{i}/{part}/" for i in range(LAYERS) for part in _NORMED]
    for norm in (*norms, "encoder/"):
        yield f"{norm}layer_norm/gamma", (WIDTH,)
        yield f"{norm}layer_norm/beta", (WIDTH,)
    for name, taken in (("conv1", BANDS), ("conv2", WIDTH)):
        yield f"encoder/{name}/weight", (WIDTH, taken, 3)
        yield f"encoder/{name}/bias", (WIDTH,)


WHOLE: Final = dict(_whole())
"""Name and shape of each of them."""

SHAPES: Final[Shapes] = {
    "origin": (WIDTH,),
    **{f"{name}/down": (RANK, taken) for name, _, taken in linears()},
    **{f"{name}/up": (count, RANK) for name, count, _ in linears()},
    **WHOLE,
}


class Adapter:
    """Change an encoder into one for noisy lines.

    Args:
        content: the file.

    Raises:
        ValueError: when it is not such a file.
    """

    def __init__(self, content: bytes) -> None:
        self._of = network(content, SHAPES, "the adapter")

    def knows(self, weights: Weights) -> bool:
        """Tell whether a model is the one that this was made for."""
        there, origin = weights.get(ORIGIN), self._of["origin"]
        if there is None or there.shape != origin.shape:
            return False
        return np.allclose(there.astype(np.float32), origin, atol=1e-3)

    def adapted(self, weights: Weights) -> Weights:
        """Return the weights of a model whose encoder hears through noise.

        Raises:
            ValueError: when this was made for another model.
        """
        if not self.knows(weights):
            raise ValueError("the adapter was made for another model")
        changed = {name: self._of[name] for name in WHOLE}
        for name, _, _ in linears():
            change = self._of[f"{name}/up"] @ self._of[f"{name}/down"]
            changed[f"{name}/weight"] = weights[f"{name}/weight"].astype(np.float32) + change
        return {**weights, **changed}
