"""The ledger: entries that are appended, never changed, and chained by SHA-256.

Every entry's hash covers its sequence number, time, call, kind, body and the hash before it, so
that `verify` finds the first entry that was edited, deleted, inserted or moved. A head record in
the same file tells when entries were cut off at the end.

What the chain alone cannot show: whoever may write the file and knows this code can cut off the
end and set the head back, or compute a whole new chain. Against that, keep the head that `verify`
prints somewhere else; a later look at the same entry shows whether it still has that hash.

Nothing in an entry is raw personal data: see `Ledger.append`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.store import Store, reading
from media.sensitive import RAW_KEYS

_DOMAIN: Final = b"hushgate ledger entry v1\x00"
_NO_HASH: Final = "0" * 64
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, call_id TEXT, kind TEXT NOT NULL,
  body TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_call ON entries (call_id);
CREATE TABLE IF NOT EXISTS head (
  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entries_keep BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""


class LedgerError(Exception):
    """An entry could not be recorded or read. Whoever needed it recorded must fail closed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as recorded; `body` is canonical JSON, `at` RFC 3339 in UTC."""

    seq: int
    at: str
    call_id: str | None
    kind: str
    body: str
    prev_hash: str
    hash: str

    def digest(self) -> str:
        """Return what `hash` must be: SHA-256 over domain and a JSON array of all the rest."""
        rest = [self.seq, self.at, self.call_id, self.kind, self.body, self.prev_hash]
        return hashlib.sha256(_DOMAIN + _canonical(rest).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: `first_broken` is a sequence number, `head` the last good hash."""

    ok: bool
    entries: int
    first_broken: int | None = None
    why: str = ""
    head: str = _NO_HASH


class Ledger:
    """An open ledger; made with a genesis entry if there is none. Share it between threads.

    Each `append` waits for the disk (milliseconds): from a coroutine, call it in a thread.

    Raises:
        LedgerError: when the file cannot be opened or is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.failing = False
        """Whether the last entry could not be written."""
        try:
            self._store = Store(path, _SCHEMA)
            with self._store.transaction() as connection:
                # The head, not the entries: a ledger that was emptied must not begin anew.
                if connection.execute("SELECT 1 FROM head").fetchone() is None:
                    body = {"format": "hushgate-ledger-1", "id": secrets.token_hex(16)}
                    _add(connection, -1, _NO_HASH, None, "genesis", _canonical(body))
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(f"cannot open the ledger {path}: {error}") from error

    def append(self, call_id: str | None, kind: str, body: Mapping[str, Any]) -> int:
        """Record what was decided and return its sequence number, once it is on the disk.

        `body` holds None, booleans, finite numbers, strings, lists and mappings with string keys:
        types, spans, scores, tokens, reasons. Raw values have no place in it: `Sensitive` and keys
        such as `text`, `value` or `words` are refused at any depth.

        Raises:
            LedgerError: when the body is refused, or the disk is full or fails; then nothing of
                the entry is recorded.
        """
        _refuse_raw(body, "body")
        try:
            with self._store.transaction() as connection:
                seq, head = connection.execute("SELECT seq, hash FROM head").fetchone()
                added = _add(connection, seq, head, call_id, kind, _canonical(body))
        except (sqlite3.Error, OSError, UnicodeError, TypeError) as error:
            self.failing = not isinstance(error, UnicodeError | TypeError)
            raise LedgerError(f"cannot write the ledger {self.path}: {error}") from error
        self.failing = False
        return added

    def entries(self, call_id: str | None = None) -> Iterator[Entry]:
        """Yield all entries, or those of one call, oldest first."""
        return read(self.path, call_id)

    def unended(self) -> list[tuple[str, int]]:
        """Return the calls that began and whose end is not recorded, each with its last entry.

        Raises:
            LedgerError: when the file cannot be read.
        """
        try:
            with reading(self.path) as connection:
                return connection.execute(
                    "SELECT call_id, MAX(seq) FROM entries WHERE call_id IS NOT NULL"
                    " GROUP BY call_id HAVING SUM(kind = 'call.started') > 0"
                    " AND SUM(kind IN ('call.ended', 'call.interrupted')) = 0 ORDER BY MIN(seq)"
                ).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(f"cannot read the ledger {self.path}: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._store.close()


def read(path: Path, call_id: str | None = None) -> Iterator[Entry]:
    """Yield the entries of a ledger, or of one call in it, oldest first, without verifying them.

    Raises:
        LedgerError: when the file is missing or cannot be read.
    """
    try:
        with reading(path) as connection:
            rows = connection.execute(
                "SELECT seq, at, call_id, kind, body, prev_hash, hash FROM entries"
                " WHERE ?1 IS NULL OR call_id = ?1 ORDER BY seq",
                (call_id,),
            )
            for row in rows:
                yield Entry(*row)
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(f"cannot read the ledger {path}: {error}") from error


def verify(path: Path) -> Verification:
    """Follow the chain from the genesis entry to the head and name the first broken entry.

    Raises:
        LedgerError: when there is no such file. One that cannot be read is broken, not missing.
    """
    if not path.is_file():
        raise LedgerError(f"there is no ledger {path}")
    seq, before = 0, _NO_HASH
    try:
        for entry in read(path):
            if why := _fault(entry, seq, before):
                return Verification(False, seq, seq, why, before)
            seq, before = seq + 1, entry.hash
        with reading(path) as connection:
            head = connection.execute("SELECT seq, hash FROM head").fetchone()
    except (LedgerError, sqlite3.Error) as error:
        return Verification(False, seq, seq, f"entry {seq} cannot be read: {error}", before)
    if head is None or head[0] != seq - 1:
        why = f"entry {seq} is missing from the end" if head else "the head record is missing"
        return Verification(False, seq, seq, why, before)
    if head[1] != before:
        why = f"entry {seq - 1} is not the one that the head record names"
        return Verification(False, seq - 1, seq - 1, why, before)
    return Verification(True, seq, head=before)


def _fault(entry: Entry, seq: int, before: str) -> str | None:
    if entry.seq != seq:
        return f"entry {seq} is missing; entry {entry.seq} comes in its place"
    if entry.digest() != entry.hash:
        return f"entry {seq} was altered: its hash does not fit what it says"
    if entry.prev_hash != before:
        return f"entry {seq} does not follow entry {seq - 1}: one of them was replaced"
    if seq == 0 and entry.kind != "genesis":
        return "entry 0 is no genesis entry"
    return None


def _add(
    connection: sqlite3.Connection,
    seq: int,
    head: str,
    call_id: str | None,
    kind: str,
    body: str,
) -> int:
    """Insert the entry that follows `seq`, whose hash is `head`, and move the head to it."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    unsigned = Entry(seq + 1, at, call_id, kind, body, head, "")
    digest = unsigned.digest()
    connection.execute(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq + 1, at, call_id, kind, body, head, digest),
    )
    connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (seq + 1, digest))
    return seq + 1


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _refuse_raw(value: object, where: str) -> None:
    """Raise for what does not belong in an entry, naming the place and never the value."""
    match value:
        case None | bool() | int() | str():
            return
        case float() if math.isfinite(value):
            return
        case Mapping():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise LedgerError(f"{where} has a key that is not a string")
                if key.lower() in RAW_KEYS:
                    raise LedgerError(f"{where}.{key} is a key for raw values: not in the ledger")
                _refuse_raw(item, f"{where}.{key}")
        case list() | tuple():
            for index, item in enumerate(value):
                _refuse_raw(item, f"{where}[{index}]")
        case _:
            raise LedgerError(f"{where} is a {type(value).__name__}: not in the ledger")
