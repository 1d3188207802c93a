"""Reads vocabularies that are written as running text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def words(text: str) -> frozenset[str]:
    """Return the words of a text that separates them by white space."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases, each a tuple of words, of a text that separates them by commas."""
    return tuple(tuple(phrase.split()) for phrase in text.split(",") if phrase.strip())


class Phrases:
    """A set of phrases that is asked, again and again, which of them stands at a place."""

    def __init__(self, listed: Iterable[tuple[str, ...]]) -> None:
        self._by_head: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(listed, key=len, reverse=True):
            self._by_head.setdefault(phrase[0], []).append(phrase)

    def at(self, texts: Sequence[str], start: int) -> int:
        """Return the length of the longest phrase at `start` of `texts`, 0 when there is none."""
        if not 0 <= start < len(texts):
            return 0
        for phrase in self._by_head.get(texts[start], ()):
            if tuple(texts[start : start + len(phrase)]) == phrase:
                return len(phrase)
        return 0
