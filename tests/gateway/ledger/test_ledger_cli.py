"""`hushgate ledger verify` and `show`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.ledger import Ledger
from gateway.ledger.cli import app

run = CliRunner().invoke


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path)
    ledger.append("call-1", "finding", {"spans": [[1, 2]], "token": "<CARD_1>"})
    ledger.append("call-2", "consent", {"outcome": "granted"})
    ledger.close()
    return path


def test_an_intact_ledger_exits_0(path: Path) -> None:
    result = run(app, ["verify", "--path", str(path)])
    assert result.exit_code == 0
    assert "intact, 3 entries" in result.output
    found = json.loads(run(app, ["verify", "--json", "--path", str(path)]).stdout)
    assert (found["ok"], found["entries"], found["first_broken"]) == (True, 3, None)


def test_a_broken_ledger_exits_1_and_names_the_entry(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER entries_keep")
        connection.execute("UPDATE entries SET body = '{}' WHERE seq = 1")
    connection.close()
    result = run(app, ["verify", "--path", str(path)])
    assert result.exit_code == 1
    assert "BROKEN at entry 1" in result.output
    found = json.loads(run(app, ["verify", "--json", "--path", str(path)]).stdout)
    assert (found["ok"], found["first_broken"]) == (False, 1)


def test_show_lists_a_call_with_its_body_as_it_is(path: Path) -> None:
    everything = run(app, ["show", "--path", str(path)]).output
    assert "genesis" in everything and "consent" in everything
    one = run(app, ["show", "--path", str(path), "--call", "call-1"]).output
    assert '{"spans":[[1,2]],"token":"<CARD_1>"}' in one
    assert "consent" not in one


def test_the_path_comes_from_the_configuration(path: Path, tmp_path: Path) -> None:
    config = tmp_path / "hushgate.yaml"
    config.write_text(f"ledger: {{path: {path}}}")
    assert run(app, ["verify", "-c", str(config)]).exit_code == 0


def test_no_ledger_or_no_configuration_is_one_line_and_exits_2(tmp_path: Path) -> None:
    for arguments in (
        ["verify", "--path", str(tmp_path / "absent")],
        ["show", "--path", str(tmp_path / "absent")],
        ["show", "-c", str(tmp_path / "absent.yaml")],
    ):
        result = run(app, arguments)
        assert result.exit_code == 2
        assert len(result.output.splitlines()) == 1
