"""A caller's picture with every face hidden: frames in, the same frames out, a little later.

A frame waits for the next few looks, so that a face which is found only then (it has just come in,
or the head is tilted and its turn to be looked at comes) is hidden in it as well; and a face stays
hidden for a while after it was last found. A frame in which nobody could look is hidden whole.

Time is counted in frames: the gateway takes up to 15 of them a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from media.video.faces import TILTS, Face, Pixels, merged
from media.video.mosaic import WHOLE, hide

AHEAD: Final = len(TILTS)
"""Looks that a frame waits for: each way of looking has its turn. About a quarter of a second."""

MEMORY: Final = 12
"""Frames in which a face stays hidden after it was last found: 0.8 s and more."""

MARGIN: Final = 0.35
"""Shares of a face's width and height that are hidden around it: hair, chin, a sudden move."""


class Veil:
    """One caller's picture; frames come in order."""

    def __init__(self) -> None:
        self._held: deque[tuple[Pixels, bool]] = deque()
        self._found: deque[Sequence[Face]] = deque(maxlen=MEMORY + 1 + AHEAD)
        self._looks = 0

    @property
    def tilt(self) -> int:
        """Return the degrees by which the next frame is to be looked at turned: see `look`."""
        return TILTS[self._looks % len(TILTS)]

    def feed(self, pixels: Pixels, faces: Iterable[Face] | None) -> Pixels | None:
        """Take a frame and what was found in it; return the frame of `AHEAD` frames ago, veiled.

        Args:
            pixels: the frame, which is changed in place when its turn comes.
            faces: what a look at it with `tilt` found; None when that failed or came too late.

        Returns:
            None while no frame has waited long enough.
        """
        self._looks += 1
        self._held.append((pixels, faces is None))
        self._found.append([face.widened(MARGIN) for face in faces or ()])
        if len(self._held) <= AHEAD:
            return None
        frame, unseen = self._held.popleft()
        for face in [WHOLE] if unseen else merged(chain.from_iterable(self._found)):
            hide(frame, face)
        return frame
