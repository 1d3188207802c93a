"""Legs and an engine in memory, so that a call is quick and the same every time.

The caller's time runs as fast as the call takes it. What is "recognised" is what was planted: an
utterance carries its words, and the engine finds it again by its samples.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from gateway.engine.worker import Job, Outcome
from gateway.legs import (
    AgentEvent,
    AgentUnreachableError,
    Audio,
    CallerEvent,
    CallInfo,
    Gone,
    Key,
)
from gateway.recordings import read_mono
from media.audio import FRAME, RATE, Pcm, Samples, Seconds, Span, samples, seconds
from media.entities.types import Entity, Finding, Inspection, Word
from media.liveness.types import Assessment, Score, Scored
from media.recognition import Failed, Recognise, Recognised
from media.sensitive import Sensitive

AUDIO = Path(__file__).resolve().parents[2] / "fixtures" / "audio"


@dataclass(frozen=True)
class Utterance:
    """Sound, and the words in it: text, place in the sound, entity."""

    pcm: Pcm
    words: tuple[tuple[str, Span, Entity | None], ...]
    asks: frozenset[Entity] = frozenset()
    """What the words ask the other side for."""

    def spans(self, *, personal: bool) -> list[Span]:
        return [span for _, span, entity in self.words if (entity is not None) == personal]


def turn(name: str) -> Utterance:
    """Return a turn of the recorded caller: `t1` to `t5`."""
    listed = yaml.safe_load((AUDIO / "caller" / "turns.yaml").read_text())["turns"]
    (found,) = (t for t in listed if t["file"] == f"{name}.wav")
    words = tuple(
        (
            w["word"],
            Span(samples(w["start_s"]), samples(w["end_s"])),
            Entity(w["entity"]) if w["entity"] else None,
        )
        for w in found["words"]
    )
    return Utterance(read_mono(AUDIO / "caller" / f"{name}.wav"), words)


def answer(name: str, text: str) -> Utterance:
    """Return an answer to the consent prompt; its sound may be taken for other words."""
    pcm = read_mono(AUDIO / "answers" / f"{name}.wav")
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > 600)
    pcm = pcm[loud[0] : loud[-1]]
    loud = loud - loud[0]
    texts = text.split()
    edges = np.linspace(loud[0], loud[-1], len(texts) + 1).astype(int).tolist()
    spans = [Span(a, b) for a, b in pairwise(edges)]
    return Utterance(pcm, tuple((t, s, None) for t, s in zip(texts, spans, strict=True)))


class Engine:
    """Recognise what was planted. `mode` makes it fail, or never answer; voices score `logit`."""

    def __init__(self) -> None:
        self.planted: list[Utterance] = []
        self.mode = "works"
        self.jobs: list[Recognise] = []
        self.scores: list[Score] = []
        self.logit = -5.0
        self._entities: dict[tuple[str, Span], Entity | None] = {}

    async def run(self, job: Job, latest: Any = None) -> Outcome:
        if isinstance(job, Score):
            self.scores.append(job)
            return Scored(job.id, self.logit, 0.0)
        self.jobs.append(job)
        if self.mode == "hangs":
            await asyncio.Event().wait()
        if self.mode == "fails":
            await asyncio.sleep(0.002)  # what replacing a worker takes, in the caller's quick time
            return Failed(job.id, "died")
        found, asks = self._words(job)
        words = job.context + tuple(w for w in found if w.middle >= job.cursor)
        inspection = Inspection(tuple(self._findings(words)), len(words))
        return Recognised(job.id, words, len(job.context), inspection, inspection, None, asks)

    def _words(self, job: Recognise) -> tuple[list[Word], frozenset[Entity]]:
        loudest = int(np.argmax(np.abs(job.pcm.astype(int))))
        first = min(max(0, loudest - 40), max(0, len(job.pcm) - 80))
        probe = job.pcm[first : first + 80].tobytes()
        for utterance in self.planted:
            at = utterance.pcm.tobytes().find(probe)
            if at >= 0:
                start = job.at + first - at // 2
                words = [
                    self._word(text, Span(start + span.start, start + span.end), entity)
                    for text, span, entity in utterance.words
                    if job.span.start <= start + (span.start + span.end) // 2 < job.span.end
                ]
                return words, utterance.asks
        return [], frozenset()

    def _word(self, text: str, span: Span, entity: Entity | None) -> Word:
        self._entities[text, span] = entity
        return Word(Sensitive(text), span)

    def _findings(self, words: tuple[Word, ...]) -> list[Finding]:
        kinds = [self._entities[w.text.reveal(), w.span] for w in words]
        findings: list[Finding] = []
        first = 0
        for i in range(1, len(words) + 1):
            if i == len(words) or kinds[i] is not kinds[first]:
                entity = kinds[first]
                if entity is not None:
                    value = " ".join(w.text.reveal() for w in words[first:i])
                    findings.append(Finding(entity, first, i, 0.9, "planted", Sensitive(value)))
                first = i
        return findings


class FakeCaller:
    """A caller who is silent, but for what `say` and `press` queue."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._saying: deque[Pcm | str] = deque()
        self._queue: Pcm = np.zeros(0, np.int16)
        self._heard: list[Pcm] = []
        self._gone: str | None = None
        self._sent: list[Pcm] = []
        self.clock: Samples = 0
        self.played: list[Pcm] = []
        self.stops = 0
        self.video_open = False
        self.hung_up = False
        self.waits: Callable[[], bool] = lambda: False
        """Tells whether the call is behind."""

    def say(self, utterance: Utterance, *, pause: Seconds = 0.0) -> None:
        self._engine.planted.append(utterance)
        for pcm in (utterance.pcm, np.zeros(samples(pause), np.int16)):
            whole = np.concatenate([pcm, np.zeros(-len(pcm) % FRAME, np.int16)])
            self._saying.extend(whole.reshape(-1, FRAME))

    def press(self, digit: str) -> None:
        self._saying.append(digit)

    def leave(self, reason: str = "the caller hung up") -> None:
        """Go, as soon as all is said."""
        self._gone = reason

    @property
    def silent(self) -> bool:
        return not self._saying

    def sent(self) -> Pcm:
        return np.concatenate(self._sent)

    def heard(self) -> Pcm:
        """Return what was heard, on the same time axis as what was sent."""
        return np.concatenate(self._heard)

    async def events(self) -> AsyncIterator[CallerEvent]:
        while self._saying or self._gone is None:
            item = self._saying.popleft() if self._saying else np.zeros(FRAME, np.int16)
            if isinstance(item, str):
                yield Key(item)
                continue
            frame, self._queue = self._queue[:FRAME], self._queue[FRAME:]
            self._heard.append(np.pad(frame, (0, FRAME - len(frame))))
            self.clock += FRAME
            self._sent.append(item)
            yield Audio(item)
            await asyncio.sleep(0.000_5)
            while self.waits():  # noqa: ASYNC110
                await asyncio.sleep(0)
        yield Gone(self._gone)

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        self.played.append(pcm)
        self._queue = np.concatenate([self._queue, pcm])

    def stop_playing(self) -> None:
        self.stops += 1
        self._queue = self._queue[:0]

    def unplayed(self) -> Seconds:
        return seconds(len(self._queue))

    has_video = True

    def open_video(self) -> None:
        self.video_open = True

    def close_video(self) -> None:
        self.video_open = False

    async def hang_up(self) -> None:
        self.hung_up = True


@dataclass
class FakeAgent:
    """An agent that keeps what it gets; `does` makes it act."""

    reachable: bool = True
    info: CallInfo | None = None
    asked_to_connect: bool = False
    audio: list[tuple[Pcm, Samples]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    consents: list[dict[str, str]] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    speech_starts: list[Samples] = field(default_factory=list)
    got: list[str] = field(default_factory=list)
    """What came besides sound and words, by kind, in order."""
    stopped: bool = False
    acts: asyncio.Queue[AgentEvent] = field(default_factory=asyncio.Queue)

    async def connect(self, info: CallInfo) -> None:
        self.asked_to_connect = True
        if not self.reachable:
            raise AgentUnreachableError("agent at 192.0.2.1 not reached in 3 tries: no answer")
        self.info = info

    def send_audio(self, pcm: Pcm, at: Samples, coded: bytes | None = None) -> None:
        assert self.info is not None and not self.stopped
        assert at == self.info.started_at + self.heard_samples, "what an agent gets has no gaps"
        self.audio.append((pcm, at))

    def send_transcript(self, text: str, start: Samples, end: Samples) -> None:
        assert not self.stopped
        self.transcript.append(text)

    def send_consent(self, purposes: Mapping[str, str]) -> None:
        self.consents.append(dict(purposes))

    def send_voice(self, assessment: Assessment) -> None:
        self.verdicts.append(assessment.verdict)

    def send_key(self, digit: str) -> None:
        self.keys.append(digit)

    def send_mark(self, name: str) -> None:
        self.marks.append(name)
        self.got.append("mark")

    def send_speech_started(self, at: Samples) -> None:
        assert self.info is not None and not self.stopped
        self.speech_starts.append(at)
        self.got.append("speech started")

    def does(self, *events: AgentEvent) -> None:
        for event in events:
            self.acts.put_nowait(event)

    async def events(self) -> AsyncIterator[AgentEvent]:
        while True:
            event = await self.acts.get()
            yield event
            if isinstance(event, Gone):
                return

    async def stop(self) -> None:
        self.stopped = True

    @property
    def heard_samples(self) -> Samples:
        return sum(len(pcm) for pcm, _ in self.audio)

    def heard(self) -> Pcm:
        """Return what was heard on the caller's time axis: silence before the stream."""
        assert self.info is not None
        return np.concatenate(
            [np.zeros(self.info.started_at, np.int16), *(pcm for pcm, _ in self.audio)]
        )


def same(heard: Pcm, said: Pcm, span: Span) -> float:
    """Return the share of a span's 5 ms blocks that were heard as they were said."""
    size = RATE // 200
    blocks = [
        slice(at, at + size)
        for at in range(span.start, min(span.end, len(heard)) - size, size)
        if np.abs(said[at : at + size].astype(int)).max() > 100
    ]
    if not blocks:
        return 0.0
    return sum(bool(np.array_equal(heard[b], said[b])) for b in blocks) / len(blocks)


async def until(what: Any, *, within: Seconds = 40.0) -> None:
    """Wait until `what()` is true."""
    async with asyncio.timeout(within):
        while not what():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
