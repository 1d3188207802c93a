"""How surely an answer is a clear yes, by its sound and by all that it may have said.

Pure. The words that a recogniser writes for one short word are often wrong, and it knows: among
the likeliest readings of a "Sure." in noise that it writes as "You are." there is a "Sure.", too.
How much of its belief is in readings that the grammar takes for a yes, and how much in others, and
what the sound is like (`media.assent`) are weighed by a logistic regression.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

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
    known = features(impression, language)
    odds = _SOUND * known.sound + _YES * known.yes + _OTHER * known.other + _BEFORE
    return odds if known.read else min(odds, 0.0)


class Features(NamedTuple):
    """What is weighed: the sound's log-odds, and the logarithms of the belief in yeses and in all
    else. `read` tells whether a yes is among the readings and is no unlikely one."""

    sound: float
    yes: float
    other: float
    read: bool


def features(impression: Impression, language: str) -> Features:
    """Return what is weighed.

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
    yes, other = max(-LIMIT, min(0.0, yes)), max(-LIMIT, min(0.0, other))
    read = any(is_yes for is_yes, _ in told) and yes - other >= math.log(NEARLY)
    return Features(max(-LIMIT, min(LIMIT, impression.sound)), yes, other, read)


def _is_yes(reading: Reading, impression: Impression, language: str) -> bool:
    text = reading.text.reveal()
    letters = sum(symbol.isalpha() for symbol in text)
    all_of_it = letters >= LETTERS * seconds(len(impression.span))
    return all_of_it and understand(text, language) is Answer.YES


def _sum(logarithms: Iterable[float]) -> float:
    total = sum(math.exp(each) for each in logarithms)
    return math.log(total) if total else -math.inf
