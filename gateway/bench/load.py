"""Many callers who cost next to nothing, so that one core of them can fill a gateway's.

A line is a real call: ICE and DTLS by aiortc. Once it is up its socket and its SRTP keys are taken
over by one loop for all lines, which every 20 ms sends a packet that was encoded ahead and reads
what has come. When something came the kernel has noted; what is in it nobody decodes. STUN and
DTLS still go to aiortc.
"""

from __future__ import annotations

import asyncio
import heapq
import os
import socket
import struct
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import aioice.ice
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from numpy.typing import NDArray

from gateway.request import request
from media.audio import Seconds

FRAME_S: Final[Seconds] = 0.02

CONNECT_WITHIN: Final[Seconds] = 15.0
"""How long a call may take until its media is connected."""

CLOCK: Final = 48_000
"""Of Opus's timestamps (RFC 7587, 4.1)."""

_END_WITHIN: Final[Seconds] = 10.0
_BEHIND: Final[Seconds] = 0.2  # a loop that is later than this leaves packets out: no burst
_ROOM: Final = 2_048
_TIMESTAMPED: Final = 35  # SO_TIMESTAMPNS, of Linux
_STAMP: Final = struct.Struct("qq")
_HEADER: Final = struct.Struct("!BBHII")
_MEDIA: Final = range(128, 192)  # first byte of RTP and RTCP (RFC 7983)
_CONTROL: Final = range(192, 224)  # second byte of RTCP (RFC 5761)


class LineError(Exception):
    """A call could not be placed; the message says why."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the packets of a stretch of time came.

    `late` in seconds, a value for each packet that was due; one that never came is as late as the
    stretch is long.
    """

    late: NDArray[np.float64]
    missing: int


def lateness(came: Sequence[Seconds], stamps: Sequence[int], time_s: Seconds) -> Lateness:
    """Return how late the packets of `time_s` came, by when they came and by their timestamps.

    A packet was due when its timestamp says, counted from the packet that came soonest by its own.
    """
    there = np.asarray(came, np.float64)
    offsets = there - np.unwrap(np.asarray(stamps, np.float64), period=2.0**32) / CLOCK
    # What came last may still be to be read.
    missing = max(0, int(time_s / FRAME_S) - 2 - len(there))
    late = offsets - offsets.min() if len(there) else offsets
    return Lateness(np.concatenate([late, np.full(missing, time_s)]), missing)


class Line:
    """One call: a stream of packets that goes out, and when which packet came back."""

    def __init__(self, reel: Sequence[bytes], place: int, pc: Any, location: str) -> None:
        (sender,) = pc.getSenders()
        self.location = location
        self._reel, self._place = reel, place
        self._pc = pc
        self._ssrc = sender._ssrc
        self._type = 128 | pc.getTransceivers()[0]._codecs[0].payloadType
        dtls = sender.transport
        self._keys, self._their_keys = dtls._tx_srtp, dtls._rx_srtp
        pair = dtls.transport._connection._nominated[1]
        self._protocol, self._address = pair.protocol, pair.remote_addr
        self._number = 0
        self._came = array("d")
        self._stamps = array("L")
        self.octets = 0
        """Bytes of the packets that came since `forget`."""
        self._last = b""
        number = self._protocol.transport.get_extra_info("socket").fileno()
        # The loop's public `remove_reader` refuses while its transport has the socket.
        asyncio.get_running_loop()._remove_reader(number)  # type: ignore[attr-defined]
        self._socket = socket.socket(fileno=os.dup(number))
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMPED, 1)
        self.due = 0.0
        """When to send the next packet, on the loop's clock."""

    def __lt__(self, other: Line) -> bool:
        return self.due < other.due

    @property
    def up(self) -> bool:
        """Whether the call has not ended."""
        return bool(self._pc.connectionState == "connected")

    def turn(self) -> None:
        """Send the next packet, and read what has come."""
        payload = self._reel[(self._place + self._number) % len(self._reel)]
        stamp = self._number * int(CLOCK * FRAME_S) & 0xFFFFFFFF
        header = _HEADER.pack(128, self._type & 127, self._number & 0xFFFF, stamp, self._ssrc)
        self._number += 1
        try:
            self._socket.sendto(self._keys.protect(header + payload), self._address)
            while True:
                data, notes, _, address = self._socket.recvmsg(_ROOM, 64)
                if data and data[0] in _MEDIA:
                    if data[1] not in _CONTROL:
                        seconds, nanoseconds = _STAMP.unpack(notes[0][2])
                        self._came.append(seconds + nanoseconds * 1e-9)
                        self._stamps.append(int.from_bytes(data[4:8], "big"))
                        self.octets += len(data)
                        self._last = data
                else:
                    self._protocol.datagram_received(data, address)
        except OSError:  # nothing more has come, or the other side is gone
            pass

    def skip(self, packets: int) -> None:
        """Leave packets out."""
        self._number += packets

    def forget(self) -> None:
        """Count from here on."""
        del self._came[:], self._stamps[:]
        self.octets = 0

    def lateness(self, time_s: Seconds) -> Lateness:
        """Return how late what came since `forget`, `time_s` ago, was."""
        return lateness(self._came, self._stamps, time_s)

    def opened(self) -> bytes:
        """Return the newest packet that came, in the clear; b"" if none has.

        Raises:
            pylibsrtp.Error: it is not the gateway's.
        """
        packet: bytes = self._their_keys.unprotect(self._last) if self._last else b""
        return packet

    async def end(self, *, by_request: bool = True) -> None:
        """End the call: by the gateway's HTTP face, or only by DTLS."""
        try:
            if by_request:
                await request("DELETE", self.location, within=CONNECT_WITHIN)
        finally:
            self._socket.close()
            await self._pc.close()

    async def vanish(self) -> None:
        """End without a word, as a caller whose network is lost."""
        self._protocol.transport.abort()
        await self.end(by_request=False)


class Load:
    """The lines that are up. Their loop runs while `running` is entered."""

    def __init__(self, reel: Sequence[bytes]) -> None:
        self._reel = reel
        self._waiting: list[Line] = []
        self._placed = 0
        self._gathering = asyncio.Lock()
        self.late: list[Seconds] = []
        """How late packets were sent."""

    @property
    def lines(self) -> list[Line]:
        """The lines that are up."""
        return list(self._waiting)

    async def call(self, url: str) -> Line:
        """Place one more call, and let it talk.

        Raises:
            LineError: it was refused, or not connected in time.
        """
        self._placed += 1
        place = self._placed * len(self._reel) // 7
        line = await _connected(url, self._reel, place, self._gathering)
        # One after another within 20 ms, in an order that keeps any number of them apart.
        phase = self._placed * 0.618034 % 1 * FRAME_S
        now = asyncio.get_running_loop().time()
        line.due = now - now % FRAME_S + FRAME_S + phase
        heapq.heappush(self._waiting, line)
        return line

    def drop(self, line: Line) -> None:
        """Let a line talk no more."""
        self._waiting.remove(line)
        heapq.heapify(self._waiting)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send and read within the block; at its end every line is closed, without a request."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            loop.cancel()
            lines, self._waiting = self._waiting, []
            ending = [asyncio.create_task(line.end(by_request=False)) for line in lines]
            if ending:
                _, stuck = await asyncio.wait(ending, timeout=_END_WITHIN)
                for task in stuck:
                    task.cancel()

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            now = clock()
            while self._waiting and self._waiting[0].due <= now:
                line = self._waiting[0]
                late = now - line.due
                self.late.append(late)
                line.turn()
                skipped = int(late / FRAME_S) if late > _BEHIND else 0
                line.skip(skipped)
                line.due += (1 + skipped) * FRAME_S
                heapq.heapreplace(self._waiting, line)
                now = clock()
            wait = self._waiting[0].due - now if self._waiting else FRAME_S
            await asyncio.sleep(min(wait, FRAME_S))


class _Quiet(MediaStreamTrack):  # type: ignore[misc]
    """Says nothing: the loop of all lines does."""

    kind = "audio"

    async def recv(self) -> Any:
        await asyncio.Event().wait()


async def _connected(url: str, reel: Sequence[bytes], place: int, gathering: asyncio.Lock) -> Line:
    """Place a call and take it over when it is up."""
    pc: Any = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    pc.addTrack(_Quiet())
    changed = asyncio.Event()
    pc.on("connectionstatechange", changed.set)
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            async with gathering, _only_loopback():
                await pc.setLocalDescription(await pc.createOffer())
            reply = await request(
                "POST",
                url,
                body=pc.localDescription.sdp,
                headers={"Content-Type": "application/sdp"},
                within=CONNECT_WITHIN,
            )
            if reply.status != 201:
                raise LineError(f"the call was refused: {reply.status}")
            await pc.setRemoteDescription(RTCSessionDescription(reply.body, "answer"))
            while pc.connectionState not in ("connected", "failed", "closed"):
                changed.clear()
                await changed.wait()
        if pc.connectionState != "connected":
            raise LineError("media could not be connected")
        return Line(reel, place, pc, urljoin(url, reply.headers["location"]))
    except BaseException as error:
        await pc.close()
        if isinstance(error, TimeoutError | OSError):
            raise LineError(f"the call was not connected: {type(error).__name__}") from None
        raise


@asynccontextmanager
async def _only_loopback() -> AsyncIterator[None]:
    """Gather 127.0.0.1, which aioice leaves out, and nothing else: a line has one socket."""
    addresses = aioice.ice.get_host_addresses
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    try:
        yield
    finally:
        aioice.ice.get_host_addresses = addresses
