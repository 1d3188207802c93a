"""The hold lets out each sample once, in order, and only as it was settled."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from media.audio import Span
from media.clearance import MASKED, Action, Decision, Hold, Release
from media.render import bleep

BOUND = 2_000
LONGEST = 700


def fed(span: Span) -> np.ndarray:
    """Return samples that tell their place, none of them zero."""
    return (np.arange(span.start, span.end) % 30_011 + 100).astype(np.int16)


class Holding(RuleBasedStateMachine):
    """Any sequence of feed, settle, expire and release, against a plain list of verdicts."""

    def __init__(self) -> None:
        super().__init__()
        self.hold = Hold(BOUND)
        self.heard = 0
        self.settled: list[Action] = []
        self.masked: set[int] = set()
        self.released = 0

    @rule(count=st.integers(0, LONGEST))
    def feed(self, count: int) -> None:
        self.hold.feed(fed(Span(self.heard, self.heard + count)))
        self.heard += count

    @rule(ahead=st.integers(-50, 900), action=st.sampled_from(Action), why=st.sampled_from("ab"))
    def settle(self, ahead: int, action: Action, why: str) -> None:
        until = self.hold.settled + ahead
        self.hold.settle(until, action, why)
        new = range(len(self.settled), min(until, self.heard))
        never = Action.MUTE if action is Action.PASS else action
        self.settled += [never if at in self.masked else action for at in new]

    @rule(back=st.integers(0, 900), count=st.integers(1, 500))
    def mask(self, back: int, count: int) -> None:
        span = Span(max(0, self.heard - back), max(0, self.heard - back) + count)
        self.hold.mask(span)
        self.masked.update(range(span.start, span.end))

    @rule()
    def expire(self) -> None:
        due = Span(len(self.settled), self.heard - BOUND)
        assert self.hold.expire() == (due if len(due) else None)
        self.settled += [Action.MUTE] * len(due)
        assert self.hold.heard - self.hold.settled <= BOUND

    @rule()
    def release(self) -> None:
        before = self.hold.watermark
        release = self.hold.release()
        if release is None:
            assert before == len(self.settled)
            return
        assert release.span == Span(self.released, len(self.settled))
        self.released = release.span.end
        check(release, self.settled)

    @invariant()
    def the_watermark_is_what_came_out(self) -> None:
        assert self.hold.watermark == self.released
        assert self.hold.settled == len(self.settled)
        assert self.hold.heard == self.heard


def check(release: Release, verdicts: list[Action]) -> None:
    span = release.span
    assert len(release.pcm) == len(span)
    assert release.decisions[0].span.start == span.start
    assert release.decisions[-1].span.end == span.end
    for a, b in pairwise(release.decisions):
        assert a.span.end == b.span.start
    raw, tone = fed(span), bleep(span)
    wanted: dict[Action, Callable[[int], int]] = {
        Action.PASS: lambda i: raw[i],
        Action.BLEEP: lambda i: tone[i],
        Action.MUTE: lambda i: 0,
    }
    for i, sample in enumerate(release.pcm):
        assert sample == wanted[verdicts[span.start + i]](i)


TestHolding = Holding.TestCase


@given(st.lists(st.integers(1, LONGEST), min_size=1, max_size=60))
def test_with_expire_after_each_chunk_memory_is_the_bound_and_one_chunk(sizes: list[int]) -> None:
    hold, most = Hold(BOUND), 0
    for size in sizes:
        hold.feed(fed(Span(hold.heard, hold.heard + size)))
        most = max(most, hold._tape.end - hold._tape.start)
        hold.expire()
        hold.release()
    assert most <= BOUND + max(sizes)


def test_nothing_leaves_that_was_not_settled() -> None:
    hold = Hold(BOUND)
    hold.feed(fed(Span(0, 1_000)))
    assert hold.release() is None
    hold.settle(400, Action.PASS, "speech")
    release = hold.release()
    assert release is not None
    assert release.span == Span(0, 400)
    assert hold.release() is None


def test_what_is_not_heard_yet_cannot_be_settled() -> None:
    hold = Hold(BOUND)
    hold.feed(fed(Span(0, 100)))
    hold.settle(5_000, Action.PASS, "speech")
    hold.feed(fed(Span(100, 200)))
    assert hold.settled == 100


def test_a_decision_is_made_once() -> None:
    hold = Hold(BOUND)
    hold.feed(fed(Span(0, 100)))
    hold.settle(100, Action.BLEEP, "PAYMENT_CARD")
    hold.settle(100, Action.PASS, "speech")
    hold.settle(50, Action.PASS, "speech")
    release = hold.release()
    assert release is not None
    assert release.decisions == (Decision(Span(0, 100), Action.BLEEP, "PAYMENT_CARD"),)


def test_decisions_alike_are_joined_others_keep_their_reasons() -> None:
    hold = Hold(BOUND)
    hold.feed(fed(Span(0, 300)))
    for until, why in ((100, "pause"), (200, "pause"), (300, "late")):
        hold.settle(until, Action.MUTE, why)
    release = hold.release()
    assert release is not None
    assert [(d.span, d.reason) for d in release.decisions] == [
        (Span(0, 200), "pause"),
        (Span(200, 300), "late"),
    ]


def test_what_grows_older_than_the_bound_is_silenced_never_passed() -> None:
    hold = Hold(BOUND)
    hold.feed(fed(Span(0, BOUND)))
    assert hold.expire() is None
    hold.feed(fed(Span(BOUND, BOUND + 320)))
    assert hold.expire() == Span(0, 320)
    hold.settle(BOUND, Action.PASS, "speech")
    release = hold.release()
    assert release is not None
    assert not np.any(release.pcm[:320])
    assert np.array_equal(release.pcm[320:], fed(Span(320, BOUND)))


def test_masked_spans_can_be_heard_as_a_tone_but_never_over_a_bleep_or_twice() -> None:
    hold = Hold(BOUND, Action.BLEEP)
    hold.feed(fed(Span(0, 600)))
    hold.mask(Span(100, 200))
    hold.mask(Span(300, 400))
    hold.mask(Span(500, 550))
    hold.settle(250, Action.PASS, "speech")
    hold.settle(450, Action.MUTE, "pause")
    hold.settle(600, Action.BLEEP, "CVV")
    release = hold.release()
    assert release is not None
    assert [(d.span.start, d.action, d.reason) for d in release.decisions] == [
        (0, Action.PASS, "speech"),
        (100, Action.BLEEP, MASKED),
        (200, Action.PASS, "speech"),
        (250, Action.MUTE, "pause"),
        (300, Action.BLEEP, MASKED),
        (400, Action.MUTE, "pause"),
        (450, Action.BLEEP, "CVV"),
    ]
