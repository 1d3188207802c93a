"""One request: what is sent and read, and that nothing of it goes on for ever."""

import asyncio
import ssl
from pathlib import Path

import pytest

from gateway.request import MOST_BYTES, request
from tests.gateway.certificates import self_signed
from tests.gateway.desk import Asked, Planned, desk


def reflected(asked: Asked) -> Planned:
    told = f"{asked.method} {asked.target} {asked.body}"
    return Planned(203, told, {"X-Told": asked.headers.get("x-tell", "")})


async def test_a_request_brings_a_reply() -> None:
    with desk(reflected) as there:
        reply = await request("POST", f"{there.url}/a?b=1", body="größe", headers={"X-Tell": "x"})
    assert (reply.status, reply.body) == (203, "POST /a?b=1 größe")
    assert reply.headers["x-told"] == "x"


async def test_a_redirect_is_a_reply() -> None:
    with desk(lambda _: Planned(307, headers={"Location": "/b"})) as there:
        assert (await request("GET", there.url)).status == 307
        assert len(there.asked) == 1


async def test_a_reply_is_read_up_to_a_bound() -> None:
    with desk(lambda asked: Planned(200, "x" * (MOST_BYTES + (asked.method == "POST")))) as there:
        assert len((await request("GET", there.url)).body) == MOST_BYTES
        with pytest.raises(OSError, match="too long a reply"):
            await request("POST", there.url)


@pytest.mark.parametrize("spoken", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 abc\r\n\r\n"])
async def test_what_is_no_http_is_an_error(spoken: bytes) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(spoken)
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError):
            await request("GET", f"http://127.0.0.1:{port}/")


async def test_an_address_that_cannot_be_one_is_an_error() -> None:
    with pytest.raises(OSError, match=r"no HTTP \(InvalidURL\)"):
        await request("GET", "http://a b/")


async def test_a_reply_that_trickles_is_given_up_in_time() -> None:
    ended = asyncio.Event()

    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            ended.set()  # the other side has let go

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TimeoutError):
            await request("GET", f"http://127.0.0.1:{port}/", within=0.4)
        await asyncio.wait_for(ended.wait(), 20)


async def test_a_server_is_asked_only_if_its_certificate_is_trusted(tmp_path: Path) -> None:
    there_tls, here_tls = pair(tmp_path)
    with desk(reflected, there_tls) as there:
        assert (await request("GET", there.url, tls=here_tls)).status == 203
        with pytest.raises(ssl.SSLCertVerificationError):
            await request("GET", there.url)
        with pytest.raises(ssl.SSLCertVerificationError, match="localhost"):
            await request("GET", there.url.replace("127.0.0.1", "localhost"), tls=here_tls)
        assert len(there.asked) == 1


def pair(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context for 127.0.0.1, and one that trusts it."""
    certificate, key = self_signed(folder)
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(certificate, key)
    return there, ssl.create_default_context(cafile=str(certificate))
