"""Train what tells where words begin and end: `make boundaries`, or by hand:

    uv run scripts/make_corpus.py CORPUS --voices others --seed 7 --count 260
    uv run scripts/make_corpus.py CORPUS --voices others --seed 8 --count 300
    uv run --with torch scripts/boundaries/train.py CORPUS
    uv run scripts/boundaries/judge.py CORPUS

Writes media/speech/boundaries.f16. Voices and texts are others than those of the benchmark; every
seventh voice is not trained on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from features import ROOT, Window, held_out, silence, windows
from torch import Tensor, nn
from torch.nn import functional

sys.path[:0] = [str(ROOT)]

from media.networks import packed  # noqa: E402
from media.speech.boundaries import DILATIONS, HIDDEN, REACH, SHAPES, STEPS, WIDTH  # noqa: E402

EPOCHS: Final = 12
BATCH: Final = 32
HIGHEST: Final = 2e-3
"""Learning rate at the top of its cycle."""


class Net(nn.Module):
    """Encoder rows (batch, rows, WIDTH) → log-odds (batch, rows, 2, STEPS).

    `media.speech.boundaries` is the same without torch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.narrow = nn.Linear(WIDTH, HIDDEN)
        self.convs = nn.ModuleList(
            nn.Conv1d(HIDDEN, HIDDEN, REACH, padding=REACH // 2 * d, dilation=d) for d in DILATIONS
        )
        self.tell = nn.Linear(HIDDEN, 2 * STEPS)

    def forward(self, encoded: Tensor, there: Tensor) -> Tensor:
        """Rows that are not `there` (batch, rows) are as if nothing came after."""
        if self.training:
            encoded = functional.dropout(encoded, 0.3)
        x = functional.relu(self.narrow(encoded)) * there[..., None]
        for conv in self.convs:
            x = x + functional.relu(conv(x.transpose(1, 2)).transpose(1, 2))
            x = functional.dropout(x * there[..., None], 0.2, self.training)
        return self.tell(x).unflatten(2, (2, STEPS))

    def weights(self) -> dict[str, Any]:
        """Return the weights by the names of `SHAPES`, but for `silence`."""
        layers = {"narrow": self.narrow, "tell": self.tell}
        layers |= {f"conv{i}": conv for i, conv in enumerate(self.convs)}
        found = {}
        for name, layer in layers.items():
            found[name] = layer.weight.detach().numpy()
            found[f"{name}_bias"] = layer.bias.detach().numpy()
        return found


def main() -> None:
    """Make the windows, train, say how well held-out voices are told, and write the weights."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--out", type=Path, default=ROOT / "media/speech/boundaries.f16")
    chosen = arguments.parse_args()
    made = windows(chosen.corpus)
    held = held_out(window.voice for window in made)
    learnt = [window for window in made if window.voice not in held]
    print(f"{len(made)} windows; held out: {', '.join(sorted(held))}", flush=True)
    net = train(learnt, [window for window in made if window.voice in held])
    chosen.out.write_bytes(packed(net.weights() | {"silence": silence()}, SHAPES))


def train(learnt: Sequence[Window], judged: Sequence[Window]) -> Net:
    """Return a network trained on `learnt`."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=HIGHEST, weight_decay=0.1)
    steps = EPOCHS * len(learnt) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, HIGHEST, total_steps=steps)
    for step in range(steps):
        loss = _loss(net, [learnt[i] for i in rng.integers(0, len(learnt), BATCH)])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 200 == 199:
            net.eval()
            with torch.no_grad():
                told = float(_loss(net, judged))
            net.train()
            print(f"step {step + 1} of {steps}: {loss.item():.4f}, held out {told:.4f}", flush=True)
    return net.eval()


def _loss(net: Net, drawn: Sequence[Window]) -> Tensor:
    rows = max(len(window.encoded) for window in drawn)
    encoded = np.zeros((len(drawn), rows, WIDTH), np.float32)
    truth = np.zeros((len(drawn), rows, 2, STEPS), np.float32)
    there = np.zeros((len(drawn), rows), np.float32)
    for place, window in enumerate(drawn):
        encoded[place, : len(window.encoded)] = window.encoded
        truth[place, : len(window.truth)] = window.truth
        there[place, : len(window.encoded)] = 1
    mask = torch.from_numpy(there)
    odds = net(torch.from_numpy(encoded), mask)
    each = functional.binary_cross_entropy_with_logits(
        odds, torch.from_numpy(truth), reduction="none"
    )
    return (each * mask[..., None, None]).sum() / mask.sum() / (2 * STEPS)


if __name__ == "__main__":
    main()
