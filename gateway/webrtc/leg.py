"""The caller leg over WebRTC: one answered peer connection, seen as `gateway.legs.CallerLeg`."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from aiortc import RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidStateError, OperationError
from aiortc.rtcicetransport import RTCIceParameters

from gateway.legs import CallerEvent
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.inbox import Inbox
from gateway.webrtc.offer import (
    MOST_CANDIDATES,
    IceRestartError,
    Offer,
    OfferError,
    read_fragment,
    read_offer,
    write_fragment,
)
from gateway.webrtc.packets import bound
from gateway.webrtc.peer import hung_up, peer_connection
from gateway.webrtc.picture import Picture, Screened, watch
from gateway.webrtc.sound import Voice
from media.audio import Pcm, Seconds

CONNECT_WITHIN: Final[Seconds] = 20.0
"""ICE and DTLS must be up by then, or the leg is gone: with trickle ICE aioice waits for ever."""

_LOST: Final = "the network to the caller is lost"
_UFRAGS_KNOWN: Final = 32  # ICE sessions whose late news is not taken for a restart

log = structlog.get_logger()

_open_legs: set[WebRtcLeg] = set()


class WebRtcLeg:
    """A caller who offered a peer connection. Made by `answer`."""

    def __init__(self, pc: RTCPeerConnection, voice: Voice, picture: Picture) -> None:
        self._pc = pc
        self._voice = voice
        self._picture = picture
        self._inbox = Inbox()
        self._tasks: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self._offer: Offer | None = None
        self._negotiating = asyncio.Lock()
        self._ufrags: deque[str] = deque(maxlen=_UFRAGS_KNOWN)
        self._candidates_taken = 0
        self.ice_tag = ""
        """Names the ICE session; an HTTP entity tag without its quotes (RFC 9725, 4.3.1)."""

    @classmethod
    async def answer(
        cls,
        offer_sdp: str,
        *,
        loopback: bool = False,
        ice_servers: Sequence[RTCIceServer] = (),
        screened: Screened = None,
    ) -> tuple[WebRtcLeg, str]:
        """Answer an offer; return the leg and the answer.

        The answer waits a moment, no more, for STUN and TURN servers (`connection`).

        Args:
            offer_sdp: the caller's offer; its candidates may be trickled by `add_candidates`.
            loopback: gather 127.0.0.1 too, for callers on this machine.
            ice_servers: STUN and TURN servers to gather from; none by default.
            screened: what video is shown through while it is open: see `screens`.

        Raises:
            MalformedOfferError: the offer is not SDP that WebRTC can use.
            OfferError: it has no audio to hear, no common codec, or asks for more than is served.
        """
        offer = read_offer(offer_sdp)
        pc = peer_connection(ice_servers)
        leg = cls(pc, Voice(), Picture(screened))
        _open_legs.add(leg)
        try:
            pc.on("connectionstatechange", leg._on_state)
            await leg._accept(offer)
            leg._begin_ice_session(offer.ice)
            with loopback_candidates(loopback):
                await pc.setLocalDescription(await pc.createAnswer())
        except BaseException:
            await leg.hang_up()
            raise
        leg._spawn(leg._expire())
        return leg, pc.localDescription.sdp

    async def _accept(self, offer: Offer) -> None:
        try:
            await self._pc.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
        except (
            OperationError,
            ValueError,
            KeyError,
            AssertionError,
            AttributeError,
            TypeError,
        ) as exc:
            raise OfferError("The offer cannot be applied: its parts do not fit.") from exc
        self._offer = offer
        for transceiver in self._pc.getTransceivers():
            if transceiver.sender.track is None:
                self._attach(transceiver)
            if transceiver.kind == "audio":
                # Opus first: the first codec is what both sides send. Keys last: never sent.
                transceiver._codecs.sort(key=lambda codec: codec.name.lower() != "opus")
                if offer.dtx:
                    transceiver._codecs[0].parameters["usedtx"] = 1
                transceiver._codecs.extend(offer.key_codecs)

    def _attach(self, transceiver: Any) -> None:
        """Connect a new section of the call with what is played and heard."""
        receiver = transceiver.receiver
        if transceiver.kind == "audio":
            self._pc.addTrack(self._voice)
            receiver.hear(self._inbox.audio, partial(self._unheard, receiver), self._inbox.key)
        else:
            self._pc.addTrack(self._picture)
            bound(receiver)
            if receiver.track is not None:
                self._spawn(watch(receiver.track, self._picture))

    async def renegotiate(self, offer_sdp: str) -> str:
        """Answer a further offer: hold and resumption, other codecs, video, a restart of ICE.

        Video that comes into a call that began without stays behind its card: nobody was asked.

        Raises:
            MalformedOfferError: the offer is not SDP that WebRTC can use.
            IceRestartError: it asks for an ICE restart that cannot be.
            OfferError: it does not fit the call, asks for more than is served, or the call ends.
        """
        async with self._negotiating:
            offer = read_offer(offer_sdp, before=self._offer)
            if offer.ice.usernameFragment != self._ufrags[-1]:
                self._restart_ice(offer.ice)
            try:
                await self._accept(offer)
                await self._pc.setLocalDescription(await self._pc.createAnswer())
            except InvalidStateError:
                raise OfferError("The call is ending.") from None
            answer: str = self._pc.localDescription.sdp
            return answer

    async def add_candidates(self, fragment: str) -> str | None:
        """Take trickled candidates (application/trickle-ice-sdpfrag, RFC 8840).

        New credentials in it restart ICE (RFC 9725, 4.3.3): then the fragment of our side is
        returned, and `ice_tag` is another.

        Raises:
            MalformedOfferError: the fragment cannot be read.
            IceRestartError: it asks for an ICE restart that cannot be.
            OfferError: the caller has named too many candidates.
        """
        read = read_fragment(fragment)
        restart = read.ice is not None and read.ice.usernameFragment != self._ufrags[-1]
        if restart:
            self._restart_ice(read.ice)
        self._candidates_taken += len(read.candidates)
        if self._candidates_taken > MOST_CANDIDATES:
            raise OfferError(f"More than {MOST_CANDIDATES} candidates were trickled.")
        # Together, because resolving an mDNS name takes a second.
        await asyncio.gather(*map(self._pc.addIceCandidate, read.candidates))
        if read.end:
            await self._pc.addIceCandidate(None)
        if not restart:
            return None
        gatherer = self._ice_transport().iceGatherer
        assert self._offer is not None
        return write_fragment(
            gatherer.getLocalParameters(), gatherer.getLocalCandidates(), self._offer.sections[0]
        )

    def _restart_ice(self, ice: RTCIceParameters) -> None:
        transport = self._ice_transport()
        if ice.usernameFragment in self._ufrags:
            raise IceRestartError("This ICE session is over: another has come after it.")
        if not transport._connection.restartable:
            raise IceRestartError("ICE cannot be restarted before it has connected.")
        transport._connection.restart(ice)
        transport.iceGatherer._remote_candidates_end = False
        self._begin_ice_session(ice)

    def _begin_ice_session(self, ice: RTCIceParameters) -> None:
        self._ufrags.append(str(ice.usernameFragment))
        self._candidates_taken = 0
        self.ice_tag = secrets.token_urlsafe(8)

    def _ice_transport(self) -> Any:
        transports = {t.receiver.transport.transport for t in self._pc.getTransceivers()}
        if len(transports) > 1:
            raise IceRestartError("ICE can be restarted in calls whose sections are bundled.")
        return transports.pop()

    @property
    def connected(self) -> bool:
        """Whether ICE and DTLS are up."""
        return self._connected.is_set() and self._closing is None

    def events(self) -> AsyncIterator[CallerEvent]:
        """Yield what the caller does, ending with `Gone`. For one reader (see `Inbox`)."""
        return self._inbox.events()

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Queue samples to be heard by the caller after what is queued already."""
        self._voice.play(pcm, coded)

    def stop_playing(self) -> None:
        """Drop what is queued."""
        self._voice.stop_playing()

    def unplayed(self) -> Seconds:
        """Tell how much is queued and not yet sent."""
        return self._voice.unplayed()

    @property
    def has_video(self) -> bool:
        """Whether the caller offers video."""
        return any(t.kind == "video" for t in self._pc.getTransceivers())

    def open_video(self) -> None:
        """Let the caller's video pass from the next frame on, as policy lets it; not before."""
        self._picture.open()

    def close_video(self) -> None:
        """Hold the caller's video back again from the next frame on."""
        self._picture.close()

    async def hang_up(self) -> None:
        """End the leg and free its sockets and threads; calling it again waits for the same."""
        self._inbox.end("hung up by the gateway")
        await asyncio.shield(self._close())

    def _close(self) -> asyncio.Task[None]:
        if self._closing is None:
            self._closing = asyncio.create_task(self._free())
        return self._closing

    async def _free(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        try:
            await self._pc.close()
        finally:
            _open_legs.discard(self)

    def _gone(self, reason: str) -> None:
        self._inbox.end(reason)
        self._close()

    def _on_state(self) -> None:
        match self._pc.connectionState:
            case "connected":
                self._connected.set()
            case "failed" if self._connected.is_set():
                self._gone(_LOST)
            case "failed":
                self._gone("the caller could not be connected")
            case "closed":
                self._gone("the caller hung up")

    async def _expire(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                await self._connected.wait()
        except TimeoutError:
            self._gone("the caller did not connect in time")

    def _unheard(self, receiver: Any) -> None:
        def tell() -> None:
            self._gone("the caller hung up" if hung_up(receiver) else _LOST)

        # Once the transport, which is just telling its receivers that it ends, has ended.
        asyncio.get_running_loop().call_soon(tell)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as exc:
            log.error("caller leg failed", error=type(exc).__name__)
            self._gone("the caller leg failed")


async def close_all() -> None:
    """Hang up every leg. Needed before the loop ends: decoder threads of video are not daemons."""
    for leg in list(_open_legs):
        with suppress(Exception):
            await leg.hang_up()
