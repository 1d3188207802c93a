"""Write a trained network as the gateway reads it: one ONNX graph and its card."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from expert import Experts
from net import Net, Spectrum
from torch import Tensor, nn


class Whole(nn.Module):
    """Samples (1, n), and an encoder's rows of them (1, rows, width) → log-odds by either, (1, 3),
    and what that encoder makes of silence (width,)."""

    def __init__(self, net: Net, experts: Experts, silence: Tensor) -> None:
        super().__init__()
        self.spectrum = Spectrum()
        self.net = net
        self.experts = experts
        self.register_buffer("silence", silence)

    def forward(self, samples: Tensor, encoded: Tensor) -> tuple[Tensor, Tensor, Tensor]:  # noqa: D102
        return self.net(self.spectrum(samples)), self.experts(encoded), self.silence


def write(
    net: Net, experts: Experts, silence: Tensor, card: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """Write `model.onnx` and `card.json` into `folder`; return the card with the graph's hash.

    The same weights give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = Whole(net, experts, silence).float().eval()
    for module in whole.modules():
        if isinstance(module, nn.Conv2d):
            module.to(memory_format=torch.contiguous_format)
    path = folder / "model.onnx"
    torch.onnx.export(
        whole,
        (torch.zeros(1, 32_000), torch.zeros(1, 100, len(silence))),
        str(path),
        input_names=["samples", "encoded"],
        output_names=["log_odds", "heard", "silence"],
        dynamic_axes={"samples": {1: "n"}, "encoded": {1: "rows"}},
        opset_version=17,
        dynamo=False,
    )
    card = card | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return card
