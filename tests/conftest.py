"""What many tests share: the models, and one pool of workers that recognise in earnest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.engine.pool import Pool
from gateway.engine.worker import Models
from gateway.models import spacy_model, whisper_folder

AUDIO = Path(__file__).resolve().parents[1] / "fixtures" / "audio"


@pytest.fixture(scope="session")
def tiny() -> Models:
    """The small models: quick, and good enough to hear a clear voice."""
    return Models(whisper_folder("tiny.en"), spacy_model(), "en")


@pytest_asyncio.fixture
async def pool(tiny: Models) -> AsyncIterator[Pool]:
    """One real worker, for one test that may do with it what it likes."""
    pool = Pool(tiny, workers=1, timeout_s=20)
    await pool.start()
    yield pool
    await pool.stop()
