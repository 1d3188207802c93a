"""What the liveness benchmark counts: people and systems that no model has met."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from gateway.bench.liveness import Clip, DataError, Heard, run, summary, write_page
from media.channel import TELEPHONE
from media.liveness.types import Scored, Verdict

OURS, FOLD = Path("ours"), Path("without-new")


class Judge:
    """The mean of the logits is the probability; from 0.8 on it is called synthetic."""

    def calibrate(self, windows: Sequence[Scored], speech_s: float) -> float:
        return float(np.mean([window.logit for window in windows]))

    def verdict(self, score: float) -> Verdict:
        return Verdict.SYNTHETIC if score >= 0.8 else Verdict.HUMAN


def heard(label: str, system: str, split: str, ours: float, apart: float | None = None) -> Heard:
    clip = Clip(Path(f"{system}.flac"), label, system, split)
    said = {(line, OURS): [Scored(0, ours, 0.0)] * 8 for line in TELEPHONE}
    scored = said if split == "test" else {}
    if apart is not None:
        scored["g711", FOLD] = [Scored(0, apart, 0.0)] * 8
    plain = np.random.default_rng(len(system)).normal(0, 1, 80)
    return Heard(clip, scored, plain=plain, speech_s=8, spent_s=0.2)


def everybody() -> list[Heard]:
    people = [heard("human", "readers", "test", s, s) for s in (0.1, 0.2, 0.3, 0.9)]
    old = [heard("synthetic", "old", "test", s) for s in (0.95, 0.96, 0.97, 0.98)]
    new = [heard("synthetic", "new", "train", 1.0, s) for s in (0.15, 0.25, 0.95, 0.99) * 3]
    taught = [heard("human", "readers", "train", 0.0), heard("synthetic", "old", "train", 1.0)] * 3
    return [*people, *old, *new, *taught]


def figures() -> dict:
    return summary(everybody(), OURS, {OURS: Judge(), FOLD: Judge()}, {FOLD: {"new"}})


def test_a_system_never_met_is_judged_by_the_model_that_was_kept_from_it() -> None:
    told = figures()
    assert told["eer_loso_g711_4s"] == pytest.approx(0.5)
    assert told["eer_by_system"]["new"] == {"known": None, "loso": 0.5, "clips": 12}


def test_a_system_of_a_few_clips_is_listed_but_not_in_the_headline() -> None:
    rare = [heard("synthetic", "rare", "train", 1.0, 0.0)] * 3
    judges = {OURS: Judge(), FOLD: Judge()}
    told = summary([*everybody(), *rare], OURS, judges, {FOLD: {"new", "rare"}})
    assert told["eer_by_system"]["rare"]["loso"] == 1
    assert told["eer_loso_g711_4s"] == pytest.approx(0.5)


def test_systems_met_are_judged_by_what_was_kept_for_judging() -> None:
    told = figures()
    assert told["eer_known_4s"] == 0
    assert told["eer_by_system"]["old"] == {"known": 0.0, "loso": None, "clips": 4}
    assert set(told["by_channel"]) == set(TELEPHONE)
    assert told["by_channel"]["g711"]["8"]["synthetic"] == 4


def test_people_called_synthetic_are_false_alarms_of_their_corpus() -> None:
    told = figures()
    assert told["false_alarm_at_threshold"] == 0.25
    assert told["by_corpus"]["readers"]["false_alarms"] == 0.25
    assert told["detection_at_threshold"] == 1.0


def test_scoring_takes_a_share_of_a_core() -> None:
    assert figures()["core_share"] == 0.025


def test_speech_that_is_too_short_is_in_no_figure_of_that_length() -> None:
    short = heard("synthetic", "old", "test", 0.0)
    short.scored = {key: scored[:2] for key, scored in short.scored.items()}
    told = summary([*everybody(), short], OURS, {OURS: Judge(), FOLD: Judge()}, {})
    assert told["by_channel"]["opus"]["2"]["synthetic"] == 5
    assert told["by_channel"]["opus"]["4"]["synthetic"] == 4


def test_resynthesis_is_not_in_the_headline() -> None:
    again = heard("synthetic", "resynth-world", "test", 0.9, 0.01)
    told = summary(
        [*everybody(), again],
        OURS,
        {OURS: Judge(), FOLD: Judge()},
        {FOLD: {"new", "resynth-world"}},
    )
    assert told["eer_loso_g711_4s"] == pytest.approx(0.5)
    assert told["eer_known_4s"] == 0
    assert told["eer_by_system"]["resynth-world"]["loso"] == 1


def test_the_plain_baseline_has_not_met_the_system_either() -> None:
    assert set(figures()["baseline"]["plain"]["eer_by_system"]) == {"new", "old"}
    only = [h for h in everybody() if h.clip.system != "new"]
    told = summary(only, OURS, {OURS: Judge()}, {})
    assert told["baseline"]["plain"]["eer_by_system"] == {}  # nothing is left to learn from


def test_without_data_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"make_data\.py"):
        run(tmp_path, detector=None, baseline=None, quick=True, seed=1, workers=1, progress=print)


def test_the_page_says_what_is_reached_and_what_it_cannot_do(tmp_path: Path) -> None:
    result = figures() | {"model": "1", "quick": True, "seed": 1}
    write_page(tmp_path / "l.md", result, ["bench", "liveness", "--data", "/data/of mine"])
    text = (tmp_path / "l.md").read_text(encoding="utf-8")
    assert "hushgate bench liveness --data 'of mine'" in text
    assert "| ≤ 10 % | **50 %** | **falls short** |" in text
    assert "| ≤ 3.00 % | **0 %** | reached |" in text
    assert "What it cannot do" in text
