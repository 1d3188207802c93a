"""The ages of frames, on calls whose sound comes when the test says so."""

import asyncio

import numpy as np
import pytest

from gateway.bench.callers import FRAME_S, Caller, Mouth, Stream
from gateway.bench.talk import Reel
from media.audio import FRAME
from tests.media.sounds import silence


def a_reel(spoken: list[bool]) -> Reel:
    return Reel(
        silence(FRAME * len(spoken)),
        tuple(bytes([number]) for number in range(len(spoken))),
        np.array(spoken),
    )


def caller(started_ms: float, came: list[float], spoken: list[bool]) -> Caller:
    """Return a caller whose first sample was captured at 100 s, and who speaks from then on."""
    made = Caller("http://127.0.0.1/v1/calls")
    made.mouth.captured_from = 100.0
    made.mouth.say(a_reel(spoken), 0)
    made._stream = Stream(started_ms, came)
    return made


async def test_a_frame_is_as_old_as_the_time_from_its_capture_to_its_coming() -> None:
    came = [101.0 + FRAME_S * k for k in range(10)]
    ages, waiting = caller(0, came, [True] * 50).ages(99.99, 100.19, now=102)
    assert ages == pytest.approx([1.0] * 10)
    assert len(waiting) == 0


async def test_a_stream_that_began_in_the_call_is_counted_from_there() -> None:
    came = [101.0 + FRAME_S * k for k in range(10)]
    ages, _ = caller(60.0, came, [True] * 50).ages(100.05, 100.25, now=102)
    assert ages == pytest.approx([0.94] * 10)


async def test_silence_does_not_count() -> None:
    came = [101.0] * 10
    ages, _ = caller(0, came, [True, False] * 25).ages(99.99, 100.19, now=102)
    assert ages == pytest.approx([1.0, 0.96, 0.92, 0.88, 0.84])


async def test_what_has_not_come_is_as_old_as_it_is_by_now() -> None:
    ages, waiting = caller(0, [100.5] * 3, [True] * 50).ages(99.99, 100.09, now=107.0)
    assert ages == pytest.approx([0.5, 0.48, 0.46])
    assert waiting == pytest.approx([6.94, 6.92])


async def test_what_is_not_captured_yet_is_not_waited_for() -> None:
    ages, waiting = caller(0, [], [True] * 50).ages(99.99, 140.0, now=100.09)
    assert (len(ages), len(waiting)) == (0, 5)


async def test_a_mouth_says_its_reel_from_the_offset_round_and_round() -> None:
    mouth = Mouth()
    assert len(mouth.next_frame()[1]) > 0
    mouth.say(a_reel([True, True, False]), 1)
    assert [mouth.next_frame()[1][0] for _ in range(4)] == [1, 2, 0, 1]
    assert mouth.spoken(np.arange(5)).tolist() == [False, True, False, True, True]


async def test_a_mouth_knows_when_its_first_sample_was_captured() -> None:
    mouth = Mouth()
    assert mouth.captured_from is None
    mouth.next_frame()
    now = asyncio.get_running_loop().time()
    assert mouth.captured_from == pytest.approx(now - FRAME_S, abs=0.1)
