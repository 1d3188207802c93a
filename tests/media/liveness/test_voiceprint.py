"""Prints of voices: near for one, apart for two, and of any sound a number."""

from collections.abc import Callable

import numpy as np
import pytest

from gateway.models import liveness_model
from media.audio import RATE, Pcm
from media.channel import g711
from media.liveness.change import ALIKE
from media.liveness.voiced import Voiced
from media.liveness.voiceprint import LEAST, Prints
from tests.media.sounds import noise, silence


@pytest.fixture(scope="module")
def prints() -> Prints:
    return Prints(liveness_model().voiceprint)


def test_a_voice_is_like_itself_and_unlike_another(
    prints: Prints, recording: Callable[[str], Pcm]
) -> None:
    caller = Voiced().feed(recording("caller/t2.wav"))
    agent = Voiced().feed(recording("agent/ask_details.wav"))
    early, late = (prints.take(p) for p in (caller[: 4 * RATE], caller[-4 * RATE :]))
    other = prints.take(agent)
    assert early is not None and late is not None and other is not None
    assert early @ late > ALIKE + 0.2
    assert early @ other < early @ late - 0.2


def test_loudness_and_the_telephone_change_little(
    prints: Prints, recording: Callable[[str], Pcm]
) -> None:
    said = Voiced().feed(recording("caller/t2.wav"))[: 4 * RATE]
    plain = prints.take(said)
    assert plain is not None
    for heard in ((said // 4).astype(np.int16), g711(said, np.random.default_rng(1))):
        print = prints.take(heard)
        assert print is not None
        assert plain @ print > 0.5


@pytest.mark.parametrize("sound", [silence(4 * RATE), noise(4 * RATE, 20_000), noise(LEAST, 1)])
def test_any_sound_has_a_print_of_unit_length(prints: Prints, sound: Pcm) -> None:
    print = prints.take(sound)
    assert print is not None
    assert np.linalg.norm(print) == pytest.approx(1, abs=1e-3)


def test_too_little_has_none(prints: Prints) -> None:
    assert prints.take(silence(LEAST - 1)) is None


@pytest.mark.parametrize(
    "damage", [lambda w: b"", lambda w: w[:-2], lambda w: w[:-2] + b"\xff\x7f"]
)
def test_damaged_weights_are_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError, match="voice prints"):
        Prints(damage(liveness_model().voiceprint))
