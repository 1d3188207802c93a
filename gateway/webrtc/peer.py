"""How every peer connection of the gateway is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

from gateway.webrtc import coding, connection, dtls, ice
from gateway.webrtc.receiver import AudioReceiver
from gateway.webrtc.sender import AudioSender


class PeerConnection(RTCPeerConnection):  # type: ignore[misc]
    """A peer connection whose sound is received and sent by the gateway's own hands.

    Tracks of sound that are added must be a `gateway.webrtc.sound.Source`.
    """

    def _RTCPeerConnection__createTransceiver(  # noqa: N802 - upstream's only place for it
        self, direction: str, kind: str, sender_track: Any = None
    ) -> Any:
        transceiver = super()._RTCPeerConnection__createTransceiver(direction, kind, sender_track)
        if kind == "audio":
            stock, transport = transceiver.sender, transceiver.receiver.transport
            sender = AudioSender(sender_track or kind, transport)
            sender._stream_id = stock._stream_id
            receiver = AudioReceiver(transport)
            receiver._set_rtcp_ssrc(sender._ssrc)
            transceiver._RTCRtpTransceiver__sender = sender
            transceiver._RTCRtpTransceiver__receiver = receiver
        return transceiver


def peer_connection(ice_servers: Sequence[RTCIceServer] = ()) -> PeerConnection:
    """Return a peer connection whose sockets and handshakes are guarded (see `ice` and `dtls`).

    The configuration is always explicit: aiortc's default asks a public STUN server.
    """
    ice.install()
    dtls.install()
    coding.install()
    connection.install()
    return PeerConnection(RTCConfiguration(iceServers=list(ice_servers)))
