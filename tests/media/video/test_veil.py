"""A caller's picture: faces stay hidden, before and after they are found."""

import numpy as np

from media.video.faces import Face, Pixels
from media.video.veil import AHEAD, MEMORY, Veil

FACE = Face(0.4, 0.3, 0.5, 0.5)
BACKGROUND = 200


def frame() -> Pixels:
    """A picture with a face's fine detail where a face is found, and around it."""
    picture = np.full((90, 160, 3), BACKGROUND, np.uint8)
    picture[20:55, 55:90] = np.indices((35, 35)).sum(axis=0)[..., None] % 2 * 255
    return picture


def shown(found: list[list[Face] | None]) -> list[Pixels]:
    """Feed frames with what was found in each, and then as many as it takes to get all back."""
    veil, out = Veil(), []
    for faces in [*found, *[[]] * AHEAD]:
        released = veil.feed(frame(), faces)
        if released is not None:
            out.append(released)
    return out


def face_shows(picture: Pixels) -> bool:
    return bool((picture[27:45, 64:80] == frame()[27:45, 64:80]).all())


def hidden_whole(picture: Pixels) -> bool:
    return not (picture[:10, :10] == BACKGROUND).any()


def test_a_face_is_hidden_and_the_rest_shows() -> None:
    (picture,) = shown([[FACE]])
    assert not face_shows(picture)
    assert (picture[:, :40] == BACKGROUND).all()


def test_as_many_frames_come_out_in_their_order() -> None:
    veil = Veil()
    frames = [np.full((9, 16, 3), i, np.uint8) for i in range(20)]
    out = [veil.feed(f, []) for f in frames]
    assert out[:AHEAD] == [None] * AHEAD
    assert [int(f[0, 0, 0]) for f in out[AHEAD:] if f is not None] == list(range(20 - AHEAD))


def test_the_margin_around_a_face_is_hidden() -> None:
    (picture,) = shown([[FACE]])
    before = frame()
    assert (picture[22:27, 60:85] != before[22:27, 60:85]).any()


def test_a_face_stays_hidden_while_nobody_finds_it() -> None:
    pictures = shown([[FACE], *[[]] * (MEMORY + 5)])
    assert [face_shows(p) for p in pictures] == [False] * (MEMORY + 1) + [True] * 5


def test_a_face_that_is_found_late_was_hidden_already() -> None:
    pictures = shown([*[[]] * (AHEAD + 3), [FACE]])
    assert [face_shows(p) for p in pictures] == [True] * 3 + [False] * (AHEAD + 1)


def test_a_frame_that_could_not_be_looked_at_is_hidden_whole() -> None:
    pictures = shown([[], None, [], None, None])
    assert [hidden_whole(p) for p in pictures] == [False, True, False, True, True]


def test_all_faces_are_hidden() -> None:
    (picture,) = shown([[FACE, Face(0.8, 0.7, 0.9, 0.9)]])
    assert not face_shows(picture)
    assert (picture[66:78, 130:142] != BACKGROUND).any()


def test_every_way_of_looking_has_its_turn_while_a_frame_waits() -> None:
    veil, tilts = Veil(), []
    for _ in range(AHEAD + 1):
        tilts.append(veil.tilt)
        veil.feed(frame(), [])
    assert set(tilts[1:]) == {0, 45, -45}
    assert tilts.count(0) >= 2
