"""When not to believe the recogniser.

Whisper fails in known ways: it repeats itself, it writes text for noise, it writes on after the
speech has ended. Each has a sign that can be read from the tokens; a run that shows one is
*unsure*, and unsure speech is silenced, never passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from media.audio import RATE, Pcm
from media.entities.types import Word
from media.speech.timing import STEP, envelope

CLEAR_DB: Final = 25.0
"""A voice that stands out of what is behind it by so much is alone on its line; 15 dB above noise
it stands out by 20 at most."""

NOISY_DB: Final = 11.0
"""Below this the recogniser mostly guesses; 5 dB above noise a voice stands out by 10 at most."""

LOW_PROBABILITY: Final = -0.9
"""Mean log probability a token below which a run is a guess: more than half of what is read at
lower ones is wrong. Whisper's own limit is -1.0."""

LOW_IN_NOISE: Final = -0.6
"""The same on a noisy line."""

HOPELESS: Final = -2.0
"""The same below which no single word of it is believed either."""

NOISE: Final = 0.7
"""Probability that there is no speech from which on a guess is one at noise.

Noise 15 dB below a voice has 0.75 to 0.9 by itself; words in that noise have 0.6 at most."""

SILENT: Final = 0.8
"""Probability that there is no speech from which on no answer is read, however likely its words.

Told what it hears an answer to, the model finds one in noise, too."""

NO_SPEECH: Final = "no speech"
"""The reason of a reading of what is likely noise."""

UNLIKELY: Final = "low probability"
"""The reason of a reading that is a guess."""

CONTRARY: Final = "contrary"
"""The reason of a reading in which a word that it must not miss was nearly heard."""

NEARLY: Final = 0.05
"""Probability of such words, where another was written, from which on one was nearly heard.

In a "no" that was read as "yeah" they had 0.09 and more, in a hundred yeses 0.03 at most."""

IN_A_ROW: Final = 5
"""Words in a row by which it is told that nobody speaks as fast."""

HURRIED: Final = RATE * 75 // 1_000
"""Samples of a word that nobody says so many of in a row."""

STUCK: Final = RATE * 120 // 1_000
"""Samples of a word that nobody says so often in a row."""

_TAINTED: Final = 2
"""Steps beside digital silence whose level it has a part in."""

REPEATS: Final = {1: 9, 2: 8, 3: 5, 4: 4}
"""Group length in tokens → how often in a row people say such a group at most.

"4 4 4 4" and "one one one one" are card numbers; a group of four said four times is a loop.
"""


@dataclass(frozen=True, slots=True)
class Token:
    """A decoded token, the encoder positions (20 ms) it was said in, and its probability.

    Where it strings digits or letters together, `begin` are the positions where each one begins.
    """

    id: int
    start: int
    end: int
    probability: float
    begin: tuple[int, ...] = ()


def judge(
    ids: Sequence[int],
    *,
    ended: bool,
    mean_log_probability: float,
    no_speech: float,
    clarity_db: float,
) -> str | None:
    """Return why a run is unsure, or None.

    `ids` are the tokens that were written, `ended` tells whether the decoder stopped by itself,
    within its bound; `clarity_db` how far the voice stands out (`clarity`).
    """
    least = LOW_IN_NOISE if clarity_db < NOISY_DB else LOW_PROBABILITY
    if not ended:
        return "no end"
    if loops(ids):
        return "loop"
    if mean_log_probability < least:
        return NO_SPEECH if no_speech > NOISE else UNLIKELY
    if no_speech > 0.85 and mean_log_probability < -0.7:
        return NO_SPEECH
    return None


def clarity(pcm: Pcm) -> float:
    """Return by how many dB the voice in `pcm` (16 kHz) stands out of what is between its words.

    Digital silence, as in place of lost packets, is nothing that a voice could stand out of; where
    there is nothing else, it does not stand out.
    """
    blocks = pcm[: len(pcm) // STEP * STEP].reshape(-1, STEP)
    if not len(blocks):
        return 0.0
    dead = np.pad(blocks.std(axis=1) < 1, _TAINTED)
    tainted = np.lib.stride_tricks.sliding_window_view(dead, 2 * _TAINTED + 1).any(axis=1)
    level = envelope(pcm)[~tainted]
    if not len(level):
        return 0.0
    return float(np.percentile(level, 90) - np.percentile(level, 3))


def rushed(words: Sequence[Word]) -> bool:
    """Tell whether words follow one another faster than anybody speaks.

    What the decoder repeats, or writes on after the speech has ended, was said nowhere: aligned
    with the sound, it is squeezed into what is left of it.
    """
    for first in range(len(words) - IN_A_ROW + 1):
        row = words[first : first + IN_A_ROW]
        least = STUCK if len({w.plain for w in row}) == 1 else HURRIED
        if row[-1].span.end - row[0].span.start < IN_A_ROW * least:
            return True
    return False


def loops(ids: Sequence[int]) -> bool:
    """Tell whether a group of tokens recurs in a row more often than people say it."""
    for size, most in REPEATS.items():
        same = 0  # tokens in a row that are those of one group earlier, wherever the group begins
        for i in range(size, len(ids)):
            same = same + 1 if ids[i] == ids[i - size] else 0
            if same >= size * most:
                return True
    return False
