"""Each decision names the models that made it, and drifting scores are told of."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway import telemetry
from gateway.ledger import Ledger, verify
from gateway.models import LivenessFiles, ModelError, Models
from gateway.models.active import Active
from media.keys import RULE
from media.liveness.drift import LEAST, reference
from media.liveness.types import Judge, Scored, Verdict

IDS = {
    "recogniser": "whisper@base:753752d23a0c",
    "names": "spacy@en_core_web_sm-3.8.0:a68f8ad3783d",
    "voice-activity": "webrtcvad@2.0.14:8dc5ee8b7f12",
    "liveness": "voice@1:0123456789ab",
}
MODELS = Models(Path("whisper"), Path("spacy"), "en", None, IDS)
SPREAD = [k / 1_000 for k in range(1_000)]


def metric(name: str, **labels: str) -> float | None:
    registry: CollectorRegistry = telemetry.REGISTRY
    return registry.get_sample_value(name, labels)


@pytest.mark.parametrize(
    ("kind", "body", "roles"),
    [
        ("finding", {"entity": "PAYMENT_CARD", "rule": "label"}, ["recogniser"]),
        ("finding", {"entity": "PERSON", "rule": "name"}, ["recogniser", "names"]),
        ("finding", {"entity": "PAYMENT_CARD", "rule": RULE}, []),
        ("silenced", {"reason": "low probability"}, ["recogniser", "voice-activity"]),
        ("consent", {"answers": [{"by": "key"}, {"by": "voice"}]}, ["recogniser"]),
        ("consent", {"answers": [{"by": "key"}, {"by": "nothing"}]}, []),
        ("consent", {"answers": []}, []),
        ("consent.withdrawn", {"by": "voice"}, ["recogniser"]),
        ("consent.withdrawn", {"by": "page"}, []),
        ("voice.verdict", {"verdict": "synthetic"}, ["recogniser", "liveness", "voice-activity"]),
        ("agent.voice", {"verdict": "synthetic"}, ["recogniser", "liveness", "voice-activity"]),
        ("hand_off", {"reason": "synthetic voice"}, ["recogniser", "liveness", "voice-activity"]),
        ("hand_off", {"reason": "wants a human"}, []),
        ("call.ended", {"reason": "synthetic voice"}, ["recogniser", "liveness", "voice-activity"]),
        ("challenge", {"outcome": "passed"}, ["recogniser", "liveness", "voice-activity"]),
        ("call.started", {}, []),
    ],
)
def test_an_entry_names_who_decided(kind: str, body: dict[str, Any], roles: list[str]) -> None:
    signed = Active(MODELS).signed(kind, body)
    assert list(signed.pop("models", {})) == roles
    assert signed == body


def test_the_ledger_takes_what_is_signed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    active = Active(MODELS)
    ledger.append("c", "finding", active.signed("finding", {"entity": "PERSON", "rule": "title"}))
    (entry,) = ledger.entries("c")
    assert json.loads(entry.body)["models"] == {
        "recogniser": "whisper@base:753752d23a0c",
        "names": "spacy@en_core_web_sm-3.8.0:a68f8ad3783d",
    }
    ledger.close()
    assert verify(tmp_path / "ledger.sqlite").ok


def test_others_that_take_over_are_named_from_then_on() -> None:
    active = Active(MODELS)
    other = IDS | {"liveness": "voice@2:ba9876543210"}
    assert active.take(replace(MODELS, ids=other)) == {"liveness": "voice@2:ba9876543210"}
    signed = active.signed("voice.verdict", {})
    assert signed["models"]["liveness"] == "voice@2:ba9876543210"
    assert metric("hushgate_model_info", role="liveness", model="voice@2:ba9876543210") == 1
    assert metric("hushgate_model_info", role="liveness", model="voice@1:0123456789ab") is None


def test_models_that_nobody_has_named_are_not_named() -> None:
    active = Active(Models(Path("whisper"), Path("spacy"), "en"))
    assert active.signed("finding", {"entity": "PERSON"}) == {"entity": "PERSON"}


def with_card(**card: Any) -> Models:
    return replace(MODELS, liveness=LivenessFiles(b"", card))


class ByCard:
    """A judge that says what its card says."""

    def __init__(self, files: LivenessFiles) -> None:
        self.version = files.card.get("version")

    def calibrate(self, windows: Sequence[Scored], speech_s: float) -> float:
        return float(self.version)

    def verdict(self, score: float) -> Verdict:
        return Verdict.SYNTHETIC if score == 2 else Verdict.HUMAN


def test_a_voice_is_judged_by_the_card_of_the_model_that_scores_now() -> None:
    active = Active(with_card(version="1"), ByCard)
    judge: Judge = active
    assert judge.verdict(judge.calibrate([Scored(0, 0.0, 0.0)], 4.0)) is Verdict.HUMAN
    active.take(with_card(version="2"))
    assert judge.verdict(judge.calibrate([Scored(0, 0.0, 0.0)], 4.0)) is Verdict.SYNTHETIC


def test_a_detector_that_cannot_be_used_is_one_line() -> None:
    with pytest.raises(ModelError, match="the liveness model cannot be used: the card lacks"):
        Active(with_card())


def test_drift_is_told_once_there_are_enough_scores() -> None:
    active = Active(with_card(reference=reference(SPREAD)), ByCard)
    for _ in range(LEAST - 1):
        active.scored(0.99)
    assert math.isnan(metric("hushgate_liveness_drift_psi") or 0)
    active.scored(0.99)
    assert (metric("hushgate_liveness_drift_psi") or 0) > 0.25
    for k in range(LEAST * 5):
        active.scored(k * 0.6180339887 % 1)
    assert (metric("hushgate_liveness_drift_psi") or 1) < 0.05


def test_another_model_begins_anew() -> None:
    active = Active(with_card(reference=reference(SPREAD)), ByCard)
    for _ in range(LEAST):
        active.scored(0.99)
    active.take(with_card(reference=reference(SPREAD)))
    assert math.isnan(metric("hushgate_liveness_drift_psi") or 0)


def test_a_card_without_a_reference_tells_no_drift_and_does_no_harm() -> None:
    active = Active(with_card(reference={"edges": "none"}), ByCard)
    before = metric("hushgate_liveness_score_count") or 0
    for _ in range(LEAST):
        active.scored(0.5)
    assert math.isnan(metric("hushgate_liveness_drift_psi") or 0)
    assert metric("hushgate_liveness_score_count") == before + LEAST
