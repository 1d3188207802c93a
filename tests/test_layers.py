"""The two layers: media/ is pure, gateway/ moves samples and does not compute with them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MEDIA = sorted((ROOT / "media").rglob("*.py"))
GATEWAY = [p for p in sorted((ROOT / "gateway").rglob("*.py")) if p.parent.name != "bench"]
"""Without the benchmarks, which measure what came out."""

IMPURE = {
    "asyncio", "concurrent", "datetime", "gateway", "glob", "http", "io", "logging",
    "multiprocessing", "os", "pathlib", "random", "requests", "secrets", "select", "selectors",
    "shutil", "signal", "socket", "ssl", "structlog", "subprocess", "tempfile", "threading", "time",
    "urllib", "wave", "websockets",
}  # fmt: skip
"""I/O, the clock, threads, chance, and the other layer."""

MOVERS = {
    "gateway/agents/reference.py",
    "gateway/demo.py",
    "gateway/passage.py",
    "gateway/recordings.py",
    "gateway/report.py",
    "gateway/scan.py",
    "gateway/step_up.py",
    "gateway/webrtc/client.py",
    "gateway/webrtc/coding.py",
    "gateway/webrtc/inbox.py",
    "gateway/webrtc/opus.py",
    "gateway/webrtc/picture.py",
    "gateway/webrtc/sound.py",
}
"""The modules of the gateway that have samples or pixels in hand, to join and to cut."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Return the full names of what a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: imports here are absolute"
            found.add(node.module or "")
    return found


def calls(path: Path) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize("path", MEDIA, ids=name)
def test_media_does_no_io_and_knows_no_clock_and_no_gateway(path: Path) -> None:
    assert {full.partition(".")[0] for full in imports(path)} & IMPURE == set()
    assert calls(path) & {"open", "print", "input", "exec", "eval", "__import__"} == set()


@pytest.mark.parametrize("path", GATEWAY, ids=name)
def test_only_what_moves_samples_has_numpy(path: Path) -> None:
    assert ("numpy" in {full.partition(".")[0] for full in imports(path)}) <= (name(path) in MOVERS)


@pytest.mark.parametrize("path", GATEWAY, ids=name)
def test_the_gateway_does_no_signal_processing(path: Path) -> None:
    processing = {"numpy.fft", "scipy", "soxr", "webrtcvad", "librosa"}
    assert not any(
        full == p or full.startswith(p + ".") for full in imports(path) for p in processing
    )
    source = path.read_text(encoding="utf-8")
    assert "np.fft" not in source
    assert "np.convolve" not in source


def test_the_list_of_movers_is_up_to_date() -> None:
    with_numpy = {name(p) for p in GATEWAY if "numpy" in imports(p)}
    assert with_numpy >= MOVERS
