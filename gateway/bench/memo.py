"""What does not depend on the gate is worked out once: stock recognition of the same sound.

The key is what goes in: the sound, what is asked of it, and the code and packages that answer. So
nothing is ever out of date. Answers have the words that were heard, as the corpus itself does.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter

from media.audio import Pcm

PACKAGES: Final = ("faster-whisper", "ctranslate2", "presidio-analyzer", "spacy")

T = TypeVar("T")


class Memo(Generic[T]):
    """Answers of type T in `folder`, which is made if need be; several processes may share it.

    `sources` are the files of the code that answers.
    """

    def __init__(self, folder: Path, answers: TypeAdapter[T], *sources: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._answers = answers
        code = hashlib.sha256(b"\0".join(Path(source).read_bytes() for source in sources))
        self._by = [code.hexdigest(), *map(version, PACKAGES)]

    def __call__(self, asked: list[str], pcm: Pcm, answer: Callable[[], T]) -> T:
        """Return what is `asked` of `pcm`, from the folder or worked out now."""
        key = hashlib.sha256(json.dumps([self._by, asked]).encode() + pcm.tobytes())
        path = self._folder / f"{key.hexdigest()}.json"
        try:
            return self._answers.validate_json(path.read_bytes())
        except (OSError, ValueError):  # not there, or not whole
            found = answer()
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(self._answers.dump_json(found))
        partial.replace(path)
        return found
