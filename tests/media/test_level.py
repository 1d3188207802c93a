import aiortc.rtp
import numpy as np
import pytest
from av import AudioFrame

from media.level import dbov


def test_silence_is_the_lowest_level() -> None:
    assert dbov(np.zeros(320, np.int16)) == -127
    assert dbov(np.zeros(0, np.int16)) == -127


def test_full_scale_is_the_overload_point() -> None:
    assert dbov(np.full(320, -32_768, np.int16)) == 0


@pytest.mark.parametrize("amplitude", [1, 10, 300, 8_000, 32_000])
def test_it_agrees_with_the_loop_that_it_replaces(amplitude: int) -> None:
    rng = np.random.default_rng(amplitude)
    pcm = rng.integers(-amplitude, amplitude + 1, 320).astype(np.int16)
    frame = AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
    stock = _stock(frame)
    assert abs(dbov(pcm) - stock) <= 1


def _stock(frame: AudioFrame) -> int:
    """Upstream's function, even where the gateway's is installed."""
    import importlib

    kept = aiortc.rtp.compute_audio_level_dbov
    try:
        return int(importlib.reload(aiortc.rtp).compute_audio_level_dbov(frame))
    finally:
        aiortc.rtp.compute_audio_level_dbov = kept
