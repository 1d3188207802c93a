"""Coding of a call's sound where its packets are.

aiortc 1.16 hands every frame to a thread and back, to decode and to encode: the two hops cost
several times what they save, half of what a call costs in all. It decodes to stereo and encodes
stereo at 96 kbit/s, for one voice. Here a voice stays one channel, and nothing leaves the loop: a
frame takes some 50 µs either way.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any, Final, Protocol

import aiortc.rtp
import av
import numpy as np
from aiortc.codecs import get_decoder, get_encoder
from aiortc.codecs.opus import OpusDecoder
from aiortc.rtcrtpsender import RTCEncodedFrame

from gateway.webrtc.opus import OpusDecoder as Opus
from gateway.webrtc.opus import OpusEncoder
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
    "opus": Opus,
    "pcmu": lambda: _WaveformDecoder(ULAW_RATE, ulaw_decode),
    "pcma": lambda: _WaveformDecoder(ULAW_RATE, alaw_decode),
    "g722": _g722_decoder,
}
_ENCODERS: Final[dict[str, Callable[[], tuple[int, Callable[[Pcm], bytes]]]]] = {
    "pcmu": lambda: (ULAW_RATE, ulaw_encode),
    "pcma": lambda: (ULAW_RATE, alaw_encode),
    "g722": _g722_encoder,
}

BIT_RATE: Final = 32_000
"""Of Opus towards the caller: full wide-band speech (RFC 7587, 3.1.1: 28 to 40 kbit/s)."""

_CLOCK: Final = 48_000  # of Opus's timestamps, whatever the sound's rate (RFC 7587, 4.1)


_FADED: Final = 10  # silent frames after which an encoder has nothing of a voice left


class OpusVoice:
    """Encode frames of one voice: mono s16 at 16 kHz, 320 samples each, a packet each.

    Silence, which callers hear most of the time, costs as much to encode as speech; after 200 ms of
    it the last packet is repeated.
    """

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("libopus", "w")
        self._codec.sample_rate, self._codec.layout, self._codec.format = RATE, "mono", "s16"
        self._codec.bit_rate = BIT_RATE
        self._codec.options = {"application": "voip"}
        self._silent = 0
        self._last: list[bytes] = []

    def encode(self, frame: Any) -> tuple[list[bytes], int]:
        """Return the payloads and the timestamp of a frame."""
        timestamp = frame.pts * _CLOCK // RATE
        silent = not bytes(frame.planes[0])[: 2 * frame.samples].strip(b"\0")
        self._silent = self._silent + 1 if silent else 0
        if self._silent > _FADED:
            return self._last, timestamp
        self._last = [bytes(packet) for packet in self._codec.encode(frame)]
        return self._last, timestamp


class _Decoding(queue.Queue[Any]):
    """What takes the place of a receiver's queue to its decoder thread: put in, it is decoded.

    The thread waits for the end only.
    """

    def __init__(self, track: Any) -> None:
        super().__init__()
        self._track = track
        self._codec_name = ""
        self._decoder: Any = None

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if item is None:
            super().put(None)
            return
        codec, encoded = item
        if codec.name != self._codec_name:
            self._codec_name, self._decoder = codec.name, get_decoder(codec)
            if isinstance(self._decoder, OpusDecoder):
                self._decoder.codec.layout = "mono"
        try:
            frames = self._decoder.decode(encoded)
        except av.FFmpegError:
            return  # as if it had been lost: its time is filled with silence
        for frame in frames:
            self._track._queue.put_nowait(frame)


def code_inline(sender: Any, receiver: Any) -> None:
    """Let the sound of an aiortc sender and receiver be coded here, before either starts."""
    receiver._RTCRtpReceiver__decoder_queue = _Decoding(receiver.track)
    encoder: Any = None

    async def next_encoded_frame(codec: Any) -> RTCEncodedFrame | None:
        nonlocal encoder
        frame = await sender.track.recv()
        if not sender._enabled:
            return None
        if encoder is None:
            encoder = OpusVoice() if codec.name.lower() == "opus" else get_encoder(codec)
        level = aiortc.rtp.compute_audio_level_dbov(frame)
        payloads, timestamp = encoder.encode(frame)
        return RTCEncodedFrame(payloads, timestamp, level) if payloads else None

    sender._next_encoded_frame = next_encoded_frame
