"""`hushgate bench`: the project's own measurements."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from gateway.models import ModelError, cache_folder

app = typer.Typer(help="Measure what the gate promises.", no_args_is_help=True)


Progressed = Callable[[int, int], None]


@contextmanager
def _measuring(what: str, *mended: type[Exception]) -> Iterator[Progressed]:
    """Show how far a benchmark is; what a user can mend is one line and exit code 2."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        try:
            yield lambda done, total: bar.update(task, completed=done, total=total)
        except mended as error:
            told = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
            typer.echo(f"hushgate: {told}", err=True)
            raise typer.Exit(2) from None


@contextmanager
def _telling(what: str, *mended: type[Exception]) -> Iterator[Callable[[str], None]]:
    """Show what a benchmark does; what a user can mend is one line and exit code 2."""
    err = Console(stderr=True)
    with err.status(what) as status:

        def tell(news: str) -> None:
            status.update(news)
            if not err.is_terminal:
                typer.echo(news, err=True)

        try:
            yield tell
        except mended as error:
            typer.echo(f"hushgate: {error}", err=True)
            raise typer.Exit(2) from None


@contextmanager
def _lines(path: Path | None) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Write JSON lines to a file, or nowhere."""
    with (path or Path(os.devnull)).open("w", encoding="utf-8") as lines:
        yield lambda line: print(json.dumps(line), file=lines, flush=True)


@app.callback()
def benchmarks() -> None:
    """Measure what the gate promises."""


@app.command()
def redaction(
    corpus: Annotated[
        Path | None, typer.Option(help="Folder made by scripts/make_corpus.py.")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="CSV of people's recordings: file, speaker, prompt, …")
    ] = None,
    model: Annotated[Literal["base", "tiny.en"], typer.Option(help="The gate's model.")] = "base",
    quick: Annotated[bool, typer.Option("--quick", help="A few minutes' worth.")] = False,
    seed: Annotated[int, typer.Option(help="Order, channels and noise.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Markdown page to write, with a plot beside it.")
    ] = None,
    details: Annotated[
        Path | None, typer.Option(help="JSON lines: per call the words leaked, lost, heard.")
    ] = None,
) -> None:
    """Measure leak, heard leak, lost words, turn delay and hold age against a baseline."""
    from gateway.bench.items import CorpusError
    from gateway.bench.page import write_page
    from gateway.bench.redaction import run
    from gateway.recordings import RecordingError

    if report and not report.parent.is_dir():  # told before the run, not after it
        raise typer.BadParameter(f"{report.parent} is no folder", param_hint="--report")
    mended = (CorpusError, ModelError, RecordingError, OSError)
    with _measuring("redaction", *mended) as progress, _lines(details) as write:
        result = run(
            corpus or cache_folder() / "corpus",
            people,
            model,
            quick=quick,
            seed=seed,
            workers=os.cpu_count() or 1,
            progress=progress,
            details=write,
        )
        if report:
            write_page(report, result, sys.argv[1:])
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print(result)


@app.command()
def capacity(
    corpus: Annotated[
        Path | None, typer.Option(help="Folder made by scripts/make_corpus.py.")
    ] = None,
    model: Annotated[str, typer.Option(help="The gate's model: base or tiny.en.")] = "base",
    seconds: Annotated[float, typer.Option(help="How long each number of callers talks.")] = 40,
    quick: Annotated[bool, typer.Option("--quick", help="A few minutes' worth.")] = False,
    seed: Annotated[int, typer.Option(help="What callers say, and where they begin.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how many callers can speak at once against a baseline."""
    from gateway.bench.capacity import CapacityError, run
    from gateway.bench.items import CorpusError
    from gateway.recordings import RecordingError

    mended = (CapacityError, CorpusError, ModelError, RecordingError)
    with _telling("capacity", *mended) as tell:
        result = run(
            corpus or cache_folder() / "corpus",
            model,
            step_s=seconds,
            quick=quick,
            seed=seed,
            tell=tell,
        )
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_capacity(result)


@app.command()
def relay(
    quick: Annotated[bool, typer.Option("--quick", help="Three minutes' worth.")] = False,
    soak: Annotated[
        float | None,
        typer.Option(help="Instead: let calls come and go for so many seconds."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="Markdown page to write; what it has of the other run stays."),
    ] = None,
) -> None:
    """Measure how many legs a core carries and how late sound comes, beside stock aiortc."""
    from gateway.bench.relay import RelayError, run
    from gateway.bench.relay_page import write_page

    if report and not report.parent.is_dir():  # told before the run, not after it
        raise typer.BadParameter(f"{report.parent} is no folder", param_hint="--report")
    with _telling("relay", RelayError, OSError) as tell:
        result = run(quick=quick, soak_s=soak, tell=tell)
        if report:
            write_page(report, result, sys.argv[1:])
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_figures(result.get("soak", result))


@app.command()
def video(
    pictures: Annotated[
        Path | None,
        typer.Option(help="CSV of faces in pictures: file, left, top, right, bottom (0 to 1)."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Every seventh film only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how many faces are missed when video is blurred, and what it costs."""
    from gateway.bench.video import PicturesError, run

    with _measuring("video", PicturesError) as progress:
        result = run(pictures, quick=quick, progress=progress)
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_figures(result)


@app.command()
def dtmf(
    speech: Annotated[
        Path | None, typer.Option(help="Folder of recorded speech, in which no key is pressed.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A few seconds' worth.")] = False,
    seed: Annotated[int, typer.Option(help="Which keys are dialled, and how.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure which keypad tones are missed, heard in speech, or let through to the agent."""
    from gateway.bench.dtmf import run
    from gateway.bench.items import CorpusError
    from gateway.recordings import RecordingError

    corpus = cache_folder() / "corpus"
    with _measuring("dtmf", CorpusError, RecordingError) as progress:
        result = run(
            speech or (corpus if corpus.is_dir() else None),
            quick=quick,
            seed=seed,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_figures(result)


@app.command()
def liveness(
    data: Annotated[
        Path | None, typer.Option(help="Folder made by scripts/liveness/make_data.py.")
    ] = None,
    detector: Annotated[
        Path | None, typer.Option(help="Folder of a model: the one that ships otherwise.")
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="A published detector to compare with: an ONNX graph like AASIST's."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A quarter of the clips.")] = False,
    seed: Annotated[int, typer.Option(help="Noise and loss of the lines.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    report: Annotated[Path | None, typer.Option(help="Markdown page to write.")] = None,
) -> None:
    """Measure how well synthetic voices are told from people, by systems never met before."""
    from gateway.bench.liveness import DataError, run, write_page
    from gateway.recordings import RecordingError
    from media.liveness.card import ModelFileError

    if report and not report.parent.is_dir():  # told before the run, not after it
        raise typer.BadParameter(f"{report.parent} is no folder", param_hint="--report")
    mended = (DataError, ModelError, ModelFileError, RecordingError, OSError)
    with _measuring("liveness", *mended) as progress:
        result = run(
            data or cache_folder() / "liveness",
            detector=detector,
            baseline=baseline,
            quick=quick,
            seed=seed,
            workers=os.cpu_count() or 1,
            progress=progress,
        )
        if report:
            write_page(report, result, sys.argv[1:])
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_figures(result)


def _print_figures(result: dict[str, Any]) -> None:
    table = Table("Figure", "Measured")
    for key, value in result.items():
        if not isinstance(value, dict):
            table.add_row(key, str(value))
    Console().print(table)


@app.command()
def consent(
    answers: Annotated[
        Path | None, typer.Option(help="Folder made by scripts/make_answers.py.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A few minutes' worth.")] = False,
    seed: Annotated[int, typer.Option(help="Channels and noise.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    details: Annotated[
        Path | None, typer.Option(help="JSON lines: what each answer was heard and taken as.")
    ] = None,
) -> None:
    """Measure who is taken for having agreed, over spoken answers in four languages."""
    from gateway.bench.consent import run
    from gateway.bench.items import CorpusError
    from gateway.recordings import RecordingError

    mended = (CorpusError, ModelError, RecordingError, OSError)
    with _measuring("consent", *mended) as progress, _lines(details) as write:
        result = run(
            answers or cache_folder() / "answers",
            quick=quick,
            seed=seed,
            workers=os.cpu_count() or 1,
            progress=progress,
            details=write,
        )
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_consent(result)


def _print_consent(result: dict[str, Any]) -> None:
    table = Table("", "Answers", "False grants", "Clear yeses granted", "Refusals taken at once")
    for name, figures in {"all": result, **result["by_language"], **result["by_channel"]}.items():
        table.add_row(
            name,
            str(figures["answers"]),
            str(figures["false_grants"]),
            f"{figures['clear_yes_granted']:.1%}",
            f"{figures['refusals_at_once']:.1%}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"{result['recordings']} recordings, {result['voices']} voices, seed {result['seed']}"
    )


def _print_capacity(result: dict[str, Any]) -> None:
    table = Table("Callers at once", "Hushgate", "Baseline")
    for name, key in (("speaking without pause", "speakers"), ("at 40 % talk", "speakers_40_talk")):
        table.add_row(name, str(result[key]), str(result["baseline"][key]))
    console = Console()
    console.print(table)
    for trial in result["tried"]:
        console.print(
            f"{trial['n']} at {trial['talk']:.0%}: p95 {trial['hold_age_p95_s']:.2f} s, "
            f"late {trial['late_share']:.1%}",
            highlight=False,
        )
    console.print(f"model {result['model']}, {result['cores']} cores, seed {result['seed']}")


def _print(result: dict[str, Any]) -> None:
    table = Table("Figure", "Hushgate", "Baseline")
    for key, value in result.items():
        if isinstance(value, float):
            table.add_row(key, f"{value}", f"{result['baseline'].get(key, '–')}")
    console = Console()
    console.print(table)
    console.print(
        f"{result['utterances']} utterances, {result['voices']} voices, seed {result['seed']}"
    )
