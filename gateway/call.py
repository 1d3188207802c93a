"""One call, from the caller's first packet to the last ledger entry.

What it does is the table of `gateway.states`. Everything that happens comes through one queue, so
nothing runs beside anything else.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import structlog

from gateway import telemetry, words
from gateway.answers import KEYS, Answer, Demand
from gateway.asking import Asking
from gateway.broadcast import Broadcast
from gateway.consent import (
    DEMANDS,
    ERASES,
    OUTCOMES,
    SEALED_FOR,
    Consent,
    End,
    Outcome,
    Purpose,
)
from gateway.consent import State as Question
from gateway.demands import Demands
from gateway.engine.worker import Job
from gateway.engine.worker import Outcome as JobOutcome
from gateway.events import ConsentChanged, Event, Found, Notice, StateChanged, Transcript
from gateway.hand_off.case import Case, Closed, Ready, Reason, Waiting
from gateway.hand_off.hold import OnHold
from gateway.keeping import KeepingError
from gateway.ledger import LedgerError
from gateway.legs import (
    AgentEvent,
    AgentLeg,
    AgentUnreachableError,
    Audio,
    CallerLeg,
    CallInfo,
    Gone,
    Key,
    Transfer,
)
from gateway.passage import Passage
from gateway.services import Services
from gateway.states import TABLE, Happening, State
from gateway.traces import Trace
from gateway.vault import TokenBook, VaultError
from gateway.voice import Measure
from gateway.voice_check import VoiceCheck
from media.audio import Pcm, Samples, Seconds, samples, seconds
from media.clearance import Release
from media.inspector import Inspector, Said
from media.liveness.types import Scored

TICK_S: Final = 0.1
"""How often time-outs are looked at."""

FLUSH_S: Final = 3.0
"""How long a caller's last words may take to be cleared after the caller has gone."""

REMEMBERED: Final = 200
"""Pieces of transcript that whoever takes the call over may be told."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Begun:
    """The call begins."""


@dataclass(frozen=True, slots=True)
class _Tick:
    """A moment has passed."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A recognition run came back, for whoever asked for it."""

    asker: object
    outcome: JobOutcome


@dataclass(frozen=True, slots=True)
class _Reached:
    """The far end of this passage is connected."""

    passage: Passage
    far: Ready


@dataclass(frozen=True, slots=True)
class _FromFar:
    """Something that a far end did; one that was left behind is not listened to."""

    passage: Passage
    event: AgentEvent


@dataclass(frozen=True, slots=True)
class _Broken:
    """Something that runs beside the call has failed."""

    error: Exception


@dataclass(frozen=True, slots=True)
class _SentOff:
    """The gateway will not wait any longer for the call to end."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Demanded:
    """Somebody demands something from outside of the talk; what it withdrew is told."""

    demand: Demand
    by: str
    told: asyncio.Future[list[str] | None]


class Call:
    """A call. `run` carries it from the first sample to the last entry; `hang_up` ends it early.

    `tenant` is whose caller it is, where calls are told apart by that.
    """

    def __init__(
        self, call_id: str, leg: CallerLeg, services: Services, tenant: str | None = None
    ) -> None:
        self.id = call_id
        self.tenant = tenant
        self.leg = leg
        self.state = State.DIALLING
        self.clock: Samples = 0
        self.trace = Trace(services.tracer, call_id=call_id, tenant=tenant or "")
        self._services = services
        self._script = script = services.script
        purposes = services.terms.purposes - (frozenset() if leg.has_video else {Purpose.VIDEO})
        self._consent = Consent(script.steps, script.start, purposes, script.noticed)
        self._since = dt.datetime.now(dt.UTC)
        self._events = Broadcast()
        self._inbox: asyncio.Queue[Any] = asyncio.Queue(1_000)
        self._tasks: set[asyncio.Task[None]] = set()
        self._demands: set[asyncio.Future[list[str] | None]] = set()
        self._asking: Asking | None = None
        self._passage: Passage | None = None
        self._far: Ready | None = None
        self._keeper = services.keeper(call_id)
        self._transcript: deque[Transcript] = deque(maxlen=REMEMBERED)
        self._found: deque[Found] = deque(maxlen=REMEMBERED)
        self._heeding = Demands(script.language)
        self._check: VoiceCheck | None = None
        self._why = Reason.AGENT_LOST
        self._note = ""
        self._waiting: OnHold | None = None
        self._seeking: asyncio.Task[None] | None = None
        self._first_words: tuple[str, ...] = ("hand_off",)
        self._last_words: tuple[str, ...] = ("agent_lost",)
        self._reason = ""
        self._outcome = "abandoned"

    def watch(self) -> AsyncIterator[Event]:
        """Yield the call's events, past and to come, until it has ended."""
        return self._events.subscribe()

    def hang_up(self, reason: str) -> None:
        """End the call as soon as what is under way is done."""
        self._spawn(self._inbox.put(Gone(reason)))

    def send_off(self, reason: str) -> None:
        """End the call with a word to the caller."""
        self._spawn(self._inbox.put(_SentOff(reason)))

    async def demand(self, demand: Demand, by: str) -> list[str] | None:
        """Do what is demanded from outside of the talk; `by` is who did: "page", "operator".

        Returns what was withdrawn by it, or None when the call has ended.
        """
        if self.state is State.ENDED:
            return None
        told: asyncio.Future[list[str] | None] = asyncio.get_running_loop().create_future()
        self._demands.add(told)
        await self._inbox.put(_Demanded(demand, by, told))
        return await told

    def describe(self) -> dict[str, Any]:
        """Return what an operator sees of the call; no personal data."""
        return {
            "call_id": self.id,
            "tenant": self.tenant,
            "since": self._since.isoformat(timespec="seconds"),
            "state": self.state,
            "consent": self._purposes(),
            "voice": self._taken_for,
        }

    async def run(self) -> None:
        """Carry the call through. Returns when it has ended and its legs are closed."""
        structlog.contextvars.bind_contextvars(call_id=self.id, tenant=self.tenant)
        telemetry.CALLS_ACTIVE.inc()
        self.publish(StateChanged(self.state, 0.0))
        try:
            await self._through()
            await self.record("call.ended", {"reason": self._reason, "duration_s": self._now_s})
        except LedgerError:
            log.error("the ledger cannot be written; the call was ended")
            self._reason, self._outcome = "ledger failed", "failed"
        finally:
            await self._finish()

    async def _through(self) -> None:
        try:
            await self._take(_Begun())
            self._spawn(self._pump(self.leg.events()))
            self._spawn(self._ticks())
            while self.state is not State.ENDED:
                await self._take(await self._inbox.get())
        except Exception as error:
            log.error("call failed", error=type(error).__name__)
            self._reason, self._outcome = "internal error", "failed"

    async def _finish(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for end in (self._close, self.leg.hang_up):
            try:
                await end()
            except Exception as error:
                log.error("a leg was not closed in order", error=type(error).__name__)
        self._keeper.close()
        if self._check is not None:
            self._check.close()
        self.state = State.ENDED
        for told in self._demands:
            if not told.done():
                told.set_result(None)
        telemetry.CALLS_ACTIVE.dec()
        telemetry.CALLS.labels(self._outcome).inc()
        telemetry.CALL_TIME.observe(seconds(self.clock))
        self.trace.close(failed=self._outcome == "failed", outcome=self._outcome)
        self.publish(Notice(self._reason or "The call has ended.", self._now_s))
        self.publish(StateChanged(self.state, self._now_s))
        self._events.end()

    # What comes in.

    async def _take(self, event: object) -> None:
        try:
            match event:
                case _Begun():
                    await self.record("call.started", {"tenant": self.tenant})
                case Audio(pcm, coded):
                    await self._hear(pcm, coded)
                case Key(digit):
                    await self.pressed(digit)
                case Gone(reason):
                    self._reason = self._reason or reason
                    await self._happen(Happening.HUNG_UP)
                case _SentOff(reason) if self.state is not State.CLOSING:
                    self._reason = reason
                    self._last_words = words.STOPPING
                    await self._happen(Happening.SENT_OFF)
                case _Reached(passage, far) if passage is self._passage:
                    self._far = far
                    await self._happen(Happening.REACHED)
                case _FromFar(passage, did) if passage is self._passage:
                    await self._far_did(passage, did)
                case _Outcome(asker, outcome):
                    await self._came_back(asker, outcome)
                case _Tick():
                    await self._tick()
                case Waiting() if self.state is State.HANDING_OFF:
                    self._wait(event.position)
                case Closed(reason):
                    log.info("nobody takes the call", why=reason)
                    await self._happen(Happening.NOBODY)
                case _Demanded(demanded, by, told):
                    withdrawn = await self.demanded(demanded, by)
                    self._demands.discard(told)
                    if not told.done():
                        told.set_result(withdrawn)
                case _Broken(error):
                    raise error
        except (LedgerError, VaultError, KeepingError) as error:
            # What cannot be proven, or erased, is not done.
            log.error("ledger, vault or files cannot be written", error=type(error).__name__)
            await self._fail("ledger failed")
        except Exception as error:
            if self.state is State.CLOSING:
                raise
            log.error("call failed", exc_info=error)
            await self._fail("internal error")

    async def _fail(self, reason: str) -> None:
        """Stop what the agent gets, and say goodbye."""
        self._reason, self._outcome = reason, "failed"
        self._last_words = ("agent_lost",)
        await self._happen(Happening.FAILED)

    async def _happen(self, happening: Happening) -> None:
        step = TABLE.get((self.state, happening))
        if step is None:
            return
        state, actions = step
        log.info("call", state=str(state), happening=str(happening))
        self.state = state
        if state is not State.ENDED:  # that is told when all is done
            self.publish(StateChanged(state, self._now_s))
        for action in actions:
            await getattr(self, f"_{action}")()

    async def _hear(self, pcm: Pcm, coded: bytes | None) -> None:
        if self.state is State.DIALLING:
            await self._happen(Happening.ANSWERED)
        self.clock += len(pcm)
        if self._asking is not None:
            asking = self._asking
            for digit in asking.sounded(pcm):
                await self._answered(KEYS.get(digit, Answer.UNCLEAR), by="key", heard=digit)
            if asking is self._asking:
                for job in asking.feed(pcm):
                    self.recognise(asking, job)
                await self._weigh_answer(asking)
            return
        if self._check is not None:
            await self._check.hear(pcm)
        if self._passage is not None:
            await self._passage.hear(pcm, coded)

    async def _came_back(self, asker: object, outcome: JobOutcome) -> None:
        if self._check is not None:
            await self._check.came_back(asker, outcome)
        asking = self._asking if asker is self._asking else None
        if asking is not None and not isinstance(outcome, Scored):
            for job in asking.recognised(outcome):
                self.recognise(asking, job)
            await self._weigh_answer(asking)
        elif self._passage is not None:
            await self._passage.came_back(asker, outcome)

    async def pressed(self, digit: str) -> None:
        """Take a key that came as an event: an answer, or one for whoever the caller talks to."""
        if self._asking is not None:
            if self._asking.pressed(digit):
                await self._answered(KEYS.get(digit, Answer.UNCLEAR), by="key", heard=digit)
        elif self._passage is not None:
            await self._passage.pressed(digit)

    async def typed(self, digit: str) -> bool:
        """Listen to the keys pressed in the talk; tell whether this one completes a demand."""
        demanded = self._heeding.typed(digit, self.clock)
        return demanded is not None and bool(await self.demanded(demanded, "key"))

    async def said(self, said: Said) -> None:
        """Listen to what the caller says to the agent, for what it demands of the call."""
        demanded = self._heeding.said(said)
        if demanded is not None:
            await self.demanded(demanded, "voice")

    async def _tick(self) -> None:
        if self._passage is not None:
            self._passage.tick()
        if self._waiting is not None:
            self._waiting.tick(self._now_s)
        if self._check is not None:
            await self._check.tick()
        if self.state is State.CLOSING and self.leg.unplayed() <= 0:
            await self._happen(Happening.PLAYED)
        playing = self.leg.unplayed() > 0
        timeout = self._services.terms.answer_timeout_s
        if self._asking is not None and self._asking.silent(_now(), timeout, playing=playing):
            await self._answered(Answer.SILENCE, by="nothing", heard="")

    # Consent.

    async def _ask(self) -> None:
        self.trace.begin("consent", place=self._script.place, language=self._script.language)
        self._asking = Asking(self._consent, self._script.language, _now())
        if self._consent.over:  # nothing to be asked for
            await self._decided(Question.GRANTED)
            return
        self._play(*self._script.notices, self._consent.prompt)
        self._tell_consent("asked")

    async def _stop_asking(self) -> None:
        self._asking = None

    async def _weigh_answer(self, asking: Asking) -> None:
        weighed = asking.spoken(playing=self.leg.unplayed() > 0)
        if weighed is not None:
            told = {"heard": weighed.heard, "confidence": weighed.confidence}
            if weighed.by_sound:
                told["known_by"] = "sound"
            await self._answered(weighed.answer, by="voice", **told)

    async def _answered(self, answer: Answer, **told: Any) -> None:
        asking = self._asking
        if asking is None or self._consent.over:
            return
        state = asking.answer(answer, self._now_s, _now(), **told)
        self.leg.stop_playing()
        if self._consent.over:
            await self._decided(state)
        else:
            self._play(self._consent.prompt)
            self._tell_consent("asked" if state in OUTCOMES else state)

    async def _decided(self, state: Question) -> None:
        """Nothing more is asked: write it down, then open what may be opened, or say goodbye."""
        assert self._asking is not None
        consent = self._consent
        await self.record(
            "consent",
            {
                "place": self._script.place,
                "language": self._script.language,
                "script": self._script.title,
                "script_sha256": self._script.version,
                "basis": list(self._script.basis),
                "purposes": self._purposes(),
                "answers": self._asking.answers,
            },
        )
        if Purpose.BIOMETRIC in consent.open:
            await self.record("voice.check", {"at_s": self._now_s})
            services = self._services
            self._check = VoiceCheck(self, services.terms, services.models, self._script)
        granted = Purpose.AGENT in consent.open
        asked = Purpose.AGENT in consent.outcomes
        wants = consent.at == End.OPEN and (granted or not asked)
        outcome = Question.GRANTED if wants else state
        self._tell_consent(outcome)
        self._outcome = str(outcome)
        self.trace.end("consent", outcome=self._outcome)
        if wants and granted:
            self._play("granted" if state is Question.GRANTED else "all_right")
            await self._happen(Happening.GRANTED)
        elif consent.at == End.CLOSE:
            self._reason = f"consent {state}"
            self._last_words = words.LAST[state]
            await self._happen(Happening.DENIED)
        else:
            why = Reason.REFUSED if asked else Reason.NO_AGENT
            await self._transfer(Reason.WANTS_A_HUMAN if state is Question.HUMAN else why, state)

    async def demanded(self, demanded: Demand, by: str) -> list[str]:
        """Close what a demand withdraws, erase what may not be kept, and let the caller know."""
        if self._asking is not None and demanded is Demand.HUMAN:
            await self._answered(Answer.HUMAN, by=by, heard="")
            return []
        question, asking = self._consent.at, self._asking is not None
        withdrawn = self._consent.withdraw(DEMANDS[demanded])
        purposes = sorted(str(purpose) for purpose in withdrawn)
        leaves = Purpose.AGENT in withdrawn and not (self._far and self._far.person)
        if leaves:
            await self._close()  # before anything that takes time
        if withdrawn:
            if Purpose.VIDEO in withdrawn:
                self.leg.close_video()
            if Purpose.BIOMETRIC in withdrawn:
                self._check = None
                if self._passage is not None:
                    self._passage.resume()
            erased = await self._erase(withdrawn)
            body = {"demand": str(demanded), "by": by, "purposes": purposes, "erased": erased}
            await self.record("consent.withdrawn", {**body, "at_s": self._now_s})
            self._tell_consent("withdrawn")
        if asking:
            await self._asked_less(question)
        elif leaves:
            human = Reason.OPERATOR if by == "operator" else Reason.WANTS_A_HUMAN
            await self._transfer(human if demanded is Demand.HUMAN else Reason.WITHDRAWN)
        elif withdrawn and self._passage is not None:
            self._passage.far.send_consent(self._purposes())
            for prompt_id in words.CONFIRMED[demanded]:
                self._passage.announce(self._script.prompts[prompt_id].pcm)
        elif withdrawn and self.state is State.HANDING_OFF:
            self.leg.stop_playing()
            self._play(*words.CONFIRMED[demanded])
        return purposes

    async def _asked_less(self, question: str) -> None:
        """Go on with the questions after a withdrawal, when there were any left."""
        if self._consent.over:
            self.leg.stop_playing()
            await self._decided(Question.REFUSED)
        elif self._consent.at != question:
            self.leg.stop_playing()
            self._play(self._consent.prompt)
            self._tell_consent("asked")

    async def _erase(self, withdrawn: frozenset[Purpose]) -> list[str]:
        kept = await asyncio.to_thread(self._keeper.erase, withdrawn)
        erased = [ERASES[purpose] for purpose in kept]
        if withdrawn & SEALED_FOR:
            await asyncio.to_thread(self._services.vault.erase, self.id)
            erased.append("vault")
        return erased

    def _tell_consent(self, outcome: str) -> None:
        self.publish(ConsentChanged(str(outcome), self._now_s, self._purposes()))

    def _purposes(self) -> dict[str, str]:
        return {str(purpose): str(o) for purpose, o in self._consent.outcomes.items()}

    # The caller's voice.

    async def measured(self, measure: Measure) -> None:
        """Hand the caller off, or end the call, because no person may be speaking."""
        match measure:
            case Measure.HAND_OFF:
                await self._transfer(Reason.SYNTHETIC_VOICE)
            case Measure.END:
                self._reason = str(Reason.SYNTHETIC_VOICE)
                self._last_words = words.BARRED
                await self._happen(Happening.BARRED)

    @property
    def agent(self) -> Passage | None:
        """The passage to an AI agent, if the caller is through to one."""
        through = self._far is not None and not self._far.person
        return self._passage if through else None

    @property
    def _taken_for(self) -> str:
        return str(self._check.verdict) if self._check is not None else ""

    # The far end.

    async def _connect(self) -> None:
        url = self._services.terms.agent_url
        assert url is not None
        self._spawn(self._dial_agent(self._services.make_agent(url)))

    async def _dial_agent(self, agent: AgentLeg) -> None:
        passage = await self._dial(Ready(agent, inspect=True, person=False))
        if passage is not None:
            await self._inbox.put(_FromFar(passage, Gone("the agent cannot be reached")))

    async def _dial(self, far: Ready) -> Passage | None:
        """Connect, then pass on what the far end does; return the passage if that failed."""
        services = self._services
        # Who has withdrawn it leaves no value behind, even where a person hears inspected sound.
        tokens = services.vault if SEALED_FOR & self._consent.open else TokenBook()
        looked_at = not far.person and services.models.models.liveness is not None
        judge = services.models if looked_at else None
        passage = self._passage = Passage(self, far.leg, services.terms, tokens, judge)
        self.trace.begin("connect", person=far.person, inspected=far.inspect)
        info = CallInfo(
            self.id,
            passage.began,
            {
                "hushgate_started_at_ms": str(round(1_000 * seconds(passage.began))),
                "hushgate_consent": ",".join(sorted(self._consent.open)),
            },
        )
        try:
            await far.leg.connect(info)
        except AgentUnreachableError as error:
            log.warning("agent unreachable", why=str(error))
            self.trace.end("connect", reached=False)
            return passage
        self.trace.end("connect", reached=True)
        await self._inbox.put(_Reached(passage, far))
        async for event in far.leg.events():
            await self._inbox.put(_FromFar(passage, event))
        return None

    async def _open(self) -> None:
        """Let the caller through."""
        assert self._passage is not None and self._far is not None
        handed_off, far = self.state is State.HANDED_OFF, self._far
        # Who agreed to talk to an AI knows that one speaks; who was promised a colleague does not.
        asked = self._consent.outcomes.get(Purpose.AGENT) is Outcome.GRANTED and not handed_off
        disclosed = "" if far.person else "question" if asked else "announcement"
        await self.record(
            "agent.connected",
            {
                "handed_off": handed_off,
                "inspected": far.inspect,
                "person": far.person,
                "disclosed": disclosed,
            },
        )
        await self._keep(self._keeper.open, self._consent.open)
        self.trace.end("hand_off", taken=True)
        if handed_off and self._waiting is not None:
            self.leg.stop_playing()
        self._waiting = None
        self._reason = ""  # that it came here is not why it ends
        terms = self._services.terms
        bound = samples(terms.hold_bound_s)
        inspector = Inspector(terms.actions, bound, terms.keys) if far.inspect else None
        await self._passage.open(inspector)
        if disclosed == "announcement":
            self._passage.announce(self._script.prompts["agent_synthetic"].pcm)
        if Purpose.VIDEO in self._consent.open:
            self.leg.open_video()
        self._outcome = "talked"
        if self._check is not None:
            await self._check.reached()

    async def _far_did(self, passage: Passage, event: AgentEvent) -> None:
        match event:
            case Gone(reason, hung_up):
                self.publish(Notice(reason, self._now_s))
                await self.record("agent.gone", {"reason": reason})
                self._why, self._note = Reason.AGENT_LOST, ""
                if hung_up:
                    self._reason = self._reason or reason
                else:
                    there = self.state is State.HANDED_OFF
                    self._first_words = ("hand_off",)
                    self._last_words = words.NOBODY if there else words.LAST[Reason.AGENT_LOST]
                await self._happen(Happening.DONE if hung_up else Happening.LOST)
            case Transfer(note):
                await self._transfer(Reason.AGENT_ASKED, note=note)
            case _:
                await passage.far_did(event)

    async def _close(self) -> None:
        """End what the caller is through to; from here on nothing more reaches it."""
        self.leg.close_video()
        passage, self._passage, self._far = self._passage, None, None
        if passage is not None:
            await passage.stop()

    # Hand-off.

    async def _transfer(
        self, why: Reason, question: Question | None = None, *, note: str = ""
    ) -> None:
        self._why, self._note = why, note
        self._reason = f"consent {question}" if question else str(why)
        said = words.FIRST.get(question or why) or words.FIRST.get(why)
        self._first_words = said or ("hand_off",)
        self._last_words = words.LAST.get(question or why, words.NOBODY)
        await self._happen(Happening.TRANSFER)

    async def _hand_off(self) -> None:
        kept = Purpose.TRANSCRIBE in self._consent.open
        case = Case(
            self.id,
            self._why,
            self._since,
            self._script.language,
            self._purposes(),
            tuple(self._transcript) if kept else (),
            tuple(self._found) if kept else (),
            self._note,
            self._taken_for,
        )
        if self._seeking is not None:
            self._seeking.cancel()
        await self.record("hand_off", {"reason": str(self._why)})
        self.trace.begin("hand_off", reason=str(self._why))
        telemetry.HAND_OFFS.labels(str(self._why)).inc()
        self.leg.stop_playing()
        self._seeking = self._spawn(self._seek(case))

    def _wait(self, position: int | None) -> None:
        if self._waiting is None:
            prompts = self._script.prompts
            self._waiting = OnHold(self.leg, lambda name: prompts[name].pcm, self._script.music)
        self._waiting.moved(position)

    async def _seek(self, case: Case) -> None:
        told = False
        async with aclosing(self._services.hand_off.steps(case)) as steps:
            async for step in steps:
                if not told and not isinstance(step, Closed):
                    told = True
                    self._play(*self._first_words)
                if not isinstance(step, Ready):
                    await self._inbox.put(step)
                elif await self._dial(step) is None:
                    return

    async def _dismiss(self) -> None:
        if self._seeking is not None:
            self._seeking.cancel()
        self.trace.end("hand_off", taken=False)
        self._waiting = None
        self.leg.stop_playing()
        self._play(*words.goodbye(self._last_words, self._services.terms.callback_number))

    async def _flush(self) -> None:
        """Clear the caller's last words for the agent, who is still there."""
        passage = self._passage
        inspector = passage.inspector if passage else None
        if passage is None or inspector is None:
            return
        await passage.inspected(inspector.close())
        try:
            async with asyncio.timeout(FLUSH_S):
                while not inspector.done:
                    event = await self._inbox.get()
                    if isinstance(event, _Outcome) and event.asker is inspector:
                        await passage.came_back(inspector, event.outcome)
        except TimeoutError:
            log.warning("the caller's last words were not cleared in time")

    # What passages ask for, and small things.

    @property
    def _now_s(self) -> Seconds:
        return round(seconds(self.clock), 3)

    async def keep(self, what: Release | Transcript) -> None:
        """Keep what was let through, as far as the caller consented."""
        if isinstance(what, Transcript):
            self._transcript.append(what)
        await self._keep(self._keeper.add, what)

    async def _keep(self, how: Callable[[Any], None], what: object) -> None:
        try:
            await asyncio.to_thread(how, what)
        except KeepingError as error:
            log.error("the call is not kept any more", why=str(error))
            self._keeper.close()
            self.publish(Notice("The call cannot be kept.", self._now_s))
            await self.record("keeping.failed", {"at_s": self._now_s})

    def publish(self, event: Event) -> None:
        """Tell those who watch."""
        if isinstance(event, Found):
            self._found.append(event)
        self._events.publish(event)

    async def record(self, kind: str, body: dict[str, Any]) -> None:
        """Write to the ledger."""
        signed = self._services.models.signed(kind, body)
        await asyncio.to_thread(self._services.ledger.append, self.id, kind, signed)

    def recognise(self, asker: object, job: Job) -> None:
        """Have a job done; its outcome comes back to the asker."""
        self._spawn(self._run_job(asker, job))

    async def _run_job(self, asker: object, job: Job) -> None:
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

    def _play(self, *prompt_ids: str) -> None:
        for prompt_id in prompt_ids:
            self.leg.play(self._script.prompts[prompt_id].pcm)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            await self._inbox.put(_Broken(error))


def _now() -> Seconds:
    return asyncio.get_running_loop().time()
