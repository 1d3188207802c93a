"""A synthetic voice calls: a real call, the real detector, and what becomes of the call."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gateway import ledger
from gateway.agents.reference import ReferenceAgent, Reply
from gateway.config import Settings
from gateway.demo import isolated
from gateway.exchange import exchange
from gateway.listener import HttpSettings, listening
from gateway.models import Models, liveness_model
from gateway.models.records import Role
from gateway.recordings import read_mono
from gateway.schema import Consent, Liveness
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from tests.conftest import AUDIO
from tests.gateway.fakes import until

TALK_S = 90
"""How long it may take on a busy machine until a voice is judged."""


async def called(
    folder: Path, models: Models, agree: str, wanted: str
) -> tuple[dict[str, list[dict[str, Any]]], ReferenceAgent]:
    """Call, agree to the agent, answer the biometric question with a key, and talk.

    Returns the ledger's entries by kind, when there is one of kind `wanted`.
    """
    greeting = Reply("greeting", "", read_mono(AUDIO / "agent" / "greeting.wav"))
    async with ReferenceAgent([greeting]) as agent:
        settings = isolated(Settings(), folder, agent.url).model_copy(
            update={
                "consent": Consent(purposes=["agent", "transcribe", "biometric"]),
                "liveness": Liveness(synthetic="hand_off"),
            }
        )
        async with (
            exchange(settings, models) as calls,
            listening(create_app(calls), HttpSettings(port=0)) as url,
        ):
            caller = await WebRtcCaller.call(f"{url}/v1/calls")
            await until(lambda: calls.calls()[0]["state"] == "consent")
            caller.press("1")
            caller.press(agree)
            await until(lambda: calls.calls()[0]["state"] == "talking")
            turns = [read_mono(AUDIO / "caller" / f"t{turn}.wav") for turn in (1, 2, 3, 4)]
            caller.say(np.concatenate(turns))

            def told() -> bool:
                entries = ledger.read(settings.ledger.path)
                return any(entry.kind == wanted for entry in entries)

            if wanted == "call.ended":
                await caller.said()
                await caller.hang_up()
            await until(told, within=TALK_S)
            await caller.hang_up()
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for entry in ledger.read(settings.ledger.path):
        by_kind.setdefault(entry.kind, []).append(json.loads(entry.body))
    return by_kind, agent


@pytest.fixture
def models(tiny: Models) -> Models:
    """The small models, and the detector that ships."""
    files = liveness_model()
    return replace(tiny, liveness=files, ids={Role.LIVENESS: f"liveness@{files.card['version']}"})


@pytest.mark.model
async def test_a_synthetic_voice_that_agreed_to_the_check_is_handed_off(
    tmp_path: Path, models: Models
) -> None:
    entries, agent = await called(tmp_path, models, "1", "hand_off")
    assert entries["hand_off"][0]["reason"] == "synthetic voice"
    verdict = entries["voice.verdict"][-1]
    assert (verdict["verdict"], verdict["measure"]) == ("synthetic", "hand_off")
    assert verdict["score"] > 0.5
    assert verdict["models"]["liveness"] == models.ids[Role.LIVENESS]
    assert agent.verdicts[-1] == "synthetic"


@pytest.mark.model
async def test_a_voice_that_did_not_agree_is_not_looked_at(tmp_path: Path, models: Models) -> None:
    entries, agent = await called(tmp_path, models, "2", "call.ended")
    assert entries["consent"][0]["purposes"]["biometric"] == "refused"
    assert not {"voice.check", "voice.verdict", "voice.changed"} & set(entries)
    assert agent.verdicts == []
    assert agent.transcript, "the talk went on all the same"
