import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from gateway.playback import LIVE, Live, Playback
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


LOUD = np.full(FRAME, 5_000, np.int16)
QUIET = np.full(FRAME, 5, np.int16)


class Line:
    """Plays 20 ms every 20 ms; what comes is offered to a `Live`."""

    def __init__(self) -> None:
        self.caller = FakeCaller(Engine())
        self.live = Live(self.caller)

    def run(self, frames: int, sound: np.ndarray = LOUD) -> None:
        for _ in range(frames):
            self.live.play(sound)
            self.passes(1)

    def passes(self, frames: int) -> None:
        self.caller._queue = self.caller._queue[frames * FRAME :]

    @property
    def waits(self) -> float:
        return self.caller.unplayed()


def test_what_is_live_is_played_in_time_or_dropped() -> None:
    line = Line()
    for _ in range(200):
        line.live.play(LOUD)
        assert line.waits <= LIVE + 0.04
    assert line.caller.stops > 0


def test_what_comes_in_time_is_played_as_it_came() -> None:
    line = Line()
    line.run(500)
    assert len(line.caller.played) == 500
    assert line.waits == 0


@pytest.mark.parametrize("late", [1, 3, 10])
def test_a_delay_is_made_up_for_within_a_second(late: int) -> None:
    line = Line()
    line.run(50)
    line.passes(late)  # nothing comes; then all of it at once
    for _ in range(late):
        line.live.play(LOUD)
    line.run(50)
    assert line.waits <= 0.02
    assert line.caller.stops == 0


def test_silence_is_left_out_before_speech_is() -> None:
    line = Line()
    line.run(32)
    line.live.play(LOUD)
    line.live.play(LOUD)
    line.run(20)
    line.run(8, QUIET)
    line.run(50)
    played = [bool(pcm[0] == 5_000) for pcm in line.caller.played]
    assert played.count(True) == 32 + 2 + 20 + 50
    assert played.count(False) == 6
    assert line.waits == 0


def test_what_jitter_needs_is_not_left_out() -> None:
    line = Line()
    line.run(3, LOUD)
    for _ in range(100):  # three come at once, every 60 ms
        for _ in range(3):
            line.live.play(LOUD)
        line.passes(3)
    assert len(line.caller.played) == 303
