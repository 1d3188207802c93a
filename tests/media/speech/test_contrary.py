"""A word that must not be missed, such as "no", was nearly heard where another was written."""

import numpy as np
import pytest

from media.speech.guard import NEARLY
from media.speech.search import Written
from media.speech.whisper import contrary

YES, NO, STOP = 3, 5, 9


def reading(*steps: tuple[int, float]) -> Written:
    """Return what was written: per step the token, and how probable NO was there."""
    known = []
    for written, no in steps:
        probabilities = np.full(STOP + 1, 1e-6)
        probabilities[written] = 1 - no
        probabilities[NO] = no if written != NO else 1.0
        known.append(np.log(probabilities).astype(np.float32))
    tokens = tuple(written for written, _ in steps)
    return Written(tokens, (0.0,) * len(tokens), ended=True, steps=tuple(known))


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (((YES, 0.001), (STOP, 0.001)), False),
        (((YES, NEARLY / 2), (STOP, 0.0001)), False),
        (((YES, 2 * NEARLY), (STOP, 0.001)), True),
        (((YES, 0.001), (STOP, 2 * NEARLY)), True),
        (((YES, 0.001), (NO, 0.9), (STOP, 0.001)), False),
    ],
)
def test_it_counts_wherever_it_was_likely_and_was_not_written(
    steps: tuple[tuple[int, float], ...], found: bool
) -> None:
    assert contrary(reading(*steps), {NO}) is found


def test_without_what_else_could_have_been_written_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="not known"):
        contrary(Written((YES,), (0.0,), ended=True), {NO})
