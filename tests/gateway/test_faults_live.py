"""What breaks around a running gateway, `hushgate serve`, in the middle of a call."""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import numpy as np
import pytest
import pytest_asyncio

from gateway.agents.reference import ReferenceAgent
from gateway.consent import Purpose
from gateway.ledger import read, verify
from gateway.scripts import load
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.whip import CallRefusedError
from media.audio import RATE, Pcm, Seconds
from tests.gateway.fakes import Utterance, turn, until
from tests.gateway.hearing import likeness, presence
from tests.gateway.served import Served, serving

pytestmark = [
    pytest.mark.model,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(200),
    pytest.mark.skipif(sys.platform != "linux", reason="limits are set from outside, by prlimit"),
]

CARD = turn("t3")


class Around:
    """The gateway, its files and its agent."""

    def __init__(self, folder: Path, served: Served, agent: ReferenceAgent) -> None:
        self.folder = folder
        self.served = served
        self.agent = agent
        self.http = httpx.AsyncClient(base_url=served.url, trust_env=False, timeout=10)

    @property
    def pid(self) -> int:
        return self.served.process.pid

    async def reasons(self) -> list[str]:
        """Ask why no calls are taken."""
        reply = await self.http.get("/readyz")
        assert (reply.status_code == 200) == ("reasons" not in reply.json())
        reasons: list[str] = reply.json().get("reasons", [])
        return reasons

    async def ready(self) -> None:
        """Wait until calls are taken."""
        async with asyncio.timeout(90):
            while await self.reasons():  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def goes_on(self, caller: WebRtcCaller) -> None:
        """Type a number: the agent is told its token, and hears that time goes on."""
        told, heard = len(self.agent.transcript), len(self.agent.heard())
        for digit in "2580#":
            caller.press(digit)
        await until(lambda: "(keys) <" in self.said(told), within=20)
        await until(lambda: len(self.agent.heard()) > heard + RATE // 2, within=20)
        assert not self.agent.finished.is_set()

    def said(self, told: int = 0) -> str:
        return " ".join(words.text for words in self.agent.transcript[told:])

    def kinds(self) -> list[str]:
        return [entry.kind for entry in read(self.folder / "ledger.sqlite")]

    @contextmanager
    def limit(self, which: int, most: int) -> Iterator[None]:
        """Limit a resource of the running gateway within the block."""
        soft, hard = resource.prlimit(self.pid, which)
        resource.prlimit(self.pid, which, (most, hard))
        try:
            yield
        finally:
            resource.prlimit(self.pid, which, (soft, hard))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def around(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Around]:
    folder = tmp_path_factory.mktemp("served")
    async with ReferenceAgent() as agent, serving(folder, agent) as served:
        around = Around(folder, served, agent)
        yield around
        await around.http.aclose()
        served.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(served.process.wait(), 30) == 0
    assert verify(folder / "ledger.sqlite").ok


@pytest_asyncio.fixture(loop_scope="module")
async def caller(around: Around) -> AsyncIterator[WebRtcCaller]:
    """A caller who is through to the agent."""
    await around.ready()
    connected = around.kinds().count("agent.connected")
    caller = await around.served.agreed(around.agent)
    await until(lambda: around.kinds().count("agent.connected") > connected)
    yield caller
    await caller.hang_up()
    await until(around.agent.finished.is_set, within=20)


def leaked(said: Utterance, heard: Pcm, since: Seconds) -> list[str]:
    """Return the private words said after a time that are heard as they were said."""
    words = [(text, span) for text, span, entity in said.words if entity]
    later = [(text, said.pcm[s.start : s.end]) for text, s in words if s.start > since * RATE]
    assert later
    return [text for text, pcm in later if likeness(pcm, heard) > 0.85]


def workers(pid: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):  # ended since
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


FAULT_S: Seconds = 3.0
"""When in the card number it happens."""


async def saying_the_card(caller: WebRtcCaller) -> None:
    caller.say(CARD.pcm)
    await until(lambda: caller.unsaid() < len(CARD.pcm) / RATE - FAULT_S, within=20)


async def test_a_recogniser_killed_in_a_phrase_lets_nothing_out_and_the_call_goes_on(
    around: Around, caller: WebRtcCaller
) -> None:
    await saying_the_card(caller)
    (before,) = workers(around.pid)
    os.kill(before, signal.SIGKILL)
    await until(lambda: set(workers(around.pid)) - {before}, within=20)
    (after,) = set(workers(around.pid)) - {before}
    # It comes back for the last four digits, the others are lost.
    os.kill(after, signal.SIGSTOP)
    await until(lambda: caller.unsaid() < 2, within=20)
    os.kill(after, signal.SIGCONT)
    await caller.said()
    await around.ready()
    await around.goes_on(caller)
    assert leaked(CARD, around.agent.heard(), FAULT_S) == []


async def test_a_gateway_that_stands_still_for_two_seconds_goes_on(
    around: Around, caller: WebRtcCaller
) -> None:
    await saying_the_card(caller)
    os.kill(around.pid, signal.SIGSTOP)
    await asyncio.sleep(2)
    os.kill(around.pid, signal.SIGCONT)
    await caller.said()
    await around.goes_on(caller)
    assert leaked(CARD, around.agent.heard(), FAULT_S) == []


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def test_where_descriptors_run_out_calls_go_on_and_new_ones_are_refused(
    around: Around, caller: WebRtcCaller
) -> None:
    assert await around.reasons() == []
    used = descriptors(around.pid)
    with around.limit(resource.RLIMIT_NOFILE, used + 20):
        assert await around.reasons() == ["there are too few file descriptors"]
        with pytest.raises(CallRefusedError) as refused:
            await WebRtcCaller.call(f"{around.served.url}v1/calls")
        assert refused.value.status == 503
    with around.limit(resource.RLIMIT_NOFILE, used - 5):  # nothing can be opened any more
        assert await around.reasons() == ["there are too few file descriptors"]
        await around.goes_on(caller)
    assert await around.reasons() == []


async def test_a_full_disk_ends_the_call_with_a_word_and_calls_are_taken_when_it_has_room(
    around: Around, caller: WebRtcCaller
) -> None:
    heard: list[Pcm] = []
    with around.limit(resource.RLIMIT_FSIZE, 0):
        before = around.kinds()
        for digit in "2580#":
            caller.press(digit)
        async with asyncio.timeout(40):
            async for pcm in caller.hear():
                heard.append(pcm)
        assert await around.reasons() == ["the ledger cannot be written"]
        assert around.kinds() == before
    goodbye = load("us-two-party", "en", list(Purpose)).prompts["agent_lost"].pcm
    assert presence(goodbye, np.concatenate(heard)) > 0.5
    assert around.said() == "", "what was not recorded is not told"
    assert around.agent.finished.is_set()
    await around.ready()
    assert around.kinds()[len(before) :] == ["ledger.resumed"]
