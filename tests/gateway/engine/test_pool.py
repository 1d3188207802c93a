"""Recognition in real worker processes, some of which die or stall."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from gateway.engine.pool import Pool
from gateway.models import Models
from gateway.recordings import read_mono
from media.liveness.types import Score
from media.recognition import Failed, Recognise, Recognised
from tests.conftest import AUDIO
from tests.gateway.fakes import until

# One pool for all tests: starting a worker takes seconds. The last test stops it.
pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]

PATIENCE_S = 60
"""How long a job may wait for a worker that starts again on a busy machine."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(tiny: Models) -> AsyncIterator[Pool]:
    pool = Pool(tiny, workers=1, timeout_s=PATIENCE_S)
    await pool.start()
    yield pool
    await pool.stop()


def job(number: int) -> Recognise:
    return Recognise(number, 0, read_mono(AUDIO / "answers" / "sure_go_ahead.wav"))


def process(pool: Pool) -> int:
    (worker,) = pool._workers
    assert worker._process is not None and worker._process.pid is not None
    return worker._process.pid


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def words(outcome: Recognised | Failed) -> str:
    assert isinstance(outcome, Recognised), outcome
    return " ".join(w.text.reveal() for w in outcome.words).lower()


async def under_way(pool: Pool, number: int) -> asyncio.Task[Recognised | Failed]:
    """Give a job to the worker and return when it has it."""
    running = asyncio.create_task(pool.run(job(number)))
    await until(lambda: not pool._workers[0].idle)
    return running


async def test_a_worker_that_dies_fails_its_job_and_the_next_one_works(pool: Pool) -> None:
    assert "go ahead" in words(await pool.run(job(1)))
    first = process(pool)
    running = await under_way(pool, 2)
    os.kill(first, signal.SIGKILL)
    assert await running == Failed(2, "died")
    assert "go ahead" in words(await pool.run(job(3)))
    assert process(pool) != first


async def test_a_worker_that_dies_with_nothing_to_do_is_replaced(pool: Pool) -> None:
    first = process(pool)
    os.kill(first, signal.SIGKILL)
    await until(lambda: not pool.ready)
    await until(lambda: pool.ready, within=PATIENCE_S)
    assert process(pool) != first


async def test_a_stalled_worker_fails_its_job_in_time_and_is_replaced(pool: Pool) -> None:
    first = process(pool)
    pool._timeout_s = 0.5
    os.kill(first, signal.SIGSTOP)
    ticks = 0
    # More than a pipe holds: whoever writes it waits for the reader.
    long = Recognise(1, 0, np.zeros(16_000 * 60, np.int16))
    running = asyncio.create_task(pool.run(long))
    async with asyncio.timeout(5):
        while not running.done():
            ticks += 1
            await asyncio.sleep(0.01)
    assert await running == Failed(1, "stalled")
    assert ticks > 20, "the gateway goes on meanwhile"
    pool._timeout_s = PATIENCE_S
    assert "go ahead" in words(await pool.run(job(2)))
    assert not lives(first)


async def test_a_late_answer_never_meets_the_job_of_another_call(pool: Pool) -> None:
    first = process(pool)
    pool._timeout_s = 0.5
    running = await under_way(pool, 1)
    os.kill(first, signal.SIGSTOP)
    running.cancel()  # the call ended while its job was under way
    await until(lambda: not lives(first))
    pool._timeout_s = PATIENCE_S
    outcome = await pool.run(Recognise(1, 0, np.zeros(16_000, np.int16)))
    assert "go" not in words(outcome)


async def test_a_voice_is_scored_by_the_same_workers_if_there_is_a_model(pool: Pool) -> None:
    scoring = asyncio.create_task(pool.run(Score(7, job(1).pcm)))
    assert "go ahead" in words(await pool.run(job(1)))
    assert await scoring == Failed(7, "no model")


async def test_jobs_wait_their_turn(pool: Pool) -> None:
    outcomes = await asyncio.gather(*(pool.run(job(number)) for number in range(4)))
    assert [outcome.id for outcome in outcomes] == [0, 1, 2, 3]


async def test_a_job_that_waited_is_done_as_what_it_has_become(pool: Pool) -> None:
    running = await under_way(pool, 1)
    asked = Recognise(2, 0, np.zeros(16_000, np.int16))
    waiting = asyncio.create_task(pool.run(asked, lambda job: replace(job, pcm=said)))
    said = job(2).pcm
    assert "go ahead" in words(await running)
    assert "go ahead" in words(await waiting)


async def test_a_job_that_no_worker_takes_fails_in_time(tiny: Models) -> None:
    nobody = Pool(tiny, workers=1, timeout_s=0.05)
    assert await nobody.run(job(1)) == Failed(1, "waited")


async def test_other_models_take_over_and_no_job_is_lost(pool: Pool, tiny: Models) -> None:
    first = process(pool)
    running = await under_way(pool, 1)
    exchanging = asyncio.create_task(pool.exchange(tiny))
    waiting = asyncio.create_task(pool.run(job(2)))
    assert "go ahead" in words(await running)
    assert "go ahead" in words(await waiting)
    await exchanging
    assert process(pool) != first
    assert "go ahead" in words(await pool.run(job(3)))
    assert not lives(first)


async def test_a_worker_that_is_busy_finishes_before_another_takes_its_place(
    pool: Pool, tiny: Models
) -> None:
    first = process(pool)
    running = await under_way(pool, 1)
    os.kill(first, signal.SIGSTOP)
    await pool.exchange(tiny)
    assert lives(first)
    os.kill(first, signal.SIGCONT)
    assert "go ahead" in words(await running)
    await until(lambda: not lives(first))
    assert "go ahead" in words(await pool.run(job(2)))


async def test_those_that_were_there_go_on_when_other_models_cannot_be_loaded(
    pool: Pool, tiny: Models, tmp_path: Path
) -> None:
    first = process(pool)
    with pytest.raises(RuntimeError, match=r"nothing: this model cannot be loaded"):
        await pool.exchange(replace(tiny, whisper=tmp_path / "nothing"))
    assert process(pool) == first
    assert "go ahead" in words(await pool.run(job(1)))


async def test_models_that_cannot_be_loaded_are_a_clear_error_at_once(
    tiny: Models, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pool = Pool(replace(tiny, whisper=tmp_path / "nothing"), workers=1, timeout_s=1)
    async with asyncio.timeout(30):
        with pytest.raises(RuntimeError, match=r"nothing: this model cannot be loaded"):
            await pool.start()
    assert not pool.ready
    assert "Traceback" not in capfd.readouterr().err


async def test_stop_leaves_no_process(pool: Pool) -> None:
    pid = process(pool)
    running = await under_way(pool, 1)
    await pool.stop()
    assert not lives(pid)
    assert not pool.ready
    running.cancel()
