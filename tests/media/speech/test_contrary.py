"""A word that must not be missed, such as "no", was nearly heard where another was written."""

from types import SimpleNamespace

import numpy as np
import pytest

from media.speech.guard import NEARLY
from media.speech.whisper import contrary

YES, NO, STOP = 3, 5, 9


def reading(*steps: tuple[int, float]) -> SimpleNamespace:
    """Return a decoder's result: per step the token written, and how probable NO was there."""
    logits = []
    for written, no in steps:
        probabilities = np.full(STOP + 1, 1e-6)
        probabilities[written] = 1 - no
        probabilities[NO] = no if written != NO else 1.0
        logits.append(np.log(probabilities))
    return SimpleNamespace(sequences_ids=[[written for written, _ in steps]], logits=[logits])


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


def test_where_nothing_was_asked_for_nothing_is_found() -> None:
    assert not contrary(SimpleNamespace(sequences_ids=[[YES]], logits=[]), {NO})
