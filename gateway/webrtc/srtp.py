"""Packets of sound between a socket and the keys of its DTLS transport, without a task in between.

Upstream every datagram goes through an asyncio queue and wakes a task, and what is sent through
four coroutines (aiortc 1.16, `RTCDtlsTransport`). Sound, which is most of what comes and goes, is
taken to its receiver at once; DTLS, RTCP and video stay on aiortc's way.
"""

from __future__ import annotations

from typing import Any, Final

import pylibsrtp
from aiortc.rtcdtlstransport import State

from gateway.webrtc.ice import TakeSrtp

_CONNECTED: Final = State.CONNECTED


class SrtpPath:
    """The short way of one DTLS transport (`aiortc.RTCDtlsTransport`)."""

    def __init__(self, dtls: Any) -> None:
        self._dtls = dtls

    def divert(self, take: TakeSrtp | None) -> None:
        """Offer SRTP that arrives to `take` first."""
        self._dtls.transport._connection.take_srtp = take

    def open(self, data: bytes) -> bytes | None:
        """Return the RTP packet in an SRTP packet, or None where it is forged, replayed or broken.

        Also None before DTLS is up.
        """
        dtls = self._dtls
        if dtls._rx_srtp is None:
            return None
        try:
            packet: bytes = dtls._rx_srtp.unprotect(data)
        except (pylibsrtp.Error, ValueError):
            return None
        dtls._RTCDtlsTransport__rx_bytes += len(data)
        dtls._RTCDtlsTransport__rx_packets += 1
        return packet

    def send(self, packet: bytes) -> bool:
        """Send an RTP packet; tell whether there was somewhere to send it to."""
        dtls = self._dtls
        pair = dtls.transport._connection._nominated.get(1)
        socket = pair.protocol.transport if pair is not None else None
        if socket is None or dtls._state is not _CONNECTED:  # the network may have closed it
            return False
        data = dtls._tx_srtp.protect(packet)
        socket.sendto(data, pair.remote_addr)
        dtls._RTCDtlsTransport__tx_bytes += len(data)
        dtls._RTCDtlsTransport__tx_packets += 1
        return True
