"""What calls share: recognition, where things are kept, and what holds for every call."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from opentelemetry.trace import Tracer

from gateway.consent import Purpose
from gateway.engine.worker import Job, Outcome
from gateway.hand_off.case import Case, Step
from gateway.keeping import Keeper
from gateway.ledger import Ledger
from gateway.legs import AgentLeg
from gateway.models.active import Active
from gateway.scripts import Script
from gateway.traces import UNTRACED
from gateway.vault import Tokens
from gateway.voice import Measure
from media.audio import Seconds
from media.clearance import Action
from media.entities.types import Entity
from media.keys import Keys
from media.liveness.types import Verdict
from media.recognition import Recognise

Latest = Callable[[Recognise], Recognise]
"""A job over what was heard since it was asked for, too."""


class Engine(Protocol):
    """Where models run."""

    async def run(self, job: Job, latest: Latest | None = None) -> Outcome:
        """Do a job; a failure is an outcome, not an exception.

        `latest` is asked, when a worker is free for the job, for what it has become since.
        """


class Targets(Protocol):
    """Where calls go that the agent may not have, does not want, or has lost."""

    def steps(self, case: Case) -> AsyncGenerator[Step, None]:
        """Yield what becomes of a call, step by step, ending with `Closed`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every call. Without `agent_url` people take the calls."""

    actions: dict[Entity, Action]
    purposes: frozenset[Purpose]
    hold_bound_s: Seconds
    answer_timeout_s: Seconds
    agent_url: str | None
    keys: Keys
    callback_number: str | None = None
    measures: Mapping[Verdict, Measure] = field(default_factory=dict)
    when_failed: Measure = Measure.HAND_OFF


@dataclass(frozen=True, slots=True)
class Services:
    """What calls share."""

    engine: Engine
    ledger: Ledger
    vault: Tokens
    script: Script
    keeper: Callable[[str], Keeper]
    make_agent: Callable[[str], AgentLeg]
    hand_off: Targets
    models: Active
    terms: Terms
    tracer: Tracer = UNTRACED
