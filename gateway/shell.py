"""Around every HTTP answer: security headers, and what an exception becomes."""

from __future__ import annotations

from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problem import ProblemError

_SECURITY_HEADERS: Final = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        b"connect-src 'self'; media-src 'self' blob:; font-src 'self'; base-uri 'none'; "
        b"form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(self), microphone=(self)"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

_TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
"""A year during which browsers come back by TLS only (RFC 6797, which wants it over TLS alone)."""

log = structlog.get_logger()


class Shell:
    """ASGI middleware: security headers on every answer; an exception becomes a bare 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        headers = [*_SECURITY_HEADERS, *[_TLS_ONLY] * (scope["scheme"] == "https")]

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as exc:
            # Neither message nor traceback: either could carry what a caller said.
            log.error("request failed", method=scope["method"], error=type(exc).__name__)
            if not started:
                problem = ProblemError(500, "internal", "Something went wrong in the gateway.")
                await problem.response()(scope, receive, send_with_headers)
