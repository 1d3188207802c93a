"""Which words of a guess may pass.

A reading of low probability is mostly right, word by word, and what must not pass is seldom plain
talk: so talk passes, and whatever else it may be is silenced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from media.entities import corrections
from media.entities.english.context import ASIDES, QUANTITIES, common
from media.entities.english.speech import LIKE_DIGITS
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding, Word
from media.entities.utterance import Utterance

LIKELY: Final = 0.1
"""Probability from which on a word of talk is believed."""

SMALL: Final = 2
"""Digits of a number that says how many, rather than which."""

SHORT: Final = 4
"""Digits of a number that its label explains."""


def guessed(turn: Utterance, words: Sequence[Word]) -> Iterator[Finding]:
    """Yield the stretches of guesses that are not plain talk, or not even likely."""
    if not any(word.guessed for word in words):
        return
    plain = {i for i in _talk(turn) if words[i].score >= LIKELY}
    silenced = (i for i, word in enumerate(words) if word.guessed and i not in plain)
    for _, group in groupby(enumerate(silenced), lambda each: each[1] - each[0]):
        stretch = [at for _, at in group]
        yield Finding(Entity.UNSURE, stretch[0], stretch[-1] + 1, 0.0, "guessed")


def _talk(turn: Utterance) -> Iterator[int]:
    """Yield the words of everyday talk; of an answer, of phrases that stand beside it."""
    if turn.asked:
        yield from corrections.said(turn)
    for at in range(len(turn)):
        size = ASIDES.at(turn.lower, at)
        if not turn.asked:
            size = max(size, _everyday(turn, at) or _counts(turn, at) or _explained(turn, at))
        for unit in turn.units[at : at + size]:
            yield from range(unit.first, unit.last)


def _everyday(turn: Utterance, at: int) -> bool:
    return turn.kind(at) in (Kind.WORD, Kind.FILLER) and common(turn.text(at))


def _counts(turn: Utterance, at: int) -> bool:
    """Tell a small number in the midst of talk: "it holds 9 hours"."""
    if turn.kind(at) is not Kind.DIGITS or len(turn.text(at)) > SMALL:
        return False
    before, behind = turn.text(at - 1), turn.text(at + 1)
    return (
        _everyday(turn, at - 1)
        and _everyday(turn, at + 1)
        and (behind in QUANTITIES or not LIKE_DIGITS & {before, behind})
    )


def _explained(turn: Utterance, at: int) -> bool:
    """Tell a short number whose label says that it is of no person: "flight number 6504"."""
    short = turn.kind(at) is Kind.DIGITS and len(turn.text(at)) <= SHORT
    return short and turn.label_before(at)[1]
