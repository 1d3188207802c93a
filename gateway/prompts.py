"""The spoken prompts: recorded ahead, named by id, with the words and the hash of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from gateway import consent
from gateway.recordings import RecordingError, read_mono
from media.audio import Pcm, level_dbfs

QUIETEST_DBFS: Final = -45.0
"""A prompt below this level would not be heard."""

NEEDED: Final = (
    "agent_lost",
    "hand_off",
    consent.FIRST_PROMPT,
    *sorted({prompt for _, prompt in consent.TABLE.values()}),
)


class PromptError(ValueError):
    """A prompt is missing, unreadable or too quiet; the message names the file."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is played, what it says, and the SHA-256 of its file."""

    id: str
    text: str
    pcm: Pcm
    sha256: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts of one language, and the version of their script."""

    language: str
    version: str
    by_id: dict[str, Prompt]

    def __getitem__(self, prompt_id: str) -> Prompt:
        return self.by_id[prompt_id]


def load(folder: Path) -> Prompts:
    """Read `prompts.yaml` and the recordings that it names.

    Raises:
        PromptError: when one that a call needs is missing, unreadable or too quiet.
    """
    index = folder / "prompts.yaml"
    try:
        listed = yaml.safe_load(index.read_text(encoding="utf-8"))
        files = {p["id"]: (folder / p["file"], str(p["text"])) for p in listed["prompts"]}
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise PromptError(f"{index}: not a list of prompts ({type(error).__name__})") from None
    prompts: dict[str, Prompt] = {}
    for prompt_id in NEEDED:
        if prompt_id not in files:
            raise PromptError(f"{index}: the prompt {prompt_id!r} is missing")
        path, text = files[prompt_id]
        try:
            pcm = read_mono(path)
        except RecordingError as error:
            raise PromptError(str(error)) from None
        if level_dbfs(pcm) < QUIETEST_DBFS:
            raise PromptError(f"{path}: too quiet to be heard ({level_dbfs(pcm):.0f} dBFS)")
        prompts[prompt_id] = Prompt(
            prompt_id, text, pcm, hashlib.sha256(path.read_bytes()).hexdigest()
        )
    return Prompts(str(listed.get("language", "")), str(listed.get("version", "")), prompts)
