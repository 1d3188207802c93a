"""What `scan` says of a caller's voice, by the model that ships; what it must not judge."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gateway.engine.worker import Answer, Ear, load_whisper
from gateway.models import ModelError, liveness_model, whisper_folder
from gateway.recordings import WavWriter, read_mono
from gateway.scan import DEAF, Voices, frames, scan
from media.audio import RATE, Pcm, Resampler
from media.channel import g711
from media.entities.types import ACTIONS
from media.liveness.types import Score, Scored
from media.recognition import Failed
from tests.conftest import AUDIO
from tests.media.sounds import ms, noise, silence, tone

RNG = np.random.default_rng(1)
CALLER = read_mono(AUDIO / "caller" / "t2.wav")
AGENT = read_mono(AUDIO / "agent" / "ask_details.wav")
MUSIC = read_mono(AUDIO / "prompts" / "music.ogg")


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(liveness_model())


def said_of(ear: Ear, *channels: Pcm) -> dict[str, Any]:
    voices = Voices(ear)
    for frame in frames(iter([np.stack(channels)])):
        voices.feed(frame[0])
    return voices.close()


def on_and_off(on: Pcm, off: int, count: int = 12) -> Pcm:
    return np.concatenate([part for _ in range(count) for part in (on, silence(off))])


def laughter() -> Pcm:
    """Return bursts of a voice that falls in pitch, five a second, with breath between them."""
    time = np.arange(ms(110)) / RATE
    bursts = []
    for turn in range(40):
        pitch = 330 - 8 * (turn % 8) - 400 * time
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        vowel = sum(np.sin(k * phase) / k for k in range(1, 12)) * np.hanning(len(time))
        breath = RNG.normal(0, 300, ms(90)) * np.hanning(ms(90))
        bursts += [4_000 * vowel, breath]
    return np.concatenate(bursts).astype(np.int16)


def clipped(pcm: Pcm) -> Pcm:
    limit = 2 * float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))
    return np.clip(pcm, -limit, limit).astype(np.int16)


def at_once(one: Pcm, other: Pcm) -> Pcm:
    count = min(len(one), len(other))
    return ((one[:count].astype(np.int32) + other[:count]) // 2).astype(np.int16)


BAD: dict[str, tuple[Callable[[], Pcm], str]] = {
    "nothing": (lambda: silence(0), "no speech"),
    "silence": (lambda: silence(5 * RATE), "no speech"),
    "noise": (lambda: noise(5 * RATE, 1_000), "no speech"),
    "noise that comes and goes": (lambda: on_and_off(noise(ms(500), 3_000), ms(500)), "no voice"),
    "music": (lambda: MUSIC, "tones"),
    "music by telephone": (lambda: g711(MUSIC, RNG, snr_db=15), "tones"),
    "a hold tone": (lambda: on_and_off(tone(ms(500), 440, -20), ms(500)), "tones"),
    "keys": (
        lambda: on_and_off(tone(ms(100), 770, -20) + tone(ms(100), 1_336, -18), ms(100), 40),
        "tones",
    ),
    "clipped speech": (lambda: clipped(CALLER), "clipped"),
    "one second of speech": (lambda: CALLER[: ms(1_100)], "too little speech"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_judged_is_unsure_with_a_reason(ear: Ear, name: str) -> None:
    sound, reason = BAD[name]
    told = said_of(ear, sound())
    assert (told["verdict"], told["reason"]) == ("unsure", reason)
    assert (told["score"] is None) == (told["speech_s"] == 0)


def test_two_at_once_are_no_verdict_on_either(ear: Ear) -> None:
    assert said_of(ear, at_once(CALLER, AGENT))["verdict"] != "synthetic"


def test_laughter_that_nobody_laughed_is_not_taken_for_a_person(ear: Ear) -> None:
    assert said_of(ear, laughter())["verdict"] != "human"


def test_any_speech_of_two_seconds_has_a_score(ear: Ear) -> None:
    told = said_of(ear, CALLER[: 2 * RATE])
    assert 0 < told["score"] < 1
    assert 0 < told["speech_s"] <= 2


def test_the_left_channel_is_the_callers(ear: Ear) -> None:
    count = min(len(CALLER), len(AGENT))
    assert said_of(ear, CALLER[:count], AGENT[:count]) == said_of(ear, CALLER[:count])


def test_telephone_and_wideband_recordings_of_a_voice_are_judged(ear: Ear) -> None:
    eight = Resampler(8_000, RATE)(Resampler(RATE, 8_000)(CALLER, last=True), last=True)
    for pcm in (CALLER, eight):
        told = said_of(ear, pcm)
        assert told["speech_s"] > 14
        assert told["reason"] in ("", "the score is between")
        assert told["voice_changes"] == []


@pytest.mark.model
@pytest.mark.parametrize(("name", "hears"), [("base", True), ("tiny.en", False)])
def test_only_the_encoder_that_it_was_trained_on_is_asked(name: str, hears: bool) -> None:
    ear = Ear(liveness_model(), load_whisper(whisper_folder(name)))
    outcome = ear(Score(1, CALLER[: 4 * RATE], encode=True)).outcome
    assert isinstance(outcome, Scored)
    assert (outcome.heard is not None) == hears


@pytest.mark.parametrize("cut", [0, 10, 1_000, -1])
def test_a_model_that_is_damaged_is_refused_in_one_line(cut: int) -> None:
    files = liveness_model()
    for damaged in (
        replace(files, onnx=files.onnx[:cut] if cut else b"\0" * 99),
        replace(files, voiceprint=files.voiceprint[:cut]),
    ):
        with pytest.raises(ModelError, match="the liveness model cannot be loaded"):
            Ear(damaged)


def test_a_recording_is_scanned_without_a_model_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "caller.wav"
    with WavWriter(path) as wav:
        wav.write(CALLER[: 2 * RATE])
    result = scan(
        path,
        tmp_path / "out.wav",
        lambda job: Answer(Failed(job.id, "no model"), 0.0),
        ACTIONS,
        6 * RATE,
    )
    assert result.as_json()["liveness"] == DEAF
    assert DEAF["reason"] == "the model failed: it cannot be loaded"
