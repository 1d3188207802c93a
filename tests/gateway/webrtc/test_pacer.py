"""Twenty milliseconds for everybody, whoever is late or fails."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.webrtc.pacer import SLOTS, Pacer, pacer
from media.audio import Seconds


class Clock:
    """A loop's time, which goes on when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        self.now = 100.0
        self.timer: tuple[Seconds, Callable[[], None]] | None = None
        monkeypatch.setattr(loop, "time", lambda: self.now)
        monkeypatch.setattr(loop, "call_at", self._call_at)

    def _call_at(self, at: Seconds, call: Callable[[], None]) -> Any:
        self.timer = at, call
        return object()

    def passes(self, duration: Seconds) -> None:
        end = self.now + duration
        while self.timer is not None and self.timer[0] <= end:
            (self.now, call), self.timer = (max(self.now, self.timer[0]), self.timer[1]), None
            call()
        self.now = end


class Member:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.beats: list[Seconds] = []

    def beat(self, now: Seconds) -> None:
        self.beats.append(self.clock.now)


async def test_each_member_has_a_beat_every_20_ms(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, paced = Clock(monkeypatch), Pacer()
    members = [Member(clock) for _ in range(7)]
    for member in members:
        paced.add(member)
    clock.passes(1.001)
    for member in members:
        gaps = [b - a for a, b in zip(member.beats, member.beats[1:], strict=False)]
        assert gaps == pytest.approx([0.02] * len(gaps))
        assert len(gaps) >= 49


async def test_members_are_spread_over_the_20_ms(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, paced = Clock(monkeypatch), Pacer()
    members = [Member(clock) for _ in range(2 * SLOTS)]
    for member in members:
        paced.add(member)
    clock.passes(0.0199)
    assert len({member.beats[0] for member in members}) == SLOTS


async def test_who_is_removed_has_no_more_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, paced = Clock(monkeypatch), Pacer()
    stays, leaves = Member(clock), Member(clock)
    paced.add(stays)
    paced.add(leaves)
    clock.passes(0.1)
    paced.remove(leaves)
    beats = len(leaves.beats)
    clock.passes(0.1)
    assert len(leaves.beats) == beats < len(stays.beats)
    paced.remove(stays)
    clock.passes(0.1)
    assert clock.timer is None, "nobody is left"
    paced.add(stays)
    beats = len(stays.beats)
    clock.passes(0.1)
    assert len(stays.beats) in (beats + 5, beats + 6)


async def test_missed_beats_are_made_up_for_but_not_many(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, paced = Clock(monkeypatch), Pacer()
    member = Member(clock)
    paced.add(member)
    clock.passes(0.1)
    beats = len(member.beats)
    clock.now += 0.1  # the loop is blocked
    clock.passes(0.001)
    assert len(member.beats) == pytest.approx(beats + 5, abs=1)
    beats = len(member.beats)
    clock.now += 2.0
    clock.passes(0.001)
    assert len(member.beats) == beats + 1


async def test_who_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Member):
        def beat(self, now: Seconds) -> None:
            super().beat(now)
            raise RuntimeError

    clock, paced = Clock(monkeypatch), Pacer()
    failing, member = Failing(clock), Member(clock)
    for one in (failing, member):
        paced.add(one)
    with capture_logs() as logs:
        clock.passes(0.1)
    assert len(failing.beats) == 1
    assert len(member.beats) >= 5
    assert [line["log_level"] for line in logs] == ["error"]


async def test_a_loop_has_one_pacer() -> None:
    assert pacer() is pacer()
