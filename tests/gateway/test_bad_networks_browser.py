"""Chromium calls over bad networks (see tests/netem): what its own coding and pacing make of them.

One test takes a minute and runs with `make nightly`.
"""

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page

from gateway.legs import Audio
from gateway.listener import HttpSettings, listening
from gateway.models import whisper_folder
from gateway.server import create_app
from gateway.webrtc.leg import WebRtcLeg
from media.audio import RATE, Pcm, Resampler
from tests.gateway.chromium import GRANT, NEEDED, PLAIN_ADDRESSES, chromium
from tests.gateway.hearing import Listener, word_errors
from tests.gateway.switchboard import collect
from tests.netem.link import BAD, CLEAR, Conditions
from tests.netem.nat import Nat, nat
from tests.netem.remote import Remote
from tests.netem.speech import speech

pytestmark = NEEDED

_CONNECTED_BY_S = 6  # the microphone plays from the beginning, whether there is a call or not

CALL = """async () => {
  const pc = window.pc = new RTCPeerConnection();
  const sound = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
  const stream = await navigator.mediaDevices.getUserMedia({audio: sound});
  pc.addTrack(stream.getTracks()[0], stream);
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
  await pc.setRemoteDescription({type: "answer", sdp: await reply.text()});
  await up;
}"""

RECEIVED = """async () => {
  for (const stat of (await window.pc.getStats()).values())
    if (stat.type === "inbound-rtp") return stat.packetsReceived;
  return 0;
}"""


@asynccontextmanager
async def call(conditions: Conditions, *flags: str) -> AsyncIterator[tuple[Page, WebRtcLeg, Nat]]:
    """A call of Chromium's over a network that is so in both directions."""
    async with nat(conditions, conditions, seed=1) as network:
        switchboard = Remote(network)
        async with (
            listening(create_app(switchboard), HttpSettings(port=0)) as base,
            chromium(GRANT, PLAIN_ADDRESSES, *flags) as page,
        ):
            await page.goto(f"{base}/healthz".replace("127.0.0.1", "localhost"))
            await page.evaluate(CALL)
            (leg,) = switchboard.legs.values()
            yield page, leg, network


async def arriving(leg: WebRtcLeg) -> AsyncIterator[Pcm]:
    async for event in leg.events():
        if isinstance(event, Audio):
            yield event.pcm


async def test_chromium_is_followed_to_another_address() -> None:
    async with call(CLEAR) as (page, leg, network):
        sound = arriving(leg)
        await collect(sound, 0.5)
        network.rebind()
        before = await page.evaluate(RECEIVED)
        await collect(sound, 1.0)
        async with asyncio.timeout(20):
            while await page.evaluate(RECEIVED) < before + 50:
                await collect(sound, 0.2)


@pytest.mark.nightly
@pytest.mark.model
async def test_chromiums_words_are_as_right_at_5_percent_loss_and_60_ms_jitter(
    tmp_path: Path,
) -> None:
    said, words = speech()
    said = np.concatenate((np.zeros(_CONNECTED_BY_S * RATE, np.int16), said))
    file = tmp_path / "said.wav"
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(48_000)
        wav.writeframes(Resampler(RATE, 48_000)(said, last=True).tobytes())
    microphone = f"--use-file-for-fake-audio-capture={file}%noloop"
    length_s = len(said) / RATE + 1
    listener = Listener(whisper_folder("tiny.en"))
    wrong = []
    for conditions in (CLEAR, BAD):
        async with call(conditions, microphone) as (_, leg, _):
            heard = await collect(arriving(leg), length_s, within_s=2 * length_s)
        wrong.append(word_errors(words, listener.words(heard)))
    clear, bad = wrong
    assert clear < 0.15 * len(words)
    by_chance = 2
    assert bad <= 1.3 * clear + by_chance
