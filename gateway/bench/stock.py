"""Stock aiortc's side of `hushgate bench relay`: an echo as its examples build one.

Of its media nothing is changed; only where it listens, which by itself leaves loopback out. What a
caller says is decoded by its threads, relayed by its `MediaRelay`, goes through the inspection
(mode `inspected`) or does not (`plain`), and is encoded by its threads.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any, Final

import aioice.ice
import numpy as np
import soxr
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.bench.passing import Passing
from gateway.bench.side import Heard, counted
from gateway.request import request as send
from media.audio import FRAME, RATE, Pcm

_OPUS: Final = 48_000

aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


class Echoed(MediaStreamTrack):  # type: ignore[misc]
    """What a caller is played: what it says, through the inspection if there is one."""

    kind = "audio"

    def __init__(self, source: MediaStreamTrack, passing: Passing | None, heard: Heard) -> None:
        super().__init__()
        self._source = source
        self._passing = passing
        self._heard = heard
        self._resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        self._passed: Pcm = np.zeros(0, np.int16)
        self._sent = 0

    async def recv(self) -> AudioFrame:
        """Return the next frame: the one that came, or 20 ms of what the inspection let out."""
        frame = await self._source.recv()
        self._heard.seconds += frame.samples / frame.sample_rate
        if self._passing is None:
            return frame
        for mono in self._resampler.resample(frame):
            out = list(self._passing.feed(mono.to_ndarray()[0]))
            self._passed = np.concatenate([self._passed, *out])
        pcm = np.zeros(FRAME, np.int16)
        part, self._passed = self._passed[:FRAME], self._passed[FRAME:]
        pcm[: len(part)] = part
        frame = AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = self._sent, Fraction(1, RATE)
        self._sent += FRAME
        return frame


def app(mode: str) -> Starlette:
    """Return the application of one mode; its calls are placed and ended as the gateway's are."""
    heard = Heard()
    relay = MediaRelay()
    calls: dict[str, RTCPeerConnection] = {}

    async def place(request: Request) -> Response:
        offer = RTCSessionDescription((await request.body()).decode(), "offer")
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        call_id = secrets.token_urlsafe(16)
        calls[call_id] = pc

        @pc.on("track")  # type: ignore[untyped-decorator]
        def on_track(track: MediaStreamTrack) -> None:
            passing = Passing() if mode == "inspected" else None
            pc.addTrack(Echoed(relay.subscribe(track), passing, heard))

        @pc.on("connectionstatechange")  # type: ignore[untyped-decorator]
        async def on_state() -> None:
            heard.calls += pc.connectionState == "connected"
            if pc.connectionState in ("failed", "closed") and calls.pop(call_id, None):
                heard.calls -= 1
                await pc.close()

        await pc.setRemoteDescription(offer)
        await pc.setLocalDescription(await pc.createAnswer())
        headers = {"Location": f"/v1/calls/{call_id}"}
        sdp: str = pc.localDescription.sdp
        return Response(sdp, 201, media_type="application/sdp", headers=headers)

    async def end(request: Request) -> Response:
        if pc := calls.get(request.path_params["call_id"]):
            await pc.close()
        return Response()

    made = Starlette(
        routes=[
            Route("/v1/calls", place, methods=["POST"]),
            Route("/v1/calls/{call_id}", end, methods=["DELETE"]),
        ]
    )
    made.state.stopping = asyncio.Event()
    return counted(made, heard)


class _Saying(MediaStreamTrack):  # type: ignore[misc]
    """Say a sound once, then silence: 20 ms at a time, at the rate of its encoder."""

    kind = "audio"

    def __init__(self, sound: Pcm, on_frame: Callable[[], None]) -> None:
        super().__init__()
        self._sound = soxr.resample(sound, RATE, _OPUS)
        self._on_frame = on_frame
        self._said = 0
        self._began: float | None = None

    async def recv(self) -> AudioFrame:
        """Return the next frame when it is due."""
        now = asyncio.get_running_loop().time()
        if self._began is None:
            self._began = now
        await asyncio.sleep(self._began + self._said / _OPUS - now)
        pcm = np.zeros(_OPUS // 50, np.int16)
        part = self._sound[self._said : self._said + len(pcm)]
        pcm[: len(part)] = part
        self._on_frame()
        frame = AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = _OPUS
        frame.pts, frame.time_base = self._said, Fraction(1, _OPUS)
        self._said += len(pcm)
        return frame


class Caller:
    """A caller who says a sound once; `on_frame` is told whenever 20 ms are sent."""

    rate: Final = _OPUS

    def __init__(self, url: str, sound: Pcm, on_frame: Callable[[], None]) -> None:
        self._url = url
        self.pc: Any = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.addTrack(_Saying(sound, on_frame))

    async def connect(self) -> None:
        """Place the call."""
        connected = asyncio.Event()
        self.pc.on("connectionstatechange", connected.set)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        sdp = self.pc.localDescription.sdp
        reply = await send("POST", self._url, body=sdp, headers={"Content-Type": "application/sdp"})
        await self.pc.setRemoteDescription(RTCSessionDescription(reply.body, "answer"))
        async with asyncio.timeout(10):
            while self.pc.connectionState != "connected":
                connected.clear()
                await connected.wait()

    async def hear(self) -> AsyncIterator[Pcm]:
        """Yield what comes back, at `rate`, until the call ends."""
        (receiver,) = self.pc.getReceivers()
        with suppress(MediaStreamError):
            while True:
                frame = await receiver.track.recv()
                yield frame.to_ndarray().reshape(-1, frame.layout.nb_channels)[:, 0]

    async def hang_up(self) -> None:
        """End the call."""
        await self.pc.close()
