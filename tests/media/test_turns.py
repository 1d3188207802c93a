import numpy as np

from media.audio import FRAME, RATE, Pcm, Span
from media.turns import TurnDetector

_noise = np.random.default_rng(5)


def speech(duration: float) -> Pcm:
    return (3_000 * _noise.standard_normal(int(duration * RATE))).astype(np.int16)


def bleep(duration: float) -> Pcm:
    peak = 32_768 * 10 ** (-42 / 20) * np.sqrt(2)
    return (peak * np.sin(2 * np.pi * 1_000 * np.arange(int(duration * RATE)) / RATE)).astype(
        np.int16
    )


def silence(duration: float) -> Pcm:
    return np.zeros(int(duration * RATE), np.int16)


def turns(*parts: Pcm, cut: int = FRAME) -> list[Span]:
    detector = TurnDetector()
    pcm = np.concatenate(parts)
    return [span for i in range(0, pcm.size, cut) for span in detector(pcm[i : i + cut])]


def test_a_turn_ends_after_quiet() -> None:
    assert turns(silence(0.5), speech(1.0), silence(0.68)) == []
    assert turns(silence(0.5), speech(1.0), silence(0.7)) == [Span(8_000, 24_000)]


def test_a_short_pause_belongs_to_the_turn() -> None:
    said = (speech(1.0), silence(0.5), speech(1.0), silence(1.0))
    assert turns(*said) == [Span(0, 40_000)]


def test_whoever_is_bleeped_has_not_finished_speaking() -> None:
    assert turns(speech(1.0), bleep(3.0)) == []
    assert turns(speech(1.0), bleep(3.0), silence(1.0)) == [Span(0, 64_000)]
    assert turns(bleep(3.0), silence(1.0)) == [Span(0, 48_000)]


def test_what_is_quieter_than_a_bleep_is_quiet() -> None:
    hum = (bleep(3.0) / 2.5).astype(np.int16)  # 8 dB below it
    assert turns(speech(1.0), hum) == [Span(0, 16_000)]
    assert turns(hum, silence(1.0)) == []


def test_quiet_ends_a_turn_once() -> None:
    assert len(turns(speech(1.0), silence(9.0), speech(1.0), silence(9.0))) == 2


def test_a_click_is_no_turn() -> None:
    assert turns(silence(0.5), speech(0.04), silence(2.0)) == []


def test_how_the_stream_is_cut_changes_nothing() -> None:
    said = np.concatenate((speech(1.0), silence(1.0), speech(0.5), silence(0.8)))
    assert turns(said, cut=333) == turns(said, cut=said.size)
