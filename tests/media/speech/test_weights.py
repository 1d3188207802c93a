"""Reading the weights of a model file."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.models import whisper_folder
from media.speech.graphs import shape_of
from media.speech.weights import SPEC, TYPES, VERSION, read_weights


def text(value: str) -> bytes:
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


def written(
    arrays: dict[str, np.ndarray],
    *,
    version: int = VERSION,
    spec: str = SPEC,
    kind: int | None = None,
) -> bytes:
    """Return a model file as CTranslate2 writes it."""
    out = struct.pack("<I", version) + text(spec) + struct.pack("<II", 3, len(arrays))
    for name, array in arrays.items():
        own = TYPES.index(array.dtype.str.replace("|", "<"))
        number = own if kind is None else kind
        sizes = struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        out += text(name) + sizes + struct.pack("<BI", number, array.nbytes) + array.tobytes()
    return out + struct.pack("<I", 1) + text("decoder/projection/weight") + text(ALSO)


ALSO = "decoder/embeddings/weight"
SOME = {
    "encoder/num_heads": np.array(8, np.int16),
    "encoder/layer_0/ffn/linear_0/bias": np.arange(4, dtype=np.float16),
    "decoder/embeddings/weight": np.arange(12, dtype=np.float32).reshape(3, 4),
}


def test_arrays_come_back_as_they_were_written() -> None:
    weights = read_weights(memoryview(written(SOME)))
    assert weights.keys() == {*SOME, "decoder/projection/weight"}
    np.testing.assert_array_equal(weights["decoder/projection/weight"], SOME[ALSO])
    for name, array in SOME.items():
        np.testing.assert_array_equal(weights[name], array)
        assert weights[name].dtype == array.dtype


@given(st.integers(0, len(written(SOME)) - 1))
def test_a_file_that_is_cut_short_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="cut short"):
        read_weights(memoryview(written(SOME)[:length]))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (written(SOME, version=5), "no WhisperSpec"),
        (written(SOME, spec="TransformerSpec"), "no WhisperSpec"),
        (written({"a": np.zeros(2, np.float32)}, kind=9), "a is neither float16 nor float32"),
        (
            written({"b": np.zeros(2, np.float32)}),
            "is decoder/embeddings/weight, which is not there",
        ),
        (written({"a": np.zeros(2, np.float32)}, kind=4), "a is not as large as its shape"),
        (written({"a": np.zeros((2, 2), np.int8)}), "a is neither float16 nor float32"),
    ],
)
def test_what_is_no_model_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_weights(memoryview(data))


@pytest.mark.parametrize(
    "weights", [{}, SOME, {**SOME, "encoder/num_heads": np.array(0, np.int16)}]
)
def test_sizes_that_do_not_fit_are_refused(weights: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"lacks|do not fit"):
        shape_of(weights)


def test_the_embedded_model_is_read() -> None:
    data = memoryview((whisper_folder("tiny.en") / "model.bin").read_bytes())
    shape = shape_of(read_weights(data))
    assert (shape.encoder_layers, shape.decoder_layers, shape.heads, shape.width) == (4, 4, 6, 384)
