"""How well scores tell two kinds apart. The higher a score, the surer that it is synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

BINS: Final = 10


def eer(people: Sequence[float], synthetic: Sequence[float]) -> float:
    """Return the error rate at the threshold where as many people as systems are taken wrongly.

    Between two scores it is interpolated. Neither may be empty.
    """
    marks = np.unique(np.concatenate([people, synthetic]))
    marks = np.append(marks, marks[-1] + 1)
    alarms = 1 - np.searchsorted(np.sort(people), marks, "left") / len(people)
    missed = np.searchsorted(np.sort(synthetic), marks, "left") / len(synthetic)
    at = int(np.argmax(missed >= alarms))
    if at == 0:
        return float((missed[0] + alarms[0]) / 2)
    before, after = alarms[at - 1] - missed[at - 1], missed[at] - alarms[at]
    share = before / (before + after) if before + after else 0.0
    return float(alarms[at - 1] + share * (alarms[at] - alarms[at - 1]))


def detection(people: Sequence[float], synthetic: Sequence[float], alarms: float) -> float:
    """Return the share of systems found where at most the share `alarms` of people is taken so."""
    return float(np.mean(np.asarray(synthetic) > threshold(people, alarms)))


def threshold(people: Sequence[float], alarms: float) -> float:
    """Return the score above which at most the share `alarms` of people is."""
    allowed = int(alarms * len(people) + 1e-9)
    return float(np.sort(people)[::-1][min(allowed, len(people) - 1)])


def brier(people: Sequence[float], synthetic: Sequence[float]) -> float:
    """Return the mean squared error of probabilities, both kinds weighing alike (Brier, 1950)."""
    missed = 1 - np.asarray(synthetic)
    return float((np.mean(np.square(people)) + np.mean(np.square(missed))) / 2)


def reliability(
    people: Sequence[float], synthetic: Sequence[Sequence[float]]
) -> list[dict[str, Any]]:
    """Return, by tenths of the probability told, its mean and how often it was true.

    People weigh as much as all systems together, and each system as much as another.
    """
    scores = [np.asarray(people), *map(np.asarray, synthetic)]
    weights = [np.full(len(people), 1 / max(1, len(people)))]
    weights += [np.full(len(of), 1 / len(of) / len(synthetic)) for of in synthetic]
    told, weight = np.concatenate(scores), np.concatenate(weights)
    true = np.concatenate([np.zeros(len(people)), np.ones(len(told) - len(people))])
    place = np.minimum((told * BINS).astype(int), BINS - 1)
    out = []
    for number in range(BINS):
        inside = place == number
        if inside.any():
            share = weight[inside] / weight[inside].sum()
            out.append(
                {
                    "told": round(float(told[inside] @ share), 3),
                    "true": round(float(true[inside] @ share), 3),
                    "clips": int(inside.sum()),
                }
            )
    return out
