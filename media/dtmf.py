"""Keypad tones in the sound itself (in-band DTMF).

Two sines at once, one of four low and one of four high frequencies (ITU-T Q.23). Every 10 ms the
last 20 ms are measured: which two tones, how far off their frequencies, how loud against each other
and against all else that sounds. Two such blocks in a row that leave little doubt, beside a third
that fits, are a key. As Q.24 has it, frequencies may be off by 1.5 % but not by 3.5 %, the high
tone may be 4 dB louder or 8 dB softer than the low one, signals and pauses of 40 ms are told apart,
bursts of 20 ms are no key, an interruption of 10 ms ends none, and speech is none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from media.audio import FRAME, RATE, Pcm, Samples, Span, samples

LOW: Final = (697, 770, 852, 941)
HIGH: Final = (1209, 1336, 1477, 1633)
KEYS: Final = ("123A", "456B", "789C", "*0#D")

QUIETEST: Final = 100.0
"""RMS of a block (16-bit) below which nothing is a key: about -50 dBFS."""

HOP: Final = FRAME // 2
"""Samples from one measurement to the next."""

AT_ONCE: Final = 4
"""Measurements made at once: calling for one costs more than making it."""

PRESSED: Final = 3
"""Measurements in a row that must show the same key."""

RELEASED: Final = 3
"""Measurements in a row without the key that end it."""

AROUND: Final = FRAME
"""Samples around a block with tones in which the tones may begin and end."""

TYPING: Final = samples(5.0)
"""How long after a key what merely resembles one is taken to sound like one: speech may cover it"""


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What a block must show: how much of its energy is in the two tones, and what these are."""

    share: float
    twist_db: float
    off: float

    def clears(self, block: _Block) -> bool:
        return (
            block.share >= self.share
            and abs(block.twist_db) <= self.twist_db
            and block.off <= self.off
        )


_SURE: Final = _Doubt(share=0.9, twist_db=9, off=0.019)
"""Noise 15 dB below the tones leaves a share of 0.93 and more; two vowels in a row leave less."""
_LIKELY: Final = _Doubt(share=0.7, twist_db=12, off=0.03)
"""A block of which a quarter is silent."""
_POSSIBLE: Final = _Doubt(share=0.5, twist_db=12, off=0.03)
"""A voice over tones that are as loud; one block of speech in two hundred is like that too."""

_STEP: Final = 0.02
"""How far below and above each frequency the same is measured, to see where the tone is."""
_WINDOW: Final = np.hanning(FRAME + 2)[1:-1]
_WEIGHT: Final = _WINDOW**2 / np.sum(_WINDOW**2)


def _waves(pitches: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by what to multiply a block, less its mean, for the tones of these pitches in it.

    One column a pitch for the cosines, then one for the sines.
    """
    turns = np.outer(np.arange(FRAME), pitches) / RATE
    waves = np.exp(-2j * np.pi * turns) * _WINDOW[:, None] / (np.sum(_WINDOW) / 2)
    parts = np.concatenate([waves.real, waves.imag], axis=1)
    basis: NDArray[np.float64] = parts - parts.mean(axis=0)
    return basis


_PITCHES: Final = np.concatenate(
    [np.outer((1 - _STEP, 1, 1 + _STEP), of).ravel() for of in (LOW, HIGH)]
)
_COUNT: Final = len(_PITCHES)
_BASIS: Final = _waves(_PITCHES).astype(np.float32)
_GLANCE: Final = np.column_stack(
    (_waves(np.array(LOW + HIGH)), _WEIGHT, np.full(FRAME, 1 / FRAME))
).astype(np.float32)
"""The eight tones only, and a block's mean, weighted and not."""
_GLANCE_WEIGHT: Final = _WEIGHT.astype(np.float32)
_LEAST: Final = 0.15
"""The share of a block's energy at the eight frequencies below which it is no key. Two tones that
are as loud as all else, the louder by 12 dB and 3 % off, leave more; most speech leaves less."""


class _Block(NamedTuple):
    """What was measured in 20 ms in which a key may sound."""

    key: int
    """The strongest low and high tone: an index into the sixteen keys."""
    share: float
    twist_db: float
    off: float
    """How far off the worse of the two frequencies is, as a share of it."""


class Keypad:
    """Detect keys pressed, once per press, in a stream of 16 kHz samples.

    `sounded` are the places in what was fed last, and shortly before, where tones may have sounded.
    They are known with the first measurement that shows any, before it is certain that a key was
    pressed, and reach a little ahead of what was fed.
    """

    def __init__(self) -> None:
        self.sounded: tuple[Span, ...] = ()
        self._at: Samples = 0
        self._rest: Pcm = np.zeros(0, np.int16)
        self._last = -1
        self._run = 0
        self._sure = 0
        self._sure_run = False
        self._held = -1
        self._missed = 0
        self._typed_at: Samples = -TYPING

    def feed(self, pcm: Pcm) -> list[str]:
        """Take the next samples; return the keys that were recognised in them."""
        self._rest = np.concatenate([self._rest, pcm])
        count = (len(self._rest) - FRAME) // HOP + 1
        self.sounded = ()
        if count < AT_ONCE:
            return []
        blocks = _measured(self._rest[: (count + 1) * HOP])
        self._rest = self._rest[count * HOP :]
        pressed = []
        for block in blocks:
            key, sure = -1, False
            if block is not None:
                typing = self._at - self._typed_at < TYPING
                if (_POSSIBLE if typing else _LIKELY).clears(block):
                    self._sounds(Span(max(0, self._at - AROUND), self._at + FRAME + AROUND))
                if _LIKELY.clears(block):
                    key, sure = block.key, _SURE.clears(block)
            if self._step(key, sure):
                self._typed_at = self._at
                pressed.append(KEYS[key // 4][key % 4])
            self._at += HOP
        return pressed

    def typed(self) -> None:
        """Take note of a key that came as an event: its tones may sound as well."""
        self._typed_at = self._at

    def _step(self, key: int, sure: bool) -> bool:
        """Take the key that one block shows, or -1; tell whether it is certain now, and new."""
        if key == self._last == self._held:  # it goes on, mostly the silence
            self._missed = 0
            return False
        if key != self._last:
            self._last, self._run, self._sure, self._sure_run = key, 0, 0, False
        self._run += 1
        self._sure = self._sure + 1 if sure else 0
        self._sure_run = self._sure_run or self._sure >= PRESSED - 1
        self._missed = 0 if key == self._held else self._missed + 1
        if self._missed >= RELEASED:
            self._held = -1
        if key in (-1, self._held) or self._run < PRESSED or not self._sure_run:
            return False
        self._held, self._missed = key, 0
        return True

    def _sounds(self, span: Span) -> None:
        last = self.sounded[-1] if self.sounded else None
        if last is not None and span.start <= last.end:
            self.sounded = (*self.sounded[:-1], Span(last.start, span.end))
        else:
            self.sounded = (*self.sounded, span)


def key_in(block: Pcm) -> str | None:
    """Return the key whose tones fill 20 ms of sound (320 samples), or None."""
    (measured,) = _measured(block)
    if measured is None or not _LIKELY.clears(measured):
        return None
    return KEYS[measured.key // 4][measured.key % 4]


def _measured(pcm: Pcm) -> list[_Block | None]:
    """Measure 20 ms every 10 ms; None is what is too quiet for a key, or nowhere near one.

    Sums over samples are numpy's; few numbers are quicker without.
    """
    count = len(pcm) // HOP - 1
    apart = (HOP * pcm.itemsize, pcm.itemsize)  # the blocks overlap
    blocks = np.ndarray((count, FRAME), pcm.dtype, pcm, strides=apart).astype(np.float32)
    glances = blocks.dot(_GLANCE).tolist()
    energies = (blocks * blocks).dot(_GLANCE_WEIGHT).tolist()
    measured: list[_Block | None] = [None] * count
    for i in range(count):
        *parts, weighted, mean = glances[i]
        total = energies[i] + mean * (mean - 2 * weighted)
        if total >= QUIETEST**2 and math.hypot(*parts) ** 2 / 2 >= _LEAST * total:
            measured[i] = _block(blocks[i], total)
    return measured


def _block(pcm: NDArray[np.float32], total: float) -> _Block:
    """Tell what the tones of a block are; `total` is its power."""
    parts = pcm.dot(_BASIS)
    power = (parts[:_COUNT] ** 2 + parts[_COUNT:] ** 2).tolist()
    low, low_off, low_power = _strongest(power[:12])
    high, high_off, high_power = _strongest(power[12:])
    return _Block(
        key=low * 4 + high,
        share=(low_power + high_power) / 2 / total,
        twist_db=10 * math.log10(high_power / low_power),
        off=max(abs(low_off), abs(high_off)),
    )


def _strongest(power: list[float]) -> tuple[int, float, float]:
    """Return which of four tones is strongest, how far off it is, and its power.

    `power` is below, at and above each of the frequencies: four each. Through the logarithms of the
    three goes a parabola, which the window's main lobe nearly is; its top is where the tone is.
    """
    which = power.index(max(power)) % 4
    b, c, a = (math.log(of + 1e-9) for of in power[which::4])
    off = min(2.0, max(-2.0, (b - a) / (2 * min(b - 2 * c + a, -1e-9))))
    return which, off * _STEP, math.exp(c - (b - a) * off / 4)
