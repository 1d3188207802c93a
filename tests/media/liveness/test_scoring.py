"""What becomes of a `Score`: who is asked about it, and who is not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gateway.models import liveness_model
from media.audio import RATE, Pcm
from media.liveness.model import Model
from media.liveness.scoring import score
from media.liveness.types import Score
from media.liveness.voiceprint import Prints
from media.speech.whisper import Whisper
from tests.media.sounds import tone


class Encoder:
    """An encoder that notes how much it was asked to hear."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def encoded(self, pcm: Pcm, *, padded: bool) -> Any:
        self.heard.append(len(pcm))
        return np.ones((len(pcm) // 320, 512), np.float32)


@pytest.fixture(scope="module")
def model() -> Model:
    files = liveness_model()
    return Model(files.onnx, files.card)


@pytest.fixture(scope="module")
def prints() -> Prints:
    return Prints(liveness_model().voiceprint)


def test_the_encoder_hears_what_it_is_asked_to_and_nothing_else(
    model: Model, prints: Prints, recording: Callable[[str], Pcm]
) -> None:
    speech, encoder = recording("caller/t2.wav")[: 4 * RATE], Encoder()
    assert score(Score(1, speech), model, prints, encoder).heard is None
    assert score(Score(2, speech, encode=True), model, prints).heard is None
    assert encoder.heard == []
    assert score(Score(3, speech, encode=True), model, prints, encoder).heard is not None
    assert encoder.heard == [len(speech)]


def test_what_is_no_voice_is_not_encoded(model: Model, prints: Prints) -> None:
    encoder = Encoder()
    told = score(Score(1, tone(4 * RATE, 440, -20), encode=True), model, prints, encoder)
    assert (told.unfit, told.heard, encoder.heard) == ("tones", None, [])


@pytest.mark.model
@pytest.mark.parametrize("seconds", [2, 4])
def test_a_real_encoder_makes_a_row_of_20_ms_without_silence_after_them(
    whisper: Callable[[str], Whisper], recording: Callable[[str], Pcm], seconds: int
) -> None:
    speech = recording("caller/t2.wav")[: seconds * RATE]
    alone = whisper("base").encoded(speech, padded=False)
    assert alone.shape == whisper("base").encoded(speech).shape == (50 * seconds, 512)
