"""When not to believe the recogniser.

Whisper fails in known ways: it repeats itself, it writes text for noise, it writes on after the
speech has ended. Each has a sign that can be read from the tokens; a run that shows one is
*unsure*, and unsure speech is silenced, never passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LOW_PROBABILITY: Final = -0.9
"""Mean log probability a token below which a run is a guess.

Whisper's own limit is -1.0; at -1.1 several times as much leaks on a line with noise 5 dB down."""

NOISE: Final = 0.7
"""Probability that there is no speech from which on a guess is one at noise.

Noise 15 dB below a voice has 0.75 to 0.9 by itself; words in that noise have 0.6 at most."""

SILENT: Final = 0.8
"""Probability that there is no speech from which on no answer is read, however likely its words.

Told what it hears an answer to, the model finds one in noise, too."""

CONTRARY: Final = "contrary"
"""The reason of a reading in which a word that it must not miss was nearly heard."""

NEARLY: Final = 0.05
"""Probability of such words, where another was written, from which on one was nearly heard.

In a "no" that was read as "yeah" they had 0.09 and more, in a hundred yeses 0.03 at most."""

REPEATS: Final = {1: 9, 2: 8, 3: 5, 4: 4}
"""Group length in tokens → how often in a row people say such a group at most.

"4 4 4 4" and "one one one one" are card numbers; a group of four said four times is a loop.
"""


@dataclass(frozen=True, slots=True)
class Token:
    """A decoded token, the encoder positions (20 ms) it was said in, and its probability."""

    id: int
    start: int
    end: int
    probability: float


def judge(
    tokens: Sequence[Token],
    *,
    ended: bool,
    mean_log_probability: float,
    no_speech: float,
) -> str | None:
    """Return why a run is unsure, or None.

    `ended` tells whether the decoder stopped by itself, within its bound.
    """
    if not ended:
        return "no end"
    if loops([t.id for t in tokens]):
        return "loop"
    if mean_log_probability < LOW_PROBABILITY:
        return "no speech" if no_speech > NOISE else "low probability"
    if no_speech > 0.85 and mean_log_probability < -0.7:
        return "no speech"
    return None


def loops(ids: Sequence[int]) -> bool:
    """Tell whether a group of tokens recurs in a row more often than people say it."""
    for size, most in REPEATS.items():
        same = 0  # tokens in a row that are those of one group earlier, wherever the group begins
        for i in range(size, len(ids)):
            same = same + 1 if ids[i] == ids[i - size] else 0
            if same >= size * most:
                return True
    return False
