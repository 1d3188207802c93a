"""A peer connection offered at somebody's HTTP endpoint, by WHIP (RFC 9725), as its client.

Unlike WHIP's publishers it wants to hear, too: the offer is `sendrecv`, and so must the answer be.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import urljoin, urlsplit

from aiortc import RTCIceServer, RTCSessionDescription
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from gateway.legs import Audio
from gateway.request import ANSWER_WITHIN, Reply, request
from gateway.schema import http_url, is_loopback
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.inbox import Inbox
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice
from media.audio import Seconds

_KEY_CODECS: Final = tuple(  # at the clock of Opus, and of the codecs of telephones
    RTCRtpCodecParameters("audio/telephone-event", clock, 1, number, parameters={"0-15": None})
    for number, clock in ((126, 48_000), (125, 8_000))
)
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
    redirects to, and where a session is elsewhere, they are left out.
    """

    def __init__(
        self,
        url: str,
        voice: Voice,
        *,
        headers: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self.pc = peer_connection(ice_servers)
        self._url = url
        self._headers = dict(headers or {})
        self._tls = tls
        self.pc.addTrack(voice)
        (self._audio,) = self.pc.getTransceivers()
        self._inbox = Inbox()
        self._audio.receiver.hear(self._inbox.audio, lambda: self._inbox.end("the stream ended"))
        self.takes_keys = False
        """Whether the endpoint takes telephone events."""
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
        clock = self._audio._codecs[0].clockRate
        taken = [c for c in _KEY_CODECS if c.clockRate == clock and _rtpmap(c) in sdp]
        self._audio._codecs.extend(taken)
        self.takes_keys = bool(taken)

    async def hear(self) -> AsyncIterator[Audio]:
        """Yield what the other side says, contiguous, until the call ends. For one reader."""
        async for event in self._inbox.events():
            if isinstance(event, Audio):
                yield event

    @property
    def hung_up(self) -> bool:
        """Whether the other side, now that it is heard no more, has said so.

        By RTCP BYE, after which the transport is still up, or by DTLS close_notify.
        """
        transport = self._audio.receiver.transport
        return bool(
            transport.state == "connected" or transport._ssl.get_shutdown() & _RECEIVED_SHUTDOWN
        )

    def press(self, digit: str) -> None:
        """Press a key (`0-9*#A-D`), sent as RFC 4733 event in place of 160 ms of sound."""
        self._audio.sender.press(digit)

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


def offer_keys(sdp: str) -> str:
    """Add telephone-event to the audio section of an offer, at every clock of its sound."""
    lines = []
    audio = False
    for line in sdp.splitlines():
        if line.startswith("m="):
            audio = line.startswith("m=audio")
            line += "".join(f" {codec.payloadType}" for codec in _KEY_CODECS) if audio else ""
        lines.append(line)
        if audio and line.startswith("a=mid:"):
            for codec in _KEY_CODECS:
                lines += [_rtpmap(codec), f"a=fmtp:{codec.payloadType} 0-15"]
    return "\r\n".join(lines) + "\r\n"


def _rtpmap(codec: RTCRtpCodecParameters) -> str:
    return f"a=rtpmap:{codec.payloadType} telephone-event/{codec.clockRate}"
