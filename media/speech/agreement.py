"""LocalAgreement-2: words on which two successive runs agree are stable.

Macháček, Dabre, Bojar: Turning Whisper into Real-Time Transcription System (2023), section 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence

from media.entities.types import Word


def agreed(before: Sequence[Word], now: Sequence[Word]) -> int:
    """Return how many words the two runs have in common from the start."""
    count = 0
    for a, b in zip(before, now, strict=False):
        if a.plain != b.plain:
            break
        count += 1
    return count
