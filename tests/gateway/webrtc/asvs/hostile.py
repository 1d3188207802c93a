"""A caller with a call at a leg of the gateway, and what an attacker would do with its keys.

The caller is plain aiortc, so that nothing of the gateway's own sending is in it.
"""

from __future__ import annotations

import asyncio
import functools
import math
import os
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import SessionDescription
from av import AudioFrame

from gateway.legs import Audio, Gone
from gateway.webrtc import ice
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.leg import WebRtcLeg
from media.audio import RATE, Pcm
from tests.gateway.fakes import until
from tests.gateway.switchboard import tone

OPUS_TYPE: Final = 96  # aiortc's
TRUE_HERTZ: Final = 700  # what the caller says
FALSE_HERTZ: Final = 1_500  # what must not be heard
TRUE_VOICE: Final = tone(TRUE_HERTZ, 1.0)
FALSE_VOICE: Final = tone(FALSE_HERTZ, 1.0)
PAUSE_S: Final = 0.08  # the least for which a stream is filled while nothing comes


class Loop(MediaStreamTrack):  # type: ignore[misc]
    """Sound over and over again, 20 ms a frame at 48 kHz."""

    kind = "audio"

    def __init__(self, pcm: Pcm) -> None:
        super().__init__()
        self._pcm = np.repeat(pcm, 3)  # to 48 kHz, as roughly as an attack needs it
        self._sent = 0
        self._due = self._latest = 0.0
        self.paused = 0.0
        """Seconds in which it could not speak, in pauses longer than a jitter buffer waits."""

    async def recv(self) -> AudioFrame:
        clock = asyncio.get_running_loop().time
        self._due = self._due or clock()
        await asyncio.sleep(self._due - clock())
        self._due += 0.02
        before, self._latest = self._latest or clock(), clock()
        if self._latest - before > PAUSE_S:
            self.paused += self._latest - before
        pcm = self._pcm.take(range(self._sent, self._sent + 960), mode="wrap")
        frame = AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 48_000
        frame.pts, frame.time_base = self._sent, Fraction(1, 48_000)
        self._sent += 960
        return frame


class Line:
    """A call between a plain caller and a leg; what the caller's socket sends is in `sent`."""

    def __init__(
        self, caller: RTCPeerConnection, leg: WebRtcLeg, answer: str, listen: bool
    ) -> None:
        self.caller = caller
        self.leg = leg
        self.answer = answer
        self.sent: list[bytes] = []
        self._heard: list[Pcm] = []
        self._news = asyncio.Event()
        self._listening = asyncio.create_task(self._listen()) if listen else None
        self.gone: str | None = None

    async def _listen(self) -> None:
        async for event in self.leg.events():
            if isinstance(event, Audio):
                self._heard.append(event.pcm)
            elif isinstance(event, Gone):
                self.gone = event.reason
            self._news.set()

    @property
    def paused(self) -> float:
        """For how many seconds the caller stood still, though it should have spoken."""
        return float(self.caller.getSenders()[0].track.paused)

    def heard(self) -> Pcm:
        """Return all that was heard so far."""
        return np.concatenate([np.zeros(0, np.int16), *self._heard])

    async def hear(self, duration_s: float, *, within: float = 15.0) -> Pcm:
        """Listen until so much more was heard, and return that."""
        start = len(self.heard())
        async with asyncio.timeout(within):
            while len(self.heard()) < start + duration_s * RATE:
                assert self.gone is None, self.gone
                self._news.clear()
                await self._news.wait()
        return self.heard()[start:]

    async def end(self, *, within: float = 25.0) -> str:
        """Wait until the leg is gone, and return why."""
        async with asyncio.timeout(within):
            while self.gone is None:
                self._news.clear()
                await self._news.wait()
        return self.gone

    @property
    def dtls(self) -> Any:
        return self.caller.getTransceivers()[0].receiver.transport

    @property
    def ssrc(self) -> int:
        """The caller's own SSRC."""
        return int(self.caller.getSenders()[0]._ssrc)

    @functools.cached_property
    def _pair(self) -> Any:
        return self.dtls.transport._connection._nominated[1]

    @property
    def leg_address(self) -> tuple[str, int]:
        """Where the leg listens to this caller."""
        host, port = self._pair.remote_addr
        return host, port

    @property
    def leg_ssrc(self) -> int:
        """What the leg sends its sound under."""
        media = SessionDescription.parse(self.answer).media[0]
        return int(media.ssrc[0].ssrc)

    def record(self) -> None:
        """Keep what the caller itself sends from now on."""
        transport = self._pair.protocol.transport
        send = transport.sendto

        def sendto(data: bytes, addr: Any = None) -> None:
            self.sent.append(data)
            send(data, addr)

        transport.sendto = sendto

    def latest(self) -> tuple[int, int, int]:
        """Return sequence number, timestamp and SSRC of the caller's latest RTP packet."""
        return header_of([datagram for datagram in self.sent if is_srtp(datagram)][-1])

    def send(self, datagram: bytes) -> None:
        """Send as it is, from the caller's own, checked address."""
        self.socket.sendto(datagram, self.leg_address)

    @functools.cached_property
    def socket(self) -> socket.socket:
        return socket.socket(
            fileno=os.dup(self._pair.protocol.transport.get_extra_info("socket").fileno())
        )

    def protected(self, packet: bytes) -> bytes:
        """Return RTP as SRTP, with the caller's keys."""
        data: bytes = self.dtls._tx_srtp.protect(packet)
        return data

    def protected_rtcp(self, packet: bytes) -> bytes:
        """Return RTCP as SRTCP, with the caller's keys."""
        data: bytes = self.dtls._tx_srtp.protect_rtcp(packet)
        return data

    async def close(self) -> None:
        if "socket" in self.__dict__:
            self.socket.close()
        await self.caller.close()
        await self.leg.hang_up()
        if self._listening is not None:
            await self._listening


async def offering(
    voice: Pcm = TRUE_VOICE,
    prepare: Callable[[RTCPeerConnection], None] = lambda pc: None,
    ssrc: int | None = None,
) -> RTCPeerConnection:
    """Return a plain caller that has made its offer."""
    ice.install()
    caller = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    prepare(caller)
    sender = caller.addTrack(Loop(voice))
    sender._ssrc = ssrc or sender._ssrc
    with loopback_candidates():
        await caller.setLocalDescription(await caller.createOffer())
    return caller


@asynccontextmanager
async def line(
    *,
    voice: Pcm = TRUE_VOICE,
    change: Callable[[str], str] = lambda sdp: sdp,
    prepare: Callable[[RTCPeerConnection], None] = lambda pc: None,
    ssrc: int | None = None,
    wait: bool = True,
    listen: bool = True,
) -> AsyncIterator[Line]:
    """Place a call; `change` may falsify the offer on its way, `prepare` the caller.

    With `wait` the caller has been heard when the block begins; without `listen` the leg's events
    are left to somebody else.
    """
    caller = await offering(voice, prepare, ssrc)
    leg, answer = await WebRtcLeg.answer(change(caller.localDescription.sdp), loopback=True)
    await caller.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    made = Line(caller, leg, answer, listen)
    try:
        if not listen:
            await until(lambda: leg.connected)
        elif wait:
            await made.hear(0.3)
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def flood(
    sock: socket.socket, datagrams: Sequence[bytes], targets: Sequence[tuple[str, int]]
) -> AsyncIterator[list[int]]:
    """Send all of these, some 5,000 a second, from a thread; yields a counter of those sent."""
    sent, stop = [0], threading.Event()

    def run() -> None:
        for at in range(0, len(datagrams), 10):
            if stop.wait(0.002):
                return
            for datagram in datagrams[at : at + 10]:
                for target in targets:
                    with suppress(BlockingIOError):
                        sock.sendto(datagram, target)
                    sent[0] += 1

    running = asyncio.create_task(asyncio.to_thread(run))
    try:
        yield sent
    finally:
        stop.set()
        await running


@contextmanager
def stranger(host: str = "127.0.0.1") -> Iterator[socket.socket]:
    """Open a socket that no ICE check knows."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 0))
        sock.setblocking(False)
        yield sock


def ports_of(answer: str) -> list[tuple[str, int]]:
    """Return the IPv4 addresses that an answer names."""
    return sorted(
        {
            (candidate.ip, candidate.port)
            for media in SessionDescription.parse(answer).media
            for candidate in media.ice_candidates
            if ":" not in candidate.ip
        }
    )


def rtp(
    payload: bytes, *, sequence: int, timestamp: int, ssrc: int, payload_type: int = OPUS_TYPE
) -> bytes:
    """Return an RTP packet (RFC 3550, 5.1)."""
    header = struct.pack(
        "!BBHII", 0x80, payload_type, sequence % 65_536, timestamp % (1 << 32), ssrc
    )
    return header + payload


@functools.cache
def opus(hertz: float, count: int = 50) -> tuple[bytes, ...]:
    """Return so many 20 ms frames of a tone as Opus."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.format, encoder.layout = 48_000, "s16", "mono"
    encoder.options = {"application": "voip"}
    frames = []
    track = np.repeat(tone(hertz, count * 0.02 + 0.1), 3)
    for i in range(count + 2):
        pcm = track[i * 960 : (i + 1) * 960]
        frame = AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, i * 960
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(frames[:count])


def header_of(datagram: bytes) -> tuple[int, int, int]:
    """Return sequence number, timestamp and SSRC of an RTP packet, protected or not."""
    sequence, timestamp, ssrc = struct.unpack("!HII", datagram[2:12])
    return sequence, timestamp, ssrc


def is_srtp(datagram: bytes) -> bool:
    """Tell RTP from RTCP, DTLS and STUN (RFC 7983, RFC 5761)."""
    return len(datagram) > 12 and 128 <= datagram[0] <= 191 and not 192 <= datagram[1] <= 223


def loudness(pcm: Pcm, hertz: float) -> float:
    """Return the amplitude of a tone in samples of full scale 32,767."""
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(pcm)) / RATE)
    return float(2 * np.abs(np.mean(pcm * turns)))


def is_the_true_voice(pcm: Pcm, hertz: float = TRUE_HERTZ, *, paused: float = 0.0) -> bool:
    """Tell whether the caller's tone is there, and nothing false at any time.

    By quarters of a second, one in four of which may fail, and those in which the caller paused:
    it is in the same process, and a machine that stands still is late for both.
    """
    size = RATE // 4
    false = FALSE_HERTZ if hertz == TRUE_HERTZ else TRUE_HERTZ
    quarters = [pcm[at : at + size] for at in range(0, len(pcm) - size + 1, size)]
    absent = sum(loudness(quarter, hertz) <= 4_000 for quarter in quarters)
    excused = math.ceil(4 * paused) + 1 if paused else 0
    return absent < 0.3 * len(quarters) + excused and all(
        loudness(quarter, false) < 200 for quarter in quarters
    )


async def sounds_again(call: Line, hertz: float = TRUE_HERTZ, *, within: float = 5.0) -> None:
    """Wait until the caller's tone, and nothing else, is heard for half a second."""
    async with asyncio.timeout(within):
        while not is_the_true_voice(await call.hear(0.5), hertz):
            pass


def client_hello(suites: tuple[int, ...] = (0x0000, 0x0002, 0x003B)) -> bytes:
    """Return a DTLS 1.2 ClientHello (RFC 6347, 4.2.2); of null ciphers unless told."""
    body = (
        b"\xfe\xfd" + os.urandom(32) + b"\x00" + b"\x00"
        + struct.pack(f"!H{len(suites)}H", 2 * len(suites), *suites)
        + b"\x01\x00"
    )  # fmt: skip
    length = len(body).to_bytes(3, "big")
    return dtls_record(b"\x01" + length + bytes(5) + length + body)


def dtls_record(fragment: bytes, *, kind: int = 22, epoch: int = 0, sequence: int = 0) -> bytes:
    """Return a DTLS record (RFC 6347, 4.1): 21 an alert, 22 a handshake, 23 data."""
    return (
        struct.pack("!BHH", kind, 0xFEFD, epoch)
        + sequence.to_bytes(6, "big")
        + struct.pack("!H", len(fragment))
        + fragment
    )
