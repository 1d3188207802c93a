"""A conversation with an inspector, told step by step, and what comes of it sample by sample."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from sounds import chunks, ms, silence, voice

from media.audio import FRAME, Pcm, Samples, Span
from media.clearance import Action, Decision, Release
from media.entities.types import ACTIONS, Entity, Finding, Inspection, Word
from media.inspector import Command, Inspector, Pressed, Said, Typed, Unsure
from media.keys import Keys
from media.masking import mask
from media.recognition import Failed, Recognise, Recognised
from media.render import bleep
from media.sensitive import Sensitive

VOICE: Final = voice(ms(30_000))


class Playbook:
    """Feed an inspector and check each release against what was fed.

    Times are milliseconds from the beginning. `jobs` are the commands not answered yet, `window_ms`
    is where the sound of the last one that was answered ends, `said` the transcript with findings
    masked, `unsure` the reasons told.
    """

    def __init__(
        self,
        bound_ms: float = 8_000,
        actions: Mapping[Entity, Action] | None = None,
        keys: Keys = Keys.DROP,
    ) -> None:
        self.inspector = Inspector({**ACTIONS, **(actions or {})}, ms(bound_ms), keys)
        self.fed: Pcm = silence(0)
        self.out: Pcm = silence(0)
        self.decisions: list[Decision] = []
        self.jobs: list[Recognise] = []
        self.window_ms = 0.0
        self.told: list[Said] = []
        self.said: list[str] = []
        self.unsure: list[Unsure] = []
        self.pressed = ""
        self.typed: list[Said] = []

    @property
    def now_ms(self) -> float:
        return len(self.fed) / 16

    @property
    def released_ms(self) -> float:
        return len(self.out) / 16

    @property
    def job(self) -> Recognise:
        """The command that waits for an answer."""
        (job,) = self.jobs
        return job

    def speak(self, duration_ms: float) -> None:
        start = len(self.fed) % len(VOICE)
        self.feed(np.roll(VOICE, -start)[: ms(duration_ms)])

    def pause(self, duration_ms: float) -> None:
        self.feed(silence(ms(duration_ms)))

    def feed(self, pcm: Pcm, size: Samples = FRAME) -> None:
        for chunk in chunks(pcm, size):
            self.fed = np.concatenate([self.fed, chunk])
            self._take(self.inspector.feed(chunk))

    def key(self, key: str) -> None:
        """Press a key that comes as an event."""
        self._take(self.inspector.pressed(key))

    def close(self) -> None:
        self._take(self.inspector.close())

    def hear(
        self,
        heard: str,
        *,
        finds: Mapping[str, Entity] | None = None,
        open_at: str | None = None,
        at_end: Mapping[str, Entity] | None = None,
        unsure: str | None = None,
        guess: bool = False,
    ) -> None:
        """Answer one command: `heard` is "word@start-end …" in ms.

        Words before the command's cursor or not wholly in its window are dropped. Findings are
        given by their words, an open run by its first word; both are looked for in all words of
        the turn. Of a guess all words are guessed.
        """
        job = self.jobs.pop(0)
        self.window_ms = job.span.end / 16
        spoken = [w for w in words(heard) if w.middle >= job.cursor]
        new = [w for w in spoken if job.span.start <= w.span.start and w.span.end <= job.span.end]
        everything = (*job.context, *(replace(w, guessed=guess) for w in new))
        so_far = inspection(everything, finds or {}, open_at)
        closed = inspection(everything, (finds or {}) if at_end is None else at_end, None)
        result = Recognised(
            job.id, everything, len(job.context), so_far, closed, unsure, guess=guess
        )
        self._take(self.inspector.recognised(result))

    def hear_all(self, heard: str, **how: Any) -> None:
        """Answer commands until there are none."""
        assert self.jobs
        while self.jobs:
            self.hear(heard, **how)

    def fail(self, reason: str = "worker died") -> None:
        """Answer the command: nothing came of it."""
        self._take(self.inspector.recognised(Failed(self.jobs.pop(0).id, reason)))

    def answer(self, event: Recognised | Failed) -> None:
        """Answer with whatever event."""
        self.jobs = [j for j in self.jobs if j.id != event.id]
        self._take(self.inspector.recognised(event))

    def action(self, at_ms: float) -> Action | None:
        """Return what became of a sample; None while it is held."""
        place = ms(at_ms)
        hits = [d.action for d in self.decisions if d.span.start <= place < d.span.end]
        assert len(hits) <= 1
        return hits[0] if hits else None

    def actions(self, from_ms: float, to_ms: float) -> set[Action | None]:
        """Return what became of a stretch, looked at every 5 ms and at its end."""
        return {self.action(at) for at in [*np.arange(from_ms, to_ms, 5), to_ms - 1 / 16]}

    def reason(self, at_ms: float) -> str:
        place = ms(at_ms)
        return next(d.reason for d in self.decisions if d.span.start <= place < d.span.end)

    def _take(self, commands: Sequence[Command]) -> None:
        for command in commands:
            match command:
                case Recognise():
                    span = command.span
                    assert span.start <= span.end <= len(self.fed)
                    assert np.array_equal(command.pcm, self.fed[span.start : span.end])
                    self.jobs.append(command)
                case Release():
                    self._release(command)
                case Said(words, findings, passed):
                    assert len(words) == len(passed) > 0
                    self.told.append(command)
                    self.said.append(mask(words, findings, lambda f: f"<{f.entity}>")[0])
                case Unsure():
                    self.unsure.append(command)
                case Pressed(key):
                    self.pressed += key.reveal()
                case Typed(said):
                    self.typed.append(said)

    def _release(self, release: Release) -> None:
        assert release.span.start == len(self.out), "released once and in order"
        assert len(release.pcm) == len(release.span) > 0
        at = release.span.start
        wanted = []
        for decision in release.decisions:
            assert decision.span.start == at
            at = decision.span.end
            match decision.action:
                case Action.PASS:
                    wanted.append(self.fed[decision.span.start : at])
                case Action.MUTE:
                    wanted.append(silence(len(decision.span)))
                case Action.BLEEP:
                    wanted.append(bleep(decision.span))
        assert at == release.span.end <= len(self.fed)
        assert np.array_equal(release.pcm, np.concatenate(wanted))
        self.decisions += release.decisions
        self.out = np.concatenate([self.out, release.pcm])


def words(heard: str) -> list[Word]:
    result = []
    for item in heard.split():
        text, _, times = item.rpartition("@")
        start, _, end = times.partition("-")
        result.append(Word(Sensitive(text), Span(ms(float(start)), ms(float(end)))))
    return result


def inspection(
    said: Sequence[Word], finds: Mapping[str, Entity], open_at: str | None
) -> Inspection:
    texts = [w.text.reveal() for w in said]
    findings = []
    for phrase, entity in finds.items():
        part = phrase.split()
        value = Sensitive(phrase)
        findings += [
            Finding(entity, i, i + len(part), 0.9, "playbook", value)
            for i in range(len(texts))
            if texts[i : i + len(part)] == part
        ]
    findings.sort(key=lambda f: f.first)
    return Inspection(tuple(findings), texts.index(open_at) if open_at in texts else len(texts))
