"""How English speaks numbers, letters and signs: the tables that `media.entities.spoken` reads."""

from __future__ import annotations

from typing import Final

from media.entities.english.listing import words

DIGITS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "niner": 9,
}  # fmt: skip
TEENS: Final = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50,
    "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
}  # fmt: skip
REPEATS: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
HUGE: Final = frozenset({"million", "billion", "trillion"})
ZERO_LETTERS: Final = frozenset({"oh", "o"})
"""Zero when a digit stands beside it."""

SIGNS: Final = {
    "dash": "-", "hyphen": "-", "minus": "-", "dot": ".", "point": ".", "period": ".",
    "underscore": "_", "slash": "/", "apostrophe": "'", "plus": "+", "hashtag": "#",
    "asterisk": "*", "ampersand": "&", "colon": ":",
}  # fmt: skip

NATO: Final = {
    "alpha": "A", "alfa": "A", "bravo": "B", "charlie": "C", "delta": "D", "echo": "E",
    "foxtrot": "F", "golf": "G", "hotel": "H", "india": "I", "juliet": "J", "juliett": "J",
    "kilo": "K", "lima": "L", "mike": "M", "november": "N", "oscar": "O", "papa": "P",
    "quebec": "Q", "romeo": "R", "sierra": "S", "tango": "T", "uniform": "U", "victor": "V",
    "whiskey": "W", "whisky": "W", "xray": "X", "x-ray": "X", "yankee": "Y", "zulu": "Z",
}  # fmt: skip
LETTER_NAMES: Final = {
    "zee": "Z", "zed": "Z", "aitch": "H", "haitch": "H", "kay": "K", "ess": "S", "vee": "V",
    "dee": "D", "bee": "B", "gee": "G", "jay": "J", "tee": "T", "pee": "P", "cee": "C",
    "ee": "E", "em": "M", "en": "N", "el": "L", "ell": "L", "ex": "X", "eff": "F",
    "why": "Y", "you": "U", "see": "C", "sea": "C", "are": "R", "queue": "Q", "cue": "Q",
    "tea": "T", "eye": "I", "be": "B", "pea": "P", "oh": "O", "ay": "A", "eh": "A", "ar": "R",
}  # fmt: skip
"""Words that are a letter when letters stand on both sides of them."""
SURE_LETTER_NAMES: Final = frozenset(
    {"zee", "zed", "aitch", "haitch", "ess", "vee", "dee", "cee", "ee", "eff"}
)
AS_IN: Final = (("as", "in"), ("is", "in"), ("for",), ("like",), ("as",), ("from",))

FILLERS: Final = words("""um uh er erm uhm hmm hm mm mhm ah eh uhh umm huh like well so okay ok""")
REPAIRS: Final = words(
    """no sorry wait actually mean correction scratch oops rather pardon mistake strike hang"""
)
"""Words that announce a correction; digits that go on after them belong to the same run."""
LINKS: Final = words(
    """and then dash hyphen space followed by i that that's it's its make let me see hold on the is
    again uh um next capital uppercase lowercase upper lower case small letter number digit with
    of a half new word excuse one second it was not"""
)
"""Words that may stand between two parts of one run; the longer links need a repair among them."""
SHORT_LINKS: Final = words(
    """and then space followed by capital uppercase lowercase upper lower case small letter with
    next number digit of"""
)
SURELY_DIGITS: Final = words("for fore to too won ate")
"""Words that sound just like a digit."""
LIKE_DIGITS: Final = words(
    """to too two won for fore four ate sex sick six tree free three fife five nein night nine
        heaven seven hero zero or oh owe wine line mine than then tin an in hate eat weight
        great"""
)
"""Words that digits are misheard as, between digits that were asked for."""
