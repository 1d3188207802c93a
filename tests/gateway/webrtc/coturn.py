"""A real TURN server, coturn, on loopback."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

SECRET = "what coturn and the gateway share"

needs_coturn = pytest.mark.skipif(
    shutil.which("turnserver") is None, reason="needs coturn (apt-get install coturn)"
)


@asynccontextmanager
async def coturn(folder: Path, *options: str, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """Run coturn within the block, with the secret; yields its port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as free:
        port = free.getsockname()[1]
    with (folder / "coturn.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "turnserver",
            *options,
            f"--listening-ip={host}",
            f"--relay-ip={host}",
            f"--listening-port={port}",
            f"--static-auth-secret={SECRET}",
            "--use-auth-secret",
            "--realm=hushgate",
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--log-file=stdout",
            f"--pidfile={folder / 'coturn.pid'}",
            f"--userdb={folder / 'coturn.db'}",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection(host, port)
                except OSError:
                    assert process.returncode is None, (folder / "coturn.log").read_text()
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    break
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
