"""Speech without its pauses."""

import numpy as np
import pytest

from media.audio import RATE
from media.liveness.voiced import Voiced
from tests.media.sounds import chunks, ms, silence, voice


def test_pauses_go_and_dips_stay() -> None:
    said, pause = voice(ms(800)), silence(RATE)
    heard = Voiced().feed(np.concatenate([pause, said, pause, said, pause]))
    assert abs(len(heard) - 2 * len(said)) < ms(300)
    assert np.mean(heard == 0) < 0.15


@pytest.mark.parametrize("size", [1, 319, 4_001])
def test_it_is_the_same_however_the_stream_is_cut(size: int) -> None:
    pcm = np.concatenate([silence(ms(300)), voice(ms(500)), silence(ms(400)), voice(ms(200))])
    voiced = Voiced()
    pieces = [voiced.feed(piece) for piece in chunks(pcm, size)]
    assert np.array_equal(np.concatenate(pieces), Voiced().feed(pcm))
