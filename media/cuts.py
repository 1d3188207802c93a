"""From verdicts on words to decisions on samples.

Word times err, so a silenced word is widened into the pause around it and a little into its
neighbours, and a word that passes stops short of what is not settled yet. Speech that no word
covers was not recognised, and is silenced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from media.audio import RATE, Samples, Span
from media.clearance import Action


class Margins(NamedTuple):
    """Samples silenced before a finding, and after it, even over a short word.

    Ends are timed worse than starts.
    """

    before: Samples
    after: Samples
    share: float
    """How much of the word after a finding is silenced with it at most."""


CLOSE: Final = Margins(RATE * 40 // 1_000, RATE * 120 // 1_000, 1 / 3)
"""Where the encoder was listened to for the edges of words."""

WIDE: Final = Margins(RATE * 80 // 1_000, RATE * 240 // 1_000, 1)
"""Where words were timed by the dips between them."""

MARGIN: Final = RATE * 60 // 1_000
"""Samples around a passing word that pass with it: its onset and its release."""

GAP: Final = RATE * 350 // 1_000
"""The longest stretch between two passing words, or after the last, that passes with them."""


NOT_RECOGNISED: Final = "not recognised"
"""The reason for silencing speech that no word covers."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A settled word: where it is and what becomes of it."""

    span: Span
    action: Action
    reason: str = "speech"

    @property
    def middle(self) -> Samples:
        """Return the middle of the word."""
        return (self.span.start + self.span.end) // 2


class Cut(NamedTuple):
    """Decide everything up to `until`."""

    until: Samples
    action: Action
    reason: str


def cut(
    start: Samples,
    marks: Sequence[Mark],
    *,
    follows: Samples | None,
    end: Samples | None,
    before: Mark | None = None,
    margins: Margins = WIDE,
) -> list[Cut]:
    """Turn settled words, in order, into cuts from `start` on.

    `before` is the word settled last. `follows` is where the next word, which is not settled,
    begins. Without one, `end` is where the phrase ended, and the cuts go that far; while it still
    runs, both are None. `margins` say how far findings are widened.
    """
    cuts: list[Cut] = []
    at = start
    reach = MARGIN  # how far before its first word speech passes
    if before is not None:
        if marks and before.action is not Action.PASS:
            at = max(at, _behind(before, marks[0], margins))
            cuts.append(Cut(at, before.action, before.reason))
        elif marks and marks[0].span.start - before.span.end <= GAP and before.span.start <= at:
            reach = 2 * GAP  # the rest of the word before, and a pause
        elif not marks and end is not None and follows is None:
            cuts.append(Cut(min(end, before.span.end + GAP), before.action, before.reason))
    for i, mark in enumerate(marks):
        if mark.action is Action.PASS and mark.span.start - at > (reach if i == 0 else GAP):
            cuts.append(Cut(mark.span.start - MARGIN, Action.MUTE, NOT_RECOGNISED))
        following = marks[i + 1] if i + 1 < len(marks) else None
        at = _boundary(mark, following, follows, end, margins)
        cuts.append(Cut(at, mark.action, mark.reason))
    if end is not None and follows is None:
        cuts.append(Cut(end, Action.MUTE, NOT_RECOGNISED))
    return cuts


def _boundary(
    mark: Mark,
    following: Mark | None,
    follows: Samples | None,
    end: Samples | None,
    margins: Margins,
) -> Samples:
    """Return where the decision on `mark` stops."""
    passes = mark.action is Action.PASS
    if following is not None:
        if passes and following.action is not Action.PASS:
            return max(
                mark.span.start, min(following.span.start - margins.before, mark.span.end + MARGIN)
            )
        if not passes and following.action is Action.PASS:
            return _behind(mark, following, margins)
        near = following.span.start - mark.span.end <= GAP
        if not passes or near:
            return following.span.start
        return mark.span.end + MARGIN
    if not passes:
        return end if end is not None and follows is None else mark.span.end
    if follows is not None:
        return max(mark.middle, min(mark.span.end, follows - margins.before))
    if end is not None:
        return min(end, mark.span.end + GAP)
    return max(mark.middle, mark.span.end - MARGIN)


def _behind(finding: Mark, following: Mark, margins: Margins) -> Samples:
    """Return up to where a finding is silenced into what follows it."""
    wide = max(finding.span.end + margins.after, following.span.start - MARGIN)
    if following.action is not Action.PASS:
        return wide
    most = following.span.start + round(len(following.span) * margins.share)
    return max(finding.span.end, min(wide, most))
