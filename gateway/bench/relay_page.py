"""The published page of `hushgate bench relay`: its figures, and its soak, which is another run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.bench.page import environment, made

PACKAGES: Final = ("hushgate", "aiortc", "aioice", "av", "pylibsrtp")

LEGS: Final = 40
TIMES_STOCK: Final = 3
FORWARDED: Final = 80
DELAY_S: Final = 0.06
NORMAL_S: Final = 0.01
"""By how much the delay may have grown a second after a loss."""
RSS_MB: Final = 2.0
CALLS_AN_HOUR: Final = 2_000

_PARTS: Final = re.compile(r"<!-- measured: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
_NOT_YET: Final = "Not measured yet.\n"


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    reach: str
    value: str
    reached: bool | None
    stock: str = ""

    @property
    def verdict(self) -> str:
        if self.reached is None:
            return "not measured"
        return "reached" if self.reached else "**falls short**"


def write_page(path: Path, result: Mapping[str, Any], arguments: Sequence[str]) -> None:
    """Write the part of the page that `result` is of, and keep the other as it is.

    `arguments` are those of the command line that gave `result`.

    Raises:
        OSError: when it cannot be written.
    """
    kept = _PARTS.findall(path.read_text(encoding="utf-8")) if path.exists() else []
    parts = {"legs": _NOT_YET, "soak": _NOT_YET} | dict(kept)
    part, rows = ("soak", _soaked(result["soak"])) if "soak" in result else ("legs", _rows(result))
    templates = environment()
    parts[part] = templates.get_template(f"relay_{part}.md.j2").render(
        result=result, rows=rows, **made(arguments, PACKAGES)
    )
    page = templates.get_template("relay.md.j2").render(parts=parts)
    path.write_text(page, encoding="utf-8")


def _rows(result: Mapping[str, Any]) -> list[_Row]:
    legs, stock = result["legs_per_core"], result["stock_legs_per_core"]
    forwarded = result["forwarded_legs_per_core"]
    delay, after = result["delay_p50_s"], result["delay_after_loss_s"]
    rss, stock_rss = result["rss_per_leg_mb"], result["stock_rss_per_leg_mb"]
    return [
        _Row("legs a core, inspected", f"≥ {LEGS}", str(legs), legs >= LEGS, str(stock)),
        _Row(
            "times as many as stock",
            f"≥ {TIMES_STOCK}",
            f"{legs / stock:.1f}" if stock else "–",
            legs >= TIMES_STOCK * stock if stock else None,
        ),
        _Row(
            "legs a core, forwarded undecoded, with a decode tap",
            f"≥ {FORWARDED}",
            str(forwarded),
            forwarded >= FORWARDED,
        ),
        _Row(
            "from the caller and back, median",
            f"≤ {1_000 * DELAY_S:.0f} ms",
            _ms(delay),
            delay <= DELAY_S,
            _ms(result["stock_delay_p50_s"]),
        ),
        _Row(
            "the same, from 1 s after one lost packet on",
            f"≤ {1_000 * NORMAL_S:.0f} ms more",
            _ms(after),
            after <= delay + NORMAL_S,
            _ms(result["stock_delay_after_loss_s"]),
        ),
        _Row(
            "memory a leg",
            f"≤ {RSS_MB:.0f} MB",
            _or_dash(rss, "{:.2f} MB"),
            None if rss is None else rss <= RSS_MB,
            _or_dash(stock_rss, "{:.2f} MB"),
        ),
    ]


def _soaked(soak: Mapping[str, Any]) -> list[_Row]:
    wanted = round(CALLS_AN_HOUR * soak["seconds"] / 3_600)
    return [
        _Row("calls", f"≥ {wanted}", str(soak["calls"]), soak["calls"] >= wanted),
        _Row("of these, not placed or lost", "0", str(soak["failed"]), soak["failed"] == 0),
        *(
            _Row(
                f"{key} at the start, at the end",
                "the same",
                f"{soak['start'][key]:.0f}, {soak['end'][key]:.0f}",
                soak["end"][key] <= soak["start"][key],
            )
            for key in ("calls", "tasks", "threads", "sockets")
        ),
    ]


def _ms(seconds: float) -> str:
    return f"{1_000 * seconds:.0f} ms"


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)
