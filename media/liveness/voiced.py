"""What of a voice is speech: its phrases, joined without the pauses between them."""

from __future__ import annotations

from typing import Final

import numpy as np

from media.activity import Activity, PhraseStarted
from media.audio import FRAME, Pcm, Samples, Span
from media.tape import Tape

REACH: Final = FRAME * 50
"""Samples that are kept: more than a phrase begins before it is known to, and a pause lasts."""


class Voiced:
    """Follow one voice (16 kHz); `heard` counts the samples that were judged.

    What comes out is a multiple of 20 ms, and the same however the stream is cut.
    """

    def __init__(self) -> None:
        self._activity = Activity()
        self._tape = Tape()
        self._given: Samples = 0

    @property
    def heard(self) -> Samples:
        """Return how many samples were judged."""
        return self._activity.heard

    def feed(self, pcm: Pcm) -> Pcm:
        """Take the next samples, return the speech that is certain now.

        A phrase is speech from its start to its last voiced frame, with the dips inside it.
        """
        self._tape.feed(pcm)
        parts = [np.zeros(0, np.int16)]
        while self._tape.end - self.heard >= FRAME:
            for event in self._activity.feed(self._tape.read(Span(self.heard, self.heard + FRAME))):
                if isinstance(event, PhraseStarted):
                    self._given = event.at
            if self._activity.speaking and self._activity.voiced_until > self._given:
                parts.append(self._tape.read(Span(self._given, self._activity.voiced_until)))
                self._given = self._activity.voiced_until
            self._tape.forget(self.heard - REACH)
        return np.concatenate(parts)
