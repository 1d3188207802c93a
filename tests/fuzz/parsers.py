"""Every parser of ours that strangers can reach, each as a function of bytes.

A function returns when the bytes were read, or refused by the one error that its parser names.
Anything else is a crash: another exception, a result that breaks the parser's promise.
"""

from __future__ import annotations

import asyncio
import json
import struct
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from aioice import Connection
from aiortc import RTCCertificate, RTCIceGatherer, RTCIceTransport
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpReceiveParameters
from pydantic import SecretStr

from gateway import config
from gateway.access import Access, TokenError, bearer
from gateway.agents.twilio_messages import (
    MAX_MARK_NAME,
    MAX_REASON,
    AgentHandOff,
    AgentMark,
    AgentMedia,
    AgentMessageError,
    parse_agent_message,
)
from gateway.hand_off.queue import Answer, QueueError, read_answer
from gateway.recordings import Recording, RecordingError
from gateway.schema import Tenant
from gateway.server import create_app
from gateway.webrtc.coding import decoder
from gateway.webrtc.dtls import Transport
from gateway.webrtc.ice import CheckedProtocol
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.offer import (
    MOST_CANDIDATES,
    OfferError,
    read_fragment,
    read_offer,
    write_fragment,
)
from gateway.webrtc.packets import KEYS, KeyReader, read_rtp
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.picture import Picture
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import offer_keys
from media.audio import FRAME, RATE, Samples
from media.jitter import MOST_HELD, Decode, JitterBuffer, Packet, Play
from tests.gateway.switchboard import LegSwitchboard

LOOP: Final = asyncio.new_event_loop()

_MOST_SOUND: Final = 5 * RATE
_MOST_PACKETS: Final = 200  # of which more is only slower
_MOST_AHEAD: Final = 24 * RATE  # a flood of ten seconds, 100 packets held, filled silence
_CODECS: Final = ("opus", "pcmu", "pcma", "g722")
_TENANT: Final = Tenant(id="acme", issuer="acme", secrets=(SecretStr(32 * "s"),))
_EXTENSIONS: Final = (
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "urn:ietf:params:rtp-hdrext:toffset",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
)

PARSERS: Final[dict[str, Callable[[bytes], None]]] = {}
"""By name, which is that of the function and of its folder in the corpus."""


def parser(read: Callable[[bytes], None]) -> Callable[[bytes], None]:
    PARSERS[read.__name__] = read
    return read


@parser
def offer(data: bytes) -> None:
    """A caller's SDP, as the first of a call and as one that follows another."""
    text = data.decode(errors="replace")
    with suppress(OfferError):
        once = read_offer(text)
        again = read_offer(once.sdp, before=once)
        assert (again.ice, again.sections) == (once.ice, once.sections)
        assert len(again.key_codecs) == len(once.key_codecs)


@parser
def negotiation(data: bytes) -> None:
    """A caller's SDP on a peer connection: it is answered or refused; no socket is opened."""

    async def negotiate(text: str) -> None:
        pc = peer_connection()
        leg = WebRtcLeg(pc, Voice(), Picture(None))
        try:
            with suppress(OfferError):
                await leg._accept(read_offer(text))
                await pc.createAnswer()
        finally:
            await leg.hang_up()

    LOOP.run_until_complete(negotiate(data.decode(errors="replace")))


@parser
def own_offer(data: bytes) -> None:
    """Telephone events put into an SDP: one more format in each audio section, no line lost."""
    text = data.decode(errors="replace")
    before, after = text.splitlines(), offer_keys(text).splitlines()
    assert len(after) >= len(before)


@parser
def fragment(data: bytes) -> None:
    """Trickled candidates, or an ICE restart; what we write of it can be read again."""
    with suppress(OfferError):
        read = read_fragment(data.decode(errors="replace"))
        assert read.candidates or read.end or read.ice
        assert len(read.candidates) <= MOST_CANDIDATES
        assert all(candidate.sdpMid is not None for candidate in read.candidates)
        if read.ice:
            again = read_fragment(write_fragment(read.ice, read.candidates, ("audio", "0")))
            assert again.ice == read.ice
            assert len(again.candidates) == len(read.candidates)


@parser
def token(data: bytes) -> None:
    """A bearer token, with or without its scheme."""
    text = data.decode("latin-1")
    with suppress(TokenError):
        admitted = _access.check(bearer(text) or text)
        assert admitted.tenant == _TENANT.id


@parser
def agent(data: bytes) -> None:
    """A message of the agent's WebSocket, as text and as bytes."""
    with suppress(AgentMessageError):
        parse_agent_message(data)
    with suppress(AgentMessageError):
        match parse_agent_message(data.decode(errors="replace")):
            case AgentMedia(ulaw):
                assert ulaw
            case AgentMark(name):
                assert len(name) <= MAX_MARK_NAME
            case AgentHandOff(reason):
                assert len(reason) <= MAX_REASON
                assert not reason or reason.isprintable()


@parser
def queue(data: bytes) -> None:
    """What the queue of people answers."""
    with suppress(QueueError):
        answer = read_answer(data.decode(errors="replace"))
        assert answer == Answer() or answer.waiting or answer.whip
        assert not (answer.waiting and answer.whip)


@parser
def configuration(data: bytes) -> None:
    """The gateway's YAML file; what is wrong is said in lines."""
    with _file(data) as path:
        try:
            config.load(path)
        except config.ConfigError as error:
            assert error.problems
            assert all(problem.isprintable() for problem in error.problems)


@parser
def recording(data: bytes) -> None:
    """An audio file to scan."""
    with _file(data) as path, suppress(RecordingError):
        sound = Recording(path)
        try:
            heard = 0
            for chunk in sound.chunks():
                assert chunk.shape[0] == sound.channels
                heard += chunk.shape[1]
                if heard > _MOST_SOUND:
                    break
        finally:
            sound.close()


@parser
def keys(data: bytes) -> None:
    """RFC 4733 events, eight bytes each: timestamp and payload (the last may be short)."""
    reader = KeyReader()
    pressed = []
    for at in range(0, len(data), 8):
        timestamp = int.from_bytes(data[at : at + 4].ljust(4, b"\0"), "big")
        if key := reader.read(data[at + 4 : at + 8], timestamp):
            pressed.append(key)
    assert set(pressed) <= set(KEYS)


@parser
def http(data: bytes) -> None:
    """A request: a line "method path type if-match", then the body. No answer is a 5xx."""
    line, _, body = data.partition(b"\n")
    method, path, kind, if_match, *_ = [*line.decode("latin-1").split(" "), "", "", "", ""]
    headers = [("content-type", kind), ("if-match", if_match)]
    scope = {
        "type": "http",
        "method": method or "GET",
        "path": path or "/",
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers if value],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    LOOP.run_until_complete(_app(scope, receive, send))
    status = sent[0]["status"]
    assert status < 500, status
    if status >= 400 and method != "HEAD":
        problem = json.loads(b"".join(message["body"] for message in sent[1:]))
        assert problem["status"] == status


@parser
def datagram(data: bytes) -> None:
    """What comes to a media socket from anybody: only STUN is looked at, and answered with STUN."""
    sent: list[bytes] = []

    async def receive() -> None:
        connection = Connection(ice_controlling=False)
        connection._early_checks_done = False
        protocol = CheckedProtocol(connection)
        protocol.transport = SimpleNamespace(sendto=lambda data, addr: sent.append(data))
        protocol.datagram_received(data, ("127.0.0.1", 1))
        assert not connection._queue.qsize(), "a stranger's datagram was let through"

    LOOP.run_until_complete(receive())
    assert len(sent) <= 1
    assert sum(map(len, sent)) <= 3 * max(20, len(data)), "an answer that amplifies"


@parser
def rtp(data: bytes) -> None:
    """A decrypted RTP packet of an authenticated caller, with all header extensions negotiated."""
    LOOP.run_until_complete(_transport._handle_rtp_data(data, arrival_time_ms=0))
    with suppress(ValueError):
        packet = read_rtp(data)
        assert packet.payload in data
        assert 0 <= packet.payload_type < 128


@parser
def jitter(data: bytes) -> None:
    """Packets, eight bytes each: 5 ms steps since the last, samples, number, timestamp.

    More is never played than time has passed, but for what the buffer may be ahead.
    """
    buffer = JitterBuffer(48_000)
    now_ms, played = 0.0, 0
    for at in range(0, min(len(data), _MOST_PACKETS * 8) - 7, 8):
        steps, frames, sequence, timestamp = struct.unpack_from("!BBHI", data, at)
        steps %= 64
        packet = Packet(sequence, timestamp, b"", frames % 7 * FRAME)
        for _ in range(steps):
            now_ms += 5
            played += _samples(buffer.tick(now_ms), 0)
        played += _samples(buffer.put(packet, now_ms), packet.samples)
        assert len(buffer._held) <= MOST_HELD
        assert played <= now_ms * RATE / 1_000 + _MOST_AHEAD


@parser
def sound(data: bytes) -> None:
    """Payloads of a codec, which the first byte chooses; each after its length and what is asked.

    As much sound comes out as was asked for, whatever is in them.
    """
    if not data:
        return
    codec = decoder(_CODECS[data[0] % len(_CODECS)])
    at = 1
    while at + 2 <= len(data):
        asked, length = data[at : at + 2]
        payload = data[at + 2 : at + 2 + length]
        at += 2 + length
        samples = asked // 4 * FRAME // 8
        match asked % 4:
            case 0:
                assert len(codec.decode(payload)) == codec.duration(payload)
            case 1:
                assert len(codec.recover(payload, samples)) == samples
            case 2:
                assert len(codec.conceal(samples)) == samples
            case _:
                codec.describe_noise(payload)
                assert len(codec.comfort(samples)) == samples


@parser
def rtcp(data: bytes) -> None:
    """A decrypted RTCP packet of an authenticated caller."""
    LOOP.run_until_complete(_transport._handle_rtcp_data(data))


class _file:  # noqa: N801 - used as a function
    """Bytes as a file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(dir=_memory())
        path = Path(self._folder.name) / "fuzzed"
        path.write_bytes(self._data)
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


class _Readers(LegSwitchboard):
    """Reads what a switchboard would read, and keeps nothing."""

    async def answer(self, offer: str, tenant: str | None = None) -> tuple[str, str]:
        return "call", read_offer(offer).sdp

    def leg(self, call_id: str) -> Any:
        async def add_candidates(text: str) -> str | None:
            return text if read_fragment(text).ice else None

        async def renegotiate(text: str) -> str:
            return read_offer(text).sdp

        return SimpleNamespace(
            add_candidates=add_candidates, renegotiate=renegotiate, ice_tag="tag"
        )


def _samples(plays: list[Play], of_packet: Samples) -> Samples:
    return sum(of_packet if isinstance(play, Decode) else play.samples for play in plays)


_app: Final = create_app(_Readers())
_access: Final = Access([_TENANT])


async def _negotiated() -> Transport:
    """A transport with every header extension that aiortc knows."""
    ice = RTCIceTransport(RTCIceGatherer([]))
    transport = Transport(ice, [RTCCertificate.generateCertificate()])
    transport._rtp_header_extensions_map.configure(
        RTCRtpReceiveParameters(
            headerExtensions=[
                RTCRtpHeaderExtensionParameters(id=number, uri=uri)
                for number, uri in enumerate(_EXTENSIONS, start=1)
            ]
        )
    )
    return transport


_transport: Final = LOOP.run_until_complete(_negotiated())
