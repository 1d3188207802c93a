"""From the words of a turn to its findings, and to what is still open in it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Any

from media.entities import corrections
from media.entities.guesses import guessed
from media.entities.recognisers import listed
from media.entities.types import Entity, Finding, Inspection, Word
from media.entities.utterance import Utterance
from media.sensitive import Sensitive


class Detector:
    """Runs every recogniser over a turn and settles what they say.

    `nlp` is a spaCy pipeline with an `ner` component. A detector keeps no state of a call; one
    serves many (it remembers NER verdicts on short windows of words, in a bounded cache).
    """

    def __init__(self, nlp: Any) -> None:
        self._recognisers = listed(nlp)

    def inspect(
        self,
        words: Sequence[Word],
        *,
        asked: frozenset[Entity] = frozenset(),
        ended: bool = False,
        known: Sequence[str] = (),
        gap: int | None = None,
    ) -> Inspection:
        """Inspect the words of one turn so far.

        `asked` is what the agent has just asked for (see `questions.asked_for`), `ended` tells
        that the turn is over and nothing is open any more, `known` are values found earlier in
        the call, `gap` is the first word behind speech that was not understood, if there was any.
        Words settled here (before `open_from`, in no finding) are in no finding of any
        continuation of the same words.

        A correction asks again: what follows "no, sorry" is inspected once more by itself, as if
        the agent had asked for what was found before it.
        """
        texts = [word.text.reveal() for word in words]
        turn = Utterance(texts, asked=asked, ended=ended, known=known, gap=gap)
        found, open_from = self._found(turn)
        for at in corrections.begun(turn):
            cut = turn.units[at].first
            again = frozenset(f.entity for f in found if f.last <= cut)
            if again:
                tail = Utterance(texts[cut:], asked=asked | again, ended=ended, known=known)
                more, still_open = self._found(tail)
                found += [replace(f, first=f.first + cut, last=f.last + cut) for f in more]
                open_from = min(open_from, still_open + cut)
                break
        found += guessed(turn, words)
        spared = {at for at in corrections.said(turn) if not words[at].guessed}
        settled = _addresses(_apart(found, texts, spared), texts)
        covered = {at for finding in settled for at in range(finding.first, finding.last)}
        while open_from < len(words) and open_from in covered:
            open_from += 1
        return Inspection(settled, len(words) if ended else open_from)

    def _found(self, turn: Utterance) -> tuple[list[Finding], int]:
        """Return what the recognisers find, and the first word that is still open."""
        found: list[Finding] = []
        open_from = len(turn.texts)
        if turn.half_said() < len(turn):
            open_from = turn.units[turn.half_said()].first
        for recogniser in self._recognisers:
            for result in recogniser.find(turn):
                if isinstance(result, Finding):
                    found.append(result)
                elif result.first < len(turn):
                    open_from = min(open_from, turn.units[result.first].first)
        return found, open_from


def _apart(
    found: Iterable[Finding], texts: Sequence[str], spared: Container[int]
) -> tuple[Finding, ...]:
    """Make findings disjoint and ordered; but for those `spared`, every word in any stays in one.

    The surer finding keeps its words (the longer one among equals), others keep what is left.
    """
    owner: dict[int, Finding] = {}
    for finding in sorted(found, key=lambda f: (-f.score, f.first - f.last)):
        for at in range(finding.first, finding.last):
            if at not in spared:
                owner.setdefault(at, finding)
    result: list[Finding] = []
    for at in sorted(owner):
        last = result[-1] if result else None
        if last is not None and last.last == at and owner[at] is owner[at - 1]:
            result[-1] = replace(last, last=at + 1)
        else:
            result.append(replace(owner[at], first=at, last=at + 1))
    return tuple(_written(finding, owner[finding.first], texts) for finding in result)


_AT = frozenset({"at", "@"})
_LOCAL = frozenset({Entity.PERSON, Entity.USERNAME, Entity.EMAIL})
_DOMAIN = frozenset({Entity.URL, Entity.EMAIL})


def _addresses(findings: Sequence[Finding], texts: Sequence[str]) -> tuple[Finding, ...]:
    """Join a name and a domain with an "at" between them: an e-mail that was heard in pieces."""
    joined: list[Finding] = []
    for finding in findings:
        last = joined[-1] if joined else None
        between = texts[last.last : finding.first] if last else ()
        linked = len(between) <= 1 and all(t.casefold().strip(".,") in _AT for t in between)
        if last and linked and last.entity in _LOCAL and finding.entity in _DOMAIN:
            value = Sensitive(" ".join(texts[last.first : finding.last]))
            score = max(last.score, finding.score)
            joined[-1] = Finding(
                Entity.EMAIL, last.first, finding.last, score, "e-mail in pieces", value
            )
        else:
            joined.append(finding)
    return tuple(joined)


def _written(part: Finding, whole: Finding, texts: Sequence[str]) -> Finding:
    """Keep the whole finding's value only where all of it is left."""
    if (part.first, part.last) == (whole.first, whole.last):
        return part
    return replace(part, value=Sensitive(" ".join(texts[part.first : part.last])))
