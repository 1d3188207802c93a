"""Where faces are in a picture, upright ones and those of tilted heads.

The detector is handed in. Detectors know upright faces; one that leans over by 45° is another
picture to them. So beside the picture as it is, a copy turned to one side or the other is looked
at, in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians, sin, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""A picture: height × width × 3, red, green and blue."""

LOOK_AREA: Final = 320 * 180
"""Pixels of a picture that is looked at. Of 640×360, faces of 48 pixels' height are found in it."""

TILTS: Final = (0, 45, 0, -45)
"""Degrees by which the copy is turned, look by look; 0: none is looked at."""

_TURNED_SCALE: Final = 0.6  # of a picture that is looked at: a tilted head is near, or is small


@dataclass(frozen=True, slots=True)
class Face:
    """A face's upright box, in shares of the picture's width and height; may reach beyond it."""

    left: float
    top: float
    right: float
    bottom: float

    def widened(self, by: float) -> Face:
        """Return it with `by` times its width at both sides, and of its height above and below."""
        x, y = by * (self.right - self.left), by * (self.bottom - self.top)
        return Face(self.left - x, self.top - y, self.right + x, self.bottom + y)

    def touches(self, other: Face) -> bool:
        """Tell whether they have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def joined(self, other: Face) -> Face:
        """Return the box around both."""
        return Face(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


Detect = Callable[[Pixels], Iterable[Face]]
"""Find the upright faces in a picture."""


def look_size(width: int, height: int) -> tuple[int, int]:
    """Return the width and height, of the same shape, in which a picture is to be looked at."""
    scale = min(1.0, sqrt(LOOK_AREA / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def look(pixels: Pixels, tilt: int, detect: Detect) -> list[Face]:
    """Find faces in a picture of `look_size`, and in a copy turned by `tilt` degrees unless 0.

    Raises:
        whatever `detect` raises.
    """
    found = list(detect(pixels))
    if tilt:
        found += _turned_back(detect(_turned(pixels, tilt)), pixels.shape, tilt)
    return found


def merged(faces: Iterable[Face]) -> list[Face]:
    """Join what touches, until nothing does."""
    apart: list[Face] = []
    for face in faces:
        while near := [other for other in apart if other.touches(face)]:
            for other in near:
                apart.remove(other)
                face = face.joined(other)
        apart.append(face)
    return apart


def _turned(pixels: Pixels, tilt: int) -> Pixels:
    index, inside = _turning(pixels.shape[0], pixels.shape[1], tilt)
    turned: Pixels = pixels.reshape(-1, 3)[index]
    turned[~inside] = 0
    return turned


@lru_cache(maxsize=16)
def _turning(height: int, width: int, tilt: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return for each pixel of the turned square which one to take, and whether there is one."""
    side = _turned_side(height, width)
    at = (np.arange(side) + 0.5 - side / 2) / _TURNED_SCALE
    across, down = np.meshgrid(at, at)
    c, s = cos(radians(tilt)), sin(radians(tilt))
    x = np.floor(c * across - s * down + width / 2).astype(np.intp)
    y = np.floor(s * across + c * down + height / 2).astype(np.intp)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return np.clip(y, 0, height - 1) * width + np.clip(x, 0, width - 1), inside


def _turned_side(height: int, width: int) -> int:
    return round(hypot(height, width) * _TURNED_SCALE)


def _turned_back(faces: Iterable[Face], shape: Sequence[int], tilt: int) -> Iterable[Face]:
    """Yield upright boxes around faces of the turned square, in shares of the picture."""
    height, width = shape[:2]
    side = _turned_side(height, width) / _TURNED_SCALE
    c, s = cos(radians(tilt)), sin(radians(tilt))
    for face in faces:
        across = ((face.left + face.right) / 2 - 0.5) * side
        down = ((face.top + face.bottom) / 2 - 0.5) * side
        x, y = c * across - s * down + width / 2, s * across + c * down + height / 2
        reach = max(face.right - face.left, face.bottom - face.top) * side / 2
        yield Face(
            (x - reach) / width, (y - reach) / height, (x + reach) / width, (y + reach) / height
        )
