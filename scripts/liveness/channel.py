"""What a line does to a voice, drawn at random, so that no detector can learn the line.

Every clip, human or synthetic, goes through the same draw. A person's recording that was made at
8 kHz can be told from a synthesiser's 24 kHz by its band alone; after `random_channel` it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from media.audio import FRAME, RATE, Pcm, ulaw_decode, ulaw_encode

Sound = NDArray[np.float32]
"""Mono samples within ±1."""

TELEPHONE_SHARE: Final = 0.65
"""Of clips; the rest keeps a wide band."""

NARROW_CODECS: Final = {"pcmu": 4, "pcma": 3, "opus": 2, "amr": 3, "none": 1}
"""Codec → weight of being drawn, at 8 kHz."""

WIDE_CODECS: Final = {"opus": 5, "g722": 2, "none": 3}
"""The same at 16 kHz."""


def random_channel(
    pcm: Pcm | Sound, rate: int, rng: np.random.Generator, babble: Sequence[Pcm] = ()
) -> tuple[Pcm, str]:
    """Send a clip, int16 or within ±1, at `rate` samples a second over a line drawn by `rng`.

    `babble` are other clips at 16 kHz, some of which may be heard in the background. Returns the
    clip at 16 kHz, about as long as before, and what was done to it.
    """
    sound = pcm.astype(np.float32) / (32_768 if pcm.dtype == np.int16 else 1)
    sound = np.asarray(soxr.resample(sound, rate, RATE, quality="HQ"), np.float32)
    done: list[str] = []
    narrow = rng.random() < TELEPHONE_SHARE
    if rng.random() < 0.25:  # the same clip, but for a little of its rate
        factor = float(rng.uniform(0.97, 1.03))
        sound = np.asarray(soxr.resample(sound, RATE, round(RATE * factor)), np.float32)
    if rng.random() < 0.25:
        sound = _hall(sound, rng)
        done.append("hall")
    if rng.random() < 0.4:
        sound = _coloured(sound, rng)
        done.append("coloured")
    if rng.random() < 0.55:
        snr = float(rng.uniform(10, 40))
        name, noise = _noise(len(sound), rng, babble)
        sound = sound + noise * _active_rms(sound) * 10 ** (-snr / 20)
        done.append(f"{name} {snr:.0f} dB")
    level = float(rng.uniform(-35, -15))
    sound = sound * (10 ** (level / 20) / _active_rms(sound))
    done.append(f"{level:.0f} dBFS")
    if rng.random() < 0.1:
        limit = np.abs(sound).max() * rng.uniform(0.4, 0.9)
        sound = np.clip(sound, -limit, limit)
        done.append("clipped")
    if narrow:
        low, high = float(rng.uniform(20, 400)), float(rng.uniform(3_000, 3_900))
    else:
        low, high = float(rng.uniform(20, 120)), float(rng.choice([7_000, 7_500, 8_000, 5_500]))
    sound = _band(sound, low, high)
    done.append(f"{low:.0f}-{high:.0f} Hz")
    weights = NARROW_CODECS if narrow else WIDE_CODECS
    codec = str(
        rng.choice(list(weights), p=np.array(list(weights.values())) / sum(weights.values()))
    )
    loss = float(rng.uniform(0, 0.05)) if rng.random() < 0.3 else 0.0
    heard = _coded(sound, codec, 8_000 if narrow else RATE, rng, loss)
    done += [codec] + ([f"loss {loss:.0%}"] if loss else [])
    if narrow and rng.random() < 0.15:  # a second network on the way
        heard = ulaw_decode(ulaw_encode(heard))
        done.append("pcmu")
    if rng.random() < 0.1:
        lead, tail = (rng.integers(0, RATE) for _ in range(2))
        heard = np.pad(heard, (lead, tail))
        done.append("silence")
    return heard, ", ".join(done)


def _active_rms(sound: Sound) -> float:
    power = np.mean(
        np.square(sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME), dtype=np.float64), axis=1
    )
    loud = power[power > power.max() * 1e-3] if len(power) and power.max() > 0 else np.ones(1)
    return float(np.sqrt(loud.mean()))


def _band(sound: Sound, low: float, high: float) -> Sound:
    """Pass `low` to `high` Hz, with edges a good 100 Hz wide, as in an exchange's filters."""
    spectrum = np.fft.rfft(sound)
    at = np.fft.rfftfreq(len(sound), 1 / RATE)
    gain = np.clip((at - low * 0.6) / (low * 0.8), 0, 1) * np.clip((high + 75 - at) / 150, 0, 1)
    return np.asarray(np.fft.irfft(spectrum * gain, len(sound)), np.float32)


def _coloured(sound: Sound, rng: np.random.Generator) -> Sound:
    """Tilt and bend the spectrum as a microphone does: a smooth curve within ±8 dB."""
    knots = np.array([0, 200, 500, 1_000, 2_000, 3_000, 5_000, 8_000])
    curve = np.clip(np.cumsum(rng.normal(0, 3, len(knots))), -8, 8)
    gain = 10 ** (
        np.interp(np.fft.rfftfreq(len(sound), 1 / RATE), knots, curve - curve.mean()) / 20
    )
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)), np.float32)


def _hall(sound: Sound, rng: np.random.Generator) -> Sound:
    """Put the speaker into a room: the direct sound, then decaying noise."""
    length = float(rng.uniform(0.1, 0.5))
    at = np.arange(round(length * RATE)) / RATE
    impulse = rng.normal(0, 1, len(at)) * np.exp(-6.9 * at / length)
    impulse *= 10 ** (-rng.uniform(3, 18) / 20) / np.linalg.norm(impulse)
    impulse[0] = 1.0
    size = len(sound) + len(impulse)
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(impulse, size), size)
    return np.asarray(wet[: len(sound)], np.float32)


def _noise(count: int, rng: np.random.Generator, babble: Sequence[Pcm]) -> tuple[str, Sound]:
    """Return a kind of noise and `count` samples of it, of RMS 1."""
    kind = str(rng.choice(["white", "pink", "brown", "hum", "babble"]))
    if kind == "babble" and babble:
        noise = np.zeros(count)
        for pick in rng.integers(len(babble), size=rng.integers(3, 7)):
            clip = babble[pick].astype(np.float64)
            clip = np.roll(np.resize(clip, count), rng.integers(count))
            noise += clip / (clip.std() + 1e-9)
    elif kind == "hum":
        at = np.arange(count) / RATE
        base = rng.choice([50, 60])
        noise = 0.3 * rng.normal(0, 1, count)
        for k in range(1, 9):
            noise += rng.uniform(0, 1) / k * np.sin(2 * np.pi * (base * k * at + rng.random()))
    else:
        slope = {"white": 0.0, "pink": 0.5, "brown": 1.0}.get(kind, 0.5)
        spectrum = np.fft.rfft(rng.normal(0, 1, count))
        at = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 30)
        noise = np.fft.irfft(spectrum * at**-slope, count)
    return kind, np.asarray(noise / (noise.std() + 1e-9), np.float32)


def _coded(sound: Sound, codec: str, rate: int, rng: np.random.Generator, loss: float) -> Pcm:
    """Code at `rate`, lose packets, conceal, and come back at 16 kHz."""
    pcm = _int16(np.asarray(soxr.resample(sound, RATE, rate, quality="HQ")))
    if codec == "opus":
        bits = int(rng.choice([8_000, 12_000, 16_000, 24_000, 32_000]))
        out = _through("libopus", "libopus", pcm, rate, 48_000, bits, rng, loss)
        out = _int16(np.asarray(soxr.resample(out.astype(np.float32) / 32_768, 48_000, rate)))
    elif codec == "amr":
        bits = int(rng.choice([4_750, 5_900, 7_400, 12_200]))
        out = _through("libopencore_amrnb", "amrnb", pcm, rate, rate, bits, rng, loss)
    elif codec == "g722":
        out = _through(codec, codec, pcm, rate, rate, 64_000, rng, loss)
    else:
        code = {"pcmu": _ulaw, "pcma": _alaw}.get(codec, lambda coded: coded)
        out = _concealed(code(pcm), rate, rng, loss)
    wide = soxr.resample(out.astype(np.float32) / 32_768, rate, RATE, quality="HQ")
    heard = _int16(np.asarray(wide))
    return np.pad(heard, (0, max(0, len(sound) - len(heard))))[: len(sound)]


def _through(
    encoder_name: str,
    decoder_name: str,
    pcm: Pcm,
    rate: int,
    rate_out: int,
    bits: int,
    rng: np.random.Generator,
    loss: float,
) -> Pcm:
    """Encode and decode with libav; a lost packet repeats the one before it, fading."""
    encoder: Any = av.CodecContext.create(encoder_name, "w")
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", "s16"
    encoder.bit_rate = bits
    encoder.options = {"compression_level": "2"}  # a third of the time; as phones have it
    decoder: Any = av.CodecContext.create(decoder_name, "r")
    decoder.sample_rate, decoder.layout = rate_out, "mono"
    size = rate // 50
    whole = np.concatenate([pcm, np.zeros(3 * size - len(pcm) % size, np.int16)])
    out: list[Pcm] = []

    def decode(packets: Sequence[Any]) -> None:
        for packet in packets:
            for frame in decoder.decode(packet):
                samples = frame.to_ndarray()
                if samples.dtype != np.int16:
                    samples = _int16(samples)
                mono = samples.reshape(-1)
                if out and rng.random() < loss:
                    mono = (np.resize(out[-1], len(mono)) * 0.6).astype(np.int16)
                out.append(mono)

    for at in range(0, len(whole), size):
        frame = av.AudioFrame.from_ndarray(whole[None, at : at + size], "s16", "mono")
        frame.sample_rate = rate
        decode(encoder.encode(frame))
    decode(encoder.encode(None))
    return np.concatenate(out)


def _concealed(pcm: Pcm, rate: int, rng: np.random.Generator, loss: float) -> Pcm:
    """Lose 20 ms packets; each that is gone repeats the one before, fading."""
    size = rate // 50
    out = pcm.copy()
    for at in range(size, len(pcm) - size, size):
        if rng.random() < loss:
            out[at : at + size] = out[at - size : at] * 0.6
    return out


def _ulaw(pcm: Pcm) -> Pcm:
    return ulaw_decode(ulaw_encode(pcm))


def _alaw(pcm: Pcm) -> Pcm:
    """Code and decode by ITU-T G.711 A-law: 13-bit magnitudes in eight segments of 16 steps."""
    magnitude = np.minimum(np.abs(pcm.astype(np.int32)), 32_767)
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 7, 1)
    step = 1 << (segment + 3)
    coded = (magnitude // step) * step + step // 2
    return np.asarray(np.clip(np.sign(pcm) * coded, -32_768, 32_767), np.int16)


def _int16(sound: NDArray[Any]) -> Pcm:
    out: Pcm = np.round(np.clip(sound, -1, 1) * 32_767).astype(np.int16)
    return out
