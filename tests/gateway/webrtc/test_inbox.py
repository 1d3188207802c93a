import asyncio

import numpy as np

from gateway.legs import Audio, CallerEvent, Gone, Key
from gateway.webrtc.inbox import BOUND, Inbox
from media.audio import FRAME, RATE


def frame(value: int) -> np.ndarray:
    return np.full(FRAME, value, np.int16)


async def drain(inbox: Inbox) -> list[CallerEvent]:
    return [event async for event in inbox.events()]


async def test_events_come_in_order_and_end_with_gone() -> None:
    inbox = Inbox()
    inbox.audio(frame(1))
    inbox.key("5")
    inbox.audio(frame(2))
    inbox.end("over")
    inbox.end("not the first reason")
    inbox.audio(frame(3))
    first, key, second, gone = await drain(inbox)
    assert isinstance(first, Audio)
    assert isinstance(second, Audio)
    assert (first.pcm[0], second.pcm[0]) == (1, 2)
    assert key == Key("5")
    assert gone == Gone("over")
    assert await drain(inbox) == [Gone("over")]


async def test_a_reader_waits_for_what_comes() -> None:
    inbox = Inbox()
    reading = asyncio.create_task(drain(inbox))
    await asyncio.sleep(0)
    inbox.key("1")
    inbox.end("over")
    assert await reading == [Key("1"), Gone("over")]


async def test_a_slow_reader_loses_sound_but_no_time() -> None:
    inbox = Inbox()
    fit = BOUND // FRAME
    for _ in range(fit + 200):
        inbox.audio(frame(7))
    events = inbox.events()
    first = await anext(events)
    assert isinstance(first, Audio)
    inbox.audio(frame(8))  # there is room again: this is heard, in its place
    inbox.end("over")
    rest = [event async for event in events]
    heard = np.concatenate([first.pcm, *(e.pcm for e in rest if isinstance(e, Audio))])
    assert len(heard) == (fit + 201) * FRAME
    assert np.all(heard[:BOUND] == 7)
    assert np.all(heard[BOUND:-FRAME] == 0)
    assert np.all(heard[-FRAME:] == 8)
    assert inbox.lost == 200 * FRAME


async def test_a_flood_of_keys_is_bounded() -> None:
    inbox = Inbox()
    for _ in range(10_000):
        inbox.key("1")
    inbox.end("over")
    assert len(await drain(inbox)) == 65


async def test_sound_that_comes_faster_than_anybody_speaks_buys_no_time() -> None:
    inbox = Inbox()
    for _ in range(60 * RATE // FRAME):
        inbox.audio(frame(7))
    inbox.end("over")
    heard = sum(len(e.pcm) for e in await drain(inbox) if isinstance(e, Audio))
    assert BOUND < heard < 2 * BOUND, "what a network that was gone for seconds may bring at once"
