"""A pool of recognition workers: one process a core, supervised.

A worker that dies or stalls is replaced, and its job comes back as `Failed`; the caller's hold
keeps what is not recognised from leaving. Jobs wait in the order in which they were asked for:
recognition, and scores of voices, which take little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from prometheus_client import Counter, Histogram

from gateway import telemetry
from gateway.engine.process import Worker
from gateway.engine.worker import Answer, Job, Outcome, main
from gateway.models import Models
from media.recognition import Failed, Recognise

log = structlog.get_logger()

START_S = 120.0
"""How long loading the models may take."""

RETRY_S = 1.0
"""How long to wait after a worker that did not start."""

LOOK_S = 1.0
"""How often it is looked whether a worker that has nothing to do is still there."""


class Pool:
    """Run jobs in `workers` processes.

    Args:
        models: what each worker loads.
        workers: how many processes.
        timeout_s: how long one job may take before its worker counts as stalled and is replaced.
    """

    def __init__(self, models: Models, workers: int, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._jobs: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._workers = [_worker(models) for _ in range(workers)]
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
        self._tasks = [asyncio.create_task(self._serve(0, first))]
        try:
            await asyncio.wait_for(first, START_S)
            # Loading side by side, all would be ready late; calls can begin with one.
            others = range(1, len(self._workers))
            self._tasks += [asyncio.create_task(self._serve(place, first)) for place in others]
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise RuntimeError("no recognition worker came up") from None
            raise

    async def run(
        self, job: Job, latest: Callable[[Recognise], Recognise] | None = None
    ) -> Outcome:
        """Do a job in the next free worker; never raises for what the job does.

        `latest` is asked then for what the job has become: under load it has waited, and a run over
        what was said meanwhile costs hardly more than the one that was asked for.

        A job that no worker takes in time has failed, too: whoever asked must be able to go on.
        """
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Waiting(job, latest, done))
        try:
            return await asyncio.wait_for(done, 2 * self._timeout_s)
        except TimeoutError:
            _told(job)[1].labels("waited").inc()
            return Failed(job.id, "waited")

    async def exchange(self, models: Models) -> None:
        """Have other models do what is asked from now on; no job is lost, and none waits for it.

        One worker after the other gives its place to one that has loaded them already; what it is
        at, it finishes.

        Raises:
            RuntimeError: when they cannot be loaded; then those that were there go on.
        """
        before = self._workers[:]
        for place in range(len(before)):
            other = _worker(models)
            try:
                await other.begin()
                self._put(place, other)
            except (EOFError, OSError, TimeoutError, RuntimeError) as error:
                for taken, old in enumerate(before[:place]):
                    self._put(taken, old)  # whoever serves the place starts it again
                raise RuntimeError(str(error) or "no worker came up with them") from None
            finally:
                if self._workers[place] is not other:
                    other.end()

    def _put(self, place: int, worker: Worker) -> None:
        """Give a place to another worker; one that is busy ends when it has done its job."""
        old, self._workers[place] = self._workers[place], worker
        if old.idle:
            old.end()

    async def stop(self) -> None:
        """End the workers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers:
            worker.end()

    async def _serve(self, place: int, first: asyncio.Future[None]) -> None:
        while True:
            worker = self._workers[place]
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
                if worker is not self._workers[place]:
                    worker.end()
                    continue
            try:
                waiting = await asyncio.wait_for(self._jobs.get(), LOOK_S)
            except TimeoutError:
                continue
            done = waiting.done
            if done.done():  # whoever asked has gone
                continue
            worker = self._workers[place]  # another may have come meanwhile
            job = waiting.job
            if waiting.latest is not None and isinstance(job, Recognise):
                job = waiting.latest(job)
            took, failures = _told(job)
            outcome: Outcome
            try:
                answer = await asyncio.wait_for(worker.ask(job), self._timeout_s)
                assert isinstance(answer, Answer)
                took.observe(answer.compute_s)
                outcome = answer.outcome
            except TimeoutError:
                outcome = Failed(job.id, "stalled")
            except (EOFError, OSError):
                outcome = Failed(job.id, "died")
            finally:
                # Whoever asked may be gone; a late answer must not meet the next job all the same.
                if not worker.idle or worker is not self._workers[place]:
                    worker.end()
            if isinstance(outcome, Failed):
                failures.labels(outcome.reason).inc()
                log.warning("a job failed", job=type(job).__name__, reason=outcome.reason)
            if not done.done():
                done.set_result(outcome)


def _worker(models: Models) -> Worker:
    return Worker("hushgate-recogniser", main, models, start_s=START_S)


def _told(job: Job) -> tuple[Histogram, Counter]:
    """Return the metrics of how long such jobs take, and of those that fail."""
    if isinstance(job, Recognise):
        return telemetry.RECOGNITION, telemetry.RECOGNITION_FAILURES
    return telemetry.SCORING, telemetry.SCORING_FAILURES


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits for a worker, and who is told."""

    job: Job
    latest: Callable[[Recognise], Recognise] | None
    done: asyncio.Future[Outcome]
