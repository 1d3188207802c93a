"""What remains of a number whose beginning was not understood: "… 6 4 6 7"."""

from __future__ import annotations

from collections.abc import Iterator

from media.entities.english.context import QUANTITIES
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance, links


class Remains:
    """Digits and letters right behind speech that was silenced before it was understood.

    Four digits are nothing by themselves, and the end of a card whose beginning was lost.
    """

    name = "remains"
    about = "digits or letters right after speech that was not understood: the rest of a number"
    entities = (Entity.UNSURE,)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Look for the run that the gap is in or that follows it."""
        if turn.gap is None:
            return
        for run in turn.runs:
            if turn.units[run.last - 1].last <= turn.gap:
                continue
            between = [u for u in turn.units[: run.first] if u.first >= turn.gap]
            if links(between) and turn.text(run.last) not in QUANTITIES:
                yield turn.finding(Entity.UNSURE, run.first, run.last, 0.2, "after a gap", run.text)
            break
