"""What breaks inside a gateway: what the caller hears of it, and that the agent hears no more."""

import os
from typing import Any

import pytest

from gateway.answers import Demand
from gateway.events import Notice
from gateway.hand_off.case import Ready, Waiting
from gateway.states import State
from tests.gateway.fakes import FakeAgent, turn, until
from tests.gateway.scene import Scene


async def test_a_gateway_that_stops_asks_the_caller_to_call_again(scene: Scene) -> None:
    agent = await scene.talking()
    scene.caller.say(turn("t3"))
    await until(lambda: scene.engine.jobs)
    scene.call.send_off("the gateway is shutting down")
    await scene.state(State.CLOSING)
    heard, told = agent.heard_samples, list(agent.transcript)
    await scene.ended()
    assert scene.heard_prompts()[-2:] == ["call_again", "goodbye"]
    assert (agent.heard_samples, agent.transcript) == (heard, told)
    assert scene.entries("call.ended")[0]["reason"] == "the gateway is shutting down"


async def test_a_gateway_that_stops_before_consent_has_told_no_agent(scene: Scene) -> None:
    await scene.asked()
    scene.call.send_off("the gateway is shutting down")
    await scene.state(State.CLOSING)
    scene.caller.press("1")
    await scene.ended()
    assert scene.heard_prompts() == ["consent", "call_again", "goodbye"]
    assert scene.agent_knows_nothing()


async def test_who_waits_when_the_gateway_stops_is_put_through_to_nobody(scene: Scene) -> None:
    scene.targets.gate.clear()
    scene.hands_off_to(Waiting(3), Ready(scene.second, inspect=False, person=True))
    await scene.asked()
    scene.caller.press("0")
    await until(lambda: "wait_position_3" in scene.heard_prompts())
    scene.call.send_off("the gateway is shutting down")
    await scene.state(State.CLOSING)
    scene.targets.gate.set()
    await scene.ended()
    assert scene.heard_prompts()[-2:] == ["call_again", "goodbye"]
    assert not scene.second.asked_to_connect


async def test_a_call_that_is_ending_keeps_its_reason_when_the_gateway_stops(scene: Scene) -> None:
    await scene.asked()
    for reason in ("why it ends", "the gateway is shutting down"):
        scene.call.send_off(reason)
        await scene.state(State.CLOSING)
    await scene.ended()
    assert scene.entries("call.ended")[0]["reason"] == "why it ends"


class Faulty(FakeAgent):
    """An agent whose leg has a fault: one of its methods raises."""

    def __init__(self, method: str) -> None:
        super().__init__()

        def fail(*_: Any) -> None:
            raise ZeroDivisionError

        setattr(self, method, fail)


@pytest.mark.parametrize("method", ["connect", "events", "send_audio", "send_transcript"])
async def test_a_fault_in_a_call_is_told_to_its_caller_and_recorded(
    scene: Scene, method: str
) -> None:
    agent = Faulty(method)
    scene.agents["ws://first"] = agent
    await scene.asked()
    scene.caller.press("1")
    scene.caller.say(turn("t2"), pause=2)
    await scene.ended()
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert scene.entries("call.ended")[0]["reason"] == "internal error"
    assert agent.stopped or agent.info is None
    assert "Helen" not in " ".join(agent.transcript)


async def test_a_leg_that_cannot_be_closed_does_not_keep_the_call_from_ending(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await scene.talking()
    stop = agent.stop

    async def fail() -> None:
        await stop()
        raise ConnectionResetError

    monkeypatch.setattr(agent, "stop", fail)
    scene.caller.leave()
    await scene.ended()
    assert scene.states()[-1] == State.ENDED
    assert scene.entries("call.ended")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
async def test_a_disk_too_full_to_keep_the_call_is_told_and_what_was_kept_can_be_erased(
    scene: Scene,
) -> None:
    scene.folder.mkdir()
    transcript = scene.folder / "call-1.jsonl"
    transcript.symlink_to("/dev/full")
    agent = await scene.talking()
    scene.caller.say(turn("t1"), pause=3)
    await until(lambda: scene.entries("keeping.failed") and scene.of(Notice))
    assert [notice.text for notice in scene.of(Notice)] == ["The call cannot be kept."]
    scene.caller.say(turn("t4"), pause=3)
    await scene.told(2)
    assert len(scene.entries("keeping.failed")) == 1
    assert await scene.call.demand(Demand.STOP_RECORDING, "page") == ["transcribe"]
    assert not transcript.is_symlink()
    assert "transcript" in scene.entries("consent.withdrawn")[0]["erased"]
    assert not agent.stopped


async def test_a_folder_in_which_nothing_can_be_kept_does_not_end_the_call(scene: Scene) -> None:
    scene.folder.touch()
    await scene.talking()
    scene.caller.say(turn("t1"), pause=3)
    await scene.told(1)
    assert scene.entries("keeping.failed")
