"""Weigh sound and readings: prints the constants of gateway/answers/evidence.py.

    uv run scripts/assent/weigh.py DATA

DATA is the folder that train.py was given. By logistic regression of what `evidence.features`
returns, on answers that the network was not trained on; half of them are yeses.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from features import held_out, load, whisper

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from gateway.answers import QUESTIONS  # noqa: E402
from gateway.answers.evidence import features  # noqa: E402
from gateway.models import assent_weights  # noqa: E402
from media.assent import Assent  # noqa: E402
from media.audio import Span  # noqa: E402
from media.recognition import Impression  # noqa: E402
from media.speech.whisper import POSITION  # noqa: E402

EACH: Final = 800
"""How many yeses, and how many that are none, are weighed."""

RIDGE: Final = 1e-3


def main() -> None:
    """Print the weights, and how many of what is none the limits would let pass."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    rows, windows = load(arguments.parse_args().data / "encoded")
    hears, assent = whisper(), Assent(assent_weights())
    held = [i for i, row in enumerate(rows) if held_out(row)]
    random.Random(1).shuffle(held)
    yes = [i for i in held if rows[i]["label"] == "yes"][:EACH]
    none = [i for i in held if rows[i]["label"] == "no"][:EACH]
    known = []
    for i in yes + none:
        encoded, language = windows[i].astype(np.float32), rows[i]["language"]
        readings = hears.readings(encoded, language, QUESTIONS[language])
        whole = Span(0, len(encoded) * POSITION)
        heard = Impression(assent.score(encoded, language), whole, readings)
        known.append(features(heard, language))
    x = np.array([each[:3] for each in known])
    y = np.repeat([1.0, 0.0], [len(yes), len(none)])
    weights = logistic(x, y)
    print(dict(zip(("sound", "yes", "other", "before"), weights.round(2), strict=True)))
    odds = np.c_[x, np.ones(len(x))] @ weights
    odds = np.where([each.read for each in known], odds, np.minimum(odds, 0))
    for limit in (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0):
        found, passed = odds[y == 1] > limit, odds[y == 0] > limit
        print(f"{limit:4.1f}: {found.mean():.1%} of the yeses, {passed.mean():.1%} of the rest")


def logistic(x: Any, y: Any) -> Any:
    """Return the weights of the columns, and the constant, by Newton's method."""
    mean, spread = x.mean(0), x.std(0)
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    weights = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ weights))
        slope = z.T @ (p - y) + RIDGE * len(y) * weights
        bend = (z * (p * (1 - p))[:, None]).T @ z + RIDGE * len(y) * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    each = weights[:-1] / spread
    return np.append(each, weights[-1] - each @ mean)


if __name__ == "__main__":
    main()
