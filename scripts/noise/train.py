"""Teach a copy of Whisper's encoder to hear through noise: `make adapter`, or by hand:

    uv run scripts/make_corpus.py CORPUS --voices others --seed 7 --count 260
    uv run scripts/make_corpus.py CORPUS --voices others --seed 8 --count 300
    uv run --with torch scripts/noise/train.py CORPUS RECORDINGS
    uv run --with torch scripts/noise/train.py CORPUS RECORDINGS --onward --minutes 85

RECORDINGS is the folder of scripts/liveness/make_data.py. Writes media/speech/adapter.f16. What the
encoder makes of clear speech is what its copy shall make of the same speech spoilt, and what the
decoder then reads likewise. Nobody who speaks in a benchmark of redaction or consent is heard.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from net import Decoder, Encoder
from spoiling import noise_alone, spoilt
from torch import Tensor, multiprocessing
from torch.nn import functional
from windows import PAD, ROOT, Window, windows

from gateway.engine.worker import load_whisper
from gateway.models import whisper_folder
from media.audio import centred
from media.networks import network, packed
from media.speech.adapter import ORIGIN, SHAPES
from media.speech.weights import read_weights
from media.speech.whisper import REMEMBERED

START: Final = (50_258, 50_259, 50_359, 50_363)
"""<|startoftranscript|><|en|><|transcribe|><|notimestamps|> of the models of many languages."""

END: Final = 50_257
BATCH: Final = 12
HELD_OUT: Final = 40
"""Every so manyth window is judged by."""

NOBODY_SHARE: Final = 0.05
"""Of windows, in which there is noise and nobody speaks."""

RATES: Final = {"narrow": 4e-4, "kernels": 4e-5, "rest": 2e-4}
"""Learning rates of the narrow matrices, of the convolutions, and of biases and norms."""

ONWARD: Final = 0.75
"""The share of them at which what has learnt goes on."""

WARM_UP: Final = 100
"""Steps until they are reached."""

READ_EVERY: Final = 2
"""The decoder, which takes a third of a step, reads every so manyth batch."""


class Batch(NamedTuple):
    """Spoilt features, the rows that shall come of them, and tokens: None for noise alone."""

    mel: Any
    rows: Any
    tokens: list[list[int] | None]


class Maker:
    """Make batches of windows of one length."""

    def __init__(self, made: Sequence[Window]) -> None:
        self._made = made
        self._whisper = whisper = load_whisper(whisper_folder("base"))
        lengths = sorted({len(window.pcm) for window in made})
        self._silence = {n: whisper.heard(np.zeros(n, np.int16), PAD)[0] for n in lengths}
        self.remembered = whisper.heard(np.zeros(30 * 16_000 - 320, np.int16), 0)[0][-REMEMBERED:]

    def batches(self, places: Sequence[int], seed: int) -> Iterator[Batch]:
        """Yield batches of windows at `places`, for ever."""
        rng = np.random.default_rng(seed)
        lengths = np.array([len(self._made[i].pcm) for i in places])
        while True:
            length = int(rng.choice(lengths))
            yield self._batch(rng.choice(np.asarray(places)[lengths == length], BATCH), rng)

    def _batch(self, places: Sequence[int], rng: np.random.Generator) -> Batch:
        mels, rows, tokens = [], [], []
        for window in (self._made[int(i)] for i in places):
            nobody, count = rng.random() < NOBODY_SHARE, len(window.pcm)
            heard = (
                noise_alone(count, rng, self._made)
                if nobody
                else spoilt(window.pcm, rng, self._made)
            )
            mels.append(self._whisper.window(centred(heard), PAD)[0])
            rows.append(self._silence[count] if nobody else window.rows)
            tokens.append(None if nobody else window.tokens)
        length = min(len(each) for each in rows)
        mel = np.stack([each[:, : 2 * length] for each in mels])
        return Batch(mel, np.stack([each[:length] for each in rows]).astype(np.float32), tokens)


def _fill(queue: Any, maker: Maker, places: Sequence[int], seed: int) -> None:
    torch.set_num_threads(1)
    for batch in maker.batches(places, seed):
        queue.put(batch)


def main() -> None:
    """Make the windows if they are not there, train, and write the adapter."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("recordings", type=Path)
    arguments.add_argument("--minutes", type=float, default=55)
    arguments.add_argument("--out", type=Path, default=ROOT / "media/speech/adapter.f16")
    arguments.add_argument("--onward", action="store_true", help="go on from what OUT has learnt")
    chosen = arguments.parse_args()
    made = windows(chosen.corpus, chosen.recordings, chosen.corpus / "windows.pickle")
    weights = read_weights(memoryview((whisper_folder("base") / "model.bin").read_bytes()))
    seed = 2 if chosen.onward else 1
    torch.manual_seed(seed)
    encoder, decoder, maker = Encoder(weights), Decoder(weights), Maker(made)
    if chosen.onward:
        present = network(chosen.out.read_bytes(), SHAPES, "the adapter")
        for name, value in encoder.learnt().items():
            value[...] = present[name]  # these arrays are the parameters' own
    share = ONWARD if chosen.onward else 1.0
    train(encoder, decoder, maker, len(made), chosen.minutes, seed=seed, share=share)
    learnt = {**encoder.learnt(), "origin": weights[ORIGIN]}
    chosen.out.write_bytes(packed(learnt, SHAPES))


def train(
    encoder: Encoder,
    decoder: Decoder,
    maker: Maker,
    count: int,
    minutes: float,
    *,
    seed: int,
    share: float,
) -> None:
    """Train an encoder at a share of the rates on all but every `HELD_OUT`th of `count` windows."""
    places = [i for i in range(count) if i % HELD_OUT]
    context = multiprocessing.get_context("fork")
    queue = context.Queue(24)
    filling = context.Process(target=_fill, args=(queue, maker, places, seed), daemon=True)
    filling.start()
    held_out = maker.batches(range(0, count, HELD_OUT), 99)
    judged = [next(held_out) for _ in range(8)]
    remembered = torch.from_numpy(maker.remembered)
    optimiser = torch.optim.AdamW(_groups(encoder), weight_decay=0.0, betas=(0.9, 0.98))
    began, step = time.monotonic(), 0
    while (gone := (time.monotonic() - began) / 60 / minutes) < 1:
        falling = 0.02 + 0.98 * (1 + math.cos(math.pi * gone)) / 2
        for group in optimiser.param_groups:
            group["lr"] = group["highest"] * share * falling * min(1.0, step / WARM_UP)
        reads = step % READ_EVERY == 0
        apart, misread = losses(encoder, decoder, remembered, queue.get(), reads=reads)
        optimiser.zero_grad()
        (apart + misread).backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 200 == 0:
            with torch.no_grad():
                told = [
                    [float(x) for x in losses(encoder, decoder, remembered, batch)]
                    for batch in judged
                ]
            print(f"step {step}, held out: {np.mean(told, axis=0).round(3)}", flush=True)
    filling.terminate()


def _groups(encoder: Encoder) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {name: [] for name in RATES}
    for name, value in encoder.named_parameters():
        if name.endswith((".down", ".up")):
            groups["narrow"].append(value)
        else:
            groups["kernels" if name.startswith("kernels") else "rest"].append(value)
    return [{"params": groups[name], "highest": rate} for name, rate in RATES.items()]


def losses(
    encoder: Encoder, decoder: Decoder, remembered: Tensor, batch: Batch, *, reads: bool = True
) -> tuple[Tensor, Tensor]:
    """Return how far rows are from what they shall be, by their variance, and likewise readings.

    The latter is the divergence of what the decoder foretells, a token; of noise alone it is what
    it foretells first, whether there is speech.
    """
    rows, wanted = encoder(torch.from_numpy(batch.mel)).float(), torch.from_numpy(batch.rows)
    apart = ((rows - wanted) ** 2).mean() / wanted.var()
    read = [i for i, tokens in enumerate(batch.tokens) if tokens is None or tokens]
    if not reads or not read:
        return apart, torch.zeros(())
    longest = len(START) + max(len(batch.tokens[i] or ()) for i in read)
    tokens = torch.full((len(read), longest), END)
    counts = torch.zeros(len(read), longest, dtype=torch.bool)
    counts[:, 0] = True
    for place, i in enumerate(read):
        given = [*START, *(batch.tokens[i] or ())]
        tokens[place, : len(given)] = torch.tensor(given)
        counts[place, len(START) - 1 : len(given) - 1] = True
    behind = remembered[None].expand(len(read), -1, -1)
    with torch.no_grad():
        states = decoder(tokens, torch.cat([wanted[read], behind], 1))[counts]
        told = decoder.logits(states).log_softmax(-1)
    states = decoder(tokens, torch.cat([rows[read], behind], 1))[counts]
    likely = decoder.logits(states).log_softmax(-1)
    total = functional.kl_div(likely, told, reduction="sum", log_target=True)
    return apart, total / counts.sum()


if __name__ == "__main__":
    main()
