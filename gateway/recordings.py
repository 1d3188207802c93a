"""Recordings in, recordings out: any format that FFmpeg reads, 16 kHz WAV written."""

from __future__ import annotations

import stat
import wave
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from media.audio import RATE, ChannelsResampler, Pcm, from_float


class RecordingError(ValueError):
    """A recording that cannot be used; the message names the file and what is wrong with it."""


class Recording:
    """Read a recording piece by piece, so that hours of it take no more memory than seconds.

    Args:
        path: the file.

    Raises:
        RecordingError: when it is missing, empty, not audio, or has more than two channels.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            status = path.stat()
        except OSError as error:
            why = "no such file" if isinstance(error, FileNotFoundError) else _why(error)
            raise RecordingError(f"{path}: {why}") from None
        if not stat.S_ISREG(status.st_mode):
            raise RecordingError(f"{path}: not a file")
        if status.st_size == 0:
            raise RecordingError(f"{path}: the file is empty (0 bytes)")
        try:
            # A playlist in the guise of a recording could name an address.
            self._container = av.open(str(path), options={"protocol_whitelist": "file"})
        except (av.FFmpegError, OSError, ValueError) as error:
            raise RecordingError(
                f"{path}: not a recording that can be read ({_why(error)})"
            ) from None
        if not self._container.streams.audio:
            raise RecordingError(f"{path}: there is no sound in this file")
        stream = self._container.streams.audio[0]
        if stream.codec_context is None:
            raise RecordingError(f"{path}: the coding of its sound is not known")
        self.channels: int = stream.channels
        self.rate: int = stream.rate or 0
        if not 1 <= self.channels <= 2:
            raise RecordingError(
                f"{path}: {self.channels} channels; one (the caller) or two (caller left, "
                "agent right) can be read"
            )
        if not 1_000 <= self.rate <= 768_000:
            raise RecordingError(f"{path}: a sampling rate of {self.rate} Hz cannot be read")
        seconds = self._container.duration
        self.expected_s = seconds / av.time_base if seconds else None

    def chunks(self) -> Iterator[Pcm]:
        """Yield arrays of shape (channels, n), int16 at 16 kHz.

        Raises:
            RecordingError: when there is no sound in it at all, when it is damaged in the middle,
                when a sample is no number, or when the format changes. What a file that breaks off
                still has is yielded.
        """
        layout = "mono" if self.channels == 1 else "stereo"
        to_float = AudioResampler("fltp", layout, self.rate)
        to_house = ChannelsResampler(self.channels, self.rate)
        done = 0
        for frame in self._frames():
            for part in to_float.resample(frame):
                # Only the first frame tells a resampler whether there is anything to do.
                if (part.layout.nb_channels, part.sample_rate) != (self.channels, self.rate):
                    raise RecordingError(
                        f"{self.path}: channels or sampling rate change at {done / self.rate:.2f} s"
                    )
                sound = part.to_ndarray().astype(np.float32)
                self._check(sound, done)
                done += sound.shape[1]
                yield to_house(from_float(sound))
        if not done:
            raise RecordingError(f"{self.path}: there is no sound in this file")
        yield to_house(None)

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Decode; sound that follows on what cannot be decoded would be out of its place."""
        done = 0
        broken: str | None = None
        try:
            for packet in self._container.demux(audio=0):
                try:
                    frames = packet.decode()
                except (av.FFmpegError, OSError, ValueError) as error:
                    broken = _why(error)
                    continue
                for frame in frames:
                    if broken and packet.size:
                        at_s = done / self.rate
                        raise RecordingError(f"{self.path}: damaged at {at_s:.2f} s ({broken})")
                    assert isinstance(frame, av.AudioFrame)
                    done += frame.samples
                    yield frame
        except (av.FFmpegError, OSError) as error:
            broken = _why(error)
        if broken and not done:
            raise RecordingError(f"{self.path}: no sound can be decoded ({broken})")

    def _check(self, sound: NDArray[np.float32], at: int) -> None:
        """Refuse what only a float format can hold; `sound` starts `at` samples into the file."""
        wrong = ~np.isfinite(sound).all(axis=0)
        if wrong.any():
            at_s = (at + int(np.argmax(wrong))) / self.rate
            raise RecordingError(f"{self.path}: a sample at {at_s:.4f} s is not a finite number")

    def close(self) -> None:
        """Close the file."""
        self._container.close()


class WavWriter:
    """Write 16-bit mono WAV at 16 kHz piece by piece; fit for a context.

    What was written is whole after each piece, even if the process ends before `close`.
    """

    def __init__(self, path: Path) -> None:
        # Opened here: when wave cannot open a file, it complains on stderr as well.
        self._raw = path.open("wb")
        self._file = wave.open(self._raw, "wb")  # noqa: SIM115 - closed by close
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def write(self, pcm: Pcm) -> None:
        """Append samples."""
        self._file.writeframes(pcm.tobytes())
        self._raw.flush()

    def close(self) -> None:
        """Finish the file."""
        try:
            self._file.close()
        finally:
            self._raw.close()

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_mono(path: Path) -> Pcm:
    """Return a whole short recording (a prompt, a fixture), its channels mixed.

    Raises:
        RecordingError: as `Recording`.
    """
    recording = Recording(path)
    try:
        parts = [part.mean(axis=0).astype(np.int16) for part in recording.chunks()]
    finally:
        recording.close()
    return np.concatenate(parts)


def _why(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
