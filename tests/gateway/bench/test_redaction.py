"""Which calls a run makes, and the gate on the simulated clock; without models."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from gateway.bench import redaction
from gateway.bench.cli import app
from gateway.bench.measure import Found, Outcome
from gateway.bench.redaction import gated, run, spread
from gateway.engine.worker import Answer
from gateway.recordings import WavWriter
from media.audio import FRAME, RATE, Pcm, Span, seconds
from media.channel import CHANNELS
from media.entities.types import Entity
from media.recognition import Failed, Recognise
from tests.media.sounds import ms, silence, voice


def unneeded(job: Recognise) -> Answer:
    raise AssertionError("nobody speaks")


@pytest.mark.parametrize("count", [2 * RATE, 2 * RATE + 77])
@pytest.mark.parametrize("asked", [False, True], ids=["one channel", "two channels"])
def test_silence_comes_out_in_frames_each_as_it_comes(count: int, asked: bool) -> None:
    outcome, _ = gated(unneeded, silence(count), silence(count) if asked else None)
    assert np.array_equal(outcome.out, silence(count))
    assert (outcome.compute_s, outcome.found) == (0, [])
    spans = [span for span, _ in outcome.released]
    assert (spans[0].start, spans[-1].end) == (0, count)
    assert all(a.end == b.start for a, b in pairwise(spans))
    behind = [at_s - seconds(span.end) for span, at_s in outcome.released]
    assert min(behind) >= 0
    # The start of a word is not known before its third frame.
    assert max(behind) < seconds(3 * FRAME)


def entries(**kinds: int) -> list[dict[str, Any]]:
    """Return so many entries of each kind, by four voices."""
    return [
        {"file": f"{kind}-{i}", "kind": kind, "voice": f"v{i % 4}"}
        for kind, count in kinds.items()
        for i in range(count)
    ]


MANY = entries(PHONE=24, CVV=12, harmless=36)


def test_the_beginning_has_its_share_of_every_kind() -> None:
    begun = Counter(entry["kind"] for entry, _, _ in spread(MANY, seed=1)[:12])
    assert begun == {"PHONE": 4, "CVV": 2, "harmless": 6}


def test_within_a_kind_voices_and_channels_come_in_turn() -> None:
    calls = [call for call in spread(MANY, seed=1) if call[0]["kind"] == "PHONE"]
    assert {entry["voice"] for entry, _, _ in calls[:4]} == {"v0", "v1", "v2", "v3"}
    assert {channel for _, channel, _ in calls[:6]} == set(CHANNELS)
    assert set(Counter(channel for _, channel, _ in calls).values()) == {4}


def test_kinds_begin_with_different_channels() -> None:
    kinds = dict.fromkeys("ABCDEF", 1)
    assert {channel for _, channel, _ in spread(entries(**kinds), seed=1)} == set(CHANNELS)


def test_every_entry_is_called_once_and_the_seed_tells_how() -> None:
    calls = spread(MANY, seed=1)
    assert sorted(entry["file"] for entry, _, _ in calls) == sorted(e["file"] for e in MANY)
    assert calls == spread(MANY, seed=1)
    assert calls != spread(MANY, seed=2)
    assert len({noise for _, _, noise in calls}) == len(calls)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of seven names and seven harmless utterances."""
    lines = []
    for i in range(14):
        with WavWriter(tmp_path / f"{i}.wav") as file:
            file.write(voice(ms(900)))
        kind = "PERSON" if i % 2 else "harmless"
        words = [
            {"word": "I'm", "start_s": 0.1, "end_s": 0.3, "entity": None},
            {"word": "Ann", "start_s": 0.4, "end_s": 0.8, "entity": kind if i % 2 else None},
        ]
        lines.append({"file": f"{i}.wav", "kind": kind, "voice": f"v{i}", "words": words})
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path


@pytest.fixture
def without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a gate whose recognition fails run against a baseline that lets everything through."""

    def passes(pcm: Pcm) -> Outcome:
        ends = range(FRAME, len(pcm) + FRAME, FRAME)
        released = [(Span(end - FRAME, min(end, len(pcm))), seconds(end) + 1) for end in ends]
        return Outcome(pcm, released, [Found(Span(0, len(pcm)), (Entity.PERSON,))], 0.5)

    def prepared(*args: object) -> SimpleNamespace:
        return SimpleNamespace(
            recognise=lambda job: Answer(Failed(job.id, "Test"), 0.1),
            base=SimpleNamespace(align=None),
            listener=SimpleNamespace(listen=lambda pcm: [("Ann", Span(ms(900), ms(1_300)))]),
            baseline=SimpleNamespace(run=passes),
        )

    monkeypatch.setattr(redaction, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setattr(redaction, "_Bench", prepared)


CONTRACT = {
    "leak", "heard", "lost", "lost_no_pii", "card_leak", "turn_delay_p50_s", "turn_delay_p95_s",
    "hold_age_p95_s", "compute_per_speech", "by_entity", "by_channel",
}  # fmt: skip


@pytest.mark.usefixtures("without_models")
def test_a_run_compares_the_gate_with_the_baseline(corpus: Path) -> None:
    lines: list[dict[str, Any]] = []
    counted: list[tuple[int, int]] = []
    result = run(
        corpus, None, "base", quick=False, seed=1, workers=1,
        progress=lambda *done: counted.append(done), details=lines.append,
    )  # fmt: skip
    assert CONTRACT | {"baseline", "utterances", "voices", "seed"} <= set(result)
    assert set(result["baseline"]) >= CONTRACT
    assert json.loads(json.dumps(result)) == result
    assert (result["utterances"], result["voices"], result["seed"]) == (14, 14, 1)
    assert set(result["by_channel"]) == set(CHANNELS)
    assert set(result["by_source"]) == {"generated"}
    assert (result["leak"], result["lost"], result["recall"]) == (0, 1, 0)
    other = result["baseline"]
    assert (other["leak"], other["heard"], other["lost"], other["recall"]) == (1, 1, 0, 1)
    assert other["precision"] == 0.5
    assert other["turn_delay_p50_s"] == 1.0
    assert 0 < result["barge_in_p50_s"] <= result["barge_in_p95_s"] <= result["barge_in_max_s"] < 1
    assert 0 < result["by_channel"]["clean"]["barge_in_p95_s"] < 1
    assert result["barge_in_missed"] == 0
    assert result["barge_in_max_s"] == max(round(line["barge_in_s"], 3) for line in lines)
    assert counted == [(i, 14) for i in range(1, 15)]
    assert [line["lost"] for line in lines if line["kind"] == "PERSON"] == [[0]] * 7
    assert {line["file"] for line in lines} == {f"{i}.wav" for i in range(14)}
    assert "Ann" not in json.dumps(lines)


@pytest.mark.usefixtures("without_models")
def test_a_quick_run_is_the_beginning_of_the_whole(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(redaction.QUICK, "generated", 4)
    told: dict[bool, list[Any]] = {True: [], False: []}
    for quick, lines in told.items():
        run(
            corpus, None, "base", quick=quick, seed=1, workers=1,
            progress=lambda *done: None, details=lines.append,
        )  # fmt: skip
    assert len(told[True]) == 4
    assert told[True] == told[False][:4]


@pytest.mark.usefixtures("without_models")
def test_the_command_prints_the_result_and_writes_page_and_details(
    corpus: Path, tmp_path: Path
) -> None:
    page, details = tmp_path / "page.md", tmp_path / "details.jsonl"
    options = ["--json", "--corpus", str(corpus), "--report", str(page), "--details", str(details)]
    told = CliRunner().invoke(app, ["redaction", *options])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["utterances"] == 14
    assert page.read_text().startswith("# What leaks")
    assert page.with_suffix(".svg").exists()
    assert len([json.loads(line) for line in details.read_text().splitlines()]) == 14


@pytest.mark.usefixtures("without_models")
def test_the_command_prints_a_table_in_which_barge_in_is_the_gate_s_alone(corpus: Path) -> None:
    told = CliRunner().invoke(app, ["redaction", "--corpus", str(corpus)])
    assert told.exit_code == 0, told.output
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.stdout.splitlines()]
    assert ["barge_in_missed", "0.0", "–"] in rows


@pytest.mark.parametrize("option", ["--report", "--details"])
@pytest.mark.usefixtures("without_models")
def test_a_place_that_is_not_there_is_told_before_the_run(
    corpus: Path, tmp_path: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "run", None)
    place = str(tmp_path / "nowhere" / "file")
    told = CliRunner().invoke(app, ["redaction", "--corpus", str(corpus), option, place])
    assert told.exit_code == 2
    assert "nowhere" in told.stderr
    assert "Traceback" not in told.output
