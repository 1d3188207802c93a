"""One HTTP request to somebody else's server: bounded in time and in what is read."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from media.audio import Seconds

ANSWER_WITHIN: Final[Seconds] = 30.0
"""How long an exchange may take in all."""

MOST_BYTES: Final = 1024 * 1024
"""Of a reply's body; a longer one is an error."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP response, read whole; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: str


async def request(
    method: str,
    url: str,
    *,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    within: Seconds = ANSWER_WITHIN,
) -> Reply:
    """Send one request from a thread; redirects and proxies are not followed.

    Args:
        method: such as POST.
        url: an http or https address.
        body: sent in UTF-8.
        headers: of the request.
        tls: whom to trust; None is the system's certificates.
        within: how long connecting, sending and reading may take in all.

    Raises:
        TimeoutError: it took longer.
        OSError: it could not be sent, or what came back is no HTTP or too long.
    """
    parts = urlsplit(url)
    opened: list[socket.socket] = []
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def work() -> Reply:
        host = parts.hostname or ""
        try:
            with closing(
                http.client.HTTPSConnection(host, parts.port, timeout=within, context=tls)
                if parts.scheme == "https"
                else http.client.HTTPConnection(host, parts.port, timeout=within)
            ) as connection:
                connection.connect()
                opened.append(connection.sock)
                data = None if body is None else body.encode()
                connection.request(method, target, body=data, headers=dict(headers or {}))
                response = connection.getresponse()
                fields = {name.lower(): value for name, value in response.getheaders()}
                read = response.read(MOST_BYTES + 1)
        except http.client.HTTPException as error:
            raise OSError(f"no HTTP ({type(error).__name__})") from None
        if len(read) > MOST_BYTES:
            raise OSError("too long a reply")
        return Reply(response.status, fields, read.decode(errors="replace"))

    try:
        async with asyncio.timeout(within):
            return await asyncio.to_thread(work)
    finally:
        for sock in opened:  # wakes the thread of a request that was given up
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
