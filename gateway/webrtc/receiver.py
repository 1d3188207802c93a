"""The sound of a peer, from its packets to samples, without a thread or a task.

Takes the place of aiortc's audio receiver, whose jitter buffer keeps for the rest of a call what
delay one lost packet brought (aiortc issue 543), whose queues add up to half a second of latency
(issue 775), and which hands every frame to a thread and back. What stays is aiortc's: signalling,
RTCP reports and their statistics.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog
from aiortc.rtcrtpreceiver import RTCRtpReceiver, StreamStatistics
from aiortc.rtp import RtcpByePacket

from gateway import telemetry
from gateway.webrtc.coding import Decoder, decoder
from gateway.webrtc.guard import Allowance
from gateway.webrtc.pacer import pacer
from gateway.webrtc.packets import KeyReader, RtpPacket, read_rtp
from gateway.webrtc.srtp import SrtpPath
from media.audio import Pcm, Samples, Seconds, seconds
from media.jitter import Comfort, Conceal, Decode, JitterBuffer, Packet, Play, Recover

MOST_SOURCES: Final = 8
"""Streams that a peer may send in a call, one after another; those that follow are not heard."""

_SHORTEST: Final = 12  # bytes of an RTP header
_PRESSES_PER_S: Final = 20.0  # nobody types faster, and tones allow for 12 (ITU-T Q.24)
_REPORTED: Final = 50  # beats between two times that the metrics are told: a second

OnAudio = Callable[[Pcm, bytes | None], None]
"""Takes the next samples, contiguous at 16 kHz, and the Opus packet that they were, if any."""

log = structlog.get_logger(__name__)


class AudioReceiver(RTCRtpReceiver):  # type: ignore[misc]
    """An audio receiver that tells what it hears as it comes: see `hear`."""

    _RTCRtpReceiver__started: bool

    def __init__(self, transport: Any) -> None:
        super().__init__("audio", transport)
        self._path = SrtpPath(transport)
        self._codecs: dict[int, Any] = {}
        self._names: dict[int, str] = {}
        self._on_audio: OnAudio | None = None
        self._on_end: Callable[[], None] | None = None
        self._on_key: Callable[[str], None] | None = None
        self._keys, self._presses = KeyReader(), Allowance(_PRESSES_PER_S, _PRESSES_PER_S)
        self._ssrc: int | None = None
        self._statistics: dict[int, StreamStatistics] = self._RTCRtpReceiver__remote_streams
        self._codec: Any = None
        self._is_opus = False
        self._decoder: Decoder | None = None
        self._jitter: JitterBuffer | None = None
        self._flooded = False
        self._beats = 0
        self._told_packets = self._told_lost = 0

    def hear(
        self,
        on_audio: OnAudio | None,
        on_end: Callable[[], None],
        on_key: Callable[[str], None] | None = None,
    ) -> None:
        """Say who is told of samples, of the end of the stream, and of keys (RFC 4733).

        Where nobody wants the samples nothing is decoded.
        A key is told once a press, 20 a second, and after a pause 20 at once. The end is told once:
        by RTCP BYE, when DTLS or the network ends, or when the receiver is stopped.
        """
        self._on_audio, self._on_end, self._on_key = on_audio, on_end, on_key

    # What aiortc calls.

    async def receive(self, parameters: Any) -> None:
        """Start, with the codecs that were negotiated; or go on, with new ones."""
        self._codecs = {codec.payloadType: codec for codec in parameters.codecs}
        self._names = {codec.payloadType: codec.name.lower() for codec in parameters.codecs}
        if self._RTCRtpReceiver__started:
            return
        self.transport._register_rtp_receiver(self, parameters)
        self._RTCRtpReceiver__rtcp_task = asyncio.ensure_future(self._run_rtcp())
        self._RTCRtpReceiver__started = True
        self._path.divert(self._take)
        pacer().add(self)

    def _RTCRtpReceiver__stop_decoder(self) -> None:  # noqa: N802 - what upstream calls at the end
        pacer().remove(self)
        self._path.divert(None)
        self._report()
        ended, self._on_end, self._on_audio = self._on_end, None, None
        if ended is not None:
            ended()

    async def _handle_rtcp_packet(self, packet: Any) -> None:
        if isinstance(packet, RtcpByePacket) and self._ssrc not in (None, *packet.sources):
            return  # of a stream that this one has replaced
        await super()._handle_rtcp_packet(packet)

    async def _handle_rtp_packet(self, packet: Any, arrival_time_ms: int) -> None:
        """Take a packet that came before the short way was open."""
        self._packet(
            RtpPacket(
                packet.payload_type,
                packet.sequence_number,
                packet.timestamp,
                packet.ssrc,
                packet.payload,
            )
        )

    # The short way.

    def beat(self, now: Seconds) -> None:
        """Go on where nothing comes; every 20 ms."""
        if self._beats % _REPORTED == 0:
            self._report()
        self._beats += 1
        if self._jitter is not None:
            self._play(self._jitter.tick(1_000 * now))

    def _take(self, data: bytes, when_authentic: Callable[[], None] | None = None) -> bool:
        """Take an SRTP packet that arrived; tell whether it was one of sound."""
        if len(data) < _SHORTEST:
            return False
        ssrc = int.from_bytes(data[8:12], "big")
        if (data[1] & 0x7F) not in self._codecs and ssrc != self._ssrc:
            return False
        if ssrc not in self._statistics and len(self._statistics) >= MOST_SOURCES:
            telemetry.DATAGRAMS_REFUSED.labels("source").inc()
            return True
        opened = self._path.open(data)
        if opened is None:
            telemetry.DATAGRAMS_REFUSED.labels("srtp").inc()
            return True
        if when_authentic is not None:
            when_authentic()
        try:
            packet = read_rtp(opened)
        except ValueError:
            telemetry.DATAGRAMS_REFUSED.labels("rtp").inc()
            return True
        self._packet(packet)
        return True

    def _packet(self, packet: RtpPacket) -> None:
        if self._on_audio is None or not self._enabled or not self._is_current(packet):
            return
        now = asyncio.get_running_loop().time()
        self._statistics[packet.ssrc].add(packet)
        name = self._names.get(packet.payload_type)
        samples: Samples = 0
        if name == "telephone-event":
            self._pressed(packet, now)
        elif name == "cn":
            if self._decoder is not None:
                self._decoder.describe_noise(packet.payload)
        elif name is not None:
            self._use(self._codecs[packet.payload_type])
            assert self._decoder is not None
            samples = self._decoder.duration(packet.payload)
        if self._jitter is None:
            return
        held = Packet(packet.sequence_number, packet.timestamp, packet.payload, samples)
        self._play(self._jitter.put(held, 1_000 * now))

    def _is_current(self, packet: RtpPacket) -> bool:
        """Tell whether a packet is of the stream that is heard; a new one takes over."""
        if packet.ssrc == self._ssrc:
            return True
        sources = self.transport._rtp_router.ssrc_table
        if packet.ssrc in self._statistics or sources.get(packet.ssrc, self) is not self:
            return False
        codec = self._codecs.get(packet.payload_type)
        if codec is None or len(self._statistics) >= MOST_SOURCES:
            return False
        self._ssrc = packet.ssrc
        sources[packet.ssrc] = self  # its reports and its BYE come here
        self._statistics[packet.ssrc] = StreamStatistics(codec.clockRate)
        if self._jitter is not None:
            self._play(self._jitter.restart(1_000 * asyncio.get_running_loop().time()))
        return True

    def _use(self, codec: Any) -> None:
        if codec is self._codec:
            return
        if codec == self._codec:  # negotiated anew
            self._codec = codec
            return
        if self._jitter is None:
            self._jitter = JitterBuffer(codec.clockRate)
        else:
            now_ms = 1_000 * asyncio.get_running_loop().time()
            self._play(self._jitter.restart(now_ms, codec.clockRate))
        self._codec, self._decoder = codec, decoder(codec.name)
        self._is_opus = codec.name.lower() == "opus"

    def _pressed(self, packet: RtpPacket, now: Seconds) -> None:
        key = self._keys.read(packet.payload, packet.timestamp)
        if key is None or self._on_key is None:
            return
        if self._presses.allows(now):
            self._on_key(key)
        elif not self._flooded:
            self._flooded = True
            log.warning("more keys than anybody types; those beyond 20 a second are dropped")

    def _play(self, plays: list[Play]) -> None:
        if not plays or self._decoder is None:
            return
        decoding = self._decoder
        for play in plays:
            coded: bytes | None = None
            match play:
                case Decode(payload):
                    pcm, coded = decoding.decode(payload), payload
                case Recover(payload, samples):
                    pcm = self._filled("recovered", decoding.recover(payload, samples))
                case Conceal(samples):
                    pcm = self._filled("concealed", decoding.conceal(samples))
                case Comfort(samples):
                    pcm = self._filled("comfort", decoding.comfort(samples))
            if self._on_audio is not None and len(pcm):
                self._on_audio(pcm, coded if self._is_opus else None)

    def _filled(self, how: str, pcm: Pcm) -> Pcm:
        telemetry.FILLED.labels(how).inc(seconds(len(pcm)))
        return pcm

    def _report(self) -> None:
        """Tell the metrics what there was since the last time."""
        packets = sum(stream.packets_received for stream in self._statistics.values())
        telemetry.PACKETS.inc(packets - self._told_packets)
        self._told_packets = packets
        if self._jitter is not None:
            telemetry.PACKETS_LOST.inc(self._jitter.lost - self._told_lost)
            self._told_lost = self._jitter.lost
        if self._codec is not None and self._ssrc is not None:
            jitter = self._statistics[self._ssrc].jitter / self._codec.clockRate
            telemetry.JITTER.observe(jitter)
