"""What is measured of blurred video."""

from functools import partial
from pathlib import Path

import pytest

from gateway.bench import video
from gateway.bench.drawn import Person, place, room
from gateway.bench.video import PicturesError, run
from media.video.faces import Face, Pixels


def two_films() -> list[partial[video.Film]]:
    return [
        partial(video._film, "near", partial(video._sits, Person(), 120)),
        partial(video._film, "nobody", lambda i, pixels: []),
    ]


def test_faces_are_counted_by_kind_and_none_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "_drawn", two_films)
    told: list[tuple[int, int]] = []
    result = run(None, quick=False, progress=lambda done, total: told.append((done, total)))
    assert (result["faces"], result["faces_missed"]) == (video.FRAMES, 0)
    assert result["by_kind"]["nobody"] == {"faces": 0, "missed": 0}
    assert result["hidden_without_faces"] == 0
    assert result["core_share"] == pytest.approx(0.015 * result["frame_ms"], rel=0.1)
    assert told == [(1, 2), (2, 2)]


def test_a_face_that_nobody_finds_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(pixels: Pixels) -> list[Face]:
        return []

    monkeypatch.setattr(video, "_drawn", two_films)
    monkeypatch.setattr(video, "detect", blind)
    result = run(None, quick=False, progress=lambda done, total: None)
    assert result["faces_missed"] == video.FRAMES
    assert result["missed_share"] == 1


def test_faces_in_pictures_are_put_into_films(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = room(400, 300)
    face = place(picture, Person(), 0.5, 0.5, 120)
    (tmp_path / "one.ppm").write_bytes(b"P6 400 300 255\n" + picture.tobytes())
    edges = (face.left, face.top, face.right, face.bottom)
    listing = tmp_path / "faces.csv"
    listing.write_text(f"file,left,top,right,bottom\none.ppm,{','.join(map(str, edges))}\n")
    monkeypatch.setattr(video, "_drawn", list)
    result = run(listing, quick=False, progress=lambda done, total: None)
    assert set(result["by_kind"]) == {"picture, near", "picture, far", "picture, dark"}
    assert result["faces_missed"] == 0


@pytest.mark.parametrize(
    "listing", ["file\nx.png\n", "file,left,top,right,bottom\nx.png,0,0,1,1\n", None]
)
def test_a_list_that_cannot_be_used_is_named(tmp_path: Path, listing: str | None) -> None:
    path = tmp_path / "faces.csv"
    if listing is not None:
        path.write_text(listing)
    with pytest.raises(PicturesError, match=r"faces\.csv|x\.png"):
        run(path, quick=False, progress=lambda done, total: None)
