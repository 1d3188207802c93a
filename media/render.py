"""What is heard where something was taken out."""

from __future__ import annotations

from typing import Final

import numpy as np

from media.audio import RATE, Pcm, Span

TONE_HZ: Final = 1_000

LEVEL: Final = 32_768 * 10 ** (-42 / 20) * 2**0.5
"""Amplitude of a bleep: -42 dBFS RMS. A person hears it; an agent's voice activity does not."""


def bleep(span: Span) -> Pcm:
    """Return a soft 1 kHz tone for `span`, in phase with any bleep that it continues."""
    time = np.arange(span.start, span.end, dtype=np.float64) / RATE
    return np.round(LEVEL * np.sin(2 * np.pi * TONE_HZ * time)).astype(np.int16)
