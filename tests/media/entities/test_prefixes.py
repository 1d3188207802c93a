"""What is settled stays settled: no continuation of a turn makes a finding of it."""

import pytest
from hypothesis import HealthCheck, given, settings

from media.entities.detector import Detector
from tests.media.entities.labelled import Phrase, words
from tests.media.entities.test_phrases import PHRASES
from tests.media.entities.turns import talk, turns

_QUIET = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def unsettled(detector: Detector, phrase: Phrase) -> list[str]:
    """Return the words that were settled at some point and in a finding later."""
    settled: set[int] = set()
    broken: list[str] = []
    for size in range(1, len(phrase.texts) + 1):
        for ended in (False, True) if size == len(phrase.texts) else (False,):
            inspection = detector.inspect(
                words(phrase.texts[:size]), asked=phrase.asked, ended=ended
            )
            found = {at for f in inspection.findings for at in range(f.first, f.last)}
            broken += [phrase.texts[at] for at in found & settled]
            settled |= set(range(inspection.open_from)) - found
    return broken


@pytest.mark.parametrize("phrase", PHRASES, ids=str)
def test_a_settled_word_of_a_phrase_stays_settled(detector: Detector, phrase: Phrase) -> None:
    assert unsettled(detector, phrase) == []


@_QUIET
@given(turns())
def test_a_settled_word_of_a_made_turn_stays_settled(detector: Detector, phrase: Phrase) -> None:
    assert unsettled(detector, phrase) == []


@_QUIET
@given(turns())
def test_a_made_turn_leaks_nothing(detector: Detector, phrase: Phrase) -> None:
    inspection = detector.inspect(words(phrase.texts), asked=phrase.asked, ended=True)
    found = {at for f in inspection.findings for at in range(f.first, f.last)}
    leaked = [
        text
        for at, text in enumerate(phrase.texts)
        if phrase.truth[at] is not None and at not in found
    ]
    assert leaked == []


@_QUIET
@given(talk())
def test_made_talk_loses_nothing(detector: Detector, texts: tuple[str, ...]) -> None:
    assert detector.inspect(words(texts), ended=True).findings == ()
