"""Whether the scores of a line are still spread as they were when the model was made.

The population stability index compares two histograms: PSI = Σ (a - r) · ln(a / r) over the shares
of each bin, here and in the reference. Below 0.1 nothing has changed, above 0.25 much has: other
callers, another line, or other voices than the model knows (N. Siddiqi, Credit Risk Scorecards,
2006). Scores that have not changed give (bins - 1) · (1/n + 1/m) for n scores here and m in the
reference, so few scores say nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

BINS: Final = 10
"""Bins of a reference, with as many scores in each."""

WINDOW: Final = 1_000
"""Newest scores that are compared."""

LEAST: Final = 200
"""Scores below which nothing is said: the index of so few would be 0.05 by chance alone."""

_NEVER_NONE: Final = 0.5
"""Scores that an empty bin counts for, since the logarithm of nothing is none."""


def reference(scores: Sequence[float]) -> dict[str, list[float]]:
    """Return the histogram to compare with, as a model's card holds it.

    `edges` are the inner edges of the bins, at the deciles of the scores; where many scores are
    alike, there are fewer. `shares` are what part of the scores is in each bin.
    """
    ordered = sorted(scores)
    edges = sorted({ordered[len(ordered) * k // BINS] for k in range(1, BINS)})
    counts = _counts(scores, edges)
    return {"edges": edges, "shares": [count / len(ordered) for count in counts]}


class Drift:
    """Compare the newest scores with the reference.

    Args:
        reference: as `reference` returns it.

    Raises:
        ValueError: when it is no histogram.
    """

    def __init__(self, reference: Mapping[str, Any]) -> None:
        try:
            self._edges = [float(edge) for edge in reference["edges"]]
            self._shares = [float(share) for share in reference["shares"]]
        except (LookupError, TypeError, ValueError):
            raise ValueError("a reference has edges and shares, which are numbers") from None
        if (
            len(self._shares) != len(self._edges) + 1
            or self._edges != sorted(set(self._edges))
            or min(self._shares) < 0
            or not math.isclose(sum(self._shares), 1, abs_tol=0.01)
        ):
            raise ValueError("a reference has rising edges, and shares between them that sum to 1")
        self._scores: deque[float] = deque(maxlen=WINDOW)

    def feed(self, score: float) -> float | None:
        """Take a score; return the index over the newest ones, None while they are too few."""
        self._scores.append(score)
        return self.index if len(self._scores) >= LEAST else None

    @property
    def index(self) -> float:
        """Return the population stability index of the scores so far."""
        counts = _counts(self._scores, self._edges)
        padded = [max(count, _NEVER_NONE) for count in counts]
        least = _NEVER_NONE / WINDOW
        return sum(
            (here - there) * math.log(here / there)
            for here, there in zip(
                (count / sum(padded) for count in padded),
                (max(share, least) for share in self._shares),
                strict=True,
            )
        )


def _counts(scores: Sequence[float] | deque[float], edges: Sequence[float]) -> list[int]:
    counts = [0] * (len(edges) + 1)
    for score in scores:
        counts[bisect_right(edges, score)] += 1
    return counts
