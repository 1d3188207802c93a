"""Calls that a gateway left behind are marked by the next one, and by no other."""

import json
import os
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


def test_a_call_without_an_end_is_marked_once(ledger: Ledger) -> None:
    for _ in range(2):
        with at_work(ledger):
            assert marked(ledger) == [("left", {"last": 6})]
    assert verify(ledger.path).ok


def test_calls_of_a_gateway_that_is_at_work_are_not_marked(ledger: Ledger) -> None:
    with at_work(ledger):
        ledger.append("running", "call.started", {})
        with at_work(Ledger(ledger.path)):
            assert [call for call, _ in marked(ledger)] == ["left"]
    with at_work(ledger):
        assert [call for call, _ in marked(ledger)] == ["left", "running"]


def test_a_gateway_that_was_killed_is_not_at_work(ledger: Ledger) -> None:
    child = os.fork()
    if child == 0:
        with at_work(Ledger(ledger.path)):
            os._exit(9)
    os.waitpid(child, 0)
    ledger.append("later", "call.started", {})
    with at_work(ledger):
        assert [call for call, _ in marked(ledger)] == ["left", "later"]


def test_where_they_cannot_be_marked_no_gateway_starts(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "ledger.sqlite.lock").mkdir()
    with pytest.raises(LedgerError, match=r"ledger\.sqlite\.lock"), at_work(ledger):
        pass
