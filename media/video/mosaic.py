"""Hide a part of a picture behind a few coarse tiles, from which it cannot be made out again."""

from __future__ import annotations

from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.video.faces import Face, Pixels

TILES: Final = 8
"""Across the longer side. A face with its margin takes about half of the box: five by five."""

SMALLEST: Final = 8
"""Pixels of a tile's side at least."""

STEP: Final = 32
"""To which brightness is rounded: what many slightly different frames tell together is bounded."""

WHOLE: Final = Face(0, 0, 1, 1)
"""The whole picture."""


def hide(pixels: Pixels, face: Face) -> None:
    """Replace a part of a picture, in place, by tiles of one roughly rounded colour each."""
    height, width = pixels.shape[:2]
    top, left = max(0, floor(face.top * height)), max(0, floor(face.left * width))
    bottom, right = max(0, ceil(face.bottom * height)), max(0, ceil(face.right * width))
    part = pixels[top:bottom, left:right]
    if not part.size:
        return
    side = max(SMALLEST, -(-max(part.shape[:2]) // TILES))
    rows, tall = _tiles(part.shape[0], side)
    columns, wide = _tiles(part.shape[1], side)
    sums = np.add.reduceat(part, rows, axis=0, dtype=np.uint32)
    sums = np.add.reduceat(sums, columns, axis=1)
    colours = sums // (tall[:, None, None] * wide[None, :, None])
    rounded = (colours // STEP * STEP + STEP // 2).astype(np.uint8)
    part[:] = rounded.repeat(tall, axis=0).repeat(wide, axis=1)


def _tiles(pixels: int, side: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where tiles begin, and how many pixels each has."""
    starts = np.arange(0, pixels, side)
    return starts, np.diff(np.append(starts, pixels))
