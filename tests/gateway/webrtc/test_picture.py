"""What is shown of a caller's video: the card, and frames as policy lets them through."""

import asyncio

import numpy as np
import pytest
from av import VideoFrame

from gateway.bench.drawn import Person, place, room
from gateway.engine.faces import detect
from gateway.webrtc.picture import Picture, Screen
from gateway.webrtc.screens import LONGEST, PERIOD, Blurred, passed, screens
from media.video.faces import LOOK_AREA, Face, Pixels, look
from media.video.veil import AHEAD

CAMERA = np.full((360, 640, 3), (20, 220, 60), np.uint8)


def frame(pixels: Pixels = CAMERA) -> VideoFrame:
    return VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")


def is_card(shown: VideoFrame) -> bool:
    pixels = shown.to_ndarray(format="rgb24")
    return bool(np.ptp(pixels) < 5 and pixels.max() < 60)


def rgb(shown: VideoFrame | None) -> Pixels:
    assert shown is not None
    pixels: Pixels = shown.to_ndarray(format="rgb24")
    return pixels


async def nobody(pixels: Pixels, tilt: int) -> list[Face] | None:
    return []


async def after_the_hold(blurred: Blurred, given: VideoFrame) -> VideoFrame | None:
    """Put in the frame and as many more as make it come out."""
    shown = await blurred(given)
    for _ in range(AHEAD):
        assert shown is None
        shown = await blurred(frame())
    return shown


# ---- the card ----


async def test_a_closed_picture_shows_the_card() -> None:
    picture = Picture(lambda: passed)
    picture.put(frame())
    assert is_card(await picture.recv())


async def test_an_open_picture_shows_frames_and_a_closed_one_the_card_at_once() -> None:
    picture = Picture(lambda: passed)
    picture.open()
    picture.put(frame())
    assert not is_card(await picture.recv())
    picture.put(frame())
    picture.close()
    assert is_card(await picture.recv())


async def test_a_blocked_picture_never_opens() -> None:
    picture = Picture(None)
    picture.open()
    picture.put(frame())
    assert is_card(await picture.recv())


async def test_a_picture_opened_again_shows_nothing_from_before() -> None:
    picture = Picture(lambda: passed)
    picture.open()
    picture.put(frame())
    await picture.recv()
    picture.close()
    picture.open()
    assert is_card(await picture.recv())


async def test_a_frame_that_is_screened_while_the_picture_closes_is_not_shown() -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(given: VideoFrame) -> VideoFrame:
        reached.set()
        await go_on.wait()
        return given

    screens_made: list[Screen] = [slow, passed]
    picture = Picture(lambda: screens_made.pop(0))
    picture.open()
    picture.put(frame())
    showing = asyncio.create_task(picture.recv())
    await reached.wait()
    picture.close()
    picture.open()
    go_on.set()
    assert is_card(await showing)


# ---- policy ----


async def test_each_policy_has_its_screen() -> None:
    async with screens("block") as block, screens("pass") as through, screens("blur") as blur:
        assert block is None
        assert through is not None and through() is passed
        assert blur is not None and isinstance(blur(), Blurred)
        assert blur() is not blur(), "a caller's picture has its own memory"


# ---- blurred ----


async def test_faces_are_hidden_and_the_rest_shows() -> None:
    async def found(pixels: Pixels, tilt: int) -> list[Face]:
        return look(pixels, tilt, detect)

    drawn = room(640, 360)
    place(drawn, Person(), 0.3, 0.5, 150)
    place(drawn, Person((150, 100, 70), turned=1), 0.6, 0.4, 70)
    before = drawn.copy()
    assert len(detect(drawn)) == 2
    shown = rgb(await after_the_hold(Blurred(found), frame(drawn)))
    assert detect(shown) == []
    assert np.abs(shown[:, 500:].astype(int) - before[:, 500:]).mean() < 3


@pytest.mark.parametrize("fails", [True, False], ids=["raises", "says so"])
async def test_when_nobody_can_look_the_frame_is_hidden_whole(fails: bool) -> None:
    async def blind(pixels: Pixels, tilt: int) -> None:
        if fails:
            raise RuntimeError("no detector")

    fine = np.random.default_rng(1).integers(0, 256, (360, 640, 3), np.uint8)
    shown = rgb(await after_the_hold(Blurred(blind), frame(fine)))
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= 40


async def test_frames_are_looked_at_small_and_tilted_in_turn() -> None:
    asked: list[tuple[int, int]] = []

    async def note(pixels: Pixels, tilt: int) -> list[Face]:
        asked.append((pixels.shape[0] * pixels.shape[1], tilt))
        return []

    blurred = Blurred(note)
    for _ in range(4):
        await blurred(frame())
    assert asked == [(LOOK_AREA, tilt) for tilt in (0, 45, 0, -45)]


async def test_no_more_than_fifteen_frames_a_second_are_taken() -> None:
    blurred, loop = Blurred(nobody), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(5):
        await blurred(frame())
    assert loop.time() - began >= 4 * PERIOD


@pytest.mark.parametrize(
    ("size", "shown_size"),
    [((1920, 1080), (LONGEST, 360)), ((2, 2), (2, 2)), ((33, 17), (33, 17)), ((480, 640), None)],
)
async def test_frames_of_any_size(size: tuple[int, int], shown_size: tuple[int, int]) -> None:
    given = VideoFrame(*size, "rgb24")
    shown = await after_the_hold(Blurred(nobody), given)
    assert shown is not None
    assert (shown.width, shown.height) == (shown_size or size)
