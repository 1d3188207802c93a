"""How good a network is, and what its scores mean: calibration, thresholds, figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
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

SECONDS: Final = (2, 4, 8)

FALSE_ALARMS: Final = {"unsure": 0.05, "synthetic": 0.005}
"""Share of held-out people above each threshold."""


@dataclass(frozen=True, slots=True)
class Found:
    """The scores of a clip's windows: after each second of speech, the newest 4 s."""

    row: Row
    logits: tuple[float, ...]
    other: float

    def mean(self, speech_s: int) -> float:
        """Return what they say together at `speech_s`: see `Model.calibrate`."""
        logits = self.logits[:speech_s]
        lengths = np.minimum(WINDOW_S, np.arange(1, len(logits) + 1))
        return float(np.average(logits, weights=lengths**2))


def scores(net: Net, spectra: Tensor, rows: Iterable[Row], held_out: Sequence[str]) -> list[Found]:
    """Score what was not learnt from: other people and voices, and systems held out."""
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
        found.append(Found(row, logits, float(shares[2] / shares.sum())))
    return found


def _at(found: Iterable[Found], speech_s: int, label: str, **which: Any) -> NDArray[np.float64]:
    picked = [
        each.mean(speech_s)
        for each in found
        if each.row.label == label
        and len(each.logits) >= speech_s
        and all(getattr(each.row, key) in values for key, values in which.items())
    ]
    return np.array(picked)


def calibration(found: Sequence[Found]) -> dict[str, Any]:
    """Fit probabilities at each length of speech, and choose thresholds at the middle one.

    People of the development set choose the thresholds, over lines drawn at random and G.711.
    """
    slopes, offsets = [], []
    for speech_s in SECONDS:
        people = _at(found, speech_s, "human", split=("dev",))
        machines = _at(found, speech_s, "synthetic", split=("dev",))
        x = np.concatenate([people, machines])[:, None]
        y = np.concatenate([np.zeros(len(people)), np.ones(len(machines))])
        fit = LogisticRegression(class_weight="balanced", C=1.0).fit(x, y)
        slopes.append(round(float(fit.coef_[0, 0]), 4))
        offsets.append(round(float(fit.intercept_[0]), 4))
    people = _at(found, 4, "human", split=("dev",))
    probability = 1 / (1 + np.exp(-(slopes[1] * people + offsets[1])))
    return {
        "calibration": {"seconds": list(SECONDS), "slope": slopes, "offset": offsets},
        "thresholds": {
            name: round(float(np.quantile(probability, 1 - share)), 4)
            for name, share in FALSE_ALARMS.items()
        },
        "false_alarms": FALSE_ALARMS | {"people_windows": len(people)},
    }


def reference(found: Sequence[Found], calibrated: dict[str, Any]) -> dict[str, Any]:
    """Return the histogram of people's last probabilities, against which drift is told."""
    of = calibrated["calibration"]
    told = []
    for each in found:
        speech_s = len(each.logits)
        if each.row.label == "human" and speech_s >= WINDOW_S:
            slope = np.interp(np.log(speech_s), np.log(of["seconds"]), of["slope"])
            offset = np.interp(np.log(speech_s), np.log(of["seconds"]), of["offset"])
            told.append(float(1 / (1 + np.exp(-slope * each.mean(speech_s) - offset))))
    return histogram(told)


def eer(people: NDArray[np.float64], machines: NDArray[np.float64]) -> float:
    """Return the equal error rate."""
    at = np.sort(np.concatenate([people, machines]))
    alarms = 1 - np.searchsorted(np.sort(people), at, "left") / len(people)
    misses = np.searchsorted(np.sort(machines), at, "left") / len(machines)
    i = int(np.argmin(np.abs(alarms - misses)))
    return float(alarms[i] + misses[i]) / 2


def figures(found: Sequence[Found], held_out: Sequence[str]) -> dict[str, Any]:
    """Return error rates over G.711 on people and voices never met, by system and length."""
    out: dict[str, Any] = {}
    for speech_s in SECONDS:
        people = _at(found, speech_s, "human", split=("test",), draw=("g711",))
        by_system = {}
        for system in sorted({f.row.system for f in found if f.row.label == "synthetic"}):
            splits = ("train", "dev", "test") if system in held_out else ("test",)
            machines = _at(
                found, speech_s, "synthetic", split=splits, draw=("g711",), system=(system,)
            )
            if len(machines) >= 4 and len(people) >= 20:
                by_system[system] = round(eer(people, machines), 4)
        out[f"eer_g711_{speech_s}s"] = by_system
    return out
