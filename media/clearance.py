"""The hold: nothing leaves it that was not settled.

Samples go in as they are heard and come out once, in order, as they were (`PASS`), silenced
(`MUTE`) or bleeped (`BLEEP`). The *watermark* is the place up to which they have come out; it only
moves forward, and only over samples for which a decision was made by `settle`. What nobody settles
is silenced when it grows older than the hold's bound, never passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from media.audio import Pcm, Samples, Span
from media.render import bleep
from media.tape import Tape


class Action(StrEnum):
    """What becomes of a sample."""

    PASS = "pass"  # noqa: S105 - no password
    MUTE = "mute"
    BLEEP = "bleep"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a stretch, and why ("speech", "pause", an entity, "late", …)."""

    span: Span
    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Release:
    """Samples that leave the hold: rendered, contiguous, with the decisions that made them."""

    span: Span
    pcm: Pcm
    decisions: tuple[Decision, ...]


MASKED: Final = "keypad"
"""The reason for silencing or replacing what would have passed, but for the keypad tones in it."""


class Hold:
    """Hold one caller's samples until they are settled.

    Args:
        bound: the longest that a sample is held, in samples.
        masking: what becomes of masked spans. `MUTE` changes what would have passed; `BLEEP` is
            heard where there would have been silence as well.
    """

    def __init__(self, bound: Samples, masking: Action = Action.MUTE) -> None:
        self._bound = bound
        self._masking = masking
        self._over = {Action.PASS} if masking is Action.MUTE else {Action.PASS, Action.MUTE}
        self._tape = Tape()
        self._decided: list[Decision] = []
        self._masked: list[Span] = []
        self.watermark: Samples = 0
        self.settled: Samples = 0

    def feed(self, pcm: Pcm) -> None:
        """Take the next samples in."""
        self._tape.feed(pcm)

    @property
    def heard(self) -> Samples:
        """Return how many samples were taken in."""
        return self._tape.end

    def settle(self, until: Samples, action: Action, reason: str) -> None:
        """Decide everything from the end of what is settled up to `until`.

        A place that is settled already, or was not heard yet, changes nothing: decisions are made
        once and in order.
        """
        until = min(until, self.heard)
        if until <= self.settled:
            return
        if self._masked and action in self._over:
            for masked in sorted(self._masked, key=lambda span: span.start):
                self._decide(min(masked.start, until), action, reason)
                self._decide(min(masked.end, until), self._masking, MASKED)
        self._decide(until, action, reason)
        self._masked = [span for span in self._masked if span.end > self.settled]

    def mask(self, span: Span) -> None:
        """Let nothing of a span pass, whatever is settled for it from now on."""
        last = self._masked[-1] if self._masked else None
        if last and last.start <= span.start <= last.end:
            self._masked[-1] = Span(last.start, max(last.end, span.end))
        else:
            self._masked.append(span)

    def _decide(self, until: Samples, action: Action, reason: str) -> None:
        if until <= self.settled:
            return
        last = self._decided[-1] if self._decided else None
        if last and last.action is action and last.reason == reason:
            self._decided[-1] = Decision(Span(last.span.start, until), action, reason)
        else:
            self._decided.append(Decision(Span(self.settled, until), action, reason))
        self.settled = until

    def expire(self) -> Span | None:
        """Silence what is older than the bound; return what was, if anything."""
        limit = self.heard - self._bound
        if limit <= self.settled:
            return None
        late = Span(self.settled, limit)
        self.settle(limit, Action.MUTE, "late")
        return late

    def release(self) -> Release | None:
        """Let out what is settled."""
        if not self._decided:
            return None
        span = Span(self.watermark, self.settled)
        decisions, self._decided = tuple(self._decided), []
        rendered = [self._render(decision) for decision in decisions]
        pcm = rendered[0] if len(rendered) == 1 else np.concatenate(rendered)
        self._tape.forget(span.end)
        self.watermark = span.end
        return Release(span, pcm, decisions)

    def _render(self, decision: Decision) -> Pcm:
        match decision.action:
            case Action.PASS:
                return self._tape.read(decision.span)
            case Action.BLEEP:
                return bleep(decision.span)
            case Action.MUTE:
                return np.zeros(len(decision.span), np.int16)
