"""What callers and the gateway are told of STUN and TURN servers, and who is told."""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from gateway.access import Access
from gateway.listener import HttpSettings, listening
from gateway.schema import IceServer, Limits
from gateway.server import create_app
from gateway.webrtc.servers import IceServers
from tests.gateway.switchboard import LegSwitchboard
from tests.gateway.test_access import ACME, token

NOW = 1_800_000_000
SHARED = "a secret that is shared"
STUN = IceServer.model_validate({"urls": "stun:stun.example.com"})
TURN = IceServer.model_validate(
    {
        "urls": ["turn:turn.example.com?transport=udp", "turns:turn.example.com"],
        "secret": SHARED,
        "ttl_s": 600,
    }
)
FIXED = IceServer.model_validate(
    {"urls": "turn:old.example.com", "username": "hushgate", "credential": "for good"}
)


def servers(*known: IceServer) -> IceServers:
    return IceServers(known, clock=lambda: NOW + 0.9)


def test_a_call_gets_credentials_that_end() -> None:
    (own,) = servers(TURN).own("the-call")
    until, _, who = own.username.partition(":")
    assert int(until) == NOW + 600
    mac = hmac.new(SHARED.encode(), own.username.encode(), hashlib.sha1).digest()
    assert own.credential == base64.b64encode(mac).decode()
    assert own.urls == TURN.urls
    assert "the-call" not in who, "a call's id is a secret"
    assert servers(TURN).own("another")[0].username != own.username
    assert servers(TURN).own("the-call") == [own]


def test_links_tell_of_each_address() -> None:
    links = servers(STUN, TURN).links("the-call").split(", ")
    assert links[0] == '<stun:stun.example.com>; rel="ice-server"'
    assert [re.findall("<(.*)>", link) for link in links[1:]] == [[url] for url in TURN.urls]
    assert links[1].partition(";")[2] == links[2].partition(";")[2]
    assert f'username="{NOW + 600}:caller-' in links[1]
    assert links[1].endswith('"; credential-type="password"')


def test_credentials_that_do_not_end_are_the_gateways_own() -> None:
    assert servers(FIXED).links("the-call") == ""
    (own,) = servers(FIXED).own("the-call")
    assert (own.username, own.credential) == ("hushgate", "for good")
    (plain,) = servers(STUN).own("the-call")
    assert (plain.username, plain.credential) == (None, None)


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        LegSwitchboard(),
        access=Access([ACME]),
        limits=Limits(calls_per_address=2),
        ice_servers=servers(TURN),
    )
    async with (
        listening(app, HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as client,
    ):
        yield client


async def test_who_may_call_is_told_before_the_offer_and_with_the_answer(
    http: httpx.AsyncClient, offer: str
) -> None:
    bearer = {"Authorization": f"Bearer {token()}"}
    asked = await http.options("/v1/calls", headers=bearer)
    assert asked.status_code == 204
    assert asked.headers["cache-control"] == "no-store"
    headers = {**bearer, "Content-Type": "application/sdp"}
    placed = await http.post("/v1/calls", content=offer, headers=headers)
    assert placed.status_code == 201
    assert placed.headers["link"] != asked.headers["link"]
    assert placed.headers["link"].count("credential=") == 2


async def test_who_may_not_call_is_told_of_none(http: httpx.AsyncClient) -> None:
    nobody = await http.options("/v1/calls")
    assert nobody.status_code == 204
    assert "link" not in nobody.headers
    bearer = {"Authorization": f"Bearer {token(exp=1)}"}
    assert (await http.options("/v1/calls", headers=bearer)).status_code == 401


async def test_asking_for_credentials_counts_as_a_call(http: httpx.AsyncClient) -> None:
    bearer = {"Authorization": f"Bearer {token()}"}
    replies = [await http.options("/v1/calls", headers=bearer) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [204, 204, 429]
