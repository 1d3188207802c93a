"""Many callers at once, and the agents that they talk to, all in one process of their own.

Callers forward packets that are ready and do not decode what they hear; agents note when sound
comes and throw it away. Both read one clock, so the age of every frame is known exactly.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from gateway.bench.talk import Reel, encode
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.sound import SILENCE, Source
from media.audio import FRAME, RATE, Pcm, Seconds, seconds

FRAME_S: Final = seconds(FRAME)

Ages = tuple[NDArray[np.float64], NDArray[np.float64]]
"""How old speech frames were when they came, and how old by now those are that did not, in s."""

_ASKED_AGAIN_S: Final = 1.0
_REACHED_WITHIN_S: Final = 20.0
_SILENCE: Final = encode(np.zeros(RATE // 5, np.int16))[-1]


@dataclass(slots=True)
class Stream:
    """What an agent got: where in the call its stream starts, and when each 20 ms came."""

    started_ms: float
    came: list[Seconds] = field(default_factory=list)


class Agents:
    """The agents of all calls. They say nothing."""

    def __init__(self) -> None:
        self.url = ""
        self.streams: dict[str, Stream] = {}

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take streams within the block, at `url`."""
        async with serve(self._take, "127.0.0.1", 0, compression=None) as server:
            self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            yield

    async def _take(self, socket: ServerConnection) -> None:
        clock = asyncio.get_running_loop().time
        stream = Stream(0.0)
        try:
            async for raw in socket:
                message = json.loads(raw)
                match message["event"]:
                    case "media":
                        stream.came.append(clock())
                    case "start":
                        start = message["start"]
                        parameters = start["customParameters"]
                        stream.started_ms = float(parameters["hushgate_started_at_ms"])
                        self.streams[start["callSid"]] = stream
        except ConnectionClosed:
            pass  # what did not come by then does not come


class Mouth(Source):
    """Say a reel, from a place in it on, packet by packet; silence before that."""

    def __init__(self) -> None:
        super().__init__()
        self._said = 0
        self._reel: Reel | None = None
        self._begun = 0
        self._offset = 0
        self.captured_from: Seconds | None = None
        """When the first sample that was sent would have been captured."""

    def say(self, reel: Reel, offset: int) -> None:
        """Begin with packet `offset` of a reel."""
        self._reel, self._begun, self._offset = reel, self._said, offset

    def spoken(self, frames: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of each of these frames, counted from the first sent, whether it is speech."""
        if self._reel is None:
            return np.zeros(len(frames), np.bool_)
        places = (self._offset + frames - self._begun) % len(self._reel.spoken)
        return (frames >= self._begun) & self._reel.spoken[places]

    def next_frame(self) -> tuple[Pcm, bytes]:
        """Return the next packet; no samples go with it."""
        if self.captured_from is None:
            self.captured_from = asyncio.get_running_loop().time() - FRAME_S
        packet = self._next()
        self._said += 1
        return SILENCE, packet

    def _next(self) -> bytes:
        if self._reel is None:
            return _SILENCE
        packets = self._reel.packets
        return packets[(self._offset + self._said - self._begun) % len(packets)]


class Caller(WebRtcCaller):
    """A caller who says yes by key, does not listen, and knows how old its words came out."""

    def __init__(self, url: str, **more: Any) -> None:
        super().__init__(url, **more)
        self.mouth = Mouth()
        self._pc.getSenders()[0].replaceTrack(self.mouth)
        self._stream: Stream | None = None

    async def reach(self, agents: Agents) -> None:
        """Consent, and wait until the agent is there.

        Raises:
            TimeoutError: it was not, in time.
        """
        for receiver in self._pc.getReceivers():
            receiver.hear(None, lambda: None)  # decoding would cost as much as the gateway's own
        async with asyncio.timeout(_REACHED_WITHIN_S):
            while self.call_id not in agents.streams:
                # Before the call has heard something, a key is no answer.
                await asyncio.sleep(_ASKED_AGAIN_S)
                self.press("1")
        self._stream = agents.streams[self.call_id]

    def ages(self, begin: Seconds, end: Seconds, now: Seconds) -> Ages:
        """Return the ages of the speech captured from `begin` to `end`, as they are `now`."""
        first, stream = self.mouth.captured_from, self._stream
        if first is None or stream is None:
            return np.zeros(0), np.zeros(0)
        frames = np.arange(*(int(np.ceil((at - first) / FRAME_S)) for at in (begin, min(end, now))))
        frames = frames[self.mouth.spoken(frames)]
        captured = first + frames.astype(np.float64) * FRAME_S
        chunk_ms = 1_000 * FRAME_S
        chunks = ((frames * chunk_ms - stream.started_ms) // chunk_ms).astype(np.int64)
        there = chunks < len(stream.came)
        return np.asarray(stream.came)[chunks[there]] - captured[there], now - captured[~there]

    async def lost(self) -> int:
        """Return how many packets did not reach the gateway, by its own report."""
        report = await self._pc.getSenders()[0].getStats()
        return sum(s.packetsLost for s in report.values() if s.type == "remote-inbound-rtp")
