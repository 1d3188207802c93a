"""Calls by way of a TURN server, and what strangers may not make of one: with real coturn."""

import asyncio
import base64
import hmac
import ipaddress
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from aioice import stun, turn
from aiortc import (
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)

from gateway.legs import Audio, CallerEvent
from gateway.listener import HttpSettings, listening
from gateway.schema import IceServer
from gateway.server import create_app
from gateway.webrtc.inbox import Inbox
from gateway.webrtc.peer import PeerConnection
from gateway.webrtc.servers import IceServers
from gateway.webrtc.sound import Voice
from media.audio import Pcm
from tests.gateway.chromium import CHROMIUM, GRANT, PLAIN_ADDRESSES, chromium
from tests.gateway.fakes import until
from tests.gateway.switchboard import LegSwitchboard, collect, strongest_hertz, tone
from tests.gateway.webrtc.coturn import SECRET, coturn, needs_coturn

pytestmark = needs_coturn

CONFIG = Path(__file__).parents[3] / "deploy" / "coturn.conf"
SDP = {"Content-Type": "application/sdp"}


def turn_server(port: int) -> IceServer:
    url = f"turn:127.0.0.1:{port}?transport=udp"
    return IceServer.model_validate({"urls": url, "secret": SECRET})


def told(link: str) -> RTCIceServer:
    """What a `Link` header tells of a server, as a browser would read it."""
    (url,) = re.findall("<(.*?)>", link)
    said = dict(re.findall('; ([a-z-]+)="(.*?)"', link))
    assert said["rel"] == "ice-server"
    assert said["credential-type"] == "password"
    return RTCIceServer(url, said["username"], said["credential"])


async def connected(pc: RTCPeerConnection) -> None:
    async with asyncio.timeout(20):
        while pc.connectionState != "connected":  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def sound(events: AsyncIterator[CallerEvent]) -> AsyncIterator[Pcm]:
    async for event in events:
        if isinstance(event, Audio):
            yield event.pcm


async def test_a_call_is_relayed_from_end_to_end(tmp_path: Path) -> None:
    async with coturn(tmp_path, "--allow-loopback-peers") as port:
        servers = IceServers([turn_server(port)])
        switchboard = LegSwitchboard(ice_servers=servers.own("the call"))
        async with (
            listening(create_app(switchboard, ice_servers=servers), HttpSettings(port=0)) as base,
            httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as http,
        ):
            server = told((await http.options("/v1/calls")).headers["link"])
            pc = PeerConnection(
                RTCConfiguration([server], iceTransportPolicy=RTCIceTransportPolicy.RELAY)
            )
            voice, inbox = Voice(), Inbox()
            pc.addTrack(voice)
            pc.getReceivers()[0].hear(inbox.audio, lambda: inbox.end("the call has ended"))
            await pc.setLocalDescription(await pc.createOffer())
            offer = pc.localDescription.sdp
            assert set(re.findall("a=candidate.* typ ([a-z]+)", offer)) == {"relay"}
            reply = await http.post("/v1/calls", content=offer, headers=SDP)
            assert told(reply.headers["link"]).username != server.username
            assert " typ relay" in reply.text, "the gateway can be reached by the server, too"
            await pc.setRemoteDescription(RTCSessionDescription(reply.text, "answer"))
            await connected(pc)

            (leg,) = switchboard.legs.values()
            leg.play(tone(440, 6))
            voice.play(tone(1_000, 6))
            for events, hertz in ((inbox.events(), 440), (leg.events(), 1_000)):
                heard = await collect(sound(events), 1)
                assert abs(strongest_hertz(heard[-8_000:]) - hertz) < 5
            await pc.close()
            await switchboard.hang_up(next(iter(switchboard.legs)), "done")


RELAYED_ONLY = """
    const Plain = RTCPeerConnection;
    window.RTCPeerConnection = class extends Plain {
      constructor(configuration) { super({ ...configuration, iceTransportPolicy: "relay" }); }
      setConfiguration(configuration) {
        super.setConfiguration({ ...configuration, iceTransportPolicy: "relay" });
      }
    };
"""


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_the_page_calls_by_way_of_the_server_it_was_told_of(tmp_path: Path) -> None:
    async with coturn(tmp_path, "--allow-loopback-peers") as port:
        switchboard = LegSwitchboard()
        app = create_app(switchboard, ice_servers=IceServers([turn_server(port)]))
        async with (
            listening(app, HttpSettings(port=0)) as base,
            chromium(PLAIN_ADDRESSES, GRANT) as page,
        ):
            await page.add_init_script(RELAYED_ONLY)
            await page.goto(base)
            await page.click("#call")
            await until(lambda: any(leg.connected for leg in switchboard.legs.values()), within=20)


# What strangers try.


def credentials(name: str = "caller-1", ends_in: float = 60) -> tuple[str, str]:
    username = f"{int(time.time() + ends_in)}:{name}"
    mac = hmac.digest(SECRET.encode(), username.encode(), "sha1")
    return username, base64.b64encode(mac).decode()


@asynccontextmanager
async def client(
    port: int, username: str, password: str, host: str = "127.0.0.1"
) -> AsyncIterator[turn.TurnClientUdpProtocol]:
    """A TURN client that has not asked for anything yet."""
    transport, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: turn.TurnClientUdpProtocol((host, port), username, password, 600, 500),
        remote_addr=(host, port),
    )
    yield made
    if made.refresh_task is not None:
        made.refresh_task.cancel()
    transport.close()


async def refused(request: Any) -> int:
    """Return the error code with which the server refuses."""
    with pytest.raises(stun.TransactionFailed) as caught:
        await request
    code = caught.value.response.error_code
    assert code is not None
    return code


async def test_credentials_are_refused_that_have_ended_or_are_made_up(tmp_path: Path) -> None:
    async with coturn(tmp_path, "-c", str(CONFIG)) as port:
        name, password = credentials(ends_in=-2)
        made_up = [(name, password), (credentials()[0], password), ("anybody", "anything")]
        for username, wrong in made_up:
            async with client(port, username, wrong) as stranger:
                assert await refused(stranger.connect()) == 401
        ended = IceServers([turn_server(port)], clock=lambda: time.time() - 3_602).own("call")[0]
        async with client(port, ended.username, ended.credential) as stranger:
            assert await refused(stranger.connect()) == 401
        known = IceServers([turn_server(port)]).own("call")[0]
        async with client(port, known.username, known.credential) as caller:
            await caller.connect()


NOBODYS = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
NOBODYS_6 = [
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1",
    "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


async def test_asvs_17_1_1_turn_reaches_no_special_purpose_address(tmp_path: Path) -> None:
    async with (
        coturn(tmp_path, "-c", str(CONFIG)) as port,
        client(port, *credentials()) as stranger,
    ):
        await stranger.connect()
        for number, address in enumerate(NOBODYS):
            assert await refused(stranger.channel_bind(0x4000 + number, (address, 9))) == 403
            assert await refused(permit(stranger, address)) == 403
        await stranger.channel_bind(0x4100, ("8.8.8.8", 9))
        await permit(stranger, "8.8.8.8")


async def permit(stranger: turn.TurnClientUdpProtocol, address: str) -> None:
    request = stun.Message(stun.Method.CREATE_PERMISSION, stun.Class.REQUEST)
    request.attributes["XOR-PEER-ADDRESS"] = (address, 9)
    await stranger.request_with_retry(request)


async def test_asvs_17_1_1_turn_reaches_no_special_purpose_address_of_ipv6(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_unsigned, stun.unpack_unsigned)
    monkeypatch.setitem(stun.ATTRIBUTES_BY_NAME, "REQUESTED-ADDRESS-FAMILY", family)
    async with (
        coturn(tmp_path, "-c", str(CONFIG), host="::1") as port,
        client(port, *credentials(), host="::1") as stranger,
    ):
        request = stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST)
        request.attributes["REQUESTED-TRANSPORT"] = turn.UDP_TRANSPORT
        request.attributes["REQUESTED-ADDRESS-FAMILY"] = 0x02 << 24
        await stranger.request_with_retry(request)
        for address in NOBODYS_6:
            assert await refused(permit(stranger, address)) == 403, address
        await permit(stranger, "2600::1")


def denied() -> list[tuple[Any, Any]]:
    lines = re.findall(r"^denied-peer-ip=(\S+)-(\S+)$", CONFIG.read_text(), re.MULTILINE)
    return [(ipaddress.ip_address(first), ipaddress.ip_address(last)) for first, last in lines]


def test_asvs_17_1_1_every_address_that_is_not_global_is_denied() -> None:
    ranges = denied()

    def is_denied(ip: Any) -> bool:
        return any(first <= ip <= last for first, last in ranges if first.version == ip.version)

    chance = random.Random(17)
    for _ in range(20_000):
        for ip in (
            ipaddress.IPv4Address(chance.getrandbits(32)),
            ipaddress.IPv6Address(chance.getrandbits(128)),
            ipaddress.IPv6Address((0x2001 << 112) | chance.getrandbits(112)),
        ):
            if not ip.is_global or ip.is_multicast:
                assert is_denied(ip), ip
    assert not is_denied(ipaddress.ip_address("8.8.8.8"))
    assert not is_denied(ipaddress.ip_address("2606:4700::1111"))


async def test_asvs_17_1_2_nobody_takes_all_ports_of_turn(tmp_path: Path) -> None:
    quota = int(re.findall(r"^user-quota=(\d+)$", CONFIG.read_text(), re.MULTILINE)[0])
    in_all = quota + 2
    async with coturn(tmp_path, "-c", str(CONFIG), f"--total-quota={in_all}") as port:
        mine, yours = credentials("caller-1"), credentials("caller-2")
        open_ = []
        try:
            for taken in range(quota + 1):
                open_.append(client(port, *mine))
                stranger = await open_[-1].__aenter__()
                if taken < quota:
                    await stranger.connect()
                else:
                    assert await refused(stranger.connect()) == 486
            for taken in range(3):
                open_.append(client(port, *yours))
                other = await open_[-1].__aenter__()
                if taken < in_all - quota:
                    await other.connect()  # another call is not held up by it
                else:
                    assert await refused(other.connect()) == 486, "of all calls together"
        finally:
            for one in open_:
                await one.__aexit__(None, None, None)
