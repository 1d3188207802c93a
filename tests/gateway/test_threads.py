"""One thread a recognition run, whatever imports the gateway, unless the user says otherwise."""

import os
import subprocess
import sys

import pytest

SHOW = (
    "import sys, gateway, os; print(os.environ['OMP_NUM_THREADS'],"
    " *{'numpy', 'ctranslate2', 'onnxruntime', 'av'} & set(sys.modules))"
)


@pytest.mark.parametrize(("set_to", "seen"), [(None, "1"), ("3", "3")])
def test_openmp_is_told_before_anything_loads_it(set_to: str | None, seen: str) -> None:
    others = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    env = others if set_to is None else {**others, "OMP_NUM_THREADS": set_to}
    shown = subprocess.run([sys.executable, "-c", SHOW], env=env, capture_output=True, text=True)
    assert shown.stdout.split() == [seen]
