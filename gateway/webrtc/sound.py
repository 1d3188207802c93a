"""What a peer connection says: a voice that plays what is queued, 20 ms at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, NoReturn

import numpy as np
from aiortc import MediaStreamTrack

from gateway import telemetry
from media.audio import FRAME, RATE, Pcm, Samples, Seconds, seconds

LONGEST_QUEUE: Final[Samples] = 120 * RATE
"""What a voice holds at most; of more than that the oldest is dropped and counted."""

_LONGEST_PACKET: Final = 1_276
"""Bytes of a frame of Opus and its head (RFC 6716, 3.2.1). Padding could make a packet so long that
it does not fit into a datagram any more when it is sent on."""

SILENCE: Final[Pcm] = np.zeros(FRAME, np.int16)
"""The frame of a voice that has nothing to say: this very array, not one like it."""
SILENCE.flags.writeable = False


class Source(MediaStreamTrack):  # type: ignore[misc]
    """What an `AudioSender` sends, 20 ms at a time, when it is due."""

    kind = "audio"

    def next_frame(self) -> tuple[Pcm, bytes | None]:
        """Return the next 20 ms: 320 samples at 16 kHz, and, if there is one, their Opus packet.

        With a packet the samples are not encoded: the packet is sent as it is.
        """
        raise NotImplementedError

    async def recv(self) -> NoReturn:
        """Raise: frames are not asked for in aiortc's way."""
        raise NotImplementedError


class Voice(Source):
    """Play queued 16 kHz samples, 20 ms a frame; silence when there are none."""

    def __init__(self, on_frame: Callable[[Pcm], None] | None = None) -> None:
        super().__init__()
        self._queue: deque[tuple[Pcm, bytes | None]] = deque()
        self._queued: Samples = 0
        self._on_frame = on_frame
        self.dropped: Samples = 0
        """Samples that were dropped because the queue was full."""

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Queue samples, with their Opus packet if they are 20 ms and it is at hand.

        What would make the queue longer than `LONGEST_QUEUE` pushes out the oldest.
        """
        pcm = pcm[-LONGEST_QUEUE:]
        if not len(pcm):
            return
        fits = coded is not None and len(pcm) == FRAME and len(coded) <= _LONGEST_PACKET
        self._queue.append((pcm.copy(), coded if fits else None))
        self._queued += len(pcm)
        while self._queued > LONGEST_QUEUE:
            oldest, _ = self._queue.popleft()
            excess = self._queued - LONGEST_QUEUE
            if len(oldest) > excess:
                self._queue.appendleft((oldest[excess:], None))
            self._queued -= min(excess, len(oldest))
            self.dropped += min(excess, len(oldest))
            telemetry.DROPPED.labels("voice").inc()

    def stop_playing(self) -> None:
        """Drop what is queued."""
        self._queue.clear()
        self._queued = 0

    def unplayed(self) -> Seconds:
        """Tell how much is queued."""
        return seconds(self._queued)

    def next_frame(self) -> tuple[Pcm, bytes | None]:
        """Return the next 20 ms and their Opus packet, if they came with one."""
        pcm, coded = self._next()
        if self._on_frame is not None:
            self._on_frame(pcm)
        return pcm, coded

    def _next(self) -> tuple[Pcm, bytes | None]:
        if not self._queue:
            return SILENCE, None
        head, coded = self._queue.popleft()
        if len(head) == FRAME:
            self._queued -= FRAME
            return head, coded
        pcm = np.zeros(FRAME, np.int16)
        filled = 0
        while True:
            part = head[: FRAME - filled]
            pcm[filled : filled + len(part)] = part
            filled += len(part)
            if len(part) < len(head):
                self._queue.appendleft((head[len(part) :], None))
            if filled == FRAME or not self._queue:
                self._queued -= filled
                return pcm, None
            head, _ = self._queue.popleft()
