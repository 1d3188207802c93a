"""A peer connection offered at somebody's HTTP endpoint, by WHIP (RFC 9725), as its client.

Unlike WHIP's publishers it wants to hear, too: the offer is `sendrecv`, and so must the answer be.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from aiortc import RTCIceServer, RTCSessionDescription
from aiortc.rtp import HeaderExtensionsMap, RtpPacket, is_rtcp

from gateway.request import ANSWER_WITHIN, Reply, request
from gateway.schema import http_url, is_loopback
from gateway.webrtc.coding import code_inline
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.packets import KEYS, tap
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice, listen
from media.audio import Pcm, Seconds

_KEY_TYPE: Final = 126
_KEY_PACKETS: Final = 5  # 100 ms of key, then the end three times (RFC 4733, 2.5.1.4)
_RECEIVED_SHUTDOWN: Final = 2  # of OpenSSL
_MOST_REDIRECTS: Final = 3
_DELETE_WITHIN: Final[Seconds] = 3.0


class CallRefusedError(Exception):
    """The endpoint did not answer the call; `status` is HTTP's, the text is the endpoint's."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


class Session:
    """One call at an endpoint: `connect` once, `end` once.

    `headers` (a token, what the endpoint is told) go to the endpoint's own origin only; where it
    redirects to, and where a session is elsewhere, they are left out. With `inline` sound is coded
    on the loop (see `gateway.webrtc.coding`) and floods are cut, as a gateway needs it.
    """

    def __init__(
        self,
        url: str,
        voice: Voice,
        *,
        headers: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        ice_servers: Sequence[RTCIceServer] = (),
        inline: bool = False,
    ) -> None:
        self.pc = peer_connection(ice_servers)
        self._url = url
        self._headers = dict(headers or {})
        self._tls = tls
        self._inline = inline
        sender = self.pc.addTrack(voice)
        (self._audio,) = self.pc.getTransceivers()
        self._keys = _KeyedTransport(sender.transport)
        sender.setTransport(self._keys)
        self.location = ""
        """Address of the call at the endpoint."""
        self.etag = ""

    async def connect(self, within: Seconds = ANSWER_WITHIN) -> None:
        """Offer, take the answer and wait for media.

        Raises:
            CallRefusedError: the endpoint answered with an error.
            TimeoutError: it took longer.
            OSError: the endpoint or its media could not be reached, or its answer not be used.
        """
        pc = self.pc
        done = asyncio.Event()
        pc.on("connectionstatechange", done.set)
        async with asyncio.timeout(within):
            with loopback_candidates(is_loopback(urlsplit(self._url).hostname or "")):
                await pc.setLocalDescription(await pc.createOffer())
            reply = await self._offer(offer_keys(pc.localDescription.sdp))
            self._keys.enabled = "telephone-event" in reply.body
            await self._accept(reply.body)
            while pc.connectionState not in ("connected", "failed", "closed"):
                done.clear()
                await done.wait()
        if pc.connectionState != "connected":
            raise ConnectionError("media could not be connected")

    async def _offer(self, sdp: str) -> Reply:
        url = self._url
        for _ in range(1 + _MOST_REDIRECTS):
            headers = {"Content-Type": "application/sdp", **self._headers_for(url)}
            reply = await request("POST", url, body=sdp, headers=headers, tls=self._tls)
            if reply.status == 201:
                if location := reply.headers.get("location"):
                    self.location = urljoin(url, location)
                self.etag = reply.headers.get("etag", "")
                return reply
            if reply.status not in (307, 308):
                raise CallRefusedError(reply.status, reply.body)
            location = reply.headers.get("location", "")
            try:
                target = http_url(location and urljoin(url, location))
            except ValueError:
                raise CallRefusedError(reply.status, "redirected to no safe address") from None
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                raise CallRefusedError(reply.status, "redirected away from https")
            url = target
        raise CallRefusedError(reply.status, "redirected too often")

    async def _accept(self, sdp: str) -> None:
        try:
            await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        except Exception:  # upstream raises AssertionError, KeyError, StopIteration and more
            raise ConnectionError("the answer cannot be used") from None
        if self._audio.currentDirection != "sendrecv":
            raise ConnectionError("the answer is no conversation: sound goes one way only")
        if self._inline:
            code_inline(self._audio.sender, self._audio.receiver)
            tap(self._audio.receiver)

    def hear(self) -> AsyncIterator[Pcm]:
        """Yield what the other side says, contiguous at 16 kHz, until the call ends."""
        return listen(self._audio.receiver.track)

    @property
    def hung_up(self) -> bool:
        """Whether the other side, now that it is heard no more, has said so.

        By RTCP BYE, after which the transport is still up, or by DTLS close_notify.
        """
        transport = self._audio.receiver.transport
        return bool(
            transport.state == "connected" or transport._ssl.get_shutdown() & _RECEIVED_SHUTDOWN
        )

    @property
    def takes_keys(self) -> bool:
        """Whether the endpoint takes telephone events."""
        return self._keys.enabled

    def press(self, digit: str) -> None:
        """Press a key (`0-9*#A-D`), sent as RFC 4733 event in place of 160 ms of sound."""
        self._keys.press(KEYS.index(digit))

    async def end(self) -> None:
        """End the call: DELETE, then close the peer connection."""
        with suppress(OSError, ValueError):
            if self.location:
                await request(
                    "DELETE",
                    self.location,
                    headers=self._headers_for(self.location),
                    tls=self._tls,
                    within=_DELETE_WITHIN,
                )
        await self.pc.close()

    def _headers_for(self, url: str) -> dict[str, str]:
        return self._headers if same_origin(url, self._url) else {}


def same_origin(one: str, other: str) -> bool:
    """Tell whether two addresses have scheme, host and port in common (RFC 6454)."""

    def origin(url: str) -> tuple[str, str | None, int]:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)

    return origin(one) == origin(other)


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


def offer_keys(sdp: str) -> str:
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
