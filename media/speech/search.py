"""What the decoder writes: the likeliest token each time, or the likeliest of several readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from media.speech.transformer import Memory, Past, Real, Transformer

WORTH: Final = 2
"""Tokens of a draft from which on reading them at once is cheaper than one by one."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: tokens without the end, and the log probability of each and of the end.

    Without `ended` it was broken off. `steps` are the log probabilities of all tokens at each
    place, where they were asked for.
    """

    tokens: tuple[int, ...]
    each: tuple[float, ...]
    ended: bool
    steps: tuple[Real, ...] = field(default=(), repr=False)

    @property
    def log_probability(self) -> float:
        """The log probability of the whole, its end included."""
        return sum(self.each)

    @property
    def mean(self) -> float:
        """The log probability of a token, in the mean."""
        return self.log_probability / max(1, len(self.tokens))


@dataclass(frozen=True, slots=True)
class Begun:
    """A decoder that has read what it is told to begin with, and a draft behind it.

    `told` (start, vocabulary) are the logits after each token of the start, `foretold` (draft,
    vocabulary) those after each of the draft. `past` is of all of them.
    """

    past: Past
    told: Real
    draft: tuple[int, ...]
    foretold: Real

    @property
    def start(self) -> int:
        """How many tokens it was told to begin with."""
        return len(self.told)


def log_probabilities(logits: Real) -> Real:
    """Return log probabilities, along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Real = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


@dataclass(frozen=True, slots=True)
class Search:
    """How to write.

    Args:
        transformer: the model.
        end: the token that ends a text.
        never: what is added to logits (vocabulary,), -inf for tokens that are never written.
        not_first: the same for the first token.
    """

    transformer: Transformer
    end: int
    never: Real
    not_first: Real

    def begin(self, start: Sequence[int], memory: Memory, draft: Sequence[int] = ()) -> Begun:
        """Have the decoder read `start`, and what will probably be written behind it."""
        step = self.transformer.step([[*start, *draft]], self.transformer.nothing, memory)
        logits = self.transformer.logits(step.states[0])
        return Begun(step.past, logits[: len(start)], tuple(draft), logits[len(start) :])

    def likeliest(
        self, begun: Begun, memory: Memory, longest: int, *, steps: bool = False
    ) -> Written:
        """Write the likeliest token each time, `longest` at most (greedy search).

        As far as the draft says the same, its tokens are read already, all at once (speculative
        decoding, Leviathan, Kalman, Matias 2023); what is written does not depend on it, but for
        rounding. With `steps` they are told.
        """
        tokens: list[int] = []
        each: list[float] = []
        told: list[Real] = []
        draft, foretold, past = begun.draft, begun.foretold, begun.past
        known = log_probabilities(begun.told[-1] + self.not_first)
        read = 0  # tokens of the draft that were written
        resumed = False
        while True:
            token = int(known.argmax())
            if steps:
                told.append(known)
            if token != self.end and len(tokens) == longest:
                return Written(tuple(tokens), tuple(each), ended=False, steps=tuple(told))
            each.append(float(known[token]))
            if token == self.end:
                return Written(tuple(tokens), tuple(each), ended=True, steps=tuple(told))
            tokens.append(token)
            if read < len(draft) and draft[read] == token:
                known = log_probabilities(foretold[read] + self.never)
                read += 1
                continue
            before = begun.start + len(tokens) - 1
            if past.length > before:
                past = past.until(before)
            # It may have said one token otherwise; not the second time in a row.
            wrong = len(draft) - read <= WORTH or (resumed and not read)
            draft, resumed = () if wrong else draft[read + 1 :], True
            step = self.transformer.step([[token, *draft]], past, memory)
            logits = self.transformer.logits(step.states[0])
            past, foretold, read = step.past, logits[1:], 0
            known = log_probabilities(logits[0] + self.never)

    def several(
        self, begun: Begun, memory: Memory, longest: int, beams: int, *, by_mean: bool
    ) -> list[Written]:
        """Follow the `beams` likeliest readings at once; return what ended, likeliest first.

        They are compared by their log probability, or by that of a token in the mean. One that
        came to `longest` counts as it is where too few have ended.
        """
        past = begun.past.until(begun.start).of([0] * beams)
        known = log_probabilities(begun.told[-1] + self.not_first)[None]
        alive = [Written((), (), ended=False)]
        ended: list[Written] = []
        for _ in range(longest):
            scores = np.array([each.log_probability for each in alive])[:, None] + known
            best = np.argpartition(-scores, 2 * beams, axis=None)[: 2 * beams]
            following: list[Written] = []
            rows: list[int] = []
            for rank, place in enumerate(best[np.argsort(-scores.ravel()[best])]):
                row, token = divmod(int(place), known.shape[1])
                one = alive[row]
                each = (*one.each, float(known[row, token]))
                if token == self.end:
                    if rank < beams:
                        ended.append(Written(one.tokens, each, ended=True))
                elif len(following) < beams:
                    following.append(Written((*one.tokens, token), each, ended=False))
                    rows.append(row)
            alive = following
            if len(ended) >= beams:
                break
            step = self.transformer.step([one.tokens[-1:] for one in alive], past.of(rows), memory)
            logits = self.transformer.logits(step.states[:, 0])
            past, known = step.past, log_probabilities(logits + self.never)
        readings = ended if len(ended) >= beams else [*ended, *alive]

        def likelihood(one: Written) -> float:
            return one.mean if by_mean else one.log_probability

        return sorted(readings, key=likelihood, reverse=True)[:beams]
