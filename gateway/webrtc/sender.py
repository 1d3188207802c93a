"""What a peer hears: 20 ms of a source at a time, coded and sent when they are due.

Takes the place of aiortc's audio sender, which sends when its sleeps end, codes in other threads
and computes the level of every frame in a loop over its samples (aiortc issues 775 and 1155). What
stays is aiortc's: signalling, RTCP reports and their statistics.
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections import deque
from typing import Any, Final

from aiortc.rtcrtpsender import RTCRtpSender, random_sequence_number
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtcpRrPacket, RtcpSrPacket
from aiortc.utils import random32

from gateway import telemetry
from gateway.webrtc.coding import Encoder, encoder
from gateway.webrtc.pacer import pacer
from gateway.webrtc.packets import KEYS
from gateway.webrtc.sound import Source
from gateway.webrtc.srtp import SrtpPath
from media.audio import FRAME, RATE, Seconds
from media.level import dbov

_NTP_EPOCH: Final = 2_208_988_800  # seconds from 1900 to 1970 (RFC 5905)
_HEADER: Final = struct.Struct("!BBHII")
_EXTENSION: Final = struct.Struct("!HH")
_HAS_EXTENSION: Final = 0x10
_KEY_PACKETS: Final = 5  # 100 ms of key, then the end three times (RFC 4733, 2.5.1.4)
_KEY_ENDS: Final = 3
_MOST_KEYS: Final = 64  # that wait to be sent
_KEY_VOLUME: Final = 10  # dBm0 below full scale


class AudioSender(RTCRtpSender):  # type: ignore[misc]
    """An audio sender whose track is a `Source`."""

    _RTCRtpSender__started: bool

    def __init__(self, track: Any, transport: Any) -> None:
        super().__init__(track, transport)
        self._path = SrtpPath(transport)
        self._codec: Any = None
        self._is_opus = False
        self._key_type: int | None = None
        self._encoder: Encoder | None = None
        self._map = HeaderExtensionsMap()
        self._extensions: dict[int | None, bytes] = {}
        self._tells_level = False
        self._number = random_sequence_number()
        self._timestamp = random32()
        self._resumes = True
        self._pressed: deque[int] = deque(maxlen=_MOST_KEYS)
        self._key_packets = 0
        self._key_timestamp = 0

    # What aiortc calls.

    async def send(self, parameters: Any) -> None:
        """Start, with the first of the codecs that were negotiated; or go on, with another one."""
        codec = parameters.codecs[0]
        if codec != self._codec:
            wants_dtx = codec.parameters.get("usedtx") == 1  # RFC 7587, 6.1
            self._codec, self._encoder = codec, encoder(codec.name, dtx=wants_dtx)
            self._is_opus = codec.name.lower() == "opus"
        keys = [c for c in parameters.codecs if c.name == "telephone-event"]
        self._key_type = keys[0].payloadType if keys else None
        if self._RTCRtpSender__started:
            return
        self._RTCRtpSender__cname = parameters.rtcp.cname
        self._RTCRtpSender__mid = parameters.muxId
        self.transport._register_rtp_sender(self, parameters)
        self._map.configure(parameters)
        self._tells_level = any(e.uri.endswith("audio-level") for e in parameters.headerExtensions)
        self._RTCRtpSender__rtp_started.set()
        self._RTCRtpSender__rtp_exited.set()
        self._RTCRtpSender__rtp_task = asyncio.get_running_loop().create_future()
        self._RTCRtpSender__rtcp_task = asyncio.ensure_future(self._run_rtcp())
        self._RTCRtpSender__started = True
        pacer().add(self)

    async def stop(self) -> None:
        """Send no more."""
        pacer().remove(self)
        if self.track is not None:
            self.track.stop()
        await super().stop()

    async def _handle_rtcp_packet(self, packet: Any) -> None:
        if isinstance(packet, RtcpRrPacket | RtcpSrPacket) and self._encoder is not None:
            for report in packet.reports:
                if report.ssrc == self._ssrc:
                    self._encoder.expect_loss(report.fraction_lost / 256)
        await super()._handle_rtcp_packet(packet)

    # What is sent.

    def press(self, digit: str) -> None:
        """Press a key (`0-9*#A-D`), sent as RFC 4733 event in place of 160 ms of sound."""
        if len(self._pressed) == _MOST_KEYS:
            telemetry.DROPPED.labels("keys").inc()
        self._pressed.append(KEYS.index(digit))

    def beat(self, now: Seconds) -> None:
        """Send the next 20 ms."""
        track: Source | None = self.track
        if track is None or self._encoder is None:
            return
        pcm, coded = track.next_frame()
        self._timestamp = (self._timestamp + FRAME * self._codec.clockRate // RATE) % (1 << 32)
        if not self._enabled:
            return
        if self._pressed and self._key_type is not None:
            self._send_key(self._key_type)
            return
        if coded is None or not self._is_opus:
            coded = self._encoder.encode(pcm)
        if coded is None:
            self._resumes = True  # silence is not sent
            return
        level = dbov(pcm) if self._tells_level else None
        self._send(coded, self._codec.payloadType, self._timestamp, self._resumes, level)
        self._resumes = False

    def _send_key(self, payload_type: int) -> None:
        """Send the next packet of the key that is pressed first."""
        if self._key_packets == 0:
            self._key_timestamp = self._timestamp
        self._key_packets += 1
        ends = self._key_packets > _KEY_PACKETS
        ticks = min(self._key_packets, _KEY_PACKETS) * FRAME * self._codec.clockRate // RATE
        payload = struct.pack("!BBH", self._pressed[0], 0x80 * ends | _KEY_VOLUME, ticks)
        self._send(payload, payload_type, self._key_timestamp, self._key_packets == 1, None)
        if self._key_packets == _KEY_PACKETS + _KEY_ENDS:
            self._pressed.popleft()
            self._key_packets, self._resumes = 0, True

    def _send(
        self, payload: bytes, payload_type: int, timestamp: int, marker: bool, level: int | None
    ) -> None:
        extension = self._extension(level)
        header = _HEADER.pack(
            0x80 | (_HAS_EXTENSION if extension else 0),
            marker << 7 | payload_type,
            self._number,
            timestamp,
            self._ssrc,
        )
        if not self._path.send(header + extension + payload):
            return
        self._number = (self._number + 1) % (1 << 16)
        self._RTCRtpSender__ntp_timestamp = int((time.time() + _NTP_EPOCH) * (1 << 32))
        self._RTCRtpSender__rtp_timestamp = timestamp
        self._RTCRtpSender__octet_count += len(payload)
        self._RTCRtpSender__packet_count += 1

    def _extension(self, level: int | None) -> bytes:
        """Return the header extension (RFC 8285) with the stream's name and this level."""
        if level not in self._extensions:
            told = None if level is None else (False, -level)
            values = HeaderExtensions(mid=self._RTCRtpSender__mid, audio_level=told)
            profile, value = self._map.set(values)
            packed = _EXTENSION.pack(profile, len(value) // 4) + value if value else b""
            self._extensions[level] = packed
        return self._extensions[level]
