"""Video of a caller: held back behind a still dark card until it may pass."""

from __future__ import annotations

import asyncio
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


def _card() -> VideoFrame:
    grey = np.full((360, 640, 3), _DARK, np.uint8)
    return VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuv420p")


class Picture(MediaStreamTrack):  # type: ignore[misc]
    """Show a dark card, or, while open, the frames that are put in.

    Only the newest frame waits, so a slow encoder skips frames rather than falling behind.
    """

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._open = False
        self._newest: VideoFrame | None = None
        self._arrived = asyncio.Event()
        self._started: Seconds | None = None

    def open(self) -> None:
        """Let frames pass that are put in from now on."""
        self._open = True

    def close(self) -> None:
        """Show the card from the next frame on."""
        self._open = False
        self._newest = None

    def put(self, frame: VideoFrame) -> None:
        """Hand in the caller's next frame; while closed it is forgotten at once."""
        if self._open:
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
        frame = self._newest if self._open and self._newest is not None else _card()
        now = asyncio.get_running_loop().time()
        if self._started is None:
            self._started = now
        frame.pts, frame.time_base = round((now - self._started) * _CLOCK), Fraction(1, _CLOCK)
        return frame


async def watch(track: MediaStreamTrack, picture: Picture) -> None:
    """Drain a remote video track into a picture until it ends."""
    while True:
        try:
            picture.put(await track.recv())
        except MediaStreamError:
            return
