"""Small networks: their weights, as they lie in a file (float16, one array after the other), and
the layer that they share.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

Shapes = Mapping[str, tuple[int, ...]]
"""The arrays of one network, in the order in which they lie in the file."""

Network = dict[str, NDArray[np.float32]]
"""The arrays by their names."""


def unpacked(weights: bytes, shapes: Shapes, what: str) -> list[Network]:
    """Return the networks of a file, of which there is at least one.

    Raises:
        ValueError: when the file is of another size, or has values that are no numbers. `what` says
            whose weights they are.
    """
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    count, rest = divmod(len(weights), 2 * sum(sizes))
    if rest or not count:
        raise ValueError(f"the weights of {what} are of another size")
    numbers = np.frombuffer(weights, "<f2").astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError(f"the weights of {what} are no numbers")
    edges = np.cumsum(sizes)[:-1]
    return [
        {
            name: part.reshape(shape)
            for (name, shape), part in zip(shapes.items(), np.split(each, edges), strict=True)
        }
        for each in numbers.reshape(count, -1)
    ]


def network(weights: bytes, shapes: Shapes, what: str) -> Network:
    """Return the network of a file that has one.

    Raises:
        ValueError: as `unpacked` does, and when there are more.
    """
    first, *others = unpacked(weights, shapes, what)
    if others:
        raise ValueError(f"the weights of {what} are of another size")
    return first


def packed(arrays: Mapping[str, ArrayLike], shapes: Shapes) -> bytes:
    """Return a network as a file has it."""
    return b"".join(
        np.asarray(arrays[name]).reshape(shape).astype("<f2").tobytes()
        for name, shape in shapes.items()
    )


def convolved(
    x: NDArray[np.float32], kernel: NDArray[np.float32], bias: NDArray[np.float32], dilation: int
) -> NDArray[np.float32]:
    """Return relu of a convolution over time, (time, channels), that is as long as `x`.

    `kernel` is (out, in, taps), its taps an odd number, `dilation` rows apart.
    """
    taps = kernel.shape[2]
    side = taps // 2 * dilation
    padded = np.pad(x, ((side, side), (0, 0)))
    sum_ = np.broadcast_to(bias, (len(x), len(bias))).astype(np.float32)
    for tap in range(taps):
        sum_ += padded[tap * dilation : tap * dilation + len(x)] @ kernel[:, :, tap].T
    return np.maximum(sum_, 0)
