"""Words with verdicts become decisions on samples: findings wide, passing words narrow."""

from hypothesis import given
from hypothesis import strategies as st
from sounds import ms

from media.audio import Span
from media.clearance import Action
from media.cuts import CLOSE, GAP, MARGIN, WIDE, Cut, Mark, cut
from media.entities.types import Entity

PASS, BLEEP, MUTE = Action.PASS, Action.BLEEP, Action.MUTE


def said(start_ms: float, end_ms: float, action: Action = PASS) -> Mark:
    reason = "speech" if action is PASS else Entity.PAYMENT_CARD
    return Mark(Span(ms(start_ms), ms(end_ms)), action, reason)


def decided(
    marks: list[Mark], *, start: int = 0, follows: int | None = None, end: int | None = None
) -> list[tuple[Span, Action]]:
    """Return what the cuts come to, neighbours alike joined."""
    out: list[tuple[Span, Action]] = []
    at = start
    for until, action, _ in cut(start, marks, follows=follows, end=end):
        if until <= at:
            continue
        if out and out[-1][1] is action:
            out[-1] = (Span(out[-1][0].start, until), action)
        else:
            out.append((Span(at, until), action))
        at = until
    return out


def action_at(cuts: list[tuple[Span, Action]], place: int) -> Action | None:
    return next((action for span, action in cuts if span.start <= place < span.end), None)


def test_words_side_by_side_pass_as_one() -> None:
    cuts = decided([said(100, 400), said(400, 700), said(750, 900)], start=ms(60), end=ms(1_000))
    assert cuts == [(Span(ms(60), ms(1_000)), PASS)]


def test_speech_before_the_first_word_is_silenced_up_to_its_onset() -> None:
    cuts = decided([said(500, 900)], end=ms(900))
    assert cuts == [(Span(0, ms(500) - MARGIN), MUTE), (Span(ms(500) - MARGIN, ms(900)), PASS)]


def test_speech_that_no_word_covers_is_silenced() -> None:
    cuts = decided([said(0, 300), said(1_500, 1_800)], end=ms(1_800))
    assert action_at(cuts, ms(900)) is MUTE
    assert action_at(cuts, ms(200)) is PASS
    assert action_at(cuts, ms(1_600)) is PASS


def test_speech_long_after_the_last_word_is_silenced() -> None:
    cuts = decided([said(0, 300)], end=ms(2_000))
    assert cuts == [(Span(0, ms(300) + GAP), PASS), (Span(ms(300) + GAP, ms(2_000)), MUTE)]


def test_a_word_that_went_on_passes_up_to_its_end() -> None:
    before = said(100, 800)
    cuts = cut(ms(380), [said(1_000, 1_300)], follows=ms(1_900), end=None, before=before)
    assert cuts == [Cut(ms(1_300), PASS, "speech")]


def test_a_finding_is_widened_before_and_after() -> None:
    marks = [said(0, 500), said(800, 1_200, BLEEP), said(1_600, 2_000)]
    cuts = decided(marks, end=ms(2_000))
    bleeped = [span for span, action in cuts if action is BLEEP]
    assert len(bleeped) == 1
    assert bleeped[0].start <= ms(800) - WIDE.before
    assert bleeped[0].end >= ms(1_200) + WIDE.after


def test_a_finding_reaches_into_its_neighbours() -> None:
    marks = [said(0, 300), said(300, 600, BLEEP), said(600, 900)]
    ((first, _), (bleeped, _), (last, _)) = decided(marks, end=ms(900))
    assert first.end == bleeped.start == ms(300) - WIDE.before
    assert bleeped.end == last.start == ms(600) + WIDE.after
    short = [said(0, 80), said(80, 400, BLEEP), said(400, 500)]
    assert {action for _, action in decided(short, end=ms(500))} == {BLEEP}


def test_a_finding_reaches_less_far_where_words_are_timed_closely() -> None:
    marks = [said(0, 300), said(300, 600, BLEEP), said(600, 900)]
    (before, bleeped, _) = cut(0, marks, follows=None, end=ms(900), margins=CLOSE)[:3]
    assert (before.until, bleeped.until) == (ms(300) - CLOSE.before, ms(600) + ms(300 / 3))
    apart = [said(0, 600, BLEEP), said(660, 900)]
    assert cut(0, apart, follows=None, end=ms(900), margins=CLOSE)[0].until == ms(600) + CLOSE.after


def test_findings_side_by_side_leave_nothing_between() -> None:
    marks = [said(0, 300, BLEEP), said(800, 1_100, BLEEP)]
    cuts = decided(marks, end=ms(1_200))
    assert all(action is not PASS for _, action in cuts)


def test_a_finding_at_the_end_reaches_to_the_end_of_the_phrase() -> None:
    cuts = decided([said(0, 300), said(300, 600, BLEEP)], end=ms(900))
    assert cuts[-1] == (Span(ms(300) - WIDE.before, ms(900)), BLEEP)


def test_a_passing_word_stops_short_of_one_that_is_not_settled() -> None:
    cuts = decided([said(0, 500)], follows=ms(500))
    assert cuts == [(Span(0, ms(500) - WIDE.before), PASS)]


def test_while_the_phrase_runs_the_end_of_the_last_word_is_kept_back() -> None:
    assert decided([said(0, 500)]) == [(Span(0, ms(500) - MARGIN), PASS)]


def test_no_words_settle_nothing_but_an_ended_phrase() -> None:
    assert cut(5, [], follows=None, end=None) == []
    assert cut(5, [], follows=900, end=1_000) == []
    assert cut(5, [], follows=None, end=1_000) == [Cut(1_000, MUTE, "not recognised")]


spans = st.lists(
    st.tuples(st.integers(0, 8_000), st.integers(160, 9_000), st.sampled_from([PASS, BLEEP, MUTE])),
    max_size=8,
)


@given(spans, st.integers(0, 4_000), st.booleans(), st.integers(0, 6_000), st.booleans())
def test_cuts_protect_findings_and_unsettled_words(
    drawn: list[tuple[int, int, Action]], start: int, ended: bool, more: int, next_word: bool
) -> None:
    marks: list[Mark] = []
    at = start
    for gap, length, action in drawn:
        span = Span(at + gap, at + gap + length)
        marks.append(Mark(span, action, "x"))
        at = span.end
    follows = at + more if next_word else None
    end = at + more if ended else None
    cuts = decided(marks, start=start, follows=follows, end=end)
    for mark in marks:
        if mark.action is not PASS:
            for place in (mark.span.start, (mark.span.start + mark.span.end) // 2):
                assert action_at(cuts, place) is not PASS
            assert action_at(cuts, mark.span.end - 1) is not PASS
    found = [m.span for m in marks if m.action is not PASS]
    for mark in marks:
        reach = Span(mark.span.start - WIDE.after, mark.span.end + WIDE.before)
        if mark.action is PASS and not any(span.overlaps(reach) for span in found):
            assert action_at(cuts, mark.middle - 1) is PASS
    settled = cuts[-1][0].end if cuts else start
    if follows is not None:
        assert all(span.end <= follows for span, action in cuts if action is PASS)
    elif end is not None:
        assert settled >= end
    near = [Span(m.span.start - GAP, m.span.end + GAP) for m in marks if m.action is PASS]
    for span, action in cuts:
        if action is PASS:
            for place in (span.start, (span.start + span.end) // 2, span.end - 1):
                assert any(s.start <= place < s.end for s in near)
