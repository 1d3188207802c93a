"""The report of one call: a single HTML file that opens from disk.

It shows what was said above what the agent heard on one time axis, and why they differ. It is
drawn from masked events only; the recordings are the one place where the caller's own words are,
which is why a report is written for recorded callers and not for real ones.
"""

from __future__ import annotations

import base64
import io
import re
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.events import Found, Held, Transcript
from media.audio import RATE, Pcm, Samples, Seconds, seconds
from media.peaks import peaks

_HERE: Final = Path(__file__).parent
_BINS: Final = 1200
_WAV_LIMIT: Final = 100 * RATE
"""Samples up to which a recording is embedded as WAV (3.2 MB); a longer one as Opus."""

_TOKEN: Final = re.compile(r"<([A-Z][A-Z_]*_\d+)>")
_ABBREVIATIONS: Final = re.compile(r"\b(cvv|iban|us|uk|ssn|itin|nhs|nino|ip|url|zip)\b")
_BREATH: Final[Seconds] = 1.5
"""Words of one speaker that follow within this gap share a line."""


@dataclass(frozen=True, slots=True)
class ReportData:
    """What a report tells. All times are seconds from the call's first sample.

    The recordings share that time axis: sample 0 is sample 0 of the call. `consent` names its
    `outcome` ("granted"); `ledger` whether it is `verified` (bool), its number of `entries` and
    the hash of its `head`. Whatever else the mappings hold is shown line by line; `facts` are the
    model, the version, the machine. Nothing but the recordings may hold raw personal data.
    """

    call_id: str
    caller_said: Pcm
    agent_heard: Pcm
    agent_said: Pcm | None
    findings: Sequence[Found]
    transcript: Sequence[Transcript]
    holds: Sequence[Held]
    consent: Mapping[str, object]
    ledger: Mapping[str, object]
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HoldAges:
    """How old audio grew in the hold: median, 95th percentile, maximum."""

    p50_s: Seconds
    p95_s: Seconds
    max_s: Seconds


def hold_ages(holds: Sequence[Held]) -> HoldAges:
    """Summarise the ages of the hold; all zero if none was seen."""
    ages = [held.age_s for held in holds] or [0.0]
    p50, p95, highest = np.percentile(ages, [50, 95, 100])
    return HoldAges(float(p50), float(p95), float(highest))


def headline(call: ReportData) -> str:
    """Say in one sentence how the call came out, the worst news first."""
    if not call.ledger.get("verified"):
        return "The ledger does not verify: do not rely on this report."
    outcome = str(call.consent.get("outcome", "")).replace("_", " ")
    if outcome != "granted":
        return f"Consent was not granted ({outcome or 'never asked'}): the agent heard nothing."
    if not call.findings:
        return "Consent was granted, nothing private was found, and the ledger verifies."
    count = len(call.findings)
    things = "one private detail was" if count == 1 else f"{count} private details were"
    return f"Consent was granted, {things} silenced before the agent, and the ledger verifies."


def write_report(path: Path, call: ReportData) -> None:
    """Write the report of `call` to `path`, replacing what is there.

    Raises:
        OSError: if the file cannot be written.
    """
    length = max(
        len(call.caller_said),
        len(call.agent_heard),
        0 if call.agent_said is None else len(call.agent_said),
        RATE,
    )
    ages = hold_ages(call.holds)
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            call=call,
            headline=headline(call),
            good=bool(call.ledger.get("verified")) and call.consent.get("outcome") == "granted",
            duration=seconds(length),
            lanes=_lanes(call, length),
            lines=_lines(call.transcript),
            silenced_s=_covered(call.findings),
            ages=ages,
            chart=_chart(call.holds, seconds(length), ages.max_s),
            ticks=_ticks(seconds(length)),
        )
    )
    path.write_text(page, encoding="utf-8")


# ---- the drawing ----


@dataclass(frozen=True, slots=True)
class _Lane:
    """One waveform with its player. `outline` is an SVG path in a box of `_BINS` by 200."""

    key: str
    title: str
    note: str
    outline: str
    audio: str


def _lanes(call: ReportData, length: Samples) -> list[_Lane]:
    # One scale for what was said and what was heard, or the eye could not compare them.
    loudest = _loudest(call.caller_said, call.agent_heard)
    lanes = [
        _lane("said", "The caller said", "recorded", call.caller_said, length, loudest),
        _lane("heard", "The agent heard", "after the gate", call.agent_heard, length, loudest),
    ]
    if call.agent_said is not None:
        own = _loudest(call.agent_said)
        lanes.append(
            _lane("reply", "The agent said", "to the caller", call.agent_said, length, own)
        )
    return lanes


def _lane(key: str, title: str, note: str, pcm: Pcm, length: Samples, loudest: int) -> _Lane:
    return _Lane(key, title, note, _outline(pcm, length, loudest), _data_url(pcm))


def _loudest(*recordings: Pcm) -> int:
    return max(int(np.abs(pcm.astype(np.int32)).max(initial=1)) for pcm in recordings)


def _outline(pcm: Pcm, length: Samples, loudest: int) -> str:
    """Draw the upper edge from left to right and the lower edge back."""
    heights = 100 - peaks(pcm, _BINS, length).astype(np.float64) * (96 / loudest)
    upper = [f"{x} {y:.0f}" for x, y in enumerate(np.minimum(heights[:, 1], 99))]
    lower = [f"{x} {y:.0f}" for x, y in enumerate(np.maximum(heights[:, 0], 101))]
    return f"M{'L'.join(upper + lower[::-1])}Z"


@dataclass(frozen=True, slots=True)
class _Chart:
    """The age of the hold over time: SVG paths in a box of `_BINS` by 100."""

    line: str
    area: str


def _chart(holds: Sequence[Held], duration: Seconds, highest: Seconds) -> _Chart | None:
    if highest <= 0:
        return None
    points = [
        f"{held.at_s / duration * _BINS:.1f} {100 - held.age_s / highest * 100:.1f}"
        for held in sorted(holds, key=lambda held: held.at_s)
    ]
    line = "L".join(points)
    start, end = points[0].split()[0], points[-1].split()[0]
    return _Chart(f"M{line}", f"M{start} 100L{line}L{end} 100Z")


def _ticks(duration: Seconds) -> list[int]:
    """Choose about ten round times."""
    step = next(s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 3600) if duration / s <= 12)
    return list(range(0, int(duration) + 1, step))


def _covered(findings: Sequence[Found]) -> Seconds:
    """Measure the union of the findings' spans."""
    total = until = 0.0
    for found in sorted(findings, key=lambda found: found.start_s):
        total += max(0.0, found.end_s - max(until, found.start_s))
        until = max(until, found.end_s)
    return total


# ---- the words ----


def _lines(transcript: Sequence[Transcript]) -> list[Transcript]:
    """Join what one speaker said in one breath, in the order it was said."""
    lines: list[Transcript] = []
    for part in sorted(transcript, key=lambda part: part.start_s):
        last = lines[-1] if lines else None
        if last and last.who == part.who and part.start_s - last.end_s < _BREATH:
            text = f"{last.text} {part.text}"
            lines[-1] = Transcript(last.who, text, last.start_s, part.end_s)
        else:
            lines.append(part)
    return lines


def _masked(text: str) -> Markup:
    """Escape masked text and draw its tokens as chips; their brackets stay in the text, unseen."""
    parts = _TOKEN.split(text)
    for index in range(1, len(parts), 2):
        parts[index] = Markup('<span class="chip"><i>&lt;</i>{}<i>&gt;</i></span>').format(
            parts[index]
        )
    return Markup("").join(escape(part) for part in parts)


def _plain(name: str) -> str:
    """Turn a constant's name into words: PAYMENT_CARD, "Payment card"; US_SSN, "US SSN"."""
    words = _ABBREVIATIONS.sub(lambda m: m[0].upper(), name.replace("_", " ").lower())
    return words[:1].upper() + words[1:]


def _clock(at: Seconds) -> str:
    """Write a time as minutes, seconds and tenths."""
    tenths = round(at * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE / "page"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {"masked": _masked, "plain": _plain, "clock": _clock}
    environment.filters.update(filters)
    return environment


# ---- the sound ----


def _data_url(pcm: Pcm) -> str:
    """Pack a recording as a data URL: WAV while it is short, else Opus in Ogg."""
    short = len(pcm) <= _WAV_LIMIT
    body = _wav(pcm) if short else _opus(pcm)
    kind = "audio/wav" if short else "audio/ogg"
    return f"data:{kind};base64,{base64.b64encode(body).decode()}"


def _wav(pcm: Pcm) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.astype("<i2").tobytes())
    return target.getvalue()


def _opus(pcm: Pcm) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 24_000
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return target.getvalue()
