"""Opus as libopus does it: one voice at 16 kHz, losses recovered or concealed, silence not sent."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.webrtc.client import CODEC_DELAY
from gateway.webrtc.opus import OpusDecoder, OpusEncoder
from media.audio import FRAME, RATE, Pcm, level_dbfs
from tests.media.sounds import chunks, ms, noise, silence, voice


def encoded(pcm: Pcm, *, loss: float = 0.0, dtx: bool = False) -> list[bytes | None]:
    encoder = OpusEncoder(dtx=dtx)
    encoder.expect_loss(loss)
    return [encoder.encode(frame) for frame in chunks(pcm)]


def sent(pcm: Pcm, *, loss: float = 0.0) -> list[bytes]:
    return [payload for payload in encoded(pcm, loss=loss) if payload is not None]


def error_db(heard: Pcm, meant: Pcm) -> float:
    """How far below the sound its error is."""
    error = heard.astype(np.float64) - meant
    return float(10 * np.log10(np.mean(meant.astype(np.float64) ** 2) / np.mean(error**2)))


def likeness(a: Pcm, b: Pcm) -> float:
    size = min(len(a), len(b))
    return float(np.corrcoef(a[:size], b[:size])[0, 1])


def test_a_voice_comes_through_as_it_was() -> None:
    pcm = voice(ms(1_000))
    decoder = OpusDecoder()
    heard = np.concatenate([decoder.decode(payload) for payload in sent(pcm)])
    assert len(heard) == len(pcm)
    assert likeness(heard[CODEC_DELAY + ms(100) :], pcm[ms(100) :]) > 0.95


@pytest.mark.parametrize("loss", [0.004, 0.05, 0.2])
def test_a_lost_packet_is_heard_in_the_one_after_it(loss: float) -> None:
    syllables = np.concatenate([voice(ms(140), 90 + 37 * k % 110) for k in range(14)])
    payloads = sent(syllables, loss=loss)
    whole, recovering, concealing = OpusDecoder(), OpusDecoder(), OpusDecoder()
    meant = np.concatenate([whole.decode(payload) for payload in payloads[:-1]])
    recovered, concealed = [], []
    for n, (payload, following) in enumerate(pairwise(payloads)):
        lost = n % 7 == 0  # where a syllable begins
        recovered.append(
            recovering.recover(following, FRAME) if lost else recovering.decode(payload)
        )
        concealed.append(concealing.conceal(FRAME) if lost else concealing.decode(payload))
    gain = error_db(np.concatenate(recovered), meant) - error_db(np.concatenate(concealed), meant)
    assert gain > 5


def test_copies_are_made_from_the_first_loss_on_and_for_good() -> None:
    frames = list(chunks(np.concatenate([voice(ms(140), 90 + 37 * k % 110) for k in range(14)])))
    encoder, decoder = OpusEncoder(), OpusDecoder()
    for told in (0.0, 0.02, 0.0):
        encoder.expect_loss(told)
        payloads = [payload for frame in frames if (payload := encoder.encode(frame))]
    for payload in payloads[:20]:
        decoder.decode(payload)
    meant, other = decoder.decode(payloads[20]), OpusDecoder()
    for payload in payloads[:20]:
        other.decode(payload)
    assert error_db(other.recover(payloads[21], FRAME), meant) > 5


def test_without_a_copy_in_the_next_packet_a_lost_one_is_concealed() -> None:
    pcm = np.concatenate([silence(ms(200)), voice(ms(200))])
    payloads = sent(pcm)
    one, other = OpusDecoder(), OpusDecoder()
    for payload in payloads[:5]:
        one.decode(payload)
        other.decode(payload)
    assert np.array_equal(one.recover(payloads[6], FRAME), other.conceal(FRAME))


@pytest.mark.parametrize("samples", [1, 40, 41, FRAME, 1_920, 1_921, 5 * RATE])
def test_any_length_is_made_up(samples: int) -> None:
    decoder = OpusDecoder()
    for payload in sent(voice(ms(200))):
        decoder.decode(payload)
    for make in (decoder.conceal, decoder.comfort):
        assert len(make(samples)) == samples
    assert len(decoder.recover(sent(voice(ms(40)))[1], samples)) == samples


def test_what_is_made_up_goes_on_and_then_fades() -> None:
    decoder = OpusDecoder()
    said = [decoder.decode(payload) for payload in sent(voice(ms(400)), loss=0.05)]
    made = decoder.conceal(RATE)
    assert level_dbfs(made[:FRAME]) > level_dbfs(said[-1]) - 6
    assert level_dbfs(made[-FRAME:]) < level_dbfs(said[-1]) - 30


def test_silence_is_not_sent_where_so_agreed_and_heard_as_background() -> None:
    hum = noise(ms(2_000), 30)
    payloads = encoded(np.concatenate([voice(ms(600)), hum, voice(ms(600))]), dtx=True)
    assert None not in payloads[:30]
    assert sum(payload is None for payload in payloads[60:130]) > 50
    assert None not in payloads[-25:]
    decoder = OpusDecoder()
    heard = [decoder.comfort(FRAME) if p is None else decoder.decode(p) for p in payloads]
    pause = np.concatenate(heard[60:128])
    assert level_dbfs(pause) == pytest.approx(level_dbfs(hum), abs=12)
    assert level_dbfs(np.concatenate(heard[-25:])) > -30


def test_silence_costs_nothing_and_is_silent_and_the_voice_after_it_as_good() -> None:
    quiet, pcm = np.zeros(ms(1_000), np.int16), voice(ms(600))
    payloads = sent(np.concatenate([pcm, quiet, pcm]))
    assert len(set(payloads[45:80])) == 1, "nothing is encoded"
    decoder = OpusDecoder()
    heard = np.concatenate([decoder.decode(payload) for payload in payloads])[CODEC_DELAY:]
    assert np.abs(heard[ms(800) : ms(1_550)]).max() < 10
    assert likeness(heard[ms(1_700) :], pcm[ms(100) :]) > 0.95


def test_only_frames_of_20_ms_are_encoded() -> None:
    with pytest.raises(ValueError, match="320 samples"):
        OpusEncoder().encode(np.zeros(100, np.int16))


@given(st.binary(max_size=80))
def test_whatever_comes_is_as_long_as_it_says(payload: bytes) -> None:
    decoder = OpusDecoder()
    assert len(decoder.decode(payload)) == decoder.duration(payload) <= 1_920
    assert len(decoder.recover(payload, FRAME)) == FRAME
