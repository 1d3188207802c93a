"""What a candidate's socket has ears for, told by a datagram's first bytes, before it is parsed.

A stranger can always send; what it costs must not depend on how much. Reading a datagram takes
microseconds, parsing STUN or checking SRTP ten to a hundred times that. So everything that is
parsed has an allowance, and what cannot be meant for us is dropped without one.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from media.audio import Seconds

LONGEST: Final = 1_500
"""Bytes of a datagram; pylibsrtp has room for no more and raises (aiortc #321, #584)."""

_HEADER: Final = 20  # RFC 8489, 5
_COOKIE: Final = b"\x21\x12\xa4\x42"
_REQUEST: Final = b"\x00\x01"
_ANSWERS: Final = (b"\x01\x01", b"\x01\x11")  # success, error
_TRANSACTION: Final = slice(8, 20)

_CHECKS_PER_S: Final = 50.0  # requests with our user name: one in 20 ms (RFC 8445, 14.2)
_STRANGERS_PER_S: Final = 10.0  # requests without it, which are answered 400 or 401
_MEDIA_PER_S: Final = 1_000.0  # audio takes 50, video of 2.5 Mbit/s about 260
_SECONDS_AT_ONCE: Final = 2.0  # what a stalled network may deliver in one go


class Allowance:
    """A token bucket: so much a second, and no more than `at_once` after a pause."""

    def __init__(self, per_s: float, at_once: float) -> None:
        self._per_s = per_s
        self._at_once = at_once
        self._left = at_once
        self._at: Seconds | None = None

    def allows(self, now: Seconds, amount: float = 1.0) -> bool:
        """Take `amount` at a time of any steady clock, if that much is left."""
        if self._at is not None:
            self._left = min(self._at_once, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True


class Guard:
    """The allowances of one socket, by any steady clock."""

    def __init__(self) -> None:
        self._known = _allowance(_CHECKS_PER_S)
        self._named = _allowance(_CHECKS_PER_S)
        self._strangers = _allowance(_STRANGERS_PER_S)
        self._media = _allowance(_MEDIA_PER_S)

    def admits_stun(
        self, data: bytes, *, known: bool, ufrag: str, awaited: Container[bytes], now: Seconds
    ) -> bool:
        """Tell whether a datagram may be parsed as STUN.

        Args:
            data: the datagram, not empty.
            known: its source has passed a check before. Such have an allowance of their own, so
                that nobody else's flood keeps a caller's checks out.
            ufrag: our ICE user name fragment, which a check names ahead of a colon (RFC 8445,
                7.2.2).
            awaited: the ids of our open transactions.
            now: time of the clock.
        """
        if not _HEADER <= len(data) <= LONGEST or data[4:8] != _COOKIE:
            return False
        if data[:2] in _ANSWERS:
            return data[_TRANSACTION] in awaited
        if data[:2] != _REQUEST:
            return False
        if known:
            return self._known.allows(now)
        named = f"{ufrag}:".encode() in data
        return (self._named if named else self._strangers).allows(now)

    def admits_media(self, data: bytes, now: Seconds) -> bool:
        """Tell whether a datagram of a checked address may go on to DTLS or SRTP."""
        return 0 < len(data) <= LONGEST and self._media.allows(now)


def _allowance(per_s: float) -> Allowance:
    return Allowance(per_s, per_s * _SECONDS_AT_ONCE)
