"""The `hushgate` command."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import structlog
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from gateway import telemetry
from gateway.bench.cli import app as bench_app
from gateway.config import ConfigError, Settings, load, printable
from gateway.consent import Purpose
from gateway.ledger.cli import app as ledger_app
from gateway.models import ModelError, Models, liveness_model
from gateway.models.cli import app as models_app
from gateway.models.records import Role
from gateway.models.registry import Registry

if TYPE_CHECKING:
    from gateway.engine.worker import Ear
    from media.speech.whisper import Whisper

app = typer.Typer(
    help="Hushgate: silences spoken PII in live calls before an AI agent hears it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(ledger_app, name="ledger")
app.add_typer(models_app, name="models")
app.add_typer(bench_app, name="bench")

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The configuration, a YAML file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

err = Console(stderr=True)


@app.command()
def demo(
    config: Config = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where reports are kept, a folder a call.")
    ] = Path("hushgate-demo"),
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the report.")] = False,
    as_json: AsJson = False,
) -> None:
    """Place a recorded call on this machine and show what the agent was allowed to hear."""
    from gateway import demo as demonstration
    from gateway.live import live, plain

    settings = _settings(config)
    telemetry.configure("warning", "console")
    models = _models(settings)
    folder = out.resolve() / datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    err.print("Loading the recogniser and placing the call …")
    with plain() if as_json or not sys.stdout.isatty() else live() as show, _failures():
        folder.mkdir(parents=True, exist_ok=True)
        outcome = asyncio.run(demonstration.run(settings, models, folder, show))
    if as_json:
        typer.echo(json.dumps(outcome.as_json()))
        return
    typer.echo(f"Report: {outcome.report}")
    if not no_open and sys.stdout.isatty():
        webbrowser.open(outcome.report.as_uri())


@app.command()
def serve(config: Config = None) -> None:
    """Run the gateway until SIGINT or SIGTERM."""
    from gateway.access import Access
    from gateway.descriptors import raise_limit
    from gateway.exchange import exchange
    from gateway.listener import HttpSettings, bound
    from gateway.listener import serve as serve_http
    from gateway.schema import is_loopback
    from gateway.server import create_app

    settings = _settings(config)
    telemetry.configure(settings.log.level, settings.log.format)
    listen = settings.listen
    http = HttpSettings(listen.host, listen.port, listen.tls_cert, listen.tls_key)
    with _failures():
        address = bound(http)  # before the models are loaded, which takes seconds
    models = _models(settings)
    access = Access(settings.access.tenants)
    if access.open and not is_loopback(listen.host):
        structlog.get_logger().warning("whoever reaches the gateway may call: no access.tenants")
    raise_limit()

    async def run() -> None:
        async with exchange(settings, models) as calls:
            # What is there by now stays. To look through it for garbage, as Python does now and
            # then, would hold up the sound of all calls for 50 ms.
            gc.collect()
            gc.freeze()
            await serve_http(
                create_app(
                    calls,
                    listen.operator_token,
                    access=access,
                    limits=settings.limits,
                    cors_origins=listen.cors_origins,
                    ice_servers=calls.ice_servers,
                ),
                http,
                address,
                lambda: calls.drain(listen.drain_s),
                lambda url: err.print(f"Hushgate listens on {url}/"),
            )

    with _failures():
        asyncio.run(run())


@app.command()
def scan(
    files: Annotated[list[Path], typer.Argument(help="Recordings; two channels: caller left.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the redacted recordings.")
    ] = Path(),
    config: Config = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the words of findings.")] = False,
    as_json: AsJson = False,
) -> None:
    """Inspect recordings as if they were live calls."""
    from gateway.engine.worker import Reader
    from gateway.recordings import Recording, RecordingError
    from gateway.scan import scan as scan_recording
    from media.audio import samples

    settings = _settings(config)
    telemetry.configure("warning", "console")
    models = _models(settings)
    with _failures():
        out.mkdir(parents=True, exist_ok=True)
        recognise = Reader(models)
    ear = _ear(settings, recognise.whisper)
    bound = samples(settings.hold.bound_s)
    failed = False
    taken: set[str] = set()
    for file in files:
        name = file.stem
        count = 1
        while name in taken:
            count += 1
            name = f"{file.stem}-{count}"
        taken.add(name)
        redacted = out / f"{name}.redacted.wav"
        try:
            with _progress() as bar:
                task = bar.add_task(file.name, total=Recording(file).expected_s)

                def advance(done_s: float, bar: Progress = bar, task: TaskID = task) -> None:
                    bar.update(task, completed=done_s)

                result = scan_recording(
                    file,
                    redacted,
                    recognise,
                    settings.policy.entities,
                    bound,
                    ear=ear,
                    reveal=reveal,
                    progress=advance,
                )
        except (RecordingError, OSError) as error:
            _complain(printable(str(error)))
            failed = True
            continue
        if as_json:
            typer.echo(json.dumps(result.as_json()))
        else:
            _print_scan(result.as_json())
    raise typer.Exit(1 if failed else 0)


@app.command()
def agent(
    port: Annotated[int, typer.Option(help="Where to listen, on loopback.")] = 8765,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="What was heard, written when a call ends.")
    ] = Path("agent_heard.wav"),
) -> None:
    """Run the reference agent, for trying `hushgate serve` without an agent of your own."""
    from gateway.agents.reference import ReferenceAgent
    from gateway.demo import replies
    from gateway.recordings import WavWriter

    telemetry.configure("info", "console")

    async def run() -> None:
        async with ReferenceAgent(replies(), port) as answering:
            err.print(f"The reference agent listens on {answering.url}")
            while True:
                await answering.finished.wait()
                answering.finished.clear()
                with WavWriter(out) as wav:
                    wav.write(answering.heard())
                for words in answering.transcript:
                    err.print(words.text, markup=False)
                err.print(f"Heard: {out}")

    with _failures():
        asyncio.run(run())


def _print_scan(result: dict[str, object]) -> None:
    console = Console()
    where = f"{result['file']}: {result['duration_s']} s → {result['redacted_audio']}"
    console.print(printable(where), markup=False, soft_wrap=True)
    console.print(str(result["transcript"]), markup=False, highlight=False)
    voice = result["liveness"]
    assert isinstance(voice, Mapping)
    said = f"  the voice: {voice['verdict']} ({voice['reason'] or voice['score']})"
    console.print(said, markup=False, highlight=False)
    findings = result["findings"]
    assert isinstance(findings, list)
    for f in findings:
        line = f"  {f['start_s']:8.2f} – {f['end_s']:8.2f} s  {f['token']}  ({f['rule']})"
        console.print(line, markup=False)


def _settings(path: Path | None) -> Settings:
    try:
        return load(path)
    except ConfigError as error:
        _fail(str(error), 2)


def _models(settings: Settings) -> Models:
    try:
        with _progress(DownloadColumn()) as bar:
            tasks: dict[str, TaskID] = {}

            def progress(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what, total=total)
                bar.update(tasks[what], completed=done)

            registry = Registry(settings.models.folder, settings.asr.model)
            wanted = Purpose.BIOMETRIC in settings.consent.purposes
            return registry.models(settings.consent.language, liveness=wanted, progress=progress)
    except ModelError as error:
        _fail(str(error), 2)


def _ear(settings: Settings, whisper: Whisper) -> Ear | None:
    """Load what scores voices; what is wrong with it stops nothing else."""
    from gateway.engine.worker import Ear

    try:
        registry = Registry(settings.models.folder, settings.asr.model)
        return Ear(liveness_model(registry.in_use(Role.LIVENESS).folder), whisper)
    except ModelError as error:
        _complain(printable(str(error)))
        return None


def _progress(*columns: TextColumn | DownloadColumn) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *columns,
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what a user can mend into one line and exit code 2."""
    from gateway.keys import KeyFileError
    from gateway.ledger import LedgerError
    from gateway.scripts import ScriptError
    from gateway.vault import VaultError

    known = (
        KeyFileError,
        LedgerError,
        ModelError,
        ScriptError,
        VaultError,
        OSError,
        RuntimeError,
    )
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except known as error:
        _fail(str(error), 2)


def _fail(message: str, code: int) -> NoReturn:
    _complain(message)
    raise typer.Exit(code)


def _complain(message: str) -> None:
    for line in message.splitlines():
        err.print(f"hushgate: {line}", style="red", highlight=False, markup=False, soft_wrap=True)


def main() -> None:
    """Run the command; a closed pipe ends it quietly."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app()
