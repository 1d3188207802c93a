"""Whose voice it is, as a direction: near for one voice, apart for two.

A small network over what is known of a voice from 10 ms to 10 ms: its spectral envelope (MFCC of
the telephone band), its pitch, and how clear that is. Three layers see 150 ms at once; mean and
deviation of the last one over all of the speech become a vector of unit length (x-vectors; Snyder
et al., 2018, much smaller). `scripts/liveness/voiceprint.py` trains it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm
from media.liveness.types import Voiceprint
from media.networks import Shapes, network

SPEECH: Final = 2 * RATE
"""Samples that a print is of: the newest."""

LEAST: Final = RATE * 3 // 2
"""Samples below which there is no print."""

FEATURES: Final = 22
SHAPES: Final[Shapes] = {
    "mean": (FEATURES,),
    "deviation": (FEATURES,),
    "w1": (5 * FEATURES, 96),
    "b1": (96,),
    "w2": (3 * 96, 96),
    "b2": (96,),
    "w3": (3 * 96, 96),
    "b3": (96,),
    "w4": (96, 128),
    "b4": (128,),
    "w5": (256, 48),
    "b5": (48,),
}

LAYERS: Final = (("1", 5, 1), ("2", 3, 2), ("3", 3, 3), ("4", 1, 1))
"""Name, places that a layer looks at, and how far apart these are."""

_HOP: Final = RATE // 100
_FRAME: Final = RATE // 40
_LONG: Final = RATE // 25
_BANDS: Final = 24
_SIZE: Final = 512
_ROUND: Final = 1_024  # a correlation of 40 ms does not reach around to the lags of a voice
_LAGS: Final = slice(RATE // 400, RATE // 60 + 1)


class Prints:
    """Take prints.

    Args:
        weights: the file.

    Raises:
        ValueError: when it is not such a file.
    """

    def __init__(self, weights: bytes) -> None:
        self._of = network(weights, SHAPES, "voice prints")

    def take(self, speech: Pcm) -> Voiceprint | None:
        """Take the print of the newest 2 s of speech (16 kHz, no pauses), if that is enough."""
        if len(speech) < LEAST:
            return None
        of = self._of
        x = (features(speech[-SPEECH:]) - of["mean"]) / of["deviation"]
        for name, width, apart in LAYERS:
            count = len(x) - (width - 1) * apart
            seen = np.hstack([x[i * apart : i * apart + count] for i in range(width)])
            x = np.maximum(seen @ of["w" + name] + of["b" + name], 0)
        pooled = np.concatenate([x.mean(axis=0), np.sqrt(x.var(axis=0) + 1e-4)])
        print = pooled @ of["w5"] + of["b5"]
        unit: Voiceprint = (print / max(float(np.linalg.norm(print)), 1e-9)).astype(np.float32)
        return unit


def features(speech: Pcm) -> NDArray[np.float32]:
    """Return what is known of each 10 ms of at least 40 ms: shape (n, 22).

    20 MFCC of 24 bands from 150 to 3,600 Hz, the logarithm of the pitch, and how clear that is.
    """
    sound = speech.astype(np.float32)
    raised = np.append(sound[:1], sound[1:] - 0.97 * sound[:-1])
    middle = slice((_LONG - _FRAME) // 2, (_LONG + _FRAME) // 2)
    power = np.abs(np.fft.rfft(_blocks(raised)[:, middle] * _HAMMING, _SIZE)) ** 2
    envelope = np.log(power @ _MEL + 100) @ _COSINES
    long = _blocks(sound)
    windowed = (long - long.mean(axis=1, keepdims=True)) * _TAPER
    same = np.fft.irfft(np.abs(np.fft.rfft(windowed, _ROUND)) ** 2)[:, _LAGS]
    clarity = same / (np.sum(windowed**2, axis=1, keepdims=True) + 1) / _SHRINK
    top = clarity.argmax(axis=1)
    pitch = np.log((_LAGS.start + top) * 100 / RATE)
    clear = np.take_along_axis(clarity, top[:, None], axis=1)
    return np.column_stack([envelope, pitch, clear]).astype(np.float32)


def _blocks(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    blocks: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(sound, _LONG)[::_HOP]
    return blocks


def _mel() -> NDArray[np.float32]:
    """Return 24 triangles, evenly spaced by ear: shape (257, 24)."""
    low, high = (2_595 * np.log10(1 + hz / 700) for hz in (150, 3_600))
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2_595) - 1) * _SIZE / RATE
    line = np.arange(_SIZE // 2 + 1)[:, None]
    rising = (line - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - line) / np.diff(edges)[1:]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


_MEL: Final = _mel()
_COSINES: Final = np.cos(
    np.pi / _BANDS * np.outer(np.arange(_BANDS) + 0.5, np.arange(20)), dtype=np.float32
)
_HAMMING: Final = np.hamming(_FRAME).astype(np.float32)
_TAPER: Final = np.hanning(_LONG).astype(np.float32)
_SHRINK: Final = (np.correlate(_TAPER, _TAPER, "full")[_LONG - 1 :] / np.sum(_TAPER**2))[_LAGS]
"""How much of a correlation the taper leaves at each lag."""
