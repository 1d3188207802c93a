"""How surely an answer is a clear yes, by its sound and by all that it may have said.

Pure. The words that a recogniser writes for one short word are often wrong, and it knows: among
the likeliest readings of a "Sure." in noise that it writes as "You are." there is a "Sure.", too.
How much of its belief is in readings that the grammar takes for a yes, and how much in others, and
what the sound is like (`media.assent`) are weighed by a logistic regression.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from gateway.answers import Answer, understand
from media.audio import seconds
from media.recognition import Impression
from media.speech.guard import NEARLY
from media.speech.whisper import Reading

_SOUND: Final = 0.35
_YES: Final = 0.19
_OTHER: Final = -0.21
_BEFORE: Final = 0.04
"""The weights of what is known, and the log-odds when nothing is: by scripts/assent/weigh.py, on
answers that the network was not trained on."""

LETTERS: Final = 2.5
"""Letters that somebody says in a second at least. A reading with fewer leaves words out: the
"Yes." of a "Yes, honey, I am coming" whose end the decoder did not like."""

LIMIT: Final = 12.0
"""What is more extreme than this, in natural logarithms, says no more."""


def evidence(impression: Impression, language: str) -> float:
    """Return the log-odds that an answer is a clear yes; above 0 only if a reading is one.

    Raises:
        KeyError: when there is no grammar for the language.
    """
    sound, yes, other = features(impression, language)
    odds = _SOUND * sound + _YES * yes + _OTHER * other + _BEFORE
    return odds if read_as_yes(impression, language) else min(odds, 0.0)


def read_as_yes(impression: Impression, language: str) -> bool:
    """Tell whether a yes, of all that was said, is believed in enough beside what else it may be.

    Raises:
        KeyError: when there is no grammar for the language.
    """
    _, yes, other = features(impression, language)
    told = any(_is_yes(reading, impression, language) for reading in impression.readings)
    return told and yes - other >= math.log(NEARLY)


def features(impression: Impression, language: str) -> tuple[float, float, float]:
    """Return what is weighed: the sound's log-odds, and the logarithms of two beliefs.

    A yes that is not among the readings may still come after them: it is believed in somewhat less
    than the last one.

    Raises:
        KeyError: when there is no grammar for the language.
    """
    told = [
        (_is_yes(each, impression, language), each.log_probability) for each in impression.readings
    ]
    behind = min((belief for _, belief in told), default=-LIMIT) - 1
    yes = max(_sum(belief for is_yes, belief in told if is_yes), behind)
    other = _sum(belief for is_yes, belief in told if not is_yes)
    return (
        max(-LIMIT, min(LIMIT, impression.sound)),
        max(-LIMIT, min(0.0, yes)),
        max(-LIMIT, min(0.0, other)),
    )


def _is_yes(reading: Reading, impression: Impression, language: str) -> bool:
    text = reading.text.reveal()
    letters = sum(symbol.isalpha() for symbol in text)
    all_of_it = letters >= LETTERS * seconds(len(impression.span))
    return all_of_it and understand(text, language) is Answer.YES


def _sum(logarithms: Iterable[float]) -> float:
    total = sum(math.exp(each) for each in logarithms)
    return math.log(total) if total else -math.inf
