"""How a network of the detector learns: the steps that both of its parts take."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from features import LABELS, Row
from torch import Tensor, nn
from torch.nn import functional

N = TypeVar("N", bound=nn.Module)

Draw = Callable[[], tuple[Tensor, Sequence[Row]]]
"""Draws clips; returns the network's log-odds of them, (batch, 3), and what they are."""


def fit(
    net: N, optimiser: torch.optim.Optimizer, highest: float, steps: int, name: str, draw: Draw
) -> N:
    """Return the network after so many steps, its weights an average over them.

    The rate rises to `highest` in a twentieth of the steps, and falls by a cosine.
    """
    mean = {key: value.clone() for key, value in net.state_dict().items()}
    began, losses = time.monotonic(), []
    net.train()
    for step in range(steps):
        done = step / steps
        rate = highest * min(1, done / 0.05 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * done) + 0.002)
        for group in optimiser.param_groups:
            group["lr"] = rate
        odds, picked = draw()
        target = torch.tensor([LABELS.index(row.label) for row in picked])
        loss = functional.cross_entropy(odds.float(), target, label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        kept = min(0.998, (1 + step) / (20 + step))
        with torch.no_grad():
            for key, value in net.state_dict().items():
                if value.is_floating_point():
                    mean[key].mul_(kept).add_(value, alpha=1 - kept)
                else:
                    mean[key].copy_(value)
        losses.append(loss.item())
        if (step + 1) % 100 == 0:
            took = time.monotonic() - began
            told = f"{name}, step {step + 1}: loss {np.mean(losses[-100:]):.3f}, {took:.0f} s"
            print(f"  {told}", flush=True)
    net.load_state_dict(mean)
    return net.eval()


def pieces(values: Tensor, spans: Sequence[tuple[int, int]], count: int, rng: Any) -> Tensor:
    """Return `count` values in a row from anywhere in each span, (spans, count, width).

    A span is where it begins and how long it is; a shorter one is repeated.
    """
    at = np.empty((len(spans), count), np.int64)
    for i, (first, length) in enumerate(spans):
        begin = rng.integers(max(1, length - count + 1))
        at[i] = first + (begin + np.arange(count)) % length
    return values[torch.from_numpy(at.ravel())].view(len(spans), count, -1).float()
