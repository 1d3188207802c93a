"""One call's events to whoever watches: terminal, page, report. Watchers never slow the call."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from gateway.events import Event

_HISTORY: Final = 256
_BACKLOG: Final = 512


class Broadcast:
    """Publish events to any number of subscribers, each with a bounded queue.

    A subscriber first gets the last 256 events. One that falls 512 events behind loses the oldest.
    """

    def __init__(self) -> None:
        self._history: deque[Event] = deque(maxlen=_HISTORY)
        self._subscribers: set[_Subscriber] = set()
        self._ended = False

    def publish(self, event: Event) -> None:
        """Hand an event to all. Never blocks."""
        self._history.append(event)
        for subscriber in self._subscribers:
            subscriber.put(event)

    def end(self) -> None:
        """Let every subscription end after what it still has to deliver."""
        self._ended = True
        for subscriber in self._subscribers:
            subscriber.end()

    async def subscribe(self) -> AsyncIterator[Event]:
        """Yield the past events and those to come, until `end`."""
        subscriber = _Subscriber(self._history)
        if self._ended:
            subscriber.end()
        self._subscribers.add(subscriber)
        try:
            async for event in subscriber.events():
                yield event
        finally:
            self._subscribers.discard(subscriber)


class _Subscriber:
    def __init__(self, history: deque[Event]) -> None:
        self._waiting: deque[Event] = deque(history, maxlen=_BACKLOG)
        self._news = asyncio.Event()
        self._ended = False

    def put(self, event: Event) -> None:
        self._waiting.append(event)
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()

    async def events(self) -> AsyncIterator[Event]:
        while self._waiting or not self._ended:
            if self._waiting:
                yield self._waiting.popleft()
            else:
                self._news.clear()
                await self._news.wait()
