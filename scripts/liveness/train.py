"""Train the detector of synthetic voices: `make liveness`, or in the project's own environment:

    uv run --with onnx --with scikit-learn --with torch scripts/liveness/train.py DATA

DATA is the folder that make_data.py filled. A first network learns from people, from older systems
and from resynthesis. From it the shipped one goes on with everything (media/liveness/weights), and
for each family of modern systems one that never meets it (DATA/folds). Beside each, experts learn
from what the recogniser's encoder heard of the same clips. The same data, seed and machine give the
same weights.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import features
import numpy as np
import torch
from expert import FEWEST, Experts
from expert import train as teach
from export import write
from features import Row, frames
from fit import fit, pieces
from judge import calibration, figures, reference, scores
from net import CODES, SHIFT, Net, normalise
from torch import Tensor

DRAWS: Final = ("0", "0v", "g711", "1")

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "tortoise": ("tortoise",),
    "kokoro": ("kokoro", "kokoro_docs"),
    "small": ("hibari", "piper", "zipvoice"),
    "older": (
        *("espeak", "espeak-klatt", "pico", "open-jtalk", "flite-diphone", "flite-clustergen"),
        *("festival-diphone", "festival-hts", "festival-units"),
    ),
}
"""Folds: what is left out together, since it is the same synthesiser."""

MADE_ANEW: Final = ("resynth-", "damage-")

EXPERTS: Final = 2
"""Whose log-odds are averaged; they differ by their seeds."""

SHARES: Final = {"human": 0.45, "synthetic": 0.45, "other": 0.10}
"""Of what is learnt from."""


def weights(rows: Sequence[Row]) -> Any:
    """Return how often each is drawn: systems and people's corpora by the root of their size.

    Systems that speak as people do count twice, what is only made anew or damaged half.
    """
    size = Counter((row.label, row.system) for row in rows)
    share = {
        key: math.sqrt(count)
        * (2 if key[1] in features.MODERN else 0.5 if key[1].startswith(MADE_ANEW) else 1)
        for key, count in size.items()
    }
    total: Counter[str] = Counter()
    for (label, _), amount in share.items():
        total[label] += amount
    each = [
        SHARES[row.label]
        * share[row.label, row.system]
        / size[row.label, row.system]
        / total[row.label]
        for row in rows
    ]
    return np.array(each) / sum(each)


def windows(spectra: Tensor, rows: Sequence[Row], count: int, rng: Any) -> Tensor:
    """Return `count` frames of each row from anywhere."""
    picked = pieces(spectra, [(row.at, row.frames) for row in rows], count, rng)
    return picked.mul_(1 / CODES).sub_(SHIFT)


def masked(x: Tensor, generator: torch.Generator) -> Tensor:
    """Hide bands and moments (SpecAugment, Park et al. 2019)."""
    batch, moments, bins = x.shape
    for size, axis, most in ((bins, 2, 20), (moments, 1, 30)):
        width = torch.rand(batch, 1, generator=generator) * most
        begin = torch.rand(batch, 1, generator=generator) * (size - width)
        at = torch.arange(size)
        hidden = (at >= begin) & (at < begin + width)
        x = x.masked_fill(hidden[:, None, :] if axis == 2 else hidden[:, :, None], 0)
    return x


def for_training(rows: Sequence[Row], held_out: Sequence[str], fewest: int = 0) -> list[Row]:
    """Return what is learnt from, of which the encoder made more than `fewest` rows."""
    return [
        row
        for row in rows
        if row.split == "train"
        and row.draw[0].isdigit()
        and row.rows > fewest
        and row.system not in held_out
    ]


def train(
    spectra: Tensor,
    rows: Sequence[Row],
    held_out: Sequence[str],
    steps: int,
    seed: int,
    before: Net | None = None,
) -> Net:
    """Train on what is for training, but for the systems held out; go on from `before`."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    learnt = for_training(rows, held_out)
    often = weights(learnt)
    net = Net().to(memory_format=torch.channels_last)
    if before is not None:
        net.load_state_dict(before.state_dict())
    highest = 3e-3 if before is None else 2e-3
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}]
    )

    def draw() -> tuple[Tensor, Sequence[Row]]:
        speech_s, batch = (2.0, 64) if rng.random() < 0.8 else (4.0, 32)
        picked = [learnt[i] for i in rng.choice(len(learnt), batch, p=often)]
        x = normalise(windows(spectra, picked, frames(speech_s), rng))
        with torch.autocast("cpu", torch.bfloat16):
            return net.logits(masked(x, generator)), picked

    return fit(net, optimiser, highest, steps, "spectra", draw)


def main() -> None:
    """Make spectra, train, calibrate, and write networks and cards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("media/liveness/weights"))
    parser.add_argument("--first", type=int, default=1_200, help="steps without modern systems")
    parser.add_argument("--steps", type=int, default=1_500, help="steps with them, after those")
    parser.add_argument("--fold-steps", type=int, default=600, help="the same for each fold")
    parser.add_argument("--expert-steps", type=int, default=800, help="of each expert")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="train these folds, by comma, and nothing else")
    parser.add_argument("--version", default="1")
    parser.add_argument("--no-prepare", action="store_true", help="take the spectra as they are")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if not args.no_prepare:
        for line in features.prepare(args.data, args.data / "features", DRAWS):
            print(line, flush=True)
    spectra, heard, rows = features.load(args.data / "features")
    manifest = args.data / "manifest.csv"
    clips = {clip["file"] for clip in csv.DictReader(manifest.open())}
    rows = [row for row in rows if row.file in clips]
    only = set(filter(None, args.only.split(",")))
    first = None
    if only != {"older"}:
        print("first, without modern systems", flush=True)
        first = train(spectra, rows, features.MODERN, args.first, args.seed)
    parts = [(args.out, (), args.steps)]
    parts += [(args.data / "folds" / name, of, args.fold_steps) for name, of in FAMILIES.items()]
    for folder, held_out, steps in parts:
        if only and folder.name not in only:
            continue
        print(folder, "without", ", ".join(held_out) or "nothing", flush=True)
        met = not {*held_out} <= {*features.MODERN}  # the first network met them: begin anew
        net = train(
            *(spectra, rows, held_out, steps + (args.first if met else 0), args.seed + 1),
            None if met else first,
        )
        learnt = for_training(rows, held_out, FEWEST)
        seeds = range(args.seed, args.seed + EXPERTS)
        experts = Experts(
            [teach(heard, learnt, weights(learnt), args.expert_steps, seed) for seed in seeds]
        ).eval()
        found = scores(net, experts, (spectra, heard), rows, held_out)
        card = {
            "name": "hushgate-liveness",
            "version": args.version,
            "licence": "Apache-2.0",
            "source": "scripts/liveness/train.py",
            "evaluation": "docs/results/liveness.md",
            "date": time.strftime("%Y-%m-%d", time.gmtime()),
            "trained": {
                "command": f"make liveness, or train.py DATA --first {args.first}"
                f" --steps {args.steps} --fold-steps {args.fold_steps}"
                f" --expert-steps {args.expert_steps} --seed {args.seed}",
                "seed": args.seed,
                "manifest_sha256": hashlib.sha256(manifest.read_bytes()).hexdigest(),
                "spectra": sum(row.draw[0].isdigit() and row.split == "train" for row in rows),
                "systems": sorted({r.system for r in rows if r.label == "synthetic"} - {*held_out}),
            },
            "held_out": list(held_out),
            **(calibrated := calibration(found)),
            "reference": reference(found, calibrated),
            "figures": figures(found, calibrated, held_out),
        }
        write(net, experts, torch.from_numpy(features.whisper().silence), card, folder)
        print(json.dumps({k: card[k] for k in ("calibration", "thresholds", "figures")}, indent=1))


if __name__ == "__main__":
    main()
