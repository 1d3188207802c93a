"""Write a trained network as the gateway reads it: one ONNX graph and its card."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from net import Net, Spectrum
from torch import Tensor, nn


class Whole(nn.Module):
    """Samples (1, n) → log-odds (1, 3)."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.spectrum = Spectrum()
        self.net = net

    def forward(self, samples: Tensor) -> Tensor:  # noqa: D102 (torch's name)
        return self.net(self.spectrum(samples))


def write(net: Net, card: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Write `model.onnx` and `card.json` into `folder`; return the card with the graph's hash.

    The same weights give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = Whole(net).float().eval()
    for module in whole.modules():
        if isinstance(module, nn.Conv2d):
            module.to(memory_format=torch.contiguous_format)
    path = folder / "model.onnx"
    torch.onnx.export(
        whole,
        (torch.zeros(1, 32_000),),
        str(path),
        input_names=["samples"],
        output_names=["log_odds"],
        dynamic_axes={"samples": {1: "n"}},
        opset_version=17,
        dynamo=False,
    )
    card = card | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return card
