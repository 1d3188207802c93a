"""The codecs of a call's sound: packets to 20 ms of one voice at 16 kHz, and back.

aiortc 1.16 hands every frame to a thread and back, to decode and to encode: the two hops cost
several times what they save. It decodes to stereo and encodes stereo at 96 kbit/s, for one voice.
Here a voice stays one channel, and nothing leaves the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

import av
import numpy as np
from aiortc.codecs import CODECS

from gateway.webrtc.opus import OpusDecoder, OpusEncoder
from media.audio import (
    RATE,
    Pcm,
    Samples,
    alaw_decode,
    alaw_encode,
    ulaw_decode,
    ulaw_encode,
)
from media.concealment import Concealment
from media.narrowband import LATE, ULAW_RATE, Doubler, Halver


def install() -> None:
    """Ask in offers and answers for copies of each Opus frame in the next one (RFC 7587, 6.1).

    aiortc's have no parameters, and most encoders send none unasked. Calling it again changes
    nothing.
    """
    for codec in CODECS["audio"]:
        if codec.name.lower() == "opus":
            codec.parameters["useinbandfec"] = 1


class Decoder(Protocol):
    """Decode the packets of one stream to contiguous sound: mono int16 at 16 kHz.

    It never raises and never changes the time: what cannot be decoded is concealed.
    """

    def duration(self, payload: bytes) -> Samples:
        """Return the samples that a payload decodes to; 0 when there is no sound in it."""

    def decode(self, payload: bytes) -> Pcm:
        """Return the sound of a packet, `duration` samples."""

    def recover(self, payload: bytes, samples: Samples) -> Pcm:
        """Return so many samples before a packet, by what it holds of the lost one before it."""

    def conceal(self, samples: Samples) -> Pcm:
        """Return sound that goes on from the last and fades."""

    def comfort(self, samples: Samples) -> Pcm:
        """Return background noise."""

    def describe_noise(self, payload: bytes) -> None:
        """Take the level of the background noise, as the far end tells it (RFC 3389)."""


class Encoder(Protocol):
    """Encode one voice, 20 ms at a time."""

    def encode(self, pcm: Pcm) -> bytes | None:
        """Return the payload of 320 samples at 16 kHz; None when silence need not be sent."""

    def expect_loss(self, fraction: float) -> None:
        """Protect against the loss of this part of the packets, 0 to 1."""


def decoder(name: str) -> Decoder:
    """Return a decoder of the codec of this encoding name (RFC 3551, RFC 7587), in any case.

    Raises:
        KeyError: there is none.
    """
    return _DECODERS[name.lower()]()


def encoder(name: str, *, dtx: bool = False) -> Encoder:
    """Return an encoder; with `dtx` one that knows how leaves silence out.

    Raises:
        KeyError: there is none.
    """
    name = name.lower()
    return OpusEncoder(dtx=dtx) if name == "opus" else _WaveformEncoder(*_ENCODERS[name]())


class _WaveformDecoder:
    """Decode what is coded sample by sample: one packet holds nothing of another."""

    def __init__(self, rate: int, expand: Callable[[bytes], Pcm]) -> None:
        self._expand = expand
        self._scale = RATE // rate
        self._concealment = Concealment(rate)
        self._double = Doubler()
        self._double(np.zeros(LATE // 2, np.int16))

    def duration(self, payload: bytes) -> Samples:
        return 2 * len(payload)  # 64 kbit/s, all of them

    def decode(self, payload: bytes) -> Pcm:
        return self._wide(self._concealment.heard(self._expand(payload)))

    def recover(self, payload: bytes, samples: Samples) -> Pcm:
        return self.conceal(samples)

    def conceal(self, samples: Samples) -> Pcm:
        return self._wide(self._concealment.conceal(-(-samples // self._scale)))[:samples]

    def comfort(self, samples: Samples) -> Pcm:
        return self._wide(self._concealment.comfort(-(-samples // self._scale)))[:samples]

    def describe_noise(self, payload: bytes) -> None:
        if payload:
            self._concealment.describe_noise(payload[0] & 0x7F)

    def _wide(self, pcm: Pcm) -> Pcm:
        return pcm if self._scale == 1 else self._double(pcm)


class _WaveformEncoder:
    """Encode sample by sample; silence is sent, and losses are the far end's to conceal."""

    def __init__(self, rate: int, compress: Callable[[Pcm], bytes]) -> None:
        self._compress = compress
        self._halve = Halver() if rate < RATE else None
        if self._halve is not None:
            self._halve(np.zeros(LATE - 2, np.int16))

    def encode(self, pcm: Pcm) -> bytes:
        return self._compress(pcm if self._halve is None else self._halve(pcm))

    def expect_loss(self, fraction: float) -> None:
        pass


def _g722_codec(mode: str) -> Any:
    codec = av.CodecContext.create("g722", mode)
    codec.sample_rate, codec.layout, codec.format = RATE, "mono", "s16"
    return codec


def _g722_decoder() -> _WaveformDecoder:
    codec = _g722_codec("r")

    def expand(payload: bytes) -> Pcm:
        frames = codec.decode(av.Packet(payload)) if payload else []
        return np.concatenate([np.zeros(0, np.int16), *(f.to_ndarray()[0] for f in frames)])

    return _WaveformDecoder(RATE, expand)


def _g722_encoder() -> tuple[int, Callable[[Pcm], bytes]]:
    codec = _g722_codec("w")

    def compress(pcm: Pcm) -> bytes:
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        return b"".join(bytes(packet) for packet in codec.encode(frame))

    return RATE, compress


_DECODERS: Final[dict[str, Callable[[], Decoder]]] = {
    "opus": OpusDecoder,
    "pcmu": lambda: _WaveformDecoder(ULAW_RATE, ulaw_decode),
    "pcma": lambda: _WaveformDecoder(ULAW_RATE, alaw_decode),
    "g722": _g722_decoder,
}
_ENCODERS: Final[dict[str, Callable[[], tuple[int, Callable[[Pcm], bytes]]]]] = {
    "pcmu": lambda: (ULAW_RATE, ulaw_encode),
    "pcma": lambda: (ULAW_RATE, alaw_encode),
    "g722": _g722_encoder,
}
