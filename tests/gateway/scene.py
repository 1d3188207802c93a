"""One call with all that belongs to it, for tests of what callers and agents see of it.

The ledger, the vault and the prompts are real; the legs, what is recognised and what voices are
taken for are not.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from opentelemetry.trace import Tracer

from gateway.call import Call
from gateway.consent import Purpose
from gateway.events import Event, StateChanged
from gateway.hand_off.case import Case, Closed, Step
from gateway.keeping import Keeper
from gateway.ledger import Ledger
from gateway.legs import AgentLeg
from gateway.models import LivenessFiles, Models
from gateway.models.active import Active
from gateway.models.records import Role
from gateway.scripts import Script
from gateway.services import Services, Terms
from gateway.states import State
from gateway.traces import UNTRACED
from gateway.vault import Vault
from media.audio import Seconds, samples
from media.entities.types import ACTIONS
from media.keys import Keys
from media.liveness.types import Scored, Verdict
from media.sensitive import Sensitive
from tests.gateway.fakes import Engine, FakeAgent, FakeCaller, until

TERMS = Terms(
    actions=dict(ACTIONS),
    purposes=frozenset({Purpose.AGENT, Purpose.TRANSCRIBE}),
    hold_bound_s=6,
    answer_timeout_s=30,
    agent_url="ws://first",
    keys=Keys.DROP,
)


DETECTOR = LivenessFiles(b"", {"name": "stand-in"})
MODELS = Models(Path(), Path(), "en", DETECTOR, {Role.LIVENESS: "stand-in@1:000000000000"})


class Odds:
    """Takes the newest logit for the score: -5 is a human, 0 not sure, 5 synthetic."""

    def calibrate(self, windows: Sequence[Scored], speech_s: Seconds) -> float:
        return 1 / (1 + math.exp(-windows[-1].logit))

    def verdict(self, score: float) -> Verdict:
        if score > 0.9:
            return Verdict.SYNTHETIC
        return Verdict.HUMAN if score < 0.1 else Verdict.UNSURE


class Targets:
    """Where the call may go, step by step; `cases` is what whoever takes it was told."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.to: list[Step] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def steps(self, case: Case) -> AsyncGenerator[Step, None]:
        self.cases.append(case)
        for step in self.to:
            yield step
            await self.gate.wait()
        yield Closed("there is nobody")


class Scene:
    """One call with all that belongs to it."""

    def __init__(self, folder: Path, script: Script) -> None:
        self.engine = Engine()
        self.caller = FakeCaller(self.engine)
        self.first, self.second = FakeAgent(), FakeAgent()
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.vault = Vault(folder / "vault.sqlite", Sensitive(bytes(32)))
        self.folder = folder / "calls"
        self.script = script
        self.targets = Targets()
        self.models = Active(MODELS, lambda card: Odds())
        self.terms = TERMS
        self.tracer: Tracer = UNTRACED
        self.events: list[Event] = []
        self.agents: dict[str, AgentLeg] = {"ws://first": self.first}
        self.call: Call
        self.tasks: list[asyncio.Task[None]] = []

    def services(self, **terms: Any) -> Services:
        return Services(
            engine=self.engine,
            ledger=self.ledger,
            vault=self.vault,
            script=self.script,
            keeper=lambda call_id: Keeper(self.folder, call_id),
            make_agent=self.agents.__getitem__,
            hand_off=self.targets,
            models=self.models,
            terms=replace(self.terms, **terms),
            tracer=self.tracer,
        )

    def start(self, **terms: Any) -> None:
        self.call = Call("call-1", self.caller, self.services(**terms), tenant="acme")
        self.caller.waits = lambda: self.call._inbox.qsize() > 4
        watching = self.call.watch()

        async def follow() -> None:
            async for event in watching:
                self.events.append(event)

        self.tasks = [asyncio.create_task(follow()), asyncio.create_task(self.call.run())]

    def hands_off_to(self, *steps: Step) -> None:
        self.targets.to = list(steps)

    async def ended(self) -> None:
        async with asyncio.timeout(90):
            await asyncio.gather(*self.tasks)

    async def talking(self, **terms: Any) -> FakeAgent:
        """Start, agree by key and wait until the agent is there."""
        await self.asked(**terms)
        self.caller.press("1")
        await self.state(State.TALKING)
        return self.first

    async def asked(self, **terms: Any) -> None:
        """Start and wait until the caller hears the prompt."""
        self.start(**terms)
        await self.state(State.CONSENT)

    async def state(self, state: State) -> None:
        await until(lambda: state in self.states())

    async def quiet(self, seconds: float) -> None:
        """Let so many seconds of the caller's time pass."""
        end = self.caller.clock + samples(seconds)
        await until(lambda: self.caller.clock >= end)

    async def told(self, count: int) -> None:
        """Wait until the agent was told this many pieces of transcript."""
        await until(lambda: len(self.first.transcript) >= count)

    def states(self) -> list[str]:
        return [e.state for e in self.events if isinstance(e, StateChanged)]

    def of(self, kind: type) -> list[Any]:
        return [e for e in self.events if isinstance(e, kind)]

    def entries(self, kind: str) -> list[dict[str, Any]]:
        return [json.loads(e.body) for e in self.ledger.entries("call-1") if e.kind == kind]

    def heard_prompts(self) -> list[str]:
        """Name the prompts that were played, in order."""
        names = {id(prompt.pcm): name for name, prompt in self.script.prompts.items()}
        return [names[id(pcm)] for pcm in self.caller.played if id(pcm) in names]

    def fill_the_disk(self) -> None:
        """Make every further write to the ledger fail in SQLite."""
        self.ledger._store._connection.execute("PRAGMA query_only = ON")

    def agent_knows_nothing(self) -> bool:
        return not self.first.asked_to_connect and not self.second.asked_to_connect
