"""One process of our own that does job after job, and the pipe to it.

What takes long and may crash or hang runs in such a process, so that no call's sound waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any


@dataclass(frozen=True, slots=True)
class Broken:
    """What the process needs could not be loaded, and why."""

    why: str


def serve(pipe: Connection, load: Callable[[], Callable[[Any], object] | Broken]) -> None:
    """Answer jobs from `pipe` until it closes. The first message out says that all is loaded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, BrokenPipeError, OSError):
        run = load()
        if isinstance(run, Broken):
            pipe.send(run)
            return
        pipe.send("ready")
        while True:
            pipe.send(run(pipe.recv()))


class Worker:
    """The process, seen from the gateway.

    Args:
        name: what the process is called.
        main: runs there, with its end of the pipe and `given`; ends in `serve`.
        given: can be pickled.
        start_s: how long loading may take.
    """

    def __init__(
        self, name: str, main: Callable[..., None], *given: object, start_s: float = 120
    ) -> None:
        self._name = name
        self._main = main
        self._given = given
        self._start_s = start_s
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._loaded = False
        self.idle = True

    @property
    def ready(self) -> bool:
        """Tell whether it can be asked."""
        return self._loaded and self._process is not None and self._process.is_alive()

    async def begin(self) -> None:
        """Start the process and wait until it can be asked.

        Raises:
            RuntimeError: when it says that something cannot be loaded.
            EOFError, OSError, TimeoutError: when it does not come up.
        """
        self.end()  # what is left of one that died
        self.idle = False
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=self._main, args=(theirs, *self._given), name=self._name, daemon=True
        )
        self._process.start()
        theirs.close()
        greeting = await asyncio.wait_for(self._receive(), self._start_s)
        if isinstance(greeting, Broken):
            raise RuntimeError(greeting.why)
        self._loaded = self.idle = True

    async def ask(self, job: object) -> object:
        """Have a job done. Not idle when it is cancelled: its answer is still to come then.

        Raises:
            EOFError, OSError: when the process is gone.
        """
        if self._pipe is None:
            raise EOFError
        self.idle = False
        # In a thread: a worker that does not read would hold up every call.
        await asyncio.to_thread(self._pipe.send, job)
        answer = await self._receive()
        self.idle = True
        return answer

    async def _receive(self) -> object:
        """Read one message from the pipe without a thread."""
        assert self._pipe is not None
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        descriptor = self._pipe.fileno()
        loop.add_reader(descriptor, readable.set)
        try:
            await readable.wait()
        finally:
            with contextlib.suppress(ValueError, OSError):
                loop.remove_reader(descriptor)
        message: object = self._pipe.recv()
        return message

    def end(self) -> None:
        """Kill the process; it can begin again."""
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        self._loaded = False
        self.idle = True
