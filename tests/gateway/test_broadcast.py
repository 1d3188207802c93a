import asyncio

from gateway.broadcast import Broadcast
from gateway.events import Event, Notice


async def all_of(broadcast: Broadcast) -> list[str]:
    texts = []
    async for event in broadcast.subscribe():
        assert isinstance(event, Notice)
        texts.append(event.text)
    return texts


def notice(text: object) -> Event:
    return Notice(str(text), 0.0)


async def test_every_subscriber_hears_what_was_and_what_comes() -> None:
    broadcast = Broadcast()
    broadcast.publish(notice("before"))
    watching = [asyncio.create_task(all_of(broadcast)) for _ in range(2)]
    await asyncio.sleep(0)
    broadcast.publish(notice("after"))
    broadcast.end()
    assert await asyncio.gather(*watching) == [["before", "after"]] * 2
    assert await all_of(broadcast) == ["before", "after"]


async def test_a_subscriber_that_does_not_read_loses_the_oldest() -> None:
    broadcast = Broadcast()
    events = broadcast.subscribe()
    broadcast.publish(notice("first"))
    await anext(events)
    for number in range(10_000):
        broadcast.publish(notice(number))
    broadcast.end()
    rest = [event async for event in events]
    assert len(rest) == 512
    assert rest[-1] == notice(9_999)
