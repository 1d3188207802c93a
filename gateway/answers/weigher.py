"""When an answer is over, and what it is: from the phrases heard to one answer.

Pure: time is a count of samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from gateway.answers import Answer, kept, understand
from media.audio import RATE, Samples
from media.listener import Heard
from media.speech.guard import CONTRARY

BREATH: Final = RATE * 600 // 1_000
"""Samples of quiet after which an answer is over: "yes … but not before Monday" is no yes."""

QUIETER_DB: Final = 9.0
"""How far below a caller's words noise is that is no part of them; nobody takes a yes back in a
whisper, and noise that can be told from words at all is further down."""

GUESSED: Final = 0.15
"""Probability of a word below which a yes is a guess. Of what was wrongly taken for a yes, the
worst word had 0.11 at most."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An answer: what it means, the words of it that a record may keep, and where it ended.

    `confidence` is the probability of the word that was heard worst, 0 to 1.
    """

    answer: Answer
    heard: str
    confidence: float
    until: Samples


class Weigher:
    """Collect the phrases of an answer until it is over.

    Args:
        language: ISO 639-1 code, one of `gateway.answers.LANGUAGES`.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._said: list[Heard] = []

    def hear(self, heard: Heard) -> None:
        """Take a phrase; a cough or noise on the line is no answer.

        What may be noise after words is left out only if it is much quieter: otherwise it may be
        words that take them back.
        """
        if heard.unsure == "no speech" and heard.level_dbfs <= self._loudest - QUIETER_DB:
            return
        if heard.words or heard.unsure:
            self._said.append(heard)

    @property
    def _loudest(self) -> float:
        return max((said.level_dbfs for said in self._said), default=math.inf)

    def forget(self) -> None:
        """Begin anew: another question is asked."""
        self._said.clear()

    def weigh(self, now: Samples, *, speaking: bool, asking: bool) -> Weighed | None:
        """Return the answer, once: a refusal as soon as it is known, all else when it is over.

        `now` is how many samples the caller's listener was fed, `speaking` what it says of itself,
        `asking` tells whether the question is still being played: talk over it that is no answer
        to it is forgotten.
        """
        if not self._said:
            return None
        words = [word for heard in self._said for word in heard.words]
        said = " ".join(word.text.reveal() for word in words)
        answer = understand(said, self._language)
        doubts = {heard.unsure for heard in self._said} - {None}
        worst = min((word.score for word in words), default=0.0)
        guessed = answer is Answer.YES and (bool(doubts) or worst < GUESSED)
        if doubts - {CONTRARY} or guessed:
            answer = Answer.UNCLEAR
        until = self._said[-1].span.end
        if answer not in (Answer.NO, Answer.HUMAN) and (speaking or now - until < BREATH):
            return None
        self._said.clear()
        if asking and answer in (Answer.UNCLEAR, Answer.REPEAT):
            return None
        return Weighed(answer, kept(said, self._language), round(worst, 3), until)
