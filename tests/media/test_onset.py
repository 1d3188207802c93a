"""When it is known that a voice has begun to speak, on real recordings and on what is no voice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import chunks, ms, noise, silence, tone, voice

from media.audio import FRAME, RATE, Pcm, Samples
from media.channel import CHANNELS
from media.onset import REST, Onset, SpeechStarted

AUDIO = Path(__file__).resolve().parents[2] / "fixtures" / "audio"

Known = list[tuple[SpeechStarted, Samples]]
"""Each start, and when it was known."""


def known(pcm: Pcm, size: Samples = FRAME) -> Known:
    onset = Onset()
    return [(event, onset.heard) for chunk in chunks(pcm, size) for event in onset.feed(chunk)]


def starts(words: list[dict[str, float]]) -> Iterator[Samples]:
    """Yield where a voice begins to speak after 600 ms or more of quiet."""
    last = -1.0
    for word in words:
        if word["start_s"] - last >= 0.6:
            yield round(word["start_s"] * RATE)
        last = word["end_s"]


def recorded() -> Iterator[tuple[str, list[Samples]]]:
    for name in ("birthday", "call_back", "spelled_name", "no_pii"):
        truth = yaml.safe_load((AUDIO / "calls" / f"{name}.yaml").read_text())
        words = truth["caller"]["words"] if "caller" in truth else truth["words"]
        yield f"calls/{name}.wav", list(starts(words))
    for turn in yaml.safe_load((AUDIO / "caller" / "turns.yaml").read_text())["turns"]:
        yield f"caller/{turn['file']}", list(starts(turn["words"]))


@pytest.mark.parametrize(
    ("channel", "within"),
    [
        ("clean", 300),
        ("opus_16k", 300),
        ("g711", 300),
        ("loss_3pct", 300),
        ("g711_noise_15db", 400),
    ],
)
@pytest.mark.parametrize(("name", "begins"), list(recorded()), ids=str)
def test_a_start_is_known_in_time(
    recording: Callable[[str], Pcm], name: str, begins: list[Samples], channel: str, within: float
) -> None:
    heard = CHANNELS[channel](recording(name), np.random.default_rng(1))
    lead = ms(500)  # a line is open for a moment before somebody speaks
    found = known(np.concatenate([silence(lead), heard]))
    for begin in begins:
        delays = [at - begin - lead for _, at in found if at > begin + lead - ms(100)]
        assert delays
        assert delays[0] <= ms(within), f"{delays[0] / 16:.0f} ms"


BANG = noise(ms(300), 6_000) * np.exp(-np.arange(ms(300)) / ms(80))
CLICK = np.array([20_000, -20_000] * 4, np.int16)


@pytest.mark.parametrize(
    "sound",
    [
        silence(ms(3_000)),
        *[noise(ms(5_000), rms) for rms in (30, 300, 1_000, 3_000)],
        BANG.astype(np.int16),
        np.concatenate([np.concatenate([CLICK, silence(ms(90))]) for _ in range(30)]),
        tone(ms(1_000), 440, -20),
        tone(ms(1_000), 1_000, -20),
    ],
    ids=["silence", "hiss", "air", "wind", "storm", "bang", "clicks", "440 Hz", "1 kHz"],
)
def test_what_is_no_voice_starts_nothing(sound: Pcm) -> None:
    assert known(np.concatenate([silence(ms(500)), sound, silence(ms(500))])) == []


@pytest.mark.parametrize("low", [697, 770, 852, 941])
@pytest.mark.parametrize("high", [1209, 1336, 1477, 1633])
@pytest.mark.parametrize("duration_ms", [50, 200, 1_000])
def test_a_key_starts_nothing(low: int, high: int, duration_ms: int) -> None:
    count = ms(duration_ms)
    key = tone(count, low, -16) + tone(count, high, -14)
    assert known(np.concatenate([silence(ms(505)), key, silence(ms(500))])) == []


def test_a_murmur_far_below_speech_starts_nothing() -> None:
    assert known(voice(ms(2_000)) // 100) == []


def test_a_start_is_told_once_and_again_after_a_rest() -> None:
    said = [voice(ms(800)), silence(ms(200)), voice(ms(800)), silence(REST + ms(300)), voice(8_000)]
    found = known(np.concatenate([silence(ms(500)), *said]))
    assert [round(event.at / 16, -2) for event, _ in found] == [500, 3000]


def test_it_tells_for_how_long_nothing_was_said() -> None:
    onset = Onset()
    onset.feed(silence(ms(400)))
    assert onset.quiet == ms(400)
    onset.feed(voice(ms(600)))
    assert onset.speaking
    assert onset.quiet == 0
    onset.feed(silence(ms(1_000)))
    assert not onset.speaking
    assert ms(900) <= onset.quiet <= ms(1_100)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4_000))
def test_how_the_stream_is_cut_changes_nothing(size: int) -> None:
    said = np.concatenate([voice(ms(700)), silence(ms(900)), voice(ms(300))])
    assert [event for event, _ in known(said, size)] == [event for event, _ in known(said)]
