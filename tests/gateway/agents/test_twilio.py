import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.server import ServerConnection, serve

from gateway.agents.reference import HeardWords, ReferenceAgent
from gateway.agents.twilio import TwilioLeg
from gateway.legs import AgentUnreachableError, Audio, CallInfo, Clear, Gone, Mark, Transfer
from media.audio import FRAME, RATE, Pcm
from media.narrowband import UlawEncoder

STARTED_AT = 12_345
INFO = CallInfo("call-1", STARTED_AT, {"language": "en"})

Behaviour = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def agent_that(behave: Behaviour) -> AsyncIterator[str]:
    async with serve(behave, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def media_message(ulaw: bytes) -> str:
    return json.dumps({"event": "media", "media": {"payload": base64.b64encode(ulaw).decode()}})


def chirp(duration: float = 0.2) -> Pcm:
    t = np.arange(int(duration * RATE)) / RATE
    window = np.hanning(t.size)
    return (9_000 * window * np.sin(2 * np.pi * (400 * t + 6_000 * t**2))).astype(np.int16)


def position(of: Pcm, within: Pcm) -> int:
    return int(np.argmax(np.correlate(within.astype(float), of.astype(float), "valid")))


async def to_the_end(leg: TwilioLeg) -> list[Any]:
    async with asyncio.timeout(10):
        return [event async for event in leg.events()]


async def test_an_agent_hears_audio_words_and_keys_in_their_place() -> None:
    said = np.zeros(3 * RATE, np.int16)
    said[20_001 : 20_001 + chirp().size] = chirp()
    async with ReferenceAgent() as agent:
        leg = TwilioLeg(agent.url)
        await leg.connect(INFO)
        at = STARTED_AT
        for part in np.split(said, [1, 500, 501, 7_000, 30_000]):
            leg.send_audio(part, at)
            at += part.size
        leg.send_transcript("I am <PERSON_1>.", STARTED_AT + RATE, STARTED_AT + RATE * 3 // 2)
        leg.send_transcript("Hi.", 0, STARTED_AT + 16)
        leg.send_key("#")
        leg.send_speech_started(STARTED_AT + RATE)
        leg.send_speech_started(STARTED_AT - 1)
        await leg.stop()
        await agent.finished.wait()
        heard = agent.heard()
        assert heard.size == 3 * RATE
        assert position(chirp(), heard) == 20_001
        assert np.abs(heard[:19_900].astype(int)).max() <= 8
        assert agent.transcript == [
            HeardWords("I am <PERSON_1>.", 1_000, 1_500),
            HeardWords("Hi.", 0, 1),
        ]
        assert agent.keys == ["#"]
        assert agent.speech_starts == [1_000, 0]
        assert agent.parameters == {"language": "en"}


async def test_the_last_words_of_a_call_are_flushed() -> None:
    async with ReferenceAgent() as agent:
        leg = TwilioLeg(agent.url)
        await leg.connect(INFO)
        leg.send_audio(chirp()[:3_001], STARTED_AT)
        await leg.stop()
        await agent.finished.wait()
        assert agent.heard().size == 3_200
        assert np.abs(agent.heard()[:3_001].astype(int) - chirp()[:3_001]).max() < 400


async def test_audio_out_of_its_place_is_refused() -> None:
    async with ReferenceAgent() as agent:
        leg = TwilioLeg(agent.url)
        await leg.connect(INFO)
        leg.send_audio(np.zeros(FRAME, np.int16), STARTED_AT)
        with pytest.raises(ValueError, match=f"expected at {STARTED_AT + FRAME}"):
            leg.send_audio(np.zeros(FRAME, np.int16), STARTED_AT)
        await leg.stop()


async def test_an_agent_is_heard_and_its_wishes_come_in_order() -> None:
    said = np.concatenate((np.zeros(4_000, np.int16), chirp(), np.zeros(4_000, np.int16)))
    encoder = UlawEncoder()
    ulaw = encoder(said) + encoder.flush()
    marks: list[str] = []

    async def speak(ws: ServerConnection) -> None:
        for i in range(0, len(ulaw), 137):
            await ws.send(media_message(ulaw[i : i + 137]))
        await ws.send('{"event": "mark", "mark": {"name": "said"}}')
        await ws.send('{"event": "clear"}')
        await ws.send('{"event": "hushgate.hand_off", "handOff": {"reason": "a\\nrefund"}}')
        async for raw in ws:
            if (message := json.loads(raw))["event"] == "mark":
                marks.append(message["mark"]["name"])
                return

    async with agent_that(speak) as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        leg.send_mark("said")
        events = await to_the_end(leg)
        heard = np.concatenate([event.pcm for event in events if isinstance(event, Audio)])
        assert position(chirp(), heard) == 4_000
        assert events[-4:] == [
            Mark("said"),
            Clear(),
            Transfer("arefund"),
            Gone("agent closed the stream (code 1000)", hung_up=True),
        ]
        assert marks == ["said"]
        await leg.stop()


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "nonsense", "ws://[::1", ""])
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(AgentUnreachableError, match="not a ws"):
        await TwilioLeg(url).connect(INFO)


async def test_an_unreachable_agent_is_an_error_that_keeps_the_address_secret() -> None:
    with socket.socket() as taken:  # bound, not listening: nobody else can take the port
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        leg = TwilioLeg(f"ws://me:hush@127.0.0.1:{port}/?key=hush", tries=2)
        async with asyncio.timeout(5):
            with pytest.raises(AgentUnreachableError) as caught:
                await leg.connect(INFO)
    assert str(caught.value).startswith(f"agent at 127.0.0.1:{port} not reached in 2 tries")
    assert "hush" not in str(caught.value)
    assert [event async for event in leg.events()] == [Gone("agent was never connected")]
    await leg.stop()


async def test_an_agent_that_does_not_answer_costs_a_bounded_time() -> None:
    with socket.socket() as mute:  # listens, and never says a word
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        leg = TwilioLeg(f"ws://127.0.0.1:{mute.getsockname()[1]}", timeout=0.1, tries=2)
        async with asyncio.timeout(3):
            with pytest.raises(AgentUnreachableError, match=r"2 tries: no answer in 0\.1 s"):
                await leg.connect(INFO)


async def test_an_agent_that_refuses_at_first_is_tried_again() -> None:
    asked = 0

    def refuse_once(ws: ServerConnection, _: Any) -> Any:
        nonlocal asked
        asked += 1
        return ws.respond(503, "starting\n") if asked == 1 else None

    async def hear(ws: ServerConnection) -> None:
        await ws.wait_closed()

    async with serve(hear, "127.0.0.1", 0, process_request=refuse_once) as server:
        leg = TwilioLeg(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
        with capture_logs() as logs:
            await leg.connect(INFO)
        assert asked == 2
        assert [log["reason"] for log in logs] == ["HTTP 503"]
        await leg.stop()


async def test_a_slow_agent_is_waited_for() -> None:
    async def wait(ws: ServerConnection, _: Any) -> None:
        await asyncio.sleep(0.2)

    async def hear(ws: ServerConnection) -> None:
        await ws.wait_closed()

    async with serve(hear, "127.0.0.1", 0, process_request=wait) as server:
        leg = TwilioLeg(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", tries=1)
        await leg.connect(INFO)
        await leg.stop()


async def test_a_redirect_is_not_followed() -> None:
    async with ReferenceAgent() as elsewhere:

        def redirect(ws: ServerConnection, _: Any) -> Any:
            response = ws.respond(302, "")
            response.headers["Location"] = elsewhere.url
            return response

        async def hear(ws: ServerConnection) -> None:
            await ws.wait_closed()

        async with serve(hear, "127.0.0.1", 0, process_request=redirect) as server:
            url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            with pytest.raises(AgentUnreachableError, match="HTTP 302"):
                await TwilioLeg(url, tries=1).connect(INFO)


async def test_an_agent_that_hangs_up_is_gone() -> None:
    async def hang_up(ws: ServerConnection) -> None:
        await ws.close(4001, "secret words of the agent")

    async with agent_that(hang_up) as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        assert await to_the_end(leg) == [Gone("agent closed the stream (code 4001)")]
        leg.send_audio(chirp(), STARTED_AT)  # a call may not have seen it yet
        leg.send_key("1")
        await leg.stop()


async def test_an_agent_that_dies_is_gone() -> None:
    async def die(ws: ServerConnection) -> None:
        ws.transport.abort()

    async with agent_that(die) as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        assert await to_the_end(leg) == [Gone("connection to the agent was lost")]
        await leg.stop()


@asynccontextmanager
async def agent_that_never_reads() -> AsyncIterator[str]:
    """Shake hands, then leave everything in the socket."""
    done = asyncio.Event()

    async def sleep(ws: ServerConnection) -> None:
        ws.transport.pause_reading()
        await done.wait()

    async with serve(sleep, "127.0.0.1", 0, close_timeout=0.1) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        done.set()


async def test_an_agent_that_stops_reading_is_gone_when_a_message_waits_too_long() -> None:
    async with agent_that_never_reads() as url:
        leg = TwilioLeg(url, stall=0.2)
        await leg.connect(INFO)
        for _ in range(200):  # more than the sockets take
            leg.send_transcript("word " * 20_000, STARTED_AT, STARTED_AT)
        assert await to_the_end(leg) == [Gone("agent stopped reading")]
        await leg.stop()


async def test_an_agent_that_stops_reading_is_gone_when_keep_alives_go_unanswered() -> None:
    async with agent_that_never_reads() as url:
        leg = TwilioLeg(url, ping=0.1)
        await leg.connect(INFO)
        assert await to_the_end(leg) == [Gone("agent stopped reading")]
        await leg.stop()


async def test_an_agent_that_reads_too_slowly_is_gone_when_it_is_behind() -> None:
    async def dawdle(ws: ServerConnection) -> None:
        async for _ in ws:
            await asyncio.sleep(0.1)

    async with serve(dawdle, "127.0.0.1", 0, max_queue=1, close_timeout=0.1) as server:
        leg = TwilioLeg(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", stall=0.5)
        await leg.connect(INFO)
        for _ in range(300):  # each of them is read in time, all of them would take half a minute
            leg.send_transcript("word " * 40_000, STARTED_AT, STARTED_AT)
        assert await to_the_end(leg) == [Gone("agent stopped reading")]
        await leg.stop()


async def test_an_agent_that_stops_reading_cannot_make_the_queue_grow() -> None:
    async with agent_that_never_reads() as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        for i in range(6 * 60):  # six minutes in one burst
            leg.send_audio(np.zeros(RATE, np.int16), STARTED_AT + i * RATE)
        assert await to_the_end(leg) == [Gone("agent stopped reading")]
        await leg.stop()


async def test_stopping_does_not_wait_for_an_agent_that_stops_reading() -> None:
    async with agent_that_never_reads() as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        for _ in range(200):
            leg.send_transcript("word " * 20_000, STARTED_AT, STARTED_AT)
        async with asyncio.timeout(6):
            await leg.stop()
        assert await to_the_end(leg) == [Gone("stopped")]


async def test_junk_is_counted_and_the_call_goes_on() -> None:
    async def babble(ws: ServerConnection) -> None:
        for i in range(1_000):
            await ws.send(f'{{"event": "4111 1111 {i}"}}')
        await ws.send(b"\xff\x00")
        await ws.send("x" * 600_000)
        await ws.send(b"\xc3\x28", text=True)  # a text frame that is not UTF-8
        await ws.send('{"event": "media", "media": {"payload": "?"}}')
        await ws.send(media_message(b"\xff" * 160))
        await ws.wait_closed()

    async with agent_that(babble) as url:
        leg = TwilioLeg(url)
        with capture_logs() as logs:
            await leg.connect(INFO)
            async with asyncio.timeout(10):
                async for event in leg.events():
                    assert isinstance(event, Audio)
                    break
            await leg.stop()
        assert len(logs) < 20
        assert logs[-1]["count"] == 1_004
        assert "4111" not in str(logs)


async def test_a_message_beyond_all_bounds_ends_the_leg() -> None:
    async def shout(ws: ServerConnection) -> None:
        await ws.send("x" * 5_000_000)
        await ws.wait_closed()

    async with agent_that(shout) as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        assert await to_the_end(leg) == [Gone("agent sent too much")]
        await leg.stop()


async def test_a_flood_of_audio_waits_in_the_socket_until_the_call_takes_it() -> None:
    sent = 0

    async def flood(ws: ServerConnection) -> None:
        nonlocal sent
        for _ in range(100_000):
            await ws.send(media_message(b"\xff" * 16_000))
            sent += 1

    async with agent_that(flood) as url:
        leg = TwilioLeg(url)
        await leg.connect(INFO)
        taken = 0
        async with asyncio.timeout(20):
            async for event in leg.events():
                assert isinstance(event, Audio)
                taken += 1
                if taken == 200:
                    break
        assert sent < 2_000  # what sockets hold, not what an agent can send
        await leg.stop()


async def test_silence_of_the_agent_is_not_the_end() -> None:
    async def hear(ws: ServerConnection) -> None:
        await ws.wait_closed()

    async with agent_that(hear) as url:
        leg = TwilioLeg(url, ping=0.05)
        await leg.connect(INFO)
        ending = asyncio.create_task(to_the_end(leg))
        await asyncio.sleep(0.3)  # several keep-alives
        assert not ending.done()
        await leg.stop()
        assert await ending == [Gone("stopped")]
