"""The baseline's queue, on jobs whose delays are known."""

import pytest

from gateway.bench.queueing import Job, delay_p95


def test_a_worker_for_everybody_delays_by_the_work_alone() -> None:
    jobs = [Job(known_s=5.0 * k, takes_s=1.5) for k in range(1, 13)]
    assert delay_p95(jobs, 60.0, callers=2, cores=2, seed=1) == pytest.approx(1.5)


def test_more_work_than_time_queues_up_without_end() -> None:
    jobs = [Job(known_s=5.0 * k, takes_s=1.5) for k in range(1, 13)]
    assert delay_p95(jobs, 60.0, callers=8, cores=2, seed=1) > 30


def test_delay_grows_with_callers_and_shrinks_with_cores() -> None:
    jobs = [Job(known_s=5.0 * k, takes_s=1.5) for k in range(1, 13)]
    delays = [delay_p95(jobs, 60.0, callers=n, cores=2, seed=1) for n in (1, 4, 6, 8)]
    assert delays == sorted(delays)
    assert delay_p95(jobs, 60.0, callers=6, cores=4, seed=1) < delays[2]
