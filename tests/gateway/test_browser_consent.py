"""A person in a browser is asked, says no, and takes a yes back: the real page, gateway and model.

Chromium's microphone is a recording that speaks from before the question until after the end. What
the agent recorded is laid beside it: of what was said before yes and after no there is not a frame.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from playwright.async_api import Locator, Page, expect

from gateway import ledger
from gateway.agents.reference import ReferenceAgent
from gateway.config import Settings
from gateway.consent import Purpose
from gateway.demo import isolated, replies
from gateway.exchange import exchange
from gateway.listener import HttpSettings, listening
from gateway.models import Models
from gateway.recordings import WavWriter, read_mono
from gateway.scripts import load
from gateway.server import create_app
from media.audio import FRAME, RATE, Pcm, Samples, samples
from tests.conftest import AUDIO
from tests.gateway.chromium import GRANT, NEEDED, PLAIN_ADDRESSES, chromium
from tests.gateway.fakes import until
from tests.gateway.hearing import dbfs, likeness, match, pieces, presence

pytestmark = [*NEEDED, pytest.mark.model, pytest.mark.timeout(300)]

PURPOSES = [Purpose.AGENT, Purpose.TRANSCRIBE, Purpose.RECORD]

PATIENCE_S = 120

TALK = ("calls/no_pii", "caller/t1", "caller/t4", "calls/birthday", "calls/call_back")
"""More than a minute without a pause, in which nothing is said twice; personal only at its end."""

SAME, OTHER = 0.8, 0.7
"""Stretches of sound that are more, and less, like each other than this are the same, and not."""

HEARD = 0.5
"""What the page plays went through a jitter buffer that stretches it; other words have 0.2."""

RECORD = """() => {
  const recorder = new MediaRecorder(document.getElementById("remote-audio").srcObject);
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start(200);
  window.heard = async () => {
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  };
}"""
"""Records what the page plays; `heard()` returns it so far."""


@dataclass
class Scene:
    """A browser with a call, and what is at the other end of it."""

    page: Page
    agent: ReferenceAgent
    folder: Path
    said: Pcm

    @property
    def phone(self) -> Locator:
        return self.page.locator("#phone")

    async def asked(self) -> None:
        """Call, and wait for the question and for the keys."""
        await self.page.goto(f"{self.page.url}?test")
        await self.page.click("#call")
        await self.state("consent")
        await self.page.evaluate(RECORD)
        await expect(self.page.locator("#keypad")).to_be_enabled(timeout=1_000 * PATIENCE_S)

    async def state(self, name: str) -> None:
        await expect(self.phone).to_have_attribute("data-state", name, timeout=1_000 * PATIENCE_S)

    async def shows(self, **outcomes: str) -> None:
        """Wait until the page shows these answers to what was asked for."""
        for purpose, words in outcomes.items():
            row = self.page.locator(f'#purposes [data-purpose="{purpose}"] dd')
            await expect(row).to_have_text(words, timeout=1_000 * PATIENCE_S)

    async def press(self, digit: str) -> None:
        await self.page.click(f'#keypad [data-digit="{digit}"]')

    async def agrees_to_all(self) -> None:
        """Say yes by key to both questions, and talk until the agent was told some sentences."""
        await self.shows(agent="not asked")
        await self.press("1")
        await self.shows(agent="yes", transcribe="yes", record="not asked")
        await self.press("1")
        await self.state("talking")
        await self.shows(agent="yes", transcribe="yes", record="yes")
        await until(
            lambda: any(told.end_ms > 5_000 for told in self.agent.transcript), within=PATIENCE_S
        )

    async def hears(self, prompt: str) -> None:
        """Wait until a prompt was played."""
        wanted = load("us-two-party", "en", PURPOSES).prompts[prompt].pcm
        async with asyncio.timeout(PATIENCE_S):
            # In a thread: the gateway runs in this one, and would stutter.
            while (  # noqa: ASYNC110
                await asyncio.to_thread(presence, wanted, await self._heard()) < HEARD
            ):
                await asyncio.sleep(0.3)

    async def _heard(self) -> Pcm:
        """Return what the page has played until now."""
        webm = base64.b64decode(await self.page.evaluate("window.heard()"))
        with av.open(BytesIO(webm)) as container:
            resampler = av.AudioResampler("s16", "mono", RATE)
            frames = [f for coded in container.decode(audio=0) for f in resampler.resample(coded)]
        return np.concatenate([frame.to_ndarray()[0] for frame in frames])

    def kept(self) -> dict[str, int]:
        """Return the sizes of the files that were kept, by what they are."""
        return {f.suffix: f.stat().st_size for f in (self.folder / "calls").glob("*")}

    def entries(self, kind: str) -> list[dict[str, Any]]:
        entries = ledger.read(self.folder / "ledger.sqlite")
        return [json.loads(entry.body) for entry in entries if entry.kind == kind]


@asynccontextmanager
async def calling(folder: Path, models: Models, *talk: str) -> AsyncIterator[Scene]:
    said = np.concatenate([read_mono(AUDIO / f"{name}.wav") for name in talk])
    microphone = WavWriter(folder / "microphone.wav")
    microphone.write(said)
    microphone.close()
    async with ReferenceAgent(replies()) as agent:
        settings = isolated(Settings(), folder, agent.url)
        consent = settings.consent.model_copy(update={"purposes": PURPOSES})
        asr = settings.asr.model_copy(update={"workers": 1})
        settings = settings.model_copy(update={"consent": consent, "asr": asr})
        async with (
            exchange(settings, models) as calls,
            listening(create_app(calls), HttpSettings(port=0)) as url,
            chromium(
                PLAIN_ADDRESSES,
                GRANT,
                f"--use-file-for-fake-audio-capture={folder / 'microphone.wav'}%noloop",
            ) as page,
        ):
            await page.goto(url)
            yield Scene(page, agent, folder, said)
    assert ledger.verify(settings.ledger.path).ok


def check_heard_only_between(scene: Scene, yes: Samples, no: Samples) -> None:
    """Of all that was said, the agent heard nothing but what was said between yes and no."""
    started = samples(int(scene.agent.parameters["hushgate_started_at_ms"]) / 1_000)
    heard = scene.agent.heard()
    assert yes <= started
    assert started + len(heard) <= no + FRAME
    # The two axes of time agree: what it heard at a time is what was said at that time.
    whole: Pcm = np.concatenate((np.zeros(started, np.int16), heard))
    later, _ = match(scene.said, whole)
    loud = [at for at in range(0, len(heard) - FRAME, FRAME) if dbfs(heard[at : at + FRAME]) > -40]
    first, last = started + loud[0] - later, started + loud[-1] - later
    passed = pieces(scene.said[first : last + FRAME], RATE)
    assert np.median([likeness(piece, heard) for piece in passed]) > SAME
    # The caller spoke to the gateway before yes and after no, and of that there is nothing.
    before = pieces(scene.said[max(0, -later) : yes - later], RATE)
    ended = samples(scene.entries("call.ended")[0]["duration_s"])
    after = pieces(scene.said[no - later : ended - later], RATE)
    assert min(len(before), len(after)) >= 2
    assert max(likeness(piece, heard) for piece in (*before, *after)) < OTHER


async def test_the_agent_is_connected_only_after_yes(tmp_path: Path, tiny: Models) -> None:
    async with calling(tmp_path, tiny, *TALK) as scene:
        await scene.asked()
        await scene.shows(agent="not asked", transcribe="not asked", record="not asked")
        assert not scene.agent.parameters
        await scene.press("1")
        await scene.shows(agent="yes", transcribe="yes", record="not asked")
        await expect(scene.phone).to_have_attribute("data-state", "consent")
        assert not scene.agent.parameters
        await scene.press("2")
        await scene.state("talking")
        await scene.shows(agent="yes", transcribe="yes", record="no")
        await until(lambda: scene.agent.transcript, within=PATIENCE_S)
        assert scene.agent.parameters["hushgate_consent"] == "agent,transcribe"
        assert scene.kept().keys() == {".jsonl"}
        await scene.page.click("#call")
        await scene.state("ended")
        await asyncio.wait_for(scene.agent.finished.wait(), PATIENCE_S)
    kinds = [entry.kind for entry in ledger.read(tmp_path / "ledger.sqlite")]
    assert kinds.index("consent") < kinds.index("agent.connected")


async def test_who_says_no_hears_goodbye_and_the_agent_was_never_called(
    tmp_path: Path, tiny: Models
) -> None:
    async with calling(tmp_path, tiny, "answers/no_i_do_not_agree", "calls/no_pii") as scene:
        await scene.asked()
        await scene.state("closing")
        await expect(scene.page.locator("#consent")).to_have_text(
            "You did not consent: the AI agent heard nothing."
        )
        await scene.shows(agent="no", transcribe="no", record="not asked")
        await scene.state("ended")
        await scene.hears("refused")
        await expect(scene.page.locator("#transcript li")).to_have_count(0)
        await expect(scene.page.get_by_text("No words were passed on.")).to_be_visible()
        assert not scene.agent.parameters
        assert scene.kept() == {}
    (consent,) = scene.entries("consent")
    assert [(a["answer"], a["by"]) for a in consent["answers"]] == [("no", "voice")]
    assert scene.entries("agent.connected") == []


async def test_who_takes_the_yes_back_is_heard_no_more(tmp_path: Path, tiny: Models) -> None:
    async with calling(tmp_path, tiny, *TALK) as scene:
        await scene.asked()
        await expect(scene.page.locator("#clock")).to_have_text(
            re.compile("0:(0[5-9]|[1-5].)"), timeout=1_000 * PATIENCE_S
        )
        await scene.agrees_to_all()
        assert all(scene.kept()[suffix] > 0 for suffix in (".wav", ".jsonl"))
        await scene.page.click("text=Withdraw my consent")
        await scene.shows(agent="withdrawn", transcribe="withdrawn", record="withdrawn")
        await expect(scene.page.locator("#consent")).to_have_text(
            "You withdrew your consent: the AI agent hears nothing more. "
            "What was kept of this call is erased."
        )
        await asyncio.wait_for(scene.agent.finished.wait(), PATIENCE_S)
        assert scene.kept() == {}
        await scene.state("ended")
        await scene.hears("withdrawn")
    (consent,) = scene.entries("consent")
    (withdrawn,) = scene.entries("consent.withdrawn")
    assert (withdrawn["demand"], withdrawn["by"]) == ("stop", "page")
    assert withdrawn["purposes"] == ["agent", "record", "transcribe"]
    assert withdrawn["erased"] == ["recording", "transcript", "vault"]
    yes, no = consent["answers"][-1]["at_s"], withdrawn["at_s"]
    check_heard_only_between(scene, samples(yes), samples(no))


async def test_who_wants_nothing_kept_talks_on_and_hears_that_it_is_done(
    tmp_path: Path, tiny: Models
) -> None:
    async with calling(tmp_path, tiny, *TALK) as scene:
        await scene.asked()
        await scene.agrees_to_all()
        assert scene.kept().keys() == {".wav", ".jsonl"}
        told = len(scene.agent.transcript)
        await scene.page.click("text=Stop keeping this call")
        await scene.shows(agent="yes", transcribe="withdrawn", record="withdrawn")
        await expect(scene.page.locator("#consent")).to_have_text(
            "You gave your consent. What was kept of this call is erased."
        )
        await expect(scene.page.locator("text=Stop keeping this call")).to_be_hidden()
        await until(lambda: len(scene.agent.transcript) > told, within=PATIENCE_S)
        assert scene.kept() == {}
        await scene.state("talking")
        await scene.hears("recording_stopped")
        assert scene.agent.consents[-1]["record"] == "withdrawn"
        await scene.page.click("#call")
        await scene.state("ended")
        await asyncio.wait_for(scene.agent.finished.wait(), PATIENCE_S)
        assert scene.kept() == {}
    (withdrawn,) = scene.entries("consent.withdrawn")
    assert withdrawn["purposes"] == ["record", "transcribe"]
