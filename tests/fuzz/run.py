"""Fuzz the parsers with atheris, guided by coverage: what `make fuzz` does.

    python -m tests.fuzz.run [--seconds 60] [PARSER …]

Each parser gets a process, as many at a time as there are cores. It starts from its corpus in
tests/fuzz/corpus; what it finds to be new coverage stays in .state/fuzz, for the next time. Input
that crashes a parser is put into .state/fuzz/crashes: mend the parser, and commit the input to the
corpus under a name that says what it is. Where atheris cannot go, `pytest tests/fuzz` replays the
corpus and mangles it a little.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = ROOT / "tests" / "fuzz" / "corpus"
STATE: Final = ROOT / ".state" / "fuzz"

_LONGEST_S: Final = 10  # for one input: longer is a crash too
_MOST_MB: Final = 2_048
_INSTRUMENTED: Final = [
    "gateway",
    "media",
    "aiortc.sdp",
    "aiortc.rtp",
    "aioice.candidate",
    "aioice.stun",
    "yaml",
    "jwt",
]


def fuzz_one(name: str, seconds: int) -> None:
    """Fuzz a parser in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzz.parsers import PARSERS

    grown, crashes = STATE / name, STATE / "crashes"
    for folder in (grown, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    options = {
        "max_total_time": seconds,
        "timeout": _LONGEST_S,
        "rss_limit_mb": _MOST_MB,
        "artifact_prefix": f"{crashes}/{name}-",
        "print_final_stats": 1,
        "max_len": 8_192,
    }
    arguments = [f"-{key}={value}" for key, value in options.items()]
    atheris.Setup([name, *arguments, str(grown), str(CORPUS / name)], PARSERS[name])
    atheris.Fuzz()


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz a parser in a process of its own; tell whether it held."""
    command = [sys.executable, "-m", "tests.fuzz.run", "--in-process", name]
    run = subprocess.run(
        [*command, "--seconds", str(seconds)], cwd=ROOT, capture_output=True, text=True
    )
    tried = re.search(r"number_of_executed_units: (\d+)", run.stderr)
    result = f"CRASH ({run.returncode})" if run.returncode else "ok"
    print(f"{name:16}{tried[1] if tried else '?':>10} inputs  {result}", flush=True)  # noqa: T201
    if run.returncode:
        print(run.stderr[-4_000:])  # noqa: T201
    return run.returncode == 0


def main() -> int:
    """Run what the command line says; 1 when a parser did not hold."""
    options = argparse.ArgumentParser(description="Fuzz the parsers.")
    options.add_argument("parsers", nargs="*")
    options.add_argument("--seconds", type=int, default=60, help="for each parser")
    options.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.in_process:
        fuzz_one(given.parsers[0], given.seconds)
    if importlib.util.find_spec("atheris") is None:
        print("atheris is missing: it has wheels for Linux on x86-64 only")  # noqa: T201
        return 1
    names = given.parsers or sorted(folder.name for folder in CORPUS.iterdir())
    with ThreadPoolExecutor(os.cpu_count()) as several:
        held = list(several.map(lambda name: fuzz(name, given.seconds), names))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
