"""What the decoder writes, with a small grammar in the model's place."""

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from media.speech.search import Search, log_probabilities
from media.speech.transformer import Transformer

END = 0
VOCABULARY = 8


class Grammar:
    """A decoder that foretells by the token before: rows of `table` are probabilities.

    What each of the batch has read by each step is in `pasts`.
    """

    def __init__(self, table: dict[int, dict[int, float]]) -> None:
        self._logits = np.full((VOCABULARY, VOCABULARY), -30.0, np.float32)
        for before, following in table.items():
            for token, probability in following.items():
                self._logits[before, token] = math.log(probability)
        self.nothing = Kept([()])
        self.reads: list[list[list[int]]] = []
        self.pasts: list[list[tuple[int, ...]]] = []

    def step(self, tokens: Sequence[Sequence[int]], past: Any, memory: object) -> SimpleNamespace:
        self.reads.append([list(row) for row in tokens])
        whole = [(*row, *new) for row, new in zip(past.rows, tokens, strict=True)]
        self.pasts.append(whole)
        states = np.array(tokens, np.float32)[..., None]
        return SimpleNamespace(states=states, past=Kept(whole))

    def logits(self, states: np.ndarray) -> np.ndarray:
        return self._logits[states[:, 0].astype(int)]


class Kept:
    """The past of a `Grammar`: what each of the batch has read."""

    def __init__(self, rows: list[tuple[int, ...]]) -> None:
        self.rows = rows
        self.length = len(rows[0])

    def of(self, rows: Sequence[int]) -> "Kept":
        return Kept([self.rows[row] for row in rows])

    def until(self, length: int) -> "Kept":
        return Kept([row[:length] for row in self.rows])


def search(table: dict[int, dict[int, float]]) -> tuple[Search, Grammar]:
    grammar, nothing = Grammar(table), np.zeros(VOCABULARY, np.float32)
    not_first = nothing.copy()
    not_first[END] = -np.inf
    return Search(cast(Transformer, grammar), END, nothing, not_first), grammar


ROW = {1: {2: 0.9, 3: 0.1}, 2: {3: 0.9, END: 0.1}, 3: {4: 0.8, 5: 0.2}, 4: {5: 1}, 5: {END: 1}}


@pytest.mark.parametrize(
    ("draft", "reads"),
    [
        ((), [[1], [2], [3], [4], [5]]),
        ((2, 3, 4, 5), [[1, 2, 3, 4, 5]]),
        ((2, 3), [[1, 2, 3], [4], [5]]),
        ((2, 1, 4, 5), [[1, 2, 1, 4, 5], [3, 4, 5]]),
        ((1, 1, 1, 1, 1), [[1, 1, 1, 1, 1, 1], [2, 1, 1, 1, 1], [3], [4], [5]]),
        ((2, 3, 4, 5, 1, 2, 3), [[1, 2, 3, 4, 5, 1, 2, 3]]),
    ],
)
def test_a_draft_saves_steps_and_changes_nothing(
    draft: tuple[int, ...], reads: list[list[int]]
) -> None:
    how, grammar = search(ROW)
    written = how.likeliest(how.begin([1], {}, draft), {}, 10, steps=True)
    assert written.tokens == (2, 3, 4, 5)
    assert written.ended
    assert written.mean == pytest.approx(math.log(0.9 * 0.9 * 0.8) / 4)
    assert len(written.steps) == 5
    assert [row for (row,) in grammar.reads] == reads
    for (whole,), new in zip(grammar.pasts[1:], reads[1:], strict=True):
        assert whole[: len(whole) - len(new) + 1] == (1, 2, 3, 4, 5)[: len(whole) - len(new) + 1]


def test_what_comes_to_no_end_is_broken_off() -> None:
    how, _ = search({1: {1: 1}})
    written = how.likeliest(how.begin([1], {}), {}, 3)
    assert (written.tokens, written.ended) == ((1, 1, 1), False)


def test_nothing_is_not_written_at_once() -> None:
    how, _ = search({1: {END: 0.9, 2: 0.1}, 2: {END: 1}})
    assert how.likeliest(how.begin([1], {}), {}, 3).tokens == (2,)


FORK = {1: {2: 0.6, 3: 0.4}, 2: {4: 0.6, 5: 0.4}, 3: {END: 1}, 4: {END: 1}, 5: {END: 1}}


def test_several_readings_are_told_the_likeliest_first() -> None:
    how, grammar = search(FORK)
    begun = how.begin([1], {}, (2, 5))
    several = how.several(begun, {}, 5, 3, by_mean=False)
    assert {(1, 2, 4), (1, 2, 5)} <= set(grammar.pasts[-1])
    assert [each.tokens for each in several] == [(3,), (2, 4), (2, 5)]
    assert [math.exp(each.log_probability) for each in several] == pytest.approx([0.4, 0.36, 0.24])


def test_a_longer_reading_may_be_likelier_token_by_token() -> None:
    how, _ = search({1: {2: 0.55, 3: 0.45}, 2: {4: 1}, 4: {END: 1}, 3: {END: 1}})
    begun = how.begin([1], {})
    assert how.several(begun, {}, 5, 2, by_mean=True)[0].tokens == (2, 4)


def test_readings_that_come_to_no_end_are_told_all_the_same() -> None:
    how, _ = search({1: {1: 0.6, 2: 0.4}, 2: {2: 1}})
    several = how.several(how.begin([1], {}), {}, 4, 2, by_mean=True)
    assert several[0].tokens == (2, 2, 2, 2)
    assert not several[0].ended


def test_log_probabilities_are_of_a_whole() -> None:
    logits = np.array([[0, 1, 2], [1e4, 0, -1e4]], np.float32)
    np.testing.assert_allclose(np.exp(log_probabilities(logits)).sum(axis=-1), 1, rtol=1e-5)
