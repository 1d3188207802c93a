"""How often somebody may ask: so many a minute by token or address, in bounded memory.

The generic cell rate algorithm (ITU-T I.371, annex A) keeps one number for each who asks: when what
was counted so far would have come, had it come evenly.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from itertools import islice
from typing import Final

from media.audio import Seconds

MOST: Final = 10_000
"""Who can be counted at a time; of more, those are forgotten who last asked longest ago."""

_MINUTE: Final = 60_000_000_000  # nanoseconds


class Rate:
    """So many a minute for each key: all at once, or spread over it.

    `clock` tells nanoseconds and never goes back.
    """

    def __init__(self, per_minute: int, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._interval = _MINUTE // per_minute
        self._clock = clock
        self._due: dict[str, int] = {}  # in the order in which they last asked

    def __len__(self) -> int:
        return len(self._due)

    def wait(self, key: str) -> Seconds:
        """Count one and return 0; or, of one too many, how long to wait, and count nothing."""
        now = self._clock()
        due = max(self._due.pop(key, now), now)
        early = due + self._interval - now - _MINUTE
        self._due[key] = due if early > 0 else due + self._interval
        for oldest in list(islice(self._due, 2)):
            if len(self._due) > MOST or self._due[oldest] <= now:
                del self._due[oldest]
        return max(0, early) / 1e9


def network(address: str) -> str:
    """Return whom an address belongs to: itself, of IPv6 the /64 that one customer is given."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
