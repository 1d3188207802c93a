"""What the tests of media/ share: the recordings, and the models that the project embeds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gateway.models import whisper_folder
from gateway.recordings import Recording
from media.audio import Pcm
from media.speech.whisper import Whisper

AUDIO = Path(__file__).resolve().parents[2] / "fixtures" / "audio"


def read(path: Path) -> Pcm:
    """Return a recording's first channel, 16 kHz."""
    return np.concatenate([chunk[0] for chunk in Recording(path).chunks()])


@pytest.fixture(scope="session")
def recording() -> Callable[[str], Pcm]:
    """Return what reads a fixture by its path under fixtures/audio."""
    return lambda name: read(AUDIO / name)


@pytest.fixture(scope="session")
def whisper() -> Callable[[str], Whisper]:
    """Return what loads an embedded model by its name, once."""
    from faster_whisper import WhisperModel

    loaded: dict[str, Whisper] = {}

    def load(name: str) -> Whisper:
        if name not in loaded:
            folder = str(whisper_folder(name))
            model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)
            loaded[name] = Whisper(model)
        return loaded[name]

    return load
