"""The weights of a Whisper model, as CTranslate2 writes them into `model.bin`.

The layout is that of `ctranslate2.specs.model_spec.ModelSpec.save`, binary version 6: a header,
then each array with its name, shape and type, then other names for some of them.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

VERSION: Final = 6
"""Binary version of the layout."""

SPEC: Final = "WhisperSpec"
"""What the file calls the kind of model."""

TYPES: Final = ("<f4", "<i1", "<i2", "<i4", "<f2")
"""Types of arrays, by their number in the file; behind them there is bfloat16."""

Weights = Mapping[str, NDArray[Any]]
"""The arrays by their names, such as `encoder/layer_0/ffn/linear_0/weight`."""


class _Reader:
    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> memoryview:
        if self._at + count > len(self._data):
            raise ValueError("it is cut short")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, kind: str) -> int:
        return int(struct.unpack(f"<{kind}", self.take(struct.calcsize(kind)))[0])

    def text(self) -> str:
        """Read a string, which ends with a zero that its length counts."""
        return bytes(self.take(self.number("H"))[:-1]).decode("ascii")


def read_weights(data: memoryview) -> Weights:
    """Return the arrays of a model file, as views into `data`.

    Raises:
        ValueError: when it is no Whisper model of this layout, is cut short, or is of a
            quantisation other than float16 and float32.
    """
    reader = _Reader(data)
    if reader.number("I") != VERSION or reader.text() != SPEC:
        raise ValueError(f"it is no {SPEC} of binary version {VERSION}")
    reader.number("I")  # the revision of the spec
    weights = {}
    for _ in range(reader.number("I")):
        name = reader.text()
        shape = tuple(reader.number("I") for _ in range(reader.number("B")))
        kind = reader.number("B")
        content = reader.take(reader.number("I"))
        if kind >= len(TYPES) or (len(shape) > 1 and TYPES[kind] not in ("<f4", "<f2")):
            raise ValueError(f"{name} is neither float16 nor float32, as is taken")
        array = np.frombuffer(content, TYPES[kind])
        if array.size != int(np.prod(shape)):
            raise ValueError(f"{name} is not as large as its shape")
        weights[name] = array.reshape(shape)
    for _ in range(reader.number("I")):
        other, name = reader.text(), reader.text()
        if name not in weights:
            raise ValueError(f"{other} is {name}, which is not there")
        weights[other] = weights[name]
    return weights
