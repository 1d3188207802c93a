"""Chromium calls the gateway: its offers, its candidates, its keys."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Page

from gateway.legs import Audio, Gone, Key
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.screens import passed
from media.audio import RATE
from tests.gateway.chromium import GRANT, NEEDED, chromium
from tests.gateway.switchboard import LegSwitchboard, tone

pytestmark = NEEDED

CALL = """async (video) => {
  const pc = window.pc = new RTCPeerConnection();
  const stream = await navigator.mediaDevices.getUserMedia({audio: true, video});
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  const up = new Promise((resolve, reject) => {
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "connected") resolve();
      if (pc.connectionState === "failed") reject(new Error("failed"));
    };
  });
  await pc.setLocalDescription();
  const reply = await fetch("/v1/calls", {
    method: "POST", headers: {"Content-Type": "application/sdp"}, body: pc.localDescription.sdp});
  if (reply.status !== 201) throw new Error(await reply.text());
  const trickle = async (lines) => {
    const answer = await fetch(reply.headers.get("Location"), {method: "PATCH", body: lines,
      headers: {"Content-Type": "application/trickle-ice-sdpfrag",
                "If-Match": reply.headers.get("ETag")}});
    if (answer.status !== 204) throw new Error(await answer.text());
  };
  pc.onicecandidate = ({candidate: c}) => trickle(c && c.candidate
    ? `a=mid:${c.sdpMid}\\r\\na=${c.candidate}\\r\\n` : "a=end-of-candidates\\r\\n");
  await pc.setRemoteDescription({type: "answer", sdp: await reply.text()});
  await up;
  return reply.headers.get("Location");
}"""

KEY = """async () => {
  const sender = window.pc.getSenders().find((s) => s.track.kind === "audio");
  sender.dtmf.insertDTMF("5", 200);
}"""

LOUDEST = """async () => {
  const track = window.pc.getReceivers().find((r) => r.track.kind === "audio").track;
  const element = new Audio();  // without one Chromium does not pull the track
  element.srcObject = new MediaStream([track]);
  element.muted = true;
  await element.play();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  for (let i = 0; i < 100; i++) {
    await new Promise((r) => setTimeout(r, 100));
    analyser.getFloatFrequencyData(bins);
    const best = bins.indexOf(Math.max(...bins));
    if (bins[best] > -40) return best * context.sampleRate / analyser.fftSize;
  }
  return 0;
}"""

SHADE = """async () => {
  const track = window.pc.getReceivers().find((r) => r.track.kind === "video").track;
  const video = document.createElement("video");
  video.srcObject = new MediaStream([track]);
  await video.play();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 16;
  const context = canvas.getContext("2d");
  await new Promise((r) => setTimeout(r, 1000));
  context.drawImage(video, 0, 0, 16, 16);
  const data = context.getImageData(0, 0, 16, 16).data;
  let low = 255, high = 0;
  data.forEach((v, i) => { if (i % 4 < 3) { low = Math.min(low, v); high = Math.max(high, v); } });
  return [low, high];
}"""


@pytest.fixture
def switchboard() -> LegSwitchboard:
    return LegSwitchboard(screened=lambda: passed)


@pytest_asyncio.fixture
async def page(switchboard: LegSwitchboard) -> AsyncIterator[Page]:
    async with (
        listening(create_app(switchboard), HttpSettings(port=0)) as base,
        chromium(GRANT) as page,
    ):
        await page.goto(f"{base}/healthz".replace("127.0.0.1", "localhost"))
        yield page


@pytest.mark.parametrize("video", [False, True], ids=["audio", "video"])
async def test_chromium_calls_presses_a_key_and_hears(
    page: Page, switchboard: LegSwitchboard, video: bool
) -> None:
    location = await page.evaluate(CALL, video)
    (leg,) = switchboard.legs.values()
    leg.play(tone(1200, 30))
    assert await page.evaluate(LOUDEST) == pytest.approx(1200, abs=15)
    if video:
        low, high = await page.evaluate(SHADE)
        assert high < 60
        assert high - low < 10
        leg.open_video()
        low, high = await page.evaluate(SHADE)
        assert high - low > 60
    await page.evaluate(KEY)
    pressed, heard, after = [], [], 0
    async with asyncio.timeout(20):
        async for event in leg.events():
            if isinstance(event, Key):
                pressed.append(event.digit)
            elif isinstance(event, Audio):
                heard.append(event.pcm)
                after += len(event.pcm) if pressed else 0
                if after > 2 * RATE:
                    break
    assert pressed == ["5"]
    # Chromium's fake microphone beeps, before the key and after it.
    assert np.abs(np.concatenate(heard)[-RATE:]).max() > 1000
    deleted = await page.evaluate(
        "async (url) => (await fetch(url, {method: 'DELETE'})).status", location
    )
    assert deleted == 200
    async with asyncio.timeout(10):
        async for event in leg.events():
            if isinstance(event, Gone):
                break
