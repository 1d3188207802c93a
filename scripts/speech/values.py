"""Invented personal data as people say it: one function an entity, from a seeded generator.

Each returns words in the notation of `script`: digits as words, letters as lone capitals. Numbers
with a checksum have a right one. Nothing belongs to anybody, except by chance.
"""

from __future__ import annotations

import calendar
import random
import string
from collections.abc import Callable
from pathlib import Path
from typing import Final

import yaml
from stdnum import iban, luhn
from stdnum.gb import nhs
from stdnum.us import rtn

Say = Callable[[random.Random], str]

_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NAMES: Final[dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("names.yaml").read_text(encoding="utf-8")
)


def number(value: int) -> str:
    """Say 0 to 99 as one number."""
    if value < 10:
        return _DIGITS[value]
    if value < 20:
        return _NAMES["teens"][value - 10]
    tens = _NAMES["tens"][value // 10 - 2]
    return tens if value % 10 == 0 else f"{tens} {_DIGITS[value % 10]}"


def ordinal(value: int) -> str:
    """Say 1 to 31 as a day of the month."""
    if value <= 20:
        return _NAMES["ordinals"][value - 1]
    if value == 30:
        return "thirtieth"
    return f"{number(value // 10 * 10)} {_NAMES['ordinals'][value % 10 - 1]}"


def year(value: int, rng: random.Random) -> str:
    """Say a year from 1900 on."""
    if value >= 2010 and rng.random() < 0.5:
        return f"twenty {number(value - 2000)}"
    if value >= 2000:
        return "two thousand" + (f" and {number(value - 2000)}" if value > 2000 else "")
    rest = value - 1900
    if rest < 10:
        return f"nineteen oh {_DIGITS[rest]}" if rest else "nineteen hundred"
    return f"nineteen {number(rest)}"


def spelled(text: str, rng: random.Random, *group: int) -> str:
    """Say characters one by one, a breath after each of `group` (the last size repeats).

    A speaker says "oh" or "zero" throughout, and may say "double five".
    """
    zero = rng.choice(("zero", "oh"))
    double = rng.random() < 0.25
    sizes = list(group)
    parts = []
    while text:
        size = sizes.pop(0) if len(sizes) > 1 else (sizes[0] if sizes else len(text))
        part, text = text[:size], text[size:]
        said = []
        while part:
            repeat = double and len(part) > 1 and part[0] == part[1]
            word = _DIGITS[int(part[0])] if part[0].isdigit() else part[0].upper()
            word = zero if word == "zero" else word
            said.append(f"double {word}" if repeat else word)
            part = part[2 if repeat else 1 :]
        parts.append(" ".join(said))
    return rng.choice((", ", ", ", " ")).join(parts)


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randint(1, 9)) + "".join(rng.choices(string.digits, k=count - 1))


def _letters(rng: random.Random, count: int, of: str = string.ascii_uppercase) -> str:
    return "".join(rng.choices(of, k=count))


def _pair(digits: str) -> str:
    return number(int(digits)) if digits[0] != "0" else f"oh {_DIGITS[int(digits[1])]}"


def _card(rng: random.Random) -> str:
    if rng.random() < 0.2:
        body = rng.choice(("34", "37")) + _digits(rng, 12)
        return spelled(body + luhn.calc_check_digit(body), rng, 4, 6, 5)
    body = rng.choice("45") + _digits(rng, 14)
    digits = body + luhn.calc_check_digit(body)
    if rng.random() < 0.2:  # forty five thirty nine
        return " ".join(_pair(digits[i : i + 2]) for i in range(0, 16, 2))
    return spelled(digits, rng, 4)


def _expiry(rng: random.Random) -> str:
    month, short = rng.randint(1, 12), rng.randint(27, 32)
    return rng.choice(
        (
            f"{calendar.month_name[month]} twenty {number(short)}",
            f"{'oh ' * (month < 10)}{number(month)}, {number(short)}",
            f"{'zero ' * (month < 10)}{number(month)} slash {number(short)}",
        )
    )


def _iban(rng: random.Random) -> str:
    country, body = rng.choice(
        (("DE", _digits(rng, 18)), ("GB", _letters(rng, 4) + _digits(rng, 14)))
    )
    check = iban.calc_check_digits(f"{country}00{body}")
    return spelled(f"{country}{check}{body}", rng, 4)


def _routing(rng: random.Random) -> str:
    body = rng.choice(("021", "011", "122", "071")) + _digits(rng, 5)
    return spelled(body + rtn.calc_check_digit(body), rng, 3)


def _ssn(rng: random.Random) -> str:
    return spelled(f"{rng.randint(100, 665)}{rng.randint(10, 99)}{_digits(rng, 4)}", rng, 3, 2, 4)


def _itin(rng: random.Random) -> str:
    return spelled(f"9{_digits(rng, 2)}{rng.randint(70, 88)}{_digits(rng, 4)}", rng, 3, 2, 4)


def _nhs(rng: random.Random) -> str:
    while not nhs.is_valid(digits := _digits(rng, 10)):
        pass
    return spelled(digits, rng, 3, 3, 4)


def _nino(rng: random.Random) -> str:
    letters = _letters(rng, 1, "ABCEGHJKLMPRSTWXYZ") + _letters(rng, 1, "ABCEGHJKLMPRSTWXYZ")
    return spelled(letters + _digits(rng, 6) + _letters(rng, 1, "ABCD"), rng, 2)


def _phone(rng: random.Random) -> str:
    if rng.random() < 0.25:
        return spelled("07700900" + _digits(rng, 3), rng, 5, 3)
    area = rng.choice(("503", "617", "212", "415", "312"))
    return spelled(f"{area}555{rng.randint(100, 199):04d}", rng, 3, 3, 4)


def _email(rng: random.Random) -> str:
    first, last = rng.choice(_NAMES["first"]).lower(), rng.choice(_NAMES["last"]).lower()
    tail = _two(rng)
    local = rng.choice(
        (
            f"{first} dot {last}",
            f"{first} {tail}",
            f"{first} underscore {last}",
            f"{first[0].upper()} dot {last}",
            f"{spelled(last, rng)} {tail}",
        )
    )
    return f"{local} at {rng.choice(_NAMES['mail'])}"


def _full_name(rng: random.Random) -> str:
    return f"{rng.choice(_NAMES['first'])} {rng.choice(_NAMES['last'])}"


def _surname(rng: random.Random) -> str:
    last = rng.choice(_NAMES["last"])
    return f"{last}, {_letter_by_letter(last, rng)}"


def _spelling(rng: random.Random) -> str:
    return _letter_by_letter(rng.choice(_NAMES["last"]), rng)


def _letter_by_letter(name: str, rng: random.Random) -> str:
    letters = name.upper()
    if rng.random() < 0.25:  # the one that is easily misheard: "M as in Mary"
        hard = rng.randrange(len(letters))
        said = [f"{x} as in {_NAMES['alphabet'][x]}," if i == hard else x
                for i, x in enumerate(letters)]  # fmt: skip
        return " ".join(said).removesuffix(",")
    return spelled(letters, rng)


def _person(rng: random.Random) -> str:
    return rng.choice((_full_name, _full_name, _spelling))(rng)


def _address(rng: random.Random) -> str:
    house = rng.choice((number(rng.randint(2, 99)), spelled(_digits(rng, 4), rng)))
    street = f"{house} {rng.choice(_NAMES['streets'])} {rng.choice(_NAMES['kinds'])}"
    if rng.random() < 0.2:
        return f"{street}, apartment {number(rng.randint(1, 40))} {_letters(rng, 1, 'BCDEF')}"
    return street


def _zip(rng: random.Random) -> str:
    if rng.random() < 0.3:
        area = _letters(rng, 2, "BCDEGHLMNPRSTW")
        return spelled(f"{area}{_digits(rng, 2)}{_letters(rng, 2, 'BDEGHJLNPRST')}", rng, 3)
    return spelled(_digits(rng, 5), rng)


def _birth(rng: random.Random) -> str:
    born, month, day = rng.randint(1940, 2005), rng.randint(1, 12), rng.randint(1, 28)
    name = calendar.month_name[month]
    return rng.choice(
        (
            f"{name} the {ordinal(day)}, {year(born, rng)}",
            f"the {ordinal(day)} of {name} {year(born, rng)}",
            f"{number(month)}, {number(day)}, {year(born, rng)}",
            spelled(f"{month:02d}{day:02d}{born}", rng, 2, 2, 4),
        )
    )


def _ip(rng: random.Random) -> str:
    parts = (192, 168, rng.randint(0, 255), rng.randint(2, 254))
    return " dot ".join(spelled(str(part), rng) for part in parts)


def _username(rng: random.Random) -> str:
    return f"{rng.choice(_NAMES['words'])} {rng.choice(_NAMES['first']).lower()} {_two(rng)}"


def _password(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return spelled(_letters(rng, 3) + _digits(rng, 3), rng)
    return f"{' '.join(rng.sample(_NAMES['words'], 2))} {_two(rng)}"


def _url(rng: random.Random) -> str:
    host = " ".join(rng.sample(_NAMES["words"], 2))
    name = rng.choice(_NAMES["first"]).lower()
    return rng.choice((f"{host} dot com slash {name}", f"W W W dot {host} dot org slash {name}"))


def digits(rng: random.Random) -> str:
    """Say two digits one by one."""
    return spelled(_digits(rng, 2), rng)


def _two(rng: random.Random) -> str:
    return number(rng.randint(13, 99))


def _time(rng: random.Random) -> str:
    return f"{number(rng.randint(1, 12))} {rng.choice(('thirty', 'fifteen', 'forty five'))}"


VALUES: Final[dict[str, Say]] = {
    "PAYMENT_CARD": _card,
    "CVV": lambda rng: spelled(_digits(rng, 3), rng),
    "CARD_EXPIRY": _expiry,
    "BANK_ACCOUNT": lambda rng: spelled(_digits(rng, rng.choice((8, 10, 12))), rng, 4),
    "ROUTING_NUMBER": _routing,
    "IBAN": _iban,
    "US_SSN": _ssn,
    "US_ITIN": _itin,
    "UK_NHS": _nhs,
    "UK_NINO": _nino,
    "PASSPORT": lambda rng: spelled(_letters(rng, rng.choice((0, 1, 2))) + _digits(rng, 7), rng, 3),
    "DRIVING_LICENCE": lambda rng: spelled(_letters(rng, 1) + _digits(rng, 7), rng, 4),
    "PHONE": _phone,
    "EMAIL": _email,
    "USERNAME": _username,
    "PASSWORD": _password,
    "PERSON": _person,
    "ADDRESS": _address,
    "ZIP": _zip,
    "CITY": lambda rng: rng.choice(_NAMES["cities"]),
    "DATE_OF_BIRTH": _birth,
    "MEDICAL_RECORD": lambda rng: spelled(_digits(rng, rng.choice((6, 8))), rng, 3),
    "HEALTH": lambda rng: rng.choice(_NAMES["health"]),
    "VEHICLE_PLATE": lambda rng: spelled(_letters(rng, 3) + _digits(rng, 4), rng, 3),
    "IP_ADDRESS": _ip,
    "URL": _url,
}
"""By entity; the names are those of `media.entities.types.Entity`, `UNSURE` left out."""

KINDS: Final[dict[str, Say]] = {
    "surname": _surname,
    "spelling": _spelling,
    "full_name": _full_name,
    "medication": lambda rng: rng.choice(_NAMES["medications"]),
    "pin": lambda rng: spelled(_digits(rng, 4), rng),
    "code": lambda rng: spelled(_digits(rng, 6), rng, 3),
}
"""Values of an entity that fit only some of its phrasings."""

LEADING: Final = frozenset({"double", "the", "and", "as", "in", *_NAMES["tens"]})
"""Words that do not stand without the next one."""

DIGITAL: Final = frozenset(
    {
        *("PAYMENT_CARD", "CVV", "BANK_ACCOUNT", "ROUTING_NUMBER", "IBAN", "US_SSN", "US_ITIN"),
        *("UK_NHS", "PASSPORT", "DRIVING_LICENCE", "PHONE", "MEDICAL_RECORD", "VEHICLE_PLATE"),
    }
)
"""Entities whose values end in digits said one by one, as `digits` are."""

HARMLESS: Final[dict[str, Say]] = {
    "small": lambda rng: number(rng.randint(2, 12)),
    "number": _two,
    "flight": lambda rng: spelled(_digits(rng, rng.choice((3, 4))), rng),
    "room": lambda rng: spelled(f"{rng.randint(1, 9)}0{rng.randint(1, 9)}", rng),
    "day": lambda rng: f"{calendar.month_name[rng.randint(1, 12)]} {ordinal(rng.randint(1, 31))}",
    "time": _time,
    "price": lambda rng: f"{_two(rng)} dollars and {_two(rng)} cents",
    "letter": lambda rng: _letters(rng, 1, "BCDEFGH"),
    "year": lambda rng: year(rng.randint(1990, 2025), rng),
}
"""What sounds like personal data and is not."""
