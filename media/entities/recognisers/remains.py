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
        """Look at the run that the gap is in or that follows it."""
        gap = turn.gap
        if gap is None:
            return
        run = next((run for run in turn.runs if turn.units[run.last - 1].last > gap), None)
        if run is None or turn.text(run.last) in QUANTITIES:
            return
        if links([unit for unit in turn.units[: run.first] if unit.first >= gap]):
            yield turn.finding(Entity.UNSURE, run.first, run.last, 0.2, "after a gap", run.text)
