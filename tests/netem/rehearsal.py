"""A voice over a bad network without sockets or time: packets, link, jitter buffer, decoder.

What takes a call minutes takes this fractions of a second, and it comes out the same each time.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from gateway.webrtc.coding import Decoder, decoder, encoder
from media.audio import FRAME, RATE, Pcm, Seconds, seconds
from media.jitter import Comfort, Conceal, Decode, JitterBuffer, Packet, Play, Recover
from tests.netem.link import Link

CLOCKS: Final = {"opus": 48_000, "pcmu": 8_000, "pcma": 8_000, "g722": 8_000}
"""Ticks a second of the timestamps, by codec."""

_BEAT_S: Final[Seconds] = 0.02
_AFTER_S: Final[Seconds] = 1.0  # to see what comes late


def spoken(
    pcm: Pcm, codec: str = "opus", *, loss: float = 0.0, dtx: bool = False
) -> list[tuple[Seconds, Packet]]:
    """Return the packets of a voice, 20 ms each, with the times at which they are sent.

    `loss` is what the sender has been told of the network: Opus sends copies along when it loses.
    """
    coding = encoder(codec, dtx=dtx)
    coding.expect_loss(loss)
    sent = []
    for n in range(len(pcm) // FRAME):
        payload = coding.encode(pcm[n * FRAME : (n + 1) * FRAME])
        if payload is not None:
            number, timestamp = len(sent), n * FRAME * CLOCKS[codec] // RATE
            packet = Packet(number % (1 << 16), timestamp % (1 << 32), payload, FRAME)
            sent.append((seconds(n * FRAME), packet))
    return sent


def heard(sent: list[tuple[Seconds, Packet]], link: Link, codec: str = "opus") -> Pcm:
    """Return what is heard of packets at the end of a link, contiguous at 16 kHz."""
    decoding, jitter = decoder(codec), JitterBuffer(CLOCKS[codec])
    parts: list[Pcm] = [np.zeros(0, np.int16)]
    arriving = list(link.carry(sent))
    now = 0.0
    until = max([at_s for at_s, _ in (*sent, *arriving)], default=0.0) + _AFTER_S
    while now < until:
        now += _BEAT_S
        while arriving and arriving[0][0] < now:
            at_s, packet = arriving.pop(0)
            parts += (_sound(play, decoding) for play in jitter.put(packet, 1_000 * at_s))
        parts += (_sound(play, decoding) for play in jitter.tick(1_000 * now))
    return np.concatenate(parts)


def _sound(play: Play, decoding: Decoder) -> Pcm:
    match play:
        case Decode(payload):
            return decoding.decode(payload)
        case Recover(payload, samples):
            return decoding.recover(payload, samples)
        case Conceal(samples):
            return decoding.conceal(samples)
        case Comfort(samples):
            return decoding.comfort(samples)
