"""Whatever is done to a ledger but appending is found, and the first broken entry named."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.ledger import Entry, Ledger, LedgerError, verify
from gateway.ledger.chain import _canonical
from media.sensitive import Sensitive


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.sqlite"


@pytest.fixture
def filled(path: Path) -> Path:
    """A ledger of six entries: genesis and 1 to 5."""
    ledger = Ledger(path)
    for number in range(5):
        ledger.append(f"call-{number % 2}", "finding", {"entity": "CVV", "score": number / 10})
    ledger.close()
    return path


def tamper(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER entries_stay")
        connection.execute("DROP TRIGGER entries_keep")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def rehash(path: Path, seq: int) -> None:
    """Give an edited entry the hash that fits what it says now."""
    with sqlite3.connect(path) as connection:
        row = connection.execute("SELECT * FROM entries WHERE seq = ?", (seq,)).fetchone()
        connection.execute("UPDATE entries SET hash = ? WHERE seq = ?", (Entry(*row).digest(), seq))
    connection.close()


def test_entries_are_chained_from_a_genesis_entry(filled: Path) -> None:
    found = verify(filled)
    assert (found.ok, found.entries, found.first_broken) == (True, 6, None)
    entries = list(Ledger(filled).entries())
    assert [entry.seq for entry in entries] == [0, 1, 2, 3, 4, 5]
    assert entries[0].kind == "genesis" and entries[0].prev_hash == "0" * 64
    assert all(a.hash == b.prev_hash for a, b in pairwise(entries))
    assert found.head == entries[-1].hash
    assert entries[1].at.endswith("Z")
    assert entries[2].body == '{"entity":"CVV","score":0.1}'
    assert [entry.seq for entry in Ledger(filled).entries("call-1")] == [2, 4]


def test_the_file_is_its_owners_only(filled: Path) -> None:
    assert filled.stat().st_mode & 0o777 == 0o600


def test_two_ledgers_differ_from_the_first_entry_on(tmp_path: Path) -> None:
    one, other = Ledger(tmp_path / "one"), Ledger(tmp_path / "other")
    assert next(one.entries()).body != next(other.entries()).body


@pytest.mark.parametrize(
    ("statements", "first_broken", "why"),
    [
        (["UPDATE entries SET body = '{}' WHERE seq = 3"], 3, "altered"),
        (["UPDATE entries SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2"], 2, "altered"),
        (["UPDATE entries SET call_id = NULL WHERE seq = 4"], 4, "altered"),
        (["UPDATE entries SET kind = 'consent' WHERE seq = 1"], 1, "altered"),
        (["UPDATE entries SET prev_hash = hash WHERE seq = 5"], 5, "altered"),
        (["UPDATE entries SET hash = upper(hash) WHERE seq = 2"], 2, "altered"),
        (["DELETE FROM entries WHERE seq = 3"], 3, "entry 3 is missing; entry 4 comes"),
        (["DELETE FROM entries WHERE seq = 0"], 0, "entry 0 is missing"),
        (["DELETE FROM entries WHERE seq = 5"], 5, "missing from the end"),
        (["DELETE FROM entries WHERE seq > 2"], 3, "missing from the end"),
        (["DELETE FROM entries"], 0, "missing from the end"),
        (["DELETE FROM head"], 6, "head record is missing"),
        (
            [
                "UPDATE entries SET seq = 99 WHERE seq = 2",
                "UPDATE entries SET seq = 2 WHERE seq = 3",
                "UPDATE entries SET seq = 3 WHERE seq = 99",
            ],
            2,
            "altered",
        ),
        (
            [
                "DELETE FROM entries WHERE seq = 2",
                "UPDATE entries SET seq = seq - 1 WHERE seq > 2",
            ],
            2,
            "altered",
        ),
        (["INSERT INTO entries SELECT -1, at, NULL, kind, body, '', '' FROM entries"], 0, "-1"),
        (["UPDATE entries SET body = CAST(x'ff' AS TEXT) WHERE seq = 4"], 4, "cannot be read"),
        (["DROP TABLE entries"], 0, "no such table"),
        (["DROP TABLE head"], 6, "no such table"),
    ],
)
def test_tampering_is_found_and_the_first_broken_entry_named(
    filled: Path, statements: list[str], first_broken: int, why: str
) -> None:
    if statements[0].startswith("INSERT"):
        statements = [statements[0] + " LIMIT 1"]
    tamper(filled, *statements)
    found = verify(filled)
    assert (found.ok, found.first_broken) == (False, first_broken)
    assert why in found.why


def test_an_edit_with_a_fitting_hash_breaks_the_next_entry(filled: Path) -> None:
    tamper(filled, "UPDATE entries SET body = '{}' WHERE seq = 3")
    rehash(filled, 3)
    assert verify(filled).first_broken == 4


def test_an_edit_of_the_last_entry_with_a_fitting_hash_misses_the_head(filled: Path) -> None:
    tamper(filled, "UPDATE entries SET body = '{}' WHERE seq = 5")
    rehash(filled, 5)
    found = verify(filled)
    assert (found.ok, found.first_broken) == (False, 5)
    assert "head record" in found.why


def test_a_file_cut_short_or_not_a_ledger_is_broken_and_a_missing_one_an_error(
    filled: Path, tmp_path: Path
) -> None:
    os.truncate(filled, 6000)
    assert not verify(filled).ok
    (tmp_path / "text").write_text("no database at all, but long enough to be read as one" * 9)
    assert not verify(tmp_path / "text").ok
    with pytest.raises(LedgerError, match="cannot open the ledger"):
        Ledger(tmp_path / "text")
    with pytest.raises(LedgerError, match="there is no ledger"):
        verify(tmp_path / "absent")


def test_an_emptied_ledger_does_not_begin_anew(filled: Path) -> None:
    tamper(filled, "DELETE FROM entries")
    assert Ledger(filled).append("call", "tick", {}) == 6
    assert verify(filled).first_broken == 0


def test_the_file_itself_refuses_edits_by_accident(filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        for statement in ("DELETE FROM entries", "UPDATE entries SET kind = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"who": Sensitive("Jane")}, "body.who is a Sensitive"),
        ({"spans": [{"start": 1, "Text": "Jane"}]}, r"body.spans\[0\].Text is a key for raw"),
        ({"words": []}, "body.words"),
        ({"score": float("nan")}, "body.score is a float"),
        ({"blob": b"Jane"}, "body.blob is a bytes"),
        ({1: 2}, "not a string"),
    ],
)
def test_raw_values_are_refused_without_being_shown(
    path: Path, body: dict[str, object], where: str
) -> None:
    ledger = Ledger(path)
    with pytest.raises(LedgerError, match=where) as caught:
        ledger.append("call", "finding", body)
    assert "Jane" not in str(caught.value)
    assert verify(path).entries == 1


def test_canonical_json_does_not_depend_on_order() -> None:
    assert _canonical({"b": [1, 2.5], "a": "é"}) == _canonical({"a": "é", "b": [1, 2.5]})
    assert _canonical({"a": "é"}) == '{"a":"\\u00e9"}'


def test_threads_share_one_ledger(path: Path) -> None:
    ledger = Ledger(path)
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: ledger.append("call", "n", {"n": n}), range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert verify(path) == verify(path)
    assert verify(path).entries == 41


APPEND = """
import sys
from pathlib import Path
from gateway.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    print(ledger.append("call", "tick", {"number": number, "padding": "x" * 300}), flush=True)
"""


def appender(path: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", APPEND, str(path), str(count)], stdout=subprocess.PIPE, text=True
    )


def test_processes_share_one_ledger_from_its_making_on(path: Path) -> None:
    running = [appender(path, 20) for _ in range(3)]
    said = [process.communicate(timeout=60)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sorted(int(seq) for part in said for seq in part) == list(range(1, 61))
    assert verify(path).entries == 61


def test_killed_at_any_moment_it_verifies_and_has_all_that_was_acknowledged(path: Path) -> None:
    process = appender(path, 1_000_000)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 50:
            break
    process.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in process.stdout.read().split()]
    process.wait(timeout=10)
    found = verify(path)
    assert found.ok, found.why
    assert found.entries > max([50, *acknowledged])
    assert Ledger(path).append("call", "restart", {}) == found.entries
    assert verify(path).ok


FULL_DISK = """
import resource, sys
from pathlib import Path
from gateway.ledger import Ledger, LedgerError, verify
path = Path(sys.argv[1])
ledger = Ledger(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
recorded, refused = 0, 0
while refused < 3:
    try:
        ledger.append("call", "tick", {"padding": "x" * 3000})
        recorded += 1
    except LedgerError:
        refused += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert verify(path).ok and verify(path).entries == recorded + 1, verify(path)
assert ledger.append("call", "space again", {}) == recorded + 1
assert verify(path).ok
print(recorded)
"""


def test_a_full_disk_is_an_error_and_leaves_an_intact_ledger(path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 5


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    copy = path.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


@pytest.mark.parametrize("act", [remove, replace])
def test_a_ledger_taken_away_while_open_is_an_error(
    path: Path, act: Callable[[Path], None]
) -> None:
    ledger = Ledger(path)
    act(path)
    with pytest.raises(LedgerError, match="cannot write the ledger"):
        ledger.append("call", "tick", {})


def test_the_hash_can_be_computed_elsewhere(filled: Path) -> None:
    """The format, written out once more: an auditor needs nothing of ours."""
    import hashlib

    entry = list(Ledger(filled).entries())[3]
    rest = [entry.seq, entry.at, entry.call_id, entry.kind, entry.body, entry.prev_hash]
    data = b"hushgate ledger entry v1\0" + json.dumps(rest, separators=(",", ":")).encode()
    assert hashlib.sha256(data).hexdigest() == entry.hash
