"""A call to try things with."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway import call as call_module
from gateway.consent import Purpose
from gateway.ledger import verify
from gateway.scripts import Script, load
from gateway.states import State
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice
from tests.gateway.scene import Scene


@pytest.fixture(scope="module")
def script() -> Script:
    return load("us-two-party", "en", [Purpose.AGENT, Purpose.TRANSCRIBE])


@pytest_asyncio.fixture
async def scene(
    tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    monkeypatch.setattr(call_module, "TICK_S", 0.005)  # the caller's time is quick
    scene = Scene(tmp_path, script)
    yield scene
    if not scene.tasks:
        return
    if not scene.tasks[1].done():
        scene.call.hang_up("the test is over")
    await scene.ended()
    assert scene.caller.hung_up
    assert not scene.caller.video_open
    assert all(agent.stopped for agent in (scene.first, scene.second) if agent.info)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "no task outlives its call"
    assert scene.states()[-1] == State.ENDED
    assert verify(tmp_path / "ledger.sqlite").ok


@pytest_asyncio.fixture
async def offer() -> AsyncIterator[str]:
    """An offer of a peer connection that is there, and is not connected."""
    pc = peer_connection()
    pc.addTrack(Voice())
    with loopback_candidates():
        await pc.setLocalDescription(await pc.createOffer())
    yield pc.localDescription.sdp
    await pc.close()
