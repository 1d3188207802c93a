"""Taking other models into a running gateway, without a restart and without dropping a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

import structlog

from gateway import telemetry
from gateway.ledger import Ledger, LedgerError
from gateway.models.active import Active
from gateway.models.installed import ModelError, Models
from gateway.models.registry import Registry

LOOK_S: Final = 1.0
"""How often it is looked whether other models are to be used."""

log = structlog.get_logger()


class Workers(Protocol):
    """Who decides by models."""

    async def exchange(self, models: Models) -> None:
        """Decide by other models from now on.

        Raises:
            RuntimeError: when they cannot be loaded; then those that were there go on.
        """


class Watch:
    """Look at the registry, and have workers take what is in use there.

    What cannot be used changes nothing: the models that were there go on.
    """

    def __init__(
        self, registry: Registry, active: Active, workers: Workers, ledger: Ledger
    ) -> None:
        self._registry = registry
        self._active = active
        self._workers = workers
        self._ledger = ledger
        self._seen = registry.stamp()

    async def look(self) -> None:
        """Look once."""
        stamp = await asyncio.to_thread(self._registry.stamp)
        if stamp == self._seen:
            return
        self._seen = stamp
        now = self._active.models
        try:
            models = await asyncio.to_thread(
                self._registry.models, now.language, liveness=now.liveness is not None
            )
            if models.ids == now.ids:
                return
            await self._workers.exchange(models)
        except (ModelError, RuntimeError) as error:
            telemetry.MODEL_SWITCHES.labels("failed").inc()
            log.error("other models cannot be used; those that were there go on", why=str(error))
            return
        telemetry.MODEL_SWITCHES.labels("done").inc()
        new = self._active.take(models)
        log.info("other models are in use", models=new)
        try:
            await self.record()
        except LedgerError as error:
            log.error("that other models are in use cannot be recorded", why=str(error))

    async def record(self) -> None:
        """Write to the ledger which models decide from now on.

        Raises:
            LedgerError: when it cannot be written.
        """
        body = {"models": dict(self._active.names())}
        await asyncio.to_thread(self._ledger.append, None, "models", body)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Record what decides, then look again and again within the block.

        A copy of the liveness model that ships is kept, so that it can be put back one day.

        Raises:
            LedgerError: when the ledger cannot be written.
        """
        await self.record()
        if self._active.models.liveness is not None:
            try:
                await asyncio.to_thread(self._registry.keep_shipped)
            except ModelError as error:
                log.warning("no copy of the liveness model is kept", why=str(error))
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
