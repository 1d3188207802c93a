"""What many tests share."""

from pathlib import Path

import pytest

from gateway.models import Models, spacy_model, whisper_folder

AUDIO = Path(__file__).resolve().parents[1] / "fixtures" / "audio"


@pytest.fixture(scope="session")
def tiny() -> Models:
    """The small models: quick, and good enough to hear a clear voice."""
    return Models(whisper_folder("tiny.en"), spacy_model(), "en")
