"""A queue of people over real HTTP: what it is told, how the wait goes, and what it may not say."""

import asyncio
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.events import Found, Transcript
from gateway.hand_off import queue as queue_module
from gateway.hand_off.case import Case, Closed, Ready, Reason, Step, Waiting
from gateway.hand_off.queue import Answer, Queue, QueueError, read_answer, signature
from gateway.hand_off.whip import WhipLeg
from tests.gateway.desk import Asked, Desk, Planned, desk

SECRET = "0123456789abcdef"
CASE = Case(
    call_id="call-1",
    reason=Reason.WANTS_A_HUMAN,
    since=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC),
    language="en",
    consent={"agent": "granted", "record": "refused"},
    transcript=[Transcript("caller", "I am <PERSON_1>, José.", 1.5, 3.0)],
    findings=[
        Found("PERSON", "<PERSON_1>", 0.9, "bleep", 2.0, 3.0),
        Found("PERSON", "<PERSON_1>", 0.9, "bleep", 9.0, 9.5),
    ],
    note="asks for a refund",
    voice="synthetic",
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "_PAUSE", 0.01)
    monkeypatch.setattr(queue_module, "_PAUSES", (0.0, 30.0))


def reach(url: str, token: str | None) -> Ready:
    leg = WhipLeg(url)
    leg.token = token  # type: ignore[attr-defined]
    return Ready(leg, inspect=False)


def said(**answer: Any) -> Planned:
    return Planned(200, json.dumps(answer), {"Retry-After": "0"})


def in_turn(*answers: Planned) -> Callable[[Asked], Planned]:
    waiting = list(answers)
    return lambda asked: Planned(204) if asked.method == "DELETE" else waiting.pop(0)


async def all_of(there: Desk, **more: Any) -> list[Step]:
    async with asyncio.timeout(20):
        return [
            step async for step in Queue(f"{there.url}/q?x=1", SECRET, reach, **more).steps(CASE)
        ]


async def test_a_queue_is_told_what_is_masked_and_signed() -> None:
    with desk(in_turn(said(state="closed"))) as there:
        assert await all_of(there) == [Closed("the queue is closed")]
        (asked,) = there.asked
    assert (asked.method, asked.target) == ("POST", "/q?x=1")
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {
        "call_id": "call-1",
        "reason": "wants a human",
        "note": "asks for a refund",
        "since": "2026-11-22T08:30:00+00:00",
        "language": "en",
        "consent": {"agent": "granted", "record": "refused"},
        "voice": "synthetic",
        "transcript": [{"who": "caller", "text": "I am <PERSON_1>, José.", "start_s": 1.5}],
        "findings": [{"entity": "PERSON", "token": "<PERSON_1>"}],
    }
    when, mac = (part.partition("=")[2] for part in asked.headers["hushgate-signature"].split(","))
    signed = f"{when}.{asked.body}".encode()
    assert mac == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert signature(SECRET.encode(), asked.body, int(when)) == f"t={when},v1={mac}"


async def test_a_caller_moves_up_until_somebody_is_ready() -> None:
    answers = in_turn(
        said(state="waiting", position=3, poll="/q/call-1?k=v"),
        said(state="waiting", position=1),
        said(state="waiting"),
        said(state="ready", whip="https://desk.example/7", token="hush"),
    )
    with desk(answers) as there:
        steps = await all_of(there)
        assert [(asked.method, asked.target) for asked in there.asked] == [
            ("POST", "/q?x=1"),
            *[("GET", "/q/call-1?k=v")] * 3,
        ]
        assert all("hushgate-signature" in asked.headers for asked in there.asked)
    assert steps[:3] == [Waiting(3), Waiting(1), Waiting(None)]
    ready = steps[3]
    assert isinstance(ready, Ready)
    assert (ready.leg._url, ready.leg.token) == ("https://desk.example/7", "hush")  # type: ignore[attr-defined]
    assert steps[4:] == [Closed("the endpoint that the queue named was not reached")]


async def test_a_caller_who_leaves_is_taken_out_of_the_queue() -> None:
    with desk(in_turn(said(state="waiting", position=2, poll="/q/1"))) as there:
        async with aclosing(Queue(there.url, SECRET, reach).steps(CASE)) as steps:
            assert await anext(steps) == Waiting(2)
        assert [(a.method, a.target) for a in there.asked] == [("POST", "/"), ("DELETE", "/q/1")]


async def test_a_caller_who_leaves_while_the_queue_is_asked_is_taken_out_too() -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer(request: Asked) -> Planned:
        if request.method == "GET":
            loop.call_soon_threadsafe(asked.set)
            return said(state="waiting", position=2)
        return said(state="waiting", position=2, poll="/q/1")

    with desk(answer) as there:
        waiting = asyncio.create_task(all_of(there))
        await asyncio.wait_for(asked.wait(), 20)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert [a.target for a in there.of("DELETE")] == ["/q/1"]


async def test_somebody_who_was_reached_is_not_given_back() -> None:
    with desk(in_turn(said(state="ready", whip="https://desk.example/7"))) as there:
        async with aclosing(Queue(there.url, SECRET, reach).steps(CASE)) as steps:
            assert isinstance(await anext(steps), Ready)
        assert there.of("DELETE") == []


async def test_nobody_waits_for_ever() -> None:
    with desk(lambda _: said(state="waiting", position=9, poll="/q/1")) as there:
        steps = await all_of(there, longest_wait=0.2)
        assert steps[-1] == Closed("nobody was ready in time")
        assert there.asked[-1].method == "DELETE"
    assert set(steps[:-1]) == {Waiting(9)}


async def test_a_queue_that_is_busy_is_asked_again() -> None:
    answers = in_turn(
        Planned(503), Planned(429), said(state="waiting", position=1, poll="/q"), Planned(500),
        said(state="closed"),
    )  # fmt: skip
    with desk(answers) as there:
        assert await all_of(there) == [Waiting(1), Closed("the queue is closed")]
        assert len(there.of("POST")) == 3
        assert len({asked.body for asked in there.of("POST")}) == 1


@pytest.mark.parametrize(
    ("planned", "why"),
    [
        (Planned(503), "HTTP 503"),
        (Planned(401), "HTTP 401"),
        (Planned(201), "HTTP 201"),
        (Planned(307, headers={"Location": "/elsewhere"}), "HTTP 307"),
        (Planned(200, "x" * 2_000_000), "too long a reply"),
        (Planned(200, "4111 1111"), "its answer is not JSON"),
        (Planned(200, "[" * 100_000), "its answer is not JSON"),
        (Planned(200, "[]"), "its answer is not a JSON object"),
        (said(state="4111"), "state is not waiting, ready or closed"),
        (said(state="waiting"), "its answer has no poll"),
        (said(state="waiting", poll=5), "poll is not an address"),
        (said(state="waiting", poll="http://[::1"), "poll is not an address"),
        (said(state="waiting", poll="https://192.0.2.1/4111"), "poll is at another server"),
        (said(state="waiting", poll="/q", position=0), "position is not a number from 1 to 9999"),
        (
            said(state="waiting", poll="/q", position=True),
            "position is not a number from 1 to 9999",
        ),
        (said(state="waiting", poll="/q", position="4111"), "position is not a number from 1 to"),
        (said(state="ready"), "whip is not an https address"),
        (said(state="ready", whip="http://192.0.2.1/4111"), "whip is not an https address"),
        (said(state="ready", whip="https://a/" + "x" * 4_000), "whip is not an https address"),
        (
            said(state="ready", whip="https://a", token="4111\r\nX: y"),
            "token is not printable ASCI",
        ),
    ],
)
async def test_an_answer_that_cannot_be_used_ends_the_wait_and_says_why(
    planned: Planned, why: str
) -> None:
    with desk(lambda _: planned) as there:
        (step,) = await all_of(there)
    assert isinstance(step, Closed)
    assert step.reason.startswith(f"the queue failed: {why}")
    assert "4111" not in step.reason


async def test_a_queue_that_says_nothing_or_is_not_there_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue_module, "_TRIES", 2)
    with desk(lambda _: said(state="closed")) as there:
        pass
    (step,) = await all_of(there)
    assert step == Closed("the queue failed: Connection refused")


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ).map(json.dumps)
    | st.fixed_dictionaries(
        {"state": st.sampled_from(["waiting", "ready", "closed", "x"])},
        optional={
            "position": st.integers() | st.text(max_size=3),
            "poll": st.text(max_size=9),
            "whip": st.text(max_size=9) | st.just("https://desk.example/"),
            "token": st.text(max_size=9),
        },
    ).map(json.dumps)
)
def test_anything_is_an_answer_or_one_named_error(text: str) -> None:
    try:
        answer = read_answer(text)
    except QueueError:
        return
    assert isinstance(answer, Answer)
    assert answer.whip is None or answer.whip == "https://desk.example/"
    assert not (answer.waiting and answer.whip)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("7", 7),
        ("0", 0),
        ("100000", 30),
        ("", 0.01),
        ("soon", 0.01),
        ("-1", 0.01),
        ("1" * 99, 0.01),
    ],
)
def test_a_queue_says_when_to_ask_again_within_reason(header: str, pause: float) -> None:
    reply = queue_module.Reply(200, {"retry-after": header}, "")
    assert queue_module._pause(reply) == pause
