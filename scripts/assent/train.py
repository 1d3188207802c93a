"""Train what tells a clear yes: `make assent`, or by hand, in the project's own environment:

    uv run scripts/assent/make_data.py DATA
    uv run --with torch scripts/assent/train.py DATA PEOPLE
    uv run scripts/assent/weigh.py DATA

DATA is the folder that make_data.py filled, PEOPLE the folder of people's recordings. Writes
media/assent.f16. A seventh of the voices, and a fifth of the texts that are no yes, are not trained
on; weigh.py weighs what is known of an answer on them.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from features import held_out, load, prepare, tally
from network import SYMBOLS, Net
from torch import Tensor
from torch.nn import functional

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from media.assent import LANGUAGES, SHAPES  # noqa: E402
from media.networks import packed  # noqa: E402


class Way(NamedTuple):
    """A way to train: how often through all answers, and how much is dropped and written down."""

    epochs: int
    dropout: float
    writing: float


WAYS: Final = (Way(14, 0.1, 0.3), Way(14, 0.1, 0.3), Way(9, 0.2, 0.5), Way(9, 0.2, 0.5))
"""Of each network, whose seed is its place here: trained in other ways, they err in others."""

BATCH: Final = 64
RATE: Final = 2e-3
ROWS: Final = 250
SPLICED: Final = 0.12
"""Share of answers that are two, one after the other."""


def main() -> None:
    """Make the features if they are not there, train, and write the weights."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("--out", type=Path)
    chosen = arguments.parse_args()
    folder = chosen.data / "encoded"
    if not folder.exists():
        prepare(chosen.data, chosen.shared, folder)
    rows, windows = load(folder)
    print(tally(rows), flush=True)
    drawn = [
        Drawn(window, row["language"], row["label"] == "yes", row["text"])
        for row, window in zip(rows, windows, strict=True)
    ]
    held = [held_out(row) for row in rows]
    silence = np.load(folder / "silence.npy")
    answers = [each for each, h in zip(drawn, held, strict=True) if not h]
    nets = [train(answers, silence, seed, way) for seed, way in enumerate(WAYS)]
    judged = [each for each, h in zip(drawn, held, strict=True) if h]
    odds = np.mean([judge(net, judged) for net in nets], axis=0)
    report([row for row, h in zip(rows, held, strict=True) if h], odds)
    out = chosen.out or Path(__file__).resolve().parents[2] / "media" / "assent.f16"
    out.write_bytes(b"".join(packed(net.weights() | {"silence": silence}, SHAPES) for net in nets))


def train(answers: Sequence[Drawn], silence: Any, seed: int, way: Way) -> Net:
    """Return a network trained on `answers`; each language, and yes and no, count about alike.

    What is said counts beside telling a yes, by `way.writing`: that it is written down.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    draws = Draws(answers, silence)
    net = Net(way.dropout)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    steps = way.epochs * len(answers) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    lost = np.zeros(2)
    for step in range(steps):
        drawn = [draws.draw(rng) for _ in range(BATCH)]
        encoded, there, language, yes = batch(drawn)
        for one in range(BATCH):  # a stretch is not heard
            if rng.random() < 0.3:
                begin = int(rng.integers(0, encoded.shape[1]))
                encoded[one, begin : begin + int(rng.integers(1, 8))] = 0
        odds, written = net(encoded, there, language)
        told = functional.binary_cross_entropy_with_logits(odds, yes)
        read = _read_down(written, there, drawn)
        optimiser.zero_grad()
        (told + way.writing * read).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        lost = 0.99 * lost + 0.01 * np.array([float(told.detach()), float(read.detach())])
        if step % 500 == 499:
            print(f"{seed}: step {step + 1} of {steps}, loss {lost.round(4)}", flush=True)
    return net.eval()


class Drawn(NamedTuple):
    """An answer: the encoder's output, what it is of, and its text where that is known."""

    encoded: Any
    language: str
    yes: bool
    text: str


class Draws:
    """Draw answers to learn from; some are put together from two, of which both must be a yes."""

    def __init__(self, answers: Sequence[Drawn], silence: Any) -> None:
        self._answers = answers
        kinds = [(each.language, each.yes) for each in answers]
        counts = Counter(kinds)
        share = np.array([(1.0 if kind[1] else 1.5) / counts[kind] ** 0.7 for kind in kinds])
        self._share = np.cumsum(share / share.sum())
        self._silence = silence

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Return an answer, or two with a pause between them."""
        first = self._one(rng)
        if rng.random() > SPLICED:
            return first
        for _ in range(50):
            second = self._one(rng)
            if second.language == first.language and len(first.encoded) < ROWS // 2:
                pause = np.repeat(self._silence[None], rng.integers(2, 25), axis=0)
                return Drawn(
                    np.concatenate([first.encoded, pause, second.encoded])[:ROWS],
                    first.language,
                    first.yes and second.yes,
                    f"{first.text} {second.text}" if first.text and second.text else "",
                )
        return first

    def _one(self, rng: np.random.Generator) -> Drawn:
        at = int(np.searchsorted(self._share, rng.random(), side="right"))
        return self._answers[min(at, len(self._answers) - 1)]


def batch(drawn: Sequence[Drawn]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the answers one beside the other, padded, and what they are."""
    longest = min(ROWS, max(len(each.encoded) for each in drawn))
    encoded = np.zeros((len(drawn), longest, drawn[0].encoded.shape[1]), np.float32)
    there = np.zeros((len(drawn), longest), np.float32)
    for place, each in enumerate(drawn):
        window = each.encoded[:longest]
        encoded[place, : len(window)] = window
        there[place, : len(window)] = 1
    return (
        torch.from_numpy(encoded),
        torch.from_numpy(there),
        torch.tensor([LANGUAGES.index(each.language) for each in drawn]),
        torch.tensor([float(each.yes) for each in drawn]),
    )


def _read_down(written: Tensor, there: Tensor, drawn: Sequence[Drawn]) -> Tensor:
    """Return how badly what is said was written down, for a symbol, where it is known."""
    known = [i for i, each in enumerate(drawn) if each.text]
    texts = [symbols(drawn[i].text) for i in known]
    return functional.ctc_loss(
        written[:, known],
        torch.tensor([symbol for text in texts for symbol in text]),
        there[known].sum(1).long(),
        torch.tensor([len(text) for text in texts]),
        zero_infinity=True,
    )


def symbols(text: str) -> list[int]:
    """Return a text in the symbols of `network.SYMBOLS`, without accents."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe"))
    words = re.findall("[a-z]+", re.sub(r"[\u0300-\u036f'’]", "", plain))
    return [1 + SYMBOLS.index(symbol) for symbol in " ".join(words)]


def judge(net: Net, answers: Sequence[Drawn]) -> Any:
    """Return the log-odds of some answers."""
    odds = []
    with torch.no_grad():
        for at in range(0, len(answers), BATCH):
            encoded, there, language, _ = batch(answers[at : at + BATCH])
            odds.append(net(encoded, there, language)[0].numpy())
    return np.concatenate(odds)


def report(rows: list[dict[str, str]], odds: Any) -> None:
    """Print, for each language, the yeses found at some limits, and what else passes them."""
    languages = np.array([row["language"] for row in rows])
    is_yes = np.array([row["label"] == "yes" for row in rows])
    for limit in (0.0, 1.0, 2.0, 3.0, 4.0):
        told = []
        for language in LANGUAGES:
            yes, no = (odds[(languages == language) & (is_yes == which)] for which in (True, False))
            found, passed = np.mean(yes > limit), np.sum(no > limit)
            told.append(f"{language} {found:.1%} of {len(yes)}, {passed} of {len(no)}")
        print(f"{limit:4.1f}: " + "; ".join(told))
    for place in sorted(np.flatnonzero(~is_yes), key=lambda place: -odds[place])[:25]:
        print(odds[place], *(rows[place][name] for name in ("language", "text", "voice")))


if __name__ == "__main__":
    main()
