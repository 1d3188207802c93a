"""What callers say: seeded, in packets of 20 ms, speech told from silence."""

import json
from itertools import groupby
from pathlib import Path

import av
import numpy as np
import pytest

from gateway.bench.items import CorpusError
from gateway.bench.talk import GAPS_S, TURNS_S, encode, reel
from gateway.recordings import WavWriter
from media.audio import FRAME, RATE, Pcm, seconds
from tests.media.sounds import ms, silence, voice


def corpus(folder: Path, *sounds: Pcm) -> Path:
    """Make a corpus of these utterances, in silence."""
    entries = []
    for number, pcm in enumerate(sounds):
        with WavWriter(folder / f"{number}.wav") as file:
            file.write(np.concatenate([silence(ms(400)), pcm, silence(ms(900))]))
        about = {"kind": "harmless", "voice": "v", "words": []}
        entries.append({"file": f"{number}.wav", **about})
    manifest = "".join(json.dumps(entry) + "\n" for entry in entries)
    (folder / "manifest.jsonl").write_text(manifest, encoding="utf-8")
    return folder


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    return corpus(tmp_path, voice(ms(1_300)), voice(ms(2_100), 180), voice(ms(900), 95))


def runs(spoken: np.ndarray) -> tuple[list[float], list[float]]:
    """Return the lengths, in seconds, of speech and of silence."""
    found: tuple[list[float], list[float]] = [], []
    for said, frames in groupby(spoken):
        found[0 if said else 1].append(len(list(frames)) * seconds(FRAME))
    return found


def test_continuous_talk_has_short_gaps_only(talk: Path) -> None:
    made = reel(talk, 1.0, 30 * RATE, seed=1)
    said, silent = runs(made.spoken)
    assert len(made.packets) == len(made.spoken) == 1_500
    assert len(said) > 10
    assert max(silent) <= GAPS_S[1]
    assert made.spoken.mean() > 0.8


def test_part_time_talk_is_turns_with_silence_after_each(talk: Path) -> None:
    made = reel(talk, 0.4, 60 * RATE, seed=1)
    pauses = [s for s in runs(made.spoken)[1] if s > GAPS_S[1] + 0.02]
    assert min(pauses) > TURNS_S[0] * 1.5 - 0.1
    assert max(pauses) < TURNS_S[1] * 1.5 + GAPS_S[1] + 0.06
    assert made.spoken.mean() == pytest.approx(0.4, abs=0.08)


def test_speech_is_where_it_is_marked(talk: Path) -> None:
    made = reel(talk, 0.4, 30 * RATE, seed=1)
    frames = made.pcm.reshape(-1, FRAME)
    loud = np.abs(frames).max(axis=1) > 500
    assert np.mean(loud == made.spoken) > 0.95


def test_the_same_seed_says_the_same(talk: Path) -> None:
    one, again, other = (reel(talk, 0.4, 10 * RATE, seed).packets for seed in (1, 1, 2))
    assert one == again != other


def test_a_packet_is_opus_of_20_ms() -> None:
    packets = encode(voice(RATE))
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate = 48_000
    assert len(packets) == 50
    assert {sum(f.samples for f in decoder.decode(av.Packet(p))) for p in packets[1:]} == {960}


def test_a_corpus_in_which_nobody_speaks_is_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nobody speaks"):
        reel(corpus(tmp_path, silence(RATE), silence(RATE)), 1.0, RATE, seed=1)
