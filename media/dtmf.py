"""Keypad tones in the sound itself (in-band DTMF).

Two sines at once, one of four low and one of four high frequencies (ITU-T Q.23). Every 10 ms the
last 20 ms are measured at the eight frequencies; a pair counts when it carries most of the energy
and its levels are within the twist that ITU-T Q.24 allows. As Q.24 has it, signals and pauses of
40 ms are told apart, bursts of 20 ms are no key, and an interruption of 10 ms ends none.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from media.audio import FRAME, RATE, Pcm, Samples, Span, centred

LOW: Final = (697, 770, 852, 941)
HIGH: Final = (1209, 1336, 1477, 1633)
KEYS: Final = ("123A", "456B", "789C", "*0#D")

SHARE: Final = 0.8
"""The least share of a block's energy that the two tones carry; speech spreads wider."""

TWIST_DB: Final = 8.0
QUIETEST: Final = 200.0
"""RMS of a block (16-bit) below which nothing is a key: about -44 dBFS."""

HOP: Final = FRAME // 2
"""Samples from one measurement to the next."""

PRESSED: Final = 3
"""Measurements in a row that must show the same key."""

RELEASED: Final = 3
"""Measurements in a row without the key that end it."""

_BASIS: Final = np.exp(
    -2j * np.pi * np.outer(np.array(LOW + HIGH), np.arange(FRAME)) / RATE
) * np.hanning(FRAME)
_GAIN: Final = float(np.sum(np.hanning(FRAME)) / 2)


class Keypad:
    """Detect keys pressed, once per press, in a stream of 16 kHz samples.

    `sounding` is where tones sounded last, so far; it begins with the first measurement that shows
    any, before it is certain that a key was pressed.
    """

    def __init__(self) -> None:
        self.sounding: Span | None = None
        self._at: Samples = 0
        self._rest: Pcm = np.zeros(0, np.int16)
        self._last: str | None = None
        self._run = 0
        self._held: str | None = None
        self._missed = 0

    def feed(self, pcm: Pcm) -> list[str]:
        """Take the next samples; return the keys that were recognised in them."""
        keys: list[str] = []
        self._rest = np.concatenate([self._rest, pcm])
        while len(self._rest) >= FRAME:
            key = key_in(self._rest[:FRAME])
            if key is not None:
                self._sounds(Span(max(0, self._at - HOP), self._at + FRAME + HOP))
            self._at += HOP
            self._rest = self._rest[HOP:]
            self._run = self._run + 1 if key == self._last else 1
            self._last = key
            self._missed = 0 if key == self._held else self._missed + 1
            if self._missed >= RELEASED:
                self._held = None
            if key is not None and key != self._held and self._run >= PRESSED:
                self._held, self._missed = key, 0
                keys.append(key)
        return keys

    def _sounds(self, span: Span) -> None:
        last = self.sounding
        goes_on = last is not None and span.start <= last.end
        self.sounding = Span(last.start, span.end) if last and goes_on else span


def key_in(block: Pcm) -> str | None:
    """Return the key whose tones fill 20 ms of sound (320 samples), or None."""
    samples = centred(block).astype(np.float64)
    power = float(np.mean(samples**2))
    if power < QUIETEST**2:
        return None
    tones = (np.abs(_BASIS @ samples) / _GAIN) ** 2 / 2
    low, high = int(np.argmax(tones[:4])), int(np.argmax(tones[4:]))
    a, b = tones[low], tones[4 + high]
    if (a + b) < SHARE * power or abs(10 * np.log10(a / b)) > TWIST_DB:
        return None
    return KEYS[low][high]
