"""`hushgate ledger`: verify the chain, show what was decided."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.config import ConfigError, load
from gateway.ledger import LedgerError, read
from gateway.ledger import verify as verify_chain
from gateway.ledger.consents import NoConsentError, tell
from gateway.ledger.consents import receipt as make_receipt

app = typer.Typer(help="The tamper-evident record of every decision.", no_args_is_help=True)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="Take the path from this configuration.")
]
Where = Annotated[Path | None, typer.Option("--path", help="The ledger file.")]


@app.command()
def verify(
    config: Config = None,
    path: Where = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the whole chain. Exit 0: intact; 1: broken; 2: there is no ledger."""
    file = _ledger(config, path)
    try:
        found = verify_chain(file)
    except LedgerError as error:
        raise _unusable(error) from None
    if as_json:
        typer.echo(json.dumps({"path": str(file), **asdict(found)}))
    elif found.ok:
        typer.echo(f"{file}: intact, {found.entries} entries, head {found.head}")
    else:
        typer.echo(f"{file}: BROKEN at entry {found.first_broken}: {found.why}", err=True)
    raise typer.Exit(0 if found.ok else 1)


@app.command()
def show(
    config: Config = None,
    path: Where = None,
    call: Annotated[str | None, typer.Option("--call", help="Only this call's entries.")] = None,
    consent: Annotated[
        str | None, typer.Option("--consent", help="Tell this call's consent in plain words.")
    ] = None,
) -> None:
    """List the entries, oldest first, or tell one call's consent. Exit 2: there is none."""
    if consent is not None:
        try:
            for line in tell(read(_ledger(config, path), consent), consent):
                typer.echo(line)
        except (LedgerError, NoConsentError) as error:
            raise _unusable(error) from None
        return
    table = Table("Entry", "Time (UTC)", "Call", "Kind", "Body", "Hash")
    try:
        for entry in read(_ledger(config, path), call):
            cells = (entry.at, entry.call_id or "", entry.kind, entry.body, entry.hash[:12])
            # As text, so that square brackets in a body are not taken for markup.
            table.add_row(str(entry.seq), *(Text(cell) for cell in cells))
    except LedgerError as error:
        raise _unusable(error) from None
    Console().print(table)


@app.command()
def receipt(
    call: Annotated[str, typer.Argument(help="The call's id.")],
    config: Config = None,
    path: Where = None,
) -> None:
    """Print a call's consent receipt as JSON (field names of ISO/IEC TS 27560:2023)."""
    try:
        controller = load(config).consent.controller
        told = make_receipt(read(_ledger(config, path), call), call, controller)
    except (ConfigError, LedgerError, NoConsentError) as error:
        raise _unusable(error) from None
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False))


def _ledger(config: Path | None, path: Path | None) -> Path:
    if path is not None:
        return path
    try:
        return load(config).ledger.path
    except ConfigError as error:
        raise _unusable(error) from None


def _unusable(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(2)
