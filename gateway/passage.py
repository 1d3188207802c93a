"""The caller and one far end, an agent or a person, through to each other.

What the caller says goes to an agent as the inspection clears it, and to a person directly, unless
policy wants it inspected too. What the far end says is played to the caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np

from gateway import telemetry
from gateway.engine.worker import Job, Outcome
from gateway.events import Event, Found, Held, Transcript
from gateway.legs import AgentLeg, Audio, CallerLeg, Clear, Mark
from gateway.playback import Live, Playback
from gateway.services import Terms
from gateway.traces import Phrases, Trace
from gateway.vault import Tokens
from media.activity import PhraseStarted
from media.audio import RATE, Pcm, Samples, Span, samples, seconds
from media.clearance import Action, Release
from media.floor import Floor
from media.inspector import Command, Inspector, Pressed, Said, Typed, Unsure
from media.keys import Keys
from media.listener import Heard, Listener
from media.liveness.liveness import Liveness
from media.liveness.types import Assessment, Judge, Score, Scored, VoiceChanged
from media.masking import mask
from media.recognition import Failed, Recognise, Recognised

PAUSE_S: Final = 0.25
"""How long nothing comes from an agent before its utterance counts as finished."""

KNOWN_S: Final = 6.0
"""How much an agent must have said until it is written down what its voice is taken for."""


class Host(Protocol):
    """What a passage asks of its call."""

    id: str
    leg: CallerLeg
    trace: Trace

    @property
    def clock(self) -> Samples:
        """How much of the caller was heard."""

    def recognise(self, asker: object, job: Job) -> None:
        """Have a job done; its outcome comes back to the asker."""

    def publish(self, event: Event) -> None:
        """Tell those who watch."""

    async def record(self, kind: str, body: dict[str, Any]) -> None:
        """Write to the ledger."""

    async def keep(self, what: Release | Transcript) -> None:
        """Keep what was let through, as far as the caller consented."""

    async def typed(self, digit: str) -> bool:
        """Listen to a key; tell whether it was meant for the gateway."""

    async def said(self, said: Said) -> None:
        """Listen to what the caller said, for what it may demand of the call."""


class Passage:
    """What connects one far end; `open` lets the caller through, `stop` ends it for good.

    Args:
        host: the call.
        far: the far end's leg, not yet connected.
        terms: what becomes of each entity, and of keys.
        tokens: where findings get their tokens.
        judge: what the liveness model's answers mean, to look at the far end's voice with. None for
            a person, whom nobody has asked.

    The far end's stream begins where the caller is now: what is said until it is connected, while
    nobody could hear it, is not kept, its time is silence.
    """

    def __init__(
        self, host: Host, far: AgentLeg, terms: Terms, tokens: Tokens, judge: Judge | None = None
    ) -> None:
        self.far = far
        self.began: Samples = host.clock
        self.inspector: Inspector | None = None
        self._host = host
        self._terms = terms
        self._tokens = tokens
        self._playback = Playback(host.leg, far.send_mark)
        self._live = Live(host.leg)
        self._voice = Listener()
        self._alive = Liveness(judge) if judge is not None else None
        self._voice_at = 0.0
        self._floor = Floor()
        self._phrases = Phrases(host.trace)
        self._open = False
        self._direct = False
        self._paused = False
        self._announced: Samples = 0
        self._oldest: Samples = 0
        self._told_hold_at: Samples = 0

    async def open(self, inspector: Inspector | None) -> None:
        """Let the caller through: by way of the inspection, or directly to a person."""
        self.inspector, self._open, self._direct = inspector, True, inspector is None
        late = self._host.clock - self.began
        if late:
            await self.hear(np.zeros(late, np.int16))

    async def hear(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Take what the caller says, and the Opus packet that it was, if it was one."""
        if not self._open:
            return
        if self._paused:
            pcm, coded = np.zeros_like(pcm), None
        if self.inspector is None:
            self.far.send_audio(pcm, self._host.clock - len(pcm), coded)
            return
        taken = self._floor.taken
        for started in self._floor.feed(pcm):
            # That the caller speaks is told at once, and stops what the caller hears.
            self.far.send_speech_started(self.began + started.at)
            self._interrupt()
        telemetry.BARGE_INS.inc(int(self._floor.taken and not taken))
        await self.inspected(self.inspector.feed(pcm))

    async def pressed(self, digit: str) -> None:
        """Take a key that came as an event."""
        if self._paused:
            return
        if self.inspector is not None:
            await self.inspected(self.inspector.pressed(digit))
        elif self._open:
            await self._typed(digit)

    async def came_back(self, asker: object, outcome: Outcome) -> None:
        """Take what became of a job, if it was asked for here."""
        match outcome:
            case Scored() | Failed() if asker is self._alive and self._alive is not None:
                await self._weigh(self._alive.scored(outcome))
            case Recognised() | Failed() if asker is self.inspector and self.inspector is not None:
                self._phrases.came_back(outcome)
                await self.inspected(self.inspector.recognised(outcome))
            case Recognised() | Failed() if asker is self._voice:
                for event in self._voice.recognised(outcome):
                    if isinstance(event, Heard):
                        await self._far_said(event)
                    else:
                        self._host.recognise(self._voice, event)

    async def far_did(self, event: Audio | Mark | Clear) -> None:
        """Take what the far end does."""
        match event:
            case Audio() if self._paused:
                pass
            case Audio(pcm, coded) if self._direct:
                if not self._announcing:
                    self._live.play(pcm, coded)
            case Audio(pcm):
                if self._floor.hears(pcm) and self._open:
                    self._playback.play(pcm)
                self._voice_at = asyncio.get_running_loop().time()
                self._listen(pcm)
                if self._alive is not None:
                    await self._weigh(self._alive.feed(pcm))
            case Mark(name):
                self._playback.mark(name)
            case Clear():
                self._floor.clear()
                self._interrupt()

    def pause(self) -> None:
        """Keep both sides from hearing each other until `resume`: the caller talks to the gateway.

        The far end hears silence, and what the far end says meanwhile is not played later.
        """
        self._paused = True
        self._playback.drop()

    def resume(self) -> None:
        """Let both sides hear each other again."""
        self._paused = False

    def announce(self, pcm: Pcm) -> None:
        """Say something to the caller in place of the far end; neither of them cuts it short."""
        self._playback.drop()
        self._host.leg.play(pcm)
        self._announced = self._host.clock + len(pcm)

    @property
    def _announcing(self) -> bool:
        return self._host.clock < self._announced

    def _interrupt(self) -> None:
        if not self._announcing:
            self._playback.drop()

    def tick(self) -> None:
        """Notice that the far end pauses: agents send faster than real time, and no silence."""
        now = asyncio.get_running_loop().time()
        if self._voice_at and now - self._voice_at > PAUSE_S:
            self._voice_at = 0.0
            self._listen(np.zeros(RATE // 2, np.int16))

    async def stop(self) -> None:
        """End the far end's stream; from here on nothing more reaches it."""
        self.inspector, self._open = None, False
        self._phrases.stop()
        self._playback.forget()
        await self.far.stop()

    def _listen(self, pcm: Pcm) -> None:
        for job in self._voice.feed(pcm):
            self._host.recognise(self._voice, job)

    async def _weigh(self, events: Sequence[Score | Assessment | VoiceChanged]) -> None:
        """Write down, once, what the far end's voice is taken for."""
        for event in events:
            if isinstance(event, Score):
                self._host.recognise(self._alive, event)
            elif isinstance(event, Assessment) and event.speech_s >= KNOWN_S:
                self._alive = None
                verdict = {"verdict": str(event.verdict), "score": event.score}
                await self._host.record("agent.voice", {**verdict, "speech_s": event.speech_s})
                return

    async def _far_said(self, heard: Heard) -> None:
        if self.inspector is not None and heard.substantial:
            self.inspector.asked(heard.asks)
        if heard.words and heard.unsure is None:
            text, _ = mask(heard.words, heard.inspection.findings, lambda f: f"<{f.entity}>")
            now = seconds(self._host.clock)
            start = max(0.0, now - seconds(len(heard.span)))
            words = Transcript("agent", text, round(start, 3), round(now, 3))
            self._host.publish(words)
            await self._host.keep(words)

    # What the inspection decides.

    async def inspected(self, commands: list[Command]) -> None:
        """Carry out what the inspection decided, as long as the passage is open."""
        for command in commands:
            if not self._open:
                return
            self._phrases.follow(command)
            match command:
                case PhraseStarted():
                    self._voice.forget()
                case Recognise():
                    self._host.recognise(self.inspector, command)
                case Release():
                    await self._release(command)
                case Said():
                    await self._said(command)
                case Pressed(key):
                    await self._typed(key.reveal())
                case Typed(said):
                    await self._said(said, self._terms.keys)
                case Unsure(span, reason):
                    await self._host.record("silenced", {**self._times(span), "reason": reason})

    async def _release(self, release: Release) -> None:
        assert self.inspector is not None
        self.far.send_audio(release.pcm, self.began + release.span.start)
        age = self.inspector.heard - release.span.start
        telemetry.HOLD_AGE.observe(seconds(age))
        for decision in release.decisions:
            if decision.action is not Action.PASS and decision.reason != "pause":
                reason = decision.reason.partition(":")[0]
                telemetry.SILENCED.labels(reason).inc(seconds(len(decision.span)))
        self._oldest = max(self._oldest, age)
        clock = self._host.clock
        if clock - self._told_hold_at >= samples(0.2):
            now = round(seconds(clock), 3)
            self._host.publish(Held(round(seconds(self._oldest), 3), now))
            self._oldest, self._told_hold_at = 0, clock
        await self._host.keep(release)

    async def _typed(self, digit: str) -> None:
        if not await self._host.typed(digit) and self._terms.keys is Keys.PASS:
            self.far.send_key(digit)

    async def _said(self, said: Said, keys: Keys | None = None) -> None:
        """Keep and tell what was said; with `keys`, what was typed."""
        tokens = [
            await asyncio.to_thread(self._tokens.put, self._host.id, f.entity, f.value)
            for f in said.findings
        ]
        given = iter(tokens)
        text, masked = mask(said.words, said.findings, lambda _: next(given))
        found: list[Found] = []
        for m in masked:
            entity = m.finding.entity
            action = keys.action if keys else self._terms.actions[entity]
            late = any(said.passed[m.finding.first : m.finding.last]) and action is not Action.PASS
            telemetry.FINDINGS.labels(entity).inc()
            times = self._times(m.span)
            await self._host.record(
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
        if keys is not Keys.SILENCE:
            self.far.send_transcript(text, self.began + span.start, self.began + span.end)
        words = Transcript("caller", text, **self._times(span))
        self._host.publish(words)
        for event in found:
            self._host.publish(event)
        await self._host.keep(words)
        if keys is None:
            await self._host.said(said)

    def _times(self, span: Span) -> dict[str, float]:
        """Return a span of the inspection as seconds of the call."""
        start, end = seconds(self.began + span.start), seconds(self.began + span.end)
        return {"start_s": round(start, 3), "end_s": round(end, 3)}
