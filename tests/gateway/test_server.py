"""The HTTP face over a real socket: WHIP semantics, problems, events, and that it lives on."""

import asyncio
import json
import socket
import ssl
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from aiortc import RTCPeerConnection, RTCSessionDescription
from pydantic import SecretStr

from gateway.answers import Demand
from gateway.events import StateChanged, Transcript
from gateway.listener import HttpSettings, InsecureBindError, listening
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import CallRefusedError
from tests.gateway.certificates import self_signed
from tests.gateway.switchboard import LegSwitchboard

SDP = {"Content-Type": "application/sdp"}
OPERATOR = SecretStr("an operator's token")
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


@pytest.fixture
def switchboard() -> LegSwitchboard:
    return LegSwitchboard()


@pytest_asyncio.fixture
async def http(switchboard: LegSwitchboard) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        listening(create_app(switchboard, OPERATOR), HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as client,
    ):
        yield client


@pytest_asyncio.fixture
async def caller() -> AsyncIterator[RTCPeerConnection]:
    """A peer connection that has made its offer and not yet sent it."""
    pc = peer_connection()
    pc.addTrack(Voice())
    with loopback_candidates():
        await pc.setLocalDescription(await pc.createOffer())
    yield pc
    await pc.close()


def assert_problem(response: httpx.Response, status: int, says: str = "") -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:hushgate:problem:")
    assert problem["title"]
    assert says in problem["detail"]


async def test_an_offer_is_answered_as_whip_says(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    reply = await http.post("/v1/calls", content=caller.localDescription.sdp, headers=SDP)
    assert reply.status_code == 201
    assert reply.headers["content-type"] == "application/sdp"
    assert reply.headers["etag"].strip('"')
    (call_id,) = switchboard.legs
    assert reply.headers["location"] == f"/v1/calls/{call_id}"
    await caller.setRemoteDescription(RTCSessionDescription(reply.text, "answer"))
    assert (await http.delete(reply.headers["location"])).status_code == 200
    assert_problem(await http.delete(reply.headers["location"]), 404)


def without(sdp: str, start: str) -> str:
    return "\r\n".join(line for line in sdp.splitlines() if not line.startswith(start)) + "\r\n"


def only_head(sdp: str) -> str:
    return sdp.partition("m=audio")[0]


@pytest.mark.parametrize(
    ("spoil", "status", "says"),
    [
        (lambda sdp: "", 400, "empty"),
        (lambda sdp: "   \r\n", 400, "empty"),
        (lambda sdp: "hello", 400, "not SDP"),
        (lambda sdp: '{"sdp": "v=0"}', 400, "not SDP"),
        (lambda sdp: sdp.replace("m=audio", "m=audio x"), 400, "not well-formed"),
        (lambda sdp: without(sdp, "a=ice-pwd"), 400, "a=ice-pwd"),
        (lambda sdp: without(sdp, "a=fingerprint"), 400, "a=fingerprint"),
        (lambda sdp: without(sdp, "a=setup"), 400, "a=setup"),
        (lambda sdp: without(sdp, "a=rtcp-mux"), 400, "a=rtcp-mux"),
        (only_head, 422, "no audio"),
        (lambda sdp: sdp.replace("m=audio", "m=video"), 422, "no audio"),
        (lambda sdp: sdp.replace("a=sendrecv", "a=recvonly"), 422, "not sent"),
        (lambda sdp: sdp.replace("opus", "lyra").replace("PCM", "XXX").replace("G722", "L24"),
         422, "no codec"),
        (lambda sdp: sdp + sdp[sdp.index("m=audio"):], 422, "more than one"),
        (lambda sdp: sdp + "a=candidate:1 1 udp 1 203.0.113.1 9 typ host\r\n" * 70, 422, "64"),
        (lambda sdp: sdp + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n",
         422, "application"),
    ],
)  # fmt: skip
async def test_a_bad_offer_is_a_problem_and_the_gateway_lives_on(
    http: httpx.AsyncClient,
    caller: RTCPeerConnection,
    switchboard: LegSwitchboard,
    spoil: object,
    status: int,
    says: str,
) -> None:
    assert callable(spoil)
    good = caller.localDescription.sdp
    assert_problem(await http.post("/v1/calls", content=spoil(good), headers=SDP), status, says)
    assert not switchboard.legs
    assert (await http.post("/v1/calls", content=good, headers=SDP)).status_code == 201


async def test_a_missing_direction_means_both(
    http: httpx.AsyncClient, caller: RTCPeerConnection
) -> None:
    offer = without(caller.localDescription.sdp, "a=sendrecv")
    reply = await http.post("/v1/calls", content=offer, headers=SDP)
    assert reply.status_code == 201
    assert "a=sendrecv" in reply.text


async def test_wrong_content_types_are_told_the_right_one(http: httpx.AsyncClient) -> None:
    reply = await http.post("/v1/calls", json={"sdp": "v=0"})
    assert_problem(reply, 415)
    assert reply.headers["accept-post"] == "application/sdp"
    assert_problem(await http.post("/v1/calls", content=b"v=0"), 415)
    reply = await http.post("/v1/calls", content=b"v=0\xff", headers=SDP)
    assert_problem(reply, 400, "UTF-8")


@pytest.mark.parametrize("chunked", [False, True])
async def test_five_megabytes_are_refused_without_being_read(
    http: httpx.AsyncClient, chunked: bool
) -> None:
    url = urlsplit(str(http.base_url))
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = "POST /v1/calls HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/sdp\r\n"
    head += "Transfer-Encoding: chunked\r\n\r\n" if chunked else "Content-Length: 5000000\r\n\r\n"
    writer.write(head.encode())
    if chunked:
        writer.write(b"11000\r\n" + b"a" * 0x11000 + b"\r\n")  # 68 KiB of 5 MB, and no more
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert b" 413 " in status
    assert (await http.get("/healthz")).status_code == 200


async def test_too_many_calls_are_told_to_come_back(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    switchboard.most_calls = 0
    reply = await http.post("/v1/calls", content=caller.localDescription.sdp, headers=SDP)
    assert_problem(reply, 503)
    assert int(reply.headers["retry-after"]) > 0
    with pytest.raises(CallRefusedError, match="503"):
        await WebRtcCaller.call(f"{http.base_url}/v1/calls".replace("//v1", "/v1"))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/calls", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("GET", "/v1/calls/abc/demands", {"POST"}),
        ("GET", "/v1/calls/abc", {"DELETE", "PATCH", "OPTIONS"}),
        ("HEAD", "/v1/calls/abc", {"DELETE", "PATCH", "OPTIONS"}),
        ("POST", "/v1/calls/abc", {"DELETE", "PATCH", "OPTIONS"}),
        ("PUT", "/v1/calls/abc", {"DELETE", "PATCH", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD"}),
    ],
)
async def test_other_methods_are_not_allowed(
    http: httpx.AsyncClient, method: str, path: str, allowed: set[str]
) -> None:
    reply = await http.request(method, path)
    assert reply.status_code == 405
    assert set(reply.headers["allow"].split(", ")) == allowed
    if method != "HEAD":
        assert_problem(reply, 405, method)


async def test_options_name_what_is_taken(http: httpx.AsyncClient) -> None:
    reply = await http.options("/v1/calls")
    assert reply.status_code == 204
    assert reply.headers["accept-post"] == "application/sdp"
    reply = await http.options("/v1/calls/abc")
    assert reply.headers["accept-patch"] == "application/trickle-ice-sdpfrag, application/sdp"


async def test_unknown_calls_and_addresses_are_not_found(http: httpx.AsyncClient) -> None:
    assert_problem(await http.delete("/v1/calls/abc"), 404)
    assert_problem(await http.patch("/v1/calls/abc", headers=FRAGMENT, content="a=mid:0"), 404)
    assert_problem(await http.get("/v1/calls/abc/events"), 404)
    assert_problem(await http.get("/nothing"), 404)
    assert_problem(await http.get("/assets/%2e%2e/server.py"), 404)
    assert_problem(await http.get("/assets/../../server.py"), 404)


async def test_an_exception_says_nothing_and_the_gateway_lives_on(http: httpx.AsyncClient) -> None:
    reply = await http.post("/v1/calls", content="v=0\r\ns=trouble", headers=SDP)
    assert_problem(reply, 500)
    assert "4111" not in reply.text
    assert (await http.get("/healthz")).json() == {"status": "alive"}


async def test_trickled_candidates_connect_the_call(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    offer = caller.localDescription.sdp
    bare = without(without(offer, "a=candidate"), "a=end-of-candidates")
    reply = await http.post("/v1/calls", content=bare, headers=SDP)
    assert reply.status_code == 201
    # The caller gets no candidates either, so only the gateway can begin the checks.
    answer = without(without(reply.text, "a=candidate"), "a=end-of-candidates")
    await caller.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    kept = ("a=ice-ufrag", "a=ice-pwd", "m=", "a=mid", "a=candidate", "a=end-of-candidates")
    fragment = "\r\n".join(line for line in offer.splitlines() if line.startswith(kept))
    url = reply.headers["location"]
    headers = {**FRAGMENT, "If-Match": reply.headers["etag"]}
    assert (await http.patch(url, content=fragment, headers=headers)).status_code == 204
    (leg,) = switchboard.legs.values()
    async with asyncio.timeout(15):
        while not leg.connected:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_patch_that_cannot_be_taken_is_a_problem(
    http: httpx.AsyncClient, caller: RTCPeerConnection
) -> None:
    reply = await http.post("/v1/calls", content=caller.localDescription.sdp, headers=SDP)
    url = reply.headers["location"]
    matching = {**FRAGMENT, "If-Match": reply.headers["etag"]}
    good = "a=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"
    assert_problem(await http.patch(url, content=good, headers=FRAGMENT), 428)
    wrong = {**FRAGMENT, "If-Match": '"other"'}
    assert_problem(await http.patch(url, content=good, headers=wrong), 412)
    assert_problem(await http.patch(url, content="", headers=matching), 400)
    assert_problem(await http.patch(url, content="a=mid:0\r\na=candidate:x", headers=matching), 400)
    restart = {**FRAGMENT, "If-Match": "*"}
    content = "a=ice-ufrag:new1\r\na=ice-pwd:" + "x" * 22
    assert_problem(await http.patch(url, content=content, headers=restart), 422, "restarted")
    assert_problem(await http.patch(url, content=content, headers={"If-Match": "*"}), 415)


async def test_events_stream_to_any_number_of_watchers_and_end_with_the_call(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    reply = await http.post("/v1/calls", content=caller.localDescription.sdp, headers=SDP)
    url = reply.headers["location"]
    (broadcast,) = switchboard.broadcasts.values()
    broadcast.publish(StateChanged("consent", 0.5))

    async def watch(started: asyncio.Event) -> list[object]:
        seen = []
        async with http.stream("GET", f"{url}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    seen.append(json.loads(line.removeprefix("data: ")))
                    started.set()
        return seen

    started = [asyncio.Event(), asyncio.Event()]
    watching = [asyncio.create_task(watch(event)) for event in started]
    for event in started:
        await asyncio.wait_for(event.wait(), 5)
    broadcast.publish(Transcript("caller", "My name is <PERSON_1>.", 1.0, 2.0))
    await http.delete(url)
    for task in watching:
        assert await asyncio.wait_for(task, 5) == [
            {"type": "statechanged", "state": "consent", "at_s": 0.5},
            {
                "type": "transcript",
                "who": "caller",
                "text": "My name is <PERSON_1>.",
                "start_s": 1.0,
                "end_s": 2.0,
            },
            {},
        ]


async def test_readiness_tells_its_reasons(
    http: httpx.AsyncClient, switchboard: LegSwitchboard
) -> None:
    assert (await http.get("/readyz")).status_code == 200
    switchboard.reasons = ["the model is loading"]
    reply = await http.get("/readyz")
    assert_problem(reply, 503)
    assert reply.json()["reasons"] == ["the model is loading"]


async def test_metrics_are_served_and_every_answer_is_hardened(http: httpx.AsyncClient) -> None:
    reply = await http.get("/metrics")
    assert "python_info" in reply.text
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"


async def test_an_open_event_stream_does_not_hold_up_shutdown(
    caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        async with asyncio.timeout(10):
            async with listening(create_app(switchboard), HttpSettings(port=0)) as base:
                reply = await client.post(
                    f"{base}/v1/calls", content=caller.localDescription.sdp, headers=SDP
                )
                location = base + reply.headers["location"]
                stream = await client.send(
                    client.build_request("GET", f"{location}/events"), stream=True
                )
                lines = stream.aiter_lines()
                await anext(lines)
        await stream.aclose()
    (leg,) = switchboard.legs.values()
    assert not leg.connected


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "gateway.example"])
def test_without_tls_only_loopback_is_bound(host: str) -> None:
    with pytest.raises(InsecureBindError, match="loopback"):
        HttpSettings(host=host)


def test_half_a_tls_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        HttpSettings(certificate=__file__)  # type: ignore[arg-type]


async def test_a_taken_port_is_an_error_before_anything_starts(
    switchboard: LegSwitchboard,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = HttpSettings(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            async with listening(create_app(switchboard), settings):
                pass


async def test_the_page_and_its_files_are_served_and_nothing_beside_them(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gateway.server.resources.files", lambda package: tmp_path)
    (tmp_path / "secret.py").write_text("secret")
    (tmp_path / "page" / "assets").mkdir(parents=True)
    (tmp_path / "page" / "index.html").write_text("<!doctype html>")
    (tmp_path / "page" / "app.js").write_text("1")
    (tmp_path / "page" / "assets" / "card.svg").write_text("<svg/>")
    reply = await http.get("/")
    assert (reply.status_code, reply.text) == (200, "<!doctype html>")
    assert reply.headers["content-type"].startswith("text/html")
    assert (await http.get("/app.js")).headers["content-type"].startswith("text/javascript")
    assert (await http.get("/assets/card.svg")).headers["content-type"] == "image/svg+xml"
    for path in ("/assets/%2e%2e/%2e%2e/secret.py", "/..%2fsecret.py", "/assets", "/assets/"):
        assert_problem(await http.get(path), 404)


async def test_calls_are_taken_over_tls(switchboard: LegSwitchboard, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    settings = HttpSettings(port=0, certificate=certificate, private_key=key)
    tls = ssl.create_default_context(cafile=certificate)
    async with listening(create_app(switchboard), settings) as base:
        assert base.startswith("https://")
        caller = await WebRtcCaller.call(f"{base}/v1/calls", tls=tls)
        assert caller.call_id in switchboard.legs
        await caller.hang_up()
        assert not switchboard.legs


def client(**settings: object) -> ssl.SSLContext:
    """A client that takes whatever it is given, as far as its own settings go."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    for name, value in settings.items():
        setattr(context, name, value)
    return context


async def shake_hands(port: int, context: ssl.SSLContext) -> tuple[str, str]:
    """Return the version and the cipher suite that were agreed upon."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    made = writer.get_extra_info("ssl_object")
    writer.close()
    return made.version(), made.cipher()[0]


async def test_only_tls_of_today_is_spoken(switchboard: LegSwitchboard, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    settings = HttpSettings(port=0, certificate=certificate, private_key=key)
    async with listening(create_app(switchboard), settings) as base:
        port = urlsplit(base).port or 0
        assert (await shake_hands(port, client()))[0] == "TLSv1.3"
        older = client(maximum_version=ssl.TLSVersion.TLSv1_2)
        version, suite = await shake_hands(port, older)
        assert version == "TLSv1.2"
        assert suite.startswith("ECDHE-")
        assert "GCM" in suite or "CHACHA20" in suite
        for weak in ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "aNULL", "eNULL"):
            older.set_ciphers(f"{weak}:@SECLEVEL=0")
            with pytest.raises(OSError):
                await shake_hands(port, older)
        with warnings.catch_warnings(action="ignore"):
            oldest = client(minimum_version=ssl.TLSVersion.TLSv1)
            oldest.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(OSError):
            await shake_hands(port, oldest)


async def test_browsers_are_told_to_come_back_by_tls_but_only_over_tls(
    switchboard: LegSwitchboard, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    certificate, key = self_signed(tmp_path)
    settings = HttpSettings(port=0, certificate=certificate, private_key=key)
    async with (
        listening(create_app(switchboard), settings) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, verify=client()) as secure,
    ):
        for path in ("/", "/healthz", "/nothing"):
            told = (await secure.get(path)).headers["strict-transport-security"]
            assert told == "max-age=31536000"
    assert "strict-transport-security" not in (await http.get("/healthz")).headers


SHOP = "https://shop.example.com"


async def test_pages_of_a_named_origin_may_place_calls_and_no_others(
    switchboard: LegSwitchboard, caller: RTCPeerConnection
) -> None:
    def asking(origin: str, method: str) -> dict[str, str]:
        headers = "authorization,content-type,if-match"
        return {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers,
        }

    async with (
        listening(create_app(switchboard, cors_origins=[SHOP]), HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as http,
    ):
        for path, method in (("/v1/calls", "POST"), ("/v1/calls/a", "PATCH")):
            allowed = await http.options(path, headers=asking(SHOP, method))
            assert allowed.status_code == 200
            assert allowed.headers["access-control-allow-origin"] == SHOP
            assert method in allowed.headers["access-control-allow-methods"]
            assert "access-control-allow-credentials" not in allowed.headers
            refused = await http.options(path, headers=asking("https://evil.example", method))
            assert refused.status_code == 400
            assert "access-control-allow-origin" not in refused.headers
        offer = caller.localDescription.sdp
        placed = await http.post("/v1/calls", content=offer, headers={**SDP, "Origin": SHOP})
        assert placed.headers["access-control-allow-origin"] == SHOP
        exposed = placed.headers["access-control-expose-headers"]
        assert {"Location", "ETag", "Link"} <= set(exposed.split(", "))
        problem = await http.post("/v1/calls", content="no offer", headers={**SDP, "Origin": SHOP})
        assert problem.headers["access-control-allow-origin"] == SHOP
        assert_problem(problem, 400)


# What may be demanded of a call, and by whom.


async def a_call(switchboard: LegSwitchboard, caller: RTCPeerConnection) -> str:
    call_id, _ = await switchboard.answer(caller.localDescription.sdp)
    return call_id


async def test_who_knows_a_call_may_withdraw_consent(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    call_id = await a_call(switchboard, caller)
    for demand in Demand:
        reply = await http.post(f"/v1/calls/{call_id}/demands", json={"demand": demand})
        assert reply.status_code == 200
        assert reply.json() == {"demand": demand, "withdrawn": ["record"]}
    token = {"Authorization": f"Bearer {OPERATOR.get_secret_value()}"}
    await http.post(f"/v1/calls/{call_id}/demands", json={"demand": "stop"}, headers=token)
    assert [by for _, by in switchboard.demands] == ["page"] * len(Demand) + ["operator"]
    await switchboard.hang_up(call_id, "done")


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '"stop"', "{}", '{"demand": 1}', '{"demand": "more"}', "[" * 9000],
)
async def test_a_malformed_demand_is_told_what_is_allowed(
    http: httpx.AsyncClient, switchboard: LegSwitchboard, body: str
) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await http.post("/v1/calls/any/demands", content=body, headers=headers)
    assert_problem(reply, 400, '"stop recording"')
    assert switchboard.demands == []


async def test_a_demand_of_another_kind_of_body_is_refused(http: httpx.AsyncClient) -> None:
    assert_problem(await http.post("/v1/calls/any/demands", content="stop"), 415)


async def test_of_a_call_that_has_ended_or_never_was_nothing_can_be_demanded(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    unknown = await http.post("/v1/calls/never-was/demands", json={"demand": "stop"})
    assert_problem(unknown, 404)
    call_id = await a_call(switchboard, caller)
    await switchboard.hang_up(call_id, "done")
    ended = await http.post(f"/v1/calls/{call_id}/demands", json={"demand": "stop"})
    assert_problem(ended, 409, "has ended")


async def test_only_an_operator_may_list_the_calls(
    http: httpx.AsyncClient, caller: RTCPeerConnection, switchboard: LegSwitchboard
) -> None:
    call_id = await a_call(switchboard, caller)
    nobody = await http.get("/v1/calls")
    assert_problem(nobody, 401)
    assert nobody.headers["www-authenticate"] == "Bearer"
    for wrong in ("Bearer nonsense", "Basic b3A6cHc=", "Bearer", f"Bearer {OPERATOR}"):
        assert_problem(await http.get("/v1/calls", headers={"Authorization": wrong}), 401)
    token = {"Authorization": f"Bearer {OPERATOR.get_secret_value()}"}
    assert (await http.get("/v1/calls", headers=token)).json() == [
        {"call_id": call_id, "state": "talking"}
    ]
    await switchboard.hang_up(call_id, "done")


async def test_without_a_configured_token_nobody_is_an_operator(
    switchboard: LegSwitchboard,
) -> None:
    async with (
        listening(create_app(switchboard), HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False) as http,
    ):
        for token in ("", "Bearer", "Bearer None"):
            assert_problem(await http.get("/v1/calls", headers={"Authorization": token}), 401)
