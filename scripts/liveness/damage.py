"""Damage a person's voice as synthesisers damage theirs, with random parameters.

A synthesiser's last step makes a waveform from a spectrogram of few, smooth bands. What that loses
is alike in all of them: harmonics between the bands, the phases, the fine movement in time. Clips
so treated are learnt as synthetic beside their originals, so that what is learnt is the damage and
not the speaker, the words or the room; the idea is that of self-blended images (Shiohara and
Yamasaki 2022) and of vocoded training data (Wang and Yamagishi 2023).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.signal import istft, lfilter, stft

Sound = NDArray[np.float32]

KINDS: Final = ("griffin", "phase", "noise_phase", "stretch", "lpc", "fold", "hop")


def damaged(sound: Sound, rate: int, rng: np.random.Generator) -> tuple[Sound, int, str]:
    """Return the clip treated, its sample rate and what kind of treatment it was."""
    work = int(rng.choice([16_000, 22_050, 24_000]))
    x = np.asarray(soxr.resample(sound, rate, work, quality="HQ"), np.float64)
    kind = str(rng.choice(KINDS))
    if kind == "lpc":
        y = _lpc(x, work, rng)
    elif kind == "fold":
        y = _folded(x, work, rng)
    elif kind == "hop":
        y = _hops(_spectral(x, work, rng, "none"), rng)
    else:
        y = _spectral(x, work, rng, kind)
        if rng.random() < 0.25:
            y = _hops(y, rng)
    return np.asarray(y / (np.abs(y).max() + 1e-9) * 0.7, np.float32), work, kind


def _mel(bins: int, rate: int, bands: int, highest: float) -> NDArray[np.float64]:
    def mel(f: Any) -> Any:
        return 2595 * np.log10(1 + f / 700)

    at = np.linspace(0, rate / 2, bins)
    edges = 700 * (10 ** (np.linspace(0, mel(highest), bands + 2) / 2595) - 1)
    up = (at - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - at) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, fall)) + 1e-12


def _spectral(
    x: NDArray[np.float64], rate: int, rng: np.random.Generator, kind: str
) -> NDArray[np.float64]:
    """Resynthesise from a band spectrogram, with phases made up in one way or another."""
    size = int(rng.choice([800, 1024, 1024, 2048]))
    hop = size // 4
    window = {"window": "hann", "nperseg": size, "noverlap": size - hop}
    spectrum = stft(x, rate, **window)[2]
    size_there, phase = np.abs(spectrum) + 1e-9, np.angle(spectrum)
    bins = len(size_there)

    # the magnitudes that a band spectrogram leaves
    bands = _mel(bins, rate, int(rng.choice([64, 80, 80, 100, 128])), rate / 2)
    bands /= bands.sum(1, keepdims=True)
    back = bands / bands.sum(0)
    coarse = np.log(bands @ size_there + 1e-9)
    if rng.random() < 0.5:
        coarse = gaussian_filter1d(coarse, rng.uniform(0.3, 1.5), axis=1)
    if rng.random() < 0.5:
        blur = (rng.uniform(0.5, 3), rng.uniform(0.5, 4))
        noise = gaussian_filter(rng.standard_normal(coarse.shape), blur)
        coarse += noise / noise.std() * rng.uniform(0.05, 0.4)
    smooth = np.exp(back.T @ coarse)
    share = rng.uniform(0.4, 1.0)
    if kind in ("griffin", "stretch"):
        share = rng.uniform(0.0, 1.0)
    # low harmonics lie in bands of their own; above, they go
    knee = rng.uniform(0, 2_500)
    mix = share * np.clip((np.linspace(0, rate / 2, bins) - knee) / 500, 0, 1)[:, None]
    if rng.random() < 0.3:
        mix = np.full_like(mix, share)
    size_new = size_there ** (1 - mix) * smooth**mix

    frequency = np.linspace(0, 1, bins)[:, None]
    if kind == "phase":
        cut = rng.uniform(800, 3_500) / (rate / 2)
        high = np.clip((frequency - cut) * 20, 0, 1)
        phase = phase + high * rng.uniform(-np.pi, np.pi, phase.shape)
    elif kind == "noise_phase":
        spread = rng.uniform(0.1, 1.2) * (rng.uniform(0.2, 1) + frequency * 2)
        noise = rng.standard_normal(phase.shape)
        if rng.random() < 0.5:
            noise = gaussian_filter(noise, (1, 1)) * 3
        phase = phase + spread * noise
    elif kind == "stretch":
        factor = rng.uniform(0.85, 1.18)
        at = np.arange(0, size_new.shape[1] - 1, factor)
        low = at.astype(int)
        part = at - low
        advance = np.diff(phase, axis=1)[:, low]
        size_new = size_new[:, low] * (1 - part) + size_new[:, low + 1] * part
        phase = np.cumsum(np.concatenate([phase[:, :1], advance[:, :-1]], 1), axis=1)
    if kind == "griffin":
        if rng.random() < 0.6:
            phase = rng.uniform(-np.pi, np.pi, phase.shape)
        momentum, before = rng.choice([0.0, 0.9]), np.zeros(phase.shape, complex)
        for _ in range(int(rng.integers(2, 10))):
            rebuilt = stft(istft(size_new * np.exp(1j * phase), rate, **window)[1], rate, **window)[
                2
            ]
            rebuilt = np.pad(rebuilt, ((0, 0), (0, max(0, phase.shape[1] - rebuilt.shape[1]))))
            rebuilt = rebuilt[:, : phase.shape[1]]
            phase = np.angle(rebuilt - momentum / (1 + momentum) * before)
            before = rebuilt
    return np.asarray(istft(size_new * np.exp(1j * phase), rate, **window)[1][: 2 * len(x)])


def _hops(x: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Beat with the hop of a vocoder, as transposed convolutions do."""
    hop = int(rng.choice([64, 128, 200, 240, 256, 300, 320]))
    pattern = gaussian_filter1d(rng.standard_normal(hop), rng.uniform(0.5, 8), mode="wrap")
    pattern *= rng.uniform(0.02, 0.25) / pattern.std()
    beat = np.resize(pattern, len(x))
    return x * (1 + beat) + rng.uniform(0, 0.02) * np.std(x) * beat


def _folded(x: NDArray[np.float64], rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Fill the upper band with images of the lower one, as upsampling layers do."""
    factor = int(rng.choice([2, 4]))
    length = int(rng.choice([2, 4, 8])) * factor
    taps = np.sinc(np.arange(-length, length + 1) / factor) * np.hanning(2 * length + 1)
    taps /= taps.sum()
    low = np.convolve(x, taps, "same")
    stuffed = np.zeros_like(low)
    stuffed[::factor] = low[::factor] * factor
    images = np.convolve(stuffed, taps + rng.standard_normal(len(taps)) * 0.02, "same")
    share = rng.uniform(0.5, 1)
    return share * images + (1 - share) * x


def _lpc(x: NDArray[np.float64], rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Keep each frame's linear prediction, and make up what excites it."""
    order = int(rng.integers(12, rate // 1_000 + 8))
    size = int(rate * rng.uniform(0.015, 0.03))
    window = np.hanning(2 * size + 1)[:-1]
    whitened = rng.random() < 0.5
    share = rng.uniform(0.4, 1.0)
    out = np.zeros(len(x) + 2 * size)
    memory = 0.0
    for at in range(0, len(x) - 2 * size, size):
        frame = x[at : at + 2 * size] * window
        r = np.correlate(frame, frame, "full")[2 * size - 1 :]
        if r[0] < 1e-7:
            continue
        r[0] *= 1.0001
        a = np.zeros(order + 1)
        a[0], error = 1.0, r[0]
        for i in range(1, order + 1):
            k = -(r[i] + a[1:i] @ r[i - 1 : 0 : -1]) / error
            a[1 : i + 1] += k * np.concatenate([a[i - 1 : 0 : -1], [1.0]])
            error *= 1 - k * k
        gain = np.sqrt(max(error, 1e-12) / (2 * size) * 2.6)
        lag = np.argmax(r[rate // 400 : rate // 70]) + rate // 400
        voiced = max(0.0, float(r[lag] / r[0])) ** 0.5
        first = int(-memory % lag)
        pulses = np.zeros(2 * size)
        pulses[first::lag] = np.sqrt(lag)
        memory = (memory + size) % lag
        if whitened:
            residual = lfilter(a, 1, x[at : at + 2 * size])
            spectrum = np.fft.rfft(residual)
            turned = np.exp(1j * rng.uniform(-1, 1, len(spectrum)) * np.pi * share)
            excitation = np.fft.irfft(spectrum * turned, 2 * size)
            gain = 1.0
        else:
            excitation = voiced * pulses + np.sqrt(1 - voiced) * rng.standard_normal(2 * size)
        out[at : at + 2 * size] += lfilter([gain], a, excitation) * np.hanning(2 * size)
    return out
