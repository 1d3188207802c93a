"""A gateway that is told to stop: no new calls, those that are on may end, then it ends them."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from gateway.engine.pool import Pool
from gateway.exchange import Exchange
from gateway.listener import HttpSettings, bound, serve
from gateway.scripts import Script
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.whip import CallRefusedError
from media.audio import Pcm, Seconds
from tests.gateway.fakes import until
from tests.gateway.hearing import presence
from tests.gateway.scene import Scene


class ReadyPool(Pool):
    """A pool that is never asked."""

    def __init__(self) -> None:
        """Start nothing."""

    ready = True


class Running:
    """A gateway that serves a call to an agent, until it is told to stop."""

    def __init__(self, scene: Scene, drain_s: Seconds) -> None:
        self.scene = scene
        self.calls = Exchange(scene.services(), ReadyPool(), max_calls=2, loopback=True)
        self.serving = asyncio.create_task(
            serve(
                create_app(self.calls),
                HttpSettings(port=0),
                bound(HttpSettings(port=0)),
                lambda: self.calls.drain(drain_s),
                self._told,
            )
        )
        self.url = ""
        self.caller: WebRtcCaller
        self.heard: list[Pcm] = []
        self.hearing: asyncio.Task[None]

    def _told(self, url: str) -> None:
        self.url = url

    async def call(self) -> None:
        await until(lambda: self.url)
        self.caller = await WebRtcCaller.call(f"{self.url}/v1/calls")
        self.hearing = asyncio.create_task(self._hear())
        await until(lambda: self.calls.calls()[0]["state"] == "consent")
        self.caller.press("1")
        await until(lambda: self.calls.calls()[0]["state"] == "talking")
        self.heard.clear()

    async def _hear(self) -> None:
        async for pcm in self.caller.hear():
            self.heard.append(pcm)

    def signal(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    async def drains(self) -> None:
        await until(self.calls.ready)
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            reply = await http.get("/readyz")
            assert reply.status_code == 503
            assert reply.json()["reasons"] == ["the gateway is shutting down"]
            assert (await http.get("/healthz")).status_code == 200


@asynccontextmanager
async def running(folder: Path, script: Script, drain_s: Seconds) -> AsyncIterator[Running]:
    gateway = Running(Scene(folder, script), drain_s)
    try:
        await gateway.call()
        yield gateway
        await asyncio.wait_for(gateway.serving, 15)
    finally:
        gateway.serving.cancel()
        await gateway.calls.close()
        await gateway.caller.hang_up()
        await gateway.hearing


def ended(gateway: Running) -> list[str]:
    """Say why calls have ended."""
    entries = gateway.scene.ledger.entries()
    return [json.loads(e.body)["reason"] for e in entries if e.kind == "call.ended"]


async def test_no_new_call_is_taken_and_who_is_still_there_is_asked_to_call_again(
    tmp_path: Path, script: Script
) -> None:
    async with running(tmp_path, script, drain_s=0.3) as gateway:
        gateway.signal()
        await gateway.drains()
        with pytest.raises(CallRefusedError) as refused:
            await WebRtcCaller.call(f"{gateway.url}/v1/calls")
        assert refused.value.status == 503
        await asyncio.wait_for(gateway.hearing, 15)
    assert ended(gateway) == ["the gateway is shutting down"]
    heard = np.concatenate(gateway.heard)
    for prompt in ("call_again", "goodbye"):
        assert presence(script.prompts[prompt].pcm, heard) > 0.5
    assert gateway.scene.first.stopped


async def test_a_call_may_end_by_itself_and_then_the_gateway_stops(
    tmp_path: Path, script: Script
) -> None:
    async with running(tmp_path, script, drain_s=60) as gateway:
        gateway.signal()
        await gateway.drains()
        assert gateway.calls.calls()[0]["state"] == "talking"
        await gateway.caller.hang_up()
    assert ended(gateway) == ["the caller hung up"]


async def test_told_twice_it_stops_at_once(tmp_path: Path, script: Script) -> None:
    async with running(tmp_path, script, drain_s=60) as gateway:
        gateway.signal()
        await gateway.drains()
        gateway.signal()
        await asyncio.wait_for(gateway.hearing, 10)
    assert ended(gateway)
