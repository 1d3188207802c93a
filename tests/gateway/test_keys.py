"""The key file: made once, its owner's only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.keys import KeyFileError, load_or_create


def test_the_key_is_made_once_and_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    key = load_or_create(path)
    assert len(key.reveal()) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_create(path) == key
    assert [item.name for item in path.parent.iterdir()] == ["vault.key"]
    assert load_or_create(tmp_path / "other.key") != key


def test_at_once_all_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_or_create(tmp_path / "vault.key"), range(16)))
    assert len(set(keys)) == 1


def test_what_a_start_left_that_was_killed_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".vault.key.0123456789abcdef").touch()
    load_or_create(tmp_path / "vault.key")
    assert [file.name for file in tmp_path.iterdir()] == ["vault.key"]


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    load_or_create(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match=r"vault\.key can be read by others: chmod 600"):
        load_or_create(path)


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=\n", b"not base64 !", b"\xff" * 44])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="is no key file"):
        load_or_create(path)


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match=r"vault\.key: "):
        load_or_create(tmp_path / "file" / "vault.key")
