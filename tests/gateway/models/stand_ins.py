"""Small files in the place of models, which nobody could decide by."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def detector(folder: Path, version: str = "1", *, network: bytes = b"network", **card: str) -> Path:
    """Write a detector of synthetic voices; `card` alters what its card says."""
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(network)
    known = {"name": "voice", "version": version, "sha256": sha256(network), "licence": "CC0-1.0"}
    (folder / "card.json").write_text(json.dumps(known | card))
    return folder


def recogniser(folder: Path, weights: bytes = b"weights") -> Path:
    """Write a CTranslate2 Whisper model's files."""
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(weights)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_text("{}")
    return folder
