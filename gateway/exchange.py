"""All calls of this gateway: who is on the line, and whether there is room for one more."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

import structlog

from gateway import descriptors, telemetry
from gateway.agents.twilio import TwilioLeg
from gateway.answers import Demand
from gateway.call import Call
from gateway.config import Settings
from gateway.consent import Purpose
from gateway.engine.pool import Pool
from gateway.events import Event
from gateway.hand_off.plan import HandOff
from gateway.keeping import Keeper
from gateway.keys import load_or_create
from gateway.ledger import Ledger, LedgerError
from gateway.ledger.interrupted import at_work
from gateway.models import Models
from gateway.models.active import Active
from gateway.models.registry import Registry
from gateway.models.watch import Watch
from gateway.scripts import load
from gateway.server import CallEndedError, FullError
from gateway.services import Services, Terms
from gateway.traces import tracing
from gateway.vault import Vault
from gateway.voice import Measure
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.picture import Screened
from gateway.webrtc.screens import screens
from gateway.webrtc.servers import IceServers
from media.audio import Seconds
from media.liveness.types import Verdict

log = structlog.get_logger()

REMEMBERED = 64
"""Ended calls whose events can still be read."""

GOODBYE_S = 10.0
"""How long the last word to callers may take when the gateway stops."""

RETRY_S = 1.0
"""How often a ledger that could not be written is tried again."""

_STOPPING = "the gateway is shutting down"


class Exchange:
    """Answer offers and keep the calls: `gateway.server.Switchboard`."""

    def __init__(
        self,
        services: Services,
        pool: Pool,
        *,
        max_calls: int,
        loopback: bool,
        ice_servers: IceServers | None = None,
        screened: Screened = None,
    ) -> None:
        self._services = services
        self._pool = pool
        self._max_calls = max_calls
        self._loopback = loopback
        self.ice_servers = ice_servers or IceServers()
        self._screened = screened
        self._calls: dict[str, tuple[Call, WebRtcLeg]] = {}
        self._ended: dict[str, Call] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._answering = 0
        self._draining = False

    async def answer(self, offer: str, tenant: str | None = None) -> tuple[str, str]:
        """Answer an offer: see `Switchboard`."""
        if len(self._calls) + self._answering >= self._max_calls or self.ready():
            raise FullError
        self._answering += 1
        call_id = secrets.token_urlsafe(16)
        try:
            leg, answer = await WebRtcLeg.answer(
                offer,
                loopback=self._loopback,
                ice_servers=self.ice_servers.own(call_id),
                screened=self._screened,
            )
        finally:
            self._answering -= 1
        if self._draining:
            await leg.hang_up()
            raise FullError
        call = Call(call_id, leg, self._services, tenant)
        self._calls[call.id] = call, leg
        self._running[call.id] = asyncio.create_task(self._run(call))
        return call.id, answer

    async def _run(self, call: Call) -> None:
        try:
            await call.run()
        finally:
            del self._calls[call.id], self._running[call.id]
            self._ended[call.id] = call
            while len(self._ended) > REMEMBERED:
                del self._ended[next(iter(self._ended))]

    def leg(self, call_id: str) -> WebRtcLeg | None:
        """Return a live call's caller leg."""
        found = self._calls.get(call_id)
        return found[1] if found else None

    async def hang_up(self, call_id: str, reason: str) -> bool:
        """End a call and wait until it has ended; return False when there is no such call."""
        found = self._calls.get(call_id)
        if found is None:
            return False
        found[0].hang_up(reason)
        await asyncio.wait([self._running[call_id]])
        return True

    def watch(self, call_id: str) -> AsyncIterator[Event] | None:
        """Return the events of a call, live or lately ended, or None when there is none."""
        found = self._calls.get(call_id)
        call = found[0] if found else self._ended.get(call_id)
        return call.watch() if call else None

    async def demand(self, call_id: str, demand: Demand, by: str) -> list[str]:
        """Do what a caller or operator demands of a call: see `Switchboard`."""
        found = self._calls.get(call_id)
        if found is None and call_id not in self._ended:
            raise KeyError(call_id)
        withdrawn = await found[0].demand(demand, by) if found else None
        if withdrawn is None:
            raise CallEndedError
        return withdrawn

    def calls(self) -> list[dict[str, Any]]:
        """Return what an operator sees of each live call."""
        return [call.describe() for call, _ in self._calls.values()]

    def ready(self) -> list[str]:
        """Return why calls cannot be taken; empty when they can."""
        reasons = []
        if self._draining:
            reasons.append(_STOPPING)
        if not self._pool.ready:
            reasons.append("no recognition worker is up")
        if self._services.ledger.failing:
            reasons.append("the ledger cannot be written")
        if descriptors.scarce():
            reasons.append("there are too few file descriptors")
        return reasons

    async def drain(self, within: Seconds) -> None:
        """Take no more calls, and wait until those that are on have ended.

        After `within` callers who are still there are asked to call again.
        """
        self._draining = True
        await self._all_over(within)
        for call, _ in self._calls.values():
            call.send_off(_STOPPING)
        await self._all_over(GOODBYE_S)

    async def _all_over(self, within: Seconds | None = None) -> None:
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=within)

    async def close(self) -> None:
        """End every call and wait for all of them."""
        for call, _ in list(self._calls.values()):
            call.hang_up(_STOPPING)
        await self._all_over()


async def _resume(ledger: Ledger) -> None:
    """When the ledger could not be written, try until it can be, and record that."""
    while True:
        await asyncio.sleep(RETRY_S)
        if ledger.failing:
            with suppress(LedgerError):
                await asyncio.to_thread(ledger.append, None, "ledger.resumed", {})


@asynccontextmanager
async def exchange(settings: Settings, models: Models) -> AsyncIterator[Exchange]:
    """Open everything that calls need, and close it at the end.

    Models that the registry named are exchanged when it names others; such as were named by nobody
    (`Models.ids`) stay.

    Raises:
        ScriptError, KeyFileError, LedgerError, VaultError: when something cannot be opened.
        RuntimeError: when no recognition worker comes up.
    """
    consent, agent = settings.consent, settings.agent
    purposes = frozenset(consent.purposes)
    if agent.url is None:
        purposes -= {Purpose.AGENT}
    if settings.policy.video == "block":
        purposes -= {Purpose.VIDEO}
    script = load(consent.place, consent.language, purposes, consent.scripts)
    ledger = Ledger(settings.ledger.path)
    vault = Vault(settings.vault.path, load_or_create(settings.vault.key_file))
    pool = Pool(models, settings.asr.workers, settings.asr.timeout_s)
    active = Active(models)
    registry = Registry(settings.models.folder, settings.asr.model)
    watch = Watch(registry, active, pool, ledger)
    ice_servers = IceServers(settings.webrtc.ice_servers)

    def make_agent(url: str) -> TwilioLeg:
        return TwilioLeg(url, timeout=agent.connect_timeout_s, tries=agent.tries)

    async with (
        at_work(ledger),
        tracing(settings.traces.endpoint) as tracer,
        screens(settings.policy.video) as screened,
    ):
        services = Services(
            engine=pool,
            ledger=ledger,
            vault=vault,
            script=script,
            keeper=lambda call_id: Keeper(settings.keep.folder, call_id),
            make_agent=make_agent,
            hand_off=HandOff(settings.hand_off, make_agent, settings.hold.bound_s, ice_servers.own),
            models=active,
            tracer=tracer,
            terms=Terms(
                actions=settings.policy.entities,
                purposes=purposes,
                hold_bound_s=settings.hold.bound_s,
                answer_timeout_s=consent.answer_timeout_s,
                agent_url=agent.url,
                keys=settings.policy.keys,
                callback_number=settings.hand_off.callback_number,
                measures={
                    Verdict.SYNTHETIC: Measure(settings.liveness.synthetic),
                    Verdict.UNSURE: Measure(settings.liveness.unsure),
                },
                when_failed=Measure(settings.liveness.failed),
            ),
        )
        calls = Exchange(
            services,
            pool,
            max_calls=settings.listen.max_calls,
            loopback=settings.listen.tls_cert is None,
            ice_servers=ice_servers,
            screened=screened,
        )
        beside = [asyncio.create_task(telemetry.watch_loop()), asyncio.create_task(_resume(ledger))]
        try:
            await pool.start()
            async with watch.running() if models.ids else nullcontext():
                yield calls
        finally:
            await calls.close()
            await pool.stop()
            for task in beside:
                task.cancel()
            vault.close()
            ledger.close()
