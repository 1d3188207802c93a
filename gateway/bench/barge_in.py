"""How soon an agent can know that a caller has begun to speak."""

from __future__ import annotations

from gateway.bench.items import Item
from media.audio import FRAME, Pcm, Seconds, seconds
from media.onset import Onset


def barge_in_delay(item: Item, said: Pcm) -> Seconds | None:
    """Return the time from the first word to the event that tells of it; None when none came.

    What is told before the first word is a mistake. `said` is the caller's voice after its channel,
    sample-aligned with the truth (16 kHz). It is stream time: what is computed, and the way to the
    agent, take next to nothing beside it.
    """
    onset, begins = Onset(), min((word.span.start for word in item.words), default=len(said))
    for at in range(0, len(said), FRAME):
        if onset.feed(said[at : at + FRAME]) and onset.heard > begins:
            return seconds(onset.heard - begins)
    return None
