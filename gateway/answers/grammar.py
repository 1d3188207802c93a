"""The form of a grammar of answers: phrases of one language, as data.

A phrase is a regular expression over plain words: lower case, no punctuation, one space between
two. A block is phrases parted by "|" or by lines. They match whole words only; groups do not
capture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final


class Demand(StrEnum):
    """What a caller may demand in the middle of a call."""

    STOP_RECORDING = "stop recording"
    DELETE = "delete that"
    HUMAN = "wants a human"
    STOP = "stop"


@dataclass(frozen=True)
class Grammar:
    """What answers and demands are said with in one language. Fields are blocks of phrases.

    `question` is what all answers answer, as plain as can be; recognition is told. `refusals` are
    the words that it must not miss.

    `yes` grants, if nothing is said but `yes` and `beside`, what may stand beside a yes. `no`
    refuses wherever it is said, except within `no_refusal`, which has a refusal's words and is
    none. `human` asks for a person, `repeat` for the question again. `keys` are the words for
    the keys 0, 1 and 2, `press` what may be said before one.

    `demands` are looked for in running talk, except within `no_demand`.
    """

    question: str
    refusals: str
    yes: str
    beside: str
    no: str
    no_refusal: str
    human: str
    repeat: str
    press: str
    keys: Mapping[str, str]
    demands: Mapping[Demand, str]
    no_demand: str

    def says(self, block: str, plain: str) -> bool:
        """Tell whether a phrase of the block is in the words."""
        return bool(_anywhere(block).search(plain))

    def without(self, block: str, plain: str) -> str:
        """Return the words with "…" for each phrase of the block."""
        return _anywhere(block).sub("…", plain)

    def affirms(self, plain: str) -> bool:
        """Tell whether the words are a yes and nothing but that and what may stand beside it."""
        reached = {(0, False)}
        for at in range(len(plain)):
            for granted in {granted for end, granted in reached if end == at}:
                for yes, phrase in self._phrases:
                    if found := phrase.match(plain, at):
                        reached.add((found.end(), granted or yes))
        return (len(plain), True) in reached

    @cached_property
    def _phrases(self) -> list[tuple[bool, re.Pattern[str]]]:
        """The phrases of a yes and beside it, each up to the next word."""
        return [
            (block is self.yes, re.compile(f"(?:{phrase})(?: |$)"))
            for block in (self.yes, self.beside)
            for phrase in phrases(block)
        ]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word that an answer is understood by; keys are not among them."""
        blocks = (self.yes, self.beside, self.no, self.no_refusal, self.human, self.repeat)
        return frozenset(re.findall(WORD, re.sub(r"\\\S", " ", " ".join(blocks))))


WORD: Final = r"[^\W_]+(?:'[^\W_]+)*"
"""A word, with the apostrophes in it."""


def phrases(block: str) -> list[str]:
    """Return the phrases of a block: an alternative inside of a group is none by itself."""
    found, depth = [""], 0
    for symbol in block.strip():
        depth += (symbol == "(") - (symbol == ")")
        if depth == 0 and symbol in "|\n":
            found.append("")
        else:
            found[-1] += symbol
    return [phrase.strip() for phrase in found]


_compiled: Final[dict[str, re.Pattern[str]]] = {}


def _anywhere(block: str) -> re.Pattern[str]:
    if block not in _compiled:
        _compiled[block] = re.compile(rf"(?<!\S)(?:{'|'.join(phrases(block))})(?!\S)")
    return _compiled[block]
