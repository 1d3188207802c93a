"""What is kept of a call beside the ledger: its recording and its transcript.

Both hold only what was let through: the sound as the agent heard it, and masked words. Each is
opened by a consent of its own, and erased when that is withdrawn.
"""

from __future__ import annotations

import json
from collections.abc import Set
from contextlib import suppress
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
        self._closed = False

    def open(self, purposes: Set[Purpose]) -> None:
        """Begin to keep what these purposes open; nothing once it is closed.

        Raises:
            KeepingError: when a file cannot be made.
        """
        if self._closed:
            return
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
        """Finish the files; what is in them can still be erased."""
        self._closed = True
        for purpose in KEPT:
            self._stop(purpose)

    def _stop(self, purpose: Purpose) -> None:
        file: WavWriter | IO[str] | None
        if purpose is Purpose.RECORD:
            file, self._recording = self._recording, None
        else:
            file, self._transcript = self._transcript, None
        if file is not None:
            with suppress(OSError):  # what the disk did not take was told by `add`
                file.close()

    def _file(self, purpose: Purpose) -> Path:
        return self._base.with_name(self._base.name + KEPT[purpose])

    def _failed(self, what: str, error: OSError) -> KeepingError:
        return KeepingError(f"{self._base.parent}: the call is not {what} ({error.strerror})")
