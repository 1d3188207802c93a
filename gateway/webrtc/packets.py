"""RTP packets as they come: what is in their headers, and the keys that some of them are.

aiortc 1.16 knows no telephone-event and has unbounded queues.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import Any, Final, NamedTuple

from gateway import telemetry

KEYS: Final = "0123456789*#ABCD"
"""RFC 4733, table 7: event codes 0 to 15."""

_MOST_WAITING: Final = 200  # packets or frames of video between the socket and who looks at them
_LONGEST_SEGMENT: Final = 0xFFFF  # RFC 4733, 2.5.1.3: a longer press goes on under a new timestamp

_HEADER: Final = struct.Struct("!BBHII")
_EXTENSION: Final = struct.Struct("!2xH")


class RtpPacket(NamedTuple):
    """A packet of sound. Header extensions are not looked at."""

    payload_type: int
    sequence_number: int
    timestamp: int
    ssrc: int
    payload: bytes


def read_rtp(data: bytes) -> RtpPacket:
    """Parse an RTP packet (RFC 3550, 5.1).

    Raises:
        ValueError: it is none.
    """
    try:
        first, second, number, timestamp, ssrc = _HEADER.unpack_from(data)
        start = _HEADER.size + 4 * (first & 0x0F)
        if first & 0x10:
            start += 4 + 4 * _EXTENSION.unpack_from(data, start)[0]
    except struct.error:
        raise ValueError("the packet is too short") from None
    end = len(data)
    padding = data[-1] if first & 0x20 else 0
    if first >> 6 != 2 or start + padding > end or (first & 0x20 and not padding):
        raise ValueError("the packet's header is no RTP header")
    return RtpPacket(second & 0x7F, number, timestamp, ssrc, data[start : end - padding])


class KeyReader:
    """Turn the packets of RFC 4733 events into key presses: one each, when it begins."""

    def __init__(self) -> None:
        self._seen: deque[int] = deque(maxlen=32)
        self._last: tuple[int, int, bool] = (0, -1, True)  # timestamp, event, ended

    def read(self, payload: bytes, timestamp: int) -> str | None:
        """Return the key when this packet is the first of a press; None otherwise."""
        if len(payload) < 4 or payload[0] >= len(KEYS):
            return None
        event, ended = payload[0], bool(payload[1] & 0x80)
        last_timestamp, last_event, last_ended = self._last
        if timestamp in self._seen:
            if timestamp == last_timestamp:
                self._last = (timestamp, event, ended or last_ended)
            return None
        goes_on = (
            event == last_event
            and not last_ended
            and (timestamp - last_timestamp) % (1 << 32) == _LONGEST_SEGMENT
        )
        self._seen.append(timestamp)
        self._last = (timestamp, event, ended)
        return None if goes_on else KEYS[event]


def bound(receiver: Any) -> None:
    """Let an aiortc `RTCRtpReceiver` drop packets while too many frames wait, before it starts."""
    handle = receiver._handle_rtp_packet

    async def handle_rtp_packet(packet: Any, arrival_time_ms: int) -> None:
        undecoded = receiver._RTCRtpReceiver__decoder_queue.qsize()
        unfetched = receiver.track._queue.qsize()
        if undecoded + unfetched > _MOST_WAITING:
            telemetry.DROPPED.labels("video").inc()
            return
        await handle(packet, arrival_time_ms=arrival_time_ms)

    receiver._handle_rtp_packet = handle_rtp_packet
