"""Chromium sends a camera's picture with faces in it; what the gateway shows of it comes back.

The camera is a film of drawn people, who move; Chromium plays it over and over.
"""

import base64
import io
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest

from gateway.bench.drawn import Person, place, room
from gateway.engine import faces
from gateway.engine.faces import detect
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.screens import screens
from media.video.faces import Pixels
from tests.gateway.chromium import GRANT, NEEDED, chromium
from tests.gateway.switchboard import LegSwitchboard
from tests.gateway.webrtc.test_webrtc_browser import CALL

pytestmark = NEEDED

WATCH = """async () => {
  const track = window.pc.getReceivers().find((r) => r.track.kind === "video").track;
  const video = window.shown = document.createElement("video");
  video.srcObject = new MediaStream([track]);
  await video.play();
}"""

FRAMES = """async (count) => {
  const canvas = document.createElement("canvas"), frames = [];
  while (frames.length < count) {
    await new Promise((resolve) => window.shown.requestVideoFrameCallback(resolve));
    canvas.width = window.shown.videoWidth;
    canvas.height = window.shown.videoHeight;
    canvas.getContext("2d").drawImage(window.shown, 0, 0);
    frames.push(canvas.toDataURL("image/png").split(",")[1]);
  }
  return frames;
}"""


def film(path: Path) -> Path:
    """Write a second of two people in a room: one comes nearer, one walks and nods."""
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W640 H360 F15:1 Ip A1:1 C420jpeg\n")
        for i in range(15):
            swing = np.sin(2 * np.pi * i / 15)
            picture = room(640, 360)
            place(picture, Person(turned=swing), 0.3, 0.5, 130 + round(20 * swing))
            walker = Person((150, 100, 70), (40, 28, 22), leaning=25 * swing)
            place(picture, walker, 0.65 + 0.1 * swing, 0.4, 80)
            planes = av.VideoFrame.from_ndarray(picture, format="rgb24").to_ndarray(
                format="yuv420p"
            )
            file.write(b"FRAME\n" + planes.tobytes())
    return path


def decoded(png: str) -> Pixels:
    with av.open(io.BytesIO(base64.b64decode(png)), format="png_pipe") as picture:
        pixels: Pixels = next(picture.decode(video=0)).to_ndarray(format="rgb24")
    return pixels


def is_card(pixels: Pixels) -> bool:
    return bool(np.ptp(pixels) < 12 and pixels.max() < 60)


def window_shows(pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    glass = pixels[height // 6 : height // 3, width * 57 // 64 : width * 59 // 64]
    return bool(glass.mean() > 190)


@pytest.mark.parametrize("policy", ["pass", "blur"])
async def test_of_a_camera_only_what_policy_lets_through_is_shown_and_only_while_it_is_open(
    policy: Literal["pass", "blur"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a frame that is looked at too late, on a busy machine, nothing would be shown.
    monkeypatch.setattr(faces, "WITHIN_S", 10)
    camera = f"--use-file-for-fake-video-capture={film(tmp_path / 'camera.y4m')}"
    async with screens(policy) as screened:
        switchboard = LegSwitchboard(screened=screened)
        async with (
            listening(create_app(switchboard), HttpSettings(port=0)) as base,
            chromium(GRANT, camera) as page,
        ):

            async def shown(count: int) -> list[Pixels]:
                return [decoded(png) for png in await page.evaluate(FRAMES, count)]

            await page.goto(f"{base}/healthz".replace("127.0.0.1", "localhost"))
            await page.evaluate(CALL, True)
            (leg,) = switchboard.legs.values()
            await page.evaluate(WATCH)
            assert all(map(is_card, await shown(6)))

            leg.open_video()
            # On a busy machine many are hidden whole: nobody had the time to look at them.
            frames: list[Pixels] = []
            while sum(map(window_shows, frames)) <= 20:
                frames += [f for f in await shown(20) if not is_card(f)]
            seen = sum(bool(detect(f)) for f in frames)
            assert seen > 15 if policy == "pass" else seen == 0

            leg.close_video()
            await shown(2)  # what was on its way
            assert all(map(is_card, await shown(6)))
            await leg.hang_up()
