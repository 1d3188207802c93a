"""What is hidden cannot be made out again, and nothing else is touched."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from media.video.faces import Face
from media.video.mosaic import TILES, WHOLE, hide

edge = st.floats(-1, 2)


def noise(height: int = 90, width: int = 160) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


def test_a_part_becomes_a_few_tiles_of_few_colours() -> None:
    picture = noise()
    hide(picture, Face(0.25, 0.2, 0.75, 0.8))
    part = picture[18:72, 40:120]
    assert len(np.unique(part.reshape(-1, 3), axis=0)) <= TILES * TILES
    assert len(np.unique(part)) <= 8
    assert (part[:10, :10] == part[0, 0]).all()


def test_what_is_around_it_stays_as_it_was() -> None:
    picture, before = noise(), noise()
    hide(picture, Face(0.25, 0.2, 0.75, 0.8))
    picture[18:72, 40:120] = before[18:72, 40:120]
    assert (picture == before).all()


def test_a_small_change_under_a_tile_mostly_does_not_show() -> None:
    one, other = np.full((90, 160, 3), 100, np.uint8), np.full((90, 160, 3), 101, np.uint8)
    hide(one, WHOLE)
    hide(other, WHOLE)
    assert (one == other).all()


@given(edge, edge, edge, edge, st.integers(1, 40), st.integers(1, 40))
def test_any_box_over_any_picture(
    left: float, top: float, right: float, bottom: float, height: int, width: int
) -> None:
    picture = noise(height, width)
    hide(picture, Face(left, top, right, bottom))
    assert picture.shape == (height, width, 3)


@given(st.integers(1, 40), st.integers(1, 40))
def test_the_whole_is_the_whole(height: int, width: int) -> None:
    picture = np.zeros((height, width, 3), np.uint8)
    hide(picture, WHOLE)
    assert (picture == 16).all()
