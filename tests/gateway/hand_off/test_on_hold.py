"""What a waiting caller hears."""

from itertools import pairwise

import numpy as np
import pytest

from gateway.hand_off.hold import OnHold
from media.audio import RATE, Pcm, seconds
from tests.gateway.fakes import Engine, FakeCaller

MUSIC = np.arange(5 * RATE // 2, dtype=np.int16)  # two and a half seconds, each sample known


class Waiting:
    """A caller on hold; prompts last a second and are told by name."""

    def __init__(self) -> None:
        self.leg = FakeCaller(Engine())
        self.told: list[tuple[float, str]] = []
        self.now = 0.0
        self.hold = OnHold(self.leg, self._prompt, MUSIC)

    def _prompt(self, name: str) -> Pcm:
        self.told.append((round(self.now, 1), name))
        return np.full(RATE, -1, np.int16)

    def wait(self, duration: float) -> None:
        """Let time pass, in the caller's ear and at the hold."""
        for _ in range(round(duration * 10)):
            self.hold.tick(self.now)
            assert self.leg.unplayed() > 0, "there is always something to be heard"
            self.now += 0.1
            self.leg._queue = self.leg._queue[RATE // 10 :]


@pytest.fixture
def caller() -> Waiting:
    return Waiting()


def test_music_goes_on_round_and_round(caller: Waiting) -> None:
    caller.wait(12)
    heard = np.concatenate(caller.leg.played)
    assert caller.told == [(0.0, "wait")]
    music = heard[RATE:]
    assert len(music) > 10 * RATE
    assert np.array_equal(music, np.resize(MUSIC, len(music)))


def test_the_place_is_told_at_first_and_when_it_has_changed(caller: Waiting) -> None:
    caller.hold.moved(3)
    caller.wait(30)
    caller.hold.moved(2)
    caller.wait(30)
    caller.hold.moved(2)
    caller.wait(30)
    names = [name for _, name in caller.told]
    assert names == ["wait_position_3", "wait_position_2"]
    at = caller.told[1][0]
    assert 30 <= at <= 32  # when the music that was queued has been played


def test_the_place_is_not_told_more_often_than_every_twenty_seconds(caller: Waiting) -> None:
    for position in (6, 5, 4, 3, 2, 1):
        caller.hold.moved(position)
        caller.wait(5)
    caller.wait(30)
    times = [at for at, _ in caller.told]
    assert all(b - a >= 20 for a, b in pairwise(times))
    assert [name for _, name in caller.told] == [
        "wait_position_6",
        "wait_position_2",
        "wait_position_1",
    ]


def test_a_place_far_back_or_unknown_is_told_without_a_number(caller: Waiting) -> None:
    for position in (14, 13, None, 10):
        caller.hold.moved(position)
        caller.wait(25)
    caller.hold.moved(9)
    caller.wait(25)
    assert [name for _, name in caller.told] == ["wait", "wait_position_9"]


def test_what_is_queued_already_is_heard_first(caller: Waiting) -> None:
    caller.leg.play(np.full(2 * RATE, 7, np.int16))
    caller.wait(1.4)
    assert caller.told == []
    caller.wait(0.4)
    assert caller.told == [(1.5, "wait")]
    assert seconds(len(caller.leg._queue)) < 2
