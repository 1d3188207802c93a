"""Drawn faces of nobody, which a face detector takes for faces, and rooms to put them in.

So that video can be tested and measured without a picture of a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.video.faces import Face, Pixels

Colour = tuple[float, float, float]

SKINS: Final[tuple[Colour, ...]] = (
    (236, 200, 176),
    (224, 172, 140),
    (198, 140, 104),
    (150, 100, 70),
    (100, 66, 48),
)
HAIRS: Final[tuple[Colour, ...]] = ((40, 28, 22), (110, 70, 40), (200, 170, 110), (70, 70, 72))

_FACE: Final = Face(0.28, 0.24, 0.72, 0.8)
"""Where in a portrait the face is."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is drawn: `turned` from -1 (to the left) to 1, `leaning` in degrees."""

    skin: Colour = SKINS[0]
    hair: Colour = HAIRS[0]
    turned: float = 0.0
    leaning: float = 0.0


class _Canvas:
    """A square from -1 to 1 in both directions, painted by soft ellipses."""

    def __init__(self, side: int, leaning: float) -> None:
        at = (np.arange(side) + 0.5) / side * 2 - 1
        across, down = np.meshgrid(at, at)
        c, s = np.cos(np.radians(leaning)), np.sin(np.radians(leaning))
        self.x, self.y = c * across - s * down, s * across + c * down
        self.colour = np.zeros((side, side, 3))
        self.cover = np.zeros((side, side, 1))

    def ellipse(
        self, x: float, y: float, wide: float, high: float, soft: float = 0.08
    ) -> NDArray[np.float64]:
        inside = 1 - ((self.x - x) / wide) ** 2 - ((self.y - y) / high) ** 2
        cover: NDArray[np.float64] = np.clip(inside / (2 * soft) + 0.5, 0, 1)[..., None]
        return cover

    def paint(
        self, where: NDArray[np.float64], colour: NDArray[np.float64] | Colour, much: float = 1.0
    ) -> None:
        self.colour = self.colour * (1 - much * where) + np.asarray(colour) * (much * where)
        self.cover = np.maximum(self.cover, where)


@lru_cache(maxsize=64)
def portrait(person: Person, side: int) -> tuple[Pixels, NDArray[np.float64]]:
    """Draw head and shoulders, `side` pixels square; return it and how far it covers (0 to 1)."""
    canvas = _Canvas(side, person.leaning)
    spot, paint = canvas.ellipse, canvas.paint
    skin, hair, turn = np.array(person.skin), np.array(person.hair), 0.6 * person.turned
    paint(spot(0, 1.25, 0.85, 0.5), (50, 60, 90))
    paint(spot(0, 0.62, 0.2, 0.35), 0.75 * skin)
    paint(spot(0, -0.22, 0.56, 0.62), hair)
    head = spot(0, 0, 0.45, 0.6)
    paint(head, skin)
    light = 1.05 - 0.66 * (canvas.x + 0.1) ** 2 - 0.12 * np.maximum(canvas.y, 0) - 0.1 * canvas.x
    paint(head, canvas.colour * np.clip(light, 0.5, 1.15)[..., None])
    paint(spot(0, -0.52, 0.42, 0.2, 0.3), hair, 0.9)
    for eye in (0.1 * turn - 0.17, 0.1 * turn + 0.17):
        paint(spot(eye, -0.08, 0.13, 0.085, 0.5), 0.55 * skin, 0.5)
        paint(spot(eye, -0.19, 0.12, 0.03, 0.4), 0.7 * hair, 0.9)
        paint(spot(eye, -0.08, 0.085, 0.042, 0.3), (235, 232, 228))
        paint(spot(eye, -0.08, 0.042, 0.045, 0.3), (60, 40, 30))
        paint(spot(eye, -0.08, 0.018, 0.02, 0.3), (10, 10, 10))
        paint(spot(eye, -0.118, 0.09, 0.018, 0.5), 0.3 * skin, 0.8)
    nose = 0.12 * turn
    paint(spot(nose + 0.035, 0.1, 0.03, 0.2, 0.8), 0.6 * skin, 0.45)
    paint(spot(nose - 0.01, 0.08, 0.02, 0.16, 0.8), np.minimum(1.25 * skin, 255), 0.35)
    paint(spot(nose, 0.235, 0.085, 0.04, 0.6), 0.55 * skin, 0.6)
    for nostril in (nose - 0.045, nose + 0.045):
        paint(spot(nostril, 0.235, 0.022, 0.014, 0.5), 0.25 * skin, 0.8)
    paint(spot(0.1 * turn, 0.38, 0.16, 0.05, 0.4), skin * (0.65, 0.37, 0.41), 0.9)
    paint(spot(0.1 * turn, 0.378, 0.15, 0.01, 0.5), 0.22 * skin, 0.9)
    paint(spot(0.1 * turn, 0.47, 0.1, 0.03, 0.8), 0.6 * skin, 0.4)
    return np.clip(canvas.colour, 0, 255).astype(np.uint8), canvas.cover


def room(width: int, height: int) -> Pixels:
    """Draw a wall with a shelf and a window, in which nobody is."""
    shade = np.linspace(150, 110, height)[:, None, None] + np.linspace(-15, 15, width)[:, None]
    wall = (shade * (0.95, 1.0, 0.97)).astype(np.uint8)
    wall[height // 8 : height // 2, width * 3 // 4 : width * 15 // 16] = (205, 222, 235)
    wall[height * 5 // 8 : height * 11 // 16, : width // 4] = (95, 70, 50)
    return wall


def place(picture: Pixels, person: Person, x: float, y: float, face_height: int) -> Face:
    """Draw a person in a picture, its face around `x`, `y` (shares); return where the face is."""
    height, width = picture.shape[:2]
    side = max(8, round(face_height / (_FACE.bottom - _FACE.top)))
    drawn, cover = portrait(person, side)
    left, top = round(x * width - side / 2), round(y * height - side / 2)
    here = (
        slice(max(0, top), max(0, min(height, top + side))),
        slice(max(0, left), max(0, min(width, left + side))),
    )
    there = tuple(slice(a.start - o, a.stop - o) for a, o in zip(here, (top, left), strict=True))
    under, share = picture[here], cover[there]
    picture[here] = (under * (1 - share) + drawn[there] * share).astype(np.uint8)
    return Face(
        (left + _FACE.left * side) / width,
        (top + _FACE.top * side) / height,
        (left + _FACE.right * side) / width,
        (top + _FACE.bottom * side) / height,
    )


def callers() -> Iterator[Person]:
    """Yield drawn people of each skin, looking straight and to both sides."""
    for i, skin in enumerate(SKINS):
        for turned in (0.0, -1.0, 1.0):
            yield Person(skin, HAIRS[i % len(HAIRS)], turned)
