"""Agents on Pipecat's own Twilio serializer work with the leg as they are."""

import asyncio
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve

from gateway.agents.twilio import TwilioLeg
from gateway.agents.twilio_messages import (
    AgentClear,
    AgentMark,
    AgentMedia,
    TwilioStream,
    parse_agent_message,
)
from gateway.legs import Audio, CallInfo, Clear
from media.audio import RATE, Pcm

pytest.importorskip("pipecat", reason="pipecat-ai is in the dependency group `pipecat`")

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import (
    InputAudioRawFrame,
    InputDTMFFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    OutputTransportMessageFrame,
)
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer


def serializer(stream_sid: str) -> TwilioFrameSerializer:
    params = TwilioFrameSerializer.InputParams(auto_hang_up=False, sample_rate=RATE)
    pipecat = TwilioFrameSerializer(stream_sid, params=params)
    pipecat._sample_rate = RATE  # what its `setup` does with the rate of a running pipeline
    return pipecat


def chirp() -> Pcm:
    t = np.arange(RATE // 2) / RATE
    sound = 9_000 * np.hanning(t.size) * np.sin(2 * np.pi * (400 * t + 2_000 * t**2))
    return sound.astype(np.int16)


def likeness(one: Pcm, other: Pcm) -> float:
    """Return the highest normalised cross-correlation."""
    a, b = one.astype(float), other.astype(float)
    return float(np.correlate(a, b, "full").max() / np.sqrt((a @ a) * (b @ b)))


async def test_a_pipecat_agent_hears_and_is_heard() -> None:
    said = np.concatenate((chirp(), np.zeros(RATE, np.int16)))
    heard: list[Any] = []
    told: dict[str, Any] = {}

    async def pipecat_agent(ws: ServerConnection) -> None:
        class Starlette:  # the WebSocket face that Pipecat's runner reads
            def iter_text(self) -> Any:
                return ws.__aiter__()

        kind, call = await parse_telephony_websocket(Starlette())
        told.update(kind=kind, call=call)
        pipecat = serializer(call["stream_id"])
        async for raw in ws:
            if frame := await pipecat.deserialize(raw):
                heard.append(frame)
            if isinstance(frame, InputDTMFFrame):
                audio = OutputAudioRawFrame(said.tobytes(), RATE, 1)
                for answer in (audio, InterruptionFrame()):
                    await ws.send(str(await pipecat.serialize(answer)))

    async with serve(pipecat_agent, "127.0.0.1", 0) as server:
        leg = TwilioLeg(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
        await leg.connect(CallInfo("call-1", 0, {"language": "en"}))
        leg.send_speech_started(0)
        leg.send_audio(said, 0)
        leg.send_transcript("I am <PERSON_1>.", 0, RATE)
        leg.send_key("5")
        answer = np.zeros(0, np.int16)
        async with asyncio.timeout(10):
            async for event in leg.events():
                if isinstance(event, Audio):
                    answer = np.concatenate((answer, event.pcm))
                if isinstance(event, Clear):
                    break
        await leg.stop()

    assert told["kind"] == "twilio"
    assert told["call"]["call_id"] == "call-1"
    assert told["call"]["body"] == {"language": "en"}
    assert [frame.button for frame in heard if isinstance(frame, InputDTMFFrame)] == [
        KeypadEntry.FIVE
    ]
    sounds = [frame for frame in heard if isinstance(frame, InputAudioRawFrame)]
    assert {(frame.sample_rate, frame.num_channels) for frame in sounds} == {(RATE, 1)}
    sound = np.frombuffer(b"".join(frame.audio for frame in sounds), np.int16)
    assert likeness(sound, chirp()) > 0.98
    assert likeness(answer, chirp()) > 0.98


async def test_what_pipecat_serialises_is_understood() -> None:
    pipecat = serializer("MZ1")
    audio = OutputAudioRawFrame(chirp().tobytes(), RATE, 1)
    mark = {"event": "mark", "streamSid": "MZ1", "mark": {"name": "said"}}
    messages = [
        parse_agent_message(str(await pipecat.serialize(frame)))
        for frame in (audio, InterruptionFrame(), OutputTransportMessageFrame(message=mark))
    ]
    assert isinstance(messages[0], AgentMedia)
    assert messages[1:] == [AgentClear(), AgentMark("said")]


async def test_pipecat_ignores_our_own_messages() -> None:
    stream = TwilioStream("MZ1", "call-1")
    for ours in (stream.transcript("Hi.", 0, 200), stream.speech_started(0)):
        assert await serializer("MZ1").deserialize(ours) is None
