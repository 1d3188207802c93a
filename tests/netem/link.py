"""One direction of a bad network, pure and seeded: it tells when what is sent would arrive.

There is no clock and no socket here. Whoever sends says when; the same conditions, seed and
datagrams give the same fate every time. The words for what can go wrong are those of tc-netem(8).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from media.audio import Seconds

Datagram = TypeVar("Datagram")


@dataclass(frozen=True, slots=True)
class Bursts:
    """Losses that come together, after Gilbert (1960) and Elliott (1963).

    Before each datagram the link goes bad with the probability `begin`, or, when it is bad, good
    again with `end`: a burst is 1 / `end` datagrams long on average. While it is bad it loses the
    share `loss`.
    """

    begin: float
    end: float
    loss: float = 1.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a link does to datagrams; shares and probabilities are 0 to 1."""

    loss: float = 0.0
    """The share lost, each by itself."""
    bursts: Bursts | None = None
    delay_s: Seconds = 0.0
    jitter_s: Seconds = 0.0
    """Each is delayed by `delay_s` ± this, uniformly."""
    in_order: bool = False
    """Whether one that is delayed less waits for those before it, as in a queue."""
    reorder: float = 0.0
    """The share that is not delayed at all and so overtakes others, whatever `in_order` says."""
    duplicate: float = 0.0
    """The share that comes twice, with a delay of its own each time."""
    bits_per_s: float | None = None
    queue_s: Seconds = 0.2
    """What would wait longer for its turn at `bits_per_s` is dropped."""

    def __post_init__(self) -> None:
        shares = [self.loss, self.reorder, self.duplicate]
        if self.bursts:
            shares += [self.bursts.begin, self.bursts.end, self.bursts.loss]
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("a share is not from 0 to 1")
        if not 0 <= self.jitter_s <= self.delay_s:
            raise ValueError("the jitter is more than the delay: something would come too early")


CLEAR = Conditions()
DEAD = Conditions(loss=1.0)


class Link:
    """One direction of a path. `conditions` may be exchanged at any time."""

    def __init__(self, conditions: Conditions = CLEAR, seed: int = 0) -> None:
        self.conditions = conditions
        self.sent = 0
        self.lost = 0
        self._random = random.Random(seed)
        self._bad = False
        self._free_at_s: Seconds = 0.0
        self._newest_s: Seconds = 0.0

    def send(self, size: int, at_s: Seconds) -> list[Seconds]:
        """Tell when a datagram sent at `at_s`, of `size` bytes, arrives.

        It comes never (empty), once or twice. Times of sending do not go back.
        """
        now = self.conditions
        # As many numbers for each datagram, whatever happens to it: turning one evil off leaves
        # the others as they were.
        lose, turn, lose_bad, overtake, double, *delays = (self._random.random() for _ in range(7))
        self.sent += 1
        if now.bursts:
            self._bad = turn >= now.bursts.end if self._bad else turn < now.bursts.begin
        burst = now.bursts is not None and self._bad and lose_bad < now.bursts.loss
        left_s = self._leaves(size, at_s)
        if lose < now.loss or burst or left_s is None:
            self.lost += 1
            return []
        if overtake < now.reorder:
            return [left_s]
        copies = delays if double < now.duplicate else delays[:1]
        return sorted(self._arrives(left_s, delay) for delay in copies)

    def carry(self, sent: Iterable[tuple[Seconds, Datagram]]) -> Iterator[tuple[Seconds, Datagram]]:
        """Yield what arrives of datagrams, as it arrives: with the time of it."""
        came = [
            (arrival, datagram)
            for at_s, datagram in sent
            for arrival in self.send(_size(datagram), at_s)
        ]
        yield from sorted(came, key=lambda pair: pair[0])

    def _leaves(self, size: int, at_s: Seconds) -> Seconds | None:
        """Return when the last bit is on the wire, or None when the queue is full."""
        rate = self.conditions.bits_per_s
        if rate is None:
            return at_s
        begins = max(at_s, self._free_at_s)
        if begins - at_s > self.conditions.queue_s:
            return None
        self._free_at_s = begins + size * 8 / rate
        return self._free_at_s

    def _arrives(self, left_s: Seconds, chance: float) -> Seconds:
        now = self.conditions
        arrival = left_s + now.delay_s + now.jitter_s * (2 * chance - 1)
        if now.in_order:
            arrival = max(arrival, self._newest_s)
        self._newest_s = max(self._newest_s, arrival)
        return arrival


def _size(datagram: Any) -> int:
    return len(datagram) if isinstance(datagram, bytes) else len(datagram.payload)
