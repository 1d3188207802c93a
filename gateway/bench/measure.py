"""The figures of one call: what leaked, what was heard of it, what was lost, and when it came.

A sample has leaked when it came out as it went in. Whether the gate calls it silenced does not
count, and neither does what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gateway.bench.items import Item, Truth
from media.audio import FRAME, RATE, Pcm, Samples, Span, seconds
from media.entities.spoken import Kind, parse
from media.entities.types import Entity

SILENCED: Final = 0.9
"""Share of a word's span that must be silenced, or it has leaked."""

LOST: Final = 0.5
"""Share of a harmless word's span beyond which it is lost."""

NEAR: Final = RATE * 3 // 10
"""How far from its place an item may be recognised and still be that item."""

ENDPOINT: Final = RATE // 2
"""The silence that an agent waits for."""

Listen = Callable[[Pcm], Sequence[tuple[str, Span]]]
"""An independent recogniser: words and where they were heard."""


@dataclass(slots=True)
class Figures:
    """Counts of one call, or the sum over many."""

    pii: int = 0
    leaked: int = 0
    harmless: int = 0
    lost: int = 0
    items: int = 0
    heard: int = 0
    card: int = 0
    card_leaked: int = 0
    turn_delays_s: list[float] = field(default_factory=list)
    ages_s: list[float] = field(default_factory=list)
    compute_s: float = 0.0
    speech_s: float = 0.0
    by_entity: dict[str, list[int]] = field(default_factory=dict)
    """Entity → [words, leaked, items, heard]."""

    def add(self, other: Figures) -> None:
        """Add another call's figures to these."""
        for name in ("pii", "leaked", "harmless", "lost", "items", "heard", "card", "card_leaked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.turn_delays_s += other.turn_delays_s
        self.ages_s += other.ages_s
        self.compute_s += other.compute_s
        self.speech_s += other.speech_s
        for entity, counts in other.by_entity.items():
            mine = self.by_entity.setdefault(entity, [0, 0, 0, 0])
            self.by_entity[entity] = [a + b for a, b in zip(mine, counts, strict=True)]


def measure(
    item: Item,
    said: Pcm,
    out: Pcm,
    released: Sequence[tuple[Span, float]],
    compute_s: float,
    listen: Listen,
) -> Figures:
    """Return the figures of one call.

    `said` is what went in (after its channel), `out` what came out, both sample-aligned;
    `released` the stretches in order and the stream time in seconds at which each left.
    """
    passed = (said == out) & (said != 0)
    figures = Figures(compute_s=compute_s)
    silenced = [_silenced(word, said, passed) for word in item.words]
    for word, share in zip(item.words, silenced, strict=True):
        figures.speech_s += seconds(len(word.span))
        if word.entity is None:
            figures.harmless += 1
            figures.lost += int(share is not None and share > LOST)
        else:
            figures.pii += 1
            leaked = int(share is not None and share < SILENCED)
            figures.leaked += leaked
            _count(figures, word.entity, 1, leaked, 0, 0)
    _card(item, silenced, figures)
    if figures.pii:
        _heard(item, listen(out), figures)
    _times(item, released, figures)
    return figures


def _silenced(word: Truth, said: Pcm, passed: NDArray[np.bool_]) -> float | None:
    """Return the share of a word that did not come out; None when its channel left nothing."""
    part = slice(word.span.start, word.span.end)
    length = int(np.count_nonzero(said[part]))
    return 1 - int(np.count_nonzero(passed[part])) / length if length else None


def _card(item: Item, silenced: Sequence[float | None], figures: Figures) -> None:
    """Count the words with card digits beyond the first six and the last four (PCI DSS 3.4).

    Each number is counted by itself: a corrected one, said again, has its own first six.
    """
    numbered = list(zip(item.words, silenced, strict=True))
    for entity, group in groupby(numbered, key=lambda pair: pair[0].entity):
        number = list(group)
        if entity is not Entity.PAYMENT_CARD:
            continue
        units = [u for u in parse([word.text for word, _ in number]) if u.kind is Kind.DIGITS]
        count, at = sum(len(unit.text) for unit in units), 0
        for unit in units:
            first, at = at, at + len(unit.text)
            if at <= 6 or first >= count - 4:
                continue
            for _, share in number[unit.first : unit.last]:
                figures.card += 1
                figures.card_leaked += int(share is not None and share < SILENCED)


def _heard(item: Item, words: Sequence[tuple[str, Span]], figures: Figures) -> None:
    """Count the items (digits, letters, names) that a listener recovers at their place."""
    recovered = [(text, span) for word, span in words for text in _items(word)]
    for word in item.words:
        if word.entity is None:
            continue
        for text in _items(word.text):
            near = Span(word.span.start - NEAR, word.span.end + NEAR)
            found = any(text == other and span.overlaps(near) for other, span in recovered)
            figures.items += 1
            figures.heard += int(found)
            _count(figures, word.entity, 0, 0, 1, int(found))


def _items(text: str) -> list[str]:
    """Return the digits, letters and words of a word that tell something."""
    found: list[str] = []
    for unit in parse([text]):
        if unit.kind in (Kind.WORD, Kind.FILLER):
            plain = "".join(c for c in unit.text.casefold() if c.isalnum())
            if plain == "oh":
                found.append("0")
            elif len(plain) == 1 and text.strip().isupper():
                found.append(plain.upper())  # "A" and "I", said as letters
            elif len(plain) > 1 and plain not in THIN:
                found.append(plain)
        elif unit.kind is not Kind.SIGN:
            found += [c for c in unit.text.upper() if c.isalnum()]
    return found


THIN: Final = frozenset(["dot", "at", "dash", "the", "of", "and", "double", "triple", "is", "as"])
"""Words inside a finding that tell nothing by themselves."""


def _times(item: Item, released: Sequence[tuple[Span, float]], figures: Figures) -> None:
    if not item.words or not released:
        return
    last = max(word.span.end for word in item.words)
    # A call that ends sooner is a turn as soon as all of it is there.
    due = min(last + ENDPOINT, released[-1][0].end)
    at_s = next(at for span, at in released if span.end >= due)
    figures.turn_delays_s.append(max(0.0, at_s - seconds(due)))
    spoken = _spoken(item.words)
    for span, at in released:
        for place in range(span.start, span.end, FRAME):
            if spoken(place):
                figures.ages_s.append(at - seconds(place))


def _spoken(words: Sequence[Truth]) -> Callable[[Samples], bool]:
    frames = {f for w in words for f in range(w.span.start // FRAME, -(-w.span.end // FRAME))}
    return lambda place: place // FRAME in frames


def _count(
    figures: Figures, entity: Entity, words: int, leaked: int, items: int, heard: int
) -> None:
    mine = figures.by_entity.setdefault(entity.value, [0, 0, 0, 0])
    figures.by_entity[entity.value] = [
        a + b for a, b in zip(mine, (words, leaked, items, heard), strict=True)
    ]


def summary(figures: Figures, harmless_calls: Figures) -> dict[str, object]:
    """Return the figures as shares and percentiles; `harmless_calls` are those without any PII."""

    def share(part: int, whole: int) -> float:
        return round(part / whole, 5) if whole else 0.0

    def percentile(values: Sequence[float], q: float) -> float:
        return round(float(np.percentile(values, q)), 3) if values else 0.0

    return {
        "leak": share(figures.leaked, figures.pii),
        "heard": share(figures.heard, figures.items),
        "lost": share(figures.lost, figures.harmless),
        "lost_no_pii": share(harmless_calls.lost, harmless_calls.harmless),
        "card_leak": share(figures.card_leaked, figures.card),
        "turn_delay_p50_s": percentile(figures.turn_delays_s, 50),
        "turn_delay_p95_s": percentile(figures.turn_delays_s, 95),
        "turn_delay_max_s": percentile(figures.turn_delays_s, 100),
        "hold_age_p50_s": percentile(figures.ages_s, 50),
        "hold_age_p95_s": percentile(figures.ages_s, 95),
        "hold_age_max_s": percentile(figures.ages_s, 100),
        "compute_per_speech": round(figures.compute_s / max(figures.speech_s, 1e-9), 3),
        "pii_words": figures.pii,
        "harmless_words": figures.harmless,
        "by_entity": {
            entity: {"words": n, "leak": share(leaked, n), "heard": share(heard, items)}
            for entity, (n, leaked, items, heard) in sorted(figures.by_entity.items())
        },
    }
