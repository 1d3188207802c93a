"""What many tests share."""

import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from gateway.models import Models, spacy_model, whisper_folder

AUDIO = Path(__file__).resolve().parents[1] / "fixtures" / "audio"

STILL_S: Final = 0.1
"""For so long nothing may run: longer than a jitter buffer waits, so that sound is lost."""


@pytest.fixture(scope="session")
def tiny() -> Models:
    """The small models: quick, and good enough to hear a clear voice."""
    return Models(whisper_folder("tiny.en"), spacy_model(), "en")


class StoodStillError(Exception):
    """A test failed while its machine let nothing run: it says nothing, and is run again."""


class Pulse(threading.Thread):
    """Note for how long at most nothing ran."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._beat, self._longest_s = time.monotonic(), 0.0

    @property
    def longest_s(self) -> float:
        """Return the longest time between two beats, the next of which may be due."""
        return max(self._longest_s, time.monotonic() - self._beat)

    def run(self) -> None:
        while True:
            time.sleep(0.02)
            self._longest_s = self.longest_s
            self._beat = time.monotonic()


_PULSE: Final = pytest.StashKey[Pulse]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_PULSE] = Pulse()
    config.stash[_PULSE].start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tell a failure on a machine that stood still from any other (see CONTRIBUTING.md)."""
    pulse = item.config.stash[_PULSE]
    pulse.reset()
    try:
        return (yield)
    except Exception as error:
        still_s = pulse.longest_s
        if still_s > STILL_S:
            raise StoodStillError(f"for {still_s:.2f} s") from error
        raise
