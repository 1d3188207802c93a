"""What synthesisers say: calls, books, digits and spelled names, so that no kind of text tells."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_DIGITS: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

_SHARES: Final = {"calls": 4, "books": 4, "short": 1, "spelled": 2}
"""Kind of English text → weight of being drawn."""


@cache
def _plan() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    )
    return loaded


def draw(language: str, rng: random.Random) -> str:
    """Return a text of three to ten seconds. Raises KeyError for a language without any."""
    texts = _plan()[language]
    if language != "en":
        lines: list[str] = rng.sample(texts, rng.choice([1, 2, 2]))
        return " ".join(lines)
    kind = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    if kind == "spelled":
        return _filled(rng.choice(["{spelled}. {digits}.", "{digits}. {name}.", "{spelled}."]), rng)
    if kind == "short":
        return " ".join(rng.sample(texts["short"], 5))
    return _filled(" ".join(rng.sample(texts[kind], rng.choice([1, 1, 2]))), rng)


def _filled(text: str, rng: random.Random) -> str:
    plan = _plan()
    say = {
        "name": lambda: rng.choice(plan["names"]),
        "street": lambda: rng.choice(plan["streets"]),
        "number": lambda: _number(rng.randint(2, 99)),
        "digits": lambda: ", ".join(rng.choices(_DIGITS, k=rng.randint(4, 8))),
        "spelled": lambda: ", ".join(rng.choice(plan["names"]).replace("'", "").upper()),
        "date": lambda: f"{rng.choice(plan['months'])} {_number(rng.randint(2, 28))}",
        "price": lambda: f"{_number(rng.randint(2, 99))} dollars",
        "time": lambda: f"half past {_number(rng.randint(1, 12))}",
    }
    for slot, value in say.items():
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", value(), 1)
    return text


def _number(value: int) -> str:
    """Write a number from 1 to 99 in words: Kokoro's phonemes are those of words alone."""
    small = [*_DIGITS, "ten", "eleven", "twelve", *(f"{w}teen" for w in ("thir", "four", "fif"))]
    small += [f"{w}teen" for w in ("six", "seven", "eigh", "nine")]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if value < len(small):
        return small[value]
    ten, one = divmod(value, 10)
    return tens[ten - 2] + (f" {_DIGITS[one]}" if one else "")
