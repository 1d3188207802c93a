"""Understanding what a caller answers to a question, and demands in the middle of a call.

Pure. The languages are data (`gateway.answers.en` and its like), the rules are the same for all:
a refusal anywhere beats a yes anywhere, and a yes counts only when nothing is said beside it that
could take it back, hedge it or speak to somebody else. Asking again costs little, while a false
grant is the one error that cannot be made good.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from gateway.answers.de import GERMAN
from gateway.answers.en import ENGLISH
from gateway.answers.es import SPANISH
from gateway.answers.fr import FRENCH
from gateway.answers.grammar import WORD, Demand, Grammar

__all__ = [
    "KEYS",
    "LANGUAGES",
    "QUESTIONS",
    "REFUSALS",
    "Answer",
    "Demand",
    "demand",
    "kept",
    "understand",
]


class Answer(StrEnum):
    """What an answer means."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    SILENCE = "silence"
    HUMAN = "human"
    REPEAT = "repeat"


KEYS: Final = {"1": Answer.YES, "2": Answer.NO, "0": Answer.HUMAN}
"""Keypad key → what it answers; any other key is unclear."""

_GRAMMARS: Final[dict[str, Grammar]] = {
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "de": GERMAN,
}

LANGUAGES: Final = tuple(_GRAMMARS)
"""ISO 639-1 codes of what there is a grammar for."""

QUESTIONS: Final = {language: grammar.question for language, grammar in _GRAMMARS.items()}
"""What an answer's listener is told as its hint, by language. With the long text that is really
asked, recognition tends to hear the text itself."""


REFUSALS: Final = {
    language: tuple(grammar.refusals.split()) for language, grammar in _GRAMMARS.items()
}
"""Words that must not be missed in an answer, by language: where one was nearly heard, no yes."""


def understand(text: str, language: str = "en") -> Answer:
    """Return what the words of an answer mean; never `SILENCE`, which has none.

    Raises:
        KeyError: when there is no grammar for the language.
    """
    grammar = _GRAMMARS[language]
    plain = " ".join(_words(text))
    demanded = demand(text, language)
    if demanded is Demand.HUMAN or grammar.says(grammar.human, plain):
        return Answer.HUMAN
    if key := _key(grammar, plain):
        return Answer.UNCLEAR if "?" in text else KEYS[key]
    if demanded or grammar.says(grammar.no, grammar.without(grammar.no_refusal, plain)):
        return Answer.NO
    if "?" not in text and grammar.affirms(plain):
        return Answer.YES
    return Answer.REPEAT if grammar.says(grammar.repeat, plain) else Answer.UNCLEAR


def kept(text: str, language: str = "en") -> str:
    """Return what a record may keep of an answer: the words that answer, "…" for all others.

    Raises:
        KeyError: when there is no grammar for the language.
    """
    grammar = _GRAMMARS[language]
    words = _words(text)
    if _key(grammar, " ".join(words)):
        return " ".join(words)
    shown: list[str] = []
    for word in words:
        word = word if word in grammar.vocabulary else "…"
        if word != "…" or shown[-1:] != ["…"]:
            shown.append(word)
    return " ".join(shown)


def demand(text: str, language: str = "en") -> Demand | None:
    """Return what a phrase of running talk demands, or None.

    Raises:
        KeyError: when there is no grammar for the language.
    """
    grammar = _GRAMMARS[language]
    plain = grammar.without(grammar.no_demand, " ".join(_words(text)))
    return next((d for d, block in grammar.demands.items() if grammar.says(block, plain)), None)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return re.findall(WORD, plain.replace("all right", "alright"))


def _key(grammar: Grammar, plain: str) -> str | None:
    """Return the key that was said, when nothing else was."""
    *before, last = plain.split() or [""]
    pressed = all(re.fullmatch(grammar.press, word) for word in before)
    return grammar.keys.get(last) if pressed else None
