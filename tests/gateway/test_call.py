"""What a call does, as a caller and an agent see it.

The ledger, the vault and the prompts are real; the legs and what is recognised are not.
"""

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve

from gateway import call as call_module
from gateway.agents.twilio import TwilioLeg
from gateway.answers import Answer, Demand
from gateway.consent import OUTCOMES, TABLE, Purpose
from gateway.consent import State as Question
from gateway.demands import TWO_KEYS_S
from gateway.events import ConsentChanged, Found, Notice, Transcript
from gateway.hand_off.case import Ready, Reason, Waiting
from gateway.legs import Audio, Clear, Gone, Mark, Transfer
from gateway.passage import Passage
from gateway.recordings import read_mono
from gateway.scripts import load
from gateway.states import State
from gateway.telemetry import BARGE_INS
from gateway.vault import VaultError
from media.audio import FRAME, RATE, Pcm, Span, samples, ulaw_encode
from media.entities.types import Entity
from media.keys import Keys
from media.narrowband import ULAW_RATE
from media.recognition import Impression
from media.sensitive import Sensitive
from media.speech.whisper import Reading
from tests.gateway.fakes import FakeAgent, Utterance, answer, same, turn, until
from tests.gateway.scene import TERMS, Scene
from tests.media.sounds import voice

CLOSED = Gone("agent closed the stream (code 1000)", hung_up=True)
LOST = Gone("connection to the agent was lost")

# Before consent.


async def test_nothing_reaches_the_agent_before_yes(scene: Scene) -> None:
    scene.start()
    scene.caller.say(turn("t3"))
    await until(lambda: scene.caller.silent)
    await scene.quiet(2)
    assert scene.agent_knows_nothing()
    assert not scene.caller.video_open
    assert scene.of(Transcript) == scene.of(Found) == []
    (entry,) = scene.ledger.entries("call-1")
    assert entry.kind == "call.started"


async def test_ledger_and_operators_are_told_whose_caller_it_is(scene: Scene) -> None:
    await scene.asked()
    scene.call.hang_up("enough")
    await scene.ended()
    started, *_ = scene.ledger.entries("call-1")
    assert json.loads(started.body) == {"tenant": "acme"}
    assert scene.call.describe()["tenant"] == "acme"


async def test_what_was_said_before_yes_is_never_heard_by_the_agent(scene: Scene) -> None:
    scene.start()
    scene.caller.say(turn("t3"), pause=1)
    scene.caller.press("1")
    await scene.state(State.TALKING)
    await scene.quiet(3)
    agent = scene.first
    assert agent.info is not None
    assert agent.info.started_at >= len(turn("t3").pcm)
    assert not agent.heard().any()
    assert agent.transcript == []


async def test_yes_by_voice_connects_the_agent(scene: Scene) -> None:
    scene.start()
    scene.caller.say(answer("yes", "Yes."))
    await scene.state(State.TALKING)
    assert scene.first.info is not None
    assert scene.heard_prompts() == ["consent", "granted"]
    (record,) = scene.entries("consent")
    assert record["purposes"] == {"agent": "granted", "transcribe": "granted"}


async def test_yes_by_key_1_connects_the_agent(scene: Scene) -> None:
    agent = await scene.talking()
    assert agent.info is not None
    (record,) = scene.entries("consent")
    assert [(a["answer"], a["by"], a["heard"]) for a in record["answers"]] == [("yes", "key", "1")]


def dialled(*pairs: tuple[float, float]) -> Pcm:
    """Return keypad tones, each a low and a high one for 200 ms, and a pause after each."""
    t = np.arange(RATE // 5) / RATE
    keys = [6_000 * (np.sin(2 * np.pi * a * t) + np.sin(2 * np.pi * b * t)) for a, b in pairs]
    return np.concatenate([np.pad(key, (0, RATE // 10)) for key in keys]).astype(np.int16)


async def test_yes_by_the_tones_of_key_1_connects_the_agent(scene: Scene) -> None:
    scene.start()
    scene.caller.say(Utterance(dialled((697, 1_209)), ()))
    await scene.state(State.TALKING)


@pytest.mark.parametrize(
    ("said", "words", "outcome", "goodbye"),
    [
        ("id_rather_not", "I'd rather not.", "refused", ["refused"]),
        ("no_i_do_not_agree", "No, I do not agree.", "refused", ["refused"]),
        (
            "can_i_talk_to_a_person",
            "Can I talk to a person?",
            "wants a human",
            ["nobody_there", "call_again", "goodbye"],
        ),
    ],
)
async def test_no_ends_the_call_with_a_word_and_no_agent(
    scene: Scene, said: str, words: str, outcome: str, goodbye: list[str]
) -> None:
    scene.start()
    scene.caller.say(answer(said, words))
    await scene.ended()
    assert scene.heard_prompts() == ["consent", *goodbye]
    assert scene.agent_knows_nothing()
    assert scene.entries("consent")[0]["purposes"]["agent"] == "refused"
    assert scene.of(ConsentChanged)[-1].outcome == outcome
    assert scene.entries("call.ended")[0]["reason"] == f"consent {outcome}"


async def test_the_closing_prompt_is_played_to_its_end(scene: Scene) -> None:
    await scene.asked()
    scene.caller.press("2")
    await scene.state(State.CLOSING)
    began = scene.caller.clock
    await scene.ended()
    assert scene.caller.clock - began >= len(scene.script.prompts["refused"].pcm) - RATE // 10


async def test_silence_is_asked_twice_more_in_other_words_then_the_call_ends(scene: Scene) -> None:
    scene.start(answer_timeout_s=0.05)
    await scene.ended()
    assert scene.heard_prompts() == ["consent", "consent_again", "consent_last", "timed_out"]
    assert scene.agent_knows_nothing()
    (record,) = scene.entries("consent")
    assert record["purposes"] == {"agent": "timed out", "transcribe": "timed out"}
    assert [a["answer"] for a in record["answers"]] == ["silence"] * 3


async def test_unclear_answers_are_asked_twice_more_then_the_call_ends(scene: Scene) -> None:
    scene.start()
    for prompt in ("consent", "consent_again", "consent_last"):
        await until(lambda name=prompt: scene.heard_prompts()[-1:] == [name])
        await until(lambda: scene.caller.unplayed() == 0)
        scene.caller.say(answer("what", "What?"))
    await scene.ended()
    assert scene.heard_prompts() == ["consent", "consent_again", "consent_last", "timed_out"]
    assert scene.agent_knows_nothing()
    assert [e.outcome for e in scene.of(ConsentChanged)] == [
        "asked",
        "asked again",
        "asked last",
        "unclear",
    ]


async def test_a_yes_after_an_unclear_answer_counts(scene: Scene) -> None:
    scene.start()
    await until(lambda: scene.caller.played and scene.caller.unplayed() == 0)
    scene.caller.say(answer("sorry_could_you_say_that_again", "Sorry, could you repeat that?"))
    await until(lambda: scene.heard_prompts()[-1] == "consent_again")
    scene.caller.say(answer("yes_please", "Yes, please."))
    await scene.state(State.TALKING)
    (record,) = scene.entries("consent")
    assert [a["answer"] for a in record["answers"]] == ["repeat", "yes"]


async def test_talk_over_the_prompt_is_no_answer(scene: Scene) -> None:
    scene.start()
    scene.caller.say(answer("sure_go_ahead", "Sure, see you at home."))
    await until(lambda: scene.caller.silent)
    await scene.quiet(2)
    assert scene.heard_prompts() == ["consent"]
    assert scene.states()[-1] == State.CONSENT
    assert scene.agent_knows_nothing()


async def test_a_yes_that_goes_on_after_a_pause_is_taken_as_a_whole(scene: Scene) -> None:
    scene.start()
    scene.caller.say(answer("yes", "Yes."), pause=0.4)
    scene.caller.say(answer("id_rather_not", "But I'd rather not."))
    await scene.ended()
    assert scene.agent_knows_nothing()
    assert scene.entries("consent")[0]["purposes"]["agent"] == "refused"


async def test_two_phrases_heard_at_once_are_one_answer(scene: Scene) -> None:
    scene.start()
    release = asyncio.Event()
    recognise = scene.engine.run

    async def late(job: Any, latest: Any) -> Any:
        await release.wait()
        return await recognise(job, latest)

    scene.engine.run = late  # type: ignore[method-assign]
    scene.caller.say(answer("yes", "Yes."), pause=0.3)
    scene.caller.say(answer("sure_go_ahead", "Sure, go ahead."), pause=1.0)
    await until(lambda: scene.caller.silent)
    release.set()
    await scene.state(State.TALKING)
    assert scene.entries("consent")[0]["answers"][0]["heard"] == "yes sure go ahead"


async def test_a_misheard_yes_counts_by_its_sound_and_the_record_says_so(scene: Scene) -> None:
    scene.start()
    recognise = scene.engine.run
    sure = Impression(
        9.0,
        Span(0, RATE),
        (Reading(Sensitive(" You are."), -1.0), Reading(Sensitive(" Sure."), -2)),
    )

    async def impressed(job: Any, latest: Any) -> Any:
        return replace(await recognise(job, latest), impression=sure)

    scene.engine.run = impressed  # type: ignore[method-assign]
    await until(lambda: scene.caller.played and scene.caller.unplayed() == 0)
    scene.caller.say(answer("sure_go_ahead", "You are, though."))
    await scene.state(State.TALKING)
    (told,) = scene.entries("consent")[0]["answers"]
    assert (told["answer"], told["heard"], told["known_by"]) == ("yes", "you are …", "sound")


async def test_an_answer_that_cannot_be_recognised_is_asked_again(scene: Scene) -> None:
    scene.start()
    scene.engine.mode = "fails"
    await until(lambda: scene.caller.played and scene.caller.unplayed() == 0)
    scene.caller.say(answer("yes", "Yes."))
    await until(lambda: scene.heard_prompts()[-1] == "consent_again")
    assert scene.agent_knows_nothing()


async def test_the_consent_record_tells_script_language_answers_and_times(scene: Scene) -> None:
    scene.start()
    await until(lambda: scene.caller.played and scene.caller.unplayed() == 0)
    scene.caller.say(answer("sorry_could_you_say_that_again", "Sorry, my wife Helen Marsh asks."))
    await until(lambda: scene.heard_prompts()[-1] == "consent_again")
    scene.caller.say(answer("yes_please", "Yes, please."))
    await scene.state(State.TALKING)
    (record,) = scene.entries("consent")
    assert record["language"] == "en"
    assert record["place"] == "us-two-party"
    assert record["script_sha256"] == scene.script.version
    assert record["basis"] == list(scene.script.basis)
    unclear, yes = record["answers"]
    assert (unclear["heard"], unclear["by"]) == ("sorry my …", "voice")
    assert (yes["heard"], yes["by"]) == ("yes please", "voice")
    assert 5 < unclear["at_s"] < yes["at_s"]
    assert "Helen" not in json.dumps(record)


# The talk.


def position(pcm: Pcm, said: Pcm) -> int:
    """Return the sample at which something was said."""
    size = len(pcm)
    (at,) = (
        i
        for i in range(0, len(said) - size + 1, 320)
        if np.array_equal(said[i : i + 3_200], pcm[:3_200])
        and np.array_equal(said[i : i + size], pcm)
    )
    return at


def passed_and_silenced(heard: Pcm, said: Pcm, utterance: Utterance) -> tuple[float, float]:
    """Return how much of the harmless and of the personal words was heard as it was said."""
    at = position(utterance.pcm, said)

    def mean(spans: list[Span]) -> float:
        shares = [same(heard, said, Span(at + s.start, at + s.end)) for s in spans]
        return sum(shares) / len(shares) if shares else 0.0

    return mean(utterance.spans(personal=False)), mean(utterance.spans(personal=True))


async def test_the_agent_hears_harmless_words_and_no_personal_ones(scene: Scene) -> None:
    agent = await scene.talking()
    scene.caller.say(turn("t2"), pause=3)
    await until(lambda: scene.caller.silent)
    heard, said = agent.heard(), scene.caller.sent()
    harmless, personal = passed_and_silenced(heard, said, turn("t2"))
    assert harmless > 0.6
    assert personal == 0
    text = " ".join(agent.transcript)
    assert "<PERSON_1>" in text
    assert "Helen" not in text
    found = {e.entity for e in scene.of(Found)}
    assert Entity.PERSON in found
    assert len(scene.entries("finding")) == len(scene.of(Found))
    assert scene.vault.open("call-1", "<PERSON_1>").reveal().startswith("Helen")


async def test_the_agents_time_begins_where_the_caller_is_when_it_is_reached(
    scene: Scene,
) -> None:
    agent = await scene.talking()
    await scene.quiet(1)
    assert agent.info is not None
    assert agent.info.parameters["hushgate_started_at_ms"] == str(
        round(agent.info.started_at / RATE * 1_000)
    )
    assert agent.heard_samples >= RATE // 2


async def test_what_the_agent_says_is_played_and_primes_what_is_looked_for(scene: Scene) -> None:
    agent = await scene.talking()
    sound = answer("sorry_could_you_say_that_again", "What is your card number?")
    question = replace(sound, asks=frozenset({Entity.PAYMENT_CARD}))
    scene.engine.planted.append(question)
    agent.does(Audio(question.pcm))
    await until(lambda: any(e.who == "agent" for e in scene.of(Transcript)))
    assert any(pcm is question.pcm for pcm in scene.caller.played)
    scene.caller.say(turn("t3"), pause=2)
    await until(lambda: scene.caller.silent)
    assert scene.engine.jobs[-1].asked == {Entity.PAYMENT_CARD}


async def test_clear_drops_what_is_queued_and_returns_the_marks_at_once(scene: Scene) -> None:
    agent = await scene.talking()
    scene.caller.stop_playing()
    stops = scene.caller.stops
    agent.does(Audio(np.zeros(60 * RATE, np.int16)), Mark("one"), Mark("two"))
    await until(lambda: scene.caller.played[-1:] and len(scene.caller.played[-1]) == 60 * RATE)
    assert agent.marks == []
    agent.does(Clear())
    await until(lambda: agent.marks == ["one", "two"])
    assert scene.caller.stops == stops + 1
    assert scene.caller.unplayed() == 0


async def test_marks_of_an_agent_that_was_lost_are_not_sent_to_the_next(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=True))
    agent = await scene.talking()
    agent.does(Audio(np.zeros(2 * RATE, np.int16)), Mark("old"), LOST)
    await scene.state(State.HANDED_OFF)
    scene.second.does(Clear())
    await scene.quiet(3)
    assert scene.first.marks == scene.second.marks == []


async def test_a_caller_who_speaks_stops_the_agent_within_300_ms(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await scene.talking()
    stopped = BARGE_INS._value.get()
    reply = np.full(60 * RATE, 900, np.int16)
    agent.does(Audio(reply), Mark("reply"))
    await until(lambda: any(pcm is reply for pcm in scene.caller.played))
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(
        agent, "send_speech_started", lambda at: told.append((at, scene.call.clock))
    )
    scene.caller.say(turn("t3"), pause=3)
    await until(lambda: scene.caller.silent)
    assert scene.caller.unplayed() == 0
    began = position(turn("t3").pcm, scene.caller.sent()) + turn("t3").words[0][1].start
    at, known = told[0]
    assert known - began <= samples(0.3)
    assert abs(at - began) <= samples(0.1)
    assert BARGE_INS._value.get() == stopped + 1


async def test_the_agent_is_told_why_before_its_marks_come_back(scene: Scene) -> None:
    agent = await scene.talking()
    reply = np.full(60 * RATE, 900, np.int16)
    agent.does(Audio(reply), Mark("one"), Mark("two"))
    await until(lambda: any(pcm is reply for pcm in scene.caller.played))
    scene.caller.say(turn("t1"))
    await until(lambda: len(agent.got) >= 3)
    assert agent.got[:3] == ["speech started", "mark", "mark"]
    assert agent.marks == ["one", "two"]


async def test_what_the_agent_goes_on_sending_is_not_heard_until_it_starts_anew(
    scene: Scene,
) -> None:
    agent = await scene.talking()
    reply, rest, anew = (np.full(RATE, level, np.int16) for level in (900, 901, 902))
    agent.does(Audio(reply))
    await until(lambda: any(pcm is reply for pcm in scene.caller.played))
    scene.caller.say(turn("t3"))
    await until(lambda: agent.speech_starts)
    agent.does(Audio(rest), Mark("rest"), Clear(), Audio(anew))
    await until(lambda: any(pcm is anew for pcm in scene.caller.played))
    assert not any(pcm is rest for pcm in scene.caller.played)
    assert agent.marks == ["rest"]


async def test_over_the_real_leg_the_agent_is_told_first_and_the_caller_hears_silence(
    scene: Scene,
) -> None:
    told: list[dict[str, Any]] = []
    loud = base64.b64encode(ulaw_encode(np.full(30 * ULAW_RATE, 9_000, np.int16))).decode()

    def say(name: str) -> list[str]:
        return [
            json.dumps({"event": "media", "media": {"payload": loud}}),
            json.dumps({"event": "mark", "mark": {"name": name}}),
        ]

    async def agent(ws: ServerConnection) -> None:
        async for raw in ws:
            told.append(message := json.loads(raw))
            name = message.get("mark", {}).get("name")
            if message["event"] == "start" or name == "reply":  # goes on, whatever it is told
                for answer in say("rest" if name else "reply"):
                    await ws.send(answer)

    async with serve(agent, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        scene.agents["ws://first"] = TwilioLeg(url)
        await scene.asked()
        scene.caller.press("1")
        await until(lambda: scene.caller.unplayed() > 25)
        await until(lambda: scene.caller.unplayed() < 29)  # the prompt before it is over
        said = Utterance(voice(20 * RATE), ())
        scene.caller.say(said)
        await until(lambda: [m for m in told if m.get("mark") == {"name": "rest"}])
        still_speaking = not scene.caller.silent
        scene.caller.leave()
        await scene.ended()

    assert still_speaking, "or the rest would be a new start"
    kinds = [m["event"] for m in told if m["event"] not in ("media", "hushgate.transcript")]
    assert kinds == ["connected", "start", "hushgate.speech_started", "mark", "mark", "stop"]
    (event,) = (m for m in told if m["event"] == "hushgate.speech_started")
    assert event.keys() == {"event", "streamSid", "speechStarted"}
    assert event["speechStarted"].keys() == {"sequence", "atMs"}
    began = position(said.pcm, scene.caller.sent())
    known = began + samples(0.3) + 6 * FRAME  # this caller runs ahead of the call by some frames
    heard = scene.caller.heard()
    assert heard[began - FRAME : began].all()
    assert not heard[known : began + len(said.pcm)].any()


async def test_a_noise_or_a_key_stops_nobody(scene: Scene) -> None:
    agent = await scene.talking()
    reply = np.full(60 * RATE, 900, np.int16)
    agent.does(Audio(reply))
    await until(lambda: any(pcm is reply for pcm in scene.caller.played))
    bang = np.random.default_rng(1).normal(0, 3_000, RATE // 4).astype(np.int16)
    scene.caller.say(Utterance(bang, ()), pause=1)
    await until(lambda: scene.caller.silent)
    assert agent.speech_starts == []
    assert scene.caller.unplayed() > 50


async def test_no_agent_is_told_of_speech_before_consent_or_after_it_was_left(
    scene: Scene,
) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=True))
    scene.start()
    scene.caller.say(turn("t3"), pause=1)
    scene.caller.press("1")
    await scene.state(State.TALKING)
    await scene.quiet(1)
    assert scene.first.speech_starts == []
    scene.first.does(LOST)
    await scene.state(State.HANDED_OFF)
    scene.caller.say(turn("t3"), pause=1)
    await until(lambda: scene.second.speech_starts)
    assert scene.first.speech_starts == []


async def test_keys_are_dropped_by_default(scene: Scene) -> None:
    agent = await scene.talking()
    for digit in "4539":
        scene.caller.press(digit)
    await scene.quiet(1)
    assert agent.keys == []
    assert "4539" not in "".join(e.body for e in scene.ledger.entries("call-1"))


async def test_a_flood_of_keys_that_are_no_answer_opens_nothing(scene: Scene) -> None:
    await scene.asked()
    for _ in range(500):
        scene.caller.press("9")
    await scene.ended()
    assert scene.agent_knows_nothing()


async def test_what_was_typed_is_a_finding_of_which_the_agent_is_told_the_token(
    scene: Scene,
) -> None:
    agent = await scene.talking()
    for digit in "4111111111111111#":
        scene.caller.press(digit)
    await until(lambda: "(keys) <CARD_1>" in agent.transcript)
    (finding,) = scene.entries("finding")
    assert (finding["entity"], finding["rule"]) == ("PAYMENT_CARD", "keypad")
    assert (finding["token"], finding["action"], finding["late"]) == ("<CARD_1>", "mute", False)
    assert scene.vault.open("call-1", "<CARD_1>").reveal() == "4111111111111111"
    assert "4111" not in "".join(e.body for e in scene.ledger.entries("call-1"))
    assert agent.keys == []


async def test_of_what_was_typed_the_agent_learns_nothing_where_policy_says_so(
    scene: Scene,
) -> None:
    agent = await scene.talking(keys=Keys.SILENCE)
    for digit in "4111111111111111#":
        scene.caller.press(digit)
    await until(lambda: scene.entries("finding"))
    await scene.quiet(1)
    assert not any("keys" in said for said in agent.transcript)


async def test_what_was_being_typed_when_the_caller_goes_is_kept(scene: Scene) -> None:
    await scene.talking()
    for digit in "4921":
        scene.caller.press(digit)
    scene.caller.leave()
    await scene.ended()
    assert [f["entity"] for f in scene.entries("finding")] == ["PASSWORD"]


async def test_keys_are_passed_where_the_policy_says_so(scene: Scene) -> None:
    agent = await scene.talking(keys=Keys.PASS)
    for digit in "42#":
        scene.caller.press(digit)
    await until(lambda: agent.keys == ["4", "2", "#"])


async def test_of_keys_that_sound_the_agent_gets_the_key_where_policy_says_so_and_never_the_tone(
    scene: Scene,
) -> None:
    agent = await scene.talking(keys=Keys.PASS)
    scene.caller.say(Utterance(dialled((770, 1_209), (697, 1_336)), ()), pause=1)
    await until(lambda: agent.keys == ["4", "2"])
    assert not np.any(agent.heard())


async def test_the_callers_last_words_are_cleared_when_the_caller_goes(scene: Scene) -> None:
    agent = await scene.talking()
    scene.caller.say(turn("t4"))
    scene.caller.leave()
    await scene.ended()
    assert "goodbye" in " ".join(agent.transcript).lower()
    assert agent.stopped
    assert len(agent.heard()) == len(scene.caller.sent())
    assert scene.entries("call.ended")[0]["reason"] == "the caller hung up"


async def test_a_caller_who_goes_during_the_prompt_ends_the_call(scene: Scene) -> None:
    await scene.asked()
    scene.caller.leave()
    await scene.ended()
    assert scene.agent_knows_nothing()
    assert scene.states() == ["dialling", "consent", "ended"]


# When the agent fails.


async def test_an_agent_that_cannot_be_reached_is_told_to_the_caller(scene: Scene) -> None:
    scene.first.reachable = False
    await scene.asked()
    scene.caller.press("1")
    await scene.ended()
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert scene.first.audio == []


async def test_an_agent_lost_in_the_middle_is_told_to_the_caller(scene: Scene) -> None:
    agent = await scene.talking()
    scene.caller.say(turn("t1"))
    await scene.quiet(3)
    agent.does(LOST)
    await scene.ended()
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert scene.of(Notice)[0].text == LOST.reason
    assert scene.entries("agent.gone") == [{"reason": LOST.reason}]


async def test_an_agent_lost_in_the_middle_is_replaced_where_configured(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=True))
    agent = await scene.talking()
    agent.does(LOST)
    await scene.state(State.HANDED_OFF)
    assert scene.heard_prompts()[-1] == "hand_off"
    scene.caller.say(turn("t2"), pause=3)
    await until(lambda: scene.caller.silent)
    harmless, personal = passed_and_silenced(scene.second.heard(), scene.caller.sent(), turn("t2"))
    assert harmless > 0.6
    assert personal == 0
    assert agent.transcript == []
    scene.caller.leave("the caller hung up")
    await scene.ended()
    assert scene.entries("call.ended")[0]["reason"] == "the caller hung up"


async def test_when_the_second_agent_fails_too_the_caller_is_told(scene: Scene) -> None:
    scene.first.reachable = scene.second.reachable = False
    scene.hands_off_to(Ready(scene.second, inspect=True))
    await scene.asked()
    scene.caller.press("1")
    await scene.ended()
    assert scene.heard_prompts()[-2:] == ["hand_off", "agent_lost"]


async def test_an_agent_that_hangs_up_in_order_closes_the_call(scene: Scene) -> None:
    agent = await scene.talking()
    goodbye = np.full(RATE, 500, np.int16)
    agent.does(Audio(goodbye), CLOSED)
    await scene.state(State.CLOSING)
    began = scene.caller.clock
    await scene.ended()
    assert "agent_lost" not in scene.heard_prompts()
    assert scene.caller.clock - began > RATE // 2, "its last words are played first"


async def test_what_an_agent_does_after_it_was_left_is_not_listened_to(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=True))
    agent = await scene.talking()
    agent.does(LOST)
    await scene.state(State.HANDED_OFF)
    played = len(scene.caller.played)
    left = Passage(scene.call, agent, TERMS, scene.vault)
    await scene.call._inbox.put(call_module._FromFar(left, Audio(np.ones(320, np.int16))))
    await scene.quiet(0.5)
    assert len(scene.caller.played) == played


# When the ledger or the vault fails: what cannot be proven is not done.


async def test_a_full_disk_at_the_start_is_told_to_the_caller_and_nobody_is_connected(
    scene: Scene,
) -> None:
    scene.fill_the_disk()
    scene.start()
    scene.caller.press("1")
    await scene.ended()
    assert scene.heard_prompts() == ["agent_lost"]
    assert scene.agent_knows_nothing()


async def test_consent_that_cannot_be_recorded_is_no_consent(scene: Scene) -> None:
    scene.start()
    await scene.state(State.CONSENT)
    scene.fill_the_disk()
    scene.caller.press("1")
    await scene.ended()
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert scene.agent_knows_nothing()


async def test_a_full_disk_in_the_middle_stops_what_the_agent_gets(scene: Scene) -> None:
    agent = await scene.talking()
    scene.caller.say(turn("t1"), pause=2)
    await scene.told(1)
    scene.fill_the_disk()
    told = len(agent.transcript)
    scene.caller.say(turn("t2"))
    await scene.state(State.CLOSING)
    heard = agent.heard_samples
    await scene.ended()
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert agent.heard_samples == heard
    assert "Helen" not in " ".join(agent.transcript[told:])
    assert "PERSON" not in " ".join(agent.transcript), "what was not recorded is not told"


async def test_a_vault_that_fails_stops_what_the_agent_gets(scene: Scene) -> None:
    agent = await scene.talking()
    scene.vault._store._connection.execute("PRAGMA query_only = ON")
    scene.caller.say(turn("t2"))
    await scene.ended()
    assert scene.heard_prompts()[-1] == "agent_lost"
    assert "PERSON" not in " ".join(agent.transcript)


# When recognition fails: hold, then silence.


@pytest.mark.parametrize("mode", ["fails", "hangs"])
async def test_while_nothing_is_recognised_nothing_is_heard_and_the_call_goes_on(
    scene: Scene, mode: str
) -> None:
    agent = await scene.talking(hold_bound_s=2)
    scene.engine.mode = mode
    began = scene.caller.clock
    scene.caller.say(turn("t3"), pause=4)
    await until(lambda: scene.caller.silent)
    heard = agent.heard()
    assert len(heard) > began + len(turn("t3").pcm), "time goes on for the agent"
    assert not heard.any()
    assert agent.transcript == []
    assert {e["reason"] for e in scene.entries("silenced")} == {"late"}
    scene.engine.mode = "works"
    scene.caller.say(turn("t1"), pause=4)
    await until(lambda: scene.caller.silent)
    harmless, personal = passed_and_silenced(agent.heard(), scene.caller.sent(), turn("t1"))
    assert harmless > 0.6
    assert personal == 0
    assert "kettle" in " ".join(agent.transcript)


async def test_last_words_that_cannot_be_recognised_are_not_heard(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_module, "FLUSH_S", 0.1)
    agent = await scene.talking()
    scene.engine.mode = "hangs"
    scene.caller.say(turn("t3"))
    scene.caller.leave()
    await scene.ended()
    assert not agent.heard().any()


# Consent is withdrawn: by voice, by keys, by the page, by the operator.

STOP_RECORDING = Utterance(
    turn("t3").pcm,
    tuple(
        (text, span, None)
        for text, (_, span, _) in zip(
            ["Please", "stop", "recording", "this", "call", "now."], turn("t3").words, strict=False
        )
    ),
)
A_HUMAN = replace(
    STOP_RECORDING,
    words=tuple(
        (text, span, None)
        for text, (_, span, _) in zip(
            ["I", "want", "to", "talk", "to", "a", "human."], turn("t3").words, strict=False
        )
    ),
)


def kept(scene: Scene) -> set[str]:
    return {file.suffix for file in scene.folder.iterdir()} if scene.folder.exists() else set()


@pytest.fixture
def keeps(scene: Scene) -> Scene:
    """The same call, in which everything is asked for: the agent, then each by itself."""
    purposes = frozenset(Purpose) - {Purpose.BIOMETRIC}
    scene.script = load("us-two-party", "en", purposes)
    scene.terms = replace(scene.terms, purposes=purposes)
    return scene


async def talking_and_kept(scene: Scene) -> FakeAgent:
    await scene.asked()
    for _ in range(len(scene.script.steps)):
        scene.caller.press("1")
    await scene.state(State.TALKING)
    scene.caller.say(turn("t2"), pause=3)
    await until(lambda: scene.first.transcript)
    await until(lambda: scene.caller.silent)
    return scene.first


async def test_every_purpose_is_asked_for_and_what_is_agreed_to_is_open(keeps: Scene) -> None:
    agent = await talking_and_kept(keeps)
    assert keeps.heard_prompts() == ["consent", "record", "video", "training", "granted"]
    assert set(keeps.entries("consent")[0]["purposes"].values()) == {"granted"}
    assert kept(keeps) == {".wav", ".jsonl"}
    assert keeps.caller.video_open
    assert agent.info is not None
    assert agent.info.parameters["hushgate_consent"] == "agent,record,training,transcribe,video"


async def test_what_is_refused_stays_closed_and_the_call_goes_on(keeps: Scene) -> None:
    await keeps.asked()
    for key in "1222":
        keeps.caller.press(key)
    await keeps.state(State.TALKING)
    keeps.caller.say(turn("t2"), pause=3)
    await until(lambda: keeps.first.transcript)
    assert kept(keeps) == {".jsonl"}
    assert not keeps.caller.video_open
    outcomes = keeps.entries("consent")[0]["purposes"]
    assert [outcomes[p] for p in ("agent", "record", "video")] == ["granted", "refused", "refused"]


async def test_what_is_kept_is_what_the_agent_heard(keeps: Scene) -> None:
    agent = await talking_and_kept(keeps)
    keeps.caller.leave()
    await keeps.ended()
    recorded = read_mono(next(keeps.folder.glob("*.wav")))
    assert agent.info is not None
    assert np.array_equal(recorded, agent.heard()[agent.info.started_at :])
    lines = next(keeps.folder.glob("*.jsonl")).read_text()
    assert "<PERSON_1>" in lines
    assert "Helen" not in lines


async def test_by_voice_the_recording_stops_is_erased_and_the_talk_goes_on(keeps: Scene) -> None:
    agent = await talking_and_kept(keeps)
    keeps.caller.say(STOP_RECORDING, pause=3)
    await until(lambda: keeps.entries("consent.withdrawn"))
    (entry,) = keeps.entries("consent.withdrawn")
    assert (entry["demand"], entry["by"]) == ("stop recording", "voice")
    assert entry["purposes"] == ["record", "training", "transcribe"]
    assert entry["erased"] == ["recording", "transcript", "vault"]
    assert kept(keeps) == set()
    await until(lambda: keeps.heard_prompts()[-1] == "recording_stopped")
    assert agent.consents[-1]["record"] == "withdrawn"
    assert agent.consents[-1]["agent"] == "granted"
    await until(lambda: keeps.of(ConsentChanged)[-1].outcome == "withdrawn")
    assert keeps.of(ConsentChanged)[-1].purposes["transcribe"] == "withdrawn"
    told = len(agent.transcript)
    keeps.caller.say(turn("t1"), pause=3)
    await until(lambda: len(agent.transcript) > told)
    assert kept(keeps) == set(), "nothing is kept any more"
    with pytest.raises(VaultError):
        keeps.vault.open("call-1", "<PERSON_1>")


async def test_a_confirmation_is_heard_to_its_end_whoever_speaks_meanwhile(keeps: Scene) -> None:
    agent = await talking_and_kept(keeps)
    await keeps.call.demand(Demand.STOP_RECORDING, "page")
    spoken = len(agent.speech_starts)
    keeps.caller.say(turn("t1"), pause=1)
    await until(lambda: len(agent.speech_starts) > spoken)
    agent.does(Clear())
    await until(lambda: keeps.caller.silent)
    confirmed = keeps.script.prompts["recording_stopped"].pcm
    heard = keeps.caller.heard()
    at = position(confirmed, heard)
    assert np.array_equal(heard[at : at + len(confirmed)], confirmed)


async def test_by_voice_a_person_is_asked_for_and_the_agent_hears_no_more(scene: Scene) -> None:
    person = scene.second
    scene.hands_off_to(Ready(person, inspect=False))
    agent = await scene.talking()
    scene.caller.say(A_HUMAN, pause=3)
    await scene.state(State.HANDED_OFF)
    assert agent.stopped
    heard = agent.heard_samples
    began = scene.caller.clock
    scene.caller.say(turn("t2"), pause=2)
    await until(lambda: scene.caller.silent)
    assert agent.heard_samples == heard
    at = position(turn("t2").pcm, scene.caller.sent())
    assert np.array_equal(person.heard()[at : at + len(turn("t2").pcm)], turn("t2").pcm), (
        "a person hears the caller directly"
    )
    assert began <= at
    assert person.transcript == []
    (case,) = scene.targets.cases
    assert case.reason is Reason.WANTS_A_HUMAN
    assert case.consent == {"agent": "withdrawn", "transcribe": "granted"}
    assert "talk to a human" in " ".join(words.text for words in case.transcript)


@pytest.mark.parametrize(("keys", "reason"), [("**", "withdrawn"), ("*0", "wants a human")])
async def test_two_keys_withdraw_and_the_next_frame_does_not_pass(
    scene: Scene, keys: str, reason: str
) -> None:
    agent = await scene.talking()
    scene.caller.say(turn("t1"))
    for key in keys:
        scene.caller.press(key)
    await scene.state(State.CLOSING)
    heard = agent.heard_samples
    scene.caller.say(turn("t1"), pause=1)
    await scene.ended()
    assert agent.heard_samples == heard
    assert agent.stopped
    assert scene.entries("consent.withdrawn")[0]["by"] == "key"
    assert scene.entries("hand_off") == [{"reason": reason}]


async def test_two_keys_far_apart_are_two_keys(scene: Scene) -> None:
    await scene.talking()
    scene.caller.press("*")
    await scene.quiet(TWO_KEYS_S + 0.5)
    scene.caller.press("*")
    await scene.quiet(1)
    assert scene.entries("consent.withdrawn") == []


async def test_the_page_withdraws_and_is_told_what(scene: Scene) -> None:
    agent = await scene.talking()
    assert await scene.call.demand(Demand.STOP, "page") == ["agent", "transcribe"]
    heard = agent.heard_samples
    await scene.ended()
    assert (agent.stopped, agent.heard_samples) == (True, heard)
    assert scene.heard_prompts()[-3:] == ["withdrawn", "call_again", "goodbye"]


async def test_of_two_withdrawals_at_once_the_second_finds_nothing_open(scene: Scene) -> None:
    await scene.talking()
    both = await asyncio.gather(
        scene.call.demand(Demand.STOP_RECORDING, "page"),
        scene.call.demand(Demand.STOP_RECORDING, "operator"),
    )
    assert both == [["transcribe"], []]
    assert len(scene.entries("consent.withdrawn")) == 1


async def test_of_a_call_that_has_ended_nothing_is_withdrawn(scene: Scene) -> None:
    await scene.talking()
    scene.caller.leave()
    await scene.ended()
    assert await scene.call.demand(Demand.STOP, "page") is None
    assert scene.entries("consent.withdrawn") == []


async def test_a_withdrawal_that_meets_the_end_of_the_call_is_answered(scene: Scene) -> None:
    await scene.talking()
    scene.call.hang_up("the test is over")
    answers = await asyncio.gather(*(scene.call.demand(Demand.STOP, "page") for _ in range(3)))
    assert all(answer is None or answer for answer in answers)


async def test_before_the_answer_a_withdrawal_is_a_refusal(scene: Scene) -> None:
    await scene.asked()
    await scene.call.demand(Demand.STOP, "page")
    await scene.ended()
    assert scene.agent_knows_nothing()
    assert set(scene.entries("consent")[0]["purposes"].values()) == {"refused"}
    assert scene.heard_prompts() == ["consent", "refused"]


async def test_what_is_withdrawn_while_it_is_asked_for_leads_to_the_next_question(
    keeps: Scene,
) -> None:
    await keeps.asked()
    keeps.caller.press("1")
    await until(lambda: keeps.heard_prompts()[-1] == "record")
    assert await keeps.call.demand(Demand.STOP_RECORDING, "page") == ["transcribe"]
    await until(lambda: keeps.heard_prompts()[-1] == "video")
    keeps.caller.press("2")
    await keeps.state(State.TALKING)
    assert kept(keeps) == set()


# Hand-off.


async def test_who_refuses_is_handed_to_a_person_who_is_told_why(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=False))
    scene.start()
    scene.caller.say(answer("no_i_do_not_agree", "No, I do not agree."))
    await scene.state(State.HANDED_OFF)
    assert not scene.first.asked_to_connect
    assert scene.heard_prompts() == ["consent", "refused_hand_off"]
    (case,) = scene.targets.cases
    assert (case.reason, case.transcript) == (Reason.REFUSED, ())
    await until(lambda: scene.entries("agent.connected"))
    (connected,) = scene.entries("agent.connected")
    assert connected == {"handed_off": True, "inspected": False, "person": True, "disclosed": ""}
    assert kept(scene) == set()


async def test_the_agent_may_ask_for_a_person(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=False))
    agent = await scene.talking()
    agent.does(Transfer("billing question"))
    await scene.state(State.HANDED_OFF)
    assert agent.stopped
    (case,) = scene.targets.cases
    assert (case.reason, case.note) == (Reason.AGENT_ASKED, "billing question")
    assert "billing" not in "".join(e.body for e in scene.ledger.entries("call-1"))


async def test_an_operator_may_hand_the_call_off(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=False))
    await scene.talking()
    await scene.call.demand(Demand.HUMAN, "operator")
    await scene.state(State.HANDED_OFF)
    assert scene.targets.cases[0].reason is Reason.OPERATOR


async def test_who_waits_hears_the_place_in_the_queue_and_music(scene: Scene) -> None:
    scene.targets.gate.clear()
    scene.hands_off_to(Waiting(3), Ready(scene.second, inspect=False))
    await scene.asked()
    scene.caller.press("0")
    await until(lambda: "wait_position_3" in scene.heard_prompts())
    music = len(scene.caller.played)
    await until(lambda: len(scene.caller.played) > music + 2)
    assert scene.states()[-1] == State.HANDING_OFF
    scene.targets.gate.set()
    await scene.state(State.HANDED_OFF)
    await until(lambda: scene.caller.unplayed() == 0)  # the music ends where the person begins


async def test_who_waits_hears_that_what_was_kept_is_deleted_and_waits_on(keeps: Scene) -> None:
    keeps.targets.gate.clear()
    keeps.hands_off_to(Waiting(3), Ready(keeps.second, inspect=False, person=True))
    await talking_and_kept(keeps)
    await keeps.call.demand(Demand.HUMAN, "page")
    await until(lambda: "wait_position_3" in keeps.heard_prompts())
    await keeps.call.demand(Demand.DELETE, "page")
    assert kept(keeps) == set()
    assert keeps.heard_prompts()[-1] == "deleted"
    music = len(keeps.caller.played)
    await until(lambda: len(keeps.caller.played) > music)
    assert keeps.states()[-1] == State.HANDING_OFF


async def test_the_next_target_is_tried_when_one_is_not_reached(scene: Scene) -> None:
    scene.first.reachable = False
    scene.hands_off_to(Ready(scene.first, inspect=True), Ready(scene.second, inspect=False))
    await scene.asked()
    scene.caller.press("0")
    await scene.state(State.HANDED_OFF)
    assert scene.second.info is not None


async def test_where_nobody_is_there_the_caller_is_told_a_number(scene: Scene) -> None:
    await scene.asked(callback_number="+1 20")
    scene.caller.press("0")
    await scene.ended()
    assert scene.heard_prompts() == [
        "consent",
        "nobody_there",
        "call_us_on",
        *("digit_plus", "digit_1", "digit_2", "digit_0"),
        "goodbye",
    ]


async def test_without_an_agent_the_call_goes_to_a_person_after_the_questions(
    scene: Scene,
) -> None:
    only = frozenset({Purpose.RECORD})
    scene.script = load("us-two-party", "en", only)
    scene.hands_off_to(Ready(scene.second, inspect=False))
    await scene.asked(agent_url=None, purposes=only)
    scene.caller.press("1")
    await scene.state(State.HANDED_OFF)
    assert scene.targets.cases[0].reason is Reason.NO_AGENT
    assert scene.of(ConsentChanged)[-1].outcome == "granted"


async def test_whoever_took_the_call_and_is_lost_ends_it_with_a_word(scene: Scene) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=False))
    await scene.asked()
    scene.caller.press("0")
    await scene.state(State.HANDED_OFF)
    scene.second.does(LOST)
    await scene.ended()
    assert scene.heard_prompts()[-3:] == ["nobody_there", "call_again", "goodbye"]


async def test_who_withdraws_from_the_agent_while_talking_to_a_person_keeps_the_person(
    scene: Scene,
) -> None:
    scene.hands_off_to(Ready(scene.second, inspect=False))
    agent = await scene.talking()
    agent.does(Transfer(""))
    await scene.state(State.HANDED_OFF)
    assert await scene.call.demand(Demand.STOP, "page") == ["agent", "transcribe"]
    await scene.quiet(1)
    assert scene.states()[-1] == State.HANDED_OFF
    assert not scene.second.stopped


# Every path of the consent table, through a whole call.

BY_KEY = {Answer.YES: "1", Answer.NO: "2", Answer.HUMAN: "0", Answer.UNCLEAR: "9"}
ASKED = {Question.ASKED: 0, Question.ASKED_AGAIN: 1, Question.ASKED_LAST: 2}


@pytest.mark.parametrize(("question", "given"), list(TABLE), ids=lambda part: str(part))
async def test_every_path_of_the_consent_table_opens_what_was_granted_and_nothing_else(
    scene: Scene, question: Question, given: Answer
) -> None:
    after = TABLE[question, given]
    await scene.asked(answer_timeout_s=0.3 if given is Answer.SILENCE else 30)
    for wording in ("consent", "consent_again", "consent_last")[: ASKED[question]]:
        await until(lambda wording=wording: scene.heard_prompts()[-1] == wording)
        scene.caller.press("9")
    if given is Answer.REPEAT:
        await until(lambda: scene.caller.played and scene.caller.unplayed() == 0)
        scene.caller.say(answer("sorry_could_you_say_that_again", "Could you repeat that?"))
    elif given is not Answer.SILENCE:
        scene.caller.press(BY_KEY[given])
    if after in OUTCOMES:
        await until(lambda: scene.entries("consent"))
        record = scene.entries("consent")[0]
        assert record["answers"][ASKED[question]]["answer"] == given
        assert set(record["purposes"].values()) == {str(OUTCOMES[after])}
    else:
        await until(lambda: len(scene.of(ConsentChanged)) > ASKED[question] + 1)
        assert scene.of(ConsentChanged)[ASKED[question] + 1].outcome == after
    granted = after is Question.GRANTED
    if granted:
        await until(lambda: kept(scene))
    else:
        await scene.quiet(1)
        assert kept(scene) == set()
    assert scene.agent_knows_nothing() is not granted


async def test_who_takes_everything_back_at_a_later_question_is_handed_off_once(
    keeps: Scene,
) -> None:
    keeps.hands_off_to(Ready(keeps.second, inspect=False))
    await keeps.asked()
    keeps.caller.press("1")
    await until(lambda: keeps.heard_prompts()[-1] == "record")
    await keeps.call.demand(Demand.STOP, "page")
    await keeps.state(State.HANDED_OFF)
    assert len(keeps.entries("hand_off")) == 1
    assert not keeps.first.asked_to_connect
    assert keeps.entries("consent")[0]["purposes"]["agent"] == "withdrawn"
