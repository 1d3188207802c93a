"""Sound is coded where its packets are: no thread, one channel, as good as it came."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from aiortc.codecs import CODECS
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpreceiver import RemoteStreamTrack
from hypothesis import given
from hypothesis import strategies as st

from gateway.webrtc.client import CODEC_DELAY
from gateway.webrtc.coding import code_inline, decoder, encoder
from gateway.webrtc.peer import level_of
from gateway.webrtc.sound import Voice
from media.audio import FRAME, RATE, Pcm, level_dbfs
from media.timeline import Timeline
from tests.media.sounds import chunks, ms, voice

OPUS, _, PCMU, PCMA = CODECS["audio"]


def pair(track: Any = None) -> tuple[Any, Any]:
    """Return a sender and a receiver that code inline, as far as coding needs them."""
    sender = SimpleNamespace(track=track, _enabled=True)
    receiver = SimpleNamespace(track=RemoteStreamTrack("audio"))
    code_inline(sender, receiver)
    return sender, receiver


async def encoded(pcm: Pcm, codec: Any) -> list[Any]:
    track = Voice()
    track.play(pcm)
    sender, _ = pair(track)
    frames = [await sender._next_encoded_frame(codec) for _ in chunks(pcm)]
    return [frame for frame in frames if frame is not None]


async def decoded(payloads: list[tuple[bytes, int]], codec: Any) -> Pcm:
    _, receiver = pair()
    for data, timestamp in payloads:
        receiver._RTCRtpReceiver__decoder_queue.put((codec, JitterFrame(data, timestamp)))
    timeline = Timeline()
    parts = [np.zeros(0, np.int16)]
    while not receiver.track._queue.empty():
        frame = await receiver.track.recv()
        assert frame.layout.nb_channels == 1
        chunk = frame.to_ndarray().reshape(-1, 1)
        rate = frame.sample_rate
        parts.append(timeline.feed(chunk, frame.pts, rate=rate, clock=rate))
    return np.concatenate(parts)


def likeness(a: Pcm, b: Pcm) -> float:
    size = min(len(a), len(b))
    return float(np.corrcoef(a[:size], b[:size])[0, 1])


async def test_a_voice_comes_through_opus_as_it_was() -> None:
    pcm = voice(ms(1_000))
    frames = await encoded(pcm, OPUS)
    assert [f.timestamp for f in frames] == [960 * k for k in range(50)]
    assert all(len(f.payloads) == 1 for f in frames)
    heard = await decoded([(f.payloads[0], f.timestamp) for f in frames], OPUS)
    assert likeness(heard[CODEC_DELAY + ms(100) :], pcm[ms(100) :]) > 0.95


async def test_a_voice_after_long_silence_is_as_good_and_the_silence_is_silent() -> None:
    quiet, pcm = np.zeros(ms(1_000), np.int16), voice(ms(600))
    frames = await encoded(np.concatenate([pcm, quiet, pcm]), OPUS)
    assert len({f.payloads[0] for f in frames[45:80]}) == 1, "nothing is encoded"
    assert [f.timestamp for f in frames] == [960 * k for k in range(110)]
    heard = await decoded([(f.payloads[0], f.timestamp) for f in frames], OPUS)
    heard = heard[CODEC_DELAY:]
    assert np.abs(heard[ms(800) : ms(1_550)]).max() < 10
    assert likeness(heard[ms(1_700) :], pcm[ms(100) :]) > 0.95


@pytest.mark.parametrize("codec", [PCMU, PCMA], ids=["µ-law", "A-law"])
async def test_other_codecs_are_aiortcs_own(codec: Any) -> None:
    pcm = voice(ms(400))
    frames = await encoded(pcm, codec)
    assert {len(p) for f in frames for p in f.payloads} == {160}
    heard = await decoded([(f.payloads[0], f.timestamp) for f in frames], codec)
    assert len(heard) == pytest.approx(len(pcm), abs=ms(100))


async def test_a_packet_that_cannot_be_decoded_is_a_gap() -> None:
    frames = await encoded(voice(ms(400)), OPUS)
    payloads = [(f.payloads[0], f.timestamp) for f in frames]
    whole = await decoded(payloads, OPUS)
    payloads[5] = (b"\xff" * 3, payloads[5][1])
    assert len(await decoded(payloads, OPUS)) == len(whole) > RATE * 3 // 10


async def test_the_decoder_thread_is_told_of_the_end_only() -> None:
    (frame,) = await encoded(voice(FRAME), OPUS)
    _, receiver = pair()
    waiting = receiver._RTCRtpReceiver__decoder_queue
    waiting.put((OPUS, JitterFrame(frame.payloads[0], 0)))
    assert waiting.qsize() == 0
    waiting.put(None)
    assert waiting.get(timeout=1) is None


async def test_a_sender_that_is_paused_sends_nothing() -> None:
    sender, _ = pair(Voice())
    sender._enabled = False
    assert await sender._next_encoded_frame(OPUS) is None


async def test_a_frame_tells_its_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiortc.rtp.compute_audio_level_dbov", level_of)
    loud = await encoded(voice(FRAME), OPUS)
    quiet = await encoded(np.zeros(FRAME, np.int16), OPUS)
    assert loud[0].audio_level > -30
    assert quiet[0].audio_level == -127


NAMES = ["opus", "PCMU", "PCMA", "G722"]


@pytest.mark.parametrize("name", NAMES)
def test_every_codec_brings_a_voice_through_frame_by_frame(name: str) -> None:
    pcm = voice(ms(1_000))
    coding, decoding = encoder(name), decoder(name)
    payloads = [coding.encode(frame) or b"" for frame in chunks(pcm)]
    frames = [decoding.decode(payload) for payload in payloads]
    assert {len(frame) for frame in frames} == {FRAME}
    assert {decoding.duration(payload) for payload in payloads} == {FRAME}
    heard = np.concatenate(frames)
    assert max(likeness(heard[ms(200) + late :], pcm[ms(200) :]) for late in range(ms(10))) > 0.95


@pytest.mark.parametrize("name", NAMES)
def test_what_is_lost_is_made_up_and_the_time_stays(name: str) -> None:
    pcm = voice(ms(400))
    coding, decoding = encoder(name), decoder(name)
    for frame in chunks(pcm):
        said = decoding.decode(coding.encode(frame) or b"")
    made = decoding.conceal(FRAME)
    assert level_dbfs(made) == pytest.approx(level_dbfs(said), abs=6)
    assert len(decoding.recover(b"", FRAME)) == len(decoding.comfort(FRAME)) == FRAME
    assert level_dbfs(decoding.comfort(RATE)[-FRAME:]) < level_dbfs(said) - 25


@pytest.mark.parametrize("name", ["PCMU", "PCMA", "G722"])
def test_the_far_end_says_how_loud_its_background_is(name: str) -> None:
    decoding = decoder(name)
    decoding.describe_noise(b"\x2d")
    decoding.describe_noise(b"")
    assert level_dbfs(decoding.comfort(RATE)[ms(40) :]) == pytest.approx(-45, abs=3)


@given(st.sampled_from(NAMES), st.lists(st.binary(max_size=400), max_size=4))
def test_whatever_comes_is_as_long_as_it_says(name: str, payloads: list[bytes]) -> None:
    decoding = decoder(name)
    for payload in payloads:
        assert len(decoding.decode(payload)) == decoding.duration(payload)
        decoding.describe_noise(payload)


def test_other_codecs_are_not_known() -> None:
    for make in (decoder, encoder):
        with pytest.raises(KeyError):
            make("speex")
