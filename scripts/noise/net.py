"""Whisper in torch: an encoder that learns, by narrow changes to it, and a decoder that does not.

`media.speech.graphs` is the same for ONNX Runtime. Weights are bfloat16, what is learnt float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from media.speech.adapter import LAYERS, RANK
from media.speech.graphs import shape_of
from media.speech.weights import Weights

KIND = torch.bfloat16


def _tensor(weights: Weights, name: str) -> Tensor:
    return torch.from_numpy(np.array(weights[name], np.float32))


class Linear(nn.Module):
    """A layer with fixed weights, to which the product of `up` and `down` is added if it learns."""

    def __init__(self, weights: Weights, name: str, *, learns: bool) -> None:
        super().__init__()
        weight = _tensor(weights, f"{name}/weight")
        self.register_buffer("weight", weight.to(KIND))
        self.bias = nn.Parameter(_tensor(weights, f"{name}/bias"), learns)
        self.down = self.up = None
        if learns:
            taken = weight.shape[1]
            self.down = nn.Parameter(torch.randn(RANK, taken) / taken**0.5)
            self.up = nn.Parameter(torch.zeros(len(weight), RANK))

    def forward(self, x: Tensor) -> Tensor:
        """Rows in, rows out."""
        y = functional.linear(x, self.weight, self.bias.to(KIND))
        if self.down is None or self.up is None:
            return y
        return y + functional.linear(functional.linear(x, self.down.to(KIND)), self.up.to(KIND))

    def learnt(self, name: str) -> dict[str, Any]:
        """Return what an adapter has of it."""
        parts = {"down": self.down, "up": self.up, "bias": self.bias}
        return {
            f"{name}/{part}": value.detach().numpy()
            for part, value in parts.items()
            if value is not None
        }


class Norm(nn.Module):
    """Layer norm."""

    def __init__(self, weights: Weights, name: str, *, learns: bool) -> None:
        super().__init__()
        self.gamma = nn.Parameter(_tensor(weights, f"{name}/gamma"), learns)
        self.beta = nn.Parameter(_tensor(weights, f"{name}/beta"), learns)

    def forward(self, x: Tensor) -> Tensor:
        """Rows in, rows out."""
        return functional.layer_norm(x, x.shape[-1:], self.gamma.to(KIND), self.beta.to(KIND))

    def learnt(self, name: str) -> dict[str, Any]:
        """Return what an adapter has of it."""
        return {
            f"{name}/gamma": self.gamma.detach().numpy(),
            f"{name}/beta": self.beta.detach().numpy(),
        }


def attend(queries: Tensor, keys: Tensor, values: Tensor, *, causal: bool = False) -> Tensor:
    """Return what rows attend to; written out, since torch's own is slow to learn on a CPU."""
    likely = (queries * queries.shape[-1] ** -0.5) @ keys.transpose(-1, -2)
    if causal:
        never = torch.full(likely.shape[-2:], -torch.inf, dtype=likely.dtype)
        likely = likely + never.triu(1)
    return likely.softmax(-1) @ values


class SelfAttention(nn.Module):
    """Rows attend to each other."""

    def __init__(self, weights: Weights, name: str, heads: int, *, learns: bool) -> None:
        super().__init__()
        self.heads = heads
        self.joint = Linear(weights, f"{name}/linear_0", learns=learns)
        self.out = Linear(weights, f"{name}/linear_1", learns=learns)
        self.norm = Norm(weights, f"{name}/layer_norm", learns=learns)

    def forward(self, x: Tensor, *, causal: bool = False) -> Tensor:
        """Rows in, rows out."""
        joint = self.joint(self.norm(x)).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        y = attend(*joint, causal=causal)
        return x + self.out(y.transpose(1, 2).flatten(2))

    def learnt(self, name: str) -> dict[str, Any]:
        """Return what an adapter has of it."""
        return {
            **self.joint.learnt(f"{name}/linear_0"),
            **self.out.learnt(f"{name}/linear_1"),
            **self.norm.learnt(f"{name}/layer_norm"),
        }


class FeedForward(nn.Module):
    """Each row by itself."""

    def __init__(self, weights: Weights, name: str, *, learns: bool) -> None:
        super().__init__()
        self.first = Linear(weights, f"{name}/linear_0", learns=learns)
        self.second = Linear(weights, f"{name}/linear_1", learns=learns)
        self.norm = Norm(weights, f"{name}/layer_norm", learns=learns)

    def forward(self, x: Tensor) -> Tensor:
        """Rows in, rows out."""
        return x + self.second(functional.gelu(self.first(self.norm(x))))

    def learnt(self, name: str) -> dict[str, Any]:
        """Return what an adapter has of it."""
        return {
            **self.first.learnt(f"{name}/linear_0"),
            **self.second.learnt(f"{name}/linear_1"),
            **self.norm.learnt(f"{name}/layer_norm"),
        }


class Encoder(nn.Module):
    """Features (batch, bands, frames) → rows (batch, frames / 2, width)."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        heads = shape_of(weights).heads
        self.kernels = nn.ParameterList(
            _tensor(weights, f"encoder/{name}/{part}") for name, part in _KERNELS
        )
        self.register_buffer("places", _tensor(weights, "encoder/position_encodings/encodings"))
        layers = [f"encoder/layer_{i}" for i in range(LAYERS)]
        self.attention = nn.ModuleList(
            SelfAttention(weights, f"{layer}/self_attention", heads, learns=True)
            for layer in layers
        )
        self.forwards = nn.ModuleList(
            FeedForward(weights, f"{layer}/ffn", learns=True) for layer in layers
        )
        self.norm = Norm(weights, "encoder/layer_norm", learns=True)

    def forward(self, mel: Tensor) -> Tensor:
        """Features in, rows out."""
        first, first_bias, second, second_bias = (each.to(KIND) for each in self.kernels)
        x = functional.gelu(functional.conv1d(mel.to(KIND), first, first_bias, padding=1))
        x = functional.gelu(functional.conv1d(x, second, second_bias, padding=1, stride=2))
        x = x.transpose(1, 2) + self.places[: x.shape[2]].to(KIND)
        for attention, forward in zip(self.attention, self.forwards, strict=True):
            x = forward(attention(x))
        return self.norm(x)

    def learnt(self) -> dict[str, Any]:
        """Return what an adapter has of it, by the names of `media.speech.adapter.SHAPES`."""
        found = self.norm.learnt("encoder/layer_norm")
        for i, (attention, forward) in enumerate(zip(self.attention, self.forwards, strict=True)):
            found |= attention.learnt(f"encoder/layer_{i}/self_attention")
            found |= forward.learnt(f"encoder/layer_{i}/ffn")
        for (name, part), kernel in zip(_KERNELS, self.kernels, strict=True):
            found[f"encoder/{name}/{part}"] = kernel.detach().numpy()
        return found


_KERNELS = [(name, part) for name in ("conv1", "conv2") for part in ("weight", "bias")]


class Decoder(nn.Module):
    """Tokens (batch, n) and rows (batch, rows, width) → states (batch, n, width); it is fixed."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        shape = shape_of(weights)
        self.heads = shape.heads
        self.register_buffer("embeddings", _tensor(weights, "decoder/embeddings/weight").to(KIND))
        self.register_buffer("places", _tensor(weights, "decoder/position_encodings/encodings"))
        self.layers = nn.ModuleList()
        for i in range(shape.decoder_layers):
            layer, across = f"decoder/layer_{i}", f"decoder/layer_{i}/attention"
            parts = {
                "own": SelfAttention(weights, f"{layer}/self_attention", shape.heads, learns=False),
                "norm": Norm(weights, f"{across}/layer_norm", learns=False),
                "ask": Linear(weights, f"{across}/linear_0", learns=False),
                "heard": Linear(weights, f"{across}/linear_1", learns=False),
                "out": Linear(weights, f"{across}/linear_2", learns=False),
                "each": FeedForward(weights, f"{layer}/ffn", learns=False),
            }
            self.layers.append(nn.ModuleDict(parts))
        self.norm = Norm(weights, "decoder/layer_norm", learns=False)

    def forward(self, tokens: Tensor, rows: Tensor) -> Tensor:
        """Return the states behind each token."""
        x = self.embeddings[tokens] + self.places[: tokens.shape[1]].to(KIND)
        heard = rows.to(KIND)
        for layer in self.layers:
            x = layer["own"](x, causal=True)
            keys, values = (
                layer["heard"](heard).unflatten(2, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
            )
            asked = layer["ask"](layer["norm"](x)).unflatten(2, (self.heads, -1)).transpose(1, 2)
            x = x + layer["out"](attend(asked, keys, values).transpose(1, 2).flatten(2))
            x = layer["each"](x)
        return self.norm(x)

    def logits(self, states: Tensor) -> Tensor:
        """Return how likely which token follows states (n, width)."""
        return functional.linear(states, self.embeddings).float()
