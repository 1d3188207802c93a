"""One direction of one call: what is heard goes in, what is cleared comes out.

Composes voice activity, recognition, detection and the hold. It does no work that takes long:
recognition leaves as a `Recognise` command and comes back by `recognised`. Time is the count of
samples fed, so a live call, a recording and a test drive it alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from media.activity import PAUSE, Activity, PhraseEnded, PhraseStarted
from media.audio import FRAME, RATE, Pcm, Samples, Span
from media.clearance import Action, Hold, Release
from media.cuts import CLOSE, NOT_RECOGNISED, WIDE, Mark, cut
from media.dtmf import Keypad
from media.entities.recognisers.known import MOST, REMEMBERED
from media.entities.types import NOTHING, Entity, Finding, Inspection, Word
from media.keys import Keys, Presses, Run, Typing
from media.recognition import Failed, Recognise, Recognised
from media.sensitive import Sensitive
from media.speech.agreement import agreed
from media.speech.guard import NO_SPEECH
from media.tape import Tape

HOP: Final = RATE * 300 // 1_000
"""New samples after which a running phrase is recognised again."""

GUESS: Final = RATE * 100 // 1_000
"""Unvoiced samples after which a phrase is recognised as if it had ended: mostly, it has."""

TAIL: Final = RATE * 100 // 1_000
"""Samples before and after a phrase that the recogniser hears with it."""

LAG: Final = 2 * FRAME
"""Samples for which a pause is held, since the first frame of a phrase is known late."""

CLICK: Final = RATE * 300 // 1_000
"""Samples of a phrase, at most, in which no speech is heard that belongs to nothing before it."""

PATIENCE: Final = RATE * 600 // 1_000
"""Samples of silence after which an open run is closed."""

TURN: Final = RATE * 1_200 // 1_000
"""Samples of silence that end a turn."""

NOTED: Final = RATE // 10
"""Samples from which on silenced speech is told of; a breath between two words is not."""

CAUTION: Final = RATE
"""Samples of speech that must follow a word before it passes, while an answer is expected."""

FRESH: Final = RATE * 400 // 1_000
"""Samples at a window's end that are never silenced early: the next run may hear them otherwise."""

DOUBT: Final = RATE * 1_200 // 1_000
"""The same for an unsure run, guesses included: later ones hear more of the sentence and are often
sure."""

DOUBT_ASKED: Final = RATE * 700 // 1_000
"""The same while an answer is expected: it is mostly what must not pass."""

HEARD: Final = RATE * 400 // 1_000
"""Samples of speech behind a word with which one run is enough: it will not change any more."""

BACKOFF: Final = RATE // 5
"""Samples after a failed run before the next: one that fails at once would be asked for again and
again."""

EVENT: Final = RATE // 10
"""Samples of flat tone for a key that came as an event: how long it is held is known too late."""

MEMORY: Final = RATE * 15
"""How far back, in samples, words count as context: numbers are split over turns."""

SETTLED: Final = RATE * 5 // 2
"""Settled samples at a window's start from which on the window moves: a run costs by its length."""

LEAD_IN: Final = RATE * 3 // 2
"""Settled samples that a window keeps: the recogniser needs a few words to find its feet."""

WINDOW: Final = RATE * 12
"""How much of a voice is kept for a window at most."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words whose verdicts are final, in order, each with the finding that it is part of.

    `findings` have word indices into `words`; `passed` tells, per word, whether its sound was
    released as it was.
    """

    words: tuple[Word, ...]
    findings: tuple[Finding, ...]
    passed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """A stretch of speech that is silenced because it could not be recognised, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key that was pressed, by event or as tones: told once, when it begins."""

    key: Sensitive[str]


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys typed in a row, now that they are complete, as words with one finding."""

    said: Said


Command = Recognise | Release | Said | Unsure | Pressed | Typed | PhraseStarted | PhraseEnded


@dataclass(slots=True)
class _Phrase:
    start: Samples
    window: Samples
    """Where the recogniser's window begins."""
    given: Samples
    """The end of the speech that was last given to the recogniser."""
    end: Samples | None = None
    result: tuple[Span, Recognised] | None = None
    """The last result that could be trusted, and the window that it is of."""

    touched: bool = False
    """Whether some of it was settled already: what a new run hears there, it hears again."""
    cut: Samples | None = None
    """Where a word begins of which only the first part is silenced yet: it is to be heard again."""
    suspect: bool = False
    """Whether the last run took what is not settled yet for a finding, or was unsure."""

    def covered(self) -> bool:
        """Tell whether the last result is of the whole phrase."""
        return self.end is not None and self.result is not None and self.end <= self.result[0].end


@dataclass(slots=True)
class _Turn:
    """What was said since the last long silence; `over` when that silence has come.

    `words` are done with recognition; the first `settled` of them are settled in the audio too,
    `passed` tells how; the first `told` were told.
    """

    words: tuple[Word, ...] = ()
    passed: list[bool] = field(default_factory=list)
    told: int = 0
    verdict: Inspection = NOTHING
    at_end: Inspection = NOTHING
    quiet_since: Samples = 0
    over: bool = True

    @property
    def settled(self) -> int:
        return len(self.passed)

    @property
    def open(self) -> bool:
        return self.settled < len(self.words)


class Inspector:
    """Inspect one voice.

    Args:
        actions: what to do with each entity.
        bound: the longest that a sample is held, in samples.
        keys: what becomes of keys that are pressed.
    """

    def __init__(
        self, actions: Mapping[Entity, Action], bound: Samples, keys: Keys = Keys.DROP
    ) -> None:
        self._actions = actions
        self._activity = Activity()
        self._flat = keys is Keys.TONE
        self._hold = Hold(bound, Action.BLEEP if self._flat else Action.MUTE)
        self._tape = Tape()
        self._keypad = Keypad()
        self._presses = Presses()
        self._typing = Typing()
        self._phrases: deque[_Phrase] = deque()
        self._turn = _Turn()
        self._job: Recognise | None = None
        self._jobs = 0
        self._not_before: Samples = 0
        self._asked: frozenset[Entity] = frozenset()
        self._answered = False
        self._known: tuple[str, ...] = ()
        self._closing = False
        self._notes: list[Unsure] = []
        self._unheard: Samples | None = None
        self._margins = WIDE

    @property
    def heard(self) -> Samples:
        """Return how many samples were fed."""
        return self._hold.heard

    @property
    def held(self) -> Samples:
        """Return the age of the oldest sample in the hold, in samples."""
        return self._hold.heard - self._hold.watermark

    @property
    def done(self) -> bool:
        """Tell whether, after `close`, everything has been released and told."""
        return self._closing and self.held == 0 and self._turn.over

    def asked(self, entities: frozenset[Entity]) -> None:
        """Take note of what the other side asks for in the utterance that it has just finished.

        An utterance after the speaker's answer asks anew; until then it adds to the question.
        """
        self._asked = entities if self._answered else self._asked | entities
        self._answered = False

    def feed(self, pcm: Pcm) -> list[Command]:
        """Take the next samples."""
        self._hold.feed(pcm)
        self._tape.feed(pcm)
        commands = _typed(self._typing.rest(self.heard, self._asked))
        for key in self._keypad.feed(pcm):
            commands += self._pressed(key, event=False)
        for sounded in self._keypad.sounded:
            self._hold.mask(sounded)
        for event in self._activity.feed(pcm):
            commands.append(event)
            match event:
                case PhraseStarted(at):
                    if self._turn.over and not self._phrases:
                        turn = self._turn
                        self._turn = _Turn(
                            turn.words, turn.passed, len(turn.words), quiet_since=turn.quiet_since
                        )
                    self._phrases.append(_Phrase(at, window=max(0, at - TAIL), given=at))
                case PhraseEnded(at):
                    self._phrases[-1].end = at
        return commands + self._advance()

    def pressed(self, key: str) -> list[Command]:
        """Take a key (`0-9*#A-D`) that came as an event, at the place that was fed last."""
        self._keypad.typed()
        commands = self._pressed(key, event=True)
        if commands and self._flat:
            self._hold.mask(Span(self.heard, self.heard + EVENT))
        return commands

    def _pressed(self, key: str, *, event: bool) -> list[Command]:
        if not self._presses.new(key, self.heard, event=event):
            return []
        run = self._typing.press(key, self.heard, self._asked)
        return [Pressed(Sensitive(key)), *_typed(run)]

    def recognised(self, event: Recognised | Failed) -> list[Command]:
        """Take what became of a command; an answer to an older one changes nothing."""
        job = self._job
        if job is None or event.id != job.id:
            return []
        self._job = None
        commands: list[Command] = []
        if isinstance(event, Failed):
            self._not_before = self.heard + BACKOFF
        if isinstance(event, Failed) and self._closing and self._phrases:
            phrase = self._phrases.popleft()
            assert phrase.end is not None
            self._lose(phrase.end, event.reason)
            self._give_up()
        elif isinstance(event, Recognised) and self._phrases:
            commands = self._judge(self._phrases[0], job, event)
        return commands + self._advance()

    def close(self) -> list[Command]:
        """End the input: a running phrase has ended, and nothing more will be said."""
        self._closing = True
        if self._phrases and self._phrases[-1].end is None:
            self._phrases[-1].end = self.heard
        return [*_typed(self._typing.complete(self._asked)), *self._advance()]

    def _advance(self) -> list[Command]:
        """Do all that time and results allow."""
        heard = self.heard
        commands: list[Command] = []
        while self._phrases and self._job is None and self._phrases[0].covered():
            commands += self._finish(self._phrases.popleft())
        late = self._hold.expire()
        if late:
            self._note(late, "late")
            self._unheard = late.end
            self._give_up()
        if self._phrases:
            if not self._turn.open:
                self._hold.settle(self._phrases[0].start, Action.MUTE, "pause")
            if self._job is None:
                commands += self._recognise(self._phrases[0])
        else:
            commands += self._rest()
        release = self._hold.release()
        if release:
            commands.append(release)
        commands += self._noted()
        keep = self._phrases[0].window if self._phrases else heard
        if heard - keep > WINDOW:
            keep = max(keep, self._hold.settled - RATE)
        self._tape.forget(min(keep, heard - 2 * TAIL - PAUSE))
        return commands

    def _recognise(self, phrase: _Phrase) -> list[Command]:
        """Ask for the next run over a phrase, if there is enough new speech for one."""
        voiced = self._activity.voiced_until
        if self.heard < self._not_before and not self._closing:
            return []
        if phrase.end is None:
            new = voiced - phrase.given
            pausing = self._activity.heard - voiced
            if new <= 0 or (pausing < GUESS and (pausing or new < HOP)):
                return []
        self._jobs += 1
        turn = self._turn
        long = turn.told < turn.settled and turn.words[turn.told].span.end < self.heard - MEMORY
        told = self._tell(ended=False) if long else []
        self._forget()
        return [*told, self._command(phrase)]

    def latest(self, job: Recognise) -> Recognise:
        """Return `job` over what was heard since as well: a worker may come to it late."""
        if job is not self._job or not self._phrases:
            return job
        return self._command(self._phrases[0])

    def _command(self, phrase: _Phrase) -> Recognise:
        """Ask for a run over all of a phrase that was heard and is not done with."""
        if phrase.end is None:
            end, phrase.given = self.heard, self._activity.voiced_until
        else:
            end, phrase.given = min(phrase.end + TAIL, self.heard), phrase.end
        if end - phrase.window > WINDOW:
            phrase.window = max(phrase.window, self._hold.settled - RATE)
        self._move_window(phrase)
        heard = self._turn.words if phrase.result is None else phrase.result[1].words
        self._job = Recognise(
            id=self._jobs,
            at=phrase.window,
            pcm=self._tape.read(Span(phrase.window, end)),
            cursor=self._cursor(phrase),
            context=self._turn.words,
            passed=not self._turn.open and bool(self._turn.passed) and self._turn.passed[-1],
            asked=self._asked,
            known=self._known,
            unheard=self._unheard,
            draft=tuple(w for w in heard if w.middle >= phrase.window),
        )
        return self._job

    def _cursor(self, phrase: _Phrase) -> Samples:
        """Return up to where words are done with; what a run hears before it, it hears again."""
        if not phrase.touched:
            return phrase.window
        settled = self._hold.settled
        return settled if phrase.cut is None else min(settled, phrase.cut)

    def _move_window(self, phrase: _Phrase) -> None:
        """Leave settled speech behind, but for the words that lead into what is not settled."""
        settled = self._cursor(phrase)
        if settled - phrase.window < SETTLED:
            return
        words = self._turn.words[: self._turn.settled]
        starts = [w.span.start for w in words if w.span.start >= settled - LEAD_IN]
        phrase.window = max(phrase.window, min(starts, default=settled - LEAD_IN))

    def _judge(self, phrase: _Phrase, job: Recognise, result: Recognised) -> list[Command]:
        """Settle what a run makes certain while its phrase lasts."""
        if phrase.end is not None and phrase.end <= job.span.end:
            phrase.result = (job.span, result)
            return []
        at = self._hold.settled
        doubt = DOUBT_ASKED if self._asked and not self._answered else DOUBT
        fresh, behind = (doubt, doubt) if result.unsure else (FRESH, HEARD)
        until = job.span.end - fresh
        settled, suspects = result.fresh, range(0)
        if result.guess or not result.unsure:
            new = result.words[result.fresh :]
            before: tuple[Word, ...] = ()
            if phrase.result is not None:
                last = phrase.result[1]
                before = tuple(w for w in last.words[last.fresh :] if w.middle >= job.cursor)
            phrase.result = (job.span, result)
            self._margins = CLOSE if result.by_ear else WIDE
            heard = sum(w.span.end <= job.span.end - behind for w in new)
            stable = result.fresh + (heard if result.guess else max(agreed(before, new), heard))
            settled = self._settle(result.words, result.so_far, stable)
            suspects = _from(settled, result.so_far)
        phrase.cut = None
        if phrase.suspect and result.unsure and not result.guess and until > at:
            self._lose(until, result.unsure)
        elif phrase.suspect and suspects:
            settled = self._silence_early(phrase, result, suspects, until)
        if at < self._hold.settled:
            phrase.touched = True
        phrase.suspect = bool(suspects) or result.unsure is not None
        if settled > result.fresh:
            phrase.touched, self._turn.over = True, False
            self._turn.verdict, self._turn.at_end = result.so_far, result.at_end
            self._turn.words = result.words[:settled]
        return []

    def _silence_early(
        self, phrase: _Phrase, result: Recognised, suspects: range, until: Samples
    ) -> int:
        """Silence findings that runs agree on, though not on the words; return how far.

        A name that is being spelled is another word in each run: the part of it that is old enough
        goes, and the next run hears all of it again.
        """
        within = {i: f.entity for f in result.so_far.findings for i in range(f.first, f.last)}
        for i in suspects:
            span = result.words[i].span
            if span.start < until:
                action = self._actions[within[i]]
                self._hold.settle(min(span.end, until), action, within[i])
            if span.end > until:
                phrase.cut = span.start
                return i
            self._turn.passed.append(False)
        return suspects.stop

    def _finish(self, phrase: _Phrase) -> list[Command]:
        """Settle an ended phrase by the last run over it, and tell what was said in it."""
        assert phrase.end is not None
        assert phrase.result is not None
        span, result = phrase.result
        # Voice activity misses soft endings; as far as they were heard, they belong to the word.
        end = min(span.end, phrase.end + TAIL)
        self._margins = CLOSE if result.by_ear else WIDE
        turn = self._turn
        heard_anew = len(result.words) > result.fresh
        if result.unsure and not result.guess:
            click = result.unsure == NO_SPEECH and phrase.end - phrase.start <= CLICK
            if click and turn.open and not phrase.touched and not self._asked:
                self._close_run()
            self._lose(phrase.end, result.unsure)
            self._give_up()
        elif heard_anew:
            turn.words, turn.verdict, turn.at_end = result.words, result.so_far, result.at_end
            self._settle(turn.words, turn.verdict, len(turn.words), end=end)
        elif phrase.touched and not turn.open:
            self._settle(turn.words, turn.verdict, len(turn.words), end=end)
        elif not turn.open:
            self._silence(phrase.end, "no words")
        if heard_anew or phrase.touched:
            turn.over, turn.quiet_since = False, phrase.end
            self._answered = self._answered or not result.unsure
        return self._tell(ended=False)

    def _rest(self) -> list[Command]:
        """Act on silence: close an open run, release the pause, end the turn."""
        turn = self._turn
        silence = self.heard - turn.quiet_since
        if turn.open and (silence >= PATIENCE or self._closing):
            self._close_run()
        if turn.open:
            return []
        until = self.heard if self._closing else self._activity.heard - LAG
        self._hold.settle(until, Action.MUTE, "pause")
        if turn.over or (silence < TURN and not self._closing):
            return []
        turn.over = True
        return self._tell(ended=True)

    def _close_run(self) -> None:
        """Settle what is open as if the turn had ended with it."""
        turn = self._turn
        turn.verdict = turn.at_end
        self._settle(turn.words, turn.verdict, len(turn.words), end=turn.quiet_since)

    def _settle(
        self, words: Sequence[Word], verdict: Inspection, stable: int, end: Samples | None = None
    ) -> int:
        """Settle words from the first unsettled one on as far as is certain; return how far."""
        within = {i: f for f in verdict.findings for i in range(f.first, f.last)}
        turn, start = self._turn, self._hold.settled
        marks: list[Mark] = []
        # An answer that begins harmlessly may yet turn out to be what was asked for.
        wait = CAUTION if end is None and self._asked else 0
        passes_until = words[-1].span.end - wait if words else 0
        for i in range(turn.settled, stable):
            finding = within.get(i)
            if finding is not None:
                action = self._actions[finding.entity]
                marks.append(Mark(words[i].span, action, finding.entity))
            elif i < verdict.open_from and words[i].span.end <= passes_until:
                marks.append(Mark(words[i].span, Action.PASS))
            else:
                break
            if words[i].guessed:  # a number that follows may be of another kind than it seems
                self._unheard = words[i].span.end
        settled = turn.settled + len(marks)
        follows = words[settled].span.start if settled < len(words) else None
        before = None
        if turn.passed and turn.settled:
            was = Action.PASS if turn.passed[-1] else Action.MUTE
            before = Mark(words[turn.settled - 1].span, was)
        cuts = cut(
            self._hold.settled,
            marks,
            follows=follows,
            end=end,
            before=before,
            margins=self._margins,
        )
        for until, action, reason in cuts:
            if reason == NOT_RECOGNISED:
                self._silence(until, reason)
            else:
                self._hold.settle(until, action, reason)
        turn.passed += [m.action is Action.PASS and m.middle >= start for m in marks]
        return settled

    def _lose(self, until: Samples, reason: str) -> None:
        """Silence, up to a place, speech that was not understood."""
        self._silence(until, f"unsure: {reason}")
        self._unheard = until

    def _silence(self, until: Samples, reason: str) -> None:
        """Silence, up to a place, speech that could not be cleared, and note why."""
        span = Span(self._hold.settled, until)
        action = self._actions[Entity.UNSURE]
        self._hold.settle(until, action, reason)
        if len(span) >= NOTED:
            self._note(span, reason)

    def _note(self, span: Span, reason: str) -> None:
        last = self._notes[-1] if self._notes else None
        if last and last.reason == reason and last.span.end == span.start:
            self._notes[-1] = Unsure(Span(last.span.start, span.end), reason)
        else:
            self._notes.append(Unsure(span, reason))

    def _noted(self) -> list[Unsure]:
        """Return the notes that are complete: being late goes on from frame to frame."""
        if not self._notes:
            return []
        growing = (
            self._notes[-1].reason == "late"
            and self._notes[-1].span.end == self._hold.settled
            and not self._closing
        )
        count = len(self._notes) - growing
        done, self._notes = self._notes[:count], self._notes[count:]
        return done

    def _give_up(self) -> None:
        """Count words and phrases whose sound was silenced unseen as settled."""
        turn = self._turn
        while turn.open and turn.words[turn.settled].middle < self._hold.settled:
            turn.passed.append(False)
        while self._phrases and (self._phrases[0].end or self.heard + 1) <= self._hold.settled:
            self._phrases.popleft()
            self._job = None
        if self._phrases and self._phrases[0].start < self._hold.settled:
            self._phrases[0].touched = True

    def _tell(self, *, ended: bool) -> list[Command]:
        """Tell the words whose verdict will not change any more."""
        turn = self._turn
        upto = len(turn.words) if ended else min(turn.settled, len(turn.words))
        findings = turn.verdict.findings
        if not ended:
            growing = [f.first for f in findings if f.first < upto <= f.last]
            upto = min([upto, *growing])
        if upto <= turn.told:
            return []
        told = tuple(
            replace(f, first=max(f.first, turn.told) - turn.told, last=f.last - turn.told)
            for f in findings
            if f.last > turn.told and f.last <= upto
        )
        told = _with_silenced(told, turn.passed[turn.told : upto])
        new = dict.fromkeys(f.value.reveal() for f in told if f.entity in REMEMBERED)
        self._known = (*(value for value in self._known if value not in new), *new)[-MOST:]
        said = Said(turn.words[turn.told : upto], told, tuple(turn.passed[turn.told : upto]))
        turn.told = upto
        return [said]

    def _forget(self) -> None:
        """Forget words that are told and older than `MEMORY`, whole findings of them.

        Younger ones are context, in the next turn too: numbers are split over turns.
        """
        turn, phrase = self._turn, self._phrases[0]
        limit = self.heard - MEMORY
        old = bisect_left(turn.words, limit, hi=turn.told, key=lambda word: word.span.end)
        if not old:
            return
        old = min([old, *(f.first for f in turn.verdict.findings if f.first < old < f.last)])
        turn.words, turn.passed, turn.told = turn.words[old:], turn.passed[old:], turn.told - old
        turn.verdict, turn.at_end = _from_word(old, turn.verdict), _from_word(old, turn.at_end)
        if phrase.result is not None:
            span, result = phrase.result
            phrase.result = (span, _without(old, result))


def _typed(run: Run | None) -> list[Command]:
    return [] if run is None else [Typed(Said(run.words, (run.finding,), (True, False)))]


def _from_word(first: int, verdict: Inspection) -> Inspection:
    """Return a verdict on the words from `first` on, counted from there."""
    findings = tuple(
        replace(f, first=max(0, f.first - first), last=f.last - first)
        for f in verdict.findings
        if f.last > first
    )
    return Inspection(findings, max(0, verdict.open_from - first))


def _without(old: int, result: Recognised) -> Recognised:
    """Return a result without the first `old` words of its context."""
    return replace(
        result,
        words=result.words[old:],
        fresh=max(0, result.fresh - old),
        so_far=_from_word(old, result.so_far),
        at_end=_from_word(old, result.at_end),
    )


def _from(first: int, verdict: Inspection) -> range:
    """Return the words from `first` on that findings cover without a gap."""
    last = first
    for finding in verdict.findings:
        if finding.first <= last < finding.last:
            last = finding.last
    return range(first, last)


def _with_silenced(findings: tuple[Finding, ...], passed: Sequence[bool]) -> tuple[Finding, ...]:
    """Add, as one finding a stretch, the words whose sound did not pass: their text must not."""
    within = {i for f in findings for i in range(f.first, f.last)}
    silenced = [not ok and i not in within for i, ok in enumerate(passed)]
    stretches: list[Finding] = []
    for i, silent in enumerate(silenced):
        if silent and i and silenced[i - 1]:
            stretches[-1] = replace(stretches[-1], last=i + 1)
        elif silent:
            stretches.append(Finding(Entity.UNSURE, i, i + 1, 1.0, "silenced"))
    return tuple(sorted((*findings, *stretches), key=lambda f: f.first))
