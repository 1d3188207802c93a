"""A person at a WHIP endpoint: real peers over loopback, and endpoints that misbehave."""

import asyncio
import threading
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from gateway.hand_off.whip import WhipLeg
from gateway.legs import AgentUnreachableError, Audio, CallInfo, Gone, Key
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.leg import close_all
from gateway.webrtc.opus import OpusEncoder
from media.audio import FRAME, RATE, Pcm
from tests.gateway.desk import Asked, Planned, desk
from tests.gateway.switchboard import LegSwitchboard, collect, strongest_hertz, tone

INFO = CallInfo("call-1", 12_345, {})


@pytest_asyncio.fixture
async def person() -> AsyncIterator[LegSwitchboard]:
    """Serve a person's endpoint: whoever calls becomes a leg of it."""
    switchboard = LegSwitchboard()
    async with listening(create_app(switchboard), HttpSettings(port=0)) as base:
        switchboard.url = f"{base}/v1/calls"  # type: ignore[attr-defined]
        yield switchboard
    await close_all()


def url(person: LegSwitchboard) -> str:
    return str(person.url)  # type: ignore[attr-defined]


async def sound(events: AsyncIterator[object]) -> AsyncIterator[Pcm]:
    async for event in events:
        if isinstance(event, Audio):
            yield event.pcm


async def test_caller_and_person_hear_each_other(person: LegSwitchboard) -> None:
    leg = WhipLeg(url(person), behind=10)
    await leg.connect(INFO)
    (there,) = person.legs.values()
    said = tone(440, 3)
    for at in range(0, len(said), FRAME):
        leg.send_audio(said[at : at + FRAME], 12_345 + at)
    there.play(tone(1_000, 4))
    heard, reply = await asyncio.gather(
        collect(sound(there.events()), 2.0), collect(sound(leg.events()), 2.0)
    )
    await leg.stop()
    assert strongest_hertz(heard[RATE:]) == pytest.approx(440, abs=3)
    assert strongest_hertz(reply[RATE:]) == pytest.approx(1_000, abs=3)


async def test_what_is_opus_is_passed_on_as_it_is_both_ways(person: LegSwitchboard) -> None:
    leg = WhipLeg(url(person), behind=10)
    await leg.connect(INFO)
    (there,) = person.legs.values()
    said, answered = (
        [(frame, OpusEncoder().encode(frame)) for frame in tone(hertz, 1).reshape(-1, FRAME)]
        for hertz in (440, 1_000)
    )
    for at, (frame, coded) in enumerate(said):
        leg.send_audio(frame, at * FRAME, coded)
    for frame, coded in answered:
        there.play(frame, coded)
    for events, packets in ((there.events(), said), (leg.events(), answered)):
        async with asyncio.timeout(10):
            passed = [
                event.coded
                async for event in until_heard(events, 1.5)
                if event.coded in {coded for _, coded in packets}
            ]
        assert passed == [coded for _, coded in packets]
    await leg.stop()


async def until_heard(events: AsyncIterator[object], duration_s: float) -> AsyncIterator[Audio]:
    """Yield so much of what is heard."""
    left = duration_s * RATE
    async for event in events:
        if isinstance(event, Audio):
            yield event
            left -= len(event.pcm)
        if left <= 0:
            return


async def test_nothing_is_heard_before_something_is_sent(person: LegSwitchboard) -> None:
    leg = WhipLeg(url(person))
    await leg.connect(INFO)
    (there,) = person.legs.values()
    assert np.abs((await collect(sound(there.events()), 1.0)).astype(int)).max() < 10
    await leg.stop()


async def test_words_and_marks_are_nothing_to_a_person_but_keys_are(
    person: LegSwitchboard,
) -> None:
    leg = WhipLeg(url(person))
    await leg.connect(INFO)
    leg.send_speech_started(0)
    leg.send_transcript("I am <PERSON_1>.", 0, RATE)
    leg.send_mark("one")
    leg.send_key("#")
    (there,) = person.legs.values()
    async with asyncio.timeout(20):
        async for event in there.events():
            if isinstance(event, Key):
                break
    assert event == Key("#")
    await leg.stop()


async def test_the_call_is_deleted_at_the_end(person: LegSwitchboard) -> None:
    leg = WhipLeg(url(person))
    await leg.connect(INFO)
    events = asyncio.create_task(_all(leg))
    await leg.stop()
    assert not person.legs
    assert (await events)[-1] == Gone("stopped")


async def test_a_call_that_is_stopped_while_it_is_placed_does_not_stay() -> None:
    loop, called = asyncio.get_running_loop(), asyncio.Event()
    answered = threading.Event()
    switchboard = LegSwitchboard()

    def slow(asked: Asked) -> Planned:
        if asked.method == "DELETE":
            return Planned()
        loop.call_soon_threadsafe(called.set)
        answered.wait(20)
        answer = asyncio.run_coroutine_threadsafe(switchboard.answer(asked.body), loop).result(20)
        return Planned(201, answer[1], {"Location": "/session/1"})

    with desk(slow) as there:
        leg = WhipLeg(there.url)
        connecting = asyncio.create_task(leg.connect(INFO))
        await asyncio.wait_for(called.wait(), 20)
        await leg.stop()
        answered.set()
        with pytest.raises(AgentUnreachableError, match="stopped meanwhile"):
            await connecting
        assert [asked.method for asked in there.asked] == ["POST", "DELETE"]
    await close_all()


async def _all(leg: WhipLeg) -> list[object]:
    async with asyncio.timeout(20):
        return [event async for event in leg.events()]


async def test_a_person_who_hangs_up_is_gone_in_order(person: LegSwitchboard) -> None:
    leg = WhipLeg(url(person))
    await leg.connect(INFO)
    (there,) = person.legs.values()
    await collect(sound(there.events()), 0.1)  # both sides are through
    await there.hang_up()
    assert (await _all(leg))[-1] == Gone("the person hung up", hung_up=True)
    await leg.stop()


async def test_a_person_hears_no_later_than_agreed() -> None:
    leg = WhipLeg("http://127.0.0.1:1/", behind=0.5)
    for at in range(0, 3 * RATE, FRAME):
        leg.send_audio(np.full(FRAME, 5, np.int16), at)
        assert leg._voice.unplayed() <= 0.52


async def test_what_an_endpoint_is_told_goes_to_its_own_server_only(
    person: LegSwitchboard,
) -> None:
    def elsewhere(asked: Asked) -> Planned:
        if asked.target == "/whip?desk=3":
            return Planned(307, headers={"Location": "/next"})
        return Planned(307, headers={"Location": url(person)})

    headers = {"Authorization": "Bearer hush", "Hushgate-Call": "call-1"}
    with desk(elsewhere) as first:
        leg = WhipLeg(f"{first.url}/whip?desk=3", headers=headers)
        await leg.connect(INFO)
        assert len(person.legs) == 1
        await leg.stop()
    assert not person.legs
    assert [asked.target for asked in first.asked] == ["/whip?desk=3", "/next"]
    assert all(asked.headers["authorization"] == "Bearer hush" for asked in first.asked)
    assert all(asked.headers["content-type"] == "application/sdp" for asked in first.asked)

    with (  # another port is another origin
        desk(lambda _: Planned(403)) as second,
        desk(lambda _: Planned(307, headers={"Location": second.url})) as first,
    ):
        with pytest.raises(AgentUnreachableError, match="HTTP 403"):
            await WhipLeg(first.url, headers=headers).connect(INFO)
        (asked,) = second.asked
        assert not {"authorization", "hushgate-call"} & set(asked.headers)


@pytest.mark.parametrize(
    ("planned", "tries", "why"),
    [
        (Planned(401, "token 4111"), 1, "HTTP 401"),
        (Planned(404), 1, "HTTP 404"),
        (Planned(200), 1, "HTTP 200"),
        (Planned(429), 2, "HTTP 429"),
        (Planned(503), 2, "HTTP 503"),
        (Planned(307), 1, "HTTP 307"),
        (Planned(307, headers={"Location": "/again"}), 1, "HTTP 307"),
        (Planned(307, headers={"Location": "http://192.0.2.1/"}), 1, "HTTP 307"),
        (Planned(307, headers={"Location": "http://[::1"}), 1, "HTTP 307"),
        (Planned(201), 2, "the answer cannot be used"),
        (Planned(201, "v=0\r\nnonsense 4111"), 2, "the answer cannot be used"),
        (Planned(201, "x" * 2_000_000), 2, "too long a reply"),
    ],
)
async def test_an_endpoint_that_does_not_answer_the_call_is_unreachable(
    planned: Planned, tries: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.hand_off.whip._PAUSE", 0)
    with desk(lambda _: planned) as there:
        leg = WhipLeg(
            f"{there.url}/whip?key=hush", headers={"Authorization": "Bearer hush"}, tries=2
        )
        with pytest.raises(AgentUnreachableError) as caught:
            await leg.connect(INFO)
        host = there.url.removeprefix("http://")
        assert str(caught.value) == f"endpoint at {host} not reached: {why}"
        assert [asked.target for asked in there.asked].count("/whip?key=hush") == tries
    assert [event async for event in leg.events()] == [Gone("the endpoint was never connected")]
    await leg.stop()


async def test_an_endpoint_that_only_listens_is_no_person(person: LegSwitchboard) -> None:
    def publisher(asked: Asked) -> Planned:
        _, answer = asyncio.run_coroutine_threadsafe(person.answer(asked.body), loop).result(20)
        location = {"Location": "/session/1"}
        return Planned(201, answer.replace("a=sendrecv", "a=recvonly"), location)

    loop = asyncio.get_running_loop()
    with desk(lambda asked: publisher(asked) if asked.method == "POST" else Planned()) as there:
        with pytest.raises(AgentUnreachableError, match="sound goes one way only"):
            await WhipLeg(there.url, tries=1).connect(INFO)
        assert [asked.target for asked in there.of("DELETE")] == ["/session/1"]


async def test_an_endpoint_that_says_nothing_is_given_up() -> None:
    quiet = threading.Event()

    def wait(_: Asked) -> Planned:
        quiet.wait(20)
        return Planned()

    with desk(wait) as there:
        with pytest.raises(AgentUnreachableError, match=r"no answer in 0\.3 s"):
            await WhipLeg(there.url, tries=1, timeout=0.3).connect(INFO)
        quiet.set()


async def test_a_connection_that_is_refused_is_told_without_the_address() -> None:
    with desk(lambda _: Planned()) as there:
        pass
    with pytest.raises(AgentUnreachableError) as caught:
        await WhipLeg(f"{there.url}/?key=hush", tries=1).connect(INFO)
    assert "Connection refused" in str(caught.value)
    assert "hush" not in str(caught.value)


async def test_a_network_that_breaks_is_no_hanging_up(
    person: LegSwitchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aioice.ice.CONSENT_INTERVAL", 0.2)
    monkeypatch.setattr("aioice.ice.CONSENT_FAILURES", 2)
    leg = WhipLeg(url(person))
    await leg.connect(INFO)
    (there,) = person.legs.values()
    (ice,) = {t.receiver.transport.transport for t in there._pc.getTransceivers()}
    await collect(sound(there.events()), 0.1)
    for protocol in ice._connection._protocols:
        protocol.transport.abort()
    assert (await _all(leg))[-1] == Gone("the network to the endpoint is lost")
    await leg.stop()
