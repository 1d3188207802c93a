"""What the DTLS and SRTP of a peer connection accept: three narrow changes to aiortc 1.16.

*Ciphers* (OWASP ASVS 5.0, 17.2.2). Upstream also offers CBC with SHA-1. Here it is DTLS 1.2 or
newer with forward secrecy and authenticated encryption only, which every browser has (RFC 8827,
6.5, asks for the first). The certificate is upstream's: ECDSA P-256, self-signed, made in memory
for each peer connection and gone with it (17.2.1).

*Malformed packets* (17.2.4). Upstream, an authentic packet with a wrong header extension or REMB
raises `struct.error` and ends the transport. Here it is dropped.

*SSRCs*. Upstream, and libsrtp beneath it, keep something for every SSRC a peer ever used. Here a
peer has `MOST_SSRCS`; packets of others are dropped before they are decrypted.
"""

from __future__ import annotations

from typing import Any, Final

import aiortc.rtcpeerconnection
import pylibsrtp
import structlog
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from OpenSSL import SSL

MOST_SSRCS: Final = 32
"""Streams a peer may send in a call; a browser has up to three of each of its tracks."""

_DTLS_1_2: Final = 0xFEFD  # pyOpenSSL has no name for it

CIPHERS: Final = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
)

log = structlog.get_logger()


class Certificate(RTCCertificate):  # type: ignore[misc]
    """A certificate, and the handshakes that may be made with it."""

    def _create_ssl_context(self, srtp_profiles: list[Any]) -> SSL.Context:
        context: SSL.Context = super()._create_ssl_context(srtp_profiles)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_cipher_list(CIPHERS)
        return context


class Inbound:
    """The SRTP session of what comes in, for at most `MOST_SSRCS` streams."""

    def __init__(self, session: pylibsrtp.Session) -> None:
        self._session = session
        self._ssrcs: set[bytes] = set()

    def unprotect(self, packet: bytes) -> bytes:
        """Return the RTP packet. Raises `pylibsrtp.Error`."""
        return self._taken(packet, packet[8:12], self._session.unprotect)

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """Return the RTCP packet. Raises `pylibsrtp.Error`."""
        return self._taken(packet, packet[4:8], self._session.unprotect_rtcp)

    def _taken(self, packet: bytes, ssrc: bytes, unprotect: Any) -> bytes:
        if ssrc in self._ssrcs:
            return bytes(unprotect(packet))
        if len(self._ssrcs) >= MOST_SSRCS:
            raise pylibsrtp.Error("too many streams")
        plain: bytes = unprotect(packet)
        self._ssrcs.add(ssrc)  # only now: who has no keys names no streams
        return plain


class Transport(RTCDtlsTransport):  # type: ignore[misc]
    """A DTLS transport that outlives what its peer sends."""

    _rx_srtp: Any

    def _setup_srtp(self) -> None:
        super()._setup_srtp()
        session: pylibsrtp.Session | None = self._rx_srtp
        if session is not None:
            self._rx_srtp = Inbound(session)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        try:
            await super()._handle_rtcp_data(data)
        except Exception as exc:
            log.debug("malformed RTCP", error=type(exc).__name__)

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        try:
            await super()._handle_rtp_data(data, arrival_time_ms=arrival_time_ms)
        except Exception as exc:
            log.debug("malformed RTP", error=type(exc).__name__)


def install() -> None:
    """Make aiortc's peer connections use all of it; calling it again changes nothing."""
    aiortc.rtcpeerconnection.RTCCertificate = Certificate
    aiortc.rtcpeerconnection.RTCDtlsTransport = Transport
