from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.entities.spoken import Kind, parse


def written(text: str) -> str:
    return " ".join(unit.text for unit in parse(text.split()))


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("4, 1, 2", "4 1 2"),
        ("412", "412"),
        ("four one two", "4 1 2"),
        ("4-1-2", "4 - 1 - 2"),
        ("oh six oh seven", "0 6 0 7"),
        ("double five triple 3", "55 333"),
        ("double oh seven", "00 7"),
        ("J-Double 4-Double 8175", "J 44 8175"),
        ("Jane-underscore-doe", "jane _ doe"),
        ("1P 720p", "1 P 720"),
        ("twenty-two", "22"),
        ("twenty two twenty six", "22 26"),
        ("nineteen sixty-seven", "19 67"),
        ("one hundred and twenty three", "123"),
        ("eight hundred five five five", "800 5 5 5"),
        ("two thousand five hundred and fifty two", "2552"),
        ("2000 and 19", "2019"),
        ("4000 and 19", "4000 and 19"),
        ("2000 and 190", "2000 and 190"),
        ("5 thousand", "5000"),
        ("K M H N I", "K M H N I"),
        ("KMHNI", "K M H N I"),
        ("K-M-H", "K - M - H"),
        ("W I double L", "W I LL"),
        ("double u", "W"),
        ("S as in Sam", "S"),
        ("S for Sam, M as in Mary", "S M"),
        ("sierra mike", "S M"),
        ("zee ess", "Z S"),
        ("B5217", "B 5217"),
        ("jane dot doe", "jane . doe"),
        ("Jane.Doe@Gmail.com", "jane.doe@gmail.com"),
        ("O'Brien", "o'brien"),
        ("e-mail", "e-mail"),
        ("USB", "usb"),
        ("AT&T", "at&t"),
        ("MY NAME IS THE ONE", "my name is the 1"),
        ("three million", "3"),
        ("3rd twenty first", "3 21"),
        ("A and I are words", "a and i are words"),
    ],
)
def test_spoken_forms_become_written_ones(said: str, form: str) -> None:
    assert written(said) == form


@pytest.mark.parametrize("price", ["$19.99", "50%", "1,200", "£5", "3.5"])
def test_amounts_are_told_from_digits(price: str) -> None:
    (unit,) = parse([price])
    assert unit.kind is Kind.AMOUNT


def test_a_stutter_is_one_unit_over_all_of_its_words() -> None:
    units = parse(["I", "live", "in", "in", "in", "Vancouver"])
    assert [(u.text, u.first, u.last) for u in units[2:]] == [("in", 2, 5), ("vancouver", 5, 6)]


@pytest.mark.parametrize("said", ["papa papa", "no. no.", "I I", "4 4", "Walla Walla", "jo jo"])
def test_what_may_be_meant_twice_is_no_stutter(said: str) -> None:
    assert len(parse(said.split())) == 2


def test_a_letter_with_its_explanation_keeps_all_the_words() -> None:
    (unit,) = parse(["S", "as", "in", "Sam,"])
    assert (unit.first, unit.last) == (0, 4)


SAID = st.sampled_from(
    [
        "one",
        "oh",
        "two",
        "twenty",
        "hundred",
        "thousand",
        "double",
        "triple",
        "five",
        "4",
        "412",
        "4-1-2",
        "1,200",
        "$19.99",
        "K",
        "M",
        "KMH",
        "K-M-H",
        "I",
        "a",
        "as",
        "in",
        "Sam",
        "for",
        "sierra",
        "mike",
        "dot",
        "at",
        "dash",
        "and",
        "sorry",
        "third",
        "3rd",
        "jane.doe@gmail.com",
        "(412)",
        "555-1234",
        ".",
        "—",
        "...",
        "million",
        "u",
        "O'Brien",
        "twenty-two",
        "zee",
    ]
)


@given(st.lists(st.one_of(SAID, st.text(max_size=8))))
def test_every_unit_names_the_words_that_it_was_said_in(texts: list[str]) -> None:
    units = parse(texts)
    for unit in units:
        assert 0 <= unit.first < unit.last <= len(texts)
        assert unit.text
    for before, after in pairwise(units):
        assert before.first <= after.first
        assert before.last <= after.last


@given(st.lists(SAID))
def test_every_word_with_a_letter_or_digit_is_in_a_unit(texts: list[str]) -> None:
    covered = {at for unit in parse(texts) for at in range(unit.first, unit.last)}
    said = {at for at, text in enumerate(texts) if any(c.isalnum() for c in text)}
    assert said <= covered
