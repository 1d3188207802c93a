"""The one thing that takes long: a command that leaves the inspector, and the event it returns as.

`recognise` is what a worker does with the command: recognise the window, then inspect what the
caller has said in this turn so far. It needs the models and nothing else, so a worker process, a
simulator and a test run the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from media.assent import LANGUAGES, Assent
from media.audio import RATE, Pcm, Samples, Span, centred
from media.entities.detector import Detector
from media.entities.questions import asked_for
from media.entities.types import Entity, Inspection, Word
from media.speech.boundaries import Boundaries
from media.speech.guard import CONTRARY, IN_A_ROW, UNLIKELY, rushed
from media.speech.timing import refine
from media.speech.whisper import Hypothesis, Reading, Whisper

BESIDE: Final = RATE * 3
"""Samples after speech that was not understood in which a number said there may go on."""

ONWARD: Final = RATE * 300 // 1_000
"""Samples behind what is settled from which on a word goes on there, rather than is timed late."""

LETTER: Final = RATE * 120 // 1_000
"""Samples that a written letter takes at most, unless somebody draws it out."""

DIGIT: Final = RATE * 400 // 1_000
"""The same of a digit: "87" is "eighty seven"."""

FURTHER: Final = RATE * 450 // 1_000
"""Samples by which a word that was settled while it was being said may go on."""

SLACK: Final = RATE * 30 // 1_000
"""Samples by which a word that really follows may begin before the last one ends."""


@dataclass(frozen=True, slots=True)
class Recognise:
    """Recognise `pcm`, whose first sample is at `at`.

    `context` are the words of this turn that are done already; words of the new run that lie
    before `cursor` are the same speech once more and are dropped, unless the context's last word
    has `passed` and goes on behind the cursor. `asked` is what the agent asked
    for, `known` the values found in this call so far. `language` is what is spoken, an ISO 639-1
    code; personal data is looked for in English only. `hint` is what was said just before by the
    other side, when that is known: a short answer is heard better by what it answers. `against` are
    words, such as "no", that must not be missed: where one of them was nearly heard, the new words
    are not to be trusted. `unheard` is where the last speech ends that was silenced before it was
    understood. `draft` are words that were heard in the window before: to read them again takes
    less time. `answer` is all that was said in answer to a question of yes or no, up to the end of
    `pcm`, unless it is too long for a clear yes: an impression of it is returned.
    """

    id: int
    at: Samples
    pcm: Pcm = field(repr=False)
    cursor: Samples = 0
    context: tuple[Word, ...] = ()
    passed: bool = False
    asked: frozenset[Entity] = frozenset()
    known: tuple[str, ...] = field(default=(), repr=False)
    language: str = "en"
    hint: str = ""
    against: tuple[str, ...] = ()
    unheard: Samples | None = None
    draft: tuple[Word, ...] = ()
    answer: Pcm | None = field(default=None, repr=False)

    @property
    def span(self) -> Span:
        """Return where the window lies."""
        return Span(self.at, self.at + len(self.pcm))


@dataclass(frozen=True, slots=True)
class Impression:
    """An answer as a whole: how it sounds (log-odds of a clear yes), and its likeliest readings.

    `span` is where it lies, with 0.1 s before and after the speech.
    """

    sound: float
    span: Span
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What became of a `Recognise` command.

    `words` are the context's words, the last perhaps a little longer than it seemed, and then the
    new ones; `fresh` is the index of the first new one. `so_far` is their inspection while the
    turn lasts, `at_end` if it were over now. `asks` is what these words ask the other side for.
    With an `unsure` reason the new words are not to be trusted; in a `guess` the inspections have
    silenced all but plain talk, which may pass when nothing surer is heard. `impression` is of the
    whole answer, or None where none was asked for or can be had. Words are timed closely where they
    were `by_ear`: where the encoder was listened to for edges.
    """

    id: int
    words: tuple[Word, ...]
    fresh: int
    so_far: Inspection
    at_end: Inspection
    unsure: str | None
    asks: frozenset[Entity] = frozenset()
    impression: Impression | None = None
    by_ear: bool = False
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A `Recognise` command that came to nothing: its worker died, stalled or refused."""

    id: int
    reason: str


def _again(word: Word, context: tuple[Word, ...]) -> bool:
    """Tell whether a word is the last settled one once more, timed a little later."""
    if not context:
        return False
    last = context[-1]
    return word.plain == last.plain and word.span.start < last.span.end - SLACK


def _new(job: Recognise, word: Word) -> Word | None:
    """Return what of a word is new; None for one that is done with.

    "$98" that has passed and goes on, "$98.39" now, goes on behind the cursor. What was silenced
    does not: what there is of it behind the cursor is silenced as not recognised.
    """
    if _again(word, job.context):
        return None
    if word.middle >= job.cursor:
        return word
    if job.passed and word.span.end >= job.cursor + ONWARD:
        return replace(word, span=Span(job.cursor, word.span.end))
    return None


def _going_on(job: Recognise, heard: Sequence[Word]) -> tuple[Word, ...]:
    """Return the context with its last word up to where this run hears it end.

    A word that was still being said when it passed ends later than it seemed to. It goes on only
    where another is heard behind it, since the last word of a run reaches over what the run
    skipped, and only as long as it can be said.
    """
    if not job.passed or not job.context:
        return job.context
    last = job.context[-1]
    same = (w for w in heard[:-1] if _again(w, job.context) and w.span.end > last.span.start)
    ends = next((w.span.end for w in same), last.span.end)
    most = sum(DIGIT if c.isdigit() else LETTER for c in last.plain)
    end = min(ends, last.span.start + most, last.span.end + FURTHER)
    if end <= last.span.end:
        return job.context
    return (*job.context[:-1], replace(last, span=Span(last.span.start, end)))


def _gap(unheard: Samples | None, words: Sequence[Word]) -> int | None:
    """Return the first word behind what was not understood, where it is close behind."""
    if unheard is None:
        return None
    near = (
        i for i, w in enumerate(words) if unheard <= w.middle and w.span.start < unheard + BESIDE
    )
    return next(near, None)


def _read(job: Recognise, pcm: Pcm, whisper: Whisper) -> Hypothesis:
    """Read a window; an answer with care, by its hint first, and if that is doubtful without.

    Two guesses at the same words are none: the second did not know what the first was told.
    """
    if not job.hint:
        return whisper.run(pcm, job.at, job.language, draft=_text(job.draft))
    hypothesis = whisper.run(pcm, job.at, job.language, job.hint, job.against, whole=True)
    if hypothesis.unsure in (None, CONTRARY):
        return hypothesis
    again = whisper.run(pcm, job.at, job.language, "", job.against, whole=True)
    alike = [w.plain for w in again.words] == [w.plain for w in hypothesis.words]
    if alike and {hypothesis.unsure, again.unsure} == {UNLIKELY}:
        return replace(again, unsure=None)
    return again


def _text(words: Sequence[Word]) -> str:
    """Return words as the recogniser wrote them."""
    return "".join(("-" if w.hyphened else " ") + w.text.reveal() for w in words)


def _impression(job: Recognise, whisper: Whisper, assent: Assent | None) -> Impression | None:
    if job.answer is None or assent is None or job.language not in LANGUAGES:
        return None
    encoded = whisper.encoded(centred(job.answer))
    return Impression(
        assent.score(encoded, job.language),
        Span(job.span.end - len(job.answer), job.span.end),
        whisper.readings(encoded, job.language, job.hint),
    )


def recognise(
    job: Recognise,
    whisper: Whisper,
    detector: Detector,
    *,
    assent: Assent | None = None,
    boundaries: Boundaries | None = None,
) -> Recognised:
    """Carry out `job`.

    Without `assent` there is no impression of an answer, without `boundaries` words are timed by
    the dips between them.
    """
    pcm = centred(job.pcm)
    hypothesis = _read(job, pcm, whisper)
    encoded = hypothesis.encoded
    edges = None if boundaries is None or encoded is None else boundaries.find(encoded)
    heard = refine(hypothesis.words, pcm, job.at, edges)
    new = tuple(word for word in map(partial(_new, job), heard) if word)
    lately = heard[max(0, len(heard) - len(new) - IN_A_ROW + 1) :]
    hurried = rushed(lately)
    unsure = hypothesis.unsure or ("loop" if hurried else None)
    guess = hypothesis.guess and not (hurried or job.hint)
    if guess:
        new = tuple(replace(word, guessed=True) for word in new)
    words = (job.context if unsure and not guess else _going_on(job, heard)) + new
    impression = _impression(job, whisper, assent)
    if job.language != "en":
        nothing = Inspection((), len(words))
        return Recognised(
            job.id,
            words,
            len(job.context),
            nothing,
            nothing,
            unsure,
            impression=impression,
            by_ear=edges is not None,
        )
    inspect = partial(
        detector.inspect, words, asked=job.asked, known=job.known, gap=_gap(job.unheard, words)
    )
    so_far = inspect()
    at_end = so_far if so_far.open_from >= len(words) else inspect(ended=True)
    return Recognised(
        id=job.id,
        words=words,
        fresh=len(job.context),
        so_far=so_far,
        at_end=at_end,
        unsure=unsure,
        by_ear=edges is not None,
        guess=guess,
        asks=asked_for(" ".join(w.text.reveal() for w in words)),
        impression=impression,
    )
