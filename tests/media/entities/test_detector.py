from dataclasses import replace

import pytest

from media.entities.detector import Detector
from media.entities.guesses import LIKELY
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


@pytest.mark.parametrize("cue", ["no", "sorry", "no, sorry", "wait", "I mean", "hang on"])
def test_digits_taken_back_are_open_until_it_is_known_what_follows(
    detector: Detector, cue: str
) -> None:
    texts = ["696,", *cue.split()]
    for size in range(1, len(texts) + 1):
        assert detector.inspect(words(texts[:size])).open_from == 0
    assert detector.inspect(words([*texts, "they", "were", "blue"])).open_from >= len(texts)


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        (Entity.IBAN, "GB81"),
        (Entity.IBAN, "D89"),
        (Entity.PASSPORT, "C03"),
        (Entity.DRIVING_LICENCE, "7B2"),
        (Entity.VEHICLE_PLATE, "K7X"),
        (Entity.UK_NINO, "HS60"),
        (Entity.MEDICAL_RECORD, "W99"),
        (Entity.ZIP, "SW1"),
    ],
)
def test_the_beginning_of_a_code_that_was_asked_for_is_found_at_once(
    detector: Detector, entity: Entity, code: str
) -> None:
    (found,) = detector.inspect(words(("sir.", code)), asked=frozenset({entity})).findings
    assert (found.entity, found.first, found.last) == (entity, 1, 2)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("The router shows 1.", 3),
        ("My user name is anchor. Asia", 5),
        ("My page is winterjacket.com. Come", 4),
        ("It's postcode for", 2),
        ("My licence number is 38719 a", 5),
    ],
)
def test_what_may_go_on_after_a_pause_is_open(detector: Detector, said: str, held: int) -> None:
    assert detector.inspect(words(said.split())).open_from == held


def test_only_the_latest_of_what_is_known_is_looked_for(detector: Detector) -> None:
    known = ["Zarvox Quellin", *(f"4111{number:04d}" for number in range(MOST))]
    assert detector.inspect(words(["quellin"]), known=known[:MOST], ended=True).findings
    assert not detector.inspect(words(["quellin"]), known=known, ended=True).findings


@pytest.mark.parametrize(
    ("said", "gap", "silenced"),
    [
        ("six four six seven.", 0, "six four six seven."),
        ("It is four five three nine, uh, six four six seven.", 7, "six four six seven."),
        ("and K M H", 0, "K M H"),
        ("four, thanks", 0, "four,"),
        ("It is four five eight two, right?", 4, "four five eight two,"),
        ("My order has six four six seven.", 0, ""),
        ("four tickets", 0, ""),
        ("six four and then it went", 2, ""),
        ("six four six seven.", None, ""),
    ],
)
def test_what_is_left_of_a_number_whose_beginning_was_not_understood_is_silenced(
    detector: Detector, said: str, gap: int | None, silenced: str
) -> None:
    texts = said.split()
    found = detector.inspect(words(texts), gap=gap, ended=True).findings
    left = [text for f in found for text in texts[f.first : f.last]]
    assert " ".join(left)[-len(silenced) :] == silenced if silenced else left == []


@pytest.mark.parametrize(
    ("said", "silenced"),
    [
        ("could you hold the line please", []),
        ("My plumber's coming, isn't he?", []),
        ("could you tell Grigian I called", ["Grigian"]),
        ("it holds 9 hours", []),
        ("it holds 9 to 12 hours", ["9"]),
        ("we were 12", ["12"]),
        ("it rains for 10 days", []),
        ("one minute, please", []),
        ("it is number 412 there", ["412"]),
        ("my flight is number 6504 there", []),
        ("my order is number 65041 there", ["65041"]),
        ("it says K M H there", ["K", "M", "H"]),
        ("it costs $64.20 for me", ["$64.20"]),
    ],
)
def test_of_a_guess_only_plain_talk_passes(
    detector: Detector, said: str, silenced: list[str]
) -> None:
    texts = said.split()
    heard = [replace(word, guessed=True) for word in words(texts)]
    found = detector.inspect(heard, ended=True).findings
    assert [text for f in found for text in texts[f.first : f.last]] == silenced
    unlikely = [replace(word, score=LIKELY / 2) for word in heard]
    all_of_it = detector.inspect(unlikely, ended=True).findings
    assert [i for f in all_of_it for i in range(f.first, f.last)] == list(range(len(texts)))


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("Okay, so let me see 4711", "Okay, so let me see"),
        ("Sure, Orla May", "Sure,"),
        ("Yes, that's Orla May", "Yes, that's"),
        ("trinity, no, sorry, I mean 12", "no, sorry, I mean"),
        ("show it that's why", ""),
        ("you are too late", ""),
    ],
)
def test_of_a_guess_at_an_answer_only_what_is_said_around_it_passes(
    detector: Detector, said: str, passes: str
) -> None:
    heard = [replace(word, guessed=True) for word in words(said.split())]
    inspection = detector.inspect(heard, asked=frozenset({Entity.PERSON}), ended=True)
    silenced = {i for f in inspection.findings for i in range(f.first, f.last)}
    assert " ".join(t for i, t in enumerate(said.split()) if i not in silenced) == passes


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("it is 677 7777, no, sorry, 096.", "it is no, sorry,"),
        ("my phone is 503 555, hang on, no, it's 0190 12", "my phone is hang on, no, it's"),
        ("my phone is 503 wait 555 0190", "my phone is"),
        ("my phone is 503 no no 555 0190", "my phone is"),
    ],
)
def test_a_correction_inside_a_number_is_none_of_it_unless_it_may_be_a_digit(
    detector: Detector, said: str, passes: str
) -> None:
    found = detector.inspect(words(said.split()), ended=True).findings
    silenced = {i for f in found for i in range(f.first, f.last)}
    assert " ".join(t for i, t in enumerate(said.split()) if i not in silenced) == passes


def test_what_is_found_in_a_guess_is_told_as_what_it_is(detector: Detector) -> None:
    heard = [replace(word, guessed=True) for word in words(["my", "name", "is", "Anita", "Novak"])]
    (found,) = detector.inspect(heard, ended=True).findings
    assert (found.entity, found.first, found.last) == (Entity.PERSON, 3, 5)


@pytest.mark.parametrize("size", range(1, 5))
def test_what_is_left_of_a_number_never_passes_while_it_is_being_said(
    detector: Detector, size: int
) -> None:
    texts = ["four", "six", "four", "seven."][:size]
    inspection = detector.inspect(words(texts), gap=0)
    assert [(f.entity, f.first, f.last) for f in inspection.findings] == [(Entity.UNSURE, 0, size)]
