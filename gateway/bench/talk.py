"""What callers of the capacity benchmark say: encoded once, so that saying it is cheap."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from gateway.bench.items import CorpusError, generated
from gateway.recordings import read_mono
from media.activity import Activity, PhraseStarted
from media.audio import FRAME, RATE, Pcm, Samples, samples

GAPS_S: Final = (0.1, 0.3)
"""Silence between two utterances of continuous talk."""

TURNS_S: Final = (2.0, 6.0)
"""How long somebody speaks who also listens."""

BIT_RATE: Final = 32_000


@dataclass(frozen=True, slots=True)
class Reel:
    """Sound that begins anew at its end.

    `packets` are Opus, 20 ms each; `spoken` tells of each whether somebody speaks in it.
    """

    pcm: Pcm = field(repr=False)
    packets: tuple[bytes, ...] = field(repr=False)
    spoken: NDArray[np.bool_] = field(repr=False)


def reel(corpus: Path, talk: float, length: Samples, seed: int) -> Reel:
    """Return `length` samples, whole frames of them, of a corpus's utterances in seeded order.

    `talk` is the share of the time that somebody speaks: 1 is without a pause; below it, turns
    of 2 to 6 s alternate with silence.

    Raises:
        CorpusError: when there is no corpus, or nobody speaks in it.
    """
    rng = random.Random(seed)
    parts: list[Pcm] = []
    marks: list[NDArray[np.bool_]] = []
    said = _utterances(corpus, rng)
    while sum(map(len, parts)) < length * talk:
        utterance, gap = next(said), samples(rng.uniform(*GAPS_S))
        parts.append(np.pad(utterance, (0, gap)))
        marks.append(np.arange(len(parts[-1])) < len(utterance))
    pcm, mark = np.concatenate(parts), np.concatenate(marks)
    if talk < 1:
        places = _places(len(pcm), talk, rng)
        pcm, mark = np.where(places < 0, 0, pcm[places]), (places >= 0) & mark[places]
    whole = length - length % FRAME
    pcm, mark = np.resize(pcm, whole), np.resize(mark, whole)
    spoken: NDArray[np.bool_] = np.logical_or.reduce(mark.reshape(-1, FRAME), axis=1)
    return Reel(pcm, tuple(encode(pcm)), spoken)


def encode(pcm: Pcm) -> list[bytes]:
    """Encode whole frames as Opus, a packet a frame."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.bit_rate = BIT_RATE
    encoder.options = {"application": "voip"}
    packets: list[bytes] = []
    for at in range(0, len(pcm), FRAME):
        frame = av.AudioFrame.from_ndarray(pcm[None, at : at + FRAME], "s16", "mono")
        frame.sample_rate = RATE
        packets += map(bytes, encoder.encode(frame))
    return packets


def _utterances(corpus: Path, rng: random.Random) -> Iterator[Pcm]:
    """Yield utterances without the silence around them, again and again."""
    entries = generated(corpus)
    rng.shuffle(entries)
    heard = False
    for number, entry in enumerate(cycle(entries)):
        if number == len(entries) and not heard:
            raise CorpusError(f"{corpus}: nobody speaks in it")
        pcm = read_mono(corpus / entry["file"])
        activity = Activity()
        starts = [e.at for e in activity.feed(pcm) if isinstance(e, PhraseStarted)]
        if starts:
            heard = True
            yield pcm[starts[0] : activity.voiced_until]


def _places(length: Samples, talk: float, rng: random.Random) -> NDArray[np.int64]:
    """Cut `length` samples into turns with silence after each: the sample at each place, or -1."""
    parts: list[NDArray[np.int64]] = []
    at: Samples = 0
    while at < length:
        turn = np.arange(at, min(at + samples(rng.uniform(*TURNS_S)), length))
        parts += [turn, np.full(round(len(turn) * (1 / talk - 1)), -1)]
        at += len(turn)
    return np.concatenate(parts)
