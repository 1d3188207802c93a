"""`hushgate bench relay`: how many legs a core carries, how late sound comes, what a leg costs.

A leg is audio in and out of one peer connection. The gateway, or stock aiortc in its place, is a
process of its own on a core of its own, and everybody who calls it hears itself; callers are on the
other cores. Every attempt has a new process, so that none suffers from the one before.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pylibsrtp

from gateway import assets
from gateway.bench.capacity import most
from gateway.bench.load import LineError, Load
from gateway.bench.talk import encode
from gateway.recordings import read_mono
from gateway.request import request
from media.audio import FRAME, Seconds

LIMIT_S: Final[Seconds] = 0.02
"""The lateness that 99 of 100 packets must keep."""

HEARD: Final = 0.99
"""The share of what was said that must have been taken up by the end of a step."""

SEARCHES: Final = (
    ("legs_per_core", "hushgate", "inspected", 24),
    ("stock_legs_per_core", "stock", "inspected", 6),
    ("forwarded_legs_per_core", "hushgate", "forwarded", 48),
    ("stock_plain_legs_per_core", "stock", "plain", 6),
)
"""What is looked for, on which side, in which mode, and where the search begins. The last is left
out of a quick run."""

HEARD_BACK: Final = (
    ("hushgate", "hushgate", "plain"),
    ("stock", "stock", "plain"),
    ("forwarded", "hushgate", "forwarded"),
)
"""Whose delay is measured, by which side, in which mode."""

STARTED_WITHIN: Final[Seconds] = 60.0
ENDED_WITHIN: Final[Seconds] = 10.0
REPLIED_WITHIN: Final[Seconds] = 10.0

_AT_A_TIME: Final = 4  # calls being placed
_NARROWLY: Final = 3  # times the limit: such an attempt is made again, once
_SETTLED_BYTES: Final = 0.4  # of what was sent must come back, or it is not sound


class RelayError(Exception):
    """The measurement cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How thorough a run is."""

    place_s: Seconds
    """How long placing the calls of a step may take."""
    warm_s: Seconds
    step_s: Seconds
    search_s: Seconds
    """After that long a search ends with what it has found."""
    grain: float
    hear_s: Seconds
    rounds: int
    memory_legs: tuple[int, int]
    memory_s: Seconds


FULL: Final = Pace(45.0, 4.0, 10.0, 170.0, 0.05, 8.0, 2, (5, 25), 20.0)
QUICK: Final = Pace(20.0, 1.5, 3.0, 30.0, 0.25, 3.0, 1, (4, 12), 4.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of `n` legs.

    `late_p50_s`, `late_p99_s` and `missing_share` are of the packets that were due, `heard_share`
    of what the callers said; `core_share` is what the gateway took of its core, `waited_share` how
    long it waited for others to leave it, `load_late_p99_s` how late the load sent. `failed` says
    why calls could not even be placed.
    """

    side: str
    mode: str
    n: int
    late_p50_s: float | None = None
    late_p99_s: float | None = None
    missing_share: float | None = None
    heard_share: float | None = None
    core_share: float | None = None
    waited_share: float | None = None
    load_late_p99_s: float | None = None
    failed: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether the gateway kept up."""
        return (
            self.late_p99_s is not None
            and self.heard_share is not None
            and self.late_p99_s < LIMIT_S
            and self.heard_share >= HEARD
        )

    @property
    def narrow(self) -> bool:
        """Tell whether chance may have failed it."""
        return self.late_p99_s is not None and self.late_p99_s < _NARROWLY * LIMIT_S


@dataclass(frozen=True, slots=True)
class Cores:
    """Which cores are the gateway's, and which the callers'."""

    gateway: int
    callers: frozenset[int]

    @classmethod
    def split(cls) -> Cores:
        """Share out the cores that this process may use.

        Raises:
            RelayError: there are fewer than two, or the system does not say.
        """
        if not hasattr(os, "sched_getaffinity"):
            raise RelayError("processes cannot be pinned to a core here: this needs Linux")
        there = os.sched_getaffinity(0)
        if len(there) < 2:
            raise RelayError("two cores are needed: one for the gateway, one for its callers")
        return cls(max(there), frozenset(there - {max(there)}))


class Gateway:
    """A process that serves, and what it takes."""

    def __init__(self, url: str, pid: int) -> None:
        self.calls = f"{url}/v1/calls"
        self._counts = f"{url}/counts"
        self._proc = Path(f"/proc/{pid}")

    async def counts(self) -> dict[str, float]:
        """Return what it has heard and holds.

        Raises:
            OSError: it does not answer.
        """
        found: dict[str, float] = json.loads(
            (await request("GET", self._counts, within=REPLIED_WITHIN)).body
        )
        return found

    def cpu_s(self) -> Seconds:
        """Return the processor time that it took so far."""
        stat = (self._proc / "stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def waited_s(self) -> Seconds:
        """Return how long its first thread was ready to run, and others did."""
        return int((self._proc / "schedstat").read_text(encoding="ascii").split()[1]) / 1e9

    def rss_mb(self) -> float:
        """Return its resident memory, in millions of bytes."""
        pages = int((self._proc / "statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def process(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run `gateway.bench.side` within the block; yields it with its first line.

    Raises:
        RelayError: when it ends before it has said something, or says nothing in time.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.bench.side", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    draining = asyncio.create_task(child.stderr.read())
    try:
        try:
            async with asyncio.timeout(STARTED_WITHIN):
                line = (await child.stdout.readline()).decode().strip()
        except TimeoutError:
            raise RelayError(f"{arguments[1]}: no answer within {STARTED_WITHIN:.0f} s") from None
        if not line:
            said = (await draining).decode().strip().splitlines() or ["it said nothing"]
            raise RelayError(f"{arguments[1]}: {said[-1]}")
        yield child, line
        child.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDED_WITHIN):
                await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
        draining.cancel()


@asynccontextmanager
async def serving(side: str, mode: str, cores: Cores) -> AsyncIterator[Gateway]:
    """Run a gateway on its core within the block."""
    async with process("serve", side, str(cores.gateway), mode) as (child, url):
        yield Gateway(url.rstrip("/"), child.pid)


def reel() -> list[bytes]:
    """Return what callers say, as packets of 20 ms: the shipped recordings, again and again."""
    folder = assets.audio("caller")
    pcm = np.concatenate([read_mono(path) for path in sorted(folder.glob("t?.wav"))])
    return encode(pcm[: len(pcm) - len(pcm) % FRAME])


async def place(load: Load, gateway: Gateway, count: int, within: Seconds) -> None:
    """Place so many calls.

    Raises:
        LineError: one could not be placed, or all took too long.
    """
    room = asyncio.Semaphore(_AT_A_TIME)

    async def call() -> None:
        async with room:
            await load.call(gateway.calls)

    placing = [asyncio.create_task(call()) for _ in range(count)]
    try:
        async with asyncio.timeout(within):
            await asyncio.gather(*placing)
    except TimeoutError:
        raise LineError(f"{count} calls were not placed within {within:.0f} s") from None
    finally:
        for task in placing:
            task.cancel()
        await asyncio.wait(placing)


async def attempt(
    side: str, mode: str, n: int, said: Sequence[bytes], pace: Pace, cores: Cores
) -> Trial:
    """Let `n` callers talk for a step.

    Raises:
        RelayError: the gateway does not start, or plays something else than what it hears.
    """
    clock = asyncio.get_running_loop().time
    load = Load(said)
    try:
        async with serving(side, mode, cores) as gateway, load.running():
            await place(load, gateway, n, pace.place_s)
            await asyncio.sleep(pace.warm_s)
            before, began = await gateway.counts(), clock()
            cpu_s, waited_s = gateway.cpu_s(), gateway.waited_s()
            load.late.clear()
            for line in load.lines:
                line.forget()
            await asyncio.sleep(pace.step_s)
            time_s = clock() - began
            each = [line.lateness(time_s) for line in load.lines]
            octets = sum(line.octets for line in load.lines)
            own = float(np.percentile(load.late, 99))
            cpu_s, waited_s = gateway.cpu_s() - cpu_s, gateway.waited_s() - waited_s
            after = await gateway.counts()
            load.lines[0].opened()
    except pylibsrtp.Error:
        raise RelayError(f"{side}: what comes back does not authenticate") from None
    except (LineError, OSError) as error:
        return Trial(side, mode, n, failed=str(error) or type(error).__name__)
    late = np.concatenate([one.late for one in each])
    came = len(late) - sum(one.missing for one in each)
    if came and octets / came < _SETTLED_BYTES * float(np.mean([len(p) for p in said])):
        raise RelayError(f"{side}: what comes back is not what was said")
    return Trial(
        side,
        mode,
        n,
        late_p50_s=round(float(np.percentile(late, 50)), 5),
        late_p99_s=round(float(np.percentile(late, 99)), 5),
        missing_share=round(1 - came / len(late), 5),
        heard_share=round((after["seconds"] - before["seconds"]) / n / _between(before, after), 4),
        core_share=round(cpu_s / time_s, 3),
        waited_share=round(waited_s / time_s, 3),
        load_late_p99_s=round(own, 5),
    )


def _between(before: dict[str, float], after: dict[str, float]) -> Seconds:
    return after["at"] - before["at"]


async def search(
    side: str,
    mode: str,
    start: int,
    said: Sequence[bytes],
    pace: Pace,
    cores: Cores,
    tell: Callable[[str], None],
) -> list[Trial]:
    """Look for the most legs that a core carries; return all that was tried."""
    clock = asyncio.get_running_loop().time
    until = clock() + pace.search_s
    tried: list[Trial] = []

    async def passes(n: int) -> bool:
        for again in (False, True):
            if clock() > until:
                return False
            tell(f"{side}, {mode}: {n} legs{' again' if again else ''}")
            trial = await attempt(side, mode, n, said, pace, cores)
            tried.append(trial)
            if trial.passed or not trial.narrow:
                return trial.passed
        return False

    await most(passes, start, pace.grain)
    return tried


async def memory(
    side: str, mode: str, said: Sequence[bytes], pace: Pace, cores: Cores
) -> float | None:
    """Return what one more leg takes of a gateway that has some, in millions of bytes."""
    few, many = pace.memory_legs
    load = Load(said)
    try:
        async with serving(side, mode, cores) as gateway, load.running():
            await place(load, gateway, few, pace.place_s)
            await asyncio.sleep(pace.memory_s)
            before = gateway.rss_mb()
            await place(load, gateway, many - few, pace.place_s)
            await asyncio.sleep(pace.memory_s)
            return round((gateway.rss_mb() - before) / (many - few), 2)
    except (LineError, OSError):
        return None


async def delays(side: str, mode: str, pace: Pace, cores: Cores) -> dict[str, Any]:
    """Return how late callers of an idle gateway hear themselves, in seconds.

    Raises:
        RelayError: they cannot call, or do not hear themselves.
    """
    callers = ",".join(map(str, sorted(cores.callers)))
    before: list[float] = []
    after: list[float] = []
    seconds: list[list[float]] = []
    for _ in range(pace.rounds):
        async with serving(side, mode, cores) as gateway:
            hear = ("hear", side, callers, gateway.calls, str(pace.hear_s))
            async with process(*hear) as (_, line):
                heard = json.loads(line)
        before += heard["before"]
        after += heard["after"]
        seconds.append(heard["by_second"])
    if not before or not after:
        raise RelayError(f"{side}: callers do not hear themselves")
    return {
        "chirps": len(before) + len(after),
        "p50_s": round(float(np.percentile(before, 50)), 4),
        "p95_s": round(float(np.percentile(before, 95)), 4),
        "after_loss_p50_s": round(float(np.percentile(after, 50)), 4),
        "by_second_after_loss_s": [
            round(float(np.median(there)), 4) for there in zip(*seconds, strict=False)
        ],
    }


async def measured(pace: Pace, cores: Cores, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure everything but the soak."""
    said = reel()
    tried: list[Trial] = []
    heard = {}
    for name, side, mode in HEARD_BACK:
        tell(f"{side}, {mode}: how late callers hear themselves")
        heard[name] = await delays(side, mode, pace, cores)
    grown = {}
    for side in ("hushgate", "stock"):
        tell(f"{side}: memory")
        grown[side] = await memory(side, "inspected", said, pace, cores)
    found: dict[str, int | None] = dict.fromkeys(name for name, *_ in SEARCHES)
    for name, side, mode, start in SEARCHES[: -1 if pace is QUICK else None]:
        trials = await search(side, mode, start, said, pace, cores, tell)
        found[name] = max((trial.n for trial in trials if trial.passed), default=0)
        tried += trials
    return {
        **found,
        "delay_p50_s": heard["hushgate"]["p50_s"],
        "stock_delay_p50_s": heard["stock"]["p50_s"],
        "delay_after_loss_s": heard["hushgate"]["after_loss_p50_s"],
        "stock_delay_after_loss_s": heard["stock"]["after_loss_p50_s"],
        "rss_per_leg_mb": grown["hushgate"],
        "stock_rss_per_leg_mb": grown["stock"],
        "cores": 1 + len(cores.callers),
        "step_s": pace.step_s,
        "quick": pace is QUICK,
        "delays": heard,
        "tried": [asdict(trial) | {"passed": trial.passed} for trial in tried],
    }


def run(*, quick: bool, soak_s: Seconds | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure and return the object that `--json` prints; with `soak_s`, the soak alone.

    Raises:
        RelayError: the measurement cannot be made.
    """
    if soak_s is not None and not 10 <= soak_s <= 86_400:
        raise RelayError(f"soak {soak_s:g}: must be 10 s to a day")
    cores = Cores.split()
    whole = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores.callers)
    try:
        if soak_s is None:
            return asyncio.run(measured(QUICK if quick else FULL, cores, tell))
        from gateway.bench.soak import soak  # which needs this module

        return {"soak": asyncio.run(soak(reel(), soak_s, cores, tell))}
    finally:
        os.sched_setaffinity(0, whole)
