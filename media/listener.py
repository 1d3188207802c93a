"""Hear one side of a call without holding it: what it says, phrase by phrase.

Used for the agent's voice, whose questions prime the detector, and for the caller's answer to the
consent prompt, which goes nowhere.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from media.activity import Activity, PhraseEnded, PhraseStarted
from media.assent import LONGEST as LONGEST_ANSWER
from media.audio import RATE, Pcm, Samples, Span, level_dbfs
from media.entities.types import NOTHING, Entity, Inspection, Word
from media.recognition import Failed, Impression, Recognise, Recognised
from media.speech.whisper import LONGEST
from media.tape import Tape

TAIL: Final = RATE * 100 // 1_000
"""Samples before and after a phrase that the recogniser hears with it."""

BACKCHANNEL: Final = 4
"""Words from which on an utterance is more than a sign of listening."""

APART: Final = RATE
"""Samples of pause after which what is said is another answer."""

_NONE: Final = Span(-APART, -APART)
"""No answer: whatever is said, from the very start of a call on, does not go on with it."""

MEMORY: Final = RATE * 6
"""How far back words count as said in one breath with a new phrase."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase as recognised: its words, what is personal in them, and what they ask for.

    `unsure` is why they are not to be trusted, or None. `level_dbfs` is how loud the phrase was.
    `impression` is of it together with what was said just before it, where it answers a question.
    """

    span: Span
    words: tuple[Word, ...]
    inspection: Inspection
    asks: frozenset[Entity]
    unsure: str | None
    level_dbfs: float = 0.0
    impression: Impression | None = None

    @property
    def substantial(self) -> bool:
        """Tell whether this is more than the "okay" that one says while the other speaks.

        A question is, however short: "and your address?".
        """
        return bool(self.asks) or len(self.words) >= BACKCHANNEL


class Listener:
    """Listen to one voice in sample time; `speaking` tells whether a phrase is running.

    Args:
        language: what the voice speaks (ISO 639-1).
        hint: what it answers to, when that is known: a question of yes or no.
        against: words that must not be missed in it (see `Recognise`).
    """

    def __init__(self, language: str = "en", hint: str = "", against: tuple[str, ...] = ()) -> None:
        self._language = language
        self._hint = hint
        self._against = against
        self._activity = Activity()
        self._tape = Tape()
        self._started: Samples = 0
        self._waiting: deque[Span] = deque()
        self._job: tuple[Recognise, Span] | None = None
        self._jobs = 0
        self._before: tuple[Word, ...] = ()
        self._answer = _NONE  # what was said with no long pause in it
        self._stale = False  # the phrase that is running answers another question

    @property
    def speaking(self) -> bool:
        """Tell whether a phrase is running, or one that ended is not recognised yet."""
        return self._activity.speaking or bool(self._waiting) or self._job is not None

    def forget(self) -> None:
        """Begin a new utterance: the other side has spoken since the last one."""
        self._before = ()

    def restart(self) -> None:
        """Begin anew: what was said, or has begun to be said, answers another question."""
        self._waiting.clear()
        self._job = None
        self._answer = _NONE
        self.forget()
        self._stale = self._activity.speaking

    def feed(self, pcm: Pcm) -> list[Recognise]:
        """Take the next samples (16 kHz)."""
        self._tape.feed(pcm)
        for event in self._activity.feed(pcm):
            match event:
                case PhraseStarted(at):
                    self._started, self._stale = at, False
                case PhraseEnded(at):
                    self._phrase(at)
        if self._activity.speaking and self._tape.end - self._started > LONGEST - 2 * TAIL:
            self._phrase(self._tape.end)
            self._started = self._tape.end
        oldest = self._waiting[0].start if self._waiting else self._started
        running = self._waiting or self._activity.speaking
        kept = oldest if running else self._tape.end
        if self._hint:
            kept = min(kept, self._tape.end - LONGEST_ANSWER)
        self._tape.forget(kept - RATE)
        return self._next()

    def recognised(self, event: Recognised | Failed) -> list[Heard | Recognise]:
        """Take what became of a command."""
        if self._job is None or event.id != self._job[0].id:
            return []
        (job, span), self._job = self._job, None
        level = level_dbfs(job.pcm[span.start - job.at : span.end - job.at])
        if isinstance(event, Failed):
            return [Heard(span, (), NOTHING, frozenset(), event.reason, level), *self._next()]
        self._before = event.words
        new = event.words[event.fresh :]
        heard = Heard(span, new, _shifted(event), event.asks, event.unsure, level, event.impression)
        return [heard, *self._next()]

    def _phrase(self, end: Samples) -> None:
        if not self._stale:
            self._waiting.append(Span(self._started, end))

    def _next(self) -> list[Recognise]:
        if self._job is not None or not self._waiting:
            return []
        span = self._waiting.popleft()
        window = Span(max(0, span.start - TAIL), span.end + TAIL)
        goes_on = span.start - self._answer.end < APART
        self._answer = Span(self._answer.start if goes_on else window.start, window.end)
        fits = len(self._answer) <= LONGEST_ANSWER and self._answer.start >= self._tape.start
        self._jobs += 1
        job = Recognise(
            id=self._jobs,
            at=window.start,
            pcm=self._tape.read(window),
            context=tuple(w for w in self._before if w.span.end >= span.start - MEMORY),
            language=self._language,
            hint=self._hint,
            against=self._against,
            answer=self._tape.read(self._answer) if self._hint and fits else None,
        )
        self._job = (job, span)
        return [job]


def _shifted(event: Recognised) -> Inspection:
    """Return the inspection at the end, with indices into the new words alone."""
    findings = tuple(
        replace(f, first=max(0, f.first - event.fresh), last=f.last - event.fresh)
        for f in event.at_end.findings
        if f.last > event.fresh
    )
    return Inspection(findings, len(event.words) - event.fresh)
