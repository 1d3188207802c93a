import json
from pathlib import Path

import numpy as np
import pytest

from media.liveness.card import ModelFileError
from media.liveness.model import Model
from media.liveness.types import Score, Scored, Verdict

WEIGHTS = Path(__file__).parents[3] / "media" / "liveness" / "weights"


@pytest.fixture(scope="module")
def files():
    return (WEIGHTS / "model.onnx").read_bytes(), json.loads((WEIGHTS / "card.json").read_text())


@pytest.fixture(scope="module")
def model(files):
    return Model(*files)


def noise(n, seed=1):
    return (np.random.default_rng(seed).normal(0, 3_000, n)).astype(np.int16)


def test_card_names_the_graph(files, model):
    assert model.sha256 == files[1]["sha256"]
    assert model.version == files[1]["version"]


@pytest.mark.parametrize("samples", [0, 1, 8_000, 16_000, 64_000])
def test_window_of_any_length_has_a_finite_score(model, samples):
    pcm = noise(samples) if samples else np.zeros(0, np.int16)
    scored = model.score(Score(7, pcm))
    assert scored.id == 7
    assert np.isfinite(scored.logit)
    assert 0 <= scored.other <= 1


@pytest.mark.parametrize("value", [0, 32_767, -32_768])
def test_constant_samples_have_a_finite_score(model, value):
    assert np.isfinite(model.score(Score(0, np.full(64_000, value, np.int16))).logit)


def test_loudness_changes_nothing(model):
    pcm = noise(64_000)
    loud, soft = (model.score(Score(0, p)).logit for p in (pcm, (pcm // 4).astype(np.int16)))
    assert loud == pytest.approx(soft, abs=0.2)


def test_same_window_scores_the_same(model):
    assert model.score(Score(0, noise(32_000))) == model.score(Score(0, noise(32_000)))


def rows(count, seed=1):
    return np.random.default_rng(seed).normal(0, 1, (count, 512)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 49, 100, 200])
def test_what_the_encoder_heard_is_told_beside(model, count):
    alone = model.score(Score(0, noise(64_000)))
    both = model.score(Score(0, noise(64_000)), rows(count))
    assert alone.heard is None
    assert np.isfinite(both.heard)
    assert (both.logit, both.other) == (alone.logit, alone.other)


@pytest.mark.model
def test_it_knows_the_encoder_by_which_it_hears(model, whisper):
    assert model.knows(whisper("base").silence)
    assert not model.knows(-whisper("base").silence)
    assert not model.knows(whisper("tiny.en").silence)


def windows(*told):
    return [Scored(0, logit, 0.0, heard=heard) for logit, heard in told]


@pytest.mark.parametrize("heard", [None, 0.0])
def test_more_synthetic_windows_are_a_higher_probability(model, heard):
    low, middle, high = (model.calibrate(windows((logit, heard)), 4.0) for logit in (-5, 0, 5))
    assert 0 <= low < middle < high <= 1


def test_what_the_encoder_heard_counts_too(model):
    low, middle, high = (model.calibrate(windows((0, heard)), 4.0) for heard in (-5, 0, 5))
    assert 0 <= low < middle < high <= 1


def test_what_it_heard_of_more_speech_counts_for_more(model):
    first, second = (
        model.calibrate(windows((0, None), (0, one), (0, None), (0, other)), 4.0)
        for one, other in ((5, -5), (-5, 5))
    )
    assert first < second


def test_no_window_or_no_speech_is_a_probability_still(model):
    assert 0 <= model.calibrate([], 0.0) <= 1
    assert 0 <= model.calibrate(windows((1e9, None)), 1e9) <= 1
    assert 0 <= model.calibrate(windows((1e9, 1e9)), 1e9) <= 1


def test_verdicts_follow_the_thresholds(model, files):
    at = files[1]["thresholds"]
    assert model.verdict(0.0) is Verdict.HUMAN
    assert model.verdict(at["unsure"]) in (Verdict.UNSURE, Verdict.SYNTHETIC)
    assert model.verdict(at["synthetic"]) is Verdict.SYNTHETIC
    assert model.verdict(1.0) is Verdict.SYNTHETIC


@pytest.mark.parametrize("fault", [lambda b: b"", lambda b: b[: len(b) // 2], lambda b: b"x" * 99])
def test_corrupt_graph_is_named(files, fault):
    with pytest.raises(ModelFileError, match="graph"):
        Model(fault(files[0]), files[1])


@pytest.mark.parametrize("key", ["version", "calibration", "thresholds"])
def test_card_that_lacks_something_is_named(files, key):
    with pytest.raises(ModelFileError, match="card"):
        Model(files[0], {k: v for k, v in files[1].items() if k != key})


def test_card_that_says_nothing_of_what_the_encoder_heard_is_named(files):
    calibration = {k: v for k, v in files[1]["calibration"].items() if k != "encoded"}
    with pytest.raises(ModelFileError, match="encoded"):
        Model(files[0], files[1] | {"calibration": calibration})


def test_card_with_thresholds_out_of_order_is_refused(files):
    card = files[1] | {"thresholds": {"unsure": 0.9, "synthetic": 0.2}}
    with pytest.raises(ModelFileError, match="thresholds"):
        Model(files[0], card)
