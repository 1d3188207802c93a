"""Where the recordings that ship with Hushgate are: in the package, or in a source checkout."""

from __future__ import annotations

from pathlib import Path


def audio(folder: str) -> Path:
    """Return a folder of `fixtures/audio`, such as `prompts/en`."""
    installed = Path(__file__).parent / "audio"
    root = installed if installed.is_dir() else Path(__file__).parents[1] / "fixtures" / "audio"
    return root / folder
