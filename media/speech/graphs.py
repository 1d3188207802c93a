"""Whisper's encoder and decoder as ONNX graphs with 8-bit weights (Radford et al. 2022).

CTranslate2 multiplies by 8-bit weights that it packs anew each time on processors other than
Intel's; ONNX Runtime packs them once, which is three times as fast (docs/architecture.md).

Products of many rows (the encoder's) quantise each row by its largest value, as CTranslate2 does:
Whisper's activations have outliers, and one scale for all rows would drown the rest. Products of a
row or two (the decoder's) read blocks of weights, each with its own scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from media.speech.weights import Weights

OPSETS: Final[Mapping[str, int]] = {"": 17, "com.microsoft": 1}
"""Sets of operators; the second is ONNX Runtime's own."""

IR_VERSION: Final = 8

BLOCK: Final = 128
"""Weights of the decoder that share a scale."""

NOTHING: Final = 1e-9
"""Largest value that a scale stands for at least: there are rows and weights of zeros."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the sizes of a model are: layers of the encoder and of the decoder, heads, width."""

    encoder_layers: int
    decoder_layers: int
    heads: int
    width: int

    @property
    def head(self) -> int:
        """The width of one head."""
        return self.width // self.heads


def shape_of(weights: Weights) -> Shape:
    """Return the sizes of a model.

    Raises:
        ValueError: when they do not fit each other.
    """

    def layers(part: str) -> int:
        return sum(name.startswith(part) and name.endswith("ffn/linear_0/bias") for name in weights)

    try:
        _, width = weights["decoder/embeddings/weight"].shape
        heads = int(weights["encoder/num_heads"])
    except (KeyError, ValueError, TypeError):
        raise ValueError("it lacks what says how large the model is") from None
    if heads < 1 or width % heads or width % BLOCK:
        raise ValueError(f"{heads} heads and a width of {width} do not fit")
    return Shape(layers("encoder/"), layers("decoder/"), heads, width)


@dataclass(slots=True)
class _Graph:
    """A graph as it is written; a value is known by its name."""

    weights: Weights
    shape: Shape
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def real(self, name: str) -> Array:
        try:
            return self.weights[name].astype(np.float32)
        except KeyError:
            raise ValueError(f"it lacks {name}") from None

    def op(self, kind: str, *inputs: str, out: str = "", domain: str = "", **options: Any) -> str:
        """Add a node with one output, which is named here unless it has a name; return it."""
        name = out or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **options))
        return name

    def split(self, x: str, count: int) -> tuple[str, ...]:
        """Split rows into `count` parts of one width."""
        names = tuple(f"v{len(self.nodes)}.{i}" for i in range(count))
        self.nodes.append(helper.make_node("Split", [x], names, axis=2))
        return names

    def norm(self, x: str, name: str, out: str = "") -> str:
        gamma, beta = (self.constant(self.real(f"{name}/{part}")) for part in ("gamma", "beta"))
        return self.op("LayerNormalization", x, gamma, beta, out=out, axis=-1, epsilon=1e-5)

    def gelu(self, x: str) -> str:
        return self.op("Gelu", x, domain="com.microsoft")

    def rows(self, x: str, weight: Array, bias: Array) -> str:
        """Multiply rows, each quantised by its largest value, by columns quantised by theirs."""
        columns = np.maximum(np.abs(weight).max(axis=1, keepdims=True), NOTHING) / 127
        quantised = np.round(weight / columns).astype(np.int8).T
        largest = self.op("ReduceMax", self.op("Abs", x), axes=[-1], keepdims=1)
        scale = self.op(
            "Div",
            self.op("Max", largest, self.constant(np.float32(NOTHING))),
            self.constant(np.float32(127)),
        )
        zero = self.constant(np.uint8(128))
        # What is added rounds: the cast cuts off.
        shifted = self.op("Add", self.op("Div", x, scale), self.constant(np.float32(128.5)))
        coded = self.op("Cast", shifted, to=TensorProto.UINT8)
        product = self.op("MatMulInteger", coded, self.constant(quantised), zero)
        real = self.op("Cast", product, to=TensorProto.FLOAT)
        scaled = self.op("Mul", self.op("Mul", real, scale), self.constant(columns[:, 0]))
        return self.op("Add", scaled, self.constant(bias))

    def blocks(self, x: str, weight: Array, out: str = "") -> str:
        """Multiply rows by blocks of weights with a scale each."""
        count, width = weight.shape
        parts = weight.reshape(count, width // BLOCK, BLOCK)
        scale = np.maximum(np.abs(parts).max(axis=-1), NOTHING) / 127
        coded = (np.round(parts / scale[..., None]) + 128).astype(np.uint8)
        return self.op(
            "MatMulNBits",
            x,
            self.constant(coded),
            self.constant(scale.astype(np.float32)),
            out=out,
            domain="com.microsoft",
            K=width,
            N=count,
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,  # rows are quantised too, in blocks
        )

    def dense(self, x: str, name: str, *, scaled: int = 0) -> str:
        """Put rows through a linear layer of the decoder; `scaled` as in `linear`."""
        weight, bias = self.linear(name, scaled=scaled)
        return self.op("Add", self.blocks(x, weight), self.constant(bias))

    def heads(self, x: str, *, across: bool = False) -> str:
        """Split rows into heads: (batch, heads, rows, head), or `across`: (…, head, rows)."""
        sizes = self.constant(np.array([0, 0, self.shape.heads, self.shape.head]))
        order = [0, 2, 3, 1] if across else [0, 2, 1, 3]
        return self.op("Transpose", self.op("Reshape", x, sizes), perm=order)

    def attend(self, queries: str, keys: str, values: str, mask: str = "") -> tuple[str, str]:
        """Return what rows attend to, joined over heads, and how much to each."""
        scores = self.op("MatMul", queries, keys)
        if mask:
            scores = self.op("Add", scores, mask)
        attention = self.op("Softmax", scores, axis=-1)
        joined = self.op("Transpose", self.op("MatMul", attention, values), perm=[0, 2, 1, 3])
        sizes = self.constant(np.array([0, 0, self.shape.width]))
        return self.op("Reshape", joined, sizes), attention

    def linear(self, name: str, *, scaled: int = 0) -> tuple[Array, Array]:
        """Return weight and bias; the first `scaled` outputs are queries, scaled for the heads."""
        weight, bias = self.real(f"{name}/weight"), self.real(f"{name}/bias")
        weight[:scaled] *= self.shape.head**-0.5
        bias[:scaled] *= self.shape.head**-0.5
        return weight, bias

    def written(self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> bytes:
        graph = helper.make_graph(self.nodes, "whisper", inputs, outputs, self.constants)
        return _serialized(graph)


def _serialized(graph: GraphProto) -> bytes:
    opsets = [helper.make_opsetid(*each) for each in OPSETS.items()]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    return bytes(model.SerializeToString())


def _value(name: str, *sizes: int | str) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes)


def encoder(weights: Weights, shape: Shape) -> bytes:
    """Return the graph from `mel`, (1, bands, frames), to `encoded`, (1, frames / 2, width)."""
    graph = _Graph(weights, shape)
    x = "mel"
    for name, step in (("conv1", 1), ("conv2", 2)):
        kernel, bias = (graph.real(f"encoder/{name}/{part}") for part in ("weight", "bias"))
        inputs = (x, graph.constant(kernel), graph.constant(bias))
        x = graph.gelu(graph.op("Conv", *inputs, pads=[1, 1], strides=[step]))
    x = graph.op("Transpose", x, perm=[0, 2, 1])
    first, second = graph.constant(np.array([0])), graph.constant(np.array([1]))
    rows = graph.op("Slice", graph.op("Shape", x), second, graph.constant(np.array([2])))
    places = graph.constant(graph.real("encoder/position_encodings/encodings"))
    x = graph.op("Add", x, graph.op("Slice", places, first, rows, first))
    for i in range(shape.encoder_layers):
        layer = f"encoder/layer_{i}"
        y = graph.norm(x, f"{layer}/self_attention/layer_norm")
        joint = graph.linear(f"{layer}/self_attention/linear_0", scaled=shape.width)
        queries, keys, values = graph.split(graph.rows(y, *joint), 3)
        y, _ = graph.attend(
            graph.heads(queries), graph.heads(keys, across=True), graph.heads(values)
        )
        y = graph.rows(y, *graph.linear(f"{layer}/self_attention/linear_1"))
        x = graph.op("Add", x, y)
        y = graph.norm(x, f"{layer}/ffn/layer_norm")
        y = graph.gelu(graph.rows(y, *graph.linear(f"{layer}/ffn/linear_0")))
        x = graph.op("Add", x, graph.rows(y, *graph.linear(f"{layer}/ffn/linear_1")))
    graph.norm(x, "encoder/layer_norm", out="encoded")
    bands = graph.real("encoder/conv1/weight").shape[1]
    mel, encoded = _value("mel", 1, bands, "frames"), _value("encoded", 1, "rows", shape.width)
    return graph.written([mel], [encoded])


def memory(weights: Weights, shape: Shape) -> bytes:
    """Return the graph from `encoded` to what the decoder attends to.

    That is, for each of its layers, `keys` (1, heads, head, rows) and `values` (1, heads, rows,
    head), with the number of the layer behind the name.
    """
    graph = _Graph(weights, shape)
    outputs = []
    for i in range(shape.decoder_layers):
        joint = graph.rows("encoded", *graph.linear(f"decoder/layer_{i}/attention/linear_1"))
        keys, values = graph.split(joint, 2)
        graph.op("Identity", graph.heads(keys, across=True), out=f"keys{i}")
        graph.op("Identity", graph.heads(values), out=f"values{i}")
        outputs += attended(shape, i)
    return graph.written([_value("encoded", 1, "rows", shape.width)], outputs)


def attended(shape: Shape, layer: int) -> list[ValueInfoProto]:
    """Return what a layer of the decoder attends to."""
    return [
        _value(f"keys{layer}", 1, shape.heads, shape.head, "rows"),
        _value(f"values{layer}", 1, shape.heads, "rows", shape.head),
    ]


def decoder(weights: Weights, shape: Shape) -> bytes:
    """Return the graph of one step of the decoder, over a few tokens at once.

    `tokens` (batch, new, width) are their embeddings with their places, `mask` (new, all) is added
    to the attention among them, `past_keys` and `past_values` (layers, batch, heads, past, head)
    are of the tokens before; `states` (batch, new, width), `all_keys` and `all_values` come out,
    and `attention` (layers, batch, heads, new, rows) to what was encoded.
    """
    graph = _Graph(weights, shape)
    x, front = "tokens", graph.constant(np.array([0]))
    keys_so_far, values_so_far, attentions = [], [], []
    for i in range(shape.decoder_layers):
        layer, number = f"decoder/layer_{i}", graph.constant(np.array(i))
        y = graph.norm(x, f"{layer}/self_attention/layer_norm")
        joint = graph.dense(y, f"{layer}/self_attention/linear_0", scaled=shape.width)
        queries, keys, values = graph.split(joint, 3)
        past_keys, past_values = (
            graph.op("Gather", name, number, axis=0) for name in ("past_keys", "past_values")
        )
        keys = graph.op("Concat", past_keys, graph.heads(keys), axis=2)
        values = graph.op("Concat", past_values, graph.heads(values), axis=2)
        keys_so_far.append(graph.op("Unsqueeze", keys, front))
        values_so_far.append(graph.op("Unsqueeze", values, front))
        across = graph.op("Transpose", keys, perm=[0, 1, 3, 2])
        y, _ = graph.attend(graph.heads(queries), across, values, "mask")
        x = graph.op("Add", x, graph.dense(y, f"{layer}/self_attention/linear_1"))
        y = graph.norm(x, f"{layer}/attention/layer_norm")
        queries = graph.heads(graph.dense(y, f"{layer}/attention/linear_0", scaled=shape.width))
        y, attention = graph.attend(queries, f"keys{i}", f"values{i}")
        attentions.append(graph.op("Unsqueeze", attention, front))
        x = graph.op("Add", x, graph.dense(y, f"{layer}/attention/linear_2"))
        y = graph.norm(x, f"{layer}/ffn/layer_norm")
        y = graph.gelu(graph.dense(y, f"{layer}/ffn/linear_0"))
        x = graph.op("Add", x, graph.dense(y, f"{layer}/ffn/linear_1"))
    graph.norm(x, "decoder/layer_norm", out="states")
    graph.op("Concat", *keys_so_far, out="all_keys", axis=0)
    graph.op("Concat", *values_so_far, out="all_values", axis=0)
    graph.op("Concat", *attentions, out="attention", axis=0)
    layers, heads, head = shape.decoder_layers, shape.heads, shape.head
    inputs = [
        _value("tokens", "batch", "new", shape.width),
        _value("mask", "new", "all"),
        _value("past_keys", layers, "batch", heads, "past", head),
        _value("past_values", layers, "batch", heads, "past", head),
        *(each for i in range(layers) for each in attended(shape, i)),
    ]
    outputs = [
        _value("states", "batch", "new", shape.width),
        _value("all_keys", layers, "batch", heads, "all", head),
        _value("all_values", layers, "batch", heads, "all", head),
        _value("attention", layers, "batch", heads, "new", "rows"),
    ]
    return graph.written(inputs, outputs)


def extremes() -> bytes:
    """Return the graph of a product of `x`, (1, 64) of unsigned 8 bits, by the largest weights."""
    weights = numpy_helper.from_array(np.full((64, 16), 127, np.int8), "weights")
    x = helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 64])
    y = helper.make_tensor_value_info("y", TensorProto.INT32, [1, 16])
    node = helper.make_node("MatMulInteger", ["x", "weights"], ["y"])
    return _serialized(helper.make_graph([node], "extremes", [x], [y], [weights]))


def projection(weights: Weights, shape: Shape) -> bytes:
    """Return the graph from `states` of the decoder, (n, width), to `logits`, (n, vocabulary)."""
    graph = _Graph(weights, shape)
    embeddings = graph.real("decoder/embeddings/weight")
    graph.blocks("states", embeddings, out="logits")
    states = _value("states", "n", shape.width)
    return graph.written([states], [_value("logits", "n", len(embeddings))])
