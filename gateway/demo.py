"""The demo: a recorded caller places a real call on this machine; a report shows what came of it.

Everything is as in production but who is at the ends: the caller is a recording that takes turns,
the agent is the reference agent. Both keep what they said and heard, on one time axis.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from gateway import assets, ledger
from gateway.agents.reference import ReferenceAgent, Reply
from gateway.config import Settings
from gateway.events import ConsentChanged, Event, Found, Held, StateChanged, Transcript
from gateway.exchange import exchange
from gateway.listener import HttpSettings, listening
from gateway.models import Models
from gateway.recordings import WavWriter, read_mono
from gateway.report import ReportData, hold_ages, write_report
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from media.audio import RATE, Pcm, Samples, seconds
from media.turns import TurnDetector

PATIENCE_S: Final = 20.0
"""How long the caller waits for an answer before going on."""

REACTION_S: Final = 0.15
"""What a person takes to begin to speak."""

FAREWELL_S: Final = 0.8
"""From the goodbye to hanging up."""

QUIET: Final = RATE // 2
"""Silence, in samples, after which the other side seems to have finished."""


@dataclass(slots=True)
class Outcome:
    """What a demo call left behind."""

    report: Path
    caller_said: Path
    agent_heard: Path
    findings: list[Found] = field(default_factory=list)
    consent: str = "not asked"
    hold_age_p95_s: float = 0.0
    ledger_verified: bool = False
    duration_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the object that `hushgate demo --json` prints last."""
        return {
            "report": str(self.report),
            "caller_said": str(self.caller_said),
            "agent_heard": str(self.agent_heard),
            "findings": [
                {"entity": f.entity, "start_s": f.start_s, "end_s": f.end_s} for f in self.findings
            ],
            "consent": self.consent,
            "hold_age_p95_s": self.hold_age_p95_s,
            "ledger_verified": self.ledger_verified,
            "duration_s": self.duration_s,
        }


def isolated(settings: Settings, folder: Path, agent_url: str) -> Settings:
    """Return `settings` with ledger, vault, kept calls and agent of the demo's own."""
    return settings.model_copy(
        update={
            "agent": settings.agent.model_copy(update={"url": agent_url}),
            "ledger": settings.ledger.model_copy(update={"path": folder / "ledger.sqlite"}),
            "vault": settings.vault.model_copy(
                update={"path": folder / "vault.sqlite", "key_file": folder / "vault.key"}
            ),
            "keep": settings.keep.model_copy(update={"folder": folder / "calls"}),
        }
    )


async def run(
    settings: Settings, models: Models, folder: Path, show: Callable[[Event], None]
) -> Outcome:
    """Place the call, tell its events to `show` as they come, and write the report to `folder`."""
    events: list[Event] = []
    async with ReferenceAgent(replies()) as agent:
        mine = isolated(settings, folder, agent.url)
        async with (
            exchange(mine, models) as calls,
            listening(create_app(calls), HttpSettings(port=0)) as url,
        ):
            caller = await WebRtcCaller.call(f"{url}/v1/calls")
            call_id = caller.call_id
            watching = calls.watch(call_id)
            assert watching is not None

            async def follow() -> None:
                async for event in watching:
                    events.append(event)
                    show(event)

            following = asyncio.create_task(follow())
            recorded = RecordedCaller(caller)
            try:
                await recorded.talk(turns(), agent)
            finally:
                await caller.hang_up()
            await agent.finished.wait()
            await following
    return _write(
        folder, mine, call_id, events, caller.sent, recorded.heard(), _placed(agent, caller.sent)
    )


def replies() -> list[Reply]:
    """Return the reference agent's lines, greeting first."""
    folder = assets.audio("agent")
    listed = yaml.safe_load((folder / "replies.yaml").read_text(encoding="utf-8"))["replies"]
    return [Reply(r["id"], r["text"], read_mono(folder / r["file"])) for r in listed]


def turns() -> list[Pcm]:
    """Return what the recorded caller says, turn by turn; the first answers the consent prompt."""
    folder = assets.audio("caller")
    listed = yaml.safe_load((folder / "turns.yaml").read_text(encoding="utf-8"))["turns"]
    return [read_mono(folder / turn["file"]) for turn in listed]


class RecordedCaller:
    """Say one turn whenever the other side has finished speaking, as a person would."""

    def __init__(self, caller: WebRtcCaller) -> None:
        self._caller = caller
        self._heard: list[Pcm] = []
        self._finished = asyncio.Event()

    def heard(self) -> Pcm:
        """Return what the gateway played to the caller, from the first packet on."""
        return np.concatenate([np.zeros(0, np.int16), *self._heard])

    async def talk(self, turns: list[Pcm], agent: ReferenceAgent) -> None:
        """Say all turns, then wait until the agent has had the last of them."""
        listening = asyncio.create_task(self._listen())
        try:
            for turn in turns:
                await self._other_side_finished()
                await asyncio.sleep(REACTION_S)
                self._finished.clear()
                self._caller.say(turn)
                await self._caller.said()
            await asyncio.sleep(FAREWELL_S)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    async def _other_side_finished(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._finished.wait()

    async def _listen(self) -> None:
        detector = TurnDetector(QUIET)
        async for pcm in self._caller.hear():
            self._heard.append(pcm)
            if detector(pcm):
                self._finished.set()


def _placed(agent: ReferenceAgent, said: Pcm) -> Pcm:
    """Return what the agent heard on the caller's time axis: before its stream, silence."""
    started: Samples = int(agent.parameters.get("hushgate_started_at_ms", 0)) * RATE // 1_000
    heard: Pcm = np.zeros(len(said), np.int16)
    stream = agent.heard()[: max(0, len(said) - started)]
    heard[started : started + len(stream)] = stream
    return heard


def _write(
    folder: Path,
    settings: Settings,
    call_id: str,
    events: list[Event],
    said: Pcm,
    played: Pcm,
    heard: Pcm,
) -> Outcome:
    outcome = Outcome(
        folder / "report.html", folder / "caller_said.wav", folder / "agent_heard.wav"
    )
    for path, pcm in ((outcome.caller_said, said), (outcome.agent_heard, heard)):
        with WavWriter(path) as out:
            out.write(pcm)
    holds = [e for e in events if isinstance(e, Held)]
    outcome.findings = [e for e in events if isinstance(e, Found)]
    asked = [e.outcome for e in events if isinstance(e, ConsentChanged)]
    outcome.consent = asked[-1] if asked else "not asked"
    outcome.hold_age_p95_s = round(hold_ages(holds).p95_s, 3)
    verification = ledger.verify(settings.ledger.path)
    outcome.ledger_verified = verification.ok
    outcome.duration_s = round(seconds(len(said)), 2)
    consents = [e for e in ledger.read(settings.ledger.path, call_id) if e.kind == "consent"]
    write_report(
        outcome.report,
        ReportData(
            call_id=call_id,
            caller_said=said,
            agent_heard=heard,
            agent_said=played,
            findings=outcome.findings,
            transcript=[e for e in events if isinstance(e, Transcript)],
            holds=holds,
            consent={"outcome": outcome.consent, **_consent(consents)},
            ledger={
                "verified": verification.ok,
                "entries": verification.entries,
                "head": verification.head,
            },
            facts={
                "hushgate": version("hushgate"),
                "recognition_model": settings.asr.model,
                "workers": settings.asr.workers,
                "machine": f"{platform.machine()}, {platform.system()}",
                "states": " → ".join(e.state for e in events if isinstance(e, StateChanged)),
            },
        ),
    )
    return outcome


def _consent(entries: list[ledger.Entry]) -> dict[str, object]:
    """Return the consent record's fields as a person reads them."""
    if not entries:
        return {}
    body = json.loads(entries[-1].body)
    last = body["answers"][-1]
    return {
        "answer": f"“{last['heard']}” by {last['by']} at {last['at_s']:.1f} s",
        "asked": f"{len(body['answers'])} time(s), in {body['language']}",
        "for": ", ".join(f"{purpose}: {state}" for purpose, state in body["purposes"].items()),
        "script": f"{body['place']}, SHA-256 {body['script_sha256'][:16]}…",
        "recorded": f"{entries[-1].at} as ledger entry {entries[-1].seq}",
    }
