"""The vault: raw values per call, sealed; everywhere else there are only tokens.

Each call has a data key of its own, and every value is sealed under it with AES-256-GCM (NIST SP
800-38D), bound to its call and token. The data key is wrapped under the key-encryption key of
`gateway.keys`. Erasing a call deletes its data key and its rows, and overwrites them in the file;
copies of the file made earlier still open with the key file, so keep the two apart.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys import KEY_BYTES
from gateway.store import Store
from media.entities.types import Entity
from media.sensitive import Sensitive

_NONCE_BYTES: Final = 12
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS vault (
  one INTEGER PRIMARY KEY CHECK (one = 1), proof BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS calls (
  call_id TEXT PRIMARY KEY, wrapped_key BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sealed (
  call_id TEXT NOT NULL, token TEXT NOT NULL, label TEXT NOT NULL,
  mark BLOB NOT NULL, sealed BLOB NOT NULL,
  PRIMARY KEY (call_id, token), UNIQUE (call_id, label, mark)
) STRICT;
CREATE TABLE IF NOT EXISTS issued (
  call_id TEXT NOT NULL, label TEXT NOT NULL, tokens INTEGER NOT NULL,
  PRIMARY KEY (call_id, label)
) STRICT;
"""


class VaultError(Exception):
    """A value could not be sealed, opened or erased. The message holds no raw value."""


class Tokens(Protocol):
    """What turns a raw value into a token, and back where that is allowed."""

    def put(self, call_id: str, entity: Entity, value: Sensitive[str]) -> str:
        """Keep a value and return its token; the same value of a call has the same token."""

    def open(self, call_id: str, token: str) -> Sensitive[str]:
        """Return the value behind a token.

        Raises:
            VaultError: when the call has no such token.
        """

    def erase(self, call_id: str) -> None:
        """Forget all values of a call. Its tokens are not given out again."""


def label(entity: Entity) -> str:
    """Return the word that an entity's tokens are made of: `CARD` of `<CARD_1>`."""
    return "CARD" if entity is Entity.PAYMENT_CARD else entity.value


class Vault:
    """Sealed values on disk. Share it between threads; processes may share the file.

    Every use waits for the disk (milliseconds): from a coroutine, call it in a thread.

    Raises:
        VaultError: when the file cannot be opened, or was sealed under another key.
    """

    def __init__(self, path: Path, kek: Sensitive[bytes]) -> None:
        self._kek = kek
        with _reported(f"open the vault {path}"):
            self._store = Store(path, _SCHEMA)
            with self._store.transaction() as connection:
                row = connection.execute("SELECT proof FROM vault").fetchone()
                if row is None:
                    proof = _seal(kek.reveal(), b"", "proof")
                    connection.execute("INSERT INTO vault VALUES (1, ?)", (proof,))
                else:
                    _unseal(kek.reveal(), row[0], "proof")

    def put(self, call_id: str, entity: Entity, value: Sensitive[str]) -> str:
        """Seal a value and return its token, such as `<CARD_1>`: see `Tokens`.

        Raises:
            VaultError: when the disk is full or fails; then nothing is kept.
        """
        name = label(entity)
        with _reported("seal a value"), self._store.transaction() as connection:
            raw = value.reveal().encode()
            key = self._data_key(connection, call_id) or self._new_key(connection, call_id)
            # Found again without opening anything: a keyed mark, worthless without the data key.
            mark = hmac.digest(_derive(key, "mark"), raw, hashlib.sha256)
            row = connection.execute(
                "SELECT token FROM sealed WHERE call_id = ? AND label = ? AND mark = ?",
                (call_id, name, mark),
            ).fetchone()
            if row:
                return str(row[0])
            (number,) = connection.execute(
                "INSERT INTO issued VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET tokens = tokens + 1 RETURNING tokens",
                (call_id, name),
            ).fetchone()
            token = f"<{name}_{number}>"
            sealed = _seal(_derive(key, "seal"), raw, "value", call_id, token)
            connection.execute(
                "INSERT INTO sealed VALUES (?, ?, ?, ?, ?)", (call_id, token, name, mark, sealed)
            )
            return token

    def open(self, call_id: str, token: str) -> Sensitive[str]:
        """Return the value behind a token.

        Raises:
            VaultError: when the call has no such token, or what is stored was altered.
        """
        with _reported("open a value"), self._store.transaction() as connection:
            row = connection.execute(
                "SELECT sealed FROM sealed WHERE call_id = ? AND token = ?", (call_id, token)
            ).fetchone()
            key = self._data_key(connection, call_id)
            if row is None or key is None:
                raise VaultError("this call has no such token")
            raw = _unseal(_derive(key, "seal"), row[0], "value", call_id, token)
            return Sensitive(raw.decode())

    def erase(self, call_id: str) -> None:
        """Delete a call's data key and values, from the file and from its write-ahead log.

        How many tokens were given out stays: none that an agent knows ever stands for another
        value.

        Raises:
            VaultError: when that could not be done to the end.
        """
        with _reported("erase a call"):
            with self._store.transaction() as connection:
                connection.execute("DELETE FROM calls WHERE call_id = ?", (call_id,))
                connection.execute("DELETE FROM sealed WHERE call_id = ?", (call_id,))
            self._store.flush_deleted()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def _data_key(self, connection: sqlite3.Connection, call_id: str) -> bytes | None:
        row = connection.execute(
            "SELECT wrapped_key FROM calls WHERE call_id = ?", (call_id,)
        ).fetchone()
        return _unseal(self._kek.reveal(), row[0], "data key", call_id) if row else None

    def _new_key(self, connection: sqlite3.Connection, call_id: str) -> bytes:
        key = secrets.token_bytes(KEY_BYTES)
        wrapped = _seal(self._kek.reveal(), key, "data key", call_id)
        connection.execute("INSERT INTO calls VALUES (?, ?)", (call_id, wrapped))
        return key


class TokenBook:
    """The same in memory, for a recording that is scanned: nothing of it reaches a disk."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Sensitive[str]]] = {}
        self._issued: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def put(self, call_id: str, entity: Entity, value: Sensitive[str]) -> str:
        """Keep a value and return its token: see `Tokens`."""
        with self._lock:
            values = self._values.setdefault(call_id, {})
            own = [token for token in values if token.rpartition("_")[0] == f"<{label(entity)}"]
            for token in own:
                if values[token] == value:
                    return token
            self._issued[call_id, label(entity)] += 1
            token = f"<{label(entity)}_{self._issued[call_id, label(entity)]}>"
            values[token] = value
            return token

    def open(self, call_id: str, token: str) -> Sensitive[str]:
        """Return the value behind a token.

        Raises:
            VaultError: when the call has no such token.
        """
        with self._lock:
            try:
                return self._values[call_id][token]
            except KeyError:
                raise VaultError("this call has no such token") from None

    def erase(self, call_id: str) -> None:
        """Forget all values of a call."""
        with self._lock:
            self._values.pop(call_id, None)


@contextmanager
def _reported(doing: str) -> Iterator[None]:
    """Turn what SQLite, the disk or the cipher raises into one `VaultError`."""
    try:
        yield
    except InvalidTag:
        raise VaultError(
            f"cannot {doing}: what is stored was altered, or the key file is not this vault's"
        ) from None
    except (sqlite3.Error, OSError) as error:
        raise VaultError(f"cannot {doing}: {error}") from error
    except UnicodeError:
        # Its message would show the value.
        raise VaultError(f"cannot {doing}: it is no valid text") from None


def _derive(key: bytes, purpose: str) -> bytes:
    """Give each purpose a key of its own (RFC 5869, expand step, one block)."""
    return hmac.digest(key, b"hushgate vault v1 " + purpose.encode() + b"\x01", hashlib.sha256)


def _bound(purpose: str, *names: str) -> bytes:
    """Encode what a sealed value is bound to, so that no two places encode alike."""
    return json.dumps(["hushgate vault v1", purpose, *names], separators=(",", ":")).encode()


def _seal(key: bytes, raw: bytes, purpose: str, *names: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, raw, _bound(purpose, *names))


def _unseal(key: bytes, sealed: bytes, purpose: str, *names: str) -> bytes:
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    if len(rest) < 16:  # shorter than a tag
        raise InvalidTag
    return AESGCM(key).decrypt(nonce, rest, _bound(purpose, *names))
