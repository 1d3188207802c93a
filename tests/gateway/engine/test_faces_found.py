"""Faces are found in a real process of its own, which may die or hang."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from gateway.bench.drawn import Person, place, room
from gateway.engine import faces
from gateway.engine.faces import Faces
from media.video.faces import Face, Pixels
from tests.gateway.fakes import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def finder() -> AsyncIterator[Faces]:
    finder = Faces()
    await finder.start()
    yield finder
    await finder.stop()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "WITHIN_S", 30)


def picture(person: Person | None) -> tuple[Pixels, Face | None]:
    drawn = room(320, 180)
    return drawn, place(drawn, person, 0.4, 0.5, 90) if person else None


def close_to(one: Face, other: Face) -> bool:
    edges = ("left", "top", "right", "bottom")
    return all(abs(getattr(one, e) - getattr(other, e)) < 0.1 for e in edges)


def process(finder: Faces) -> int:
    pid = finder._worker._process and finder._worker._process.pid
    assert pid is not None
    return pid


async def test_a_face_is_found_where_it_is(finder: Faces) -> None:
    drawn, face = picture(Person())
    found = await finder.find(drawn, 0)
    assert face is not None and found is not None
    assert [close_to(f, face) for f in found] == [True]


async def test_nobody_is_found_in_an_empty_room(finder: Faces) -> None:
    assert await finder.find(picture(None)[0], 45) == []


async def test_a_head_on_its_side_is_found_by_turning_the_picture(finder: Faces) -> None:
    drawn, _ = picture(Person(leaning=50))
    sides = [await finder.find(drawn, tilt) for tilt in (45, -45)]
    assert any(f.left < 0.4 < f.right and f.top < 0.5 < f.bottom for s in sides for f in s or [])


async def test_what_is_no_picture_is_a_failure_and_the_process_goes_on(finder: Faces) -> None:
    first = process(finder)
    assert await finder.find(np.zeros(9, np.uint8), 0) is None
    assert await finder.find(picture(None)[0], 0) == []
    assert process(finder) == first


async def test_a_process_that_dies_is_replaced(finder: Faces) -> None:
    first = process(finder)
    os.kill(first, signal.SIGSTOP)
    looking = asyncio.create_task(finder.find(picture(None)[0], 0))
    await until(lambda: not finder._worker.idle)
    os.kill(first, signal.SIGKILL)
    assert await looking is None
    assert await finder.find(picture(None)[0], 0) == []
    assert process(finder) != first


async def test_a_process_that_hangs_makes_nobody_wait_and_is_replaced(
    finder: Faces, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = process(finder)
    monkeypatch.setattr(faces, "WITHIN_S", 0.05)
    monkeypatch.setattr(faces, "STALLED_S", 0.5)
    os.kill(first, signal.SIGSTOP)
    async with asyncio.timeout(20):
        assert await finder.find(picture(None)[0], 0) is None
        assert await finder.find(picture(None)[0], 0) is None
    assert not finder._waiting, "frames whose time is over are not kept"
    monkeypatch.setattr(faces, "WITHIN_S", 30)
    assert await finder.find(picture(None)[0], 0) == []
    assert process(finder) != first
