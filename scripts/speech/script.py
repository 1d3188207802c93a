"""The notation of spoken lines, and the truth about what was said.

A line is the words as they are said, so `four five three nine`, not `4539`. Square brackets and an
entity mark personal data, as a link is written in Markdown: `I am [Helen Marsh](PERSON)`. A lone
slash is a pause of half a second; two slashes are one that ends a turn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from speech.sound import RATE, Pcm, levelled
from speech.synthesis import Speech, Spoken, Synthesiser

_MARKED: Final = re.compile(r"\[([^\]]+)\]\(([A-Z_]+)\)")
_PAUSES_S: Final = {"/": 0.5, "//": 1.6}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is said: the words, each one's entity, and the seconds of pause before some."""

    words: tuple[str, ...]
    entities: tuple[str | None, ...]
    pauses: dict[int, float]

    @property
    def text(self) -> str:
        """The words alone."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Truth:
    """A word, when it was said, and the entity that it belongs to."""

    word: str
    start_s: float
    end_s: float
    entity: str | None

    def later(self, seconds: float) -> Truth:
        """Return the same word `seconds` later."""
        return replace(
            self,
            start_s=round(self.start_s + seconds, 3),
            end_s=round(self.end_s + seconds, 3),
        )


def parse(line: str) -> Line:
    """Read the notation."""
    words: list[str] = []
    entities: list[str | None] = []
    pauses: dict[int, float] = {}

    def add(text: str, entity: str | None) -> None:
        for word in text.split():
            if word in _PAUSES_S:
                pauses[len(words)] = _PAUSES_S[word]
            elif not any(c.isalnum() for c in word) and words:
                words[-1] += word  # the comma after a closing bracket
            else:
                words.append(word)
                entities.append(entity)

    end = 0
    for mark in _MARKED.finditer(line):
        add(line[end : mark.start()], None)
        add(mark[1], mark[2])
        end = mark.end()
    add(line[end:], None)
    return Line(tuple(words), tuple(entities), pauses)


def speak(
    synthesiser: Synthesiser, line: str, voice: str, speed: float = 1.0
) -> tuple[Pcm, list[Truth]]:
    """Say a line; return it at 16 kHz, levelled, with the truth about each word."""
    parsed = parse(line)
    speech = synthesiser.say(parsed.text, voice, speed)
    speech = _pause(speech, parsed.pauses)
    truth = [
        Truth(word.word, word.start_s, word.end_s, entity)
        for word, entity in zip(speech.words, parsed.entities, strict=True)
    ]
    return levelled(speech.pcm, speech.rate, RATE), truth


def _pause(speech: Speech, before: dict[int, float]) -> Speech:
    """Put so many seconds before each of these words, in the middle of the gap that is there."""
    pieces = []
    words: list[Spoken] = []
    cut, shift = 0, 0.0
    for index, word in enumerate(speech.words):
        if index in before and index > 0:
            gap = (speech.words[index - 1].end_s + word.start_s) / 2
            sample = round(gap * speech.rate)
            pieces += [
                speech.pcm[cut:sample],
                np.zeros(round(before[index] * speech.rate), np.float32),
            ]
            cut, shift = sample, shift + before[index]
        words.append(
            Spoken(word.word, round(word.start_s + shift, 3), round(word.end_s + shift, 3))
        )
    return Speech(np.concatenate([*pieces, speech.pcm[cut:]]), speech.rate, words)
