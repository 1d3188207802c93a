"""Recordings that cannot be used are named with the place; of what breaks off, nothing is left."""

import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.resampler import AudioResampler

from gateway.engine.worker import Answer
from gateway.recordings import Recording, RecordingError
from gateway.scan import scan
from media.audio import RATE
from media.entities.types import ACTIONS
from media.recognition import Failed, Recognise
from tests.media.sounds import ms, voice


def fails(job: Recognise) -> Answer:
    return Answer(Failed(job.id, "no model"), 0.0)


def encoded(path: Path, codec: str) -> Path:
    """Write 8 s of a voice."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(voice(ms(8_000))[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        size = stream.frame_size or 1_024
        cut = AudioResampler(stream.format, "mono", RATE, frame_size=size)
        for part in (*cut.resample(frame), *cut.resample(None), None):
            container.mux(stream.encode(part))
    return path


def seconds_of(path: Path) -> float:
    return sum(chunk.shape[1] for chunk in Recording(path).chunks()) / RATE


@pytest.mark.parametrize(("name", "codec"), [("a.flac", "flac"), ("a.m4a", "aac")])
def test_a_recording_damaged_in_the_middle_is_refused_with_the_place(
    tmp_path: Path, name: str, codec: str
) -> None:
    path = encoded(tmp_path / name, codec)
    assert seconds_of(path) == pytest.approx(8.0, abs=0.2)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2_000] = np.random.default_rng(1).bytes(2_000)
    path.write_bytes(data)
    if codec == "flac":  # it finds its frames again by their marks, and drops what is between
        assert seconds_of(path) < 8.0
        return
    with pytest.raises(RecordingError, match=r"a\.m4a: damaged at [34]\.\d\d s"):
        seconds_of(path)


def test_of_a_recording_that_breaks_off_what_is_there_is_read(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.flac", "flac")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert 3.0 < seconds_of(path) < 5.0


def test_a_playlist_reaches_no_network(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(RecordingError, match=r"a\.wav: "):
        Recording(path)


def folder_in_the_way(folder: Path) -> str:
    (folder / "a.redacted.wav").mkdir()
    return "Is a directory"


def full_disk(folder: Path) -> str:
    (folder / "a.redacted.wav.partial").symlink_to("/dev/full")
    return "No space left on device"


def no_folder(folder: Path) -> str:
    folder.rmdir()
    return "No such file or directory"


@pytest.mark.parametrize("spoil", [folder_in_the_way, full_disk, no_folder])
def test_a_result_that_cannot_be_written_is_named_and_no_part_is_left(
    tmp_path: Path, spoil: Callable[[Path], str]
) -> None:
    path, out = encoded(tmp_path / "a.wav", "pcm_s16le"), tmp_path / "out"
    out.mkdir()
    why = spoil(out)
    redacted = out / "a.redacted.wav"
    with pytest.raises(RecordingError) as caught:
        scan(path, redacted, fails, ACTIONS, 6 * RATE)
    assert str(caught.value) == f"{redacted}: cannot be written ({why})"
    assert not redacted.is_file()
    assert not out.exists() or not list(out.glob("*.partial"))


def test_an_earlier_result_outlives_a_scan_that_fails(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.wav", "pcm_f32le")
    data = bytearray(path.read_bytes())
    data[-4:] = np.float32(np.nan).tobytes()
    path.write_bytes(data)
    redacted = tmp_path / "a.redacted.wav"
    redacted.write_text("earlier")
    with pytest.raises(RecordingError, match=r"a\.wav: a sample at 7\.9999 s is not a finite"):
        scan(path, redacted, fails, ACTIONS, 6 * RATE)
    assert redacted.read_text() == "earlier"


@pytest.mark.parametrize("rate", [7_999, 8_000, 22_050, 44_100, 192_000])
def test_samples_keep_their_place_whatever_the_rate(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "a.wav"
    pcm = np.zeros(4 * rate, np.int16)
    pcm[3 * rate] = 20_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.tobytes())
    heard = np.concatenate(list(Recording(path).chunks()), axis=1)[0]
    assert len(heard) == pytest.approx(4 * RATE, abs=1)
    assert np.argmax(np.abs(heard)) == pytest.approx(3 * RATE, abs=1)
