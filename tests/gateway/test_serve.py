"""`hushgate serve` as a process: killed in a call, started again, told to stop in a call."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.agents.reference import ReferenceAgent
from gateway.ledger import read, verify
from gateway.webrtc.client import WebRtcCaller
from tests.gateway.fakes import turn, until

pytestmark = pytest.mark.model

HUSHGATE = Path(sys.executable).parent / "hushgate"


class Served:
    """A running gateway: its process, where it listens, its children."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url
        self.children = _children(process.pid)

    async def call(self, agent: ReferenceAgent) -> WebRtcCaller:
        """Place a call, agree, and speak until the agent hears something."""
        caller = await WebRtcCaller.call(f"{self.url}v1/calls")
        heard = caller.hear()
        while not (await anext(heard)).any():
            pass  # until the prompt begins
        agent.finished.clear()
        caller.press("1")
        await until(lambda: agent.parameters, within=20)
        caller.say(turn("t2").pcm)
        await until(lambda: agent.heard().any(), within=30)
        return caller


@asynccontextmanager
async def serving(folder: Path, agent: ReferenceAgent) -> AsyncIterator[Served]:
    config = folder / "hushgate.yaml"
    config.write_text(
        f"listen: {{port: 0}}\nagent: {{url: '{agent.url}'}}\n"
        "asr: {model: tiny.en, workers: 1}\n"
        f"ledger: {{path: {folder / 'ledger.sqlite'}}}\n"
        f"vault: {{path: {folder / 'vault.sqlite'}, key_file: {folder / 'vault.key'}}}\n"
    )
    process = await asyncio.create_subprocess_exec(
        HUSHGATE, "serve", "-c", str(config), stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        url = ""
        async with asyncio.timeout(90):
            while not url:
                line = (await process.stderr.readline()).decode()
                assert line, "it ended before it listened"
                if line.startswith("Hushgate listens on "):
                    url = line.split()[-1]
        drained = asyncio.create_task(process.stderr.read())
        yield Served(process, url)
        await drained
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.timeout(280)
async def test_killed_in_a_call_it_starts_again_on_the_same_files_and_stops_when_told(
    tmp_path: Path,
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    async with ReferenceAgent() as agent:
        async with serving(tmp_path, agent) as served:
            caller = await served.call(agent)
            served.process.send_signal(signal.SIGKILL)
            await served.process.wait()
            assert served.children
            await until(lambda: not any(map(_lives, served.children)), within=20)
            await caller.hang_up()
        found = verify(ledger)
        assert found.ok, found.why
        kinds = [entry.kind for entry in read(ledger)]
        assert kinds[:4] == ["genesis", "call.started", "consent", "agent.connected"]
        assert "call.ended" not in kinds

        async with serving(tmp_path, agent) as served:
            caller = await served.call(agent)
            served.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await served.process.wait() == 0
            await until(lambda: not any(map(_lives, served.children)), within=20)
            await caller.hang_up()
        found = verify(ledger)
        assert found.ok, found.why
        after = [entry.kind for entry in read(ledger)][len(kinds) :]
        assert after[0] == "call.started"
        assert after[-1] == "call.ended"
    assert not [pid for pid in _children(os.getpid()) if pid in served.children]
