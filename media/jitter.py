"""Order for the packets of one RTP stream: what is played, and when a hole is given up.

A packet that comes in its turn goes out at once. A hole in the sequence numbers is waited for no
longer than packets are late on this network, then made up for. A jump of the timestamps without
such a hole is silence that was not sent (DTX). While nothing comes at all the stream goes on with
noise, so that a call's clock does not stand still; what comes then is played late, not thrown away,
and the time is won back out of later silences.

Nothing here knows a codec or a clock: packets come with the samples they hold, and with the time.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final, NamedTuple

from media.audio import FRAME, RATE, Samples

LONGEST_GAP: Final[Samples] = 10 * RATE
"""A longer jump of the timestamps is a new clock, and not filled."""

MOST_HELD: Final = 100
"""Packets that wait behind a hole; with more of them it is given up."""

SOONEST_MS: Final = 20.0
"""The least that a hole is waited for, in milliseconds."""

LATEST_MS: Final = 240.0
"""The most that a hole is waited for, in milliseconds."""

_FIRST_MS: Final = 60.0  # waited while little is known of the network
_ENOUGH: Final = 50  # packets to know it by: one second
_WINDOW: Final = 500  # packets that it is judged by: ten seconds
_EVERY: Final = 50  # packets between two judgements
_QUANTILE: Final = 0.98  # of the packets' lateness: what is later is as good as lost

_STALL_MS: Final = 60.0  # beyond the wait for a hole; then what does not come is filled
_CONCEALED: Final[Samples] = 3 * FRAME  # G.711 appendix I fades out over 60 ms
_MOST_AHEAD_MS: Final = 10_000.0  # of sound ahead of the time it came in: a flood, dropped
_LEAD: Final[Samples] = RATE  # of filled silence ahead of it: timestamps do not make time

_NUMBERS: Final = 1 << 16
_TICKS: Final = 1 << 32
_BEHIND: Final = 100  # numbers, RFC 3550, A.1: further back is a sequence begun anew
_OLDEST_S: Final = 60  # except where the timestamps are as far back as that
_AHEAD: Final = 3_000  # numbers; further ahead is one too


class Packet(NamedTuple):
    """A packet of a stream.

    `sequence` is its RTP sequence number, `timestamp` its RTP timestamp, `samples` what its payload
    decodes to, at 16 kHz. A packet of 0 samples only takes its number: a key (RFC 4733) or a noise
    level (RFC 3389), whose time is told by the timestamp of the next sound.
    """

    sequence: int
    timestamp: int
    payload: bytes
    samples: Samples


@dataclass(frozen=True, slots=True)
class Decode:
    """Play a packet."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Recover:
    """Play what the packet after a lost one holds of the lost one; `payload` is that of the next.

    That packet itself is played after it.
    """

    payload: bytes
    samples: Samples


@dataclass(frozen=True, slots=True)
class Conceal:
    """Make up sound that goes on from what was played."""

    samples: Samples


@dataclass(frozen=True, slots=True)
class Comfort:
    """Play background noise."""

    samples: Samples


Play = Decode | Recover | Conceal | Comfort


class JitterBuffer:
    """Put the packets of one stream in order; say what is played, contiguous in time.

    Times are milliseconds of any steady clock. `tick` is due about every 20 ms.
    """

    def __init__(self, clock_rate: int) -> None:
        """Order a stream whose timestamps tick at `clock_rate` Hz (8000 for G.722: RFC 3551)."""
        self._clock = clock_rate
        self._held: dict[int, tuple[float, Packet]] = {}  # by number, in the order they came
        self._stranger: Packet | None = None
        self._next: int | None = None  # the number that is due
        self._due: int | None = None  # its timestamp
        self._missing = 0  # numbers given up since the last sound
        self._head_ms = -math.inf  # until when there is sound, had it been played as it came
        self._stall: Samples = 0  # filled since the last sound
        self._debt: Samples = 0  # filled in place of sound that may come yet
        self._transits: deque[float] = deque(maxlen=_WINDOW)
        self._newest: tuple[int, float] | None = None  # timestamp, the same in ms, unwrapped
        self._noted = 0
        self.target_ms = _FIRST_MS
        """How long a hole is waited for: nearly all packets are less late than that."""
        self.lost = 0
        """Packets that were given up."""
        self.dropped = 0
        """Packets of no use: there before, too late, or more than time allows for."""
        self.concealed: Samples = 0
        """Samples made up for what was lost or late; without comfort noise."""

    def put(self, packet: Packet, at_ms: float) -> list[Play]:
        """Take a packet that came at this time; return what can be played now."""
        if self._next is None:
            self._next, self._head_ms = packet.sequence, max(self._head_ms, at_ms)
        distance = (packet.sequence - self._next + _NUMBERS // 2) % _NUMBERS - _NUMBERS // 2
        if not -_BEHIND <= distance < _AHEAD and not (distance < 0 and self._is_old(packet)):
            return self._strange(packet, at_ms)
        if self._stranger is not None:
            self._stranger = None
            self.dropped += 1
        if distance < 0 or packet.sequence in self._held or self._flooded(at_ms):
            self.dropped += 1
            return []
        self._held[packet.sequence] = (at_ms, packet)
        if packet.samples:
            self._note(packet.timestamp, at_ms)
        return self._release(at_ms)

    def tick(self, at_ms: float) -> list[Play]:
        """Return what is due at this time though no packet came."""
        plays = self._release(at_ms)
        if self._held or self._due is None:
            return plays
        behind = at_ms - self._head_ms - self.target_ms - _STALL_MS
        fill = min(int(behind * RATE / 1000) // FRAME * FRAME, LONGEST_GAP)
        if fill <= 0:
            return plays
        plays += self._fill(fill, concealed=max(0, _CONCEALED - self._stall))
        self._stall += fill
        self._debt = min(self._debt + fill, LONGEST_GAP)
        self._head_ms = max(self._head_ms + fill * 1000 / RATE, at_ms - LONGEST_GAP * 1000 / RATE)
        return plays

    def restart(self, at_ms: float, clock_rate: int | None = None) -> list[Play]:
        """Expect any number and timestamp, as after a change of the SSRC; return what was held.

        With `clock_rate` the timestamps that follow tick at that. How far the stream is ahead of
        time stays known: nobody makes time by beginning anew.
        """
        plays = self._release(at_ms, give_up=True)
        self._clock = clock_rate or self._clock
        self._next = self._due = self._newest = None
        self._missing = self._debt = 0
        self._transits.clear()
        return plays

    def _is_old(self, packet: Packet) -> bool:
        """Tell by the timestamp whether a packet is of the stream, and long late."""
        behind = ((self._due or 0) - packet.timestamp) % _TICKS
        return self._due is not None and behind < _OLDEST_S * self._clock

    def _strange(self, packet: Packet, at_ms: float) -> list[Play]:
        """Believe in a sequence begun anew when two of its packets follow each other."""
        first, self._stranger = self._stranger, packet
        if first is None or (first.sequence + 1) % _NUMBERS != packet.sequence:
            self.dropped += first is not None
            return []
        self._stranger = None
        return self.restart(at_ms) + self.put(first, at_ms) + self.put(packet, at_ms)

    def _flooded(self, at_ms: float) -> bool:
        return self._head_ms - at_ms > _MOST_AHEAD_MS

    def _release(self, at_ms: float, *, give_up: bool = False) -> list[Play]:
        plays: list[Play] = []
        while self._held:
            assert self._next is not None
            came_ms, packet = self._held.pop(self._next, (at_ms, None))
            if packet is None:
                # All that are held have overtaken the missing one; the first of them tells when.
                since_ms = next(iter(self._held.values()))[0]
                waiting = at_ms < since_ms + self.target_ms and len(self._held) < MOST_HELD
                if waiting and not give_up:
                    break
                due = self._next
                nearest = min(self._held, key=lambda n: (n - due) % _NUMBERS)
                came_ms, packet = self._held.pop(nearest)
                missing = (nearest - due) % _NUMBERS
                self._missing += missing
                self.lost += missing
            self._next = (packet.sequence + 1) % _NUMBERS
            if packet.samples:
                plays += self._play(packet, came_ms)
        return plays

    def _play(self, packet: Packet, came_ms: float) -> list[Play]:
        """Return the packet's sound, after what makes up for the time before it."""
        due = packet.timestamp if self._due is None else self._due
        ticks = (packet.timestamp - due + _TICKS // 2) % _TICKS - _TICKS // 2
        gap = ticks * RATE // self._clock
        if abs(gap) > LONGEST_GAP:
            gap = self._debt = 0
        filled, plays = self._bridge(packet, came_ms, gap) if gap > 0 else (0, [])
        plays.append(Decode(packet.payload))
        self._due = (packet.timestamp + packet.samples * self._clock // RATE) % _TICKS
        self._missing = self._stall = 0
        played = filled + packet.samples
        self._head_ms = max(self._head_ms, came_ms) + played * 1000 / RATE
        return plays

    def _bridge(self, packet: Packet, came_ms: float, gap: Samples) -> tuple[Samples, list[Play]]:
        """Return what makes up for the time before a packet, and how long that is."""
        recovered = min(packet.samples, gap) if self._missing else 0
        rest = gap - recovered
        ahead = int((self._head_ms - came_ms) * RATE / 1000)
        # Of what was filled only that is won back by which the sound is late indeed: a sender whose
        # clock stood still along with it owes nothing.
        paid = max(0, min(rest, self._debt, ahead + gap))
        self._debt -= paid
        rest = max(0, min(rest - paid, _LEAD - ahead))
        unheard = min(self._missing * packet.samples - recovered, _CONCEALED)
        plays = self._fill(rest, concealed=max(0, unheard))
        if recovered:
            plays.append(Recover(packet.payload, recovered))
        return rest + recovered, plays

    def _fill(self, count: Samples, *, concealed: Samples) -> list[Play]:
        """Return so many samples that go on from the sound before, then fade into noise."""
        concealed = min(count, concealed)
        self.concealed += concealed
        plays: list[Play] = [Conceal(concealed)] if concealed else []
        if count > concealed:
            plays.append(Comfort(count - concealed))
        return plays

    def _note(self, timestamp: int, at_ms: float) -> None:
        """Judge the network by how late packets come (the transit of RFC 3550, 6.4.1)."""
        before, before_ms = self._newest or (timestamp, 0.0)
        ticks = (timestamp - before + _TICKS // 2) % _TICKS - _TICKS // 2
        sent_ms = before_ms + ticks * 1000 / self._clock
        self._newest = (timestamp, sent_ms)
        self._transits.append(at_ms - sent_ms)
        self._noted += 1
        if self._noted % _EVERY or len(self._transits) < _ENOUGH:
            return
        transits = sorted(self._transits)
        late = transits[int(_QUANTILE * (len(transits) - 1))] - transits[0]
        self.target_ms = min(max(late, SOONEST_MS), LATEST_MS)
