"""Makes turns: harmless talk, then a piece of personal data in some form, then harmless talk."""

from __future__ import annotations

from hypothesis import strategies as st

from media.entities.types import Entity
from tests.media.entities.labelled import Phrase

E = Entity
_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_FIRST = [
    "Jane",
    "John",
    "Maria",
    "Robert",
    "Aisha",
    "Wei",
    "Dmitri",
    "Beverly",
    "Siobhan",
    "Kofi",
    "Linda",
    "Mark",
]
_LAST = [
    "Doe",
    "Smith",
    "O'Brien",
    "Quezada",
    "Nakamura",
    "Pomerantz",
    "Brown",
    "Okafor",
    "Lee",
    "Vandenberg",
]
_STREETS = [
    "Elm",
    "Maple",
    "Margaret",
    "Forbes",
    "Washington",
    "Orchard",
    "Sunset",
    "Highland",
    "Murray",
    "Beeler",
]
_SUFFIXES = ["Street", "Avenue", "Road", "Drive", "Lane", "Boulevard", "Court"]
_CITIES = ["Springfield", "Pittsburgh", "Sewickley", "Dayton", "Fresno", "Zelienople", "Tacoma"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

TALK = [
    "hi there",
    "hello",
    "so um",
    "yeah hi good morning",
    "I ordered a kettle last week",
    "thanks for taking my call",
    "okay so here it is",
    "I need some help with my order please",
    "the box was open when it came",
    "well I called you yesterday about this",
    "you know what happened",
    "it never arrived at my house",
    "I would like my money back",
    "can you check that for me",
    "what else do you need",
    "is that all right",
    "I paid $19.99 for it",
    "it took 3 days",
    "I have two of them",
    "and that is it",
    "thank you so much",
    "let me know if that works",
    "I think it was Tuesday",
    "my kids use it every day",
    "do you want anything else",
    "it says version 2.1 on the label",
    "the flight was at 10:30",
    "I can wait a few minutes",
]


def _digits(low: int, high: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=low, max_size=high)


@st.composite
def said_digits(draw: st.DrawFn, low: int, high: int | None = None) -> str:
    """Digits in one of the ways in which they are said and written down."""
    digits = draw(_digits(low, high or low))
    form = draw(st.integers(0, 6))
    if form == 0:
        return " ".join(_ONES[int(d)] for d in digits)
    if form == 1:
        return " ".join(digits)
    if form == 2:
        return ", ".join(digits)
    if form == 3:
        return "-".join(digits)
    if form == 4:
        return digits
    if form == 5:
        cut = draw(st.integers(3, 4))
        return " ".join(digits[at : at + cut] for at in range(0, len(digits), cut))
    return " ".join("oh" if d == "0" else _ONES[int(d)] for d in digits)


@st.composite
def _spelled(draw: st.DrawFn, word: str) -> str:
    letters = [c for c in word.upper() if c.isalpha()]
    return draw(st.sampled_from([" ", "-", ", "])).join(letters)


@st.composite
def _name(draw: st.DrawFn) -> str:
    return f"{draw(st.sampled_from(_FIRST))} {draw(st.sampled_from(_LAST))}"


@st.composite
def _date(draw: st.DrawFn) -> str:
    month = draw(st.sampled_from(_MONTHS))
    day, year = draw(st.integers(1, 28)), draw(st.integers(1930, 2005))
    ending = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return draw(st.sampled_from([f"{month} {day}{ending} {year}", f"{month} {day}, {year}"]))


@st.composite
def _email(draw: st.DrawFn) -> str:
    first = draw(st.sampled_from(_FIRST)).lower()
    last = draw(st.sampled_from(["smith", "nakamura", "okafor", "lee88", "quezada"]))
    host = draw(st.sampled_from(["gmail", "yahoo", "hotmail", "example"]))
    return draw(
        st.sampled_from(
            [
                f"{first} dot {last} at {host} dot com",
                f"{first}.{last}@{host}.com",
                f"{first} underscore {last} at {host} dot com",
            ]
        )
    )


@st.composite
def _street(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from(["42", "5115", "one twenty two", "8 4 6 7", "forty two"]))
    return f"{number} {draw(st.sampled_from(_STREETS))} {draw(st.sampled_from(_SUFFIXES))}"


CARRIERS: dict[Entity, tuple[tuple[str, ...], st.SearchStrategy[str]]] = {
    E.PAYMENT_CARD: (
        ("my card number is {}", "the card is {}", "it's a visa {}", "you can use {}"),
        said_digits(16),
    ),
    E.CVV: (
        ("the cvv is {}", "the security code is {}", "the code on the back is {}"),
        said_digits(3, 4),
    ),
    E.CARD_EXPIRY: (("it expires {}", "the expiration date is {}", "expiry {}"), said_digits(4)),
    E.BANK_ACCOUNT: (
        ("my account number is {}", "the checking account is {}"),
        said_digits(8, 11),
    ),
    E.ROUTING_NUMBER: (("the routing number is {}", "routing {}"), said_digits(9)),
    E.US_SSN: (("my social is {}", "my social security number is {}", "ssn {}"), said_digits(9)),
    E.PHONE: (
        ("my phone number is {}", "you can reach me at {}", "call me back at {}", "it is {}"),
        said_digits(10),
    ),
    E.ZIP: (("my zip code is {}", "the zip is {}", "zip {}"), said_digits(5)),
    E.PASSWORD: (
        ("my pin is {}", "the code you sent is {}", "my passcode is {}"),
        said_digits(4, 6),
    ),
    E.MEDICAL_RECORD: (
        ("my member id is {}", "my medical record number is {}", "the policy number is {}"),
        said_digits(6, 9),
    ),
    E.PASSPORT: (("my passport number is {}", "passport {}"), said_digits(9)),
    E.DRIVING_LICENCE: (("my driver's license number is {}",), said_digits(7, 9)),
    E.PERSON: (
        ("my name is {}", "this is {}", "I'm {}", "the name's {}", "my full name is {}"),
        _name(),
    ),
    E.DATE_OF_BIRTH: (
        ("my date of birth is {}", "I was born on {}", "my birthday is {}", "birth date {}"),
        _date(),
    ),
    E.EMAIL: (("my email is {}", "my email address is {}", "email me at {}"), _email()),
    E.ADDRESS: (
        ("I live at {}", "my address is {}", "please ship it to {}", "it's {}", "send it to {}"),
        _street(),
    ),
    E.CITY: (("I live in {}", "my city is {}"), st.sampled_from(_CITIES)),
    E.VEHICLE_PLATE: (
        ("my license plate is {}", "the plate number is {}"),
        st.sampled_from(["K T X 4 5 2 9", "KTX 4529", "7 A B C 1 2 3", "bravo delta 5 1 sierra"]),
    ),
    E.USERNAME: (
        ("my username is {}", "my user name is {}"),
        st.sampled_from(["jsmith42", "cool cat 99", "blue heron", "sunnyday underscore 7"]),
    ),
    E.HEALTH: (
        ("I have {}", "I was diagnosed with {}", "because of my {}"),
        st.sampled_from(["diabetes", "high blood pressure", "asthma", "breast cancer"]),
    ),
    E.IP_ADDRESS: (
        ("my ip address is {}", "it says {}"),
        st.sampled_from(["192.168.1.10", "ten dot zero dot zero dot one"]),
    ),
    E.URL: (
        ("my website is {}",),
        st.sampled_from(["janedoe.com", "nakamura dot net", "www dot okafor dot org"]),
    ),
}

SPELLED = ("my last name is {}", "it's spelled {}", "that's {}", "my first name is {}")


@st.composite
def turns(draw: st.DrawFn) -> Phrase:
    """A turn with one piece of personal data in it, and what the agent asked (or nothing)."""
    entity = draw(st.sampled_from([*CARRIERS]))
    carriers, values = CARRIERS[entity]
    value = draw(values)
    carrier = draw(st.sampled_from(carriers))
    if entity is E.PERSON and draw(st.booleans()):
        value = draw(_spelled(draw(st.sampled_from(_LAST))))
        carrier = draw(st.sampled_from(SPELLED))
    asked: frozenset[Entity] = frozenset()
    if draw(st.booleans()):
        asked = frozenset({entity})
        carrier = draw(st.sampled_from([carrier, "{}", "sure it's {}", "um {}", "yes {}"]))
    head, _, tail = carrier.partition("{}")
    before = draw(st.lists(st.sampled_from(TALK), max_size=2))
    after = draw(st.lists(st.sampled_from(TALK), max_size=2))
    texts: list[str] = []
    truth: list[Entity | None] = []
    for text, what in (
        (" ".join(before), None),
        (head, None),
        (value, entity),
        (tail, None),
        (" ".join(after), None),
    ):
        texts += text.split()
        truth += [what] * len(text.split())
    if draw(st.booleans()):  # some recognisers write neither capitals nor punctuation
        texts = [
            text if len(text.strip(".,-")) == 1 or "-" in text else text.lower().rstrip(",.")
            for text in texts
        ]
    return Phrase(tuple(texts), tuple(truth), asked)


@st.composite
def talk(draw: st.DrawFn) -> tuple[str, ...]:
    """A turn without personal data."""
    return tuple(" ".join(draw(st.lists(st.sampled_from(TALK), min_size=1, max_size=5))).split())
