"""Sound of a peer connection: a track that speaks from a queue, and listening to a remote one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from typing import Final

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from media.audio import FRAME, RATE, Pcm, Samples, Seconds, seconds
from media.timeline import Timeline

LONGEST_QUEUE: Final[Samples] = 120 * RATE
"""What a voice holds at most; samples beyond it are dropped and counted."""

_LATEST: Final[Seconds] = 0.2  # a voice that is later than this starts its clock anew: no burst


class Voice(MediaStreamTrack):  # type: ignore[misc]
    """Play queued 16 kHz samples in real time, 20 ms a frame; silence when there are none."""

    kind = "audio"

    def __init__(self, on_frame: Callable[[Pcm], None] | None = None) -> None:
        super().__init__()
        self._queue: deque[Pcm] = deque()
        self._queued: Samples = 0
        self._on_frame = on_frame
        self._sent: Samples = 0
        self._due: Seconds | None = None
        self.dropped: Samples = 0
        """Samples that found the queue full."""

    def play(self, pcm: Pcm) -> None:
        """Queue samples; what would make the queue longer than `LONGEST_QUEUE` is dropped."""
        room = LONGEST_QUEUE - self._queued
        self.dropped += max(0, len(pcm) - room)
        taken = pcm[:room].copy()
        if len(taken):
            self._queue.append(taken)
            self._queued += len(taken)

    def stop_playing(self) -> None:
        """Drop what is queued."""
        self._queue.clear()
        self._queued = 0

    def unplayed(self) -> Seconds:
        """Tell how much is queued."""
        return seconds(self._queued)

    async def recv(self) -> AudioFrame:
        """Return the next frame when it is due: mono s16 at 16 kHz, 320 samples."""
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        if self._due is None or now - self._due > _LATEST:
            self._due = now
        await asyncio.sleep(self._due - now)
        self._due += seconds(FRAME)
        pcm = self._next()
        if self._on_frame is not None:
            self._on_frame(pcm)
        frame = AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = self._sent, Fraction(1, RATE)
        self._sent += FRAME
        return frame

    def _next(self) -> Pcm:
        pcm = np.zeros(FRAME, np.int16)
        filled = 0
        while self._queue and filled < FRAME:
            head = self._queue.popleft()
            part = head[: FRAME - filled]
            pcm[filled : filled + len(part)] = part
            filled += len(part)
            if len(part) < len(head):
                self._queue.appendleft(head[len(part) :])
        self._queued -= filled
        return pcm


async def listen(track: MediaStreamTrack) -> AsyncIterator[Pcm]:
    """Yield what a remote audio track brings, contiguous at 16 kHz, until it ends."""
    timeline = Timeline()
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        pcm = timeline.feed(
            frame.to_ndarray().reshape(-1, frame.layout.nb_channels),
            frame.pts,
            rate=frame.sample_rate,
            clock=frame.time_base.denominator // frame.time_base.numerator,
        )
        if len(pcm):
            yield pcm
