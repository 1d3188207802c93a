"""The part of the detector that reads what Whisper's encoder heard, and how it is trained.

The spectra show what a vocoder does; this hears how somebody speaks. It takes the encoder's last
output for up to 4 s of speech; convolutions over time, attentive statistics, one layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from features import WIDTH, Row
from fit import fit, pieces
from torch import Tensor, nn
from torch.nn import functional

HIDDEN: Final = 96
DILATIONS: Final = (1, 2, 4)
HEADS: Final = 4
LENGTHS: Final = (100, 150, 200)
"""Rows of 20 ms that are learnt from at once."""

FEWEST: Final = 60
"""A clip that is learnt from has more rows."""

BATCH: Final = 64
HIGHEST: Final = 2e-3


class Expert(nn.Module):
    """Encoder rows (batch, rows, `WIDTH`) → log-odds of human, synthetic and other, (batch, 3)."""

    def __init__(self, mean: Tensor, spread: Tensor, dropout: float = 0.2) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread)
        self.dropout = dropout
        self.narrow = nn.Linear(WIDTH, HIDDEN)
        self.convs = nn.ModuleList(
            nn.Conv1d(HIDDEN, HIDDEN, 5, padding=2 * d, dilation=d) for d in DILATIONS
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(HIDDEN) for _ in DILATIONS)
        self.attend = nn.Linear(HIDDEN, HEADS)
        self.mix = nn.Linear(2 * HEADS * HIDDEN, 64)
        self.tell = nn.Linear(64, 3)

    def forward(self, rows: Tensor) -> Tensor:  # noqa: D102 (torch's name)
        x = functional.dropout((rows - self.mean) / self.spread, self.dropout, self.training)
        x = functional.relu(self.narrow(x))
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = x + functional.relu(norm(conv(x.transpose(1, 2)))).transpose(1, 2)
            x = functional.dropout(x, self.dropout, self.training)
        weight = self.attend(x).softmax(1).transpose(1, 2)
        mean = weight @ x
        spread = (weight @ x.square() - mean.square()).clamp_min(1e-4).sqrt()
        pooled = torch.cat([mean.flatten(1), spread.flatten(1)], 1)
        mixed = functional.relu(self.mix(pooled))
        return self.tell(functional.dropout(mixed, 0.3, self.training))


class Experts(nn.Module):
    """Several, whose log-odds are averaged."""

    def __init__(self, each: Sequence[Expert]) -> None:
        super().__init__()
        self.each = nn.ModuleList(each)

    def forward(self, rows: Tensor) -> Tensor:  # noqa: D102
        return torch.stack([expert(rows) for expert in self.each]).mean(0)


def train(encoded: Tensor, learnt: Sequence[Row], often: Any, steps: int, seed: int) -> Expert:
    """Train on `learnt`, each drawn as `often` says."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    sample = encoded[::97].float()
    net = Expert(sample.mean(0), sample.std(0) + 1e-3)
    optimiser = torch.optim.AdamW(net.parameters(), HIGHEST, weight_decay=0.05)

    def draw() -> tuple[Tensor, Sequence[Row]]:
        picked = [learnt[i] for i in rng.choice(len(learnt), BATCH, p=often)]
        length = int(rng.choice(LENGTHS))
        return net(pieces(encoded, [(r.rows_at, r.rows) for r in picked], length, rng)), picked

    return fit(net, optimiser, HIGHEST, steps, f"expert {seed}", draw)
