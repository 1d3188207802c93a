"""Who asks too often is told to wait; who is counted, and that memory has an end."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from gateway import limits as limits_module
from gateway import telemetry
from gateway.access import Access
from gateway.limits import Rate, network
from gateway.listener import HttpSettings, listening
from gateway.schema import Limits
from gateway.server import create_app
from tests.gateway.switchboard import LegSwitchboard
from tests.gateway.test_access import ACME, token

SECOND = 1_000_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 12_345_678_901

    def __call__(self) -> int:
        return self.now

    def sleep(self, duration_s: float) -> None:
        self.now += round(duration_s * SECOND)


def test_a_minutes_worth_may_come_at_once_and_then_evenly() -> None:
    clock = Clock()
    rate = Rate(6, clock)
    assert [rate.wait("one") for _ in range(6)] == [0] * 6
    assert rate.wait("one") == 10
    assert rate.wait("one") == 10, "one too many is not counted"
    assert rate.wait("another") == 0
    clock.sleep(9.5)
    assert rate.wait("one") == 0.5
    clock.sleep(0.5)
    assert rate.wait("one") == 0
    assert rate.wait("one") == 10


@given(
    st.integers(1, 200),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=300),
)
def test_never_more_than_a_minutes_worth_and_its_refill(
    per_minute: int, pauses: list[float]
) -> None:
    clock = Clock()
    rate = Rate(per_minute, clock)
    start, passed = clock.now, 0
    for pause in pauses:
        clock.sleep(pause)
        passed += rate.wait("one") == 0
        minutes = (clock.now - start) / (60 * SECOND)
        assert passed <= per_minute * (1 + minutes) + 1e-6 * len(pauses)


def test_who_has_paused_is_forgotten() -> None:
    clock = Clock()
    rate = Rate(60, clock)
    for number in range(50):
        rate.wait(f"{number}")
    clock.sleep(2)
    for _ in range(30):
        rate.wait("one who goes on")
    assert len(rate) == 1


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "MOST", 100)
    rate = Rate(1, Clock())
    rate.wait("one who asks all the time")
    for number in range(1_000):
        rate.wait(f"{number}")
        assert rate.wait("one who asks all the time") > 0
    assert len(rate) == 100


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_is_counted_as_one(address: str, whose: str) -> None:
    assert network(address) == whose


# Over HTTP.

SDP = {"Content-Type": "application/sdp"}
FEW = Limits(requests_per_address=6, calls_per_address=4, calls_per_token=2)


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(LegSwitchboard(), access=Access([ACME]), limits=FEW)
    async with (
        listening(app, HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as client,
    ):
        yield client


async def place(http: httpx.AsyncClient, bearer: str) -> httpx.Response:
    return await http.post("/v1/calls", headers=SDP | {"Authorization": f"Bearer {bearer}"})


def refused(problem: str) -> float:
    return telemetry.REQUESTS_REFUSED.labels(problem)._value.get()


async def test_calls_with_one_token_are_limited_and_then_those_of_the_address(
    http: httpx.AsyncClient,
) -> None:
    before = refused("too-many")
    bearer = token()
    assert [(await place(http, bearer)).status_code for _ in range(3)] == [400, 400, 429]
    assert (await place(http, token(jti="8"))).status_code == 400
    reply = await place(http, token(jti="9"))
    assert reply.status_code == 429
    assert reply.json()["type"] == "urn:hushgate:problem:too-many"
    assert "calls per address" in reply.json()["detail"]
    assert 0 < int(reply.headers["retry-after"]) <= 15
    assert refused("too-many") == before + 2


async def test_guessed_tokens_are_limited_too(http: httpx.AsyncClient) -> None:
    guessed = [await place(http, token(f"{number:>032}")) for number in range(5)]
    assert [reply.status_code for reply in guessed] == [401] * 4 + [429]


async def test_requests_about_calls_are_limited_and_no_others(http: httpx.AsyncClient) -> None:
    replies = [await http.delete("/v1/calls/guessed") for _ in range(7)]
    assert [reply.status_code for reply in replies] == [404] * 6 + [429]
    assert (await http.get("/v1/calls/guessed/events")).status_code == 429
    assert (await http.get("/healthz")).status_code == 200


async def test_without_limits_anybody_may_ask_all_the_time() -> None:
    none = Limits(requests_per_address=None, calls_per_address=None, calls_per_token=None)
    async with (
        listening(create_app(LegSwitchboard(), limits=none), HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as http,
    ):
        for _ in range(100):
            assert (await http.delete("/v1/calls/guessed")).status_code == 404
