"""Nothing phones out: a recording is inspected where no network is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import AUDIO

HUSHGATE = Path(sys.executable).parent / "hushgate"

# Loaded by Python before anything of ours: whoever tries to reach anybody is ended on the spot.
NO_NETWORK = """
import os, socket, sys

def refuse(*args, **kwargs):
    sys.stderr.write("NETWORK USED\\n")
    os._exit(99)

socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
"""


def scan(folder: Path, before: list[str], **environment: str) -> dict[str, object]:
    done = subprocess.run(
        [*before, HUSHGATE, "scan", AUDIO / "calls" / "spelled_name.wav", "-o", folder, "--json"],
        env={**os.environ, "HUSHGATE_ASR__MODEL": "tiny.en", **environment},
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


@pytest.mark.model
def test_a_scan_runs_with_sockets_forbidden(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    probe = "import socket; socket.create_connection(('127.0.0.1', 9))"
    forbidden = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", probe], env=forbidden).returncode == 99
    result = scan(tmp_path, [], PYTHONPATH=str(tmp_path))
    assert result["words"]


@pytest.mark.model
def test_a_scan_runs_in_a_namespace_without_network(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], capture_output=True).returncode:
        pytest.skip("a network namespace of one's own takes root and unshare")
    assert scan(tmp_path, [unshare, "-n"])["words"]
