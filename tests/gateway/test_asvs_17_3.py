"""OWASP ASVS 5.0, 17.3.1 and 17.3.2: signalling under floods, and what is no signalling at all.

The HTTP face is real, and so is the call that is placed or goes on meanwhile. Attackers have an
address of their own on loopback.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from gateway import listener
from gateway.legs import Audio
from gateway.listener import HttpSettings, listening
from gateway.schema import Limits
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.leg import WebRtcLeg, close_all
from gateway.webrtc.whip import offer_keys
from media.audio import Pcm
from tests.gateway.switchboard import LegSwitchboard, tone, until_heard
from tests.gateway.webrtc.asvs.hostile import offering

ATTACKER = "127.0.0.2"
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*"}
MANGLED = 60


class Face:
    """A listening HTTP face, and what is sent to it."""

    def __init__(self, url: str, switchboard: LegSwitchboard) -> None:
        self.url = url
        self.switchboard = switchboard
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self.address = parts.hostname, parts.port

    def attacker(self) -> httpx.AsyncClient:
        transport = httpx.AsyncHTTPTransport(local_address=ATTACKER)
        return httpx.AsyncClient(
            base_url=self.url, transport=transport, trust_env=False, timeout=20
        )

    async def raw(self, data: bytes, *, within: float = 5.0) -> bytes:
        """Send bytes on a connection of their own, and return what comes back."""
        reader, writer = await asyncio.open_connection(*self.address, local_addr=(ATTACKER, 0))
        try:
            writer.write(data)
            writer.write_eof()
            async with asyncio.timeout(within):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def call_sounds(self) -> None:
        """Place a call, be heard in it, and hang up."""
        caller = await WebRtcCaller.call(f"{self.url}/v1/calls")
        caller.say(tone(440, 20))
        leg = self.switchboard.legs[caller.call_id]
        await until_heard(sound(leg), 440)
        await caller.hang_up()

    async def lives(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=10) as client:
            assert (await client.get("/healthz")).status_code == 200
        await self.call_sounds()


async def sound(leg: WebRtcLeg) -> AsyncIterator[Pcm]:
    async for event in leg.events():
        if isinstance(event, Audio):
            yield event.pcm


@asynccontextmanager
async def face(limits: Limits | None = None, most_calls: int = 4) -> AsyncIterator[Face]:
    switchboard = LegSwitchboard(most_calls=most_calls)
    app = create_app(switchboard, limits=limits)
    async with listening(app, HttpSettings(host="127.0.0.1", port=0)) as url:
        yield Face(url, switchboard)
    await close_all()


@asynccontextmanager
async def flooding(ask: Callable[[], Awaitable[httpx.Response]]) -> AsyncIterator[Counter[int]]:
    """Ask as fast as answers come, ten at a time; yields how often each status was answered."""
    statuses: Counter[int] = Counter()

    async def run() -> None:
        while True:
            statuses[(await ask()).status_code] += 1

    running = [asyncio.create_task(run()) for _ in range(10)]
    try:
        yield statuses
    finally:
        for task in running:
            task.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended)


async def test_asvs_17_3_1_others_call_while_one_address_floods_with_offers() -> None:
    limits = Limits(requests_per_address=600, calls_per_address=20, calls_per_token=60)
    async with face(limits) as gateway, gateway.attacker() as attacker:
        offers = lambda: attacker.post("/v1/calls", content="v=0\r\n", headers=SDP)  # noqa: E731
        async with flooding(offers) as statuses:
            await gateway.call_sounds()
        assert 0 < statuses[422] <= 21
        assert statuses[429] > 20
        assert set(statuses) == {422, 429}
        refused = await attacker.post("/v1/calls", content="v=0\r\n", headers=SDP)
        assert int(refused.headers["retry-after"]) > 0


async def test_asvs_17_3_1_a_call_goes_on_while_its_address_is_guessed_at() -> None:
    limits = Limits(requests_per_address=20, calls_per_address=20, calls_per_token=60)
    async with face(limits) as gateway, gateway.attacker() as attacker:
        kinds = [("DELETE", {}), ("PATCH", FRAGMENT), ("GET", {}), ("OPTIONS", {})]
        random_ = random.Random(17_3_1)

        async def guess() -> httpx.Response:
            method, headers = random_.choice(kinds)
            return await attacker.request(
                method, f"/v1/calls/{random_.randbytes(16).hex()}", headers=headers
            )

        async with flooding(guess) as statuses:
            await gateway.call_sounds()
        assert statuses[429] > 20
        assert set(statuses) <= {204, 404, 405, 429}
        await gateway.lives()


async def test_asvs_17_3_1_calls_that_are_offered_and_never_connected_are_bounded() -> None:
    """Without limits by address, as behind a proxy: the calls themselves are the bound."""
    caller = await offering()
    offer = caller.localDescription.sdp
    async with face(most_calls=3) as gateway, gateway.attacker() as attacker:
        replies = [await attacker.post("/v1/calls", content=offer, headers=SDP) for _ in range(30)]
        statuses = Counter(reply.status_code for reply in replies)
        assert statuses == {201: 3, 503: 27}
        assert all("retry-after" in r.headers for r in replies if r.status_code == 503)
        for call_id in list(gateway.switchboard.legs):
            await gateway.switchboard.hang_up(call_id, "it did not connect")
        await gateway.lives()
    await caller.close()


async def test_asvs_17_3_1_connections_that_ask_for_nothing_are_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Slow ones, too: upstream waits for ever for the rest of a header."""
    monkeypatch.setattr(listener, "ASKED_WITHIN", 1.0)
    async with face() as gateway:
        began = asyncio.get_running_loop().time()
        opened = [
            await asyncio.open_connection(*gateway.address, local_addr=(ATTACKER, 0))
            for _ in range(150)
        ]
        for i, (_, writer) in enumerate(opened):
            writer.write(b"POST /v1/calls HTTP/1.1\r\nHost: x\r\nX-Slow: "[: i % 44])

        async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while not reader.at_eof():
                    writer.write(b"x")  # another byte of a header that never ends
                    with suppress(TimeoutError):
                        async with asyncio.timeout(0.2):
                            await reader.read()
            writer.close()

        async with asyncio.timeout(15):
            await asyncio.gather(gateway.lives(), *(until_closed(*one) for one in opened))
        assert asyncio.get_running_loop().time() - began >= 1.0


MALFORMED = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),  # TLS to a plain port
    b"\x00" * 4_096,
    b"GET",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%ff%fe/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n"
    b"Content-Type: application/sdp\r\nConnection: close\r\n\r\nv=0",
    b"POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/sdp\r\n\r\nFFFFFFFFFFFFFFFFF\r\nv=0",
    b"POST /v1/calls HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/sdp\r\n\r\nzz\r\nv=0\r\n0\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


async def test_asvs_17_3_2_what_is_no_http_is_refused_and_the_gateway_lives_on() -> None:
    async with face() as gateway:
        for data in MALFORMED:
            answer = await gateway.raw(data)
            assert not answer or re.match(rb"HTTP/1\.1 (200|4\d\d) ", answer), answer[:80]
            assert b"Traceback" not in answer
        await gateway.lives()


def mangled(random_: random.Random, text: str) -> bytes:
    """Return SDP as somebody would send it who looks for what breaks."""
    lines = text.splitlines()
    for _ in range(random_.randrange(1, 4)):
        at = random_.randrange(len(lines))
        number = random_.choice(["-1", "0", "65536", "99999999999999999999", "١٢", "1e9", "", "%s"])
        match random_.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines[at:at] = [lines[at]] * random_.choice([1, 200])
            case 2:
                lines[at] = lines[at][: random_.randrange(len(lines[at]) + 1)]
            case 3:
                lines[at] = re.sub(r"\d+", number, lines[at], count=random_.randrange(1, 3))
            case 4:
                lines[at] += random_.choice(["\x00", "\ud7ff", " " * 500, "ÿ" * 2_000, "\t;=;"])
            case _:
                random_.shuffle(lines)
        lines = lines or [""]
    data = "\r\n".join(lines).encode()
    return data if random_.random() < 0.9 else data + random_.randbytes(8)


async def test_asvs_17_3_2_malformed_offers_are_refused_and_the_gateway_lives_on() -> None:
    random_ = random.Random(17_3_2)
    caller = await offering()
    offer = offer_keys(caller.localDescription.sdp)
    await caller.close()
    statuses: Counter[int] = Counter()
    async with face() as gateway, gateway.attacker() as attacker:
        for _ in range(MANGLED):
            data = mangled(random_, offer)
            reply = await attacker.post("/v1/calls", content=data, headers=SDP)
            statuses[reply.status_code] += 1
            if reply.status_code == 201:
                await attacker.delete(reply.headers["location"])
            else:
                assert reply.headers["content-type"] == "application/problem+json"
                assert "Traceback" not in reply.text
        await gateway.lives()
    assert set(statuses) <= {201, 400, 413, 422}
    assert statuses[400] > MANGLED // 4


async def test_asvs_17_3_2_malformed_fragments_leave_a_call_as_it_is() -> None:
    random_ = random.Random(17_3_2)
    async with face() as gateway, gateway.attacker() as attacker:
        caller = await WebRtcCaller.call(f"{gateway.url}/v1/calls")
        caller.say(tone(440, 60))
        heard = sound(gateway.switchboard.legs[caller.call_id])
        path = urlsplit(caller.location).path
        good = (
            "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\n"
            "a=mid:0\r\na=candidate:1 1 udp 2130706431 203.0.113.5 5000 typ host\r\n"
            "a=candidate:2 1 udp 1 198.51.100.7 65000 typ srflx raddr 203.0.113.5 rport 1\r\n"
        )
        for _ in range(MANGLED):
            fragment = mangled(
                random_, good.replace("abcd", random_.choice(["abcd", "", "x" * 300]))
            )
            reply = await attacker.patch(path, content=fragment, headers=FRAGMENT)
            assert 200 <= reply.status_code < 500, fragment
        for body in (b"[" * 60_000, b'{"demand": ' * 5_000, b"\xff", b"{}", b'{"demand": {}}'):
            headers = {"Content-Type": "application/json"}
            reply = await attacker.post(f"{path}/demands", content=body, headers=headers)
            assert reply.status_code == 400
        await until_heard(heard, 440)
        await caller.hang_up()
        await gateway.lives()
