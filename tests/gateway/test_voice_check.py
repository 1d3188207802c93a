"""The biometric check in a call: only with consent, and what follows a verdict."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gateway import voice_check
from gateway.answers import Demand
from gateway.challenge import LENGTH, WORDS
from gateway.consent import Purpose
from gateway.hand_off.case import Ready, Reason
from gateway.legs import Audio, Gone
from gateway.scripts import load
from gateway.states import State
from gateway.voice import ENOUGH_S, Measure
from media.audio import RATE, Span, samples
from media.liveness.types import Verdict
from tests.gateway.fakes import FakeAgent, Utterance, turn, until
from tests.gateway.scene import Scene
from tests.media.sounds import voice

SYNTHETIC, HUMAN, DOUBTFUL = 5.0, -5.0, 0.0
LONG = 10
"""Seconds of talk, more than any verdict needs."""


class FirstComesFirst(random.Random):
    """Draws the first words, and no moment's delay."""

    def sample(self, population: Sequence[Any], k: int, **_: Any) -> list[Any]:
        return list(population[:k])

    def uniform(self, a: float, b: float) -> float:
        return 0.0


@pytest.fixture
def checked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The same call, in which the biometric check is asked for too."""
    purposes = frozenset({Purpose.AGENT, Purpose.TRANSCRIBE, Purpose.BIOMETRIC})
    scene.script = load("us-two-party", "en", purposes)
    scene.terms = replace(scene.terms, purposes=purposes)
    monkeypatch.setattr(voice_check.secrets, "SystemRandom", FirstComesFirst)
    return scene


async def talking(scene: Scene, biometric: str = "1", **terms: Any) -> FakeAgent:
    await scene.asked(**terms)
    scene.caller.press("1")
    scene.caller.press(biometric)
    await scene.state(State.TALKING)
    return scene.first


def say(scene: Scene, seconds: float = LONG) -> None:
    scene.caller.say(Utterance(voice(samples(seconds)), ()))


async def verdicts(scene: Scene, count: int = 1) -> list[dict[str, Any]]:
    await until(lambda: len(scene.entries("voice.verdict")) >= count)
    return scene.entries("voice.verdict")


async def test_without_consent_to_it_nothing_looks_at_the_voice(
    checked: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks(*_: object) -> None:
        raise AssertionError("nobody may look at the voice")

    monkeypatch.setattr(voice_check, "VoiceCheck", looks)
    monkeypatch.setattr("media.liveness.voiced.Voiced.feed", looks)
    monkeypatch.setattr("media.liveness.guards.unfit", looks)
    checked.engine.logit = SYNTHETIC
    agent = await talking(checked, biometric="2")
    say(checked)
    await until(lambda: checked.caller.silent)
    assert checked.engine.scores == []
    assert agent.verdicts == []
    assert checked.entries("voice.check") == checked.entries("voice.verdict") == []
    assert checked.entries("consent")[0]["purposes"]["biometric"] == "refused"


async def test_where_it_is_not_asked_for_nothing_looks_at_the_voice(scene: Scene) -> None:
    await scene.talking()
    say(scene)
    await until(lambda: scene.caller.silent)
    assert scene.engine.scores == []


async def test_before_consent_nothing_looks_at_the_voice(checked: Scene) -> None:
    checked.start()
    say(checked)
    await until(lambda: checked.caller.silent)
    assert checked.engine.scores == []


async def test_a_person_goes_on_undisturbed_and_the_verdict_is_written_down(
    checked: Scene,
) -> None:
    agent = await talking(checked, measures={Verdict.SYNTHETIC: Measure.END})
    say(checked)
    found = (await verdicts(checked))[0]
    assert (found["verdict"], found["measure"]) == ("human", "note")
    assert found["score"] < 0.1
    assert found["models"] == {"liveness": "stand-in@1:000000000000"}
    await until(lambda: agent.verdicts == ["human"])
    await until(lambda: checked.caller.silent)
    assert checked.states()[-1] == State.TALKING
    assert checked.call.describe()["voice"] == "human"


async def test_a_synthetic_voice_is_handed_to_a_person_who_is_told_why(checked: Scene) -> None:
    checked.hands_off_to(Ready(checked.second, inspect=False))
    checked.engine.logit = SYNTHETIC
    agent = await talking(checked, measures={Verdict.SYNTHETIC: Measure.HAND_OFF})
    say(checked)
    await checked.state(State.HANDED_OFF)
    assert agent.stopped
    (case,) = checked.targets.cases
    assert (case.reason, case.voice) == (Reason.SYNTHETIC_VOICE, "synthetic")
    assert "synthetic_voice" in checked.heard_prompts()
    acted = [entry for entry in checked.entries("voice.verdict") if entry["measure"] != "note"]
    assert acted[0]["speech_s"] >= ENOUGH_S[Verdict.SYNTHETIC]


async def test_nothing_is_done_to_a_caller_who_talks_with_a_person(checked: Scene) -> None:
    checked.hands_off_to(Ready(checked.second, inspect=False))
    agent = await talking(checked, measures={Verdict.SYNTHETIC: Measure.END})
    agent.does(Gone("connection to the agent was lost"))
    await checked.state(State.HANDED_OFF)
    checked.engine.logit = SYNTHETIC
    say(checked)
    await verdicts(checked)
    await until(lambda: checked.caller.silent)
    assert checked.states()[-1] == State.HANDED_OFF
    assert checked.second.verdicts == []


async def test_a_call_can_be_ended_for_it_politely(checked: Scene) -> None:
    checked.engine.logit = SYNTHETIC
    await talking(checked, measures={Verdict.SYNTHETIC: Measure.END})
    say(checked)
    await checked.ended()
    assert checked.heard_prompts()[-1] == "synthetic_end"
    assert checked.entries("call.ended")[0]["reason"] == "synthetic voice"


async def test_who_withdraws_is_not_looked_at_any_more(checked: Scene) -> None:
    await talking(checked)
    say(checked)
    await verdicts(checked)
    await checked.call.demand(Demand.STOP, "page")
    scored = len(checked.engine.scores)
    say(checked)
    await checked.ended()
    assert len(checked.engine.scores) == scored


async def test_a_detector_that_fails_leaves_the_voice_unsure(checked: Scene) -> None:
    checked.engine.logit = float("nan")
    await talking(checked, measures={Verdict.SYNTHETIC: Measure.END})
    say(checked)
    await until(lambda: checked.caller.silent)
    assert len(checked.engine.scores) > 3
    assert checked.call.describe()["voice"] == "unsure"
    assert checked.states()[-1] == State.TALKING


async def test_a_ledger_that_fails_in_the_talk_is_told_to_the_caller(checked: Scene) -> None:
    await talking(checked)
    checked.fill_the_disk()
    say(checked)
    await checked.ended()
    assert checked.heard_prompts()[-1] == "agent_lost"
    assert len(checked.entries("voice.check")) == 1


# The step-up.


def asked(scene: Scene, wording: str) -> bool:
    """Tell whether the caller was asked in this wording."""
    pcm = scene.script.prompts[wording].pcm
    return any(np.array_equal(played[: len(pcm)], pcm) for played in scene.caller.played)


async def asked_to_repeat(scene: Scene) -> FakeAgent:
    scene.engine.logit = DOUBTFUL
    agent = await talking(scene, measures={Verdict.UNSURE: Measure.STEP_UP})
    say(scene)
    await until(lambda: asked(scene, "challenge_ask"))
    await until(lambda: scene.caller.silent and scene.caller.unplayed() <= 0)
    return agent


def repeats(scene: Scene, first: int = 0) -> None:
    """Say four words of the list, from this place on."""
    texts = [scene.script.prompts[word].text for word in sorted(WORDS)[first : first + LENGTH]]
    pcm = voice(3 * RATE, pitch=140)
    edges = np.linspace(0, len(pcm), len(texts) + 1).astype(int).tolist()
    spans = [Span(a, b) for a, b in pairwise(edges)]
    words = tuple((text, span, None) for text, span in zip(texts, spans, strict=True))
    scene.caller.say(Utterance(pcm, words), pause=4)


async def test_who_repeats_the_words_goes_on_and_the_agent_heard_nothing_of_it(
    checked: Scene,
) -> None:
    agent = await asked_to_repeat(checked)
    began = agent.heard_samples
    checked.engine.logit = HUMAN
    repeats(checked)
    await until(lambda: checked.entries("challenge"))
    (entry,) = checked.entries("challenge")
    assert entry["outcome"] == "passed"
    assert [each["answer"] for each in entry["tries"]] == ["right"]
    assert set(entry["models"]) == {"liveness"}
    await until(lambda: checked.heard_prompts()[-1] == "challenge_passed")
    assert not agent.heard()[began:].any(), "what is said to the gateway is not for the agent"
    told = len(agent.transcript)
    checked.caller.say(turn("t2"), pause=3)
    await until(lambda: len(agent.transcript) > told)
    assert checked.states()[-1] == State.TALKING


async def test_what_the_agent_says_meanwhile_is_not_played(checked: Scene) -> None:
    agent = await asked_to_repeat(checked)
    played = len(checked.caller.played)
    agent.does(Audio(np.ones(RATE, np.int16)))
    await checked.quiet(0.5)
    assert len(checked.caller.played) == played


async def test_who_says_other_words_three_times_is_handed_off(checked: Scene) -> None:
    checked.hands_off_to(Ready(checked.second, inspect=False))
    agent = await asked_to_repeat(checked)
    for wording in ("challenge_again", "challenge_last", "synthetic_voice"):
        repeats(checked, first=20)
        await until(lambda wording=wording: asked(checked, wording))  # type: ignore[misc]
        await until(lambda: checked.caller.unplayed() <= 0)
    (entry,) = checked.entries("challenge")
    assert entry["outcome"] == "failed"
    await checked.state(State.HANDED_OFF)
    assert agent.stopped
    assert checked.targets.cases[0].reason is Reason.SYNTHETIC_VOICE


async def test_who_withdraws_meanwhile_is_asked_no_more(checked: Scene) -> None:
    await asked_to_repeat(checked)
    await checked.call.demand(Demand.HUMAN, "page")
    await checked.ended()
    assert checked.entries("challenge") == []


# The agent's voice.


async def test_what_the_agents_voice_is_taken_for_is_written_down_once(scene: Scene) -> None:
    scene.engine.logit = SYNTHETIC
    agent = await scene.talking()
    spoken = voice(LONG * RATE)
    for at in range(0, len(spoken), RATE // 10):
        agent.does(Audio(spoken[at : at + RATE // 10]))
    await until(lambda: scene.entries("agent.voice"))
    (entry,) = scene.entries("agent.voice")
    assert entry["verdict"] == "synthetic"
    assert all(len(score.speech) > 0 for score in scene.engine.scores)
    assert scene.entries("agent.connected")[0]["disclosed"] == "question"
    assert "agent_synthetic" not in scene.heard_prompts(), "the question has told it"


async def test_another_agent_is_announced_where_a_colleague_was_promised(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=True, person=False))
    agent = await scene.talking()
    agent.does(Gone("connection to the agent was lost"))
    await scene.state(State.HANDED_OFF)
    await until(lambda: "agent_synthetic" in scene.heard_prompts())
    assert scene.entries("agent.connected")[1]["disclosed"] == "announcement"


async def test_a_person_is_not_looked_at_and_not_announced(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=False))
    agent = await scene.talking()
    agent.does(Gone("connection to the agent was lost"))
    await scene.state(State.HANDED_OFF)
    scene.second.does(Audio(voice(LONG * RATE)))
    await scene.quiet(1)
    assert scene.engine.scores == []
    assert "agent_synthetic" not in scene.heard_prompts()
    assert scene.entries("agent.connected")[1]["disclosed"] == ""
