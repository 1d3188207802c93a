"""Sound is coded where its packets are: no thread, one channel, as good as it came."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.webrtc.coding import decoder, encoder
from media.audio import FRAME, RATE, Pcm, level_dbfs
from tests.media.sounds import chunks, ms, voice


def likeness(a: Pcm, b: Pcm) -> float:
    size = min(len(a), len(b))
    return float(np.corrcoef(a[:size], b[:size])[0, 1])


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
    background = decoding.comfort(RATE)[-FRAME:]
    assert level_dbfs(background) < level_dbfs(said) - 12


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
