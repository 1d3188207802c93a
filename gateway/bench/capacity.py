"""`hushgate bench capacity`: how many callers speak at once before the gate falls behind.

The gateway is the one that `hushgate serve` runs, in a process of its own with its recognisers;
callers reach it by WebRTC, it reaches their agents by WebSocket. The age of a frame of speech is
taken where the agent gets it, so that whatever lies between is in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from gateway.bench import queueing
from gateway.bench.callers import Agents, Caller
from gateway.bench.talk import Reel, reel
from gateway.models import whisper_folder
from gateway.request import request
from gateway.schema import Hold
from gateway.webrtc.whip import CallRefusedError
from media.audio import RATE, Samples, Seconds, seconds

LIMIT_S: Final[Seconds] = 2.0
"""The hold age that 95 of 100 frames of speech must keep."""

SHARE: Final = 0.05
"""What may be older."""

BOUND_S: Final[Seconds] = Hold().bound_s
"""The age at which the gate silences: speech that comes out older came out as silence."""

WARM_S: Final[Seconds] = 5.0
"""How long callers talk before anything counts."""

TALK: Final = {"speakers": 1.0, "speakers_40_talk": 0.4}
"""What is looked for → the share of the time that each caller speaks."""

REEL: Final[Samples] = 240 * RATE
QUICK_REEL: Final[Samples] = 60 * RATE
QUICK_S: Final[Seconds] = 12.0

_LOOK_S: Final = 0.5
_AT_A_TIME: Final = 4  # calls being placed


class CapacityError(Exception):
    """The measurement cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of `n` callers of whom each speaks `talk` of the time.

    `late_share` is of speech frames that came after the hold's bound, or never. `gateway_cores` and
    `callers_cores` are what the gateway without its recognisers, and this process, took.
    """

    n: int
    talk: float
    hold_age_p95_s: float
    late_share: float
    gateway_cores: float
    callers_cores: float

    @property
    def passed(self) -> bool:
        """Tell whether the gate kept up."""
        return self.hold_age_p95_s <= LIMIT_S


def run(
    corpus: Path,
    model: str,
    *,
    step_s: Seconds,
    quick: bool,
    seed: int,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Measure and return the object that `--json` prints.

    Raises:
        CorpusError: when there is nothing to say.
        CapacityError: when the model is unknown, a step has no time, or the gateway does not start.
    """
    if model not in ("base", "tiny.en"):
        raise CapacityError(f"model {model!r}: must be base or tiny.en")
    if not 0 < step_s <= 3_600:
        raise CapacityError(f"seconds {step_s:g}: must be more than 0 and at most 3600")
    cores = os.cpu_count() or 1
    step_s, length, grain = (min(step_s, QUICK_S), QUICK_REEL, 0.25) if quick else (step_s, REEL, 0)
    tell("preparing what callers say")
    reels = {name: reel(corpus, talk, length, seed) for name, talk in TALK.items()}
    # Join and verify now: neither the gateway nor the baseline shall spend its time on it.
    for name in {model, "base"}:
        whisper_folder(name)
    tried = asyncio.run(_tried(reels, model, step_s, grain, cores, seed, tell))
    found = {
        name: max((t.n for t in tried if t.talk == talk and t.passed), default=0)
        for name, talk in TALK.items()
    }
    full = [t for t in tried if t.talk == 1 and t.passed]
    return {
        **_per_core(found, cores),
        "relay_core_per_speaker": round(full[-1].gateway_cores / full[-1].n, 4) if full else None,
        "model": model,
        "cores": cores,
        "step_s": step_s,
        "seed": seed,
        "baseline": _per_core(asyncio.run(_baseline(reels, cores, seed, tell)), cores),
        "tried": [asdict(t) for t in tried],
    }


def _per_core(found: dict[str, int], cores: int) -> dict[str, float]:
    return {
        **found,
        **{f"{name}_per_core": round(n / cores, 2) for name, n in found.items()},
    }


async def most(passes: Callable[[int], Awaitable[bool]], start: int, grain: float = 0) -> int:
    """Return the largest number that passes: doubled from `start` until one fails, then bisected.

    `grain` is the share of the number to which it is found; 0 is exactly.
    """
    good, bad = 0, None
    number = max(1, start)
    while bad is None or bad - good > max(1, int(good * grain)):
        if await passes(number):
            good = number
        else:
            bad = number
        number = 2 * good if bad is None else (good + bad) // 2
    return good


async def _tried(
    reels: dict[str, Reel],
    model: str,
    step_s: Seconds,
    grain: float,
    cores: int,
    seed: int,
    tell: Callable[[str], None],
) -> list[Trial]:
    rng = random.Random(seed)
    agents = Agents()
    tried: list[Trial] = []
    with TemporaryDirectory() as folder:
        async with agents.listening(), serving(Path(folder), model, agents.url, cores) as url:
            tell("warming up")
            # Not counted: of the recognisers all but one are still loading.
            await attempt(url, agents, reels["speakers"], 1.0, cores, WARM_S, rng)
            start = cores
            for name, talk in TALK.items():

                async def passes(n: int, name: str = name, talk: float = talk) -> bool:
                    tell(f"{n} callers, each speaking {talk:.0%} of the time")
                    trial = await attempt(url, agents, reels[name], talk, n, step_s, rng)
                    tell(f"{n} callers at {talk:.0%}: p95 {trial.hold_age_p95_s:.2f} s")
                    tried.append(trial)
                    return trial.passed

                start = 2 * await most(passes, start, grain)
    return tried


async def attempt(
    url: str,
    agents: Agents,
    said: Reel,
    talk: float,
    n: int,
    step_s: Seconds,
    rng: random.Random,
) -> Trial:
    """Let `n` callers speak for `step_s`, or until it is plain that the gate does not keep up.

    A caller that reaches no agent fails the attempt: the gate has fallen behind already.
    """
    clock = asyncio.get_running_loop().time
    calls = f"{url}v1/calls"
    room = asyncio.Semaphore(_AT_A_TIME)
    callers: list[Caller] = []

    async def place() -> None:
        async with room:
            caller = await Caller.call(calls)
            callers.append(caller)
            await caller.reach(agents)

    try:
        try:
            await asyncio.gather(*(place() for _ in range(n)))
        except (CallRefusedError, ConnectionError, TimeoutError):
            return Trial(n, talk, BOUND_S, 1.0, 0.0, 0.0)
        for caller in callers:
            caller.mouth.say(said, rng.randrange(len(said.packets)))
        begin = clock() + WARM_S
        end = begin + step_s
        await asyncio.sleep(WARM_S)
        gateway, own = await _cpu_s(url), time.process_time()
        planned = sum(len(np.concatenate(c.ages(begin, end, end))) for c in callers)
        while True:
            await asyncio.sleep(_LOOK_S)
            now = clock()
            each = [c.ages(begin, end, now) for c in callers]
            came = np.concatenate([c for c, _ in each])
            waiting = np.concatenate([w for _, w in each])
            overdue = waiting[waiting > LIMIT_S]
            ages = np.concatenate([came, overdue])
            hopeless = np.count_nonzero(ages > LIMIT_S) > SHARE * planned
            if hopeless or (now >= end and bool(np.all(waiting > BOUND_S))):
                break
        wall = clock() - begin
        gateway, own = await _cpu_s(url) - gateway, time.process_time() - own
        lost = sum(await asyncio.gather(*(c.lost() for c in callers)))
        ages = np.concatenate([ages, np.full(lost, BOUND_S)])
    finally:
        await asyncio.gather(*(c.hang_up() for c in callers))
    return Trial(
        n,
        talk,
        round(float(np.percentile(ages, 95)), 3) if len(ages) else 0.0,
        round(float(np.mean(ages >= BOUND_S)), 4) if len(ages) else 0.0,
        round(gateway / wall, 3),
        round(own / wall, 3),
    )


async def _cpu_s(url: str) -> Seconds:
    """Return the CPU time of the gateway's own process."""
    metrics = (await request("GET", f"{url}metrics")).body
    found = re.search(r"^process_cpu_seconds_total (\S+)$", metrics, re.MULTILINE)
    return float(found[1]) if found else 0.0


@asynccontextmanager
async def serving(folder: Path, model: str, agent_url: str, workers: int) -> AsyncIterator[str]:
    """Run `hushgate serve` on this machine within the block; yields its URL, with a slash.

    Raises:
        CapacityError: when it ends before it listens.
    """
    config = folder / "hushgate.yaml"
    config.write_text(
        json.dumps(
            {
                "listen": {"port": 0, "max_calls": 10_000},
                "limits": {"requests_per_address": None, "calls_per_address": None},
                "agent": {"url": agent_url},
                "asr": {"model": model, "workers": workers},
                "ledger": {"path": str(folder / "ledger.sqlite")},
                "vault": {
                    "path": str(folder / "vault.sqlite"),
                    "key_file": str(folder / "vault.key"),
                },
                "log": {"level": "error"},
            }
        ),
        encoding="utf-8",
    )
    kept = {k: v for k, v in os.environ.items() if k == "HUSHGATE_CACHE" or k[:9] != "HUSHGATE_"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from gateway.cli import main; main()"),
        *("serve", "-c", str(config)),
        stderr=asyncio.subprocess.PIPE,
        env=kept,
    )
    assert process.stderr is not None
    try:
        last = ""
        while line := (await process.stderr.readline()).decode():
            if line.startswith("Hushgate listens on "):
                break
            last = line.strip()
        else:
            raise CapacityError(f"the gateway did not start: {last}")
        draining = asyncio.create_task(process.stderr.read())
        yield line.split()[-1]
        process.terminate()
        await draining
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _baseline(
    reels: dict[str, Reel], cores: int, seed: int, tell: Callable[[str], None]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, said in reels.items():
        jobs = queueing.timed(
            said.pcm, cores, lambda done, total: tell(f"baseline: utterance {done} of {total}")
        )

        async def passes(n: int, jobs: list[queueing.Job] = jobs, said: Reel = said) -> bool:
            p95 = queueing.delay_p95(jobs, seconds(len(said.pcm)), n, cores, seed)
            return p95 <= LIMIT_S

        found[name] = await most(passes, 1)
    return found
