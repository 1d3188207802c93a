"""How many legs a core carries: real calls, a gateway of its own process, and what is counted."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from typer.testing import CliRunner

from gateway.bench import relay, soak
from gateway.bench.cli import app
from gateway.bench.hearing_oneself import SPACING, Ear, chirps, found
from gateway.bench.load import lateness
from gateway.bench.relay import QUICK, Cores, Pace, RelayError, Trial, attempt, search
from gateway.bench.relay_page import write_page
from media.audio import FRAME, RATE

BRIEF = Pace(30.0, 0.5, 1.0, 1.0, 0.25, 1.5, 1, (1, 2), 0.5)

needs_two_cores = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2,
    reason="the gateway and its callers need a core each",
)


def quiet(_: str) -> None:
    pass


# ---- lateness ----


def test_a_packet_is_as_late_as_its_timestamp_says() -> None:
    stamps = [(2**32 - 960 + 960 * n) % 2**32 for n in range(50)]
    came = [1_000_000.0 + 0.02 * n for n in range(50)]
    came[30] += 0.015
    late = lateness(came, stamps, 1.0).late
    assert late[30] == pytest.approx(0.015, abs=1e-6)
    assert np.delete(late, 30) == pytest.approx(0, abs=1e-6)


def test_a_sender_that_starts_its_clock_anew_stays_late() -> None:
    came = [0.02 * n + (0.3 if n >= 25 else 0) for n in range(50)]
    late = lateness(came, [960 * n for n in range(50)], 1.0).late
    assert np.all(late[:25] < 1e-6)
    assert late[25:] == pytest.approx(0.3)


def test_what_never_came_is_as_late_as_can_be() -> None:
    seen = lateness([0.02 * n for n in range(38)], [960 * n for n in range(38)], 1.0)
    assert seen.missing == 10
    assert np.count_nonzero(seen.late == 1.0) == 10
    assert lateness([], [], 1.0).missing == 48


# ---- how late callers hear themselves ----


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_chirps_are_found_where_they_are(rate: int) -> None:
    sound, places = chirps(4)
    heard = sound if rate == RATE else soxr.resample(sound, RATE, rate)
    at = found(heard // 3, rate) * RATE / rate  # soft, too
    assert len(at) == 4
    assert np.ptp(at - places) < 3
    assert abs(at[0] - places[0]) < 0.02 * RATE


def test_nothing_is_found_in_a_quiet_line() -> None:
    assert len(found(np.random.default_rng(2).normal(0, 20, RATE).astype(np.int16), RATE)) == 0
    assert len(found(np.zeros(10, np.int16), RATE)) == 0


async def test_a_delay_runs_from_a_sample_s_capture_to_its_being_played() -> None:
    sound, places = chirps(3)
    ear = Ear()
    frames = range(len(sound) // FRAME)
    ear.sent = [10.0 + 0.02 * n for n in frames]
    # What was sent at one moment comes as one chunk 70 ms later: a frame was captured 20 ms before.
    ear.came = [(at + 0.07, sound[n * FRAME : (n + 1) * FRAME]) for n, at in enumerate(ear.sent)]
    delays = ear.delays(places, RATE)
    assert [delay for _, delay in delays] == pytest.approx([0.09] * 3, abs=0.001)
    assert delays[1][0] - delays[0][0] == pytest.approx(SPACING / RATE, abs=1e-6)


# ---- the search ----


async def test_an_attempt_that_fails_narrowly_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = {8: [0.001], 16: [0.03, 0.01], 32: [0.5], 24: [0.03, 0.03]}

    async def fake(side: str, mode: str, n: int, *_: Any) -> Trial:
        return Trial(side, mode, n, late_p99_s=late.get(n, [1.0]).pop(0), heard_share=1.0)

    monkeypatch.setattr(relay, "attempt", fake)
    tried = await search("stock", "plain", 8, [], QUICK, Cores(1, frozenset({0})), quiet)
    assert [(trial.n, trial.passed) for trial in tried[:6]] == [
        (8, True), (16, False), (16, True), (32, False), (24, False), (24, False),
    ]  # fmt: skip


async def test_a_search_ends_when_its_time_is_over() -> None:
    over = replace(QUICK, search_s=-1)
    assert await search("stock", "plain", 8, [], over, Cores(1, frozenset({0})), quiet) == []


@pytest.mark.parametrize(
    ("late", "heard", "passed"), [(0.019, 0.99, True), (0.021, 1.0, False), (0.001, 0.98, False)]
)
def test_sound_must_come_in_time_and_be_heard(late: float, heard: float, passed: bool) -> None:
    assert Trial("stock", "plain", 1, late_p99_s=late, heard_share=heard).passed is passed
    assert not Trial("stock", "plain", 1, failed="no call").passed


# ---- real calls ----


def test_the_stock_side_has_nothing_of_ours_around_its_media() -> None:
    code = "import json, sys, gateway.bench.stock; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = json.loads(done.stdout)
    assert "aiortc" in loaded
    assert not [name for name in loaded if name.startswith("gateway.webrtc")]


@needs_two_cores
@pytest.mark.parametrize(("side", "mode"), [("hushgate", "forwarded"), ("stock", "inspected")])
async def test_callers_of_either_side_hear_themselves(side: str, mode: str) -> None:
    trial = await attempt(side, mode, 2, relay.reel(), BRIEF, Cores.split())
    assert trial.failed == ""
    assert trial.heard_share is not None
    assert trial.late_p50_s is not None
    assert trial.heard_share > 0.5  # whatever else runs on the machine
    assert trial.late_p50_s < 0.5


@needs_two_cores
async def test_a_process_that_cannot_start_says_why() -> None:
    with pytest.raises(RelayError, match="nowhere"):
        async with relay.process("serve", "nowhere", "0", "plain"):
            pass


@needs_two_cores
async def test_nothing_of_calls_that_came_and_went_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "CALLERS", 3)
    monkeypatch.setattr(soak, "TALK_S", (0.2, 0.6))
    monkeypatch.setattr(soak, "PAUSE_S", (0.0, 0.1))
    monkeypatch.setattr(soak, "WAYS", {"request": 0.5, "dtls": 0.5})
    result = await soak.soak(relay.reel(), 3.0, Cores.split(), quiet)
    assert result["calls"] > 3
    assert result["failed"] == 0
    assert result["back_to_start"]


# ---- the command and its page ----


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--soak", "3"], "must be 10 s to a day"), (["--soak", "nan"], "must be 10 s to a day")],
)
def test_bad_input_is_one_clear_line(options: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["relay", *options])
    assert done.exit_code == 2
    assert done.stdout == ""
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("hushgate: ")]
    assert says in line


def test_one_core_is_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    with pytest.raises(RelayError, match="two cores are needed"):
        Cores.split()


LEGS: dict[str, Any] = {
    "legs_per_core": 42, "stock_legs_per_core": 10, "stock_plain_legs_per_core": 12,
    "forwarded_legs_per_core": 79, "delay_p50_s": 0.052, "stock_delay_p50_s": 0.2,
    "delay_after_loss_s": 0.053, "stock_delay_after_loss_s": 0.4, "rss_per_leg_mb": None,
    "stock_rss_per_leg_mb": 3.0, "cores": 2, "step_s": 10.0, "quick": False,
    "delays": {
        name: {"p50_s": 0.05, "by_second_after_loss_s": [0.1, 0.05]}
        for name in ("hushgate", "stock", "forwarded")
    },
    "tried": [
        {"side": "stock", "mode": "plain", "n": 12, "late_p50_s": 0.001, "late_p99_s": 0.019,
         "missing_share": 0.0, "heard_share": 1.0, "core_share": 0.9,
         "waited_share": 0.0, "load_late_p99_s": 0.001,
         "failed": "", "passed": True},
    ],
}  # fmt: skip

SOAK: dict[str, Any] = {
    "seconds": 3_600, "calls": 2_700, "failed": 1, "ended": {"request": 2_699, "lost": 1},
    "late_share": 0.0, "rss_slope_mb_per_h": 0.5,
    "start": {"calls": 0, "tasks": 4, "threads": 1, "sockets": 4, "rss_mb": 130.0},
    "end": {"calls": 0, "tasks": 4, "threads": 2, "sockets": 4, "rss_mb": 140.0},
}  # fmt: skip


def row(text: str, name: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip(" *") for cell in line.strip("|").split("|")][1:]


def test_the_page_says_what_is_reached_and_what_falls_short(tmp_path: Path) -> None:
    page = tmp_path / "relay.md"
    write_page(page, LEGS, ["bench", "relay"])
    text = page.read_text(encoding="utf-8")
    assert row(text, "legs a core, inspected") == ["≥ 40", "42", "reached", "10"]
    assert row(text, "times as many as stock") == ["≥ 3", "4.2", "reached", ""]
    assert row(text, "legs a core, forwarded undecoded, with a decode tap")[2] == "falls short"
    assert row(text, "from the caller and back, median")[1:] == ["52 ms", "reached", "200 ms"]
    assert row(text, "memory a leg")[1:3] == ["–", "not measured"]
    assert "Not measured yet." in text


def test_either_run_keeps_what_the_page_has_of_the_other(tmp_path: Path) -> None:
    page = tmp_path / "relay.md"
    write_page(page, {"soak": SOAK}, ["bench", "relay", "--soak", "3600"])
    write_page(page, LEGS, ["bench", "relay"])
    once = page.read_text(encoding="utf-8")
    assert row(once, "calls") == ["≥ 2000", "2700", "reached"]
    assert row(once, "threads at the start, at the end")[2] == "falls short"
    assert row(once, "of these, not placed or lost")[1:] == ["1", "falls short"]
    write_page(page, LEGS, ["bench", "relay"])
    assert page.read_text(encoding="utf-8") == once
