"""Opus by libopus itself.

PyAV's wrapper of it can neither conceal a lost packet nor decode the copy of it that the next one
carries, and decodes to 48 kHz stereo, to be brought back to one voice at 16 kHz. The library is the
one in PyAV's wheel, or else the system's.

Source: RFC 6716, RFC 7587; opus.h of libopus 1.6.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import weakref
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from media.audio import FRAME, RATE, Pcm, Samples

BIT_RATE: Final = 36_000
"""Of Opus towards the caller: full-band speech has 28 to 40 kbit/s (RFC 7587, 3.1.1).

At 32 and the complexity below libopus finds no room for copies of lost packets.
"""

_VOIP: Final = 2048
_SET_BITRATE: Final = 4002
_SET_COMPLEXITY: Final = 4010
_SET_INBAND_FEC: Final = 4012
_SET_PACKET_LOSS_PERC: Final = 4014
_SET_DTX: Final = 4016
_SET_SIGNAL: Final = 4024
_SIGNAL_VOICE: Final = 3001
_SIGNAL_MUSIC: Final = 3002

_COMPLEXITY: Final = 1
# Of 10: 0.1 dB of signal to noise less than the best, for a fifth of its time.
_LONGEST: Final[Samples] = 120 * RATE // 1000  # of a packet: RFC 6716, 3.2.5
_STEP: Final[Samples] = RATE // 400  # libopus conceals in multiples of 2.5 ms
_MOST_BYTES: Final = 1275  # of a frame: RFC 6716, 3.2.1
_UNSENT: Final = 2  # bytes; a packet this short need not be sent (opus.h)
_FADED: Final = 10  # silent frames after which an encoder has nothing of a voice left


class OpusMissingError(RuntimeError):
    """There is no libopus, neither PyAV's nor the system's."""


@cache
def _library() -> ctypes.PyDLL:
    # PyDLL keeps the interpreter's lock: it would cost more to give it away and to get it back,
    # from threads that keep it for 5 ms, than a frame takes.
    home = Path(av.__file__).parent
    bundled = [*home.parent.glob("av.libs/*opus[-.]*"), *home.glob(".dylibs/*opus[-.]*")]
    for name in [*sorted(map(str, bundled)), ctypes.util.find_library("opus")]:
        if name is None:
            continue
        try:
            library = ctypes.PyDLL(name)
        except OSError:
            continue
        _declare(library)
        return library
    raise OpusMissingError("libopus is missing: install av as a wheel, or the system's libopus.")


def _declare(library: ctypes.PyDLL) -> None:
    pointer, integer, data = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    error = ctypes.POINTER(integer)
    for name, result, *arguments in (
        ("opus_decoder_create", pointer, integer, integer, error),
        ("opus_decoder_destroy", None, pointer),
        ("opus_decode", integer, pointer, data, integer, pointer, integer, integer),
        ("opus_packet_get_nb_samples", integer, data, integer, integer),
        ("opus_encoder_create", pointer, integer, integer, integer, error),
        ("opus_encoder_destroy", None, pointer),
        ("opus_encoder_ctl", integer, pointer, integer, integer),
        ("opus_encode", integer, pointer, data, integer, pointer, integer),
    ):
        function = getattr(library, str(name))
        function.restype, function.argtypes = result, arguments


def _made(state: int | None, what: str) -> int:
    if not state:
        raise MemoryError(f"libopus has no memory for {what}.")
    return state


@lru_cache(maxsize=256)
def _duration(head: bytes) -> Samples:
    """Return the samples of a packet that begins with these two bytes, which tell (RFC 6716, 3)."""
    count: int = _library().opus_packet_get_nb_samples(head, len(head), RATE)
    return max(0, count)


class OpusDecoder:
    """Decode the packets of one voice to 16 kHz mono; what is mangled is concealed."""

    def __init__(self) -> None:
        self._library: Any = _library()
        state = _made(self._library.opus_decoder_create(RATE, 1, None), "a decoder")
        self._state = state
        self._pcm = np.zeros(_LONGEST, np.int16)
        self._out = self._pcm.ctypes.data
        weakref.finalize(self, self._library.opus_decoder_destroy, state)

    def duration(self, payload: bytes) -> Samples:
        """Return the samples that a payload decodes to; 0 when it is not Opus."""
        return _duration(payload[:2])

    def decode(self, payload: bytes) -> Pcm:
        """Return the sound of a packet, `duration` samples."""
        # Of an empty payload libopus would make up as much as there is room for.
        count = self._decode(payload, _LONGEST, fec=False) if payload else 0
        if count <= 0:
            return self.conceal(self.duration(payload))
        return self._pcm[:count].copy()

    def recover(self, payload: bytes, samples: Samples) -> Pcm:
        """Return the last samples before a packet that was not lost, by what it holds of them."""
        count = min(-(-samples // _STEP) * _STEP, _LONGEST)
        if samples > _LONGEST or self._decode(payload, count, fec=True) < 0:
            return self.conceal(samples)
        return self._pcm[count - samples : count].copy()

    def conceal(self, samples: Samples) -> Pcm:
        """Return sound that goes on from the last, and fades into noise like its background's."""
        pcm = np.zeros(samples, np.int16)
        for start in range(0, samples, _LONGEST):
            part = pcm[start : start + _LONGEST]
            self._decode(None, -(-len(part) // _STEP) * _STEP, fec=False)
            part[:] = self._pcm[: len(part)]
        return pcm

    comfort = conceal  # the decoder has learnt the background, and plays it when nothing comes

    def describe_noise(self, payload: bytes) -> None:
        """Nothing: Opus tells the background in packets of its own."""

    def _decode(self, payload: bytes | None, count: Samples, *, fec: bool) -> int:
        size = len(payload) if payload is not None else 0
        result: int = self._library.opus_decode(self._state, payload, size, self._out, count, fec)
        return result


class OpusEncoder:
    """Encode frames of one voice, 20 ms at 16 kHz each.

    From the first loss that the far end reports, a copy of each frame goes along with the next.
    Only libopus's coding of voices (SILK) makes copies and leaves silence out. The other (CELT)
    takes half of the time, and at this bit rate comes 1 dB closer to the sound, so without loss
    or `dtx` it is the one. Without `dtx` silence costs as much to encode as speech, and callers
    hear silence most of the time: after 200 ms of it the last packet is repeated.
    """

    def __init__(self, *, dtx: bool = False) -> None:
        self._library: Any = _library()
        state = _made(self._library.opus_encoder_create(RATE, 1, _VOIP, None), "an encoder")
        self._state = state
        weakref.finalize(self, self._library.opus_encoder_destroy, state)
        self._dtx = dtx
        self._silent = 0
        self._packet = ctypes.create_string_buffer(_MOST_BYTES)
        self._size = 0
        for request, value in (
            (_SET_BITRATE, BIT_RATE),
            (_SET_COMPLEXITY, _COMPLEXITY),
            (_SET_SIGNAL, _SIGNAL_VOICE if dtx else _SIGNAL_MUSIC),
            (_SET_INBAND_FEC, 1),
            (_SET_PACKET_LOSS_PERC, 1),
            (_SET_DTX, int(dtx)),
        ):
            self._set(request, value)

    def expect_loss(self, fraction: float) -> None:
        """Make copies good enough for the loss of this part of the packets, 0 to 1."""
        self._set(_SET_PACKET_LOSS_PERC, min(100, max(1, round(100 * fraction))))
        if fraction:
            self._set(_SET_SIGNAL, _SIGNAL_VOICE)

    def _set(self, request: int, value: int) -> None:
        self._library.opus_encoder_ctl(self._state, request, value)

    def encode(self, pcm: Pcm) -> bytes | None:
        """Return the payload of 20 ms of sound, None when it need not be sent.

        Raises:
            ValueError: it is not 320 samples.
        """
        if len(pcm) != FRAME:
            raise ValueError(f"a frame has {FRAME} samples, not {len(pcm)}")
        # `pcm.any()` would take four times as long.
        self._silent = 0 if np.count_nonzero(pcm) else self._silent + 1
        if self._dtx or self._silent <= _FADED:
            self._size = self._library.opus_encode(
                self._state, pcm.tobytes(), FRAME, self._packet, _MOST_BYTES
            )
        return self._packet.raw[: self._size] if self._size > _UNSENT else None
