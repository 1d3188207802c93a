"""The same inspection over recordings, in sample time.

The recording plays in real time on a simulated clock; a recognition run takes on that clock what
it really took to compute, on one core, one run after another. So `released[].at_s` is when a live
call would have let that sound go.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gateway.engine.worker import Ear, Recogniser
from gateway.recordings import Recording, RecordingError, WavWriter
from gateway.vault import TokenBook
from media.activity import PhraseStarted
from media.audio import FRAME, RATE, Pcm, Samples, samples, seconds
from media.clearance import Action, Release
from media.entities.types import Entity
from media.inspector import Command, Inspector, Said, Typed, Unsure
from media.listener import Heard, Listener
from media.liveness.liveness import Event, Liveness
from media.liveness.types import Assessment, Score, Verdict, VoiceChanged
from media.masking import mask
from media.recognition import Failed, Recognise, Recognised

MERGE: Samples = RATE // 10
"""Pauses leave the hold frame by frame; in the result they are merged up to this length."""


DEAF: Mapping[str, Any] = {
    "score": None,
    "verdict": Verdict.UNSURE.value,
    "speech_s": 0.0,
    "confidence": 0.0,
    "reason": "the model failed: it cannot be loaded",
    "voice_changes": [],
}
"""What is said of a voice without a model."""


@dataclass(slots=True)
class Scan:
    """What came of one recording; `as_json` is the contract with outside evaluations."""

    file: str
    heard: Samples = 0
    words: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    released: list[dict[str, Any]] = field(default_factory=list)
    silenced: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    redacted_audio: str = ""
    liveness: Mapping[str, Any] | None = None
    compute_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the object that `scan --json` prints (see docs/architecture.md)."""
        return {
            "file": self.file,
            "duration_s": round(seconds(self.heard), 4),
            "sample_rate": RATE,
            "words": self.words,
            "findings": self.findings,
            "released": self.released,
            "silenced": self.silenced,
            "liveness": self.liveness,
            "compute_s": round(self.compute_s, 3),
            "redacted_audio": self.redacted_audio,
            "transcript": " ".join(self.transcript),
        }


def scan(
    path: Path,
    redacted: Path,
    recognise: Recogniser,
    actions: Mapping[Entity, Action],
    bound: Samples,
    *,
    ear: Ear | None = None,
    reveal: bool = False,
    progress: Callable[[float], None] = lambda _: None,
) -> Scan:
    """Inspect the recording at `path`, write what may be heard of it to `redacted`.

    Args:
        path: mono, or two channels: the caller left, the agent right.
        redacted: 16 kHz mono WAV, sample-aligned with the caller's channel.
        recognise: does a job and tells what it cost.
        actions: what to do with each entity.
        bound: the longest that a sample is held, in samples.
        ear: scores voices; without one, nothing is known of the caller's.
        reveal: whether the words of findings are in the result.
        progress: told the seconds that are done.

    Raises:
        RecordingError: when the recording cannot be used, or the redacted one cannot be written;
            then there is none, since a part would be taken for the whole.
    """
    recording = Recording(path)
    result = Scan(str(path), redacted_audio=str(redacted))
    voices = Voices(ear) if ear is not None else None
    partial = redacted.with_name(f"{redacted.name}.partial")
    try:
        with WavWriter(partial) as out:
            playback = Playback(recognise, actions, bound, result, out.write, reveal=reveal)
            for frame in frames(recording.chunks()):
                playback.feed(frame)
                if voices is not None:
                    voices.feed(frame[0])
                progress(seconds(result.heard))
            playback.close()
            result.liveness = voices.close() if voices is not None else DEAF
        partial.replace(redacted)
    except OSError as error:
        raise RecordingError(f"{redacted}: cannot be written ({error.strerror})") from None
    finally:
        recording.close()
        with suppress(OSError):
            partial.unlink()
    return result


def frames(chunks: Iterator[Pcm]) -> Iterator[Pcm]:
    """Cut arrays of shape (channels, n) into frames of 20 ms; the last may be shorter."""
    rest: Pcm | None = None
    for chunk in chunks:
        rest = chunk if rest is None else np.concatenate([rest, chunk], axis=1)
        while rest.shape[1] >= FRAME:
            yield rest[:, :FRAME]
            rest = rest[:, FRAME:]
    if rest is not None and rest.shape[1]:
        yield rest


class Playback:
    """Play a call to the inspection on the simulated clock; `result` fills as it goes.

    Args as in `scan`; `write` is given the released samples in order.
    """

    def __init__(
        self,
        recognise: Recogniser,
        actions: Mapping[Entity, Action],
        bound: Samples,
        result: Scan,
        write: Callable[[Pcm], None],
        *,
        reveal: bool = False,
    ) -> None:
        self._recognise = recognise
        self._reveal = reveal
        self._caller = Inspector(actions, bound)
        self._agent = Listener()
        self._tokens = TokenBook()
        self._actions = actions
        self._result = result
        self._write = write
        self._now: Samples = 0
        self._free_at: Samples = 0
        self._due: list[tuple[Samples, int, bool, Recognised | Failed]] = []
        self._order = 0

    @property
    def now(self) -> Samples:
        """Return the time on the simulated clock; what is released leaves at it."""
        return self._now

    def feed(self, frame: Pcm) -> None:
        """Play the next 20 ms: an array of shape (channels, n)."""
        self._result.heard += frame.shape[1]
        self._now = self._result.heard
        self._deliver(self._now)
        if frame.shape[0] == 2:
            for job in self._agent.feed(frame[1]):
                self._start(job, of_agent=True)
        self._handle(self._caller.feed(frame[0]))

    def close(self) -> None:
        """End the call and let everything out."""
        self._handle(self._caller.close())
        while self._due and not self._caller.done:
            self._now = max(self._now, self._due[0][0])
            self._deliver(self._now)

    def _deliver(self, until: Samples) -> None:
        """Hand over the results that are due."""
        while self._due and self._due[0][0] <= until:
            _, _, of_agent, outcome = heapq.heappop(self._due)
            if not of_agent:
                self._handle(self._caller.recognised(outcome))
                continue
            for event in self._agent.recognised(outcome):
                if isinstance(event, Heard):
                    if event.substantial:
                        self._caller.asked(event.asks)
                else:
                    self._start(event, of_agent=True)

    def _start(self, job: Recognise, *, of_agent: bool = False) -> None:
        answer = self._recognise(job)
        self._result.compute_s += answer.compute_s
        self._free_at = max(self._free_at, self._now) + samples(answer.compute_s)
        self._order += 1
        heapq.heappush(self._due, (self._free_at, self._order, of_agent, answer.outcome))

    def _handle(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case PhraseStarted():
                    self._agent.forget()
                case Recognise():
                    self._start(command)
                case Release():
                    self._release(command)
                case Said():
                    self._said(command)
                case Typed(said):
                    self._said(said, Action.MUTE)
                case Unsure(span, reason):
                    entry = {**_times(span.start, span.end), "reason": reason}
                    self._result.silenced.append(entry)

    def _release(self, release: Release) -> None:
        self._write(release.pcm)
        released = self._result.released
        pause = all(d.reason in ("pause", "late") for d in release.decisions)
        at_s = round(seconds(self._now), 4)
        last = released[-1] if released else None
        whole = last is not None and last["end_s"] - last["start_s"] < seconds(MERGE)
        if pause and last is not None and whole and last.get("pause"):
            last.update(end_s=round(seconds(release.span.end), 4), at_s=at_s)
        else:
            entry = {**_times(release.span.start, release.span.end), "at_s": at_s}
            released.append({**entry, "pause": True} if pause else entry)

    def _said(self, said: Said, action: Action | None = None) -> None:
        text, masked = mask(
            said.words, said.findings, lambda f: self._tokens.put("scan", f.entity, f.value)
        )
        self._result.transcript.append(text)
        redacted = {i for f in said.findings for i in range(f.first, f.last)}
        for i, word in enumerate(said.words):
            times = _times(word.span.start, word.span.end)
            shown = {"text": word.text.reveal()} if self._reveal or i not in redacted else {}
            self._result.words.append({**shown, **times, "redacted": i in redacted})
        for m in masked:
            self._result.findings.append(
                {
                    "entity": m.finding.entity.value,
                    **_times(m.span.start, m.span.end),
                    "score": round(m.finding.score, 3),
                    "token": m.token,
                    "action": (action or self._actions[m.finding.entity]).value,
                    "rule": m.finding.reason,
                }
            )


class Voices:
    """Say whether the caller's voice is synthetic, over a whole recording.

    Each score is there at once: it is not on the clock of what is released.
    """

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._liveness = Liveness(ear.model)
        self._voices: list[Assessment] = [self._liveness.assessment]
        self._changes: list[Samples] = []

    def feed(self, pcm: Pcm) -> None:
        """Take the next samples."""
        self._weigh(self._liveness.feed(pcm))

    def close(self) -> dict[str, Any]:
        """Return what `scan --json` tells.

        Of several voices it is the one that is synthetic, else the one that speaks most.
        """
        self._weigh(self._liveness.close())
        told = max(self._voices, key=lambda a: (a.verdict is Verdict.SYNTHETIC, a.speech_s))
        return {
            "score": None if told.score is None else round(told.score, 4),
            "verdict": told.verdict.value,
            "speech_s": round(told.speech_s, 2),
            "confidence": round(told.confidence, 3),
            "reason": told.reason,
            "voice_changes": [round(seconds(at), 2) for at in self._changes],
        }

    def _weigh(self, events: list[Event]) -> None:
        for event in events:  # which grows meanwhile
            match event:
                case Score():
                    events += self._liveness.scored(self._ear(event).outcome)
                case VoiceChanged(at):
                    self._changes.append(at)
                    self._voices.append(self._liveness.assessment)
                case Assessment():
                    self._voices[-1] = event


def _times(start: Samples, end: Samples) -> dict[str, float]:
    return {"start_s": round(seconds(start), 4), "end_s": round(seconds(end), 4)}
