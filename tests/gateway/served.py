"""`hushgate serve` as a process, and calls to it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.agents.reference import ReferenceAgent
from gateway.webrtc.client import WebRtcCaller
from tests.gateway.fakes import turn, until

HUSHGATE = Path(sys.executable).parent / "hushgate"


class Served:
    """A running gateway: its process, where it listens, its children."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url
        self.children = children(process.pid)

    async def agreed(self, agent: ReferenceAgent) -> WebRtcCaller:
        """Place a call and agree to the agent."""
        caller = await WebRtcCaller.call(f"{self.url}v1/calls")
        heard = caller.hear()
        while (await anext(heard)).max() < 500:
            pass  # until the prompt begins: no key counts before the question
        before = agent.parameters
        caller.press("1")
        await until(lambda: agent.parameters and agent.parameters is not before, within=20)
        return caller

    async def call(self, agent: ReferenceAgent) -> WebRtcCaller:
        """Place a call, agree, and speak until the agent hears something."""
        caller = await self.agreed(agent)
        caller.say(turn("t2").pcm)
        await until(lambda: agent.heard().any(), within=30)
        return caller


@asynccontextmanager
async def serving(folder: Path, agent: ReferenceAgent) -> AsyncIterator[Served]:
    config = folder / "hushgate.yaml"
    config.write_text(
        f"listen: {{port: 0, drain_s: 0}}\nagent: {{url: '{agent.url}'}}\n"
        "asr: {model: tiny.en, workers: 1}\n"
        f"models: {{folder: {folder / 'models'}}}\n"
        f"ledger: {{path: {folder / 'ledger.sqlite'}}}\n"
        f"vault: {{path: {folder / 'vault.sqlite'}, key_file: {folder / 'vault.key'}}}\n"
        f"keep: {{folder: {folder / 'calls'}}}\n"
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
        drained = asyncio.create_task(process.stderr.read())  # so that it never waits for a reader
        yield Served(process, url)
        await drained
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
