"""`hushgate serve` as a process: killed in a call, started again, told to stop in a call."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.agents.reference import ReferenceAgent
from gateway.ledger import read, verify
from gateway.models import whisper_folder
from gateway.models.cli import app as models_app
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
        while (await anext(heard)).max() < 500:
            pass  # until the prompt begins: no key counts before the question
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
        f"listen: {{port: 0, drain_s: 0}}\nagent: {{url: '{agent.url}'}}\n"
        "asr: {model: tiny.en, workers: 1}\n"
        f"models: {{folder: {folder / 'models'}}}\n"
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
        assert kinds[:5] == ["genesis", "models", "call.started", "consent", "agent.connected"]
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
        assert after[:3] == ["call.interrupted", "models", "call.started"]
        assert after[-1] == "call.ended"
    assert not [pid for pid in _children(os.getpid()) if pid in served.children]


@pytest.mark.timeout(280)
async def test_another_recogniser_takes_over_in_a_call_and_is_put_back(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    config = ["-c", str(tmp_path / "hushgate.yaml")]

    async def command(*words: str) -> None:
        done = await asyncio.to_thread(CliRunner().invoke, models_app, [*words, *config])
        assert done.exit_code == 0, done.output

    def recognisers() -> list[str]:
        told = [json.loads(entry.body) for entry in read(ledger) if entry.kind == "models"]
        return [models["models"]["recogniser"].partition(":")[0] for models in told]

    def heard_by() -> list[str]:
        found = [json.loads(entry.body) for entry in read(ledger) if entry.kind == "finding"]
        return [finding["models"]["recogniser"].partition(":")[0] for finding in found]

    async with ReferenceAgent() as agent, serving(tmp_path, agent) as served:
        caller = await served.call(agent)
        await command("use", "recogniser", str(whisper_folder("tiny.en")))
        await until(lambda: len(recognisers()) == 2, within=120)
        told = len(heard_by())
        caller.say(turn("t2").pcm)
        await until(lambda: len(heard_by()) > told, within=30)
        await command("rollback", "recogniser")
        await until(lambda: len(recognisers()) == 3, within=120)
        assert recognisers() == ["whisper@tiny.en", "whisper@model", "whisper@tiny.en"]
        assert heard_by()[-1] == "whisper@model"
        await caller.hang_up()
        await until(lambda: [e for e in read(ledger) if e.kind == "call.ended"], within=20)
        served.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await served.process.wait() == 0
    assert verify(ledger).ok
