"""How well faces are hidden, and what it costs: drawn people, or pictures with known faces.

Each film goes, frame by frame, through what a caller's video goes through: looked at small, tilted
in turn, held and hidden. A face is missed in a frame when a tenth of it is not behind tiles there.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from gateway.bench.drawn import Person, callers, place, room
from gateway.engine.faces import detect
from gateway.webrtc.screens import PERIOD, picture_and_look
from media.video.faces import Face, Pixels, look
from media.video.mosaic import STEP
from media.video.veil import AHEAD, Veil

WIDTH, HEIGHT = 640, 360
FRAMES: Final = 24
"""Of a film: 1.6 s."""

QUICK: Final = 7
"""Every seventh film only."""


class PicturesError(Exception):
    """A list of pictures, or one of them, cannot be used; the message names the file."""


@dataclass(frozen=True, slots=True)
class Film:
    """Frames with the faces in them, and what is hard about it."""

    kind: str
    frames: list[tuple[Pixels, list[Face]]]


def run(
    pictures: Path | None, *, quick: bool, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Measure; `pictures` is a CSV with columns file, left, top, right, bottom, in shares.

    Raises:
        PicturesError: when the list or a picture cannot be read.
    """
    films = [*_drawn(), *(_photographed(pictures) if pictures else ())][:: QUICK if quick else 1]
    spent, looked = 0.0, 0
    counts: dict[str, list[int]] = {}
    hidden = clear = 0
    for done, make in enumerate(films):
        film = make()
        shown, took = _through_the_veil(film)
        spent, looked = spent + took, looked + len(film.frames)
        for (before, faces), after in zip(film.frames, shown, strict=False):
            tally = counts.setdefault(film.kind, [0, 0])
            tally[0] += len(faces)
            tally[1] += sum(_shows(after, face) for face in faces)
            if not faces:
                clear += before.shape[0] * before.shape[1]
                hidden += int(_tiled(after).sum())
        progress(done + 1, len(films))
    seen, missed = (sum(tally[i] for tally in counts.values()) for i in (0, 1))
    per_frame = spent / looked
    return {
        "fps": round(1 / PERIOD),
        "size": f"{WIDTH}x{HEIGHT}",
        "core_share": round(per_frame / PERIOD, 3),
        "frame_ms": round(1000 * per_frame, 1),
        "delay_s": round(AHEAD * PERIOD, 2),
        "films": len(films),
        "faces": seen,
        "faces_missed": missed,
        "missed_share": round(missed / seen, 4) if seen else 0.0,
        "hidden_without_faces": round(hidden / clear, 4) if clear else 0.0,
        "by_kind": {
            kind: {"faces": tally[0], "missed": tally[1]} for kind, tally in sorted(counts.items())
        },
    }


def _through_the_veil(film: Film) -> tuple[list[Pixels], float]:
    """Return what is shown of a film, and the seconds of a core that it took."""
    veil, shown = Veil(), []
    frames = [VideoFrame.from_ndarray(pixels, format="rgb24") for pixels, _ in film.frames]
    frames = [frame.reformat(format="yuv420p") for frame in frames]  # as decoders give them
    began = time.process_time()
    for frame in [*frames, *[frames[-1]] * AHEAD]:
        pixels, small = picture_and_look(frame)
        released = veil.feed(pixels, look(small, veil.tilt, detect))
        if released is not None:
            shown.append(released)
    return shown, (time.process_time() - began) * len(frames) / (len(frames) + AHEAD)


def _tiled(pixels: Pixels) -> NDArray[np.bool_]:
    """Tell of each pixel whether it has a colour that tiles have."""
    tiled: NDArray[np.bool_] = (pixels % STEP == STEP // 2).all(axis=2)
    return tiled


def _shows(shown: Pixels, face: Face) -> bool:
    height, width = shown.shape[:2]
    rows = slice(max(0, round(face.top * height)), max(0, round(face.bottom * height)))
    columns = slice(max(0, round(face.left * width)), max(0, round(face.right * width)))
    part = _tiled(shown[rows, columns])
    return bool(part.size and part.mean() < 0.9)


# ---- films ----

Scene = Callable[[int, Pixels], list[Face]]
"""Draws what is in a frame, by its number, into a room; returns the faces."""


def _film(kind: str, scene: Scene, light: float = 1.0) -> Film:
    noise = np.random.default_rng(1)
    frames = []
    for i in range(FRAMES):
        pixels = room(WIDTH, HEIGHT)
        faces = scene(i, pixels)
        if light < 1:  # as a camera sees it in the dark
            dark = pixels * light + noise.normal(0, 4, pixels.shape)
            pixels = np.clip(dark, 0, 255).astype(np.uint8)
        frames.append((pixels, faces))
    return Film(kind, frames)


def _drawn() -> Iterator[Callable[[], Film]]:
    """Yield what draws each film of drawn people."""
    for person in callers():
        yield partial(_film, "near", partial(_sits, person, 170))
        yield partial(_film, "far", partial(_sits, person, 60))
        yield partial(_film, "dark", partial(_sits, person, 120), 0.2)
        yield partial(_film, "nods", partial(_nods, person, 130))
        yield partial(_film, "walks in", partial(_walks, person, 90))
        yield partial(_film, "three", partial(_three, person))
    yield partial(_film, "nobody", lambda i, pixels: [])


def _sits(person: Person, tall: int, i: int, pixels: Pixels) -> list[Face]:
    return [place(pixels, person, 0.4 + 0.002 * (i % 7), 0.5, tall)]


def _nods(person: Person, tall: int, i: int, pixels: Pixels) -> list[Face]:
    leaning = 45 * float(np.sin(2 * np.pi * i / FRAMES))
    return [place(pixels, replace(person, leaning=leaning), 0.5, 0.5, tall)]


def _walks(person: Person, tall: int, i: int, pixels: Pixels) -> list[Face]:
    return [place(pixels, person, 1.05 - i / FRAMES, 0.45, tall)]


def _three(person: Person, i: int, pixels: Pixels) -> list[Face]:
    return [place(pixels, person, x + 0.003 * (i % 5), 0.45, 80) for x in (0.2, 0.5, 0.8)]


def _photographed(path: Path) -> Iterator[Callable[[], Film]]:
    """Yield what makes films of the faces in a list of pictures, near, far and in the dark."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            face = Face(*(float(row[edge]) for edge in ("left", "top", "right", "bottom")))
            cut = _cut(path.parent / row["file"], face)
            for kind, tall, light in (("near", 140, 1.0), ("far", 60, 1.0), ("dark", 120, 0.2)):
                pasted = partial(_pasted, *_scaled(*cut, tall))
                yield partial(_film, f"picture, {kind}", pasted, light)
    except (KeyError, TypeError, ValueError) as error:
        raise PicturesError(f"{path}: not a list of faces ({type(error).__name__})") from None
    except OSError as error:
        raise PicturesError(f"{error.filename}: {error.strerror}") from None


def _cut(path: Path, face: Face) -> tuple[VideoFrame, Face]:
    """Return the surroundings of a face, and where in them it is."""
    with av.open(str(path)) as file:
        pixels = next(file.decode(video=0)).to_ndarray(format="rgb24")
    height, width = pixels.shape[:2]
    around = face.widened(0.7)
    left, top = max(0, round(around.left * width)), max(0, round(around.top * height))
    cut = pixels[top : round(around.bottom * height), left : round(around.right * width)]
    tall, wide = cut.shape[:2]
    inside = Face(
        (face.left * width - left) / wide,
        (face.top * height - top) / tall,
        (face.right * width - left) / wide,
        (face.bottom * height - top) / tall,
    )
    return VideoFrame.from_ndarray(np.ascontiguousarray(cut), format="rgb24"), inside


def _scaled(cut: VideoFrame, face: Face, tall: int) -> tuple[Pixels, Face]:
    scale = tall / ((face.bottom - face.top) * cut.height)
    size = round(cut.width * scale), round(cut.height * scale)
    return cut.reformat(*size, interpolation="AREA").to_ndarray(format="rgb24"), face


def _pasted(cut: Pixels, face: Face, i: int, pixels: Pixels) -> list[Face]:
    tall, wide = cut.shape[:2]
    top, left = (HEIGHT - tall) // 2, min(100 + 2 * (i % 7), WIDTH - wide)
    pixels[top : top + tall, left : left + wide] = cut
    return [
        Face(
            (left + face.left * wide) / WIDTH,
            (top + face.top * tall) / HEIGHT,
            (left + face.right * wide) / WIDTH,
            (top + face.bottom * tall) / HEIGHT,
        )
    ]
