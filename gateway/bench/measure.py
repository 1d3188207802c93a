"""The figures of one call: what leaked, what was heard of it, what was lost, and when it came.

A sample has leaked when it came out as it went in. Whether the gate calls it silenced does not
count, and neither does what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, field
from itertools import groupby
from typing import Any, Final

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

PERCENTILES: Final = {"p50": 50, "p95": 95, "max": 100}
"""How delays are told."""

Listen = Callable[[Pcm], Sequence[tuple[str, Span]]]
"""An independent recogniser: words and where they were heard."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: where, and of which entity.

    A type that is wider than ours stands for several entities, one that we do not have for none.
    """

    span: Span
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call.

    `out` is sample-aligned with what went in; `released` has the stretches in order and the stream
    time in seconds at which each left.
    """

    out: Pcm
    released: Sequence[tuple[Span, float]]
    found: Sequence[Found]
    compute_s: float


@dataclass(slots=True)
class Counts:
    """What is counted of one entity.

    `stretches` are the times that it was said, of which `recalled` were found as what they are and
    `covered` as anything; `found` are the findings that claim it, of which `right` are.
    """

    words: int = 0
    leaked: int = 0
    items: int = 0
    heard: int = 0
    stretches: int = 0
    recalled: int = 0
    covered: int = 0
    found: int = 0
    right: int = 0


@dataclass(slots=True)
class Figures:
    """Counts of one call, or the sum over many."""

    harmless: int = 0
    lost: int = 0
    card: Counts = field(default_factory=Counts)
    """The words with the digits of a card beyond the first six and the last four."""
    turn_delays_s: list[float] = field(default_factory=list)
    ages_s: list[float] = field(default_factory=list)
    compute_s: float = 0.0
    speech_s: float = 0.0
    by_entity: dict[str, Counts] = field(default_factory=dict)

    @property
    def pii(self) -> Counts:
        """Return the sum over all entities."""
        return sum_of(self.by_entity.values())

    def of(self, entity: Entity) -> Counts:
        """Return the counts of an entity, to count on."""
        return self.by_entity.setdefault(entity.value, Counts())

    def add(self, other: Figures) -> None:
        """Add another call's figures to these."""
        self.harmless += other.harmless
        self.lost += other.lost
        self.card = sum_of([self.card, other.card])
        self.turn_delays_s += other.turn_delays_s
        self.ages_s += other.ages_s
        self.compute_s += other.compute_s
        self.speech_s += other.speech_s
        for entity, counts in other.by_entity.items():
            self.by_entity[entity] = sum_of([self.by_entity.get(entity, Counts()), counts])


def sum_of(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    return Counts(*map(sum, zip(*map(astuple, [Counts(), *counts]), strict=True)))


@dataclass(slots=True)
class Measured:
    """One call's figures, and which of its words they come from (by index)."""

    figures: Figures = field(default_factory=Figures)
    leaked: dict[int, float] = field(default_factory=dict)
    """Leaked word → the share of it that was silenced."""
    lost: list[int] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    """The words of the items that were heard, once for each."""


def measure(item: Item, said: Pcm, outcome: Outcome, listen: Listen) -> Measured:
    """Return the figures of one call; `said` is what went in, after its channel."""
    passed = (said == outcome.out) & (said != 0)
    result = Measured()
    figures = result.figures
    figures.compute_s = outcome.compute_s
    for i, word in enumerate(item.words):
        figures.speech_s += seconds(len(word.span))
        silenced = _silenced(word, said, passed)
        if word.entity is None:
            figures.harmless += 1
            if silenced is not None and silenced > LOST:
                result.lost.append(i)
        elif silenced is not None and silenced < SILENCED:
            result.leaked[i] = silenced
    figures.lost = len(result.lost)
    items = [(i, text) for i, word in enumerate(item.words) for text in _items(word.text)]
    # Where nothing came out around what is personal, there is nothing to be heard of it.
    if any(passed[near.start : near.end].any() for near in map(_near, _personal(item))):
        result.heard = _heard(item, items, listen(outcome.out))
    secret = _card_digits(item)
    for i, word in enumerate(item.words):
        if word.entity is not None:
            for counts in [figures.of(word.entity), *[figures.card] * (i in secret)]:
                counts.words += 1
                counts.leaked += i in result.leaked
                counts.items += sum(i == at for at, _ in items)
                counts.heard += result.heard.count(i)
    _findings(item, outcome.found, figures)
    _times(item, outcome.released, figures)
    return result


def _personal(item: Item) -> list[Truth]:
    return [word for word in item.words if word.entity is not None]


def _near(word: Truth) -> Span:
    return Span(max(0, word.span.start - NEAR), word.span.end + NEAR)


def _silenced(word: Truth, said: Pcm, passed: NDArray[np.bool_]) -> float | None:
    """Return the share of a word that did not come out; None when its channel left nothing."""
    part = slice(word.span.start, word.span.end)
    length = int(np.count_nonzero(said[part]))
    return 1 - int(np.count_nonzero(passed[part])) / length if length else None


def _stretches(item: Item) -> list[tuple[Entity, list[int]]]:
    """Return what was said of personal data: each time an entity, and the indices of its words."""
    groups = groupby(enumerate(item.words), key=lambda pair: pair[1].entity)
    return [(entity, [i for i, _ in group]) for entity, group in groups if entity is not None]


def _card_digits(item: Item) -> set[int]:
    """Return the words with card digits beyond the first six and the last four (PCI DSS 3.4).

    Each number is taken by itself: a corrected one, said again, has its own first six.
    """
    secret: set[int] = set()
    for entity, number in _stretches(item):
        if entity is not Entity.PAYMENT_CARD:
            continue
        units = [u for u in parse([item.words[i].text for i in number]) if u.kind is Kind.DIGITS]
        count, at = sum(len(unit.text) for unit in units), 0
        for unit in units:
            first, at = at, at + len(unit.text)
            if at > 6 and first < count - 4:
                secret.update(number[unit.first : unit.last])
    return secret


def _heard(
    item: Item, items: Sequence[tuple[int, str]], words: Sequence[tuple[str, Span]]
) -> list[int]:
    """Return the words of the items (digits, letters, names) that a listener recovers in place.

    What was heard is the nearest item of that text, harmless ones too, and one item only: of
    "five five five" one that comes through is one.
    """
    recovered = [(text, span) for word, span in words for text in _items(word)]
    pairs = sorted(
        (abs(span.start + span.end - said.start - said.end), n, m)
        for n, (i, text) in enumerate(items)
        for m, (other, span) in enumerate(recovered)
        if text == other and span.overlaps(_near(item.words[i])) and (said := item.words[i].span)
    )
    matched: dict[int, int] = {}
    for _, n, m in pairs:
        if n not in matched and m not in matched.values():
            matched[n] = m
    return [items[n][0] for n in sorted(matched) if item.words[items[n][0]].entity is not None]


def _findings(item: Item, found: Sequence[Found], figures: Figures) -> None:
    """Count what was found of what was said, and what was said of what was found.

    A word is in a finding when its middle is; half of a stretch's words make it found, and half of
    a finding's words make it right.
    """
    inside = [
        {i for i, w in enumerate(item.words) if _inside((w.span.start + w.span.end) // 2, f.span)}
        for f in found
    ]
    for entity, words in _stretches(item):
        typed = {
            i for f, these in zip(found, inside, strict=True) if entity in f.entities for i in these
        }
        counts = figures.of(entity)
        counts.stretches += 1
        counts.recalled += 2 * len(typed.intersection(words)) >= len(words)
        counts.covered += 2 * len(set().union(*inside).intersection(words)) >= len(words)
    for f, these in zip(found, inside, strict=True):
        if not f.entities:
            continue
        said = [item.words[i].entity for i in these]
        claimed = max(f.entities, key=said.count)  # of a wide type, what it was most
        right = sum(entity in f.entities for entity in said)
        figures.of(claimed).found += 1
        figures.of(claimed).right += bool(said) and 2 * right >= len(said)


def _inside(place: Samples, span: Span) -> bool:
    return span.start <= place < span.end


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
    # Without a gateway too, sound comes in frames; a call that ends sooner is then a turn.
    due = min(-(-(last + ENDPOINT) // FRAME) * FRAME, released[-1][0].end)
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


def summary(figures: Figures, harmless_calls: Figures) -> dict[str, Any]:
    """Return the figures as shares and percentiles; `harmless_calls` are those without any PII."""
    pii = figures.pii
    return {
        "leak": share(pii.leaked, pii.words),
        "heard": share(pii.heard, pii.items),
        "lost": share(figures.lost, figures.harmless),
        "lost_no_pii": share(harmless_calls.lost, harmless_calls.harmless),
        "card_leak": share(figures.card.leaked, figures.card.words),
        "card_heard": share(figures.card.heard, figures.card.items),
        "recall": share(pii.recalled, pii.stretches),
        "recall_any": share(pii.covered, pii.stretches),
        "precision": share(pii.right, pii.found),
        **_delays(figures),
        "compute_per_speech": round(figures.compute_s / max(figures.speech_s, 1e-9), 3),
        "pii_words": pii.words,
        "pii_items": pii.items,
        "card_words": figures.card.words,
        "harmless_words": figures.harmless,
        "by_entity": {e: _of_entity(c) for e, c in sorted(figures.by_entity.items())},
    }


def brief(figures: Figures) -> dict[str, Any]:
    """Return the main figures, of one channel or source."""
    pii = figures.pii
    return {
        "leak": share(pii.leaked, pii.words),
        "heard": share(pii.heard, pii.items),
        "lost": share(figures.lost, figures.harmless),
        **_delays(figures),
        "pii_words": pii.words,
        "harmless_words": figures.harmless,
    }


def _of_entity(counts: Counts) -> dict[str, Any]:
    return {
        "words": counts.words,
        "items": counts.items,
        "leak": share(counts.leaked, counts.words),
        "heard": share(counts.heard, counts.items),
        "stretches": counts.stretches,
        "recall": share(counts.recalled, counts.stretches),
        "recall_any": share(counts.covered, counts.stretches),
        "findings": counts.found,
        "precision": share(counts.right, counts.found),
    }


def _delays(figures: Figures) -> dict[str, float]:
    return {
        f"{name}_{key}_s": percentile(values, q)
        for name, values in (("turn_delay", figures.turn_delays_s), ("hold_age", figures.ages_s))
        for key, q in PERCENTILES.items()
    }


def share(part: int, whole: int) -> float:
    """Return a part of a whole; 0 of nothing."""
    return round(part / whole, 5) if whole else 0.0


def percentile(values: Sequence[float], q: float) -> float:
    """Return the `q`th percentile in ms precision; 0 of nothing."""
    return round(float(np.percentile(values, q)), 3) if values else 0.0
