"""A caller in code: places a call at a gateway's HTTP endpoint, speaks and hears.

The demo's recorded caller, and the tests' one. Not part of what the gateway serves.
"""

from __future__ import annotations

import asyncio
import http.client
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack
from aiortc.rtp import HeaderExtensionsMap, RtpPacket, is_rtcp

from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.packets import KEYS
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice, listen
from media.audio import Pcm, Seconds

CODEC_DELAY: Final = 104
"""Samples at 16 kHz by which Opus delays sound: its look-ahead of 6.5 ms (RFC 7845, 4.2)."""

_KEY_TYPE: Final = 126
_KEY_PACKETS: Final = 5  # 100 ms of key, then the end three times (RFC 4733, 2.5.1.4)
_ANSWER_WITHIN: Final[Seconds] = 30.0


class CallRefusedError(Exception):
    """The gateway did not answer the call; `status` is HTTP's, the text its problem's detail."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP response, read whole."""

    status: int
    headers: dict[str, str]
    body: str


async def request(
    method: str,
    url: str,
    *,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Reply:
    """Send one HTTP request from a thread; header names of the reply are in lower case."""

    def work() -> Reply:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=_ANSWER_WITHIN, context=tls)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=_ANSWER_WITHIN)
        )
        try:
            connection.request(method, parts.path or "/", body=body, headers=headers or {})
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, fields, response.read().decode())
        finally:
            connection.close()

    return await asyncio.to_thread(work)


class WebRtcCaller:
    """One call placed by `call`; Opus over DTLS-SRTP, the offer by HTTP (RFC 9725)."""

    def __init__(self, pc: RTCPeerConnection, url: str, tls: ssl.SSLContext | None) -> None:
        self._pc = pc
        self._tls = tls
        self._sent: list[Pcm] = [np.zeros(CODEC_DELAY, np.int16)]
        self._voice = Voice(self._sent.append)
        self._track: MediaStreamTrack = self._voice
        self._keys: _KeyedTransport | None = None
        self._url = url
        self.location = ""
        """URL of the call; its last part is the call's id."""
        self.etag = ""

    @classmethod
    async def call(
        cls, url: str, *, video: bool = False, tls: ssl.SSLContext | None = None
    ) -> Self:
        """Place a call at `url` (such as http://127.0.0.1:8080/v1/calls) and wait for media.

        With `video` a plain green picture is sent.

        Raises:
            CallRefusedError: the gateway answered with an error.
            ConnectionError: media could not be connected.
        """
        pc = peer_connection()
        caller = cls(pc, url, tls)
        try:
            await caller._connect(video)
        except BaseException:
            await pc.close()
            raise
        return caller

    async def _connect(self, video: bool) -> None:
        pc = self._pc
        sender = pc.addTrack(self._track)
        self._keys = _KeyedTransport(sender.transport)
        sender.setTransport(self._keys)
        if video:
            pc.addTrack(VideoStreamTrack())
        done = asyncio.Event()
        pc.on("connectionstatechange", done.set)
        with loopback_candidates():
            await pc.setLocalDescription(await pc.createOffer())
        reply = await request(
            "POST",
            self._url,
            body=_offer_keys(pc.localDescription.sdp),
            headers={"Content-Type": "application/sdp"},
            tls=self._tls,
        )
        if reply.status != 201:
            raise CallRefusedError(reply.status, reply.body)
        parts = urlsplit(self._url)
        self.location = f"{parts.scheme}://{parts.netloc}{reply.headers['location']}"
        self.etag = reply.headers.get("etag", "")
        self._keys.enabled = "telephone-event" in reply.body
        answer = RTCSessionDescription(reply.body, "answer")
        await pc.setRemoteDescription(answer)
        async with asyncio.timeout(_ANSWER_WITHIN):
            while pc.connectionState not in ("connected", "failed", "closed"):
                done.clear()
                await done.wait()
        if pc.connectionState != "connected":
            raise ConnectionError("Media could not be connected.")

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
        if self._keys is None or not self._keys.enabled:
            raise RuntimeError("The gateway does not take telephone events.")
        self._keys.press(KEYS.index(digit))

    def hear(self) -> AsyncIterator[Pcm]:
        """Yield what the gateway plays, contiguous at 16 kHz, until the call ends."""
        audio = next(t for t in self._pc.getTransceivers() if t.kind == "audio")
        return listen(audio.receiver.track)

    @property
    def picture(self) -> Any:
        """The remote video track, or None."""
        return next(
            (t.receiver.track for t in self._pc.getTransceivers() if t.kind == "video"), None
        )

    async def hang_up(self) -> None:
        """End the call: DELETE, then close the peer connection."""
        with suppress(OSError):
            if self.location:
                await request("DELETE", self.location, tls=self._tls)
        await self._pc.close()


class _KeyedTransport:
    """A DTLS transport that replaces the next audio packets by those of a pressed key."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._pressed: deque[int] = deque()
        self._packets = 0
        self._timestamp = 0
        self.enabled = False

    def press(self, event: int) -> None:
        self._pressed.append(event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    async def _send_rtp(self, data: bytes) -> None:
        if self._pressed and not is_rtcp(data):
            data = self._as_event(RtpPacket.parse(data, HeaderExtensionsMap()))
        await self._transport._send_rtp(data)

    def _as_event(self, packet: RtpPacket) -> bytes:
        if self._packets == 0:
            self._timestamp = packet.timestamp
        self._packets += 1
        ending = self._packets > _KEY_PACKETS
        duration = 960 * min(self._packets, _KEY_PACKETS)
        packet.marker = int(self._packets == 1)
        packet.payload_type, packet.timestamp = _KEY_TYPE, self._timestamp
        packet.payload = bytes([self._pressed[0], 0x80 * ending | 10]) + duration.to_bytes(2, "big")
        if self._packets == _KEY_PACKETS + 3:
            self._pressed.popleft()
            self._packets = 0
        data: bytes = packet.serialize(HeaderExtensionsMap())
        return data


def _offer_keys(sdp: str) -> str:
    """Add telephone-event at Opus's clock to the audio section of an offer."""
    lines = []
    audio = False
    for line in sdp.splitlines():
        if line.startswith("m="):
            audio = line.startswith("m=audio")
            line += f" {_KEY_TYPE}" if audio else ""
        lines.append(line)
        if audio and line.startswith("a=mid:"):
            lines += [
                f"a=rtpmap:{_KEY_TYPE} telephone-event/48000",
                f"a=fmtp:{_KEY_TYPE} 0-15",
            ]
    return "\r\n".join(lines) + "\r\n"
