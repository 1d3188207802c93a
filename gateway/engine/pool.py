"""A pool of recognition workers: one process a core, supervised.

A worker that dies or stalls is replaced, and its job comes back as `Failed`; the caller's hold
keeps what is not recognised from leaving. Jobs wait in the order in which they were asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from gateway import telemetry
from gateway.engine.process import Worker
from gateway.engine.worker import Answer, main
from gateway.models import Models
from media.recognition import Failed, Recognise, Recognised

log = structlog.get_logger()

START_S = 120.0
"""How long loading the models may take."""

RETRY_S = 1.0
"""How long to wait after a worker that did not start."""


class Pool:
    """Run jobs in `workers` processes.

    Args:
        models: what each worker loads.
        workers: how many processes.
        timeout_s: how long one job may take before its worker counts as stalled and is replaced.
    """

    def __init__(self, models: Models, workers: int, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._workers = [
            Worker("hushgate-recogniser", main, models, start_s=START_S) for _ in range(workers)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def ready(self) -> bool:
        """Tell whether at least one worker can take jobs."""
        return any(w.ready for w in self._workers)

    async def start(self) -> None:
        """Start the workers; return as soon as the first is ready.

        Raises:
            RuntimeError: when a model cannot be loaded, or no worker comes up.
        """
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        head, *others = self._workers
        self._tasks = [asyncio.create_task(self._serve(head, first))]
        try:
            await asyncio.wait_for(first, START_S)
            # Loading side by side, all would be ready late; calls can begin with one.
            self._tasks += [asyncio.create_task(self._serve(w, first)) for w in others]
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise RuntimeError("no recognition worker came up") from None
            raise

    async def run(
        self, job: Recognise, latest: Callable[[Recognise], Recognise] | None = None
    ) -> Recognised | Failed:
        """Do a job in the next free worker; never raises for what the job does.

        `latest` is asked then for what the job has become: under load it has waited, and a run over
        what was said meanwhile costs hardly more than the one that was asked for.

        A job that no worker takes in time has failed, too: whoever asked must be able to go on.
        """
        done: asyncio.Future[Recognised | Failed] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(job, latest, done))
        try:
            return await asyncio.wait_for(done, 2 * self._timeout_s)
        except TimeoutError:
            telemetry.RECOGNITION_FAILURES.labels("waited").inc()
            return Failed(job.id, "waited")

    async def stop(self) -> None:
        """End the workers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers:
            worker.end()

    async def _serve(self, worker: Worker, first: asyncio.Future[None]) -> None:
        while True:
            if not worker.ready:
                try:
                    await worker.begin()
                except (EOFError, OSError, TimeoutError, RuntimeError) as error:
                    worker.end()
                    if isinstance(error, RuntimeError) and not first.done():
                        first.set_exception(error)
                    else:
                        log.error("recognition worker did not start", why=str(error))
                    await asyncio.sleep(RETRY_S)
                    continue
                if not first.done():
                    first.set_result(None)
            waiting = await self._jobs.get()
            done = waiting.done
            if done.done():  # whoever asked has gone
                continue
            job = waiting.latest(waiting.job) if waiting.latest else waiting.job
            outcome: Recognised | Failed
            try:
                answer = await asyncio.wait_for(worker.ask(job), self._timeout_s)
                assert isinstance(answer, Answer)
                telemetry.RECOGNITION.observe(answer.compute_s)
                outcome = answer.outcome
            except TimeoutError:
                outcome = Failed(job.id, "stalled")
            except (EOFError, OSError):
                outcome = Failed(job.id, "died")
            finally:
                # Whoever asked may be gone; a late answer must not meet the next job all the same.
                if not worker.idle:
                    worker.end()
            if isinstance(outcome, Failed):
                telemetry.RECOGNITION_FAILURES.labels(outcome.reason).inc()
                log.warning("recognition failed", reason=outcome.reason)
            if not done.done():
                done.set_result(outcome)


@dataclass(frozen=True, slots=True)
class _Job:
    """What waits for a worker, and who is told."""

    job: Recognise
    latest: Callable[[Recognise], Recognise] | None
    done: asyncio.Future[Recognised | Failed]
