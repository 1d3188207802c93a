"""The search for the largest number, one attempt at the real gateway, and bad input."""

import random
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gateway.bench.callers import Agents
from gateway.bench.capacity import BOUND_S, attempt, most, serving
from gateway.bench.cli import app
from gateway.bench.talk import Reel, encode
from media.audio import FRAME, RATE
from tests.gateway.fakes import turn


@pytest.mark.parametrize("start", [1, 2, 3, 8, 50])
@pytest.mark.parametrize("limit", [0, 1, 2, 7, 13, 40])
async def test_the_search_finds_the_last_number_that_passes(limit: int, start: int) -> None:
    tried: list[int] = []

    async def passes(n: int) -> bool:
        tried.append(n)
        return n <= limit

    assert await most(passes, start) == limit
    assert len(tried) == len(set(tried)) <= 13
    assert min(tried) > 0


async def test_a_coarse_search_is_near() -> None:
    async def passes(n: int) -> bool:
        return n <= 37

    assert 37 / 1.25 <= await most(passes, 4, grain=0.25) <= 37


@pytest.mark.model
async def test_an_attempt_places_real_calls_and_tells_how_old_speech_came(tmp_path: Path) -> None:
    pcm = turn("t2").pcm[: 4 * RATE]
    pcm = pcm[: len(pcm) - len(pcm) % FRAME]
    said = Reel(pcm, tuple(encode(pcm)), np.ones(len(pcm) // FRAME, np.bool_))
    agents = Agents()
    async with agents.listening(), serving(tmp_path, "tiny.en", agents.url, 1) as url:
        trial = await attempt(url, agents, said, 1.0, 1, 2.0, random.Random(1))
    assert trial.n == 1
    assert len(agents.streams) == 1
    # It takes no less than a recognition run, and the hold lets nothing grow much older.
    assert 0.2 < trial.hold_age_p95_s < BOUND_S + 2
    assert trial.gateway_cores > 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--corpus", "nowhere"], "manifest.jsonl: missing"),
        (["--model", "huge"], "must be base or tiny.en"),
        (["--seconds", "0"], "must be more than 0"),
        (["--seconds", "nan"], "must be more than 0"),
    ],
)
def test_bad_input_is_one_clear_line(
    options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["capacity", *options])
    assert done.exit_code == 2
    assert done.stdout == ""
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("hushgate: ")]
    assert says in line
