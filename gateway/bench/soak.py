"""The soak of `hushgate bench relay`: calls come and go, and nothing of them may stay.

Callers talk for 10 to 30 s. Most hang up by HTTP, some by DTLS, some without a word: these the
gateway finds out by consent freshness (RFC 7675), after 30 s.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Final

import numpy as np

from gateway.bench.load import LineError, Load
from gateway.bench.relay import FULL, LIMIT_S, Cores, Gateway, place, serving
from media.audio import Seconds

CALLERS: Final = 16
"""At once; in an hour they place some 2,700 calls."""

TALK_S: Final = (10.0, 30.0)
PAUSE_S: Final = (0.0, 2.0)

WAYS: Final = {"request": 0.6, "dtls": 0.25, "vanish": 0.15}
"""How calls end, and how often."""

WARM_S: Final[Seconds] = 2.0
"""How long a call lasts before its packets count."""

GONE_WITHIN: Final[Seconds] = 90.0
"""By then the gateway must have noticed that all have gone."""

_LOOK_S: Final = 5.0
_SETTLED: Final = 1 / 6  # of the time; only then does the memory's slope count
_COUNTED: Final = ("tasks", "threads", "sockets")


async def soak(
    said: Sequence[bytes], time_s: Seconds, cores: Cores, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Let calls come and go for `time_s`; return what stayed, and what became of the calls."""
    ended: Counter[str] = Counter()
    late: list[tuple[int, int]] = []
    samples: list[tuple[Seconds, float]] = []
    load = Load(said)
    clock = asyncio.get_running_loop().time
    async with serving("hushgate", "inspected", cores) as gateway, load.running():
        tell("soak: warming up")
        await place(load, gateway, CALLERS, FULL.place_s)
        for line in load.lines:
            load.drop(line)
            await line.end()
        start = await _held(gateway)
        began = clock()
        callers = [
            asyncio.create_task(
                _call_on(load, gateway, random.Random(n), began + time_s, ended, late)
            )
            for n in range(CALLERS)
        ]
        try:
            for look in count(1):
                await asyncio.wait(callers, timeout=max(0.0, began + look * _LOOK_S - clock()))
                if all(caller.done() for caller in callers):
                    break
                samples.append((clock() - began, gateway.rss_mb()))
                load.late.clear()
                tell(f"soak: {clock() - began:.0f} of {time_s:.0f} s, {ended.total()} calls")
            await asyncio.gather(*callers)
        finally:
            for caller in callers:
                caller.cancel()
        lasted = clock() - began
        tell("soak: waiting for the gateway to notice who has vanished")
        end = await _held(gateway)
    failed = sum(number for way, number in ended.items() if way not in WAYS)
    packets = sum(due for _, due in late)
    return {
        "seconds": round(lasted),
        "calls": ended.total(),
        "failed": failed,
        "ended": dict(ended),
        "late_share": round(sum(n for n, _ in late) / packets, 5) if packets else None,
        "rss_slope_mb_per_h": _slope(samples, lasted),
        "start": start,
        "end": end,
        "back_to_start": all(end[key] <= start[key] for key in ("calls", *_COUNTED)),
        "rss_mb": [round(mb, 1) for _, mb in samples[:: max(1, len(samples) // 60)]],
    }


async def _call_on(
    load: Load,
    gateway: Gateway,
    rng: random.Random,
    until: Seconds,
    ended: Counter[str],
    late: list[tuple[int, int]],
) -> None:
    """Place one call after another; note how each ended, and how many packets came late of all."""
    clock = asyncio.get_running_loop().time
    while (left := until - clock()) > 0:
        try:
            line = await load.call(gateway.calls)
            talk_s = min(rng.uniform(*TALK_S), left)
            try:
                await asyncio.sleep(min(WARM_S, talk_s))
                line.forget()
                began = clock()
                await asyncio.sleep(max(0.0, talk_s - WARM_S))
            finally:
                load.drop(line)
            lost = not line.up
            found = line.lateness(clock() - began).late
            late.append((int(np.count_nonzero(found >= LIMIT_S)), len(found)))
            (way,) = rng.choices(list(WAYS), list(WAYS.values()))
            if way == "vanish":
                await line.vanish()
            else:
                await line.end(by_request=way == "request")
            ended["lost" if lost else way] += 1
        except (LineError, OSError) as error:
            ended[str(error) or type(error).__name__] += 1
        await asyncio.sleep(min(rng.uniform(*PAUSE_S), max(0.0, until - clock())))


async def _held(gateway: Gateway) -> dict[str, float]:
    """Wait until all calls have ended; return what the gateway holds then."""
    clock = asyncio.get_running_loop().time
    until = clock() + GONE_WITHIN
    counts = await gateway.counts()
    settled = 0
    while settled < 2 and clock() < until:
        await asyncio.sleep(1)
        counts = await gateway.counts()
        settled = 0 if counts["calls"] else settled + 1
    return {key: counts[key] for key in ("calls", *_COUNTED)} | {
        "rss_mb": round(gateway.rss_mb(), 1)
    }


def _slope(samples: Sequence[tuple[Seconds, float]], lasted: Seconds) -> float | None:
    """Return by how many millions of bytes an hour memory grows, by least squares."""
    there = np.asarray([(at, mb) for at, mb in samples if at >= lasted * _SETTLED])
    if len(there) < 3:
        return None
    return round(float(np.polyfit(there[:, 0] / 3_600, there[:, 1], 1)[0]), 2)
