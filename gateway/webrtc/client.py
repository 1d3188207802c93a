"""A caller in code: places a call at a gateway's HTTP endpoint, speaks and hears.

The demo's recorded caller, and the tests' one. Not part of what the gateway serves.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any, Final, Self

import numpy as np
from aiortc.mediastreams import VideoStreamTrack

from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import Session
from media.audio import Pcm, Seconds

CODEC_DELAY: Final = 104
"""Samples at 16 kHz by which Opus delays sound: its look-ahead of 6.5 ms (RFC 7845, 4.2)."""


class WebRtcCaller:
    """One call placed by `call`; Opus over DTLS-SRTP, the offer by HTTP (RFC 9725)."""

    def __init__(self, url: str, *, video: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self._sent: list[Pcm] = [np.zeros(CODEC_DELAY, np.int16)]
        self._voice = Voice(self._sent.append)
        self._session = Session(url, self._voice, tls=tls)
        self._pc = self._session.pc
        if video:
            self._pc.addTrack(VideoStreamTrack())

    @classmethod
    async def call(
        cls, url: str, *, video: bool = False, tls: ssl.SSLContext | None = None
    ) -> Self:
        """Place a call at `url` (such as http://127.0.0.1:8080/v1/calls) and wait for media.

        With `video` a plain green picture is sent.

        Raises:
            CallRefusedError: the gateway answered with an error.
            OSError: the gateway or its media could not be reached.
        """
        caller = cls(url, video=video, tls=tls)
        try:
            await caller._session.connect()
        except BaseException:
            await caller._pc.close()
            raise
        return caller

    @property
    def location(self) -> str:
        """URL of the call; its last part is the call's id."""
        return self._session.location

    @property
    def etag(self) -> str:
        """Names the ICE session."""
        return self._session.etag

    @property
    def call_id(self) -> str:
        """The call's id at the gateway."""
        return self.location.rsplit("/", 1)[-1]

    @property
    def sent(self) -> Pcm:
        """All that was sent since the first RTP packet, silence included: mono, 16 kHz.

        Aligned with what the other side decodes: Opus's look-ahead is in it.
        """
        return np.concatenate(self._sent)

    def say(self, pcm: Pcm) -> None:
        """Queue samples (mono, 16 kHz) to be sent after what is queued already."""
        self._voice.play(pcm)

    def unsaid(self) -> Seconds:
        """Tell how much is queued and not yet sent."""
        return self._voice.unplayed()

    async def said(self) -> None:
        """Wait until nothing is queued."""
        while self.unsaid() > 0 and self._pc.connectionState == "connected":  # noqa: ASYNC110
            await asyncio.sleep(max(0.02, self.unsaid() / 2))

    def press(self, digit: str) -> None:
        """Press a key (`0-9*#A-D`), sent as RFC 4733 event in place of 160 ms of sound.

        What is replaced still shows in `sent`: press keys while saying nothing.
        """
        if not self._session.takes_keys:
            raise RuntimeError("The gateway does not take telephone events.")
        self._session.press(digit)

    async def hear(self) -> AsyncIterator[Pcm]:
        """Yield what the gateway plays, contiguous at 16 kHz, until the call ends."""
        async for heard in self._session.hear():
            yield heard.pcm

    @property
    def picture(self) -> Any:
        """The remote video track, or None."""
        return next(
            (t.receiver.track for t in self._pc.getTransceivers() if t.kind == "video"), None
        )

    async def hang_up(self) -> None:
        """End the call: DELETE, then close the peer connection."""
        await self._session.end()
