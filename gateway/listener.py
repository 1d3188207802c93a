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

from gateway.schema import is_loopback

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2 those with forward secrecy and authenticated encryption (RFC 9325, 4.2); all suites of
TLS 1.3 have both."""

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


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def listening(app: Starlette, settings: HttpSettings) -> AsyncIterator[str]:
    """Serve within the block; yields the base URL ("http://127.0.0.1:8080").

    At its end open event streams are ended, requests drained, and every caller leg is closed.

    Raises:
        OSError: the address cannot be bound, or a certificate file cannot be read.
    """
    config = uvicorn.Config(
        app,
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
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.create_server(
        (settings.host, settings.port), family=family, backlog=config.backlog
    )
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
    drain: Callable[[], Coroutine[Any, Any, None]],
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until SIGINT or SIGTERM and on until `drain` is done, then shut down gracefully.

    A second signal ends the draining. `tell` is given the base URL.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with listening(app, settings) as url:
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
