"""What a caller hears who waits for a person: music, and the place in the queue when it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.legs import CallerLeg
from media.audio import RATE, Pcm, Samples, Seconds

TOLD_EVERY: Final[Seconds] = 20.0
"""A place in the queue is not told more often."""

MOST_TOLD: Final = 9
"""Places beyond this one are not told by number."""

_PIECE: Final[Samples] = RATE  # music is queued by the second, so that a prompt is not late
_AHEAD: Final[Seconds] = 0.5


class OnHold:
    """Keep a waiting caller company; `tick` it a few times a second.

    `prompt` returns the samples of a prompt by its id: `wait` and `wait_position_1` to `_9` are
    asked for. The first is told as soon as what is queued on `leg` has been played. Who ends the
    wait drops what is queued (`CallerLeg.stop_playing`).
    """

    def __init__(self, leg: CallerLeg, prompt: Callable[[str], Pcm], music: Pcm) -> None:
        self._leg = leg
        self._prompt = prompt
        self._music = music
        self._at: Samples = 0
        self._place = "wait"
        self._told = ""
        self._told_at: Seconds = 0.0

    def moved(self, position: int | None) -> None:
        """Take the caller's place in the queue; 1 is next, None is not known."""
        known = position is not None and 1 <= position <= MOST_TOLD
        self._place = f"wait_position_{position}" if known else "wait"

    def tick(self, now: Seconds) -> None:
        """Queue what comes next, when little is queued; `now` is any clock that runs evenly."""
        if self._leg.unplayed() > _AHEAD:
            return
        if self._place != self._told and (not self._told or now - self._told_at >= TOLD_EVERY):
            self._told, self._told_at = self._place, now
            self._leg.play(self._prompt(self._place))
        else:
            self._leg.play(self._music[self._at : self._at + _PIECE])
            self._at += _PIECE
            if self._at >= len(self._music):
                self._at = 0
