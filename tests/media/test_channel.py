"""Channels change the sound of a voice, not its time."""

import numpy as np
import pytest

from media.audio import FRAME, RATE, Pcm, Samples
from media.channel import CHANNELS, g711, opus
from tests.media.sounds import ms, silence, voice

EVERY = pytest.mark.parametrize("name", CHANNELS)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def chirp() -> Pcm:
    time = np.arange(ms(200)) / RATE
    swept = np.sin(2 * np.pi * (300 * time + 6_250 * time**2)) * np.hanning(len(time))
    return np.round(8_000 * swept).astype(np.int16)


def place(of: Pcm, within: Pcm) -> Samples:
    """Return where `of` fits best in `within`."""
    return int(np.argmax(np.correlate(within.astype(float), of.astype(float), "valid")))


@EVERY
@pytest.mark.parametrize("count", [FRAME - 1, FRAME, RATE + 1, 2 * RATE - 1])
def test_keeps_the_length(name: str, count: Samples) -> None:
    heard = CHANNELS[name](voice(count), rng())
    assert heard.shape == (count,)
    assert heard.dtype == np.int16


@EVERY
@pytest.mark.parametrize("at", [0, ms(613), RATE])
def test_keeps_the_place_of_a_chirp_within_a_millisecond(name: str, at: Samples) -> None:
    said = np.concatenate([silence(at), chirp(), silence(RATE + 77)])
    assert abs(place(chirp(), CHANNELS[name](said, rng())) - at) <= ms(1)


@EVERY
def test_gives_the_same_for_the_same_seed(name: str) -> None:
    said = voice(RATE)
    assert np.array_equal(CHANNELS[name](said, rng(7)), CHANNELS[name](said, rng(7)))


@pytest.mark.parametrize("name", ["g711_noise_15db", "g711_noise_5db", "loss_3pct"])
def test_gives_another_for_another_seed(name: str) -> None:
    said = voice(2 * RATE)
    assert not np.array_equal(CHANNELS[name](said, rng(7)), CHANNELS[name](said, rng(8)))


def test_clean_changes_nothing() -> None:
    said = voice(RATE)
    assert np.array_equal(CHANNELS["clean"](said, rng()), said)


def test_g711_takes_away_what_is_above_4_khz() -> None:
    time = np.arange(RATE) / RATE
    hiss = np.round(8_000 * np.sin(2 * np.pi * 6_000 * time)).astype(np.int16)
    assert np.abs(g711(hiss, rng())[ms(50) : -ms(50)]).max() < 100


@pytest.mark.parametrize("snr_db", [15.0, 5.0])
def test_noise_is_as_far_below_the_speech_as_asked(snr_db: float) -> None:
    # The level of the speech is that of its loud part: pauses do not count.
    said = np.concatenate([silence(RATE), voice(2 * RATE), silence(RATE)])
    without = g711(said, rng()).astype(float)
    noise = g711(said, rng(), snr_db=snr_db) - without
    speech = without[RATE + ms(50) : 3 * RATE - ms(50)]
    assert 10 * np.log10(np.mean(speech**2) / np.mean(noise**2)) == pytest.approx(snr_db, abs=1)


@pytest.mark.parametrize("loss", [0.03, 0.3])
def test_loss_silences_about_the_asked_share_of_packets(loss: float) -> None:
    said = voice(20 * RATE)
    frames = opus(said, rng(), loss=loss).reshape(-1, FRAME)
    # The codec's delay is taken off, so packets do not begin with frames: look at their middle.
    lost = np.mean(np.abs(frames[:, FRAME * 3 // 8 : FRAME // 2]).max(axis=1) <= 2)
    deviation = np.sqrt(loss * (1 - loss) / len(frames))
    assert lost == pytest.approx(loss, abs=3 * deviation)


def test_without_loss_nothing_is_silenced() -> None:
    frames = np.abs(opus(voice(2 * RATE), rng()).reshape(-1, FRAME)).max(axis=1)
    assert frames.min() > 100
