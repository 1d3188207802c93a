"""The network between two sockets: what goes in comes out, from the addresses that it should."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.netem.link import DEAD, Conditions
from tests.netem.nat import Address, Nat, nat


class Peer:
    """A plain UDP socket with a candidate."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.address: Address = self._socket.getsockname()

    def send(self, data: bytes, to: Address) -> None:
        self._socket.sendto(data, to)

    async def receive(self) -> tuple[bytes, Address]:
        async with asyncio.timeout(5):
            return await asyncio.get_running_loop().sock_recvfrom(self._socket, 100)

    @property
    def sdp(self) -> str:
        host, port = self.address
        return (
            "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"
            f"a=candidate:1 1 udp 99 {host} {port} typ host\r\n"
            f"a=candidate:2 1 udp 98 {host} {port + 1} typ host\r\na=end-of-candidates\r\n"
            "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\n"
        )

    def close(self) -> None:
        self._socket.close()


@pytest_asyncio.fixture
async def caller() -> AsyncIterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


def told(sdp: str) -> Address:
    """The one candidate that stands in each section of what a peer is told."""
    lines = {line for line in sdp.splitlines() if line.startswith("a=candidate:")}
    assert sdp.count("a=candidate:") == sdp.count("m=")
    (words,) = (line.split() for line in lines)
    return words[4], int(words[5])


def connect(network: Nat, caller: Peer, gateway: Peer) -> tuple[Address, Address]:
    """Return where the gateway thinks the caller is, and the caller the gateway."""
    return told(network.offer(caller.sdp)), told(network.answer(gateway.sdp))


async def test_each_side_sees_an_address_of_the_network_only(caller: Peer, gateway: Peer) -> None:
    async with nat() as network:
        public, inside = connect(network, caller, gateway)
        caller.send(b"to the gateway", inside)
        assert await gateway.receive() == (b"to the gateway", public)
        gateway.send(b"to the caller", public)
        assert await caller.receive() == (b"to the caller", inside)


async def test_the_gateway_may_speak_first(caller: Peer, gateway: Peer) -> None:
    async with nat() as network:
        public, inside = connect(network, caller, gateway)
        gateway.send(b"first", public)
        assert await caller.receive() == (b"first", inside)


async def test_an_offer_may_name_no_address(caller: Peer, gateway: Peer) -> None:
    async with nat() as network:
        public = told(network.offer("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"))
        inside = told(network.answer(gateway.sdp))
        caller.send(b"here I am", inside)
        assert await gateway.receive() == (b"here I am", public)


async def test_after_rebinding_the_caller_comes_from_elsewhere(caller: Peer, gateway: Peer) -> None:
    async with nat() as network:
        public, inside = connect(network, caller, gateway)
        caller.send(b"before", inside)
        assert (await gateway.receive())[1] == public
        network.rebind()
        gateway.send(b"to nobody", public)
        caller.send(b"after", inside)
        _, moved = await gateway.receive()
        assert moved[0] != public[0]
        assert network.public == {moved}
        gateway.send(b"found again", moved)
        assert (await caller.receive())[0] == b"found again"


async def test_a_stranger_is_not_let_in(caller: Peer, gateway: Peer) -> None:
    stranger = Peer()
    async with nat() as network:
        public, _ = connect(network, caller, gateway)
        stranger.send(b"let me in", public)
        gateway.send(b"the gateway", public)
        assert (await caller.receive())[0] == b"the gateway"
    stranger.close()


async def test_what_the_link_loses_does_not_come_and_what_it_delays_comes_late(
    caller: Peer, gateway: Peer
) -> None:
    async with nat(up=DEAD) as network:
        _, inside = connect(network, caller, gateway)
        caller.send(b"lost", inside)
        caller.send(b"lost too", inside)
        await asyncio.sleep(0)  # the loop looks, and both are there
        await asyncio.sleep(0)
        assert network.up.lost == 2
        network.up.conditions = Conditions(delay_s=0.1)
        begin = asyncio.get_running_loop().time()
        caller.send(b"late", inside)
        assert (await gateway.receive())[0] == b"late"
        assert asyncio.get_running_loop().time() - begin >= 0.1
