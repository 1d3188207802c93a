# /// script
# requires-python = ">=3.11"
# dependencies = ["hushgate", "torch", "numpy"]
# [tool.uv.sources]
# hushgate = { path = "../.." }
# ///
"""Train the network that tells one voice from another (`media/liveness/voiceprint.py`).

    uv run scripts/liveness/voiceprint.py FOLDER [--steps 1500] [--out FILE]

FOLDER is what `make_data.py` made. Voices of the split `train` are what it learns from, those of
`dev` and `test` what the figures are of that it prints at the end.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize, one_hot

from gateway.recordings import read_mono
from media.channel import clean, g711
from media.liveness.voiced import Voiced
from media.liveness.voiceprint import FEATURES, LAYERS, SHAPES, features
from media.networks import packed

WEIGHTS = Path(__file__).resolve().parents[2] / "media" / "liveness" / "weights" / "voiceprint.f16"
MOST = 24
"""Clips of one voice that are used at most."""


class Net(nn.Module):
    """As in `media.liveness.voiceprint`, with normalisation that is folded in at the end."""

    def __init__(self) -> None:
        super().__init__()
        sizes = [FEATURES, 96, 96, 96, 128]
        self.layers = nn.ModuleList(
            nn.Conv1d(sizes[i], sizes[i + 1], width, dilation=apart)
            for i, (_, width, apart) in enumerate(LAYERS)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(size) for size in sizes[1:])
        self.last = nn.Linear(256, 48)
        self.last_norm = nn.BatchNorm1d(48)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return prints (n, 48) of features (n, 22, places)."""
        for layer, norm in zip(self.layers, self.norms, strict=True):
            x = norm(layer(x).relu())
        pooled = torch.cat([x.mean(2), (x.var(2, correction=0) + 1e-4).sqrt()], 1)
        return normalize(self.last_norm(self.last(pooled)))


def speech(folder: Path, rng: np.random.Generator) -> dict[bool, dict[str, list[np.ndarray]]]:
    """Return features by voice, of training and of the rest: clean, over G.711, and noisy."""
    voices: dict[bool, dict[str, list[np.ndarray]]] = {
        True: defaultdict(list),
        False: defaultdict(list),
    }
    with (folder / "manifest.csv").open() as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["file"])
    for row in rows:
        if row["label"] == "other" or row["system"].startswith("resynth"):
            continue
        mine = voices[row["split"] == "train"][f"{row['system']}/{row['speaker']}"]
        if len(mine) >= MOST * 2:
            continue
        sound = read_mono(folder / row["file"]).astype(np.float64)
        sound *= 2_000 / (np.sqrt(np.mean(sound**2)) + 1)
        pcm = np.clip(sound, -32_768, 32_767).astype(np.int16)
        line = g711(pcm, rng, snr_db=None if len(mine) % 4 < 2 else rng.uniform(8, 25))
        for heard in (clean(pcm, rng), line):
            said = Voiced().feed(heard)
            if len(said) >= 2 * 16_000:
                mine.append(features(said).astype(np.float16))
    return voices


def train(voices: dict[str, list[np.ndarray]], steps: int, rng: np.random.Generator) -> Net:
    """Learn to name the voice of 1.5 to 3 s, with a margin (AM-softmax)."""
    names = sorted(name for name, clips in voices.items() if clips)
    every = np.vstack([clip.astype(np.float32) for name in names for clip in voices[name]])
    net, mean, deviation = Net(), every.mean(0), every.std(0)
    net.mean, net.deviation = mean, deviation
    centres = nn.Parameter(torch.randn(len(names), 48) * 0.1)
    best = torch.optim.Adam([*net.parameters(), centres], weight_decay=1e-4)
    rate = torch.optim.lr_scheduler.OneCycleLR(best, 4e-3, steps)
    spread = torch.tensor([0.5] + [0.1] * 19 + [0.0, 0.0])[:, None]
    for step in range(steps):
        length = int(rng.integers(150, 300))
        whose = rng.integers(0, len(names), 64)
        batch = []
        for voice in whose:
            clips = voices[names[voice]]
            clip = clips[rng.integers(len(clips))]
            start = rng.integers(0, max(1, len(clip) - length))
            batch.append(np.resize(clip[start : start + length], (length, FEATURES)))
        x = (np.stack(batch).astype(np.float32) - mean) / deviation
        x = torch.tensor(x).transpose(1, 2)
        alike = net(x + torch.randn(64, FEATURES, 1) * spread) @ normalize(centres).T
        truth = torch.tensor(whose)
        loss = cross_entropy(20 * (alike - 0.2 * one_hot(truth, len(names))), truth)
        best.zero_grad()
        loss.backward()
        best.step()
        rate.step()
        if step % 250 == 249:
            print(f"{step + 1} of {steps}: loss {loss.item():.2f}", flush=True)
    return net.eval()


def folded(net: Net) -> bytes:
    """Return the weights as `media.liveness.voiceprint.Prints` reads them."""
    of = {"mean": net.mean, "deviation": net.deviation}
    scale, shift = np.ones(FEATURES), np.zeros(FEATURES)
    for (name, width, _), layer, norm in zip(LAYERS, net.layers, net.norms, strict=True):
        weight = layer.weight.detach().numpy().transpose(2, 1, 0)  # place, in, out
        of["w" + name] = (weight * scale[:, None]).reshape(width * len(scale), -1)
        of["b" + name] = layer.bias.detach().numpy() + np.einsum("pio,i->o", weight, shift)
        scale, shift = affine(norm)
    # What comes last is normalised before it is pooled: the mean is shifted, the deviation is not,
    # and only its small floor differs.
    weight = net.last.weight.detach().numpy().T
    both = np.concatenate([scale, np.abs(scale)])[:, None]
    out, away = affine(net.last_norm)
    of["w5"] = weight * both * out
    of["b5"] = (net.last.bias.detach().numpy() + shift @ weight[:128]) * out + away
    return packed(of, SHAPES)


def affine(norm: nn.BatchNorm1d) -> tuple[np.ndarray, np.ndarray]:
    """Return what a normalisation multiplies by, and what it adds."""
    scale = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach().numpy()
    return scale, norm.bias.detach().numpy() - norm.running_mean.numpy() * scale


def figures(voices: dict[str, list[np.ndarray]], net: Net, rng: np.random.Generator) -> None:
    """Hold 2 s against 4 s before them of the same recording, and of another voice."""

    def print_of(clip: np.ndarray) -> np.ndarray:
        x = (clip.astype(np.float32) - net.mean) / net.deviation
        with torch.no_grad():
            return net(torch.tensor(x.T[None]))[0].numpy()

    known, later = [], []
    for name, clips in voices.items():
        for clip in clips:
            if len(clip) >= 600:
                known.append((name, print_of(clip[:400])))
                later.append(
                    [print_of(clip[at : at + 200]) for at in range(400, len(clip) - 199, 200)]
                )
    same = np.array([k @ p for (_, k), ps in zip(known, later, strict=True) for p in ps])
    other = []
    for name, k in known:
        for i in rng.integers(0, len(known), 8):
            if known[i][0] != name:
                other.append(k @ later[i][0])
    apart = np.array(other)
    for share in (0.002, 0.01, 0.03):
        at = np.quantile(same, share)
        print(f"same voice below {at:.2f}: {share:.1%}; another voice: {np.mean(apart < at):.0%}")


def main() -> None:
    """Train, write the weights, tell how good they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rng = np.random.default_rng(1)
    voices = speech(given.folder, rng)
    print({"train": len(voices[True]), "held out": len(voices[False])})
    net = train(voices[True], given.steps, rng)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(folded(net))
    figures(voices[False], net, rng)


if __name__ == "__main__":
    main()
