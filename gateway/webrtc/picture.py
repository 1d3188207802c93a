"""Video of a caller: held back behind a still dark card until it may pass, as policy says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Final

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from media.audio import Seconds

_CARD_PERIOD: Final[Seconds] = 0.25
_CLOCK: Final = 90_000  # RFC 3551: ticks per second of every video payload
_DARK: Final = 0x20

Screen = Callable[[VideoFrame], Awaitable[VideoFrame | None]]
"""Makes of the caller's frames, in their order, those that may be shown; None shows the last one
again, or the card when there was none. What comes while it takes its time is skipped."""

Screened = Callable[[], Screen] | None
"""Makes the screen for each time that a picture is opened; None: it never opens."""


def _card() -> VideoFrame:
    grey = np.full((360, 640, 3), _DARK, np.uint8)
    return VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuv420p")


class Picture(MediaStreamTrack):  # type: ignore[misc]
    """Show a dark card, or, while open, what a screen makes of the frames that are put in.

    Only the newest frame waits, so a slow screen or encoder skips frames rather than falling
    behind.
    """

    kind = "video"

    def __init__(self, screened: Screened) -> None:
        super().__init__()
        self._screened = screened
        self._screen: Screen | None = None
        self._newest: VideoFrame | None = None
        self._shown: VideoFrame | None = None
        self._arrived = asyncio.Event()
        self._started: Seconds | None = None

    def open(self) -> None:
        """Let frames pass, screened, that are put in from now on."""
        if self._screen is None and self._screened is not None:
            self._screen = self._screened()

    def close(self) -> None:
        """Show the card from the next frame on."""
        self._screen = self._newest = self._shown = None

    def put(self, frame: VideoFrame) -> None:
        """Hand in the caller's next frame; while closed it is forgotten at once."""
        if self._screen is not None:
            self._newest = frame
            self._arrived.set()

    async def recv(self) -> VideoFrame:
        """Return the next frame to show."""
        try:
            async with asyncio.timeout(_CARD_PERIOD):
                await self._arrived.wait()
        except TimeoutError:
            pass
        if self.readyState != "live":
            raise MediaStreamError
        self._arrived.clear()
        await self._take()
        frame = self._shown or _card()
        now = asyncio.get_running_loop().time()
        if self._started is None:
            self._started = now
        frame.pts, frame.time_base = round((now - self._started) * _CLOCK), Fraction(1, _CLOCK)
        return frame

    async def _take(self) -> None:
        screen, frame, self._newest = self._screen, self._newest, None
        if screen is None or frame is None:
            return
        screened = await screen(frame)
        # It may have been closed meanwhile, and even opened again.
        if screened is not None and self._screen is screen:
            self._shown = screened


async def watch(track: MediaStreamTrack, picture: Picture) -> None:
    """Drain a remote video track into a picture until it ends."""
    while True:
        try:
            picture.put(await track.recv())
        except MediaStreamError:
            return
