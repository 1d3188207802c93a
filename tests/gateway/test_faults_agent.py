"""An agent that fails in the middle of a call, over the real leg: what the caller hears then."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from gateway.agents.twilio import TwilioLeg
from gateway.hand_off.case import Ready
from gateway.states import State
from media.audio import Span
from tests.gateway.fakes import Utterance, same, turn, until
from tests.gateway.scene import Scene

Behaviour = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def talking(scene: Scene, behave: Behaviour, **leg: Any) -> AsyncIterator[TwilioLeg]:
    """Let the caller through to an agent that behaves so."""
    async with serve(behave, "127.0.0.1", 0, close_timeout=0.1) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        agent = scene.agents["ws://first"] = TwilioLeg(url, **leg)
        await scene.asked()
        scene.caller.press("1")
        await scene.state(State.TALKING)
        yield agent
        await scene.ended()


async def dies(ws: ServerConnection) -> None:
    """Lose the connection in the middle of what the caller says."""
    sounds = 0
    async for raw in ws:
        sounds += '"media"' in str(raw)
        if sounds > 100:
            ws.transport.abort()


async def stops_reading(ws: ServerConnection) -> None:
    """Take the first message, then leave everything in the socket."""
    await ws.recv()
    ws.transport.pause_reading()
    await ws.wait_closed()


FAILURES = [
    pytest.param(dies, "connection to the agent was lost", id="dies"),
    pytest.param(stops_reading, "agent stopped reading", id="stops reading"),
]


def personal(scene: Scene, said: Utterance) -> list[Span]:
    """Return where in the call the personal words of an utterance were said."""
    at = scene.caller.sent().tobytes().find(said.pcm.tobytes()) // 2
    return [Span(at + span.start, at + span.end) for span in said.spans(personal=True)]


@pytest.mark.parametrize(("behave", "why"), FAILURES)
async def test_the_caller_is_told_that_the_agent_is_lost(
    scene: Scene, behave: Behaviour, why: str
) -> None:
    async with talking(scene, behave, stall=0.5, ping=0.1) as agent:
        scene.caller.say(turn("t2"), pause=3)
        await scene.state(State.CLOSING)
        assert agent._queue.qsize() <= agent._queue.maxsize
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert scene.entries("agent.gone") == [{"reason": why}]


@pytest.mark.parametrize(("behave", "why"), FAILURES)
async def test_the_next_agent_hears_what_follows_and_nothing_that_is_private(
    scene: Scene, behave: Behaviour, why: str
) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=True))
    async with talking(scene, behave, stall=0.5, ping=0.1):
        scene.caller.say(turn("t3"), pause=1)
        scene.caller.say(turn("t2"), pause=3)
        await scene.state(State.HANDED_OFF)
        await until(lambda: scene.caller.silent)
        scene.caller.say(turn("t1"), pause=3)
        await until(lambda: "kettle" in " ".join(scene.second.transcript))
        await until(lambda: scene.caller.silent)
        heard, sent = scene.second.heard(), scene.caller.sent()
        spans = personal(scene, turn("t2")) + personal(scene, turn("t3"))
        assert [span for span in spans if same(heard, sent, span)] == []
        scene.caller.leave()
    assert "hand_off" in scene.heard_prompts()
    assert scene.entries("agent.gone")[0] == {"reason": why}
    assert scene.second.stopped


async def test_an_agent_that_is_lost_while_the_caller_leaves_does_not_hold_the_call_up(
    scene: Scene,
) -> None:
    async with asyncio.timeout(60), talking(scene, stops_reading, stall=0.5, ping=0.1):
        scene.caller.say(turn("t2"))
        scene.caller.leave()
