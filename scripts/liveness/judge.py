"""How good a network is, and what its scores mean: calibration, thresholds, figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from expert import Experts
from features import Row, frames
from net import CODES, SHIFT, Net
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from media.liveness.drift import reference as histogram
from media.liveness.types import WINDOW_S

DRAWS: Final = ("0", "g711")
"""A line drawn at random, and the one of the headline."""

BATCH: Final = 64

ROWS_S: Final = 50
"""Rows that the encoder makes of a second."""

SECONDS: Final = (2, 4, 8)

FALSE_ALARMS: Final = {"unsure": 0.05, "synthetic": 0.005}
"""Share of held-out people above each threshold."""


@dataclass(frozen=True, slots=True)
class Found:
    """The scores of a clip's windows: after each second of speech, the newest 4 s; and what the
    encoder heard of the first 2 and 4 s, if there was so much."""

    row: Row
    logits: tuple[float, ...]
    other: float
    heard: Mapping[int, float]

    def told(self, speech_s: int) -> tuple[float, float]:
        """Return what they say together at `speech_s`: see `Card.calibrate`.

        Of more than 4 s the encoder's word is the one on the first four.
        """
        logits = self.logits[:speech_s]
        lengths = np.minimum(WINDOW_S, np.arange(1, len(logits) + 1))
        of = [second for second in self.heard if second <= speech_s]
        heard = np.average([self.heard[second] for second in of], weights=np.square(of))
        return float(np.average(logits, weights=lengths**2)), float(heard)


def scores(
    net: Net,
    experts: Experts,
    features: tuple[Tensor, Tensor],
    rows: Iterable[Row],
    held_out: Sequence[str],
) -> list[Found]:
    """Score what was not learnt from: other people and voices, and systems held out.

    `features` are all spectra and all that the encoder made.
    """
    spectra, encoded = features
    judged = [
        row
        for row in rows
        if (row.split != "train" or row.system in held_out)
        and row.draw in DRAWS
        and row.frames >= frames(1.9)
    ]
    odds: list[list[NDArray[np.float32]]] = [[] for _ in judged]
    for second in range(1, SECONDS[-1] + 1):
        last = frames(second)
        there = [i for i, row in enumerate(judged) if row.frames + 10 >= last]
        size = min(last, frames(WINDOW_S)) - 10
        for at in range(0, len(there), BATCH):
            picked = there[at : at + BATCH]
            ends = (min(last, judged[i].frames) + judged[i].at for i in picked)
            x = torch.stack([spectra[end - size : end] for end in ends]).float() / CODES - SHIFT
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                out = net(x).float().numpy()
            for i, each in zip(picked, out, strict=True):
                odds[i].append(each)
    found = []
    for row, of in zip(judged, odds, strict=True):
        shares = np.exp(of[-1] - of[-1].max())
        logits = tuple(float(o[1] - o[0]) for o in of)
        rows_of = encoded[row.rows_at : row.rows_at + row.rows].float()
        with torch.no_grad():
            heard = {
                second: float(out[1] - out[0])
                for second in (2, WINDOW_S)
                if second == 2 or len(logits) >= second
                for out in experts(rows_of[None, : second * ROWS_S])
            }
        found.append(Found(row, logits, float(shares[2] / shares.sum()), heard))
    return found


def _at(found: Iterable[Found], speech_s: int, label: str, **which: Any) -> NDArray[np.float64]:
    """Return what is told of clips, (clips, 2)."""
    picked = [
        each.told(speech_s)
        for each in found
        if each.row.label == label
        and len(each.logits) >= speech_s
        and all(getattr(each.row, key) in values for key, values in which.items())
    ]
    return np.array(picked).reshape(-1, 2)


def calibration(found: Sequence[Found]) -> dict[str, Any]:
    """Fit probabilities at each length of speech, and choose thresholds at the middle one.

    People of the development set choose the thresholds, over lines drawn at random and G.711. They
    hold with what the encoder heard and without it.
    """
    alone: dict[str, list[float]] = {"slope": [], "offset": []}
    both: dict[str, list[float]] = {"slope": [], "heard": [], "offset": []}
    for speech_s in SECONDS:
        people = _at(found, speech_s, "human", split=("dev",))
        machines = _at(found, speech_s, "synthetic", split=("dev",))
        x = np.concatenate([people, machines])
        y = np.concatenate([np.zeros(len(people)), np.ones(len(machines))])
        for scale, columns in ((alone, 1), (both, 2)):
            fit = LogisticRegression(class_weight="balanced", C=1.0).fit(x[:, :columns], y)
            values = (*fit.coef_[0], *fit.intercept_)
            for key, value in zip(scale, values, strict=True):
                scale[key].append(round(float(value), 4))
    people = _at(found, 4, "human", split=("dev",))
    calibrated = {"calibration": {"seconds": list(SECONDS), **alone, "encoded": both}}
    told = [_probability(people, 4, calibrated, encoded=encoded) for encoded in (False, True)]
    return calibrated | {
        "thresholds": {
            name: round(max(float(np.quantile(each, 1 - share)) for each in told), 4)
            for name, share in FALSE_ALARMS.items()
        },
        "false_alarms": FALSE_ALARMS | {"people_windows": len(people)},
    }


def _probability(
    told: NDArray[np.float64], speech_s: int, calibrated: dict[str, Any], *, encoded: bool = True
) -> NDArray[np.float64]:
    """Turn what is told, (clips, 2), into probabilities: see `Card.calibrate`."""
    of = calibrated["calibration"]
    scale = of["encoded"] if encoded else of | {"heard": [0.0] * len(SECONDS)}
    slope, heard, offset = (
        np.interp(np.log(speech_s), np.log(of["seconds"]), scale[key])
        for key in ("slope", "heard", "offset")
    )
    out: NDArray[np.float64] = 1 / (1 + np.exp(-told @ np.array([slope, heard]) - offset))
    return out


def reference(found: Sequence[Found], calibrated: dict[str, Any]) -> dict[str, Any]:
    """Return the histogram of people's last probabilities, against which drift is told."""
    told = []
    for each in found:
        speech_s = len(each.logits)
        if each.row.label == "human" and speech_s >= WINDOW_S:
            last = np.array([each.told(speech_s)])
            told.append(float(_probability(last, speech_s, calibrated)[0]))
    return histogram(told)


def eer(people: NDArray[np.float64], machines: NDArray[np.float64]) -> float:
    """Return the equal error rate."""
    at = np.sort(np.concatenate([people, machines]))
    alarms = 1 - np.searchsorted(np.sort(people), at, "left") / len(people)
    misses = np.searchsorted(np.sort(machines), at, "left") / len(machines)
    i = int(np.argmin(np.abs(alarms - misses)))
    return float(alarms[i] + misses[i]) / 2


def figures(
    found: Sequence[Found], calibrated: dict[str, Any], held_out: Sequence[str]
) -> dict[str, Any]:
    """Return error rates over G.711 on people and voices never met, by system and length."""
    out: dict[str, Any] = {}
    for speech_s in SECONDS:

        def told(label: str, speech_s: int = speech_s, **which: Any) -> NDArray[np.float64]:
            at = _at(found, speech_s, label, draw=("g711",), **which)
            return _probability(at, speech_s, calibrated)

        people = told("human", split=("test",))
        by_system = {}
        for system in sorted({f.row.system for f in found if f.row.label == "synthetic"}):
            splits = ("train", "dev", "test") if system in held_out else ("test",)
            machines = told("synthetic", split=splits, system=(system,))
            if len(machines) >= 4 and len(people) >= 20:
                by_system[system] = round(eer(people, machines), 4)
        out[f"eer_g711_{speech_s}s"] = by_system
    return out
