"""Bad input to the command: one clear line, the right exit code, never a traceback."""

import json
import os
import socket
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import AUDIO

HUSHGATE = Path(sys.executable).parent / "hushgate"
GOOD = AUDIO / "answers" / "sure_go_ahead.wav"
KEYS = {
    "file",
    "duration_s",
    "sample_rate",
    "words",
    "findings",
    "released",
    "liveness",
    "redacted_audio",
    "transcript",
}
noise = np.random.default_rng(3)


def hushgate(
    *args: object, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [HUSHGATE, *map(str, args)],
        cwd=cwd,
        env={**os.environ, "HUSHGATE_ASR__MODEL": "tiny.en", **environment},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def write(path: Path, data: bytes, rate: int, width: int = 2, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)


def write_floats(path: Path, samples: NDArray[np.float64]) -> None:
    data = samples.astype("<f4").tobytes()
    head = struct.pack("<IHHIIHH", 16, 3, 1, 16_000, 64_000, 4, 32)
    path.write_bytes(
        b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + head
        + b"data" + struct.pack("<I", len(data)) + data
    )  # fmt: skip


def hiss(count: int) -> bytes:
    return (noise.standard_normal(count) * 300).astype("<i2").tobytes()


BAD = {
    "empty.wav": "the file is empty (0 bytes)",
    "text.wav": "not a recording that can be read",
    "header_cut.wav": "not a recording that can be read",
    "no_samples.wav": "there is no sound in this file",
    "six_channels.wav": "6 channels; one (the caller) or two (caller left, agent right)",
    "missing.wav": "no such file",
    "folder.wav": "not a file",
    "no_rate.wav": "not a recording that can be read",
    "nan.wav": "a sample at 0.2500 s is not a finite number",
    "infinite.wav": "a sample at 0.2500 s is not a finite number",
}
ODD = {
    "truncated": 0.52,
    "silent": 1.0,
    "fast": 0.5,
    "eight_bit": 0.5,
    "24_bit": 0.5,
    "odd_rate": 1.0,
    "too_loud": 0.5,
    "offset": 0.5,
}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, object]], str]:
    """All that is odd, scanned in one run with a good recording last."""
    folder = tmp_path_factory.mktemp("odd")
    good = GOOD.read_bytes()
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("Dear sir,\n" * 99)
    (folder / "header_cut.wav").write_bytes(good[:30])
    (folder / "no_samples.wav").write_bytes(good[:44])
    (folder / "folder.wav").mkdir()
    write(folder / "six_channels.wav", bytes(19_200), 16_000, channels=6)
    (folder / "truncated.wav").write_bytes(good[: len(good) // 2])
    write(folder / "silent.wav", bytes(32_000), 16_000)
    write(folder / "fast.wav", hiss(96_000), 192_000)
    eight = noise.integers(126, 131, 4_000, dtype=np.uint8)
    write(folder / "eight_bit.wav", eight.tobytes(), 8_000, width=1)
    write(folder / "odd_rate.wav", hiss(7_999), 7_999)
    write(folder / "24_bit.wav", bytes(24_000), 16_000, width=3)
    write(folder / "offset.wav", np.full(8_000, 6_554, "<i2").tobytes(), 16_000)
    (folder / "no_rate.wav").write_bytes(good[:24] + bytes(8) + good[32:])
    write_floats(folder / "too_loud.wav", noise.standard_normal(8_000) * 50)
    for name, value in (("nan", np.nan), ("infinite", -np.inf)):
        samples = np.zeros(8_000)
        samples[4_000] = value
        write_floats(folder / f"{name}.wav", samples)
    names = [*BAD, *(f"{name}.wav" for name in ODD)]
    done = hushgate("scan", *names, GOOD, "-o", "out", "--json", cwd=folder)
    assert done.returncode == 1, done.stderr
    return folder, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


Scanned = tuple[Path, list[dict[str, object]], str]


@pytest.mark.model
@pytest.mark.parametrize(("name", "why"), BAD.items())
def test_what_is_no_recording_gets_one_line(scanned: Scanned, name: str, why: str) -> None:
    lines = [line for line in scanned[2].splitlines() if name in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"hushgate: {name}: {why}")


@pytest.mark.model
def test_nothing_else_is_said_about_bad_files(scanned: Scanned) -> None:
    assert len(scanned[2].splitlines()) == len(BAD)


@pytest.mark.model
@pytest.mark.parametrize(("name", "length"), ODD.items())
def test_an_odd_recording_is_scanned(scanned: Scanned, name: str, length: float) -> None:
    folder, results, _ = scanned
    (result,) = (r for r in results if r["file"] == f"{name}.wav")
    assert result["duration_s"] == pytest.approx(length, abs=0.02)
    with wave.open(str(folder / str(result["redacted_audio"]))) as redacted:
        assert redacted.getframerate() == 16_000
        assert redacted.getnframes() == round(float(str(result["duration_s"])) * 16_000)


@pytest.mark.model
def test_of_a_bad_file_nothing_is_left(scanned: Scanned) -> None:
    left = {path.name.partition(".")[0] for path in (scanned[0] / "out").iterdir()}
    assert left == {*ODD, GOOD.stem}


@pytest.mark.model
def test_one_bad_file_does_not_stop_the_others(scanned: Scanned) -> None:
    assert [r["file"] for r in scanned[1]] == [*(f"{name}.wav" for name in ODD), str(GOOD)]


@pytest.mark.model
def test_each_file_is_one_json_object_with_the_documented_keys(scanned: Scanned) -> None:
    for result in scanned[1]:
        assert result.keys() >= KEYS
    last = scanned[1][-1]
    assert "go ahead" in str(last["transcript"]).lower()
    words = last["words"]
    assert isinstance(words, list)
    assert {"text", "start_s", "end_s", "redacted"} == set(words[0])
    released = last["released"]
    assert isinstance(released, list)
    assert released[0]["start_s"] == 0
    assert released[-1]["end_s"] == last["duration_s"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("listen: {port: 99999}", ["listen.port: 99999: must be less than or equal to 65535"]),
        ("listening: {}", ["listening: unknown key; allowed are valid_until, listen,"]),
        ("listen: [", ["line 1, column 10: not valid YAML"]),
        ("valid_until: 2020-01-01", ["valid_until: 2020-01-01: this configuration has expired"]),
        ("asr: {model: huge}\nhold: {bound_s: 0}", ["asr.model: huge", "hold.bound_s: 0"]),
        ("policy: {entities: {CVC: bleep}}", ["policy.entities.CVC: no such entity; did you mean"]),
        ("asr: {language: xx}", ["asr.language: xx: must be en"]),
    ],
)
@pytest.mark.parametrize("command", ["serve", "scan"])
def test_a_configuration_that_cannot_be_used_is_explained_line_by_line(
    tmp_path: Path, text: str, lines: list[str], command: str
) -> None:
    from typer.testing import CliRunner

    from gateway.cli import app

    config = tmp_path / "hushgate.yaml"
    config.write_text(text)
    files = [str(GOOD)] if command == "scan" else []
    done = CliRunner().invoke(app, [command, *files, "-c", str(config)])
    assert done.exit_code == 2
    said = done.stderr.splitlines()
    assert len(said) == len(lines)
    for line, wanted in zip(said, lines, strict=True):
        assert line.startswith(f"hushgate: {config}")
        assert wanted in line


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = hushgate("serve", "-c", tmp_path / "no.yaml")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"hushgate: {tmp_path / 'no.yaml'}: cannot be read (No such file or directory)"
    )


def test_a_model_folder_without_its_vocabulary_is_named(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    done = hushgate("scan", GOOD, "-o", tmp_path, HUSHGATE_ASR__MODEL=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"hushgate: {tmp_path} is no Whisper model: it lacks vocabulary.json|vocabulary.txt"
    )


@pytest.mark.model
def test_a_model_that_cannot_be_loaded_is_one_line(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_text("{}")
    done = hushgate("scan", GOOD, "-o", tmp_path, HUSHGATE_ASR__MODEL=str(tmp_path))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"hushgate: {tmp_path}: this model cannot be loaded (")


@pytest.mark.model
def test_an_output_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    done = hushgate("scan", GOOD, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path / "out") in done.stderr


def test_a_busy_port_is_named_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = hushgate(
            "serve",
            HUSHGATE_LISTEN__PORT=str(port),
            HUSHGATE_LEDGER__PATH=str(tmp_path / "ledger.sqlite"),
            HUSHGATE_VAULT__PATH=str(tmp_path / "vault.sqlite"),
            HUSHGATE_VAULT__KEY_FILE=str(tmp_path / "vault.key"),
        )
    assert not list(tmp_path.iterdir())
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert f"('127.0.0.1', {port})" in done.stderr
    assert "in use" in done.stderr
