"""`hushgate bench relay`: how many legs a core carries, how late sound comes, what a leg costs.

`serve`: a gateway whose callers hear themselves, for the load to call. `hear`: a few callers who
measure how late they hear. Both are ours (`gateway.bench.echo`) or stock aiortc
(`gateway.bench.stock`), which has nothing of ours around its media, so neither is imported before
it is known which. A process lives until its standard input ends, and so never longer than whoever
started it.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.listener import HttpSettings, listening

SIDES: Final = {"hushgate": "gateway.bench.echo", "stock": "gateway.bench.stock"}
"""Whose media → the module that has its `app` and its `Caller`."""


@dataclass(slots=True)
class Heard:
    """How much a gateway has heard of all its callers, in seconds, and how many there are."""

    seconds: float = 0.0
    calls: int = 0


def counted(app: Starlette, heard: Heard) -> Starlette:
    """Let an application tell at `/counts` what it has heard, and what it holds."""

    async def counts(request: Request) -> Response:
        tasks = len(asyncio.all_tasks())
        held = {"at": time.monotonic(), "tasks": tasks, **_held_by_process()}
        return JSONResponse({**asdict(heard), **held})

    app.router.routes.insert(0, Route("/counts", counts))
    return app


def _held_by_process() -> dict[str, int]:
    files = [os.path.realpath(entry) for entry in Path("/proc/self/fd").iterdir()]
    return {
        "threads": len(list(Path("/proc/self/task").iterdir())),
        "sockets": sum("/socket:" in file for file in files),
    }


async def serve(app: Starlette) -> None:
    """Serve on a free port of loopback until standard input ends; the address is printed."""
    async with listening(app, HttpSettings(port=0)) as url:
        print(url, flush=True)  # noqa: T201 - read by whoever started this
        await _input_ended()


async def _input_ended() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look() -> None:
        if not os.read(0, 4096):
            ended.set()

    loop.add_reader(0, look)
    await ended.wait()
    loop.remove_reader(0)


def main(arguments: list[str]) -> None:
    """Run `serve SIDE CORE MODE` or `hear SIDE CORE URL SECONDS`."""
    task, side, cores, *more = arguments
    os.sched_setaffinity(0, {int(core) for core in cores.split(",")})  # before any thread
    module: Any = importlib.import_module(SIDES[side])
    if task == "serve":
        asyncio.run(serve(module.app(*more)))
    else:
        from gateway.bench.hearing_oneself import hear

        result = asyncio.run(hear(module.Caller, more[0], float(more[1])))
        print(json.dumps(result), flush=True)  # noqa: T201 - read by whoever started this


if __name__ == "__main__":
    main(sys.argv[1:])
