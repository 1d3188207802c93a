"""Calls that a gateway left behind are marked by the next one, and by no other."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from gateway.ledger import Ledger, LedgerError, verify
from gateway.ledger.interrupted import at_work


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger with a call that has ended and one of which that is not recorded."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    for kind in ("call.started", "consent", "call.ended"):
        ledger.append("ended", kind, {})
    ledger.append(None, "models", {})
    for kind in ("call.started", "consent"):
        ledger.append("left", kind, {})
    return ledger


def marked(ledger: Ledger) -> list[tuple[str | None, dict[str, int]]]:
    found = [e for e in ledger.entries() if e.kind == "call.interrupted"]
    return [(entry.call_id, json.loads(entry.body)) for entry in found]


async def test_a_call_without_an_end_is_marked_once(ledger: Ledger) -> None:
    for _ in range(2):
        async with at_work(ledger):
            assert marked(ledger) == [("left", {"last": 6})]
    assert verify(ledger.path).ok


async def test_calls_of_a_gateway_that_is_at_work_are_not_marked(ledger: Ledger) -> None:
    async with at_work(ledger):
        ledger.append("running", "call.started", {})
        async with at_work(Ledger(ledger.path)):
            assert [call for call, _ in marked(ledger)] == ["left"]
    async with at_work(ledger):
        assert [call for call, _ in marked(ledger)] == ["left", "running"]


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from gateway.ledger import Ledger
from gateway.ledger.interrupted import at_work

async def work():
    async with at_work(Ledger(Path(sys.argv[1]))):
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(work())
"""


async def test_a_gateway_that_was_killed_is_not_at_work(ledger: Ledger) -> None:
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, ledger.path)
    assert await killed.wait() == -signal.SIGKILL
    ledger.append("later", "call.started", {})
    async with at_work(ledger):
        assert [call for call, _ in marked(ledger)] == ["left", "later"]


async def test_where_none_can_be_marked_no_gateway_starts(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "ledger.sqlite.lock").mkdir()
    with pytest.raises(LedgerError, match=r"ledger\.sqlite\.lock"):
        await at_work(ledger).__aenter__()
