"""`hushgate serve` as a process: killed in a call, started again, told to stop in a call."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.agents.reference import ReferenceAgent
from gateway.ledger import read, verify
from gateway.models import whisper_folder
from gateway.models.cli import app as models_app
from tests.gateway.fakes import turn, until
from tests.gateway.served import children, lives, serving

pytestmark = pytest.mark.model


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
            await until(lambda: not any(map(lives, served.children)), within=20)
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
            await until(lambda: not any(map(lives, served.children)), within=20)
            await caller.hang_up()
        found = verify(ledger)
        assert found.ok, found.why
        after = [entry.kind for entry in read(ledger)][len(kinds) :]
        assert after[:3] == ["call.interrupted", "models", "call.started"]
        assert after[-1] == "call.ended"
    assert not [pid for pid in children(os.getpid()) if pid in served.children]


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
