"""Another model in the place of one that ships, and back; nothing broken gets there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.models import ModelError, Models, installed, registry, trial
from gateway.models.records import SPACY, Role
from gateway.models.registry import Registry
from media.liveness.drift import Drift
from tests.gateway.models.stand_ins import detector, recogniser, sha256

VOICE = Role.LIVENESS


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was tried; a network that says "broken" fails."""
    seen: list[str] = []

    def score(files: installed.LivenessFiles, folder: Path) -> None:
        if files.onnx == b"broken":
            raise ModelError(f"{folder}: no network")
        seen.append(files.card["version"])

    def hear(models: Models) -> None:
        if (models.whisper / "model.bin").read_bytes() == b"broken":
            raise ModelError(f"{models.whisper}: cannot be loaded")
        seen.append(models.whisper.name)

    monkeypatch.setattr(trial, "score", score)
    monkeypatch.setattr(trial, "hear", hear)
    return seen


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tried: list[str]) -> Registry:
    """A registry beside small models that ship."""
    ships = detector(tmp_path / "ships" / "liveness", "1", network=b"first")
    base = recogniser(tmp_path / "ships" / "base", b"base")
    monkeypatch.setattr(installed, "liveness_folder", lambda: ships)
    monkeypatch.setattr(registry, "liveness_folder", lambda: ships)
    real = installed.whisper_folder
    monkeypatch.setattr(
        registry, "whisper_folder", lambda name, *rest: base if name == "base" else real(name)
    )
    monkeypatch.setattr(registry, "spacy_model", lambda *_: tmp_path / "ships" / "spacy")
    return Registry(tmp_path / "models")


def used(models: Registry, role: Role = VOICE) -> str:
    return models.in_use(role).record.version


def test_what_ships_is_in_use_until_another_is(models: Registry) -> None:
    assert used(models) == "1"
    assert used(models, Role.RECOGNISER) == "base"
    assert not models.folder.exists(), "looking makes nothing"
    assert models.stamp() is None


def test_another_is_tried_copied_and_in_use(
    models: Registry, tmp_path: Path, tried: list[str]
) -> None:
    given = detector(tmp_path / "given", "2", network=b"second")
    found = models.use(VOICE, str(given), "en")
    assert tried == ["2"]
    assert found.record.licence == "CC0-1.0"
    shutil.rmtree(given)
    assert used(models) == "2"
    files = models.models("en", liveness=True).liveness
    assert files is not None and files.onnx == b"second"
    assert models.versions(VOICE) == ["1", "2"]


def test_what_a_copy_left_that_was_killed_is_removed(
    models: Registry, tmp_path: Path, tried: list[str]
) -> None:
    left = models.folder / VOICE / ".tmp0123"
    left.mkdir(parents=True)
    (left / "model.onnx").write_bytes(b"half")
    models.use(VOICE, str(detector(tmp_path / "given", "2")), "en")
    assert not left.exists()


def test_each_switch_can_be_taken_back(models: Registry, tmp_path: Path) -> None:
    stamps = [models.stamp()]
    for version in ("2", "3"):
        models.use(VOICE, str(detector(tmp_path / version, version)), "en")
        stamps.append(models.stamp())
    for version in ("2", "1"):
        assert models.rollback(VOICE).record.version == version
        assert used(models) == version
        stamps.append(models.stamp())
    assert len(set(stamps)) == len(stamps), "whoever looks sees each of them"
    with pytest.raises(ModelError, match="liveness: nothing was put in the place"):
        models.rollback(VOICE)
    assert models.use(VOICE, "3", "en").record.version == "3", "it is still there"


def test_one_role_is_nothing_to_another(models: Registry, tmp_path: Path) -> None:
    models.use(VOICE, str(detector(tmp_path / "2", "2")), "en")
    models.use(Role.RECOGNISER, str(recogniser(tmp_path / "mine")), "en")
    models.rollback(VOICE)
    assert (used(models), used(models, Role.RECOGNISER)) == ("1", "mine")


def test_a_recogniser_of_ones_own_takes_the_place_of_the_configured_one(
    models: Registry, tmp_path: Path, tried: list[str]
) -> None:
    models.use(Role.RECOGNISER, str(recogniser(tmp_path / "mine")), "en")
    assert tried == ["mine"]
    chosen = models.models("en", liveness=False)
    assert chosen.whisper == models.folder / "recogniser" / "mine"
    assert chosen.ids["recogniser"].startswith("whisper@mine:")
    assert "liveness" not in chosen.ids, "voices that are not scored have no model"
    assert chosen.ids["voice-activity"].startswith("webrtcvad@")
    models.use(Role.RECOGNISER, "base", "en")
    assert used(models, Role.RECOGNISER) == "base"


def test_a_configured_folder_is_named_by_its_files(models: Registry, tmp_path: Path) -> None:
    folder = recogniser(tmp_path / "my model")
    record = Registry(models.folder, str(folder)).in_use(Role.RECOGNISER).record
    assert record.version == "my-model"
    folder = recogniser(tmp_path / "small")
    record = Registry(models.folder, str(folder)).in_use(Role.RECOGNISER).record
    assert (record.name, record.version, record.licence) == ("whisper", "small", "")
    own = Registry(models.folder, str(folder))
    own.use(Role.RECOGNISER, "base", "en")
    assert own.use(Role.RECOGNISER, str(folder), "en").record == record
    assert own.in_use(Role.RECOGNISER).folder == folder, "it is there already: no copy is made"
    own.rollback(Role.RECOGNISER)
    own.rollback(Role.RECOGNISER)
    (folder / "model.bin").write_bytes(b"others")
    changed = Registry(models.folder, str(folder)).in_use(Role.RECOGNISER).record
    assert changed.id != record.id


def test_the_hash_is_what_sha256sum_prints(models: Registry, tmp_path: Path) -> None:
    found = models.use(Role.RECOGNISER, str(recogniser(tmp_path / "mine")), "en")
    names = sorted(path.name for path in found.folder.iterdir())
    printed = subprocess.run(
        ["sha256sum", *names], cwd=found.folder, capture_output=True, check=True
    ).stdout
    assert found.record.sha256 == sha256(printed)
    listed = found.folder.with_name("mine.sha256")
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", listed.name], cwd=listed.parent, check=False
    )
    assert checked.returncode == 0


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda at: detector(at, "2", network=b"broken"), "/given: no network"),
        (lambda at: detector(at, "2", sha256="0" * 64), "is damaged or altered"),
        (lambda at: detector(at, "../2"), "must be letters, digits"),
        (lambda at: detector(at, "2").joinpath("card.json").unlink(), "No such file"),
        (lambda at: detector(at, "2").joinpath("card.json").write_text("["), "is no model card"),
        (lambda at: detector(at, "1"), "liveness 1 is there already, with other files"),
        (lambda at: at.mkdir(), "No such file"),
    ],
)
def test_what_cannot_be_used_changes_nothing(
    models: Registry, tmp_path: Path, make: object, told: str
) -> None:
    assert callable(make)
    make(tmp_path / "given")
    with pytest.raises(ModelError, match=told) as caught:
        models.use(VOICE, str(tmp_path / "given"), "en")
    assert "\n" not in str(caught.value)
    assert used(models) == "1"
    assert models.stamp() is None
    assert models.versions(VOICE) == ["1"]
    assert not list((models.folder / VOICE).glob("*")), "no part of it is left"


def test_a_recogniser_that_cannot_be_used_changes_nothing(models: Registry, tmp_path: Path) -> None:
    broken = recogniser(tmp_path / "broken", b"broken")
    with pytest.raises(ModelError, match="cannot be loaded"):
        models.use(Role.RECOGNISER, str(broken), "en")
    (broken / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="lacks tokenizer"):
        models.use(Role.RECOGNISER, str(broken), "en")
    assert used(models, Role.RECOGNISER) == "base"


def test_a_version_that_nobody_knows_is_one_line(models: Registry) -> None:
    with pytest.raises(ModelError, match=r"no liveness 9: must be 1, or a folder"):
        models.use(VOICE, "9", "en")
    with pytest.raises(ModelError, match=r"no names 9: must be en_core_web_sm"):
        models.use(Role.NAMES, "9", "en")


@pytest.mark.parametrize("role", [Role.VOICE_ACTIVITY, Role.FACES])
def test_what_is_compiled_into_a_package_comes_with_the_package(
    models: Registry, role: Role
) -> None:
    with pytest.raises(ModelError, match="is compiled into the package"):
        models.use(role, "1", "en")


def test_an_altered_model_is_noticed_and_an_older_one_can_be_put_back(
    models: Registry, tmp_path: Path
) -> None:
    found = models.use(VOICE, str(detector(tmp_path / "2", "2", network=b"second")), "en")
    (found.folder / "model.onnx").write_bytes(b"secone")
    with pytest.raises(ModelError, match="wrong SHA-256"):
        models.in_use(VOICE)
    # Not even with a new list of hashes beside it:
    listed = found.folder.with_name("2.sha256")
    listed.write_text(listed.read_text().replace(sha256(b"second"), sha256(b"secone")))
    with pytest.raises(ModelError, match="liveness 2 is not the one that was put in use on"):
        models.in_use(VOICE)
    assert models.rollback(VOICE).record.version == "1"
    assert used(models) == "1"


def test_what_was_there_before_is_put_back_only_if_it_is_intact(
    models: Registry, tmp_path: Path
) -> None:
    second = models.use(VOICE, str(detector(tmp_path / "2", "2")), "en")
    models.use(VOICE, str(detector(tmp_path / "3", "3", network=b"third")), "en")
    (second.folder / "model.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match="wrong SHA-256"):
        models.rollback(VOICE)
    assert used(models) == "3"


@pytest.mark.parametrize("line", ["", "{", "[]", '{"role": "liveness"}', '{"role": "ears"}'])
def test_a_list_that_cannot_be_read_is_one_line(models: Registry, line: str) -> None:
    models.folder.mkdir()
    (models.folder / "switches.jsonl").write_text(f"{line}\n")
    with pytest.raises(ModelError, match=r"switches\.jsonl, line 1: is no switch"):
        models.in_use(VOICE)


def test_the_list_tells_what_was_in_use_when(models: Registry, tmp_path: Path) -> None:
    models.use(VOICE, str(detector(tmp_path / "2", "2")), "en")
    models.rollback(VOICE)
    lines = (models.folder / "switches.jsonl").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert [(t["role"], t["act"], t["version"]) for t in told] == [
        ("liveness", "use", "2"),
        ("liveness", "rollback", "1"),
    ]
    assert all(t["at"].endswith("Z") and len(t["sha256"]) == 64 for t in told)


@pytest.mark.skipif(
    not installed.liveness_folder().exists(), reason="no weights are in this checkout"
)
def test_the_detector_that_ships_says_all_of_itself_and_can_be_used(tmp_path: Path) -> None:
    found = Registry(tmp_path / "models").in_use(VOICE)
    record = found.record
    assert record.licence == "Apache-2.0" and record.source and record.date
    assert record.evaluation == "docs/results/liveness.md"
    files = installed.liveness_model()
    Drift(files.card["reference"])
    trial.score(files, found.folder)


@pytest.mark.model
def test_a_real_recogniser_and_a_real_pipeline_are_tried_on_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = Registry(tmp_path / "models", "tiny.en")
    with pytest.raises(ModelError, match="this model cannot be loaded"):
        models.use(Role.RECOGNISER, str(recogniser(tmp_path / "broken")), "en")
    found = models.use(Role.RECOGNISER, str(installed.whisper_folder("tiny.en")), "en")
    assert found.record.version == "model", "a folder's name, where no card tells"
    assert models.use(Role.NAMES, SPACY[0].version, "en").record == SPACY[0]
