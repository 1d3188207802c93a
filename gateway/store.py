"""A SQLite file that survives power cuts and is shared by threads and processes.

Used by ledger and vault. WAL with full synchronisation: what `transaction` has committed is on the
disk. The file is readable by its owner only.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_BUSY_S: Final = 10
"""How long to wait for another process's transaction."""


class Store:
    """One open database.

    Raises:
        sqlite3.Error, OSError: from any use: the disk is full, the file is damaged, busy or gone.
    """

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self.path = path
        self._file = path.stat()
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            with self.transaction() as connection:
                for statement in schema.split(";\n"):
                    connection.execute(statement)
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock from before the first read to the commit; undo all on an error."""
        with self._lock:
            if not os.path.samestat(self._file, self.path.stat()):
                # Writes would go to a file without a name, and be lost in silence.
                raise OSError(f"{self.path} was replaced while it was open")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise

    def flush_deleted(self) -> None:
        """Move the log into the file and empty it, so that it keeps nothing of deleted rows."""
        with self._lock:
            (busy, *_) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the log is in use by another process")

    def close(self) -> None:
        """Close the file; the store cannot be used any more."""
        with self._lock:
            self._connection.close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an existing database for reading only."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist")
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S, isolation_level=None
    )
    try:
        yield connection
    finally:
        connection.close()
