from media.audio import Span
from media.entities.types import Entity, Finding, Word
from media.masking import mask
from media.sensitive import Sensitive


def words(text: str) -> list[Word]:
    return [Word(Sensitive(w), Span(100 * i, 100 * i + 80)) for i, w in enumerate(text.split())]


def finding(first: int, last: int, entity: Entity = Entity.PERSON) -> Finding:
    return Finding(entity, first, last, 0.9, "test", Sensitive("?"))


def token(found: Finding) -> str:
    return f"<{found.entity}_{found.first}>"


def test_without_findings_the_text_stays() -> None:
    assert mask(words("The kettle is broken."), [], token) == ("The kettle is broken.", ())
    assert mask([], [], token) == ("", ())


def test_a_token_stands_for_all_words_of_a_finding() -> None:
    text, masked = mask(words("I am John Peter Smith and ill"), [finding(2, 5)], token)
    assert text == "I am <PERSON_2> and ill"
    assert [(m.token, m.span) for m in masked] == [("<PERSON_2>", Span(200, 480))]


def test_punctuation_that_ends_a_finding_stays() -> None:
    assert mask(words("Is it Smith?"), [finding(2, 3)], token)[0] == "Is it <PERSON_2>?"
    assert mask(words("I'm Smith, hello"), [finding(1, 2)], token)[0] == "I'm <PERSON_1>, hello"


def test_findings_side_by_side_have_a_token_each() -> None:
    found = [finding(0, 1), finding(1, 3, Entity.ZIP)]
    text, masked = mask(words("Smith 12 345"), found, token)
    assert text == "<PERSON_0> <ZIP_1>"
    assert [m.finding.entity for m in masked] == [Entity.PERSON, Entity.ZIP]


def test_nothing_of_a_finding_is_left_in_the_text() -> None:
    text, _ = mask(words("card 4111, 1111. 1111? 1111. thanks"), [finding(1, 5)], token)
    assert text == "card <PERSON_1>. thanks"
