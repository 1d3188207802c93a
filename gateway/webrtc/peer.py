"""How every peer connection of the gateway is made."""

from __future__ import annotations

from collections.abc import Sequence

import aiortc.rtp
import numpy as np
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection
from av import AudioFrame

from gateway.webrtc import dtls, ice
from media.level import dbov


def level_of(frame: AudioFrame) -> int:
    """Return the level of an s16 frame in dBov (its first plane, as upstream)."""
    count = frame.samples * (1 if frame.format.is_planar else frame.layout.nb_channels)
    return dbov(np.frombuffer(frame.planes[0], np.int16)[:count])


def peer_connection(ice_servers: Sequence[RTCIceServer] = ()) -> RTCPeerConnection:
    """Return a peer connection whose sockets and handshakes are guarded (see `ice` and `dtls`).

    The configuration is always explicit: aiortc's default asks a public STUN server.
    """
    ice.install()
    dtls.install()
    # aiortc 1.16 computes the level of every frame it sends in a Python loop over the samples,
    # even when the extension is not negotiated: half of the main thread's time.
    aiortc.rtp.compute_audio_level_dbov = level_of
    return RTCPeerConnection(RTCConfiguration(iceServers=list(ice_servers)))
