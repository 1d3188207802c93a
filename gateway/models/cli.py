"""`hushgate models`: what is known of the models that decide, and putting others in their place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gateway.config import ConfigError, Settings, load
from gateway.models.installed import ModelError, quiet, verify
from gateway.models.records import DECIDES, Installed, Role
from gateway.models.registry import Registry

app = typer.Typer(help="The models that decide, and others in their place.", no_args_is_help=True)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="Take folder and recogniser from it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Which = Annotated[Role, typer.Argument(help="What the model is for.")]


@dataclass(frozen=True, slots=True)
class _Row:
    """One version of a model, or why it is none."""

    role: Role
    version: str
    in_use: bool
    found: Installed | None
    fault: str = ""


@app.command("list")
def list_models(config: Config = None, as_json: AsJson = False) -> None:
    """Show every model that decides, and those that could."""
    registry = _registry(_settings(config))
    rows = list(_rows(registry))
    if as_json:
        told = [_told(row) | {"decides": DECIDES[row.role]} for row in rows]
        typer.echo(json.dumps({"folder": str(registry.folder), "models": told}))
        return
    for row in rows:
        typer.echo(f"{'●' if row.in_use else ' '} {row.role:<15} {_name(row)}")
        if row.found is None:
            typer.echo(f"    {row.fault}")
            continue
        if row.in_use:
            typer.echo(f"    decides {DECIDES[row.role]}")
        record = row.found.record
        measured = f"measured {record.date}: {record.evaluation}" if record.evaluation else ""
        known = (record.source, record.licence, measured or "not measured")
        typer.echo(f"    {'; '.join(part for part in known if part)}")


@app.command("verify")
def verify_models(config: Config = None, as_json: AsJson = False) -> None:
    """Hash every file of every model. Exit 0: all are what they must be; 1: one is not."""
    rows = [_verified(row) for row in _rows(_registry(_settings(config)))]
    ok = not any(row.fault for row in rows)
    if as_json:
        typer.echo(json.dumps({"ok": ok, "models": [_told(row) for row in rows]}))
    else:
        for row in rows:
            told = f"{row.role}: {_name(row)}: {row.fault or 'intact'}"
            typer.echo(told, err=bool(row.fault))
    raise typer.Exit(0 if ok else 1)


@app.command()
def use(
    role: Which,
    model: Annotated[str, typer.Argument(help="A version that is listed, or a model's folder.")],
    config: Config = None,
) -> None:
    """Put another model in use. A running gateway takes it within seconds, without a restart."""
    settings = _settings(config)
    try:
        found = _registry(settings).use(role, model, settings.consent.language)
    except ModelError as error:
        _fail(str(error))
    typer.echo(f"{role}: {found.record.id} is in use")


@app.command()
def rollback(role: Which, config: Config = None) -> None:
    """Put back what was in use before. A running gateway takes it within seconds."""
    try:
        found = _registry(_settings(config)).rollback(role)
    except ModelError as error:
        _fail(str(error))
    typer.echo(f"{role}: {found.record.id} is in use again")


def _rows(registry: Registry) -> Iterator[_Row]:
    """Yield what is there, role by role; what is in use is there even when it is broken."""
    for role in Role:
        try:
            versions = registry.versions(role)
            used = registry.version(role) if versions else ""
        except ModelError as error:
            yield _Row(role, "", True, None, str(error))
            continue
        for version in dict.fromkeys([used, *versions] if versions else []):
            in_use = version == used
            try:
                found = registry.in_use(role) if in_use else registry.installed(role, version)
                yield _Row(role, version, in_use, found)
            except ModelError as error:
                yield _Row(role, version, in_use, None, str(error))


def _verified(row: _Row) -> _Row:
    if row.found is None:
        return row
    record = row.found.record
    name = f"{record.role}-{record.version}"
    try:
        verify(name, row.found.folder, row.found.pins, quiet, "reinstall it", fresh=True)
    except ModelError as error:
        return _Row(row.role, row.version, row.in_use, row.found, str(error))
    return row


def _name(row: _Row) -> str:
    return row.found.record.id if row.found else row.version or "none"


def _told(row: _Row) -> dict[str, object]:
    if row.found is None:
        known = {"role": row.role, "version": row.version}
        return {**known, "in_use": row.in_use, "fault": row.fault}
    record = row.found.record
    told = {**asdict(record), "id": record.id, "in_use": row.in_use}
    return told | ({"fault": row.fault} if row.fault else {})


def _registry(settings: Settings) -> Registry:
    return Registry(settings.models.folder, settings.asr.model)


def _settings(config: Path | None) -> Settings:
    try:
        return load(config)
    except ConfigError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
