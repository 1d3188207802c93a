"""Loading a recogniser from its folder."""

import json
import shutil
from pathlib import Path

import pytest

from gateway.engine.worker import _mended, load_whisper
from gateway.models import ModelError, whisper_folder

pytestmark = pytest.mark.model

VOCABULARY = {**{f"byte {i}": i for i in range(256)}, "Ġt": 256, "Ġa": 257}


def tokenizer(merges: list[object], vocabulary: dict[str, int] = VOCABULARY) -> str:
    return json.dumps({"model": {"merges": merges, "vocab": vocabulary}})


@pytest.mark.parametrize(
    ("merges", "mended"),
    [
        (["Ġ a"], ["Ġ t", "Ġ a"]),
        (["Ġ t", "Ġ a"], ["Ġ t", "Ġ a"]),
        ([["Ġ", "a"]], [["Ġ", "t"], ["Ġ", "a"]]),
        ([["Ġ", "t"], ["Ġ", "a"]], [["Ġ", "t"], ["Ġ", "a"]]),
        ([], []),
    ],
)
def test_a_tokenizer_has_its_first_merge(merges: list[object], mended: list[object]) -> None:
    assert json.loads(_mended(tokenizer(merges)))["model"]["merges"] == mended


def test_another_kind_of_tokenizer_is_left_as_it_is() -> None:
    other = tokenizer(["a b"], {"a": 0, "b": 1})
    assert json.loads(_mended(other)) == json.loads(other)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of tiny.en, to be spoilt."""
    return Path(shutil.copytree(whisper_folder("tiny.en"), tmp_path / "model"))


def test_a_folder_without_timing_heads_is_refused_by_name(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    del config["alignment_heads"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=r"model: this model cannot be loaded \(.*alignment_heads"):
        load_whisper(folder)


def test_weights_that_are_cut_short_are_refused(folder: Path) -> None:
    content = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="cut short"):
        load_whisper(folder)


def test_a_model_that_is_overwritten_while_it_is_in_use_goes_on(folder: Path) -> None:
    whisper = load_whisper(folder)
    before = whisper._model.transformer._embeddings.sum(dtype=float)
    (folder / "model.bin").write_bytes(b"")
    assert whisper._model.transformer._embeddings.sum(dtype=float) == before
