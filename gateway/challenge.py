"""A challenge: a few random words to repeat, and what an answer to them proves.

Pure. A recording, or speech made beforehand, cannot know the words; who repeats them understands,
at least, what is asked now. One step-up is a walk through `TABLE`, with three phrases that share no
word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from random import Random
from typing import Final

WORDS: Final = tuple(f"word_{number}" for number in range(1, 65))
"""Ids of the prompts that are the words: a phrase is one of 15 million."""

LENGTH: Final = 4
"""Words of a phrase: two seconds of speech, and as much as people keep in mind with ease."""

ENOUGH: Final = 3
"""Words that must be heard, in their order: one of four may be misheard."""

STRAY: Final = 1
"""Words of the list that may be heard and were not asked for: who recites the list knows none."""

ALIKE: Final = 0.7
"""How like a word of the list (0 to 1, by its letters) something must be to be taken for it."""

SPLIT: Final = 3
"""Pieces in which one word may be written: "kuala flour"."""

LONGEST: Final = 24
"""Words of an answer that are looked at."""


class State(StrEnum):
    """Where a step-up stands."""

    ASKED = "asked"
    ASKED_AGAIN = "asked again"
    ASKED_LAST = "asked last"
    PASSED = "passed"
    UNCLEAR = "unclear"
    FAILED = "failed"


class Answer(StrEnum):
    """What an answer to one phrase is."""

    RIGHT = "right"
    WRONG = "other words"
    EARLY = "before the phrase was over"
    LATE = "too late"
    ECHO = "the prompt played back"
    SILENCE = "nothing said"
    SYNTHETIC = "right, but the voice is synthetic"
    UNSURE = "right, but the voice is not sure"
    UNHEARD = "not recognised"


DOUBTS: Final = frozenset({Answer.UNSURE, Answer.UNHEARD})
"""Answers that are nobody's fault: they prove nothing for the caller, and nothing against."""

TABLE: Final[Mapping[tuple[State, Answer], State]] = {
    (state, answer): State.PASSED if answer is Answer.RIGHT else after
    for state, after in (
        (State.ASKED, State.ASKED_AGAIN),
        (State.ASKED_AGAIN, State.ASKED_LAST),
        (State.ASKED_LAST, State.FAILED),
    )
    for answer in Answer
} | {(State.ASKED_LAST, doubt): State.UNCLEAR for doubt in DOUBTS}
"""(state, answer) → next state."""

WORDINGS: Final = {
    State.ASKED: "challenge_ask",
    State.ASKED_AGAIN: "challenge_again",
    State.ASKED_LAST: "challenge_last",
}
"""State → the id of the prompt that goes before the phrase; in any other state it is over."""


class Challenge:
    """One step-up.

    Args:
        words: id of a word's prompt → the word, `3 * LENGTH` of them or more.
        rng: draws the phrases; one that cannot be foretold.
    """

    def __init__(self, words: Mapping[str, str], rng: Random) -> None:
        self.state = State.ASKED
        self._words = {_plain(word): word_id for word_id, word in words.items()}
        drawn = rng.sample(sorted(words), LENGTH * len(WORDINGS))
        self._phrases = [tuple(drawn[at : at + LENGTH]) for at in range(0, len(drawn), LENGTH)]

    @property
    def over(self) -> bool:
        """Tell whether nothing more is asked."""
        return self.state not in WORDINGS

    @property
    def phrase(self) -> tuple[str, ...]:
        """Return the ids of the words to be repeated now."""
        return self._phrases[0]

    @property
    def prompts(self) -> tuple[str, ...]:
        """Return what to play, as ids of prompts, to ask for the phrase."""
        return (WORDINGS[self.state], *self.phrase)

    def repeats(self, text: str) -> bool:
        """Tell whether a text, as recognised, repeats the phrase."""
        heard = _known(text, self._words)
        asked = [word for word in heard if word in self.phrase]
        stray = len(heard) - len(asked)
        return _in_order(self.phrase, asked) >= ENOUGH and stray <= STRAY

    def answer(self, answer: Answer) -> State:
        """Take the answer to the present phrase; return the state that it led to."""
        self.state = TABLE[self.state, answer]
        if not self.over:
            self._phrases.pop(0)
        return self.state


def _plain(text: str) -> str:
    """Return the letters of a text as they compare: no case, no accents."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in apart if c.isalpha())


def _known(text: str, words: Mapping[str, str]) -> list[str]:
    """Return what words of a list are heard in a text, in order, each as what it stands for."""
    pieces = [_plain(piece) for piece in re.split(r"[^\w'’]+", text)[:LONGEST]]
    known: list[str] = []
    at = 0
    while at < len(pieces):
        likeness, length, word = max(
            _nearest("".join(pieces[at : at + length]), length, words)
            for length in range(1, SPLIT + 1)
        )
        known += [words[word]] if likeness else []
        at += length if likeness else 1
    return known


def _nearest(heard: str, length: int, words: Mapping[str, str]) -> tuple[float, int, str]:
    """Return how like the nearest word something is, its length as given, and the word."""
    near = get_close_matches(heard, words, n=1, cutoff=ALIKE)
    return (
        (SequenceMatcher(None, near[0], heard).ratio(), length, near[0]) if near else (0.0, 1, "")
    )


def _in_order(phrase: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words of the phrase are heard in its order (longest common subsequence)."""
    row = [0] * (len(phrase) + 1)
    for word in heard:
        diagonal = 0
        for at, asked in enumerate(phrase, 1):
            above = row[at]
            row[at] = diagonal + 1 if asked == word else max(above, row[at - 1])
            diagonal = above
    return row[-1]
