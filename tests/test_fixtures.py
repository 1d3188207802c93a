"""The spoken fixtures: what their YAML says is there, is there, and can be heard."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from gateway import scripts
from gateway.consent import Purpose
from media.audio import RATE
from media.entities.types import Entity

AUDIO = Path(__file__).resolve().parents[1] / "fixtures" / "audio"
WAVS = sorted(AUDIO.rglob("*.wav"))
YAMLS = sorted(AUDIO.rglob("*.yaml"))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read(path: Path) -> tuple[np.ndarray, int]:
    """Return samples of shape (n, channels) within ±1, and their rate."""
    with wave.open(str(path), "rb") as file:
        assert file.getsampwidth() == 2
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.reshape(-1, file.getnchannels()) / 32_768, file.getframerate()


def nodes(content: Any) -> list[dict[str, Any]]:
    """Return every mapping inside, outermost first."""
    if isinstance(content, dict):
        return [content, *(n for value in content.values() for n in nodes(value))]
    return [n for item in content for n in nodes(item)] if isinstance(content, list) else []


def tracks() -> list[tuple[str, Path, int, list[dict[str, Any]]]]:
    """Return name, file, channel and words of every track with word times."""
    found = []
    for path in YAMLS:
        for node in nodes(load(path)):
            if "file" in node and "words" in node:
                found.append((node["file"], path.parent / node["file"], 0, node["words"]))
            for channel, side in enumerate(node.get("channels", ())):
                file = path.parent / node["file"]
                found.append((f"{node['file']} {side}", file, channel, node[side]["words"]))
    return found


TRACKS = tracks()


def named() -> set[Path]:
    return {path.parent / n["file"] for path in YAMLS for n in nodes(load(path)) if "file" in n}


def test_every_yaml_names_files_that_exist_and_every_file_is_named() -> None:
    assert named() == set(WAVS)
    assert len(WAVS) > 20


def test_fixtures_stay_small() -> None:
    assert sum(path.stat().st_size for path in AUDIO.rglob("*")) < 20_000_000


@pytest.mark.parametrize("path", WAVS, ids=lambda p: str(p.relative_to(AUDIO)))
def test_levels_are_sane(path: Path) -> None:
    sound, rate = read(path)
    assert rate == (48_000 if path.name == "browser_mic.wav" else 16_000)
    for channel in sound.T:
        power = (channel[: len(channel) // 320 * 320].reshape(-1, 320) ** 2).mean(axis=1)
        speech = 10 * np.log10(power[power > power.max() * 10**-3.5].mean())
        assert 20 * np.log10(np.abs(channel).max()) < -2.5
        assert -27 < speech < -21


@pytest.mark.parametrize(("name", "path", "channel", "words"), TRACKS, ids=[t[0] for t in TRACKS])
def test_words_are_where_their_times_say(
    name: str, path: Path, channel: int, words: list[dict[str, Any]]
) -> None:
    sound, rate = read(path)
    track = sound[:, channel]
    at = 0.0
    covered = np.zeros(len(track), bool)
    for word in words:
        assert set(word) == {"word", "start_s", "end_s", "entity"}
        assert word["entity"] is None or word["entity"] in Entity.__members__
        assert at <= word["start_s"], f"{name}: {word} begins before the word before it ends"
        assert 0.02 < word["end_s"] - word["start_s"] < 1.2, word
        at = word["end_s"]
        said = slice(round(word["start_s"] * rate), round(word["end_s"] * rate))
        assert np.sqrt((track[said] ** 2).mean()) > 0.002, f"{name}: nothing to hear in {word}"
        covered[said] = True
    assert at <= len(track) / rate
    # And next to nothing is said outside the words: 40 dB below the whole.
    assert (track[~covered] ** 2).sum() < 1e-4 * (track**2).sum()


def test_browser_track_waits_for_the_prompt_and_says_every_turn() -> None:
    content = load(AUDIO / "caller/browser_mic.yaml")
    script = scripts.load("us-two-party", "en", [Purpose.AGENT, Purpose.TRANSCRIBE])
    consent = script.prompts["consent"].pcm
    assert content["words"][0]["start_s"] >= len(consent) / RATE + 1.5
    assert content["seconds"] < 110
    said = [w["word"] for t in load(AUDIO / "caller/turns.yaml")["turns"] for w in t["words"]]
    assert [word["word"] for word in content["words"]] == said


def test_turns_text_is_their_words() -> None:
    for turn in load(AUDIO / "caller/turns.yaml")["turns"]:
        assert " ".join(word["word"] for word in turn["words"]) == turn["text"]


def test_answers_cover_every_label_in_several_voices() -> None:
    answers = load(AUDIO / "answers/answers.yaml")["answers"]
    assert {a["label"] for a in answers} == {"granted", "refused", "unclear", "wants_human"}
    assert len({a["voice"] for a in answers}) >= 3


def test_the_harmless_call_has_no_entity() -> None:
    words = load(AUDIO / "calls/no_pii.yaml")["caller"]["words"]
    assert {word["entity"] for word in words} == {None}
