"""A call's events as server-sent events (WHATWG HTML, 9.2)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Final

from gateway.events import Event, as_json
from media.audio import Seconds

_HEARTBEAT: Final[Seconds] = 15.0


async def server_sent(events: AsyncIterator[Event], stopping: asyncio.Event) -> AsyncIterator[str]:
    """Turn events into an event stream: `data:` lines of JSON, at the call's end `event: end`.

    A comment now and then finds readers that are gone. `stopping` ends the stream at shutdown.
    """
    source = aiter(events)
    over = asyncio.ensure_future(stopping.wait())
    coming = asyncio.ensure_future(anext(source))
    try:
        yield ": the call's events\n\n"
        while True:
            await asyncio.wait(
                (coming, over), timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
            )
            if over.done():
                return
            if not coming.done():
                yield ":\n\n"
                continue
            try:
                event = coming.result()
            except StopAsyncIteration:
                yield "event: end\ndata: {}\n\n"
                return
            coming = asyncio.ensure_future(anext(source))
            yield f"data: {json.dumps(as_json(event), ensure_ascii=False)}\n\n"
    finally:
        over.cancel()
        coming.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration):
            await coming
        if isinstance(source, AsyncGenerator):
            await source.aclose()
