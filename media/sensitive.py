"""A value that must not be shown.

Raw personal data travels as `Sensitive[T]`, so that a log line, a traceback or an f-string that
meets one prints nothing of it. Reading it takes `reveal()`, which is easy to search for.
"""

from __future__ import annotations

from typing import Final, Generic, TypeVar

T = TypeVar("T")

RAW_KEYS: Final = frozenset(
    {"text", "value", "values", "word", "words", "raw", "transcript", "utterance", "digits", "pcm"}
)
"""Names under which raw values travel inside: as keys of a log line or ledger entry, a mistake."""


class Sensitive(Generic[T]):
    """Wrap a value so that `repr`, `str`, `format` and JSON encoders never show it."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the raw value. Call it only on the way into detector, hold or vault."""
        return self._value

    def __repr__(self) -> str:
        return "Sensitive(…)"

    def __str__(self) -> str:
        return "…"

    def __format__(self, spec: str) -> str:
        return format("…", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash(self._value)
