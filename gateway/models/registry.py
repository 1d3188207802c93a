"""Which models are in use: those that ship, or others that were put in their place.

Others are kept in a folder of the user's, a folder for each version, with the list of their hashes
beside it (`sha256sum --check` reads it). Which one is in use says `switches.jsonl`, to which a line
is added for each switch; the last one that was not taken back counts. A running gateway looks at
that file (`gateway.models.active`).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

from gateway.models import trial
from gateway.models.installed import (
    LIVENESS,
    ModelError,
    Models,
    Progress,
    alone,
    hashes,
    liveness_folder,
    liveness_model,
    quiet,
    spacy_model,
    verify,
    whisper_folder,
)
from gateway.models.pins import Pins
from gateway.models.records import (
    EXCHANGED,
    NAMEABLE,
    PACKAGED,
    SPACY,
    WHISPER,
    Installed,
    Role,
    described,
    packaged,
)

_MOST_FILES: Final = 1_000
"""A folder with more is not a model's."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One line of the list."""

    at: str
    role: Role
    act: Literal["use", "rollback"]
    version: str
    sha256: str


class Registry:
    """The models that can be used, and those that are.

    Args:
        folder: where models are kept that take the place of others; made when the first one comes.
        recogniser: the recogniser while none was put in its place: see `whisper_folder`.
    """

    def __init__(self, folder: Path, recogniser: str = "base") -> None:
        self.folder = folder
        self._recogniser = recogniser
        self._switches = folder / "switches.jsonl"

    def stamp(self) -> tuple[int, ...] | None:
        """Return what changes with every switch."""
        try:
            found = self._switches.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            return (error.errno or 0,)
        return found.st_ino, found.st_size, found.st_mtime_ns

    def models(self, language: str, *, liveness: bool, progress: Progress = quiet) -> Models:
        """Return what is in use, for workers to load.

        Args:
            language: what callers speak.
            liveness: whether voices are scored.
            progress: told of what takes time.

        Raises:
            ModelError: when a model is not there, or is not what it must be.
        """
        whisper = self.in_use(Role.RECOGNISER, progress)
        spacy = self.in_use(Role.NAMES, progress)
        voice = self.in_use(Role.LIVENESS, progress) if liveness else None
        used = [whisper, spacy, voice, *map(packaged, PACKAGED)]
        return Models(
            whisper.folder,
            spacy.folder,
            language,
            liveness_model(voice.folder) if voice else None,
            {str(found.record.role): found.record.id for found in used if found},
        )

    def in_use(self, role: Role, progress: Progress = quiet) -> Installed:
        """Return the model that decides.

        Raises:
            ModelError: when it is not there, is not what it must be, or not what it was when it
                was put in its place.
        """
        chosen = self._chosen(role)
        return self._as_chosen(role, chosen[-1] if chosen else None, progress)

    def version(self, role: Role) -> str:
        """Return the version that is in use."""
        chosen = self._chosen(role)
        return chosen[-1].version if chosen else self._shipped(role)[0]

    def versions(self, role: Role) -> list[str]:
        """Return the versions that can be used, those that ship first.

        Raises:
            ModelError: when the one that ships is not there.
        """
        kept = self.folder / role
        own = sorted(path.name for path in kept.glob("*") if path.is_dir())
        named = (version for version in own if NAMEABLE.fullmatch(version))
        return list(dict.fromkeys([*self._shipped(role), *named]))

    def installed(self, role: Role, version: str, progress: Progress = quiet) -> Installed:
        """Return a model by its version.

        Raises:
            ModelError: when it is not there, or is not what it must be.
        """
        if role is Role.LIVENESS and version in self._shipped(role):
            return _shipped_liveness()
        own = self.folder / role / version
        if NAMEABLE.fullmatch(version) and own.is_dir():
            pins = _pins(own)
            remedy = "remove its folder and use it again from where it came from"
            verify(f"{role}-{version}", own, pins, progress, remedy)
            return Installed(replace(described(role, own, pins), version=version), own, pins)
        if role in PACKAGED and (found := packaged(role)):
            return found
        if role is Role.NAMES and version == SPACY[0].version:
            return Installed(SPACY[0], spacy_model(progress), SPACY[1])
        if role is Role.RECOGNISER:
            folder = whisper_folder(version, progress)
            if version in WHISPER:
                return Installed(WHISPER[version][0], folder, WHISPER[version][1])
            pins = hashes(
                f"whisper-{folder.name}", folder, _files(folder), progress, "name another"
            )
            record = described(role, folder, pins)
            if not Path(version).expanduser().is_dir():  # a hub's name, whose folder is a commit's
                record = replace(record, version=version)
            return Installed(record, folder, pins)
        there = ", ".join(self.versions(role))
        raise ModelError(f"there is no {role} {version}: must be {there}, or a folder")

    def use(self, role: Role, what: str, language: str, progress: Progress = quiet) -> Installed:
        """Put a version, or the model in a folder, in the place of what is in use.

        It is tried first. A folder is copied; what becomes of the original makes no difference.

        Raises:
            ModelError: when it cannot be used; then nothing has changed.
        """
        if role not in EXCHANGED:
            raise ModelError(
                f"{role} is compiled into the package {PACKAGED[role][0]}: another version comes"
                " with another version of the package"
            )
        with self._alone():
            source = Path(what).expanduser()
            if what not in self.versions(role) and source.is_dir():
                version = self._bring(role, source, language, progress)
            else:
                version = what
                self._try(self.installed(role, version, progress), language)
            found = self.installed(role, version, progress)
            self._note(role, "use", version, found)
        return found

    def rollback(self, role: Role, progress: Progress = quiet) -> Installed:
        """Put back what was in use before.

        Raises:
            ModelError: when there is nothing before, or it cannot be used any more; then nothing
                has changed.
        """
        with self._alone():
            chosen = self._chosen(role)
            if not chosen:
                raise ModelError(f"{role}: nothing was put in the place of what ships")
            found = self._as_chosen(role, chosen[-2] if len(chosen) > 1 else None, progress)
            self._note(role, "rollback", found.record.version, found)
        return found

    def keep_shipped(self) -> None:
        """Keep a copy of the liveness model that ships, to be put back after an upgrade.

        The others that ship are other packages, which stay or go by themselves.

        Raises:
            ModelError: when it cannot be copied.
        """
        shipped = _shipped_liveness()
        with self._alone():
            if not (self.folder / Role.LIVENESS / shipped.record.version).exists():
                with self._copied(Role.LIVENESS, shipped.folder, LIVENESS) as partial:
                    self._keep(replace(shipped, folder=partial))

    def _shipped(self, role: Role) -> list[str]:
        match role:
            case Role.RECOGNISER:
                return list(dict.fromkeys([self._recogniser, *WHISPER]))
            case Role.NAMES:
                return [SPACY[0].version]
            case Role.LIVENESS:
                return [_shipped_liveness().record.version]
            case _:
                found = packaged(role)
                return [found.record.version] if found else []

    def _as_chosen(self, role: Role, chosen: Switch | None, progress: Progress) -> Installed:
        if chosen is None:
            return self.installed(role, self._shipped(role)[0], progress)
        found = self.installed(role, chosen.version, progress)
        if found.record.sha256 != chosen.sha256:
            raise ModelError(
                f"{role} {chosen.version} is not the one that was put in use on {chosen.at}:"
                " use it again, or another"
            )
        return found

    # The list of switches.

    def _chosen(self, role: Role) -> list[Switch]:
        """Return what was put in use and not taken back, the last one last."""
        try:
            lines = self._switches.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ModelError(f"{self._switches}: cannot be read ({error.strerror})") from None
        chosen: list[Switch] = []
        for number, line in enumerate(lines, 1):
            try:
                given = json.loads(line)
                switch = Switch(**given | {"role": Role(given["role"])})
            except (ValueError, LookupError, TypeError, RecursionError):
                raise ModelError(f"{self._switches}, line {number}: is no switch") from None
            if switch.role is not role:
                continue
            if switch.act == "use":
                chosen.append(switch)
            elif chosen:
                chosen.pop()
        return chosen

    def _note(
        self, role: Role, act: Literal["use", "rollback"], version: str, found: Installed
    ) -> None:
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        switch = Switch(at, role, act, version, found.record.sha256)
        try:
            with self._switches.open("ab") as file:
                file.write(json.dumps(asdict(switch)).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ModelError(f"{self._switches}: cannot be written ({error.strerror})") from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = self.folder / ".lock"
            lock.touch()
        except OSError as error:
            raise ModelError(f"{self.folder}: cannot be written ({error.strerror})") from None
        with alone(lock):
            yield

    # Models of the user's own.

    def _bring(self, role: Role, source: Path, language: str, progress: Progress) -> str:
        """Copy a model to where it is kept, and try it before it is there; return its version."""
        names = list(LIVENESS) if role is Role.LIVENESS else _files(source)
        with self._copied(role, source, names) as partial:
            pins = hashes(f"{role}-new", partial, names, progress, "name another folder")
            new = Installed(described(role, partial, pins), partial, pins)
            version = new.record.version
            if version not in self.versions(role):
                try:
                    self._try(new, language)
                except ModelError as error:
                    # The copy is gone when this is read.
                    raise ModelError(str(error).replace(str(partial), str(source))) from None
                self._keep(new)
            elif self.installed(role, version, progress).record.sha256 != new.record.sha256:
                raise ModelError(
                    f"{role} {version} is there already, with other files: give this one another"
                    " version"
                )
        return version

    @contextmanager
    def _copied(self, role: Role, source: Path, names: Iterable[str]) -> Iterator[Path]:
        """Copy files to a folder that is gone afterwards, unless it was kept."""
        home = self.folder / role
        try:
            home.mkdir(mode=0o700, exist_ok=True)
            for left in home.glob(".*"):  # of a copy that was killed
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=".", dir=home) as temporary:
                partial = Path(temporary) / source.resolve().name
                for name in names:
                    (partial / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source / name, partial / name)
                yield partial
        except OSError as error:
            where = error.filename or source
            raise ModelError(f"{where}: cannot be copied ({error.strerror})") from None

    def _keep(self, copied: Installed) -> None:
        there = self.folder / copied.record.role / copied.record.version
        listed = (f"{pin}  {there.name}/{name}\n" for name, pin in sorted(copied.pins.items()))
        _list_of(there).write_text("".join(listed), encoding="utf-8")
        copied.folder.rename(there)

    def _try(self, found: Installed, language: str) -> None:
        """Load a model, and have it decide on a recording."""
        role, folder = found.record.role, found.folder
        if role is Role.LIVENESS:
            trial.score(liveness_model(folder), folder)
            return
        if role is Role.RECOGNISER:
            whisper_folder(str(folder))  # says what is missing
        whisper = folder if role is Role.RECOGNISER else self.in_use(Role.RECOGNISER).folder
        spacy = folder if role is Role.NAMES else self.in_use(Role.NAMES).folder
        trial.hear(Models(whisper, spacy, language))


def _shipped_liveness() -> Installed:
    folder = liveness_folder()
    pins = hashes("liveness", folder, LIVENESS, quiet, "reinstall Hushgate")
    return Installed(described(Role.LIVENESS, folder, pins), folder, pins)


def _files(folder: Path) -> list[str]:
    """Return the files in a folder of a model, by their paths in it.

    Raises:
        ModelError: when it is no folder of a model.
    """
    found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    if not found or len(found) > _MOST_FILES or not all(name.isprintable() for name in found):
        raise ModelError(f"{folder} is not the folder of a model")
    return found


def _list_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.sha256")


def _pins(folder: Path) -> Pins:
    """Read the list of hashes beside a folder."""
    listed = _list_of(folder)
    try:
        lines = listed.read_text(encoding="utf-8").splitlines()
        pairs = [line.split(f"  {folder.name}/", 1) for line in lines]
        pins = {name: pin for pin, name in pairs}
    except (OSError, ValueError):
        pins = {}
    if not pins:
        raise ModelError(f"{listed}: is no list of SHA-256 hashes")
    return pins
