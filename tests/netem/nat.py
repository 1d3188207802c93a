"""A bad network between a caller and the gateway, on loopback: a NAT with a link in each direction.

Both sides see only addresses of the NAT: the candidates in offer and answer are rewritten, so no
datagram finds a way around it. It is told apart from a real one by nothing that ICE looks at: each
socket of the caller has a public address of its own, and `rebind` gives it another.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from tests.netem.link import CLEAR, Conditions, Link

Address = tuple[str, int]

_CANDIDATE = re.compile(r"a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ .*", re.I)
_LARGEST = 65_535


class _Port:
    """A UDP socket of the NAT."""

    def __init__(self, host: str, received: Callable[[_Port, bytes, Address], None]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))
        self._received = received
        self.address: Address = self._socket.getsockname()
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def send(self, data: bytes, to: Address) -> None:
        """Send, unless the port is closed by now."""
        with suppress(OSError):
            self._socket.sendto(data, to)

    def close(self) -> None:
        """Free the address; what is sent there is lost."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        while True:
            try:
                data, source = self._socket.recvfrom(_LARGEST)
            except OSError:
                return
            self._received(self, data, source)


class Nat:
    """The network of one caller; within `nat()`.

    `up` and `down` are its links, from the caller to the gateway and back.
    """

    def __init__(self, up: Link, down: Link) -> None:
        self.up = up
        self.down = down
        self._gateway: Address | None = None
        self._inside = _Port("127.0.0.1", self._from_caller)
        self._hosts = 1
        self._outside: dict[Address | None, _Port] = {None: self._open()}
        """By the caller's sockets; `None` waits for the first of them."""

    def offer(self, sdp: str) -> str:
        """Rewrite a caller's offer, on its way to the gateway."""
        known = _first_candidate(sdp)
        if known and None in self._outside:
            self._outside[known] = self._outside.pop(None)
        (port, *_) = self._outside.values()
        return _with_candidate(sdp, port.address)

    def answer(self, sdp: str) -> str:
        """Rewrite the gateway's answer, on its way to the caller."""
        self._gateway = _first_candidate(sdp)
        return _with_candidate(sdp, self._inside.address)

    def rebind(self) -> None:
        """Give the caller another public address, as a change of the network does."""
        self._hosts += 1
        for source, port in self._outside.items():
            port.close()
            self._outside[source] = self._open()

    @property
    def public(self) -> set[Address]:
        """The addresses under which the gateway sees the caller."""
        return {port.address for port in self._outside.values()}

    def close(self) -> None:
        """Close all sockets; what is still on its way is lost."""
        for port in (self._inside, *self._outside.values()):
            port.close()

    def _open(self) -> _Port:
        return _Port(f"127.0.0.{self._hosts + 1}", self._from_gateway)

    def _from_caller(self, _: _Port, data: bytes, source: Address) -> None:
        if source not in self._outside:
            self._outside[source] = self._outside.pop(None, None) or self._open()

        def arrive() -> None:
            # Looked up now: what was on its way when the address changed comes from the new one.
            if self._gateway:
                self._outside[source].send(data, self._gateway)

        _at_the_end_of(self.up, len(data), arrive)

    def _from_gateway(self, port: _Port, data: bytes, source: Address) -> None:
        to = next((caller for caller, mapped in self._outside.items() if mapped is port), None)
        if to is not None and source == self._gateway:
            _at_the_end_of(self.down, len(data), lambda: self._inside.send(data, to))


def _at_the_end_of(link: Link, size: int, arrive: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    for arrival in link.send(size, now):
        if arrival <= now:
            arrive()
        else:
            loop.call_at(arrival, arrive)


def _first_candidate(sdp: str) -> Address | None:
    """Return the first IPv4 candidate; 127.0.0.1 comes first where it is gathered."""
    found = _CANDIDATE.search(sdp)
    return (found[1], int(found[2])) if found else None


def _with_candidate(sdp: str, address: Address) -> str:
    """Return SDP with one candidate in each media section: this address."""
    ours = "a=candidate:1 1 udp 2130706431 {} {} typ host".format(*address)
    lines = [line for line in sdp.splitlines() if not line.startswith("a=candidate:")]
    return "".join(
        f"{line}\r\n{ours}\r\n" if line.startswith("a=mid:") else f"{line}\r\n" for line in lines
    )


@asynccontextmanager
async def nat(
    up: Conditions = CLEAR, down: Conditions = CLEAR, seed: int = 0
) -> AsyncIterator[Nat]:
    """Have a network for one caller while this block runs."""
    network = Nat(Link(up, seed), Link(down, seed + 1))
    try:
        yield network
    finally:
        network.close()
