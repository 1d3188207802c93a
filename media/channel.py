"""What a telephone does to a voice: codecs, noise and loss, for measurements.

Every channel keeps the sample alignment of the clean voice, so that word times stay true.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import av
import numpy as np

from media.audio import FRAME, RATE, Pcm, Resampler, ulaw_decode, ulaw_encode

OPUS_DELAY: Final = 104
"""Samples at 16 kHz of Opus's look-ahead (6.5 ms; RFC 7845, section 4.2)."""

Channel = Callable[[Pcm, np.random.Generator], Pcm]


def clean(pcm: Pcm, rng: np.random.Generator) -> Pcm:
    """Change nothing."""
    return pcm


def opus(pcm: Pcm, rng: np.random.Generator, *, loss: float = 0.0) -> Pcm:
    """Code with Opus at 16 kbit/s; a share `loss` of the 20 ms packets is lost and left silent."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.bit_rate = 16_000
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    down = Resampler(48_000, RATE)
    whole = np.concatenate([pcm, np.zeros(FRAME * 2 - len(pcm) % FRAME, np.int16)])
    out: list[Pcm] = []

    def decode(packets: list[av.Packet]) -> None:
        for packet in packets:
            lost = rng.random() < loss
            for frame in decoder.decode(packet):
                samples = frame.to_ndarray()
                if samples.dtype != np.int16:
                    samples = np.round(np.clip(samples, -1, 1) * 32_767).astype(np.int16)
                mono = samples.reshape(-1)
                out.append(down(np.zeros_like(mono) if lost else mono))

    for at in range(0, len(whole), FRAME):
        frame = av.AudioFrame.from_ndarray(whole[None, at : at + FRAME], "s16", "mono")
        frame.sample_rate = RATE
        decode(encoder.encode(frame))
    decode(encoder.encode(None))
    out.append(down(np.zeros(0, np.int16), last=True))
    heard = np.concatenate(out)[OPUS_DELAY:]
    return np.pad(heard, (0, max(0, len(pcm) - len(heard))))[: len(pcm)]


def g711(pcm: Pcm, rng: np.random.Generator, *, snr_db: float | None = None) -> Pcm:
    """Band-limit to 8 kHz, add noise at `snr_db` below the speech, code with µ-law."""
    down, up = Resampler(RATE, 8_000), Resampler(8_000, RATE)
    narrow = down(pcm, last=True).astype(np.float64)
    if snr_db is not None:
        active = narrow[np.abs(narrow) > np.abs(narrow).max() * 0.02]
        power = np.mean(active**2) if len(active) else 1.0
        narrow = narrow + rng.normal(0, np.sqrt(power / 10 ** (snr_db / 10)), len(narrow))
    coded = ulaw_decode(ulaw_encode(np.clip(narrow, -32_768, 32_767).astype(np.int16)))
    wide = up(coded, last=True)
    return np.pad(wide, (0, max(0, len(pcm) - len(wide))))[: len(pcm)]


CHANNELS: Final[dict[str, Channel]] = {
    "clean": clean,
    "opus_16k": opus,
    "g711": g711,
    "g711_noise_15db": lambda pcm, rng: g711(pcm, rng, snr_db=15),
    "g711_noise_5db": lambda pcm, rng: g711(pcm, rng, snr_db=5),
    "loss_3pct": lambda pcm, rng: opus(pcm, rng, loss=0.03),
}
"""Name → channel; an utterance goes through one, in turn."""

TELEPHONE: Final[dict[str, Channel]] = {
    "clean": clean,
    "opus": opus,
    "g711": g711,
    "g711_noise": CHANNELS["g711_noise_15db"],
    "loss": lambda pcm, rng: opus(pcm, rng, loss=0.05),
}
"""Name → channel that a voice is judged over; an utterance goes through each."""
