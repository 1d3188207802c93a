"""From words with findings to a transcript that may leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media.audio import Span
from media.entities.types import Finding, Word


@dataclass(frozen=True, slots=True)
class Masked:
    """A finding as it may be told: where it was said, and the token that stands for it."""

    finding: Finding
    span: Span
    token: str


def mask(
    words: Sequence[Word], findings: Sequence[Finding], token: Callable[[Finding], str]
) -> tuple[str, tuple[Masked, ...]]:
    """Return the words as text with a token in the place of each finding, and the findings.

    `findings` are in order, do not overlap and index into `words`. Punctuation that ends a
    finding stays behind its token.
    """
    text: list[str] = []
    masked: list[Masked] = []
    done = 0
    for finding in findings:
        text += [w.text.reveal() for w in words[done : finding.first]]
        span = Span(words[finding.first].span.start, words[finding.last - 1].span.end)
        masked.append(Masked(finding, span, token(finding)))
        last = words[finding.last - 1].text.reveal()
        text.append(masked[-1].token + (last[-1] if last[-1] in ".,?!" else ""))
        done = finding.last
    text += [w.text.reveal() for w in words[done:]]
    return " ".join(text), tuple(masked)
