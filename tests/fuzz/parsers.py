"""Every parser of ours that strangers can reach, each as a function of bytes.

A function returns when the bytes were read, or refused by the one error that its parser names.
Anything else is a crash: another exception, a result that breaks the parser's promise.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from aioice import Connection
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpReceiveParameters
from aiortc.rtp import RtcpPacket

from gateway import config
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
from gateway.server import create_app
from gateway.webrtc.ice import CheckedProtocol
from gateway.webrtc.offer import MOST_CANDIDATES, OfferError, read_fragment, read_offer
from gateway.webrtc.packets import KEYS, KeyReader
from gateway.webrtc.whip import offer_keys
from media.audio import RATE
from tests.gateway.switchboard import LegSwitchboard

UFRAG: Final = "abcd"
"""Names the ICE session that fragments are for."""

LOOP: Final = asyncio.new_event_loop()

_MOST_SOUND: Final = 5 * RATE
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
    """A caller's SDP."""
    text = data.decode(errors="replace")
    with suppress(OfferError):
        once = read_offer(text)
        again = read_offer(once.sdp)
        assert (again.ufrag, len(again.key_codecs)) == (once.ufrag, len(once.key_codecs))


@parser
def own_offer(data: bytes) -> None:
    """Telephone events put into an SDP: one more format in each audio section, no line lost."""
    text = data.decode(errors="replace")
    before, after = text.splitlines(), offer_keys(text).splitlines()
    assert len(after) >= len(before)


@parser
def fragment(data: bytes) -> None:
    """Trickled candidates."""
    with suppress(OfferError):
        read = read_fragment(data.decode(errors="replace"), ufrag=UFRAG)
        assert read.candidates or read.end
        assert len(read.candidates) <= MOST_CANDIDATES
        assert all(candidate.sdpMid is not None for candidate in read.candidates)


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


@parser
def rtcp(data: bytes) -> None:
    """A decrypted RTCP packet of an authenticated caller."""
    LOOP.run_until_complete(_transport._handle_rtcp_data(data))
    with suppress(ValueError):
        for packet in RtcpPacket.parse(data):
            bytes(packet)


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

    async def answer(self, offer: str) -> tuple[str, str]:
        return "call", read_offer(offer).sdp

    def leg(self, call_id: str) -> Any:
        async def add_candidates(text: str) -> None:
            read_fragment(text, ufrag=UFRAG)

        return SimpleNamespace(add_candidates=add_candidates, ice_tag="tag")


_app = create_app(_Readers())


async def _negotiated() -> RTCDtlsTransport:
    """A transport with every header extension that aiortc knows."""
    ice = RTCIceTransport(RTCIceGatherer([]))
    transport = RTCDtlsTransport(ice, [RTCCertificate.generateCertificate()])
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
