"""An ear at the end of a stream of sound, which waits for what it is to hear."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from media.audio import Pcm
from tests.gateway.hearing import presence

PATIENCE_S = 60

HEARD = 0.5
"""Other sound is not half as like; what was coded by Opus twice has lost some of its shape."""


class Ear:
    """Keeps what is heard of a stream of sound."""

    def __init__(self, sound: AsyncIterator[Pcm]) -> None:
        self.heard: Pcm = np.zeros(0, np.int16)
        self._listening = asyncio.create_task(self._listen(sound))

    async def _listen(self, sound: AsyncIterator[Pcm]) -> None:
        async for pcm in sound:
            self.heard = np.concatenate((self.heard, pcm))

    async def hears(self, said: Pcm) -> None:
        """Wait until this was heard as it was said, after what was waited for before."""
        async with asyncio.timeout(PATIENCE_S):
            # In a thread: the calls run in this one, and would stutter.
            while await asyncio.to_thread(presence, said, self.heard) < HEARD:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
        self.heard = self.heard[:0]

    async def closed(self) -> None:
        """Wait until the stream has ended."""
        await asyncio.wait_for(self._listening, PATIENCE_S)
