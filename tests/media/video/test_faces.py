"""Where faces are: boxes, and looks at a picture that is turned as well."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.video.faces import LOOK_AREA, Face, Pixels, look, look_size, merged

share = st.floats(0, 1)
faces = st.builds(
    lambda x, y, w, h: Face(x, y, x + w, y + h), share, share, st.floats(0, 0.3), st.floats(0, 0.3)
)


def bright(pixels: Pixels) -> list[Face]:
    """A detector of what is white, in one box."""
    rows, columns = np.nonzero(pixels[..., 0] > 128)
    if not len(rows):
        return []
    height, width = pixels.shape[:2]
    return [
        Face(
            columns.min() / width,
            rows.min() / height,
            (columns.max() + 1) / width,
            (rows.max() + 1) / height,
        )
    ]


def spot(x: int, y: int, size: int = 20) -> Pixels:
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[y : y + size, x : x + size] = 255
    return picture


@pytest.mark.parametrize("tilt", [45, -45])
@pytest.mark.parametrize(("x", "y"), [(150, 80), (10, 10), (290, 20), (40, 150), (295, 155)])
def test_what_is_found_in_the_turned_copy_is_where_it_is(tilt: int, x: int, y: int) -> None:
    upright, turned = look(spot(x, y), tilt, bright)
    assert (upright.left * 320, upright.top * 180) == pytest.approx((x, y))
    assert turned.left <= upright.left + 0.01
    assert turned.top <= upright.top + 0.01
    assert turned.right >= upright.right - 0.01
    assert turned.bottom >= upright.bottom - 0.01
    assert (turned.right - turned.left) * 320 < 40


def test_a_picture_is_looked_at_as_it_is_when_no_tilt_is_asked_for() -> None:
    assert len(look(spot(10, 10), 0, bright)) == 1


@pytest.mark.parametrize(
    ("size", "small"),
    [((640, 360), (320, 180)), ((360, 640), (180, 320)), ((160, 120), (160, 120))],
)
def test_a_picture_is_looked_at_small(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert look_size(*size) == small


@given(st.integers(1, 8000), st.integers(1, 8000))
def test_no_picture_costs_more_than_another(width: int, height: int) -> None:
    small = look_size(width, height)
    assert min(small) >= 1
    assert small[0] * small[1] <= 1.1 * LOOK_AREA + max(small)


@given(st.lists(faces, max_size=12))
def test_merged_faces_do_not_touch_and_leave_nothing_out(given_faces: list[Face]) -> None:
    apart = merged(given_faces)
    assert not [a for a in apart for b in apart if a is not b and a.touches(b)]
    for face in given_faces:
        assert any(box.joined(face) == box for box in apart)


def test_a_face_is_widened_on_all_sides() -> None:
    assert Face(0.25, 0.5, 0.5, 1.0).widened(0.5) == Face(0.125, 0.25, 0.625, 1.25)
