"""Calls whose end is not on record: their gateway was killed, or could not write any more.

The next gateway that starts marks them, when no other is at work with the same ledger. That is told
by a lock on a file beside it, which the system takes back from whoever dies.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from gateway.ledger.chain import Ledger, LedgerError


@asynccontextmanager
async def at_work(ledger: Ledger) -> AsyncIterator[None]:
    """Record `call.interrupted` for each call without an end; within the block nobody else does.

    Raises:
        LedgerError: when that cannot be recorded.
    """
    with await asyncio.to_thread(_mark, ledger):
        yield


def _mark(ledger: Ledger) -> IO[str]:
    """Mark what is left, and return the lock, to be closed in the end."""
    beside = ledger.path.with_name(f"{ledger.path.name}.lock")
    try:
        lock = beside.open("a")
    except OSError as error:
        raise LedgerError(f"cannot use {beside}: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass  # calls without an end may be going on there
    else:
        for call_id, last in ledger.unended():
            ledger.append(call_id, "call.interrupted", {"last": last})
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock
