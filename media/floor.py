"""The floor: whom the caller is to hear when both sides speak at once. Themselves.

A caller who begins to speak takes the floor from an agent that is speaking (barge-in). What the
agent goes on sending of that reply is not for the caller's ears; what it starts anew is. It starts
anew when it says so, or when it sounds after a pause and the caller has fallen quiet. An agent
that never pauses, since it sends music or did not mind a cough, has the floor back after a while.
Time is what the caller's side has fed.
"""

from __future__ import annotations

from typing import Final

from media.audio import RATE, Pcm, Samples, level_dbfs
from media.onset import Onset, SpeechStarted

PAUSE: Final = RATE // 4
"""Samples without sound from an agent after which its next sound is a new start."""

BACK: Final = RATE * 3 // 2
"""Samples of the caller's quiet after which the agent has the floor in any case."""

SOUND_DBFS: Final = -50.0
"""Level of a piece of the agent's stream below which it is a pause: some stream silence."""


class Floor:
    """Follow who speaks; `taken` tells whether the caller has interrupted the agent."""

    def __init__(self) -> None:
        self._onset = Onset()
        self._queued_until: Samples = 0
        self._sounds_until: Samples = -PAUSE
        self.taken = False

    def feed(self, pcm: Pcm) -> list[SpeechStarted]:
        """Take the caller's next samples (16 kHz); what is queued is to be dropped at a start."""
        events = self._onset.feed(pcm)
        if events:
            self.taken = self.taken or self._agent_speaks()
            self._drop()
        return events

    def hears(self, pcm: Pcm) -> bool:
        """Take what the agent sends next (16 kHz); tell whether the caller is to hear it."""
        now, quiet = self._onset.heard, self._onset.quiet
        if (quiet and not self._agent_speaks()) or quiet >= BACK:
            self.taken = False
        self._queued_until = max(now, self._queued_until) + (0 if self.taken else len(pcm))
        if level_dbfs(pcm) > SOUND_DBFS:
            self._sounds_until = self._queued_until
        return not self.taken

    def clear(self) -> None:
        """Take note that the agent dropped what it had sent, and starts anew."""
        self.taken = False
        self._drop()

    def _agent_speaks(self) -> bool:
        return self._onset.heard - self._sounds_until < PAUSE

    def _drop(self) -> None:
        now = self._onset.heard
        self._queued_until = min(now, self._queued_until)
        self._sounds_until = min(now, self._sounds_until)
