"""File descriptors: as many as the system gives, and no new call when they run out.

What a call may need once it is on (a hand-off, a file, another worker) must be there for it.
"""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Final

RESERVE: Final = 64
"""What is left for the calls that are on."""


def raise_limit() -> None:
    """Allow this process as many as the system lets it have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def scarce() -> bool:
    """Tell whether fewer than `RESERVE` are left."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        used = len(list(Path("/dev/fd").iterdir()))
    except OSError:  # not even one to look with
        return True
    return soft != resource.RLIM_INFINITY and soft - used < RESERVE
