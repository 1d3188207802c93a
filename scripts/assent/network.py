"""The network as it is trained; `media.assent` is the same without torch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from media.assent import DILATIONS, HEADS, HIDDEN, LANGUAGES, REACH, SHAPES, WIDTH  # noqa: E402

_MIXED, _POOLED = SHAPES["mix"]

SYMBOLS: Final = " abcdefghijklmnopqrstuvwxyz"
"""What is written down while training; 0 is no symbol (the blank of CTC), so each is one more."""


class Net(nn.Module):
    """Encoder rows (batch, rows, WIDTH), which of them are there, language → log-odds (batch,).

    While it is trained it also writes down what is said (CTC, Graves et al. 2006), which is not
    used later: it makes the rows tell sounds apart, not voices.
    """

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.narrow = nn.Linear(WIDTH, HIDDEN)
        self.convs = nn.ModuleList(
            nn.Conv1d(HIDDEN, HIDDEN, REACH, padding=REACH // 2 * d, dilation=d) for d in DILATIONS
        )
        self.attend = nn.Linear(HIDDEN, HEADS)
        self.mix = nn.Linear(_POOLED, _MIXED)
        self.tell = nn.Linear(_MIXED, 1)
        self.write = nn.Linear(HIDDEN + len(LANGUAGES), 1 + len(SYMBOLS))

    def forward(self, encoded: Tensor, there: Tensor, language: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log-odds (batch,), and log probabilities (rows, batch, symbols) for CTC."""
        if self.training:
            encoded = functional.dropout(encoded, self.dropout)
        x = functional.relu(self.narrow(encoded)) * there[..., None]
        for conv in self.convs:
            x = x + functional.relu(conv(x.transpose(1, 2)).transpose(1, 2))
            x = x * there[..., None]
            x = functional.dropout(x, self.dropout, self.training)
        weight = self.attend(x).masked_fill(there[..., None] == 0, -1e9).softmax(dim=1)
        mean = torch.einsum("bth,btc->bhc", weight, x)
        square = torch.einsum("bth,btc->bhc", weight, x**2)
        spread = torch.sqrt((square - mean**2).clamp(min=1e-4))
        spoken = functional.one_hot(language, len(LANGUAGES)).to(x.dtype)
        pooled = torch.cat([mean.flatten(1), spread.flatten(1), spoken], dim=1)
        mixed = functional.dropout(functional.relu(self.mix(pooled)), 0.3, self.training)
        spread_out = spoken[:, None].expand(-1, x.shape[1], -1)
        written = self.write(torch.cat([x, spread_out], dim=2)).log_softmax(dim=2)
        return self.tell(mixed)[:, 0], written.transpose(0, 1)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the weights by the names of `media.assent.SHAPES`, but for `silence`."""
        layers = {"narrow": self.narrow, "attend": self.attend, "mix": self.mix, "tell": self.tell}
        layers |= {f"conv{i}": conv for i, conv in enumerate(self.convs)}
        found = {}
        for name, layer in layers.items():
            found[name] = layer.weight.detach().numpy()
            found[f"{name}_bias"] = layer.bias.detach().numpy()
        return found
