"""What is kept of a call beside the ledger: its recording and its transcript.

Both hold only what was let through: the sound as the agent heard it, and masked words. Each is
opened by a consent of its own, and erased when that is withdrawn.
"""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import asdict
from pathlib import Path
from typing import IO, Final

from gateway.consent import Purpose
from gateway.events import Transcript
from gateway.recordings import WavWriter
from media.clearance import Release

KEPT: Final = {Purpose.RECORD: ".wav", Purpose.TRANSCRIBE: ".jsonl"}
"""What is kept for which purpose: the recording (16 kHz mono), the transcript (a line a turn)."""


class KeepingError(Exception):
    """Something could not be kept or erased. The message names the file, never what is in it."""


class Keeper:
    """Keep one call's recording and transcript in `folder`, as far as consent goes.

    Every use may wait for the disk (milliseconds): from a coroutine, call it in a thread.
    """

    def __init__(self, folder: Path, call_id: str) -> None:
        self._base = folder / call_id
        self._recording: WavWriter | None = None
        self._transcript: IO[str] | None = None

    def open(self, purposes: Set[Purpose]) -> None:
        """Begin to keep what these purposes open.

        Raises:
            KeepingError: when a file cannot be made.
        """
        try:
            if purposes & KEPT.keys():
                self._base.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if Purpose.RECORD in purposes and self._recording is None:
                self._recording = WavWriter(self._file(Purpose.RECORD))
            if Purpose.TRANSCRIBE in purposes and self._transcript is None:
                self._transcript = self._file(Purpose.TRANSCRIBE).open("w", encoding="utf-8")
        except OSError as error:
            raise self._failed("kept", error) from None

    def add(self, what: Release | Transcript) -> None:
        """Append sound that was released, or masked words.

        Raises:
            KeepingError: when the disk is full or fails.
        """
        try:
            if isinstance(what, Transcript):
                if self._transcript is not None:
                    self._transcript.write(json.dumps(asdict(what), ensure_ascii=False) + "\n")
                    self._transcript.flush()
            elif self._recording is not None:
                self._recording.write(what.pcm)
        except OSError as error:
            raise self._failed("kept", error) from None

    def erase(self, purposes: Set[Purpose]) -> list[Purpose]:
        """Delete what was kept for these purposes, and keep no more; return what there was of it.

        Raises:
            KeepingError: when a file is there and cannot be deleted.
        """
        erased = []
        for purpose in (p for p in KEPT if p in purposes):
            self._stop(purpose)
            try:
                self._file(purpose).unlink()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise self._failed("erased", error) from None
            erased.append(purpose)
        return erased

    def close(self) -> None:
        """Finish the files."""
        for purpose in KEPT:
            self._stop(purpose)

    def _stop(self, purpose: Purpose) -> None:
        if purpose is Purpose.RECORD and self._recording is not None:
            self._recording.close()
            self._recording = None
        if purpose is Purpose.TRANSCRIBE and self._transcript is not None:
            self._transcript.close()
            self._transcript = None

    def _file(self, purpose: Purpose) -> Path:
        return self._base.with_name(self._base.name + KEPT[purpose])

    def _failed(self, what: str, error: OSError) -> KeepingError:
        return KeepingError(f"{self._base.parent}: the call is not {what} ({error.strerror})")
