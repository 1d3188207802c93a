"""A caller who wants a person gets one: real calls, a real queue, a person at a real endpoint."""

import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway import ledger
from gateway.agents.reference import ReferenceAgent
from gateway.config import Settings
from gateway.demo import isolated
from gateway.exchange import exchange
from gateway.hand_off.queue import signature
from gateway.legs import Audio
from gateway.listener import HttpSettings, listening
from gateway.models import Models
from gateway.recordings import read_mono
from gateway.schema import HandOff, Queue
from gateway.scripts import load
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from media.audio import RATE, Pcm
from tests.conftest import AUDIO
from tests.gateway.desk import Asked, Planned, desk
from tests.gateway.ear import Ear
from tests.gateway.fakes import until
from tests.gateway.switchboard import LegSwitchboard

SECRET = "0123456789abcdef"


async def sound(events: AsyncIterator[object]) -> AsyncIterator[Pcm]:
    async for event in events:
        if isinstance(event, Audio):
            yield event.pcm


@pytest.mark.model
async def test_caller_and_person_talk_and_the_queue_was_told_why(
    tmp_path: Path, tiny: Models
) -> None:
    person = LegSwitchboard()
    ready = threading.Event()
    waiting = {"state": "waiting", "position": 2, "poll": "/waiting/1"}

    def queue(_: Asked) -> Planned:
        found = {"state": "ready", "whip": whip, "token": "hush"}
        return Planned(200, json.dumps(found if ready.is_set() else waiting), {"Retry-After": "1"})

    async with (
        ReferenceAgent() as agent,
        listening(create_app(person), HttpSettings(port=0)) as endpoint,
    ):
        whip = f"{endpoint}/v1/calls"
        with desk(queue) as there:
            settings = isolated(Settings(), tmp_path, agent.url).model_copy(
                update={"hand_off": HandOff(queue=Queue(url=f"{there.url}/q", secret=SECRET))}
            )
            async with (
                exchange(settings, tiny) as calls,
                listening(create_app(calls), HttpSettings(port=0)) as url,
            ):
                caller = await WebRtcCaller.call(f"{url}/v1/calls")
                ear = Ear(caller.hear())
                await until(lambda: calls.calls()[0]["state"] == "consent")
                caller.press("0")
                prompts = load("us-two-party", "en", settings.consent.purposes).prompts
                await ear.hears(prompts["wait_position_2"].pcm)
                ready.set()
                await until(lambda: calls.calls()[0]["state"] == "handed_off")
                assert not agent.parameters

                (leg,) = person.legs.values()
                persons_ear = Ear(sound(leg.events()))
                # A card number: what the caller says goes to the person as it is said.
                card = read_mono(AUDIO / "caller" / "t3.wav")[: 5 * RATE]
                caller.say(card)
                await persons_ear.hears(card)
                answer = read_mono(AUDIO / "agent" / "greeting.wav")
                leg.play(answer)
                await ear.hears(answer)

                await leg.hang_up()
                await ear.closed()
                await persons_ear.closed()
                await caller.hang_up()

    first, *others = ((asked.method, asked.target) for asked in there.asked)
    assert first == ("POST", "/q")
    assert set(others) == {("GET", "/waiting/1")}
    for asked in there.asked:
        signed = asked.headers["hushgate-signature"]
        at = int(signed.partition("t=")[2].partition(",")[0])
        assert signed == signature(SECRET.encode(), asked.body, at)
    told = json.loads(there.asked[0].body)
    assert told["reason"] == "wants a human"
    assert told["consent"] == {"agent": "refused", "transcribe": "refused"}
    assert told["transcript"] == told["findings"] == []

    entries = list(ledger.read(settings.ledger.path))
    assert [entry.kind for entry in entries[1:]] == [
        *("call.started", "consent", "hand_off", "agent.connected", "agent.gone", "call.ended")
    ]
    bodies: dict[str, Any] = {entry.kind: json.loads(entry.body) for entry in entries}
    assert bodies["agent.connected"]["person"]
    assert bodies["call.ended"]["reason"] == "the person hung up"
    assert not list((tmp_path / "calls").glob("*"))
