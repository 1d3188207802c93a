"""Keypad tones in the sound itself (in-band DTMF).

Two sines at once, one of four low and one of four high frequencies (ITU-T Q.23). Each 20 ms block
is measured at the eight frequencies by the Goertzel algorithm; a pair counts when it carries most
of the block's energy and its levels are within the twist that ITU-T Q.24 allows.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from media.audio import FRAME, RATE, Pcm

LOW: Final = (697, 770, 852, 941)
HIGH: Final = (1209, 1336, 1477, 1633)
KEYS: Final = ("123A", "456B", "789C", "*0#D")

SHARE: Final = 0.8
"""The least share of a block's energy that the two tones carry; speech spreads wider."""

TWIST_DB: Final = 8.0
QUIETEST: Final = 200.0
"""RMS of a block (16-bit) below which nothing is a key: about -44 dBFS."""

BLOCKS: Final = 2
"""Blocks in a row that must show the same key: Q.24 asks for 40 ms."""

_BASIS: Final = np.exp(
    -2j * np.pi * np.outer(np.array(LOW + HIGH), np.arange(FRAME)) / RATE
) * np.hanning(FRAME)
_GAIN: Final = float(np.sum(np.hanning(FRAME)) / 2)


class Keypad:
    """Detect keys pressed, once per press, in a stream of 16 kHz samples."""

    def __init__(self) -> None:
        self._rest: Pcm = np.zeros(0, np.int16)
        self._last: str | None = None
        self._run = 0

    def feed(self, pcm: Pcm) -> list[str]:
        """Take the next samples; return the keys that were recognised in them."""
        keys: list[str] = []
        self._rest = np.concatenate([self._rest, pcm])
        while len(self._rest) >= FRAME:
            block, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            key = _key(block)
            self._run = self._run + 1 if key == self._last else 1
            self._last = key
            if key is not None and self._run == BLOCKS:
                keys.append(key)
        return keys


def _key(block: Pcm) -> str | None:
    samples = block.astype(np.float64)
    power = float(np.mean(samples**2))
    if power < QUIETEST**2:
        return None
    tones = (np.abs(_BASIS @ samples) / _GAIN) ** 2 / 2
    low, high = int(np.argmax(tones[:4])), int(np.argmax(tones[4:]))
    a, b = tones[low], tones[4 + high]
    if (a + b) < SHARE * power or abs(10 * np.log10(a / b)) > TWIST_DB:
        return None
    return KEYS[low][high]
