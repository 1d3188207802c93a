"""The detector's network: from 16 kHz samples to log-odds, all of it exported as one ONNX graph.

The front end keeps 125–3850 Hz, which every telephone line carries, so that a wide-band recording
and a call look alike; each frequency is taken relative to its own mean, so that a line's colour
goes.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

RATE = 16_000
FRAME = 512
HOP = 160
BINS = slice(4, 124)
"""Of 31.25 Hz each."""

CODES = 11.0
SHIFT = 16.2
"""A stored byte is (ln power + SHIFT) · CODES."""


class Spectrum(nn.Module):
    """Samples (batch, n) at 16 kHz → ln power relative to its mean, (batch, frames, bins)."""

    def __init__(self) -> None:
        super().__init__()
        n = np.arange(FRAME)
        window = np.hanning(FRAME + 1)[:-1]
        turns = 2 * math.pi * np.outer(np.arange(BINS.start, BINS.stop), n) / FRAME
        basis = np.concatenate([np.cos(turns), np.sin(turns)]) * window
        self.register_buffer("basis", torch.tensor(basis[:, None, :], dtype=torch.float32))

    def forward(self, samples: Tensor) -> Tensor:  # noqa: D102 (torch's name)
        x = functional.conv1d(samples[:, None, :], self.basis, stride=HOP)
        real, imaginary = x.chunk(2, dim=1)
        power = real.square() + imaginary.square()
        mean = power.mean(dim=(1, 2), keepdim=True) + 1e-9
        return torch.log(power / mean + 1e-7).transpose(1, 2)


def normalise(spectrum: Tensor) -> Tensor:
    """Take each frequency relative to its own mean, and nothing lower than 50 dB below the clip."""
    floored = spectrum.clamp_min(-11.5)
    return (floored - floored.mean(dim=1, keepdim=True)) / 2


class Block(nn.Module):
    """A 3×3 convolution beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:  # noqa: D102
        return x + functional.relu(self.norm(self.conv(x)))


def down(before: int, after: int, stride: tuple[int, int]) -> nn.Sequential:
    """Return a convolution that leaves out frames and bins."""
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class Net(nn.Module):
    """Spectrum (batch, frames, bins) → log-odds of human, synthetic and other, (batch, 3)."""

    def __init__(self, width: int = 16, hidden: int = 96, dropout: float = 0.15) -> None:
        super().__init__()
        w = width
        self.stem = nn.Sequential(
            nn.Conv2d(1, w, (5, 9), stride=(2, 4), padding=(2, 4), bias=False),
            nn.BatchNorm2d(w),
            nn.ReLU(),
        )
        self.body = nn.Sequential(
            down(w, 2 * w, (2, 1)),  # frames / 4, bins / 4
            Block(2 * w),
            down(2 * w, 3 * w, (1, 3)),
            Block(3 * w),
        )
        self.fold = nn.Sequential(
            nn.Conv1d(3 * w * 10, hidden, 3, padding=1), nn.BatchNorm1d(hidden), nn.ReLU()
        )
        self.attention = nn.Sequential(
            nn.Conv1d(hidden, 32, 1), nn.Tanh(), nn.Conv1d(32, hidden, 1)
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * hidden, 3)

    def logits(self, normal: Tensor) -> Tensor:
        """Return the log-odds of a normalised spectrum."""
        x = self.body(self.stem(normal[:, None]))  # batch, channel, frames, bins
        x = self.fold(x.permute(0, 1, 3, 2).flatten(1, 2))
        weight = torch.softmax(self.attention(x), dim=2)
        mean = (weight * x).sum(2)
        spread = ((weight * x.square()).sum(2) - mean.square()).clamp_min(1e-5).sqrt()
        return self.head(self.dropout(torch.cat([mean, spread], 1)))

    def forward(self, spectrum: Tensor) -> Tensor:  # noqa: D102
        return self.logits(normalise(spectrum))
