"""STUN and TURN servers: what the gateway and its callers need to use them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aiortc import RTCIceServer

from media.audio import Seconds

if TYPE_CHECKING:
    from gateway.schema import IceServer


class IceServers:
    """The servers of section `webrtc`, with fresh credentials for each call.

    Where server and gateway share a secret, credentials end by themselves, after the REST API of
    draft-uberti-behave-turn-rest-00: the user name is the second at which they do and whom they are
    for, the password is its HMAC-SHA1. `clock` tells Unix time.
    """

    def __init__(
        self, servers: Sequence[IceServer] = (), clock: Callable[[], Seconds] = time.time
    ) -> None:
        self._servers = servers
        self._clock = clock

    def own(self, call_id: str) -> list[RTCIceServer]:
        """Return the servers that the gateway uses itself."""
        return [self._for(server, "gateway", call_id) for server in self._servers]

    def links(self, call_id: str) -> str:
        """Return a `Link` header that tells the caller's browser of them (RFC 9725, 4.6).

        It is empty when there is none. Credentials that do not end by themselves are not given out.
        """
        links = []
        for server in self._servers:
            if server.credential is not None:
                continue
            known = self._for(server, "caller", call_id)
            password = ""
            if known.credential is not None:
                password = f'; username="{known.username}"; credential="{known.credential}"'
                password += '; credential-type="password"'
            links += [f'<{url}>; rel="ice-server"{password}' for url in known.urls]
        return ", ".join(links)

    def _for(self, server: IceServer, who: str, call_id: str) -> RTCIceServer:
        if server.secret is None:
            fixed = server.credential
            password = None if fixed is None else fixed.get_secret_value()
            return RTCIceServer(server.urls, server.username, password)
        # Not the id: who knows that may end the call, and user names are in the server's log.
        call = hashlib.sha256(call_id.encode()).hexdigest()[:16]
        username = f"{int(self._clock()) + server.ttl_s}:{who}-{call}"
        key = server.secret.get_secret_value().encode()
        mac = hmac.digest(key, username.encode(), "sha1")
        return RTCIceServer(server.urls, username, base64.b64encode(mac).decode())
