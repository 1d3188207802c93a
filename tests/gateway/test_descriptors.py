import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.descriptors import RESERVE, raise_limit, scarce

LIMIT = resource.RLIMIT_NOFILE


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    before = resource.getrlimit(LIMIT)
    yield
    resource.setrlimit(LIMIT, before)


def test_few_are_left_below_the_reserve() -> None:
    used = len(list(Path("/dev/fd").iterdir()))
    _, hard = resource.getrlimit(LIMIT)
    assert not scarce()
    resource.setrlimit(LIMIT, (used + RESERVE - 5, hard))
    assert scarce()
    resource.setrlimit(LIMIT, (used + RESERVE + 5, hard))
    assert not scarce()
    resource.setrlimit(LIMIT, (3, hard))  # not even one to look with
    assert scarce()


def test_as_many_are_taken_as_there_are() -> None:
    _, hard = resource.getrlimit(LIMIT)
    resource.setrlimit(LIMIT, (hard // 2, hard))
    raise_limit()
    assert resource.getrlimit(LIMIT) == (hard, hard)
