"""What takes back what was said before: "no, sorry", "hang on, no, it's"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.context import CORRECTIONS
from media.entities.utterance import Utterance

_RESUMED: Final = frozenset({"it's", "it", "is", "that's"})
"""Words behind a correction that lead to what is said instead."""


def begun(turn: Utterance) -> Iterator[int]:
    """Yield the units, but for the first, with which a correction begins."""
    at = 1
    while at < len(turn):
        size = CORRECTIONS.at(turn.lower, at)
        if size:
            yield at
        at += max(size, 1)


def said(turn: Utterance) -> Iterator[int]:
    """Yield the words of corrections, which may stand inside a number and are none of it.

    One word by itself is none of them, since it may be a digit misheard: a "wait" is an eight.
    """
    at = 0
    while at < len(turn):
        first = at
        while True:
            size = CORRECTIONS.at(turn.lower, at)
            if not size and (at == first or turn.text(at) not in _RESUMED):
                break
            at += max(size, 1)
        if len(set(turn.lower[first:at])) > 1:
            for unit in turn.units[first:at]:
                yield from range(unit.first, unit.last)
        at = max(at, first + 1)
