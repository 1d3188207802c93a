import pytest

from media.entities.detector import Detector
from media.entities.recognisers.known import MOST
from media.entities.types import Entity
from tests.media.entities.labelled import words


@pytest.mark.parametrize(
    "said",
    [
        "My e-mail is Helen. Marsh at example.com. Thanks.",
        "And my email is Helen Marsh at example.com thanks",
        "My email is Helen. Marsh. At example.com.",
        "my email is helen.marsh at example.com",
    ],
)
def test_an_email_heard_in_pieces_is_one(detector: Detector, said: str) -> None:
    texts = tuple(said.split())
    (found,) = detector.inspect(words(texts), asked=frozenset({Entity.EMAIL})).findings
    assert found.entity is Entity.EMAIL
    assert "example.com" in texts[found.last - 1]
    assert "elen" in texts[found.first]


def test_a_correction_asks_for_what_was_found_before_it(detector: Detector) -> None:
    said = "my zip is 46718. no, wait, that is wrong. it is 53023"
    entities = [f.entity for f in detector.inspect(words(said.split()), ended=True).findings]
    assert entities == [Entity.ZIP, Entity.ZIP]


def test_a_correction_of_nothing_asks_for_nothing(detector: Detector) -> None:
    said = "I want two of them. no, wait, that is wrong. it is three"
    assert detector.inspect(words(said.split()), ended=True).findings == ()


def test_only_the_latest_of_what_is_known_is_looked_for(detector: Detector) -> None:
    known = ["Zarvox Quellin", *(f"4111{number:04d}" for number in range(MOST))]
    assert detector.inspect(words(["quellin"]), known=known[:MOST], ended=True).findings
    assert not detector.inspect(words(["quellin"]), known=known, ended=True).findings
