"""RTP packets on their way into aiortc: keys are taken out, and floods are cut.

aiortc 1.16 knows no telephone-event and has unbounded queues, so its receiver's packet handler is
wrapped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import Any, Final

import structlog

KEYS: Final = "0123456789*#ABCD"
"""RFC 4733, table 7: event codes 0 to 15."""

_MOST_WAITING: Final = 200  # packets or frames between the socket and the leg: 4 s of audio
_LATE: Final = 64  # packets behind the newest; the jitter buffer has no use for older ones
_MOST_PRESSES: Final = 20  # in a second; nobody types faster, and tones allow for 12 (ITU-T Q.24)
_LONGEST_SEGMENT: Final = 0xFFFF  # RFC 4733, 2.5.1.3: a longer press goes on under a new timestamp


log = structlog.get_logger()


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


class PressLimit:
    """Let through as many presses a second as anybody can type."""

    def __init__(self) -> None:
        self._at_ms: deque[int] = deque(maxlen=_MOST_PRESSES)

    def allows(self, now_ms: int) -> bool:
        """Tell whether a press at this time, in milliseconds of any clock, is let through."""
        if len(self._at_ms) == _MOST_PRESSES and now_ms - self._at_ms[0] < 1_000:
            return False
        self._at_ms.append(now_ms)
        return True


class Renumbering:
    """Close the holes that packets taken out leave in the sequence numbers.

    Otherwise aiortc's jitter buffer takes them for loss and stalls for up to 16 packets.
    """

    def __init__(self) -> None:
        self._taken: deque[int] = deque(maxlen=64)
        self._count = 0

    def take_out(self, sequence_number: int) -> None:
        """Note that this packet will not be passed on."""
        if sequence_number not in self._taken:
            self._taken.append(sequence_number)
            self._count += 1

    def number(self, sequence_number: int) -> int:
        """Return the number under which a packet is passed on."""
        # Numbers come round again: what lies long back would count as later than half of them.
        while self._taken and _LATE < (sequence_number - self._taken[0]) % 65_536 < 32_768:
            self._taken.popleft()
        later = sum(1 for n in self._taken if 0 < (n - sequence_number) % 65_536 < 32_768)
        return (sequence_number - self._count + later) % 65_536


def tap(
    receiver: Any, key_types: Collection[int] = (), on_key: Callable[[str], None] | None = None
) -> None:
    """Wrap the packet handler of an aiortc `RTCRtpReceiver` before it starts.

    Packets of the payload types `key_types` become calls of `on_key`, 20 a second at most; media
    packets are dropped while too many frames wait to be decoded or fetched.
    """
    handle = receiver._handle_rtp_packet
    keys, limit, numbers = KeyReader(), PressLimit(), Renumbering()
    flooded = False

    async def handle_rtp_packet(packet: Any, arrival_time_ms: int) -> None:
        nonlocal flooded
        if packet.payload_type in key_types:
            numbers.take_out(packet.sequence_number)
            key = keys.read(packet.payload, packet.timestamp)
            if key is None or on_key is None:
                return
            if limit.allows(arrival_time_ms):
                on_key(key)
            elif not flooded:
                flooded = True
                log.warning("more keys than anybody types; those beyond 20 a second are dropped")
            return
        undecoded = receiver._RTCRtpReceiver__decoder_queue.qsize()
        unfetched = receiver.track._queue.qsize()
        if undecoded + unfetched > _MOST_WAITING:
            return
        if key_types:
            packet.sequence_number = numbers.number(packet.sequence_number)
        await handle(packet, arrival_time_ms=arrival_time_ms)

    receiver._handle_rtp_packet = handle_rtp_packet
