"""The published page of a run: Markdown with a plot beside it."""

from __future__ import annotations

import os
import platform
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from math import sqrt
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

Result = Mapping[str, Any]

TO_REACH: Final[tuple[tuple[str, str, tuple[str, ...], float], ...]] = (
    ("leak, clean and Opus", "leak", ("clean", "opus_16k"), 0.01),
    ("leak, G.711", "leak", ("g711",), 0.02),
    (
        "leak, noise 15 and 5 dB below the speech",
        "leak",
        ("g711_noise_15db", "g711_noise_5db"),
        0.05,
    ),
    ("leak of card digits beyond the first six and last four", "card_leak", (), 0.0),
    ("heard leak of these card digits", "card_heard", (), 0.0),
    ("heard leak", "heard", (), 0.01),
    ("lost harmless words", "lost", (), 0.03),
    ("lost, in calls without personal data", "lost_no_pii", (), 0.015),
    ("turn delay, median", "turn_delay_p50_s", (), 0.05),
    ("turn delay, 95th percentile", "turn_delay_p95_s", (), 0.25),
    ("hold age, 95th percentile", "hold_age_p95_s", (), 1.2),
    ("barge-in, 95th percentile", "barge_in_p95_s", (), 0.3),
)
"""What, its key, the channels (none: all calls) and how much it may be."""

ALSO: Final = (
    ("leak, all channels", "leak"),
    ("turn delay, longest", "turn_delay_max_s"),
    ("hold age, median", "hold_age_p50_s"),
    ("hold age, longest", "hold_age_max_s"),
    ("barge-in, median", "barge_in_p50_s"),
    ("barge-in, longest", "barge_in_max_s"),
    ("barge-in, calls in which nothing was told", "barge_in_missed"),
    ("found as what it is (recall)", "recall"),
    ("found at all", "recall_any"),
    ("findings that are right (precision)", "precision"),
    ("seconds of compute for a second of speech", "compute_per_speech"),
)

PACKAGES: Final = (
    "hushgate",
    "onnxruntime",
    "faster-whisper",
    "ctranslate2",
    "presidio-analyzer",
    "spacy",
)

BY_HAND: Final = re.compile(r"<!-- by hand: (\w+) -->\n(.*?)\n<!-- end -->", re.DOTALL)
"""What a new page keeps of the old one: a name, and what was written there."""

AGAINST: Final = (
    ("lost harmless words", "lost", (0.01, 0.03, 0.1, 0.25, 0.5, 1.0)),
    ("turn delay, 95th percentile", "turn_delay_p95_s", (0.25, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)),
)
"""What the plot's panels have across, and its ticks."""

SIZE: Final = 300
"""Pixels of a panel's sides."""


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    key: str
    gate: float | None
    baseline: float | None
    target: float | None = None

    @property
    def unit(self) -> str:
        return "time" if self.key.endswith("_s") else "ratio" if "_per_" in self.key else "share"

    @property
    def verdict(self) -> str:
        if self.gate is None or self.target is None:
            return "not measured"
        return "reached" if self.gate <= self.target else "**falls short**"


def write_page(path: Path, result: Result, arguments: Sequence[str]) -> None:
    """Write the page to `path` and its plot beside it, keeping what was written by hand.

    `arguments` are those of the command line that gave `result`.

    Raises:
        OSError: when the files cannot be written.
    """
    kept = BY_HAND.findall(path.read_text(encoding="utf-8")) if path.exists() else ()
    plot = path.with_suffix(".svg")
    base = result["baseline"]
    groups = [
        (name, figures, base[by][name])
        for by in ("by_channel", "by_source")
        for name, figures in result[by].items()
    ]
    entities = [
        (name, result["by_entity"].get(name, {}), base["by_entity"].get(name, {}))
        for name in sorted({*result["by_entity"], *base["by_entity"]})
    ]
    templates = environment()
    page = templates.get_template("redaction.md.j2").render(
        result=result,
        headline=[
            _Row(name, key, _value(result, key, channels), _value(base, key, channels), target)
            for name, key, channels, target in TO_REACH
        ],
        others=[_Row(name, key, _value(result, key), _value(base, key)) for name, key in ALSO],
        groups=groups,
        entities=entities,
        by_hand={
            "why": "Nobody has said yet why this is so.",
            "capacity": "Not measured yet (`hushgate bench capacity`).",
            **dict(kept),
        },
        plot=plot.name,
        **made(arguments),
    )
    plot.write_text(templates.get_template("redaction.svg.j2").render(**_drawing(result)))
    path.write_text(page, encoding="utf-8")


def environment() -> Environment:
    """Return the templates of pages, with the filters that they write figures by."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=select_autoescape(["svg.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters.update({"figure": _figure, "of": _of})
    return templates


def made(arguments: Sequence[str], packages: Sequence[str] = PACKAGES) -> dict[str, Any]:
    """Return what a page says of its run: command, date, commit, machine with these packages."""
    return {
        "command": _command(arguments),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "machine": machine(packages),
    }


def _value(figures: Result, key: str, channels: Sequence[str] = ()) -> float | None:
    """Return a figure, of some channels only if there are any; None when nothing was measured."""
    if key not in figures or (key.startswith("card") and not figures["card_words"]):
        return None
    if not channels:
        return float(figures[key])
    parts = [figures["by_channel"][name] for name in channels if name in figures["by_channel"]]
    words = sum(part["pii_words"] for part in parts)
    return sum(part[key] * part["pii_words"] for part in parts) / words if words else None


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "time":
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"
    if unit == "ratio":
        return f"{value:.2f}"
    return f"{100 * value:.{2 if 0 < value < 0.1 else 0}f} %"


def _of(counts: Mapping[str, Any], key: str, whole: str) -> str:
    return _figure(counts[key] if counts.get(whole) else None, "share")


# ---- where and by what ----


def machine(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Return what a measurement depends on: processor, memory, system, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{memory:.0f} GiB",
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        "Python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def _processor() -> str:
    try:
        known = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        known = None
    return known[1] if known else platform.machine()


def _commit() -> str:
    """Return the commit of a checkout, marked when files were changed since."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=, with changes"],  # noqa: S607 - the user's git
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _command(arguments: Sequence[str]) -> str:
    """Return the command without the folders of the machine that it ran on."""
    plain = [Path(a).name if Path(a).is_absolute() else a for a in arguments]
    return shlex.join(["hushgate", *plain])


# ---- the plot ----


def _drawing(result: Result) -> dict[str, Any]:
    """Return what the plot's template draws; both axes are square roots, to tell small ones."""
    names = list(result["by_channel"])
    letters = {name: chr(ord("a") + i) for i, name in enumerate(names)}
    panels: list[dict[str, Any]] = []
    for title, key, ticks in AGAINST:
        of, unit = (1, "s") if key.endswith("_s") else (100, "%")
        sides = [(side["by_channel"], side is result) for side in (result["baseline"], result)]
        farthest = max((side[name][key] for side, _ in sides for name in names), default=0.0)
        shown = [0.0, *ticks[: 1 + sum(tick < farthest for tick in ticks)]]

        def across(value: float, end: float = shown[-1]) -> float:
            return round(SIZE * sqrt(min(1.0, value / end)), 1)

        panels.append(
            {
                "title": title,
                "left": 60 + len(panels) * (SIZE + 90),
                "across": [(across(tick), f"{of * tick:g} {unit}") for tick in shown],
                "up": [
                    (_up(tick), f"{100 * tick:g} %") for tick in (0.0, 0.01, 0.05, 0.25, 0.5, 1.0)
                ],
                "marks": [
                    {
                        "x": across(side[name][key]),
                        "y": _up(side[name]["leak"]),
                        "letter": letters[name],
                        "gate": gate,
                    }
                    for side, gate in sides
                    for name in names
                ],
            }
        )
    legend = " · ".join(f"{letter} {name}" for name, letter in letters.items())
    return {"panels": panels, "size": SIZE, "width": 2 * SIZE + 190, "legend": legend}


def _up(leak: float) -> float:
    return round(SIZE * (1 - sqrt(leak)), 1)
