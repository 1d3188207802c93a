"""Sound in place of packets that were lost or not sent, for codecs that make up none themselves.

What was last heard goes on, pitch period by pitch period, and fades within 60 ms into noise as loud
as the background, or as the far end says that it is. The sound that comes then is faded in.

Source: the idea of ITU-T G.711 appendix I (concealment), RFC 3389 (comfort noise).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Samples, Seconds

_SHORTEST: Final[Seconds] = 0.005  # pitch periods: 200 Hz; a higher voice repeats two of its own
_LONGEST: Final[Seconds] = 0.015  # 66 Hz
_COMPARED: Final[Seconds] = 0.020  # of the sound in which the period is looked for
_SEAM: Final[Seconds] = 0.004  # of fading from one sound to another
_WHOLE: Final[Seconds] = 0.010  # of what is made up, at full strength
_FADE: Final[Seconds] = 0.050  # after it
_FAST_FADE: Final[Seconds] = 0.010  # into noise where nothing is known to be lost

_QUIET: Final = 10.0  # RMS of the background before anything is known of it: -70 dBFS
_RISE: Final = 1.01  # by which the background may be louder than it was 20 ms ago


class Concealment:
    """Follow one stream of int16 samples at `rate`, and make up what does not come."""

    def __init__(self, rate: int = RATE) -> None:
        """Follow a stream of at least 8000 samples a second."""
        self._rate = rate
        self._recent = np.zeros(self._count(_COMPARED + _LONGEST), np.float32)
        self._noise = np.random.default_rng(1)
        self._floor = _QUIET
        self._described: float | None = None
        self._cycle: NDArray[np.float32] | None = None
        self._made: Samples = 0
        self._gain = 1.0

    def heard(self, pcm: Pcm) -> Pcm:
        """Take the next samples that came; return them, faded in after what was made up."""
        if not len(pcm):
            return pcm
        if self._cycle is not None:
            pcm = self._fade_in(pcm)
            self._cycle = None
        sound = pcm.astype(np.float32)
        loud = float(np.sqrt(np.mean(sound**2)))
        self._floor = min(loud, self._floor * _RISE ** (len(pcm) / self._count(0.02)) + 0.05)
        self._recent = np.concatenate((self._recent, sound))[-len(self._recent) :]
        return pcm

    def conceal(self, count: Samples) -> Pcm:
        """Return so many samples in place of lost ones."""
        return _rounded(self._go_on(count, hold=_WHOLE, fade=_FADE))

    def comfort(self, count: Samples) -> Pcm:
        """Return so many samples of background noise."""
        return _rounded(self._go_on(count, hold=0.0, fade=_FAST_FADE))

    def describe_noise(self, level: int) -> None:
        """Take the level of the noise: 0 to 127 dB under the overload point (RFC 3389, 3.1)."""
        self._described = 32_767 * 10 ** (-level / 20)

    def _count(self, duration: Seconds) -> Samples:
        return round(duration * self._rate)

    def _go_on(self, count: Samples, *, hold: Seconds, fade: Seconds) -> NDArray[np.float32]:
        if self._cycle is None:
            self._cycle, self._made, self._gain = self._last_cycle(), 0, 1.0
        voice = self._cycle[(self._made + np.arange(count)) % len(self._cycle)]
        held = max(0, self._count(hold) - self._made)
        steps = np.maximum(0, np.arange(1, count + 1) - held)
        gain = np.clip(self._gain - steps / self._count(fade), 0, 1)
        self._made += count
        self._gain = float(gain[-1]) if count else self._gain
        level = self._floor if self._described is None else self._described
        noise = level * self._noise.standard_normal(count)
        # The voice holds its own background: noise comes in as it goes, power for power.
        mixed: NDArray[np.float32] = (gain * voice + np.sqrt(1 - gain**2) * noise).astype(
            np.float32
        )
        return mixed

    def _last_cycle(self) -> NDArray[np.float32]:
        """Return the last pitch period, its end made to fit its beginning."""
        shortest, longest = self._count(_SHORTEST), self._count(_LONGEST)
        last = self._recent[-self._count(_COMPARED) :]
        past = np.lib.stride_tricks.sliding_window_view(self._recent[:-shortest], len(last))
        energy = np.sqrt(np.sum(past**2, axis=1)) + 1.0
        period = longest - int(np.argmax(past @ last / energy))
        cycle = self._recent[-period:].copy()
        seam = min(self._count(_SEAM), period)
        before = self._recent[-period - seam : -period]
        rise = np.linspace(0, 1, len(before), dtype=np.float32)
        cycle[len(cycle) - len(before) :] += rise * (before - cycle[len(cycle) - len(before) :])
        return cycle

    def _fade_in(self, pcm: Pcm) -> Pcm:
        seam = min(self._count(_SEAM), len(pcm))
        old = self._go_on(seam, hold=_WHOLE, fade=_FADE)
        rise = np.linspace(0, 1, seam, dtype=np.float32)
        faded = pcm.copy()
        faded[:seam] = _rounded(old + rise * (pcm[:seam] - old))
        return faded


def _rounded(sound: NDArray[np.float32]) -> Pcm:
    return np.clip(np.rint(sound), -32_768, 32_767).astype(np.int16)
