"""Keypad tones as ITU-T Q.23 makes them, within what Q.24 asks a receiver to take."""

import os
from pathlib import Path

import numpy as np
import pytest
from sounds import chunks, ms, noise, read, silence, tone, voice

from media.audio import FRAME, Pcm, Resampler, Span, ulaw_decode, ulaw_encode
from media.dtmf import HIGH, KEYS, LOW, Keypad
from tests.conftest import AUDIO

ALL = "".join(KEYS)
SPEECH = os.environ.get("HUSHGATE_TEST_SPEECH")
"""A folder of recorded speech, in which there is no key to find."""


def press(
    key: str,
    duration_ms: float = 50,
    *,
    dbfs: float = -15,
    twist_db: float = 0,
    off_percent: float = 0,
) -> Pcm:
    """Return a key's two tones, each at `dbfs`, the high one louder by `twist_db`."""
    row = next(i for i, keys in enumerate(KEYS) if key in keys)
    pitch = 1 + off_percent / 100
    low = tone(ms(duration_ms), LOW[row] * pitch, dbfs - twist_db / 2)
    high = tone(ms(duration_ms), HIGH[KEYS[row].index(key)] * pitch, dbfs + twist_db / 2)
    return np.clip(low.astype(int) + high, -32_768, 32_767).astype(np.int16)


def dial(keys: str, on_ms: float = 50, off_ms: float = 50, offset: int = 0, **how: float) -> Pcm:
    parts = [silence(ms(60) + offset)]
    for key in keys:
        parts += [press(key, on_ms, **how), silence(ms(off_ms))]
    return np.concatenate([*parts, silence(ms(100))])


def keys_in(pcm: Pcm, size: int = FRAME) -> str:
    keypad = Keypad()
    return "".join(key for chunk in chunks(pcm, size) for key in keypad.feed(chunk))


@pytest.mark.parametrize("key", ALL)
def test_each_key_is_read(key: str) -> None:
    assert keys_in(dial(key)) == key


@pytest.mark.parametrize("dbfs", [-5, -10, -15, -20, -25, -30, -35, -40])
def test_keys_are_read_loud_and_soft(dbfs: float) -> None:
    assert keys_in(dial(ALL, dbfs=dbfs)) == ALL


def test_where_a_tone_sounds_is_known_before_the_key_is() -> None:
    keypad, pcm = Keypad(), dial("5", on_ms=60)
    known_at: dict[str, int] = {}
    sounded: set[int] = set()
    for i, chunk in enumerate(chunks(pcm, ms(10))):
        if keypad.feed(chunk):
            known_at.setdefault("key", i)
        if keypad.sounded:
            known_at.setdefault("sounds", i)
        sounded.update(*(range(s.start, s.end) for s in keypad.sounded))
    assert known_at["sounds"] < known_at["key"]
    assert sounded >= set(range(ms(60), ms(120)))
    assert sounded <= set(range(ms(30), ms(160)))


def test_all_tones_of_a_long_chunk_are_told() -> None:
    keypad = Keypad()
    keypad.feed(dial("123", off_ms=200))
    assert len(keypad.sounded) == 3


def test_while_somebody_types_tones_that_are_covered_sound_too() -> None:
    covered = press("5", 60, dbfs=-20) + noise(ms(60), 4_000)
    assert sounding_in(silence(ms(500)), covered) == ()
    assert sounding_in(dial("1"), covered)
    keypad = Keypad()
    keypad.typed()
    keypad.feed(covered)
    assert keypad.sounded


def sounding_in(before: Pcm, pcm: Pcm) -> tuple[Span, ...]:
    keypad = Keypad()
    keypad.feed(before)
    keypad.feed(pcm)
    return keypad.sounded


def test_a_constant_offset_hides_no_key() -> None:
    assert keys_in(dial(ALL) + np.int16(6_554)) == ALL


@pytest.mark.parametrize("twist_db", [-8, -4, 4, 8])
def test_one_tone_may_be_louder(twist_db: float) -> None:
    assert keys_in(dial(ALL, twist_db=twist_db)) == ALL


@pytest.mark.parametrize("off_percent", [-1.5, 1.5])
@pytest.mark.parametrize("twist_db", [-8, 0, 4])
def test_tones_may_be_off_by_one_and_a_half_percent(off_percent: float, twist_db: float) -> None:
    pcm = dial(ALL, on_ms=40, off_percent=off_percent, twist_db=twist_db)
    rms = 32_768 * 10 ** ((-15 + 3 - 15) / 20)
    assert keys_in(pcm) == ALL
    assert keys_in(pcm + noise(len(pcm), rms)) == ALL


@pytest.mark.parametrize("off_percent", [-3.5, 3.5])
@pytest.mark.parametrize("twist_db", [-8, 0, 4])
def test_tones_that_are_off_by_three_and_a_half_percent_are_no_key(
    off_percent: float, twist_db: float
) -> None:
    assert keys_in(dial(ALL, on_ms=100, off_percent=off_percent, twist_db=twist_db)) == ""


@pytest.mark.parametrize("seed", range(5))
def test_keys_are_read_in_noise(seed: int) -> None:
    pcm = dial(ALL * 2, dbfs=-15)
    rms = 32_768 * 10 ** ((-15 + 3 - 15) / 20)
    assert keys_in(pcm + noise(len(pcm), rms, seed)) == ALL * 2


@pytest.mark.parametrize("dbfs", [-5, -20, -35])
def test_keys_are_read_after_g711(dbfs: float) -> None:
    down, up = Resampler(16_000, 8_000), Resampler(8_000, 16_000)
    pcm = dial(ALL, dbfs=dbfs)
    coded = ulaw_decode(ulaw_encode(down(pcm, last=True)))
    assert keys_in(up(coded, last=True)) == ALL


@pytest.mark.parametrize("offset", range(0, FRAME, 40))
def test_a_sequence_is_read_wherever_its_keys_fall(offset: int) -> None:
    number = "4111111111111111#"
    assert keys_in(dial(number, offset=offset)) == number


@pytest.mark.parametrize("on_ms", [40, 45, 70, 150])
def test_short_and_long_presses_are_read(on_ms: float) -> None:
    for offset in (0, 100, 230):
        assert keys_in(dial("0123456789", on_ms=on_ms, offset=offset)) == "0123456789"


@pytest.mark.parametrize("on_ms", [10, 20])
def test_a_burst_too_short_is_no_key(on_ms: float) -> None:
    for offset in range(0, FRAME, 40):
        assert keys_in(dial(ALL, on_ms=on_ms, offset=offset)) == ""


def test_a_held_key_counts_once() -> None:
    assert keys_in(dial("5", on_ms=3_000)) == "5"


@pytest.mark.parametrize("offset", range(0, FRAME, 40))
def test_a_held_key_with_a_dropout_counts_once(offset: int) -> None:
    """Q.24: an interruption of up to 10 ms does not end a signal."""
    pcm = dial("5", on_ms=300, offset=offset)
    pcm[ms(180) : ms(189)] = 0
    assert keys_in(pcm) == "5"


def test_the_same_key_twice_counts_twice() -> None:
    assert keys_in(dial("55")) == "55"


def test_one_tone_alone_is_no_key() -> None:
    for hz in LOW + HIGH:
        assert keys_in(np.concatenate([tone(ms(300), hz, -12), silence(ms(100))])) == ""


def test_two_tones_of_one_group_are_no_key() -> None:
    assert keys_in(tone(ms(300), LOW[0], -15) + tone(ms(300), LOW[2], -15)) == ""


def test_too_much_twist_is_no_key() -> None:
    assert keys_in(dial(ALL, on_ms=100, twist_db=14)) == ""


def test_noise_silence_and_a_vowel_are_no_keys() -> None:
    assert keys_in(noise(ms(20_000), 3_000)) == ""
    assert keys_in(silence(ms(1_000))) == ""
    for pitch in range(80, 300, 7):
        assert keys_in(voice(ms(500), pitch)) == ""


@pytest.mark.parametrize("size", [1, 100, 333, 10**6])
def test_how_the_stream_is_cut_changes_nothing(size: int) -> None:
    pcm = dial("19#", offset=77)
    assert keys_in(pcm, size) == "19#"


def recordings() -> list[Path]:
    return sorted(AUDIO.rglob("*.wav"))


@pytest.mark.parametrize("path", recordings(), ids=lambda p: p.stem)
def test_speech_is_never_taken_for_a_key(path: Path) -> None:
    assert keys_in(read(path)) == ""


@pytest.mark.skipif(SPEECH is None, reason="HUSHGATE_TEST_SPEECH names no folder of speech")
def test_an_hour_of_human_speech_has_no_key() -> None:
    assert SPEECH is not None
    found = {
        path.name: keys
        for path in sorted(Path(SPEECH).iterdir())
        if path.suffix in (".flac", ".wav") and (keys := keys_in(read(path)))
    }
    assert found == {}
