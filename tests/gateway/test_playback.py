import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from gateway.playback import Playback, play_live
from media.audio import FRAME, RATE
from tests.gateway.fakes import Engine, FakeCaller

SOUND = np.ones(2 * RATE, np.int16)


class Scene:
    def __init__(self) -> None:
        self.caller = FakeCaller(Engine())
        self.marks: list[str] = []
        self.playback = Playback(self.caller, self.marks.append)


@pytest_asyncio.fixture
async def scene() -> Scene:
    return Scene()


async def test_a_mark_comes_back_when_what_was_queued_before_it_was_played(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, waits = asyncio.get_running_loop(), []

    def call_later(delay: float, callback: Callable[..., Any], *args: Any) -> asyncio.Handle:
        waits.append(delay)
        return loop.call_soon(callback, *args)

    monkeypatch.setattr(loop, "call_later", call_later)
    scene.playback.play(SOUND)
    scene.playback.mark("one")
    scene.playback.play(SOUND)
    scene.playback.mark("one")
    assert scene.marks == []
    await asyncio.sleep(0)
    assert waits == [2, 4]
    assert scene.marks == ["one", "one"]


async def test_what_is_dropped_is_silent_and_its_marks_come_back_at_once(scene: Scene) -> None:
    scene.playback.play(SOUND)
    scene.playback.mark("one")
    scene.playback.mark("two")
    scene.playback.drop()
    assert scene.caller.unplayed() == 0
    assert scene.marks == ["one", "two"]
    scene.playback.drop()
    assert scene.marks == ["one", "two"]


async def test_an_agent_that_is_gone_gets_no_mark_and_its_last_words_are_played(
    scene: Scene,
) -> None:
    scene.playback.play(SOUND)
    scene.playback.mark("one")
    scene.playback.forget()
    assert scene.caller.unplayed() == 2
    scene.playback.drop()
    assert scene.marks == []


def test_what_is_live_is_played_in_time_or_dropped() -> None:
    caller = FakeCaller(Engine())
    for _ in range(200):
        play_live(caller, np.full(FRAME, 5, np.int16))
        assert caller.unplayed() <= 0.52
    assert caller.stops > 0


def test_a_delay_is_caught_up_in_silence() -> None:
    caller = FakeCaller(Engine())
    play_live(caller, np.zeros(FRAME, np.int16), behind=6)
    play_live(caller, np.full(RATE, 5, np.int16), behind=6)
    play_live(caller, np.zeros(RATE, np.int16), behind=6)
    play_live(caller, np.full(RATE, 5, np.int16), behind=6)
    assert caller.unplayed() == 2 + 0.02
    assert caller.stops == 0
