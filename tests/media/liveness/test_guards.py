"""What is told for no usable voice without a model."""

from collections.abc import Callable

import numpy as np
import pytest

from media.audio import RATE, Pcm
from media.channel import g711
from media.dtmf import HIGH, LOW
from media.liveness.guards import unfit
from media.liveness.voiced import Voiced
from tests.media.sounds import ms, noise, silence, tone

RNG = np.random.default_rng(1)


def on_and_off(on: Callable[[], Pcm], off: int) -> Pcm:
    return np.concatenate([p for _ in range(20) for p in (on(), silence(off))])


def key() -> Pcm:
    low, high = tone(ms(100), RNG.choice(LOW), -20), tone(ms(100), RNG.choice(HIGH), -18)
    return low + high


def speech(pcm: Pcm) -> Pcm:
    return Voiced().feed(pcm)[: 4 * RATE]


def clipped(pcm: Pcm, db: float) -> Pcm:
    """Cut everything `db` above the RMS."""
    limit = float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2))) * 10 ** (db / 20)
    return np.clip(pcm, -limit, limit).astype(np.int16)


@pytest.mark.parametrize("name", ["caller/t2.wav", "calls/no_pii.wav", "calls/spelled_name.wav"])
@pytest.mark.parametrize("line", [lambda pcm: pcm, lambda pcm: g711(pcm, RNG, snr_db=15)])
def test_speech_is_fit(
    recording: Callable[[str], Pcm], name: str, line: Callable[[Pcm], Pcm]
) -> None:
    assert unfit(speech(line(recording(name)))) == ""


def test_clipped_speech_is_named_even_after_a_codec(recording: Callable[[str], Pcm]) -> None:
    said = speech(recording("caller/t2.wav"))
    assert unfit(clipped(said, 6)) == "clipped"
    assert unfit(g711(clipped(said, 6), RNG)) == "clipped"
    assert unfit(clipped(said, 20)) == ""


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize(
    "sound",
    [
        on_and_off(key, ms(100)),
        on_and_off(lambda: tone(ms(500), 440, -20), ms(500)),
        on_and_off(lambda: tone(ms(500), 480, -23) + tone(ms(500), 620, -23), ms(500)),
    ],
    ids=["keys", "hold tone", "busy"],
)
def test_tones_that_pass_for_speech_are_named(sound: Pcm, noisy: bool) -> None:
    heard = speech(g711(sound, RNG, snr_db=15) if noisy else sound)
    assert len(heard) > RATE
    assert unfit(heard) == "tones"


@pytest.mark.parametrize("noisy", [False, True])
def test_music_is_named(recording: Callable[[str], Pcm], noisy: bool) -> None:
    music = recording("prompts/music.ogg")
    assert unfit(speech(g711(music, RNG, snr_db=15) if noisy else music)) == "tones"


def test_bursts_of_noise_are_no_voice() -> None:
    heard = speech(on_and_off(lambda: noise(ms(400), 2_000), ms(400)))
    assert len(heard) > RATE
    assert unfit(heard) == "no voice"


@pytest.mark.parametrize("count", [0, 1, 320, 1_023, 1_024, 4_000])
def test_silence_of_any_length_is_no_speech(count: int) -> None:
    assert unfit(silence(count)) == "no speech"


@pytest.mark.parametrize("count", [1, 2, 320, 1_023, 1_025, 20_000])
def test_any_length_is_taken(count: int) -> None:
    assert unfit(noise(count, 30_000)) != ""
