"""Keys as a telephone dials them, and what is counted of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gateway.bench.cli import app
from gateway.bench.dialling import CHANNELS, DURATION_S, dialled
from gateway.bench.dtmf import Counts, agent_hears, detect, overhear, run
from gateway.recordings import WavWriter
from media.audio import RATE, Pcm, samples
from media.clearance import Hold
from tests.media.sounds import ms, silence, voice

WORDS = (voice(RATE), voice(RATE))


def recording(path: Path, pcm: Pcm) -> None:
    with WavWriter(path) as out:
        out.write(pcm)


def test_as_many_keys_are_dialled_as_asked_for_and_the_same_each_time() -> None:
    first, again = list(dialled(45, seed=3)), list(dialled(45, seed=3))
    assert [len(s.presses) for s in first] == [10, 10, 10, 10, 5]
    assert [s.channel for s in first] == [*CHANNELS, "clean"]
    assert all(np.array_equal(a.pcm, b.pcm) for a, b in zip(first, again, strict=True))
    assert all(a.presses == b.presses for a, b in zip(first, again, strict=True))


def test_keys_sound_where_they_are_said_to() -> None:
    for sequence in dialled(80, seed=1):
        last = 0
        for press in sequence.presses:
            assert press.span.start - last >= samples(0.04)
            assert samples(DURATION_S[0]) <= len(press.span) <= samples(DURATION_S[1])
            sound = sequence.pcm[press.span.start : press.span.end]
            assert agent_hears(sound) >= {press.key}
            last = press.span.end


def test_every_key_is_heard_in_time() -> None:
    counts = Counts()
    for sequence in dialled(200, seed=9):
        detect(sequence, counts)
    assert (counts.digits, counts.missed, counts.false) == (200, 0, 0)
    assert max(counts.delays) <= samples(0.08)


def test_no_key_is_let_through_and_without_the_mask_the_agent_would_hear_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    masked, unmasked = Counts(), Counts()
    for sequence in dialled(40, seed=9):
        overhear(sequence, WORDS, masked)
    assert (masked.leaked, masked.heard_unmasked) == (0, 40)
    monkeypatch.setattr(Hold, "mask", lambda hold, span: None)
    for sequence in dialled(40, seed=9):
        overhear(sequence, WORDS, unmasked)
    assert unmasked.leaked > 0


def test_speech_in_which_a_key_is_pressed_counts_as_false(tmp_path: Path) -> None:
    recording(tmp_path / "voice.wav", voice(ms(2_000)))
    pressed = np.concatenate([silence(ms(100)), next(dialled(10, seed=1)).pcm])
    recording(tmp_path / "keys.wav", pressed)
    result = run(tmp_path, quick=True, seed=1, progress=lambda done, total: None)
    assert result["false"] == 10
    assert result["recordings"] == 2


def test_the_command_prints_the_result(tmp_path: Path) -> None:
    recording(tmp_path / "voice.wav", voice(ms(2_000)))
    told = CliRunner().invoke(app, ["dtmf", "--speech", str(tmp_path), "--quick", "--json"])
    assert told.exit_code == 0, told.output
    result = json.loads(told.stdout)
    figures = ("digits", "missed", "false", "leaked_to_agent")
    assert tuple(result[key] for key in figures) == (200, 0, 0, 0)
    assert result["delay_p95_ms"] <= 80


def test_a_folder_without_speech_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["dtmf", "--speech", str(tmp_path)])
    assert told.exit_code == 2
    assert "there is no recording" in told.stderr
