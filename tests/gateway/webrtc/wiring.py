"""A DTLS transport without sockets or keys: what is sent is kept, what comes is what is given."""

from types import SimpleNamespace
from typing import Any

from aiortc.rtcdtlstransport import RtpRouter, State
from aiortc.rtcrtpparameters import (
    RTCRtcpParameters,
    RTCRtpCodecParameters,
    RTCRtpHeaderExtensionParameters,
    RTCRtpReceiveParameters,
    RTCRtpSendParameters,
)
from aiortc.rtp import HeaderExtensionsMap, RtpPacket

from gateway.webrtc.pacer import pacer
from media.audio import FRAME, RATE

OPUS = RTCRtpCodecParameters("audio/opus", 48_000, 2, 96)
PCMU = RTCRtpCodecParameters("audio/PCMU", 8_000, 1, 0)
KEYPAD = RTCRtpCodecParameters("audio/telephone-event", 48_000, 1, 126)

EXTENSIONS = [
    RTCRtpHeaderExtensionParameters(id=1, uri="urn:ietf:params:rtp-hdrext:sdes:mid"),
    RTCRtpHeaderExtensionParameters(id=2, uri="urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
]


def sending(*codecs: Any) -> Any:
    """Return what was negotiated for a sender."""
    rtcp = RTCRtcpParameters(cname="us", mux=True, ssrc=1)
    return RTCRtpSendParameters(list(codecs), EXTENSIONS, "0", rtcp)


def receiving(*codecs: Any) -> Any:
    """Return what was negotiated for a receiver."""
    return RTCRtpReceiveParameters(list(codecs), EXTENSIONS, "0", RTCRtcpParameters(), [])


class Keys:
    """SRTP without keys: a packet that ends with `forged` is."""

    def protect(self, data: bytes) -> bytes:
        return data

    def unprotect(self, data: bytes) -> bytes:
        if data.endswith(b"forged"):
            raise ValueError
        return data


class Transport:
    """What an `AudioReceiver` and an `AudioSender` ask of `aiortc.RTCDtlsTransport`."""

    def __init__(self) -> None:
        self.state = "connected"
        self._state = State.CONNECTED
        self._rx_srtp = self._tx_srtp = Keys()
        self._stats_id = "transport"
        self._rtp_router = RtpRouter()
        self.rtcp: list[bytes] = []
        self.datagrams: list[bytes] = []
        socket = SimpleNamespace(sendto=lambda data, _: self.datagrams.append(data))
        pair = SimpleNamespace(
            protocol=SimpleNamespace(transport=socket), remote_addr=("127.0.0.1", 9)
        )
        self.connection = SimpleNamespace(_nominated={1: pair}, take_srtp=None)
        self.transport = SimpleNamespace(_connection=self.connection)
        self._RTCDtlsTransport__rx_bytes = self._RTCDtlsTransport__rx_packets = 0
        self._RTCDtlsTransport__tx_bytes = self._RTCDtlsTransport__tx_packets = 0

    def _register_rtp_receiver(self, receiver: Any, parameters: Any) -> None:
        types = [codec.payloadType for codec in parameters.codecs]
        self._rtp_router.register_receiver(receiver, [], types, parameters.muxId)

    def _unregister_rtp_receiver(self, receiver: Any) -> None:
        self._rtp_router.unregister_receiver(receiver)

    def _register_rtp_sender(self, sender: Any, parameters: Any) -> None:
        self._rtp_router.register_sender(sender, sender._ssrc)

    def _unregister_rtp_sender(self, sender: Any) -> None:
        self._rtp_router.unregister_sender(sender)

    def _get_stats(self) -> dict[str, Any]:
        return {}

    async def _send_rtp(self, data: bytes) -> None:
        self.rtcp.append(data)

    def sent(self) -> list[RtpPacket]:
        """Return the packets that were sent so far."""
        extensions = HeaderExtensionsMap()
        extensions.configure(sending())
        return [RtpPacket.parse(data, extensions) for data in self.datagrams]


def packet(
    number: int, payload: bytes, *, ssrc: int = 7, kind: int = 96, timestamp: int | None = None
) -> bytes:
    """Return an RTP packet; Opus of 20 ms unless it says otherwise."""
    at = number * FRAME * 48_000 // RATE if timestamp is None else timestamp
    made: bytes = RtpPacket(kind, 0, number % 65_536, at % (1 << 32), ssrc, payload).serialize()
    return made


def still() -> None:
    """Stop the clock of this loop's legs: a test gives the beats itself."""
    clock = pacer()
    clock.add = clock.remove = lambda member: None  # type: ignore[method-assign]
