"""The key-encryption key: made on the first start, kept in a file that only its owner reads."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from media.sensitive import Sensitive

KEY_BYTES: Final = 32
"""Length of an AES-256 key."""


class KeyFileError(Exception):
    """The key file cannot be made or used. The message names it, never what is in it."""


def load_or_create(path: Path) -> Sensitive[bytes]:
    """Return the key in `path` (one line of base64), made of 32 random bytes if there is none.

    Raises:
        KeyFileError: when others may read the file, it holds no such key, or I/O fails.
    """
    try:
        if not path.exists():
            _create(path)
        for left in path.parent.glob(f".{path.name}.*"):  # of a start that was killed
            left.unlink(missing_ok=True)
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & 0o077:
                raise KeyFileError(f"{path} can be read by others: chmod 600 it")
            key = base64.b64decode(file.read(1024).strip(), validate=True)
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}") from None
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"{path} is no key file: must be {KEY_BYTES} bytes in base64")
    return Sensitive(key)


def _create(path: Path) -> None:
    """Put a whole key file in place; when two processes do so at once, the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError, FileNotFoundError):  # the other may have tidied up, too
            path.hardlink_to(partial)
    finally:
        partial.unlink(missing_ok=True)
    # What is sealed is lost with its key: the name has to be on the disk before anything is.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
