"""What is kept of a call: as far as consent goes, and gone when it is withdrawn."""

import json
import os
import wave
from pathlib import Path

import numpy as np
import pytest

from gateway.consent import Purpose
from gateway.events import Transcript
from gateway.keeping import Keeper, KeepingError
from media.audio import Span
from media.clearance import Release

BOTH = frozenset({Purpose.RECORD, Purpose.TRANSCRIBE})
WORDS = Transcript("caller", "I am <PERSON_1>.", 1.0, 2.0)
SOUND = Release(Span(0, 320), np.full(320, 7, np.int16), ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def frames(path: Path) -> int:
    with wave.open(str(path)) as wav:
        return wav.getnframes()


def test_without_consent_nothing_is_kept_not_even_a_folder(folder: Path) -> None:
    keeper = Keeper(folder, "call-1")
    keeper.open(frozenset({Purpose.AGENT}))
    keeper.add(SOUND)
    keeper.add(WORDS)
    keeper.close()
    assert not folder.exists()


def test_sound_and_words_are_kept_each_by_its_own_consent(folder: Path) -> None:
    for purpose, name in ((Purpose.RECORD, "a.wav"), (Purpose.TRANSCRIBE, "b.jsonl")):
        keeper = Keeper(folder, name[0])
        keeper.open(frozenset({purpose}))
        keeper.add(SOUND)
        keeper.add(WORDS)
        keeper.close()
    assert sorted(file.name for file in folder.iterdir()) == ["a.wav", "b.jsonl"]
    assert frames(folder / "a.wav") == 320
    assert json.loads((folder / "b.jsonl").read_text())["text"] == "I am <PERSON_1>."
    assert folder.stat().st_mode & 0o077 == 0


def test_what_was_kept_is_whole_without_being_closed(folder: Path) -> None:
    keeper = Keeper(folder, "a")
    keeper.open(BOTH)
    keeper.add(SOUND)
    keeper.add(SOUND)
    keeper.add(WORDS)
    assert frames(folder / "a.wav") == 640
    assert len((folder / "a.jsonl").read_text().splitlines()) == 1


def test_what_is_withdrawn_is_erased_and_no_more_is_kept(folder: Path) -> None:
    keeper = Keeper(folder, "a")
    keeper.open(BOTH)
    keeper.add(SOUND)
    assert keeper.erase({Purpose.RECORD}) == [Purpose.RECORD]
    keeper.add(SOUND)
    keeper.add(WORDS)
    keeper.close()
    assert [file.name for file in folder.iterdir()] == ["a.jsonl"]
    assert keeper.erase({Purpose.RECORD, Purpose.AGENT}) == []


def test_what_cannot_be_kept_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / "calls").write_text("not a folder")
    with pytest.raises(KeepingError, match=r"calls: the call is not kept \(File exists\)"):
        Keeper(tmp_path / "calls", "a").open(BOTH)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_a_full_disk_is_an_error(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.jsonl").symlink_to("/dev/full")
    keeper = Keeper(folder, "a")
    keeper.open(frozenset({Purpose.TRANSCRIBE}))
    with pytest.raises(KeepingError, match="No space left"):
        keeper.add(WORDS)
