"""When an answer is over, and what it is: from the phrases heard to one answer.

Pure: time is a count of samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from gateway.answers import Answer, kept, understand
from gateway.answers.evidence import evidence
from media.audio import RATE, Samples
from media.listener import Heard
from media.recognition import Impression
from media.speech.guard import CONTRARY, NO_SPEECH

BREATH: Final = RATE * 600 // 1_000
"""Samples of quiet after which an answer is over: "yes … but not before Monday" is no yes."""

QUIETER_DB: Final = 9.0
"""How far below a caller's words noise is that is no part of them; nobody takes a yes back in a
whisper, and noise that can be told from words at all is further down."""

GUESSED: Final = 0.15
"""Probability of a word below which a yes is a guess. Of what was wrongly taken for a yes, the
worst word had 0.11 at most."""

AGREED: Final = 1.0
"""Evidence from which on an answer is a yes, though its words were not understood."""

DENIED: Final = -2.5
"""Evidence below which no words make a yes."""

_OPEN: Final = (Answer.YES, Answer.UNCLEAR)
"""What the words may mean for the sound to make a yes of them."""

_CLOSED: Final = {CONTRARY, NO_SPEECH}
"""Doubts that no sound outweighs."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An answer: what it means, the words of it that a record may keep, and where it ended.

    `confidence` is the probability of the word that was heard worst, 0 to 1, or, where the answer
    is known `by_sound` and not by its words, that it is a yes.
    """

    answer: Answer
    heard: str
    confidence: float
    until: Samples
    by_sound: bool = False


class Weigher:
    """Collect the phrases of an answer until it is over.

    Args:
        language: ISO 639-1 code, one of `gateway.answers.LANGUAGES`.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._said: list[Heard] = []
        self._evidence = 0.0

    def hear(self, heard: Heard) -> None:
        """Take a phrase; a cough or noise on the line is no answer.

        What may be noise after words is left out only if it is much quieter: otherwise it may be
        words that take them back.
        """
        if heard.unsure == NO_SPEECH and heard.level_dbfs <= self._loudest - QUIETER_DB:
            return
        if heard.words or heard.unsure:
            self._said.append(heard)
        self._evidence = self._evidence_of(heard.impression)

    @property
    def _loudest(self) -> float:
        return max((said.level_dbfs for said in self._said), default=math.inf)

    def forget(self) -> None:
        """Begin anew: another question is asked."""
        self._said.clear()
        self._evidence = 0.0

    def _evidence_of(self, whole: Impression | None) -> float:
        """Return the evidence for a yes in all that was said; 0 where that was not heard whole."""
        if whole is None or not self._said or whole.span.start > self._said[0].span.start:
            return 0.0
        return evidence(whole, self._language)

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
        meaning = answer = understand(said, self._language)
        confidence = min((word.score for word in words), default=0.0)
        doubts = {heard.unsure for heard in self._said} - {None}
        guessed = meaning is Answer.YES and (bool(doubts) or confidence < GUESSED)
        if doubts - {CONTRARY} or guessed:
            answer = Answer.UNCLEAR
        open_to_it = meaning in _OPEN and not doubts & _CLOSED and "?" not in said
        by_sound = answer is Answer.UNCLEAR and open_to_it and self._evidence >= AGREED
        if by_sound:
            answer, confidence = Answer.YES, 1 / (1 + math.exp(-self._evidence))
        elif answer is Answer.YES and self._evidence < DENIED:
            answer = Answer.UNCLEAR
        until = self._said[-1].span.end
        if answer not in (Answer.NO, Answer.HUMAN) and (speaking or now - until < BREATH):
            return None
        self.forget()
        if asking and answer in (Answer.UNCLEAR, Answer.REPEAT):
            return None
        return Weighed(answer, kept(said, self._language), round(confidence, 3), until, by_sound)
