"""What the sockets of a peer connection accept, and where they listen.

Three narrow changes to aioice 0.13, put in place once by `install`:

*ClientHello race* (OWASP ASVS 5.0, 17.2.6). Upstream, `StunProtocol.datagram_received` hands every
datagram that is not STUN to DTLS, whatever its source, so that a stranger who guesses the port
breaks the handshake with one null-cipher ClientHello, or ends the call with an empty datagram.
`CheckedProtocol` lets non-STUN datagrams (DTLS, SRTP, SRTCP) through only from an address that has
passed a connectivity check on the same socket, in either direction: ours to it succeeded, or its
own was authenticated with our ICE password. Either, because aioice stops its remaining checks at
the first nominated pair, while the peer may go on to use another one (RFC 8445, 8.1.1). An attacker
on the path who forges a checked source address is left to DTLS itself.

*Floods*. Upstream parses and answers whatever comes; here every socket has a `guard.Guard`, and no
more than `_MOST_ADDRESSES` addresses may pass checks, each of which makes us send checks of our own
(RFC 8445, 19.5.1).

*Loopback*. Upstream gathers no loopback candidates; within `loopback_candidates()` 127.0.0.1 is
gathered too, for calls on one machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Final

import aioice.ice
from aioice import stun

from gateway import telemetry
from gateway.webrtc.guard import LONGEST, Guard

BACKLOG: Final = 512
"""Datagrams that may wait for DTLS and SRTP (upstream: unbounded); more are dropped."""

_MOST_ADDRESSES: Final = 128  # a browser has about five, and others after an ICE restart
_MOST_AT_ONCE: Final = 16  # datagrams of a socket, before the others have their turn
_LAST_STUN_BYTE: Final = 3  # RFC 7983: 0..3 STUN, 20..63 DTLS, 128..191 RTP and RTCP
_FIRST_SRTP: Final = 128

TakeSrtp = Callable[[bytes, Callable[[], None] | None], bool]
"""Takes an SRTP packet, or tells that it is not for it. The second is called if it is authentic."""

_loopback: ContextVar[bool] = ContextVar("loopback", default=False)
_stock_addresses = aioice.ice.get_host_addresses


class CheckedProtocol(aioice.ice.StunProtocol):  # type: ignore[misc]
    """A candidate's socket that takes media only from addresses that ICE has checked."""

    def __init__(self, receiver: aioice.ice.Connection) -> None:
        super().__init__(receiver)
        self._authenticated: set[tuple[str, int]] = set()
        self._guard = Guard()
        self._time = asyncio.get_running_loop().time
        self._received = 0
        self._reading = False

    def send_stun(self, message: stun.Message, addr: tuple[str, int]) -> None:
        """Send STUN, noting whom we answer with success: only authenticated checks are."""
        if (
            message.message_class == stun.Class.RESPONSE
            and len(self._authenticated) < _MOST_ADDRESSES
        ):
            self._authenticated.add(addr)
        super().send_stun(message, addr)

    def forget(self, but: set[tuple[str, int]]) -> None:
        """Forget addresses that have passed checks, where many have, except those in use."""
        if len(self._authenticated) > _MOST_ADDRESSES // 2:
            self._authenticated &= but

    def connection_made(self, transport: Any) -> None:
        """Begin, with room for one datagram of an Ethernet: asyncio's 256 KiB are for nobody."""
        transport.max_size = LONGEST + 1
        super().connection_made(transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Take a datagram, and those that wait behind it.

        In a turn of asyncio's loop each socket is read once: when the loop is slow, what comes
        falls behind what is sent, and catches up no more.
        """
        self._received += 1
        self._take(data, (addr[0], addr[1]))
        read = getattr(self.transport, "_read_ready", None)  # a relayed candidate has none
        if self._reading or read is None:
            return
        self._reading = True
        try:
            for _ in range(_MOST_AT_ONCE):
                before = self._received
                read()
                if self._received == before:
                    break
        finally:
            self._reading = False

    def _take(self, data: bytes, source: tuple[str, int]) -> None:
        """Pass STUN that is meant for us, everything else from checked addresses only."""
        if data and data[0] <= _LAST_STUN_BYTE:
            if self._may_check(data, source):
                super().datagram_received(data, source)
            else:
                telemetry.DATAGRAMS_REFUSED.labels("stun").inc()
        elif not data or not self._is_checked(source):
            telemetry.DATAGRAMS_REFUSED.labels("stranger").inc()
        elif not self._guard.admits_media(data, self._time()):
            telemetry.DATAGRAMS_REFUSED.labels("flood").inc()
        elif data[0] < _FIRST_SRTP or not self._is_taken(data, source):
            if self.receiver._queue.qsize() < BACKLOG:
                self.receiver.data_received(data, self.local_candidate.component)
            else:
                telemetry.DROPPED.labels("datagrams").inc()

    def _is_taken(self, data: bytes, source: tuple[str, int]) -> bool:
        """Offer SRTP to who asked for it (see `gateway.webrtc.srtp`)."""
        take: TakeSrtp | None = getattr(self.receiver, "take_srtp", None)
        if take is None:
            return False
        used = self.receiver._nominated.get(1)
        if used is None or (used.protocol is self and used.remote_addr == source):
            return take(data, None)
        return take(data, partial(self.receiver.follow, self, source))

    def _may_check(self, data: bytes, source: tuple[str, int]) -> bool:
        known = source in self._authenticated
        if not self._guard.admits_stun(
            data,
            known=known,
            ufrag=self.receiver.local_username,
            awaited=self.transactions,
            now=self._time(),
        ):
            return False
        try:
            message = stun.parse_message(data)
        except Exception:  # malformed attributes raise more than ValueError upstream
            return False
        return message.message_class != stun.Class.REQUEST or (
            (known or len(self._authenticated) < _MOST_ADDRESSES)
            # Upstream takes it for granted in what is authentic (RFC 8445, 7.1.1).
            and ("PRIORITY" in message.attributes or "USERNAME" not in message.attributes)
        )

    def _is_checked(self, addr: tuple[str, int]) -> bool:
        succeeded = aioice.ice.CandidatePair.State.SUCCEEDED
        return addr in self._authenticated or any(
            pair.protocol is self and pair.state == succeeded and pair.remote_addr == addr
            for pair in self.receiver._check_list
        )


@contextmanager
def loopback_candidates(wanted: bool = True) -> Iterator[None]:
    """Gather 127.0.0.1 too for peer connections that gather within this block."""
    token = _loopback.set(wanted)
    try:
        yield
    finally:
        _loopback.reset(token)


def _host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    found: list[str] = _stock_addresses(use_ipv4, use_ipv6)
    return ["127.0.0.1", *found] if _loopback.get() and use_ipv4 else found


def install() -> None:
    """Make aioice use both; calling it again changes nothing."""
    aioice.ice.StunProtocol = CheckedProtocol
    aioice.ice.get_host_addresses = _host_addresses
