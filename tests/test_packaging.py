"""The wheel holds all that a gateway and its demo need outside of a checkout."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
AUDIO = ROOT / "fixtures" / "audio"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with ZipFile(path) as archive:
        return set(archive.namelist())


def test_every_file_of_the_packages_is_in_it(wheel: set[str]) -> None:
    files = [f for package in ("gateway", "media") for f in (ROOT / package).rglob("*.*")]
    wanted = {str(f.relative_to(ROOT)) for f in files if "__pycache__" not in f.parts}
    assert wanted <= wheel
    assert {"gateway/py.typed", "media/py.typed", "gateway/page/index.html"} <= wheel


@pytest.mark.parametrize(
    ("listing", "key"),
    [("caller/turns.yaml", "turns"), ("agent/replies.yaml", "replies")],
)
def test_what_the_demo_plays_is_in_it(wheel: set[str], listing: str, key: str) -> None:
    files = [entry["file"] for entry in yaml.safe_load((AUDIO / listing).read_text())[key]]
    folder = listing.partition("/")[0]
    assert files
    assert {
        f"gateway/fixtures/audio/{listing}",
        *(f"gateway/fixtures/audio/{folder}/{f}" for f in files),
    } <= wheel


def test_the_consent_scripts_and_their_recordings_are_in_it(wheel: set[str]) -> None:
    files = [*(AUDIO / "prompts").rglob("*.ogg"), *(ROOT / "fixtures" / "consent").iterdir()]
    assert {f"gateway/{f.relative_to(ROOT)}" for f in files} <= wheel


def test_recordings_that_only_tests_use_are_not(wheel: set[str]) -> None:
    assert not [name for name in wheel if "browser_mic" in name or "/calls/" in name]
