"""Whatever is said, and whatever becomes of recognition, the inspector keeps its promises."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playbook import Playbook
from sounds import ms

from media.audio import FRAME, Samples, Span
from media.clearance import Action
from media.cuts import GAP, MARGIN
from media.entities.types import Entity, Finding, Inspection, Word
from media.recognition import Failed, Recognise, Recognised
from media.sensitive import Sensitive

KINDS = {"plain": Entity.UNSURE, "name": Entity.PERSON, "digit": Entity.PHONE}
"""A name is a finding by itself; digits are one when three or more follow each other."""

LEAST_DIGITS = 3


@dataclass(frozen=True)
class Phrase:
    pause_ms: int
    kinds: tuple[str, ...]
    word_ms: int


@dataclass
class World:
    """What is said, a recogniser that mostly hears it, and what it ever said of each word."""

    chance: Random
    clean: bool
    spoken: list[Word] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    exposed: set[str] = field(default_factory=set)
    """Words that some result did not count as part of a finding, now or at the end."""

    heard: list[Word] = field(default_factory=list)

    def answer(self, job: Recognise, *, working: bool) -> Recognised | Failed:
        roll = 1.0 if self.clean else self.chance.random()
        if not working and roll < 0.15:
            return Failed(job.id, "worker died")
        guess = 0.25 <= roll < 0.4
        new = [replace(self._mishear(w, job), guessed=guess) for w in self._within(job)]
        words = (*job.context, *new)
        so_far, at_end = inspect(words, ended=False), inspect(words, ended=True)
        unsure = "doubtful" if 0.15 <= roll < 0.4 else None
        if guess or unsure is None:
            self._note(words, so_far, at_end)
        return Recognised(job.id, words, len(job.context), so_far, at_end, unsure, guess=guess)

    def _within(self, job: Recognise) -> Iterator[Word]:
        last = number(job.context[-1]) if job.context else ""
        for word in self.spoken:
            whole = job.span.start <= word.span.start and word.span.end <= job.span.end
            if whole and job.cursor <= word.middle and number(word) != last:
                yield word

    def _mishear(self, word: Word, job: Recognise) -> Word:
        """Hear a word at the end of the window as another one, now and then."""
        late = job.span.end - word.span.end < ms(150)
        if self.clean or not late or self.chance.random() < 0.7:
            return word
        return Word(Sensitive(f"plain.{number(word)}"), word.span)

    def _note(self, words: Sequence[Word], so_far: Inspection, at_end: Inspection) -> None:
        now, then = covered(so_far), covered(at_end)
        for i, word in enumerate(words):
            self.seen.add(number(word))
            self.heard.append(word)
            if i not in then or (i not in now and i < so_far.open_from):
                self.exposed.add(number(word))


def number(word: Word) -> str:
    return word.text.reveal().partition(".")[2]


def covered(inspection: Inspection) -> set[int]:
    return {i for f in inspection.findings for i in range(f.first, f.last)}


def inspect(words: Sequence[Word], *, ended: bool) -> Inspection:
    """Find names and runs of digits; the last digits are open until the turn is over.

    Of a guess single digits are silenced, too.
    """
    findings: list[Finding] = []
    kinds = [w.text.reveal().partition(".")[0] for w in words]
    i, open_from = 0, len(words)
    while i < len(words):
        end = i + 1
        if kinds[i] == "digit":
            while end < len(words) and kinds[end] == "digit":
                end += 1
            if end == len(words) and not ended:
                open_from = i
        if kinds[i] == "name" or (kinds[i] == "digit" and end - i >= LEAST_DIGITS):
            value = Sensitive(" ".join(w.text.reveal() for w in words[i:end]))
            findings.append(Finding(KINDS[kinds[i]], i, end, 0.9, "test", value))
        elif kinds[i] == "digit":
            findings += [
                Finding(Entity.UNSURE, at, at + 1, 0.0, "guessed")
                for at in range(i, end)
                if words[at].guessed
            ]
        i = end
    return Inspection(tuple(findings), open_from)


class Call:
    """A playbook whose commands a world answers, each after a delay."""

    def __init__(self, world: World, bound_ms: float, delays: Sequence[int]) -> None:
        self.play = Playbook(bound_ms)
        self.world = world
        self.bound = ms(bound_ms)
        self._delays = list(delays)
        self._due: tuple[Samples, Callable[[], Recognised | Failed]] | None = None
        self._answered = 0

    def live(self, duration_ms: float, *, speech: bool) -> None:
        """Let time pass, frame by frame, delivering what is due."""
        for _ in range(round(duration_ms / 20)):
            (self.play.speak if speech else self.play.pause)(20)
            self._order()
            if self._due is not None and self._due[0] <= len(self.play.fed):
                self._deliver(self._due[1]())
            assert self.play.inspector.held <= self.bound
            assert len(self.play.out) == len(self.play.fed) - self.play.inspector.held

    def close(self) -> None:
        self.play.close()
        for _ in range(200):
            self._order(working=True)
            if self._due is None:
                break
            self._deliver(self._due[1]())

    def _deliver(self, event: Recognised | Failed) -> None:
        self._due = None
        self.play.answer(event)
        self._order()

    def _order(self, *, working: bool = False) -> None:
        """Have the world answer the newest command; one given up is never waited for.

        Half of the answers are of what was heard when the command was given, half of all until they
        are due.
        """
        if self.play.jobs and self.play.jobs[-1].id > self._answered:
            job = self.play.jobs[-1]
            self._answered = job.id
            delay = self._delays[job.id % len(self._delays)]
            due = len(self.play.fed) + ms(delay) // FRAME * FRAME
            answer = partial(self.world.answer, working=working)
            if self.world.chance.random() < 0.5:
                self._due = (due, partial(answer, job))
            else:
                self._due = (due, lambda: answer(self.play.inspector.latest(job)))
            if delay == 0 and not working:
                self._deliver(self._due[1]())


phrases = st.lists(
    st.builds(
        Phrase,
        st.sampled_from([60, 300, 500, 800, 1_400]),
        st.lists(st.sampled_from(["plain", "plain", "name", "digit", "digit"]), max_size=9).map(
            tuple
        ),
        st.sampled_from([160, 240, 400]),
    ),
    min_size=1,
    max_size=6,
)


def hold_call(script: Sequence[Phrase], call: Call) -> None:
    call.live(300, speech=False)
    for phrase in script:
        at = len(call.play.fed)
        for kind in phrase.kinds:
            span = Span(at, at + ms(phrase.word_ms))
            text = Sensitive(f"{kind}.{len(call.world.spoken)}")
            call.world.spoken.append(Word(text, span))
            at = span.end
        call.live(phrase.word_ms * len(phrase.kinds), speech=True)
        call.live(phrase.pause_ms, speech=False)
    call.close()


def check_sound(call: Call) -> None:
    """Check what was released: all of it, nothing of a finding, nothing that is no word."""
    play, world = call.play, call.world
    assert play.inspector.done
    assert len(play.out) == len(play.fed)
    passed = [d.span for d in play.decisions if d.action is Action.PASS]
    protected = world.seen - world.exposed
    for word in world.spoken:
        if number(word) in protected:
            # Where the bound cut a word in two, the onset of the next may take a little of it.
            core = Span(word.span.start, word.span.end - MARGIN)
            assert not any(span.overlaps(core) for span in passed)
    near = [Span(w.span.start - GAP, w.span.end + GAP) for w in world.heard]
    for span in passed:
        for place in (*range(span.start, span.end, ms(20)), span.end - 1):
            assert any(n.start <= place < n.end for n in near)


def check_told(call: Call) -> None:
    """Check that words are told once at most, and those of findings as parts of findings."""
    told = Counter(number(w) for said in call.play.told for w in said.words)
    assert max(told.values(), default=1) == 1
    protected = call.world.seen - call.world.exposed
    for said in call.play.told:
        within = {i for f in said.findings for i in range(f.first, f.last)}
        for i, word in enumerate(said.words):
            assert i in within or number(word) not in protected


def check_complete(call: Call) -> None:
    """Check that sound and transcript agree: what passed was told, as passed, and in order."""
    place = {number(w): w for w in call.world.spoken}
    told = [
        (number(w), passed)
        for said in call.play.told
        for w, passed in zip(said.words, said.passed, strict=True)
    ]
    assert [n for n, _ in told] == sorted((n for n, _ in told), key=int)
    status = dict(told)
    for n, word in place.items():
        start, end = word.span.start / 16, word.span.end / 16
        kinds = [place[m].text.reveal() for m in (str(int(n) - 1), str(int(n) + 1)) if m in place]
        if status.get(n, False):
            # A finding beside it reaches into it, and over the whole of a short word.
            squeezed = not all(kind.startswith("plain") for kind in kinds)
            assert squeezed or Action.PASS in call.play.actions(start, end)
        else:
            assert call.play.action((start + end) / 2) is not Action.PASS


delays = st.lists(st.sampled_from([0, 100, 300, 700, 1_500, 4_000]), min_size=1, max_size=5)
bounds = st.sampled_from([1_000, 2_500, 8_000])
slow = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)


@slow
@given(phrases, delays, bounds, st.integers(0, 1_000))
def test_whatever_becomes_of_recognition_the_sound_of_findings_never_leaves(
    script: list[Phrase], waits: list[int], bound_ms: int, seed: int
) -> None:
    call = Call(World(Random(seed), clean=False), bound_ms, waits)
    hold_call(script, call)
    check_sound(call)


@slow
@given(phrases, delays, bounds, st.integers(0, 1_000))
def test_whatever_becomes_of_recognition_the_text_of_findings_is_never_told(
    script: list[Phrase], waits: list[int], bound_ms: int, seed: int
) -> None:
    call = Call(World(Random(seed), clean=False), bound_ms, waits)
    hold_call(script, call)
    check_told(call)


@slow
@given(phrases, delays, bounds, st.integers(0, 1_000))
def test_what_did_not_pass_is_told_as_part_of_a_finding_or_not_at_all(
    script: list[Phrase], waits: list[int], bound_ms: int, seed: int
) -> None:
    call = Call(World(Random(seed), clean=False), bound_ms, waits)
    hold_call(script, call)
    for said in call.play.told:
        within = {i for f in said.findings for i in range(f.first, f.last)}
        assert all(passed or i in within for i, passed in enumerate(said.passed))


@slow
@given(phrases, delays, bounds)
def test_with_recognition_that_only_takes_its_time_sound_and_transcript_agree(
    script: list[Phrase], waits: list[int], bound_ms: int
) -> None:
    call = Call(World(Random(0), clean=True), bound_ms, waits)
    hold_call(script, call)
    check_sound(call)
    check_told(call)
    check_complete(call)


class Unruly(Call):
    """A call whose answers get lost, come twice, and come again when nobody waits for them."""

    def __init__(self, world: World, bound_ms: float, delays: Sequence[int]) -> None:
        super().__init__(world, bound_ms, delays)
        self._old: list[Recognised | Failed] = []

    def _deliver(self, event: Recognised | Failed) -> None:
        chance = self.world.chance
        if chance.random() < 0.15:
            self._due = None
            return
        super()._deliver(event)
        self._old.append(event)
        for again in chance.sample(self._old, min(2, len(self._old))):
            told, out = len(self.play.told), len(self.play.out)
            self.play.answer(self._contradicted(again))
            assert (len(self.play.told), len(self.play.out)) == (told, out)

    def _contradicted(self, event: Recognised | Failed) -> Recognised | Failed:
        """Return an answer to the same command by which nothing said is personal."""
        if isinstance(event, Failed):
            return event
        nothing = Inspection((), len(event.words))
        return replace(event, so_far=nothing, at_end=nothing)

    def close(self) -> None:
        self.play.close()
        # A lost answer is a failure as soon as somebody stops to wait for it.
        for _ in range(200):
            if not self.play.jobs:
                break
            self.play.answer(Failed(self.play.jobs[-1].id, "waited"))
            self.play.jobs = [j for j in self.play.jobs if j.id > self._answered]


@slow
@given(phrases, delays, bounds, st.integers(0, 1_000))
def test_answers_lost_doubled_or_too_late_let_nothing_out(
    script: list[Phrase], waits: list[int], bound_ms: int, seed: int
) -> None:
    call = Unruly(World(Random(seed), clean=False), bound_ms, waits)
    hold_call(script, call)
    check_sound(call)
    check_told(call)


@slow
@given(phrases, delays, bounds, st.integers(0, 1_000))
def test_what_is_told_as_a_finding_and_had_not_passed_never_passes(
    script: list[Phrase], waits: list[int], bound_ms: int, seed: int
) -> None:
    call = Call(World(Random(seed), clean=False), bound_ms, waits)
    hold_call(script, call)
    passed = [d.span for d in call.play.decisions if d.action is Action.PASS]
    for said in call.play.told:
        for finding in said.findings:
            for i in range(finding.first, finding.last):
                span = said.words[i].span
                core = Span(span.start, span.end - MARGIN)
                middle = Span((core.start + core.end) // 2, (core.start + core.end) // 2 + 1)
                assert said.passed[i] or not any(p.overlaps(middle) for p in passed)
