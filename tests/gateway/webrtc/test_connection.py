"""ICE: candidates that come late, restarts, and how long it goes on without consent."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import cast

import aioice.ice
import pytest
from aioice import stun
from aiortc.rtcicetransport import RTCIceParameters

from gateway.webrtc import ice
from gateway.webrtc.connection import Connection
from gateway.webrtc.ice import loopback_candidates


@pytest.fixture(autouse=True)
def on_loopback() -> Iterator[None]:
    ice.install()
    with loopback_candidates():
        yield


class StunServer(asyncio.DatagramProtocol):
    """Answer binding requests with an address far away, when it is let."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.tasks.append(asyncio.create_task(self.answer(stun.parse_message(data), addr)))

    async def answer(self, request: stun.Message, addr: tuple[str, int]) -> None:
        await self.may_answer.wait()
        reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
        reply.attributes["XOR-MAPPED-ADDRESS"] = ("203.0.113.9", addr[1])
        self.transport.sendto(bytes(reply), addr)


@asynccontextmanager
async def stun_server() -> AsyncIterator[tuple[StunServer, tuple[str, int]]]:
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        StunServer, local_addr=("127.0.0.1", 0)
    )
    yield server, transport.get_extra_info("sockname")
    transport.close()


def kinds(connection: aioice.ice.Connection) -> set[str]:
    return {candidate.type for candidate in connection.local_candidates}


async def test_a_server_that_answers_at_once_is_waited_for() -> None:
    async with stun_server() as (server, address):
        server.may_answer.set()
        connection = Connection(ice_controlling=False, stun_server=address)
        await connection.gather_candidates()
        assert kinds(connection) == {"host", "srflx"}
        await connection.close()


async def test_a_slow_server_is_not_waited_for_and_used_when_it_has_answered() -> None:
    async with stun_server() as (server, address):
        connection = Connection(ice_controlling=False, stun_server=address)
        async with asyncio.timeout(2):
            await connection.gather_candidates()
        assert kinds(connection) == {"host"}
        assert connection._remote_candidates_expected()
        server.may_answer.set()
        assert connection._asking is not None
        async with asyncio.timeout(2):
            await connection._asking
        assert kinds(connection) == {"host", "srflx"}
        await connection.close()


async def introduce(one: aioice.ice.Connection, other: aioice.ice.Connection) -> None:
    """Tell one connection of the other's credentials and candidates."""
    one.remote_username, one.remote_password = other.local_username, other.local_password
    await name_candidates(one, other)


async def name_candidates(one: aioice.ice.Connection, other: aioice.ice.Connection) -> None:
    for candidate in other.local_candidates:
        await one.add_remote_candidate(candidate)
    await one.add_remote_candidate(None)


async def caller() -> aioice.ice.Connection:
    connection = aioice.ice.Connection(ice_controlling=True)
    await connection.gather_candidates()
    return connection


async def connected() -> tuple[Connection, aioice.ice.Connection]:
    gateway, first = Connection(ice_controlling=False), await caller()
    await gateway.gather_candidates()
    await introduce(gateway, first)
    await introduce(first, gateway)
    async with asyncio.timeout(10):
        await asyncio.gather(gateway.connect(), first.connect())
    return gateway, first


@pytest.mark.parametrize("where", [(1, 70_000), (1, 0), (1, -1), (2, 7_000)])
async def test_a_candidate_that_nothing_can_be_sent_to_costs_no_socket(
    where: tuple[int, int],
) -> None:
    gateway, first = Connection(ice_controlling=False), await caller()
    await gateway.gather_candidates()
    component, port = where
    nowhere = f"1 {component} udp 2130706431 127.0.0.1 {port} typ host"
    await gateway.add_remote_candidate(aioice.Candidate.from_sdp(nowhere))
    await introduce(gateway, first)
    await introduce(first, gateway)
    async with asyncio.timeout(10):
        await asyncio.gather(gateway.connect(), first.connect())
    assert not any(protocol.transport.is_closing() for protocol in gateway._protocols)
    for connection in (gateway, first):
        await connection.close()


def restart(gateway: Connection, new: aioice.ice.Connection) -> None:
    gateway.restart(RTCIceParameters(new.local_username, new.local_password))


async def test_a_restart_moves_to_the_callers_new_address_and_nothing_is_lost_meanwhile() -> None:
    gateway, first = await connected()
    before = gateway.local_username, gateway.local_password
    second = await caller()
    restart(gateway, second)
    assert (gateway.local_username, gateway.local_password) != before

    await first.send(b"from where I was")
    assert await gateway.recv() == b"from where I was"
    await gateway.send(b"to where you were")
    assert await first.recv() == b"to where you were"

    await introduce(second, gateway)
    await name_candidates(gateway, second)
    async with asyncio.timeout(10):
        await second.connect()
        assert gateway._reconnecting is not None
        await gateway._reconnecting
    await second.send(b"from where I am")
    assert await gateway.recv() == b"from where I am"
    await gateway.send(b"to where you are")
    assert await second.recv() == b"to where you are"
    for connection in (first, second, gateway):
        await connection.close()


async def test_only_the_newest_of_several_restarts_counts() -> None:
    gateway, first = await connected()
    abandoned, second = await caller(), await caller()
    restart(gateway, abandoned)
    await name_candidates(gateway, abandoned)
    restart(gateway, second)
    await name_candidates(gateway, second)
    await introduce(second, gateway)
    async with asyncio.timeout(10):
        await second.connect()
        await gateway.send(b"hello")
        assert await second.recv() == b"hello"
    for connection in (first, abandoned, second, gateway):
        await connection.close()


async def test_a_check_without_priority_is_not_answered_not_even_after_a_restart() -> None:
    gateway, first = await connected()
    lost = await caller()
    restart(gateway, lost)
    check = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    check.attributes["USERNAME"] = f"{gateway.local_username}:{lost.local_username}"
    check.add_message_integrity(gateway.local_password.encode())
    (used,) = gateway._nominated.values()
    assert used.remote_addr in used.protocol._authenticated
    assert not used.protocol._may_check(bytes(check), used.remote_addr)
    for connection in (first, lost, gateway):
        await connection.close()


@pytest.fixture
def short_consent(monkeypatch: pytest.MonkeyPatch) -> float:
    """Let consent be asked for every 50 ms, and return for how long it lasts."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.05)
    return 0.05 * aioice.ice.CONSENT_FAILURES


async def closing(connection: Connection) -> float:
    """Return how long it takes until a connection has closed by itself."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    with suppress(ConnectionError):
        async with asyncio.timeout(10):
            while True:
                await connection.recv()
    return loop.time() - start


async def test_without_consent_a_connection_ends_when_it_has_run_out(short_consent: float) -> None:
    gateway, first = await connected()
    await first.close()
    # The last consent was given up to one check and its deviation before.
    assert await closing(gateway) > short_consent - 0.06 - 0.02


async def test_a_restart_that_leads_nowhere_leaves_all_as_it_was(short_consent: float) -> None:
    gateway, first = await connected()
    lost = await caller()
    restart(gateway, lost)
    await lost.close()
    await asyncio.sleep(2 * short_consent)  # both sides go on asking for consent, and get it
    await first.send(b"still here")
    assert await gateway.recv() == b"still here"
    await gateway.send(b"so am I")
    assert await first.recv() == b"so am I"
    await first.close()
    await closing(gateway)


async def test_after_a_restart_consent_is_the_new_sessions(short_consent: float) -> None:
    gateway, first = await connected()
    second = await caller()
    restart(gateway, second)
    await name_candidates(gateway, second)
    await introduce(second, gateway)
    async with asyncio.timeout(10):
        await second.connect()
    await first.close()
    await asyncio.sleep(2 * short_consent)
    await gateway.send(b"hello")
    assert await second.recv() == b"hello"
    await second.close()
    await closing(gateway)
