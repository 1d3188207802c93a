"""What the sockets of a peer connection accept, and where they listen.

Two narrow changes to aioice 0.13, put in place once by `install`:

*ClientHello race* (OWASP ASVS 5.0, 17.2.6). Upstream, `StunProtocol.datagram_received` hands every
datagram that is not STUN to DTLS, whatever its source, so that a stranger who guesses the port
breaks the handshake with one null-cipher ClientHello, or ends the call with an empty datagram.
`CheckedProtocol` lets non-STUN datagrams (DTLS, SRTP, SRTCP) through only from an address that has
passed a connectivity check on the same socket, in either direction: ours to it succeeded, or its
own was authenticated with our ICE password. Either, because aioice stops its remaining checks at
the first nominated pair, while the peer may go on to use another one (RFC 8445, 8.1.1). An attacker
on the path who forges a checked source address is left to DTLS itself.

*Loopback*. Upstream gathers no loopback candidates; within `loopback_candidates()` 127.0.0.1 is
gathered too, for calls on one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import aioice.ice
from aioice import stun

from gateway import telemetry

BACKLOG: Final = 512
"""Datagrams that may wait for DTLS and SRTP (upstream: unbounded); more are dropped."""

_MOST_ADDRESSES: Final = 64  # a roaming caller has a few
_LAST_STUN_BYTE: Final = 3  # RFC 7983: 0..3 STUN, 20..63 DTLS, 128..191 RTP and RTCP
_FIRST_SRTP: Final = 128

_loopback: ContextVar[bool] = ContextVar("loopback", default=False)
_stock_addresses = aioice.ice.get_host_addresses


class CheckedProtocol(aioice.ice.StunProtocol):  # type: ignore[misc]
    """A candidate's socket that takes media only from addresses that ICE has checked."""

    def __init__(self, receiver: aioice.ice.Connection) -> None:
        super().__init__(receiver)
        self._authenticated: set[tuple[str, int]] = set()

    def send_stun(self, message: stun.Message, addr: tuple[str, int]) -> None:
        """Send STUN, noting whom we answer with success: only authenticated checks are."""
        if (
            message.message_class == stun.Class.RESPONSE
            and len(self._authenticated) < _MOST_ADDRESSES
        ):
            self._authenticated.add(addr)
        super().send_stun(message, addr)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Pass STUN from anybody, everything else from checked addresses only."""
        if _is_stun(data):
            super().datagram_received(data, addr)
        elif not data or not self._is_checked((addr[0], addr[1])):
            telemetry.DATAGRAMS_REFUSED.labels("stranger").inc()
        elif data[0] < _FIRST_SRTP or not self._is_taken(data):
            if self.receiver._queue.qsize() < BACKLOG:
                self.receiver.data_received(data, self.local_candidate.component)
            else:
                telemetry.DROPPED.labels("datagrams").inc()

    def _is_taken(self, data: bytes) -> bool:
        """Offer SRTP to who asked for it (see `gateway.webrtc.srtp`)."""
        take: Callable[[bytes], bool] | None = getattr(self.receiver, "take_srtp", None)
        return take is not None and take(data)

    def _is_checked(self, addr: tuple[str, int]) -> bool:
        succeeded = aioice.ice.CandidatePair.State.SUCCEEDED
        return addr in self._authenticated or any(
            pair.protocol is self and pair.state == succeeded and pair.remote_addr == addr
            for pair in self.receiver._check_list
        )


def _is_stun(data: bytes) -> bool:
    if not data or data[0] > _LAST_STUN_BYTE:
        return False
    try:
        stun.parse_message(data)
    except Exception:  # malformed attributes raise more than ValueError upstream
        return False
    return True


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
