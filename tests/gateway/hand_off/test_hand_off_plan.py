"""Who takes a call, by why it is handed off, what was agreed to, and what is configured."""

import datetime as dt
import json
from contextlib import aclosing
from typing import Any

import pytest

from gateway import schema
from gateway.hand_off.case import Case, Closed, Ready, Reason, Waiting
from gateway.hand_off.plan import FOR_MACHINES, HandOff
from gateway.hand_off.whip import WhipLeg
from gateway.legs import AgentUnreachableError, CallInfo
from tests.gateway.desk import Asked, Planned, desk
from tests.gateway.fakes import FakeAgent

AGENT = "ws://second.example/"
WHIP: dict[str, Any] = {"url": "https://desk.example/whip", "token": "hush"}
INFO = CallInfo("call-1", 0, {})


def case(reason: Reason, agent: str = "granted") -> Case:
    return Case("call-1", reason, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "en", {"agent": agent})


def plan(**section: Any) -> HandOff:
    return HandOff(schema.HandOff(**section), lambda url: FakeAgent(), hold_bound=6.0)


async def targets(plan: HandOff, of: Case) -> list[str]:
    """Return who would take the call, were each of those before not reached."""
    found = []
    async for step in plan.steps(of):
        match step:
            case Ready(leg, inspect):
                found.append(f"{type(leg).__name__}{' inspected' if inspect else ''}")
            case Closed(reason):
                found.append(reason)
    return found


@pytest.mark.parametrize("reason", Reason)
async def test_with_nobody_configured_a_call_closes(reason: Reason) -> None:
    assert await targets(plan(), case(reason)) == ["there is nobody to hand over to"]


@pytest.mark.parametrize("reason", Reason)
async def test_a_person_takes_a_call_whatever_the_reason(reason: Reason) -> None:
    assert await targets(plan(whip=WHIP), case(reason)) == [
        "WhipLeg",
        "the person's endpoint was not reached",
    ]
    assert "WhipLeg inspected" in await targets(plan(whip=WHIP, inspect=True), case(reason))


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("agreed", ["granted", "refused", "withdrawn", "timed out", "not asked"])
async def test_another_agent_takes_a_call_only_while_the_caller_agrees_to_one(
    reason: Reason, agreed: str
) -> None:
    found = await targets(plan(websocket=AGENT), case(reason, agreed))
    may = reason in FOR_MACHINES and agreed == "granted"
    assert ("FakeAgent inspected" in found) == may
    assert "FakeAgent" not in found


def test_no_machine_is_for_a_caller_who_does_not_want_one() -> None:
    assert not {Reason.REFUSED, Reason.WITHDRAWN, Reason.WANTS_A_HUMAN} & set(FOR_MACHINES)


async def test_a_lost_agent_is_followed_by_another_and_then_by_a_person() -> None:
    both = plan(whip=WHIP, websocket=AGENT)
    assert (await targets(both, case(Reason.AGENT_LOST)))[:2] == ["FakeAgent inspected", "WhipLeg"]
    assert (await targets(both, case(Reason.AGENT_ASKED)))[:2] == ["WhipLeg", "FakeAgent inspected"]


async def test_an_endpoint_is_told_the_call_and_the_reason_with_its_token() -> None:
    with desk(lambda _: Planned(403)) as there:
        whip = {"url": there.url, "token": "hush"}
        async with aclosing(plan(whip=whip).steps(case(Reason.WITHDRAWN))) as steps:
            ready = await anext(steps)
            assert isinstance(ready, Ready)
            with pytest.raises(AgentUnreachableError):
                await ready.leg.connect(INFO)
        (asked,) = there.asked
    assert asked.headers["authorization"] == "Bearer hush"
    assert asked.headers["hushgate-call"] == "call-1"
    assert asked.headers["hushgate-reason"] == "withdrawn"


async def test_a_queue_leads_to_the_person_that_it_names() -> None:
    def answer(asked: Asked) -> Planned:
        if asked.method == "POST":
            waiting = {"state": "waiting", "position": 1, "poll": "/q/1"}
            return Planned(200, json.dumps(waiting), {"Retry-After": "0"})
        ready = {"state": "ready", "whip": f"{there.url}/whip", "token": "seven"}
        return Planned(200, json.dumps(ready))

    with desk(lambda asked: Planned(403) if asked.target == "/whip" else answer(asked)) as there:
        queue = {"url": f"{there.url}/q", "secret": "0123456789abcdef"}
        seen = []
        async for step in plan(queue=queue).steps(case(Reason.REFUSED, "refused")):
            seen.append(step)
            if isinstance(step, Ready):
                assert isinstance(step.leg, WhipLeg)
                with pytest.raises(AgentUnreachableError):
                    await step.leg.connect(INFO)
        asked = there.asked[-1]
    assert [type(step) for step in seen] == [Waiting, Ready, Closed]
    assert asked.headers["authorization"] == "Bearer seven"
    assert asked.headers["hushgate-reason"] == "refused"
