"""What a caller's video is shown through once it may be shown: as it is, or with faces hidden.

To hide faces is to turn frames into pixels and back, at a bounded cost and beside the event loop:
what finds faces is a process, everything else that takes time runs in threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, Literal

import structlog
from av import VideoFrame

from gateway.engine.faces import Faces
from gateway.webrtc.picture import Screened
from media.audio import Seconds
from media.video.faces import Face, Pixels, look_size
from media.video.veil import Veil

log = structlog.get_logger()

Find = Callable[[Pixels, int], Awaitable[list[Face] | None]]
"""Finds faces in a picture of `look_size`, with a tilt (see `media.video.faces.look`); None when
that failed."""

PERIOD: Final[Seconds] = 1 / 15
"""From one frame to the next: a camera that sends more is not looked at more often."""

LONGEST: Final = 640
"""Pixels of a shown frame's longer side; a larger one is scaled down."""


@asynccontextmanager
async def screens(policy: Literal["block", "blur", "pass"]) -> AsyncIterator[Screened]:
    """Run what `policy.video` needs, for all calls; give what makes their screens.

    Raises:
        RuntimeError: when nothing can look for faces.
    """
    match policy:
        case "block":
            yield None
        case "pass":
            yield lambda: passed
        case "blur":
            faces = Faces()
            await faces.start()
            try:
                yield lambda: Blurred(faces.find)
            finally:
                await faces.stop()


async def passed(frame: VideoFrame) -> VideoFrame:
    """Show the caller's picture as it is: a `Screen`."""
    return frame


class Blurred:
    """One opening of one caller's picture: a `Screen`."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._veil = Veil()
        self._due: Seconds = 0.0

    async def __call__(self, frame: VideoFrame) -> VideoFrame | None:
        """Take a frame and return an earlier one with its faces hidden; not too often."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._due - loop.time())
        self._due = max(self._due, loop.time()) + PERIOD
        try:
            pixels, small = await asyncio.to_thread(picture_and_look, frame)
        except ValueError as error:  # of libav: no picture that it can convert
            log.warning("a video frame was dropped", error=type(error).__name__)
            return None
        try:
            faces = await self._find(small, self._veil.tilt)
        except Exception as error:
            log.error("looking for faces failed", error=type(error).__name__)
            faces = None
        return await asyncio.to_thread(self._veiled, pixels, faces)

    def _veiled(self, pixels: Pixels, faces: list[Face] | None) -> VideoFrame | None:
        shown = self._veil.feed(pixels, faces)
        return None if shown is None else VideoFrame.from_ndarray(shown, format="rgb24")


def picture_and_look(frame: VideoFrame) -> tuple[Pixels, Pixels]:
    """Return a frame's picture to show, and the one in which faces are looked for."""
    scale = min(1.0, LONGEST / max(frame.width, frame.height))
    shown = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    return _rgb(frame, shown), _rgb(frame, look_size(*shown))


def _rgb(frame: VideoFrame, size: tuple[int, int]) -> Pixels:
    pixels: Pixels = frame.reformat(*size, format="rgb24").to_ndarray()
    return pixels
