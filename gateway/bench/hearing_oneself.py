"""How late callers hear themselves, before and after one packet was lost.

What they say is chirps, half a second apart, over a quiet line. A chirp was said when its first
sample would have been captured: 20 ms before the frame that begins with it is sent. It was heard
when that sample could be played: what came with one chunk is played from its coming on. So one
packet's 20 ms are in the figure, the devices of a caller are not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from media.audio import FRAME, RATE, Pcm, Samples, Seconds, seconds

CALLERS: Final = 3
"""At once: they load neither side."""

WARM_S: Final[Seconds] = 2.0
"""How long a call lasts before anything counts."""

SETTLED_S: Final[Seconds] = 1.0
"""After a loss; from then on the delay should be what it was."""

SPACING: Final[Samples] = RATE // 2 + 37
"""Of chirps: not a whole number of frames, so that they fall on all places in one."""

_CHIRP_S: Final = 0.04
_SAFE_S: Final = 0.1
_LOUD: Final = 0.35  # of a perfect match


def chirp(rate: int) -> NDArray[np.float64]:
    """Return a sweep from 400 to 3,000 Hz, of full scale 1, at a rate."""
    at = np.arange(round(_CHIRP_S * rate)) / rate
    wave = np.sin(2 * np.pi * (400 * at + (3_000 - 400) / (2 * _CHIRP_S) * at**2))
    found: NDArray[np.float64] = wave * np.hanning(len(at))
    return found


def chirps(count: int) -> tuple[Pcm, NDArray[np.int64]]:
    """Return a quiet line with `count` chirps in it, and where each begins."""
    places = SPACING * (1 + np.arange(count))
    line = np.random.default_rng(1).normal(0, 20, places[-1] + RATE)
    one = 12_000 * chirp(RATE)
    for place in places:
        line[place : place + len(one)] += one
    return line.astype(np.int16), places


def found(pcm: Pcm, rate: int) -> NDArray[np.int64]:
    """Return where chirps begin in what was heard, in samples of its rate."""
    one = chirp(rate)
    x = pcm.astype(np.float64)
    if len(x) <= len(one):
        return np.zeros(0, np.int64)
    size = 1 << (len(x) + len(one)).bit_length()
    spectrum = np.fft.rfft(x, size) * np.conj(np.fft.rfft(one, size))
    match = np.fft.irfft(spectrum, size)[: len(x) - len(one)]
    energy = np.cumsum(np.concatenate([[0.0], x**2]))
    power = np.sqrt(energy[len(one) :] - energy[: -len(one)])[: len(match)] + 1e3
    match = np.abs(match) / (power * np.sqrt(np.sum(one**2)))
    places: list[int] = []
    while len(match) and (best := int(np.argmax(match))) is not None and match[best] > _LOUD:
        places.append(best)
        match[max(0, best - rate // 4) : best + rate // 4] = 0
    return np.sort(np.asarray(places, np.int64))


class Ear:
    """One call: when which frame was sent, what came when."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self.sent: list[Seconds] = []
        self.came: list[tuple[Seconds, Pcm]] = []

    def on_frame(self) -> None:
        """Note that a frame is sent."""
        self.sent.append(self._clock())

    def on_sound(self, pcm: Pcm) -> None:
        """Note that sound came."""
        self.came.append((self._clock(), pcm))

    def delays(self, places: NDArray[np.int64], rate: int) -> list[tuple[Seconds, Seconds]]:
        """Return of each chirp that was heard when it was said, and how late it was heard."""
        said = [
            self.sent[place // FRAME] - seconds(FRAME) + seconds(place % FRAME)
            for place in places
            if place // FRAME < len(self.sent)
        ]
        starts = np.cumsum([0, *(len(pcm) for _, pcm in self.came)])
        out: list[tuple[Seconds, Seconds]] = []
        for place in found(np.concatenate([pcm for _, pcm in self.came]), rate):
            chunk = int(np.searchsorted(starts, place, "right")) - 1
            heard = self.came[chunk][0] + (place - starts[chunk]) / rate
            before = [at for at in said if 0 <= heard - at < seconds(SPACING)]
            out += [(at, heard - at) for at in before[-1:]]
        return out


async def hear(make: Callable[..., Any], url: str, time_s: Seconds) -> dict[str, Any]:
    """Let callers talk for twice `time_s`, and lose a packet on their way between.

    Returns:
        `before` and `after`: the delays of all chirps, in seconds, those said within `SETTLED_S`
        after the loss left out; `by_second`: after the loss, the median by full second; `said`: how
        many chirps should have been heard.
    """
    calls = await asyncio.gather(
        *(_call(make, url, time_s, phase / CALLERS / 50) for phase in range(CALLERS))
    )
    after = [(at, delay) for call in calls for at, delay in call if at >= 0]
    return {
        "before": [round(delay, 4) for call in calls for at, delay in call if at < 0],
        "after": [round(delay, 4) for at, delay in after if at >= SETTLED_S],
        "by_second": [
            round(float(np.median(there)), 4)
            for second in range(int(time_s))
            if (there := [delay for at, delay in after if int(at) == second])
        ],
    }


async def _call(
    make: Callable[..., Any], url: str, time_s: Seconds, phase_s: Seconds
) -> list[tuple[Seconds, Seconds]]:
    """Return when each chirp was said, counted from the loss, and how late it was heard."""
    await asyncio.sleep(phase_s)
    sound, places = chirps(int((WARM_S + 2 * time_s) * RATE / SPACING))
    ear = Ear()
    caller = make(url, sound, ear.on_frame)
    clock = asyncio.get_running_loop().time
    try:
        await caller.connect()
        listening = asyncio.create_task(_listen(caller, ear))
        await asyncio.sleep(WARM_S)
        began = clock()
        await asyncio.sleep(time_s)
        lost = _lose_one(caller.pc)
        await asyncio.sleep(time_s)
        ended = clock()
        await asyncio.sleep(seconds(SPACING))  # what was said last is heard by then
        listening.cancel()
    finally:
        await caller.hang_up()
    if not lost:
        raise RuntimeError("no packet was lost")
    return [
        (at - lost[0], delay)
        for at, delay in ear.delays(places, caller.rate)
        if began <= at < ended - _SAFE_S
    ]


async def _listen(caller: Any, ear: Ear) -> None:
    async for pcm in caller.hear():
        ear.on_sound(pcm)


def _lose_one(pc: Any) -> list[Seconds]:
    """Lose the next RTP packet of a peer connection; the list gets the time when it is lost."""
    ice = pc.getSenders()[0].transport.transport._connection
    protocol = ice._nominated[1].protocol
    protocol.transport = losing = _Losing(protocol.transport)
    return losing.lost


class _Losing:
    """A datagram transport that loses one RTP packet, the first that it is given."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.lost: list[Seconds] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def sendto(self, data: bytes, address: Any = None) -> None:
        """Send a datagram, or lose it (RFC 5761, 4: which are RTP)."""
        if not self.lost and 128 <= data[0] < 192 and not 192 <= data[1] < 224:
            self.lost.append(asyncio.get_running_loop().time())
            return
        self._transport.sendto(data, address)
