"""What callers say, and what must and must not be found in it: `phrases.txt`."""

from collections import Counter
from pathlib import Path

import pytest

from media.entities.detector import Detector
from media.entities.types import Entity
from tests.media.entities.labelled import Phrase, read, words

PHRASES = read(Path(__file__).with_name("phrases.txt"))


@pytest.mark.parametrize("phrase", PHRASES, ids=str)
def test_every_word_of_personal_data_is_found_and_no_other(
    detector: Detector, phrase: Phrase
) -> None:
    inspection = detector.inspect(words(phrase.texts), asked=phrase.asked, ended=True)
    found: list[Entity | None] = [None] * len(phrase.texts)
    for finding in inspection.findings:
        for at in range(finding.first, finding.last):
            assert found[at] is None, "findings overlap"
            found[at] = finding.entity
    assert list(zip(phrase.texts, found, strict=True)) == list(
        zip(phrase.texts, phrase.truth, strict=True)
    )
    assert inspection.open_from == len(phrase.texts)


def test_the_table_covers_every_entity_and_many_look_alikes() -> None:
    phrasings: Counter[Entity] = Counter()
    harmless = 0
    for phrase in PHRASES:
        phrasings.update({entity for entity in phrase.truth if entity})
        harmless += not any(phrase.truth)
    for entity in Entity:
        if entity is not Entity.UNSURE:
            assert phrasings[entity] >= 6, entity
    assert harmless >= 80


def test_what_was_found_before_is_found_again(detector: Detector) -> None:
    said = words(("so", "as", "I", "said", "quellin", "ordered", "it", "card", "4242"))
    known = ("Zarvox Quellin", "4111111111114242")
    inspection = detector.inspect(said, known=known, ended=True)
    assert [(f.first, f.last) for f in inspection.findings] == [(4, 5), (8, 9)]


def test_a_finding_carries_its_written_form(detector: Detector) -> None:
    said = words(("it's", "double", "four", "two,", "five", "five", "five", "one", "two"))
    (finding,) = detector.inspect(said, ended=True).findings
    assert finding.value.reveal() == "44255512"
    assert "44255512" not in repr(finding)


def test_harmless_talk_is_hardly_ever_open(detector: Detector) -> None:
    still_open: list[int] = []
    for phrase in PHRASES:
        if not any(phrase.truth):
            for size in range(1, len(phrase.texts) + 1):
                inspection = detector.inspect(words(phrase.texts[:size]), asked=phrase.asked)
                still_open.append(size - inspection.open_from)
    assert sorted(still_open)[len(still_open) // 2] <= 1
    assert sum(still_open) / len(still_open) < 1


def test_nothing_at_all_is_no_finding(detector: Detector) -> None:
    assert detector.inspect(()).findings == ()
    assert detector.inspect(words((".", "...", "—"))).findings == ()
