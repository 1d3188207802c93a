"""Reads vocabularies that are written as running text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text that separates them by white space."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases, each a tuple of words, of a text that separates them by commas."""
    return tuple(tuple(phrase.split()) for phrase in text.split(",") if phrase.strip())
