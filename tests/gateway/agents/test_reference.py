import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from gateway.agents.reference import ReferenceAgent, Reply
from gateway.agents.twilio import TwilioLeg
from gateway.agents.twilio_messages import TwilioStream
from gateway.legs import Audio, CallInfo, Gone, Mark
from media.audio import FRAME, RATE, Pcm

_noise = np.random.default_rng(7)


def speech(duration: float) -> Pcm:
    return (3_000 * _noise.standard_normal(int(duration * RATE))).astype(np.int16)


def bleep(duration: float) -> Pcm:
    peak = 32_768 * 10 ** (-42 / 20) * np.sqrt(2)
    tone = peak * np.sin(2 * np.pi * 1_000 * np.arange(int(duration * RATE)) / RATE)
    return tone.astype(np.int16)


def silence(duration: float) -> Pcm:
    return np.zeros(int(duration * RATE), np.int16)


def reply(name: str, duration: float = 0.5) -> Reply:
    return Reply(name, f"This is {name}.", speech(duration))


REPLIES = (reply("greeting"), reply("first"), reply("second"), reply("third"))


class Gateway:
    """The other end: plays what the agent sends at once, and sends its marks back."""

    def __init__(self, leg: TwilioLeg) -> None:
        self.leg = leg
        self.at = 0
        self.events = leg.events()
        self.played: list[str] = []
        self.sound = np.zeros(0, np.int16)

    def say(self, *parts: Pcm) -> None:
        for part in parts:
            self.leg.send_audio(part, self.at)
            self.at += part.size

    async def until_mark(self, *, echo: bool = True) -> str:
        async with asyncio.timeout(5):
            async for event in self.events:
                if isinstance(event, Audio):
                    self.sound = np.concatenate((self.sound, event.pcm))
                if isinstance(event, Mark):
                    self.played.append(event.name)
                    if echo:
                        self.leg.send_mark(event.name)
                    return event.name
        raise AssertionError("the agent went away")

    async def hang_up(self, agent: ReferenceAgent) -> list[str]:
        """End the stream and return every reply of the call."""
        await self.leg.stop()
        async with asyncio.timeout(5):
            await agent.finished.wait()
            async for event in self.events:
                if isinstance(event, Mark):
                    self.played.append(event.name)
                if isinstance(event, Gone):
                    break
        return self.played


@asynccontextmanager
async def a_call(agent: ReferenceAgent) -> AsyncIterator[Gateway]:
    leg = TwilioLeg(agent.url)
    await leg.connect(CallInfo("call-1", 0, {}))
    yield Gateway(leg)
    await leg.stop()


async def test_it_greets_and_then_replies_once_a_turn() -> None:
    async with ReferenceAgent(REPLIES) as agent, a_call(agent) as gateway:
        assert await gateway.until_mark() == "greeting"
        gateway.say(silence(0.5), speech(1.0), silence(3.0))
        assert await gateway.until_mark() == "first"
        gateway.say(speech(1.0), silence(1.1), speech(1.0), silence(1.3), speech(0.2))
        assert await gateway.until_mark() == "second"
        assert await gateway.hang_up(agent) == ["greeting", "first", "second"]
        assert [said.name for said in agent.said] == ["greeting", "first", "second"]


async def test_what_it_says_arrives_whole() -> None:
    async with ReferenceAgent([REPLIES[0]]) as agent, a_call(agent) as gateway:
        await gateway.until_mark()
        size = REPLIES[0].pcm.size
        assert size - 40 < gateway.sound.size <= size


async def test_it_does_not_answer_into_a_bleep() -> None:
    async with ReferenceAgent(REPLIES) as agent, a_call(agent) as gateway:
        await gateway.until_mark()
        gateway.say(speech(1.0), silence(0.5), bleep(4.0), silence(1.0), speech(1.0), silence(1.3))
        assert await gateway.until_mark() == "first"
        gateway.say(bleep(4.0), silence(1.3))
        assert await gateway.until_mark() == "second"
        assert await gateway.hang_up(agent) == ["greeting", "first", "second"]


async def test_it_does_not_speak_over_itself() -> None:
    async with ReferenceAgent(REPLIES) as agent, a_call(agent) as gateway:
        await gateway.until_mark()
        gateway.say(speech(1.0), silence(1.3))
        assert await gateway.until_mark(echo=False) == "first"
        for _ in range(3):  # the caller goes on while the first reply is still played
            gateway.say(speech(1.0), silence(1.3))
        gateway.leg.send_mark("first")
        assert await gateway.until_mark() == "second"
        assert await gateway.hang_up(agent) == ["greeting", "first", "second"]


async def test_it_lets_a_caller_who_speaks_again_finish() -> None:
    async with ReferenceAgent(REPLIES) as agent, a_call(agent) as gateway:
        assert await gateway.until_mark(echo=False) == "greeting"
        gateway.say(speech(1.0), silence(1.3), speech(1.0))
        gateway.leg.send_mark("greeting")
        gateway.leg.send_key("1")
        gateway.say(speech(1.0), silence(1.3))
        assert await gateway.until_mark() == "first"
        assert await gateway.hang_up(agent) == ["greeting", "first"]


async def test_without_replies_left_it_listens() -> None:
    async with ReferenceAgent() as agent, a_call(agent) as gateway:
        gateway.say(speech(1.0), silence(1.3))
        assert await gateway.hang_up(agent) == []
        assert agent.heard().size == 2.3 * RATE


def _loud(pcm: Pcm) -> list[bool]:
    frames = pcm[: pcm.size // FRAME * FRAME].reshape(-1, FRAME).astype(float)
    return [bool(x) for x in np.sqrt(np.mean(frames**2, axis=1)) > 5_000]


async def _raw(socket: ClientConnection, *timestamps: int) -> None:
    stream = TwilioStream("MZ1", "call-1")
    await socket.send(stream.connected())
    await socket.send(stream.start({}))
    for timestamp in timestamps:
        message = json.loads(stream.media(b"\x00" * 80 + b"\x80" * 80))
        message["media"]["timestamp"] = str(timestamp)
        await socket.send(json.dumps(message))


async def test_a_gap_in_the_timestamps_is_heard_as_silence() -> None:
    async with ReferenceAgent() as agent:
        async with connect(agent.url, proxy=None) as socket:
            await _raw(socket, 40, 100, 80, 20)
        await agent.finished.wait()
        assert _loud(agent.heard()) == [False, True, True, False, True, True]


async def test_a_timestamp_beyond_reason_is_not_kept() -> None:
    async with ReferenceAgent() as agent:
        async with connect(agent.url, proxy=None) as socket:
            await _raw(socket, 0, 10**15, -20)
        await agent.finished.wait()
        assert agent.heard().size == FRAME


async def test_a_malformed_stream_is_closed() -> None:
    media = {"timestamp": "soon", "payload": base64.b64encode(b"\xff").decode()}
    junk = ("{", "[]", '{"event": "start"}', json.dumps({"event": "media", "media": media}))
    async with ReferenceAgent() as agent:
        for raw in junk:
            async with connect(agent.url, proxy=None) as socket:
                await socket.send(raw)
                await socket.wait_closed()
                assert socket.close_code == 1003
            await agent.finished.wait()


async def test_each_stream_starts_anew() -> None:
    async with ReferenceAgent(REPLIES) as agent:
        for _ in range(2):
            async with a_call(agent) as gateway:
                assert await gateway.until_mark() == "greeting"
                gateway.say(silence(0.5))
                await gateway.hang_up(agent)
                assert agent.heard().size == RATE // 2
