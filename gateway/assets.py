"""Where the files that ship with Hushgate are: in the package, or in a source checkout."""

from __future__ import annotations

from pathlib import Path


def audio(folder: str) -> Path:
    """Return a folder of `fixtures/audio`, such as `prompts/en`."""
    return _fixtures() / "audio" / folder


def scripts() -> Path:
    """Return the folder of the consent scripts, `fixtures/consent`."""
    return _fixtures() / "consent"


def _fixtures() -> Path:
    installed = Path(__file__).parent / "fixtures"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "fixtures"
