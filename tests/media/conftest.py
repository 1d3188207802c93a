"""What the tests of media/ share: the recordings, and the models that the project embeds."""

from collections.abc import Callable

import pytest
from sounds import read

from gateway.engine.worker import load_whisper
from gateway.models import whisper_folder
from media.audio import Pcm
from media.speech.whisper import Whisper
from tests.conftest import AUDIO


@pytest.fixture(scope="session")
def recording() -> Callable[[str], Pcm]:
    """Return what reads a fixture by its path under fixtures/audio."""
    return lambda name: read(AUDIO / name)


@pytest.fixture(scope="session")
def whisper() -> Callable[[str], Whisper]:
    """Return what loads an embedded model by its name, once."""
    loaded: dict[str, Whisper] = {}

    def load(name: str) -> Whisper:
        if name not in loaded:
            loaded[name] = load_whisper(whisper_folder(name))
        return loaded[name]

    return load
