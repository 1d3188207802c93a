"""Where the HTTP face listens: TLS or loopback only, started and stopped in good order."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.schema import is_loopback

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2 those with forward secrecy and authenticated encryption (RFC 9325, 4.2); all suites of
TLS 1.3 have both."""

ASKED_WITHIN: Final = 10.0
"""Seconds that a connection may take to ask for something: for its first request, or the next."""

_DRAIN: Final = 3  # seconds that open requests get at shutdown

log = structlog.get_logger()


class InsecureBindError(ValueError):
    """Without TLS the gateway listens on loopback only."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where to listen. `port` 0 takes a free one; both files or none for TLS."""

    host: str = "127.0.0.1"
    port: int = 8080
    certificate: Path | None = None
    private_key: Path | None = None

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.private_key is None):
            raise ValueError("TLS needs both a certificate and a private key file.")
        if self.certificate is None and not is_loopback(self.host):
            raise InsecureBindError(
                f"Without TLS the gateway listens on loopback only, not on {self.host}: give a "
                "certificate and a private key, or listen on 127.0.0.1."
            )

    @property
    def scheme(self) -> str:
        """The URL scheme."""
        return "http" if self.certificate is None else "https"


class _Connection(H11Protocol):
    """An HTTP connection that is closed when no request comes.

    Upstream waits for ever, for the first byte and for the rest of a header (OWASP ASVS 5.0,
    17.3.1; Kludex/uvicorn#157): its own timeout is for the first byte of the next request only.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(True)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._wait(False)

    def on_response_complete(self) -> None:
        self._wait(True)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(False)
        super().connection_lost(exc)

    def _wait(self, waits: bool) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = self.loop.call_later(ASKED_WITHIN, self.transport.close) if waits else None


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def bound(settings: HttpSettings) -> socket.socket:
    """Take the address, without answering at it yet: who connects is refused.

    Raises:
        OSError: the address is in use, or is none of this machine.
    """
    six = ":" in settings.host
    taken = socket.socket(socket.AF_INET6 if six else socket.AF_INET)
    where = (settings.host, settings.port)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if six:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        taken.bind(where)
    except OSError as error:
        taken.close()
        raise OSError(error.errno, f"{error.strerror} {where}") from None
    return taken


@asynccontextmanager
async def listening(
    app: Starlette, settings: HttpSettings, address: socket.socket | None = None
) -> AsyncIterator[str]:
    """Serve within the block; yields the base URL ("http://127.0.0.1:8080").

    `address` is what `bound` has taken, if that was done before. At the end open event streams are
    ended, requests drained, and every caller leg is closed.

    Raises:
        OSError: the address cannot be bound, or a certificate file cannot be read.
    """
    config = uvicorn.Config(
        app,
        http=_Connection,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.private_key,
        ssl_ciphers=_CIPHERS,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=_DRAIN,
    )
    config.load()  # reads the certificate: before anything listens
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
        config.ssl.options |= ssl.OP_NO_RENEGOTIATION
    listener = address or bound(settings)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.01)
        if task.done():
            raise OSError("The HTTP server did not start.")
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        yield f"{settings.scheme}://{host}:{listener.getsockname()[1]}"
    finally:
        app.state.stopping.set()
        server.should_exit = True
        await task
        listener.close()


async def serve(
    app: Starlette,
    settings: HttpSettings,
    address: socket.socket,
    drain: Callable[[], Coroutine[Any, Any, None]],
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until SIGINT or SIGTERM and on until `drain` is done, then shut down gracefully.

    `address` is what `bound` has taken. A second signal ends the draining. `tell` is given the base
    URL.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with listening(app, settings, address) as url:
            log.info("listening", url=url)
            tell(url)
            await stop.wait()
            stop.clear()
            log.info("draining")
            draining, again = asyncio.create_task(drain()), asyncio.create_task(stop.wait())
            await asyncio.wait((draining, again), return_when=asyncio.FIRST_COMPLETED)
            for task in (draining, again):
                task.cancel()
            log.info("shutting down")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
