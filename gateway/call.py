"""One call, from the caller's first packet to the last ledger entry.

What it does is the table of `gateway.states`. Everything that happens comes through one queue, so
nothing runs beside anything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
import structlog

from gateway import telemetry
from gateway.broadcast import Broadcast
from gateway.consent import FIRST_PROMPT, KEYS, Answer, Dialogue, kept, understand
from gateway.consent import State as Consent
from gateway.events import (
    ConsentChanged,
    Event,
    Found,
    Held,
    Notice,
    StateChanged,
    Transcript,
)
from gateway.ledger import Ledger, LedgerError
from gateway.legs import (
    AgentLeg,
    AgentUnreachableError,
    Audio,
    CallerLeg,
    CallInfo,
    Clear,
    Gone,
    Key,
    Mark,
)
from gateway.playback import Playback
from gateway.prompts import Prompts
from gateway.states import TABLE, TALKING, Happening, State
from gateway.vault import Vault, VaultError
from media.activity import PhraseStarted
from media.audio import RATE, Pcm, Samples, Seconds, Span, samples, seconds
from media.clearance import Action, Release
from media.dtmf import Keypad
from media.entities.types import Entity
from media.floor import Floor
from media.inspector import Command, Inspector, Pressed, Said, Typed, Unsure
from media.keys import Keys
from media.listener import Heard, Listener
from media.masking import mask
from media.recognition import Failed, Recognise, Recognised

TICK_S: Final = 0.1
"""How often time-outs are looked at."""

AGENT_PAUSE_S: Final = 0.25
"""How long nothing comes from an agent before its utterance counts as finished."""

BREATH: Final = RATE * 600 // 1_000
"""Samples of quiet after which an answer is over: "yes … but not before Monday" is no yes."""

FLUSH_S: Final = 3.0
"""How long a caller's last words may take to be cleared after the caller has gone."""

log = structlog.get_logger()


Latest = Callable[[Recognise], Recognise]
"""A job over what was heard since it was asked for, too."""


class Engine(Protocol):
    """Where recognition runs."""

    async def run(self, job: Recognise, latest: Latest | None = None) -> Recognised | Failed:
        """Do a job; a failure is an outcome, not an exception.

        `latest` is asked, when a worker is free for the job, for what it has become since.
        """


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every call: policy and time-outs."""

    actions: dict[Entity, Action]
    hold_bound_s: Seconds
    answer_timeout_s: Seconds
    agent_url: str
    hand_off_url: str | None
    keys: Keys


@dataclass(frozen=True, slots=True)
class Services:
    """What calls share."""

    engine: Engine
    ledger: Ledger
    vault: Vault
    prompts: Prompts
    make_agent: Callable[[str], AgentLeg]
    terms: Terms


@dataclass(frozen=True, slots=True)
class _Begun:
    """The call begins."""


@dataclass(frozen=True, slots=True)
class _Tick:
    """A moment has passed."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A recognition run came back, for the listener or inspector that asked for it."""

    asker: object
    outcome: Recognised | Failed


@dataclass(frozen=True, slots=True)
class _FromAgent:
    """Something that this agent leg did; one that was left behind is not listened to."""

    leg: AgentLeg
    event: Audio | Mark | Clear | Gone


@dataclass(slots=True)
class _Asking:
    """The consent dialogue under way."""

    dialogue: Dialogue = field(default_factory=Dialogue)
    listener: Listener = field(default_factory=Listener)
    keypad: Keypad = field(default_factory=Keypad)
    quiet_since: float = 0.0
    heard: Samples = 0
    said: list[Heard] = field(default_factory=list)
    """The phrases of an answer that may go on."""
    answers: list[dict[str, Any]] = field(default_factory=list)


class Call:
    """A call. `run` carries it from the first sample to the last entry; `hang_up` ends it early."""

    def __init__(self, call_id: str, leg: CallerLeg, services: Services) -> None:
        self.id = call_id
        self.leg = leg
        self.state = State.DIALLING
        self._services = services
        self._events = Broadcast()
        self._inbox: asyncio.Queue[Any] = asyncio.Queue(1_000)
        self._tasks: set[asyncio.Task[None]] = set()
        self._clock: Samples = 0
        self._asking: _Asking | None = None
        self._agent: AgentLeg | None = None
        self._playback: Playback | None = None
        self._agent_voice = Listener()
        self._agent_heard_at = 0.0
        self._inspector: Inspector | None = None
        self._floor = Floor()
        self._opened_at: Samples = 0
        self._oldest: Samples = 0
        self._told_hold_at: Samples = 0
        self._reason = ""
        self._outcome = "abandoned"

    def watch(self) -> AsyncIterator[Event]:
        """Yield the call's events, past and to come, until it has ended."""
        return self._events.subscribe()

    def hang_up(self, reason: str) -> None:
        """End the call as soon as what is under way is done."""
        self._spawn(self._inbox.put(Gone(reason)))

    async def run(self) -> None:
        """Carry the call through. Returns when it has ended and its legs are closed."""
        structlog.contextvars.bind_contextvars(call_id=self.id)
        telemetry.CALLS_ACTIVE.inc()
        self._publish(StateChanged(self.state, 0.0))
        try:
            await self._take(_Begun())
            self._spawn(self._pump(self.leg.events()))
            self._spawn(self._ticks())
            while self.state is not State.ENDED:
                await self._take(await self._inbox.get())
            await self._record("call.ended", {"reason": self._reason, "duration_s": self._now_s})
        except LedgerError:
            log.error("the ledger cannot be written; the call was ended")
            self._reason, self._outcome = "ledger failed", "failed"
        except Exception as error:
            log.error("call failed", error=type(error).__name__)
            self._reason, self._outcome = "internal error", "failed"
        finally:
            await self._close()

    async def _close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._close_agent()
        finally:
            await self.leg.hang_up()
        self.state = State.ENDED
        telemetry.CALLS_ACTIVE.dec()
        telemetry.CALLS.labels(self._outcome).inc()
        self._publish(Notice(self._reason or "The call has ended.", self._now_s))
        self._publish(StateChanged(self.state, self._now_s))
        self._events.end()

    # What comes in.

    async def _take(self, event: object) -> None:
        try:
            match event:
                case _Begun():
                    await self._record("call.started", {})
                case Audio(pcm):
                    await self._hear(pcm)
                case Key(digit):
                    await self._key(digit)
                case Gone(reason):
                    self._reason = self._reason or reason
                    await self._happen(Happening.HUNG_UP)
                case _FromAgent(leg, did) if leg is self._agent and self._playback is not None:
                    await self._agent_did(self._playback, did)
                case _Outcome(asker, outcome):
                    await self._recognised(asker, outcome)
                case _Tick():
                    await self._tick()
                case Happening():
                    await self._happen(event)
        except (LedgerError, VaultError):
            # What cannot be proven is not done.
            log.error("ledger or vault cannot be written; the call is closed")
            self._reason, self._outcome = "ledger failed", "failed"
            await self._happen(Happening.UNPROVABLE)

    async def _happen(self, happening: Happening) -> None:
        step = TABLE.get((self.state, happening))
        if step is None:
            return
        state, actions = step
        log.info("call", state=str(state), happening=str(happening))
        self.state = state
        if state is not State.ENDED:  # that is told when all is done
            self._publish(StateChanged(state, self._now_s))
        for action in actions:
            await getattr(self, f"_{action}")()

    async def _hear(self, pcm: Pcm) -> None:
        if self.state is State.DIALLING:
            await self._happen(Happening.ANSWERED)
        self._clock += len(pcm)
        if self.state is State.CONSENT and self._asking is not None:
            for digit in self._asking.keypad.feed(pcm):
                await self._key(digit)
            if self.state is State.CONSENT:
                self._asking.heard += len(pcm)
                for job in self._asking.listener.feed(pcm):
                    self._recognise(self._asking.listener, job)
                await self._weigh_answer(self._asking)
        elif self._inspector is not None:
            await self._pass_on(self._inspector, pcm)

    async def _pass_on(self, inspector: Inspector, pcm: Pcm) -> None:
        """Take what the caller says to the agent: that it begins, at once; the rest, inspected."""
        taken = self._floor.taken
        for started in self._floor.feed(pcm):
            self._speech_started(self._opened_at + started.at)
        telemetry.BARGE_INS.inc(int(self._floor.taken and not taken))
        await self._inspected(inspector, inspector.feed(pcm))

    async def _key(self, digit: str) -> None:
        if self.state is State.CONSENT:
            await self._answered(KEYS.get(digit, Answer.UNCLEAR), by="key", heard=digit)
        elif self._inspector is not None:
            await self._inspected(self._inspector, self._inspector.pressed(digit))

    async def _recognised(self, asker: object, outcome: Recognised | Failed) -> None:
        if asker is self._inspector and self._inspector is not None:
            await self._inspected(self._inspector, self._inspector.recognised(outcome))
        elif asker is self._agent_voice:
            for event in self._agent_voice.recognised(outcome):
                if isinstance(event, Heard):
                    self._agent_said(event)
                else:
                    self._recognise(self._agent_voice, event)
        elif self._asking is not None and asker is self._asking.listener:
            asking = self._asking
            for event in asking.listener.recognised(outcome):
                if not isinstance(event, Heard):
                    self._recognise(asking.listener, event)
                elif event.words or event.unsure:  # a cough is no answer
                    asking.said.append(event)
            await self._weigh_answer(asking)

    def _listen_to_agent(self, pcm: Pcm) -> None:
        for job in self._agent_voice.feed(pcm):
            self._recognise(self._agent_voice, job)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        if self._agent_heard_at and loop.time() - self._agent_heard_at > AGENT_PAUSE_S:
            # Agents send speech faster than real time, and nothing between two utterances.
            self._agent_heard_at = 0.0
            self._listen_to_agent(_silence(RATE // 2))
        if self.state is State.CLOSING and self.leg.unplayed() <= 0:
            await self._happen(Happening.PLAYED)
        asking = self._asking
        if self.state is State.CONSENT and asking is not None:
            now = loop.time()
            if self.leg.unplayed() > 0 or asking.listener.speaking:
                asking.quiet_since = now
            elif now - asking.quiet_since > self._services.terms.answer_timeout_s:
                asking.quiet_since = now
                await self._answered(Answer.SILENCE, by="nothing", heard="")

    # Consent.

    async def _ask(self) -> None:
        self._asking = _Asking(quiet_since=asyncio.get_running_loop().time())
        self._play(FIRST_PROMPT)
        self._publish(ConsentChanged("asked", self._now_s))

    async def _weigh_answer(self, asking: _Asking) -> None:
        """Take what was said as the answer: a refusal at once, all else when it is over."""
        if not asking.said:
            return
        said = " ".join(w.text.reveal() for heard in asking.said for w in heard.words)
        unsure = any(heard.unsure for heard in asking.said)
        answer = Answer.UNCLEAR if unsure else understand(said)
        if answer not in (Answer.NO, Answer.HUMAN) and (
            asking.listener.speaking or asking.heard - asking.said[-1].span.end < BREATH
        ):
            return
        if answer is Answer.UNCLEAR and self.leg.unplayed() > 0:
            asking.said.clear()
            return  # talk over the prompt that is no answer to it
        await self._answered(answer, by="voice", heard=kept(said))

    async def _answered(self, answer: Answer, *, by: str, heard: str) -> None:
        asking = self._asking
        if asking is None or asking.dialogue.over:
            return
        asking.answers.append(
            {"answer": str(answer), "by": by, "heard": heard, "at_s": self._now_s}
        )
        asking.said.clear()
        asking.quiet_since = asyncio.get_running_loop().time()
        prompt = asking.dialogue.answer(answer)
        outcome = asking.dialogue.state
        if asking.dialogue.over:
            await self._record_consent(asking)
        self._publish(ConsentChanged(str(outcome), self._now_s))
        self.leg.stop_playing()
        self._play(prompt)
        if outcome is Consent.GRANTED:
            await self._happen(Happening.GRANTED)
        elif asking.dialogue.over:
            self._reason, self._outcome = f"consent {outcome}", str(outcome)
            await self._happen(Happening.DENIED)

    async def _record_consent(self, asking: _Asking) -> None:
        prompts = self._services.prompts
        await self._record(
            "consent",
            {
                "outcome": str(asking.dialogue.state),
                "language": prompts.language,
                "script_version": prompts.version,
                "script_sha256": prompts[FIRST_PROMPT].sha256,
                "answers": asking.answers,
            },
        )

    async def _stop_listening(self) -> None:
        self._asking = None

    # The agent.

    async def _connect(self) -> None:
        self._asking = None
        self._reach(self._services.terms.agent_url)

    async def _hand_off(self) -> None:
        url = self._services.terms.hand_off_url
        if url is None:
            await self._happen(Happening.LOST)
            return
        self._play("hand_off")
        self._reach(url)

    def _reach(self, url: str) -> None:
        self._agent = self._services.make_agent(url)
        self._playback = Playback(self.leg, self._agent.send_mark)
        self._agent_voice = Listener()
        self._spawn(self._dial(self._agent))

    async def _dial(self, agent: AgentLeg) -> None:
        """Connect, then pass on what the agent does.

        The stream begins where the caller is once it is connected: what was said before, while
        nobody could hear it, is not kept.
        """
        self._opened_at = self._clock
        info = CallInfo(self.id, self._opened_at, {"hushgate_started_at_ms": self._at_ms()})
        try:
            await agent.connect(info)
        except AgentUnreachableError as error:
            log.warning("agent unreachable", why=str(error))
            await self._inbox.put(Happening.LOST)
            return
        await self._inbox.put(Happening.REACHED)
        async for event in agent.events():
            await self._inbox.put(_FromAgent(agent, event))

    def _at_ms(self) -> str:
        return str(round(1_000 * seconds(self._opened_at)))

    async def _open(self) -> None:
        """Let the caller through to the agent, inspected."""
        await self._record("agent.connected", {"handed_off": self.state is State.HANDED_OFF})
        terms = self._services.terms
        self._inspector = Inspector(terms.actions, samples(terms.hold_bound_s), terms.keys)
        self._floor = Floor()
        late = self._clock - self._opened_at
        if late:
            # The time that connecting took: silence keeps the agent's timeline whole.
            await self._pass_on(self._inspector, _silence(late))
        self.leg.open_video()
        self._outcome = "talked"

    def _speech_started(self, at: Samples) -> None:
        """Tell the agent that the caller has begun to speak, and stop what the caller hears."""
        if self._agent is not None and self._playback is not None:
            self._agent.send_speech_started(at)
            self._playback.drop()

    async def _agent_did(self, playback: Playback, event: Audio | Mark | Clear | Gone) -> None:
        match event:
            case Audio(pcm):
                if self._floor.hears(pcm) and self.state in TALKING:
                    playback.play(pcm)
                self._agent_heard_at = asyncio.get_running_loop().time()
                self._listen_to_agent(pcm)
            case Mark(name):
                playback.mark(name)
            case Clear():
                self._floor.clear()
                playback.drop()
            case Gone(reason):
                # An agent that closes the stream in order has hung up; one that breaks is lost.
                done = reason.startswith("agent closed the stream (code 1000)")
                self._publish(Notice(reason, self._now_s))
                await self._record("agent.gone", {"reason": reason})
                if done:
                    self._reason = self._reason or reason
                await self._happen(Happening.AGENT_DONE if done else Happening.LOST)

    def _agent_said(self, heard: Heard) -> None:
        if self._inspector is not None and heard.substantial:
            self._inspector.asked(heard.asks)
        if heard.words and heard.unsure is None:
            text, _ = mask(heard.words, heard.inspection.findings, lambda f: f"<{f.entity}>")
            at = max(0.0, round(self._now_s - seconds(len(heard.span)), 3))
            self._publish(Transcript("agent", text, at, self._now_s))

    async def _close_agent(self) -> None:
        """Stop the agent's stream; from here on nothing more reaches it."""
        self._inspector = None
        self.leg.close_video()
        if self._playback is not None:
            self._playback.forget()
        agent, self._agent, self._playback = self._agent, None, None
        if agent is not None:
            await agent.stop()

    async def _apologise(self) -> None:
        self._asking = None
        self._reason, self._outcome = self._reason or "the agent was lost", "failed"
        self.leg.stop_playing()
        self._play("agent_lost")

    async def _flush(self) -> None:
        """Clear the caller's last words for the agent, who is still there."""
        inspector = self._inspector
        if inspector is None:
            return
        await self._inspected(inspector, inspector.close())
        try:
            async with asyncio.timeout(FLUSH_S):
                while not inspector.done:
                    event = await self._inbox.get()
                    if isinstance(event, _Outcome) and event.asker is inspector:
                        await self._inspected(inspector, inspector.recognised(event.outcome))
        except TimeoutError:
            log.warning("the caller's last words were not cleared in time")

    # What the inspection decides.

    async def _inspected(self, inspector: Inspector, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case PhraseStarted():
                    self._agent_voice.forget()
                case Recognise():
                    self._recognise(inspector, command)
                case Release():
                    await self._release(command)
                case Said():
                    await self._said(command)
                case Pressed(key):
                    if self._agent is not None and self._services.terms.keys is Keys.PASS:
                        self._agent.send_key(key.reveal())
                case Typed(said):
                    await self._said(said, self._services.terms.keys)
                case Unsure(span, reason):
                    await self._record("silenced", {**self._times(span), "reason": reason})

    async def _release(self, release: Release) -> None:
        assert self._inspector is not None
        if self._agent is not None:
            self._agent.send_audio(release.pcm, self._opened_at + release.span.start)
        age = self._inspector.heard - release.span.start
        telemetry.HOLD_AGE.observe(seconds(age))
        for decision in release.decisions:
            if decision.action is not Action.PASS and decision.reason != "pause":
                reason = decision.reason.partition(":")[0]
                telemetry.SILENCED.labels(reason).inc(seconds(len(decision.span)))
        self._oldest = max(self._oldest, age)
        if self._clock - self._told_hold_at >= samples(0.2):
            self._publish(Held(round(seconds(self._oldest), 3), self._now_s))
            self._oldest, self._told_hold_at = 0, self._clock

    async def _said(self, said: Said, keys: Keys | None = None) -> None:
        """Keep and tell what was said; with `keys`, what was typed."""
        tokens = [
            await asyncio.to_thread(self._services.vault.put, self.id, f.entity, f.value)
            for f in said.findings
        ]
        given = iter(tokens)
        text, masked = mask(said.words, said.findings, lambda _: next(given))
        found: list[Found] = []
        for m in masked:
            entity = m.finding.entity
            action = keys.action if keys else self._services.terms.actions[entity]
            late = any(said.passed[m.finding.first : m.finding.last]) and action is not Action.PASS
            telemetry.FINDINGS.labels(entity).inc()
            times = self._times(m.span)
            await self._record(
                "finding",
                {
                    "entity": str(entity),
                    **times,
                    "score": round(m.finding.score, 3),
                    "rule": m.finding.reason,
                    "token": m.token,
                    "action": str(action),
                    "late": late,
                },
            )
            rule = m.finding.reason
            found.append(Found(entity, m.token, m.finding.score, action, **times, rule=rule))
        span = Span(said.words[0].span.start, said.words[-1].span.end)
        at = self._opened_at
        if self._agent is not None and keys is not Keys.SILENCE:
            self._agent.send_transcript(text, at + span.start, at + span.end)
        self._publish(Transcript("caller", text, **self._times(span)))
        for event in found:
            self._publish(event)

    def _times(self, span: Span) -> dict[str, float]:
        """Return a span of the inspection as seconds of the call."""
        at = self._opened_at
        start, end = seconds(at + span.start), seconds(at + span.end)
        return {"start_s": round(start, 3), "end_s": round(end, 3)}

    # Small things.

    @property
    def _now_s(self) -> Seconds:
        return round(seconds(self._clock), 3)

    def _play(self, prompt_id: str) -> None:
        self.leg.play(self._services.prompts[prompt_id].pcm)

    def _publish(self, event: Event) -> None:
        self._events.publish(event)

    async def _record(self, kind: str, body: dict[str, Any]) -> None:
        await asyncio.to_thread(self._services.ledger.append, self.id, kind, body)

    def _recognise(self, asker: object, job: Recognise) -> None:
        self._spawn(self._run_job(asker, job))

    async def _run_job(self, asker: object, job: Recognise) -> None:
        latest = asker.latest if isinstance(asker, Inspector) else None
        outcome = await self._services.engine.run(job, latest)
        await self._inbox.put(_Outcome(asker, outcome))

    async def _pump(self, events: AsyncIterator[Any]) -> None:
        async for event in events:
            await self._inbox.put(event)

    async def _ticks(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            await self._inbox.put(_Tick())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _silence(count: Samples) -> Pcm:
    return np.zeros(count, np.int16)
