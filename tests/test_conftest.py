"""A test of a call is run again if its machine stood still, and only then."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TEST = """
import os, signal, subprocess
from pathlib import Path

def test_a_call():
    runs = Path("runs")
    count = len(runs.read_text()) if runs.exists() else 0
    runs.write_text("x" * (count + 1))
    if {stands_still}:
        subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -CONT {{os.getpid()}}"])
        os.kill(os.getpid(), signal.SIGSTOP)
    assert count >= {fails}
"""


@pytest.mark.parametrize(
    ("stands_still", "fails", "outcomes"),
    [
        (True, 1, {"passed": 1, "rerun": 1}),
        (True, 9, {"failed": 1, "rerun": 2}),
        (False, 1, {"failed": 1}),
    ],
    ids=["stands still once", "stands still always", "fails by itself"],
)
def test_only_what_a_machine_that_stood_still_may_have_caused_is_run_again(
    pytester: pytest.Pytester, stands_still: bool, fails: int, outcomes: dict[str, int]
) -> None:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    pytester.makeini("[pytest]\nreruns = 2\nonly_rerun = StoodStillError\n")
    pytester.makepyfile(TEST.format(stands_still=stands_still, fails=fails))
    assert pytester.runpytest_subprocess().parseoutcomes() == outcomes
