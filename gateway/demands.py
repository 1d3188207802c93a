"""What a caller demands of the call in the middle of the talk, by words or by keys."""

from __future__ import annotations

from collections import deque
from typing import Final

from gateway.answers import Demand, demand
from gateway.consent import DEMAND_KEYS
from media.audio import Samples, samples
from media.inspector import Said

ONE_DEMAND_S: Final = 4.0
"""Words that follow within this time may be one demand: "please stop", "the recording"."""

TWO_KEYS_S: Final = 2.0
"""Keys that follow within this time are one demand."""


class Demands:
    """Listen to what a caller says and presses; `language` is that of the call (ISO 639-1)."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._recent: deque[tuple[str, Samples]] = deque()
        self._last_key: tuple[str, Samples] = "", 0

    def said(self, said: Said) -> Demand | None:
        """Take words; return what they, with those shortly before, demand."""
        self._recent.extend((word.text.reveal(), word.span.end) for word in said.words)
        while self._recent[0][1] < self._recent[-1][1] - samples(ONE_DEMAND_S):
            self._recent.popleft()
        demanded = demand(" ".join(text for text, _ in self._recent), self._language)
        if demanded is not None:
            self._recent.clear()
        return demanded

    def typed(self, digit: str, now: Samples) -> Demand | None:
        """Take a key pressed at `now`; return what it, with the key before it, demands."""
        last, at = self._last_key
        self._last_key = digit, now
        demanded = DEMAND_KEYS.get(last + digit)
        if demanded is None or now - at > samples(TWO_KEYS_S):
            return None
        self._last_key = "", 0
        return demanded
