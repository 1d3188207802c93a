"""The baseline's utterances and the times at which it lets them go."""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gateway.bench.baseline import LONGEST, Baseline, _live, known, utterances
from media.audio import FRAME, RATE, Pcm, Span, seconds
from tests.media.sounds import ms, silence, voice


def speech(*parts: float) -> Pcm:
    """Return silence and voice in turn, so many milliseconds each."""
    return np.concatenate(
        [voice(ms(part)) if i % 2 else silence(ms(part)) for i, part in enumerate(parts)]
    )


@pytest.mark.parametrize("count", [0, 1, RATE])
def test_silence_has_no_utterance(count: int) -> None:
    assert utterances(silence(count)) == []


def test_an_utterance_is_where_somebody_speaks() -> None:
    (found,) = utterances(speech(500, 1_000, 1_500))
    assert found.start == pytest.approx(ms(500), abs=ms(100))
    assert found.end == pytest.approx(ms(1_500), abs=ms(100))


def test_a_pause_below_half_a_second_is_inside_an_utterance() -> None:
    assert len(utterances(speech(500, 800, 350, 800, 1_000))) == 1


def test_a_longer_pause_is_between_two() -> None:
    one, two = utterances(speech(500, 800, 900, 800, 1_000))
    assert one.end < two.start


def test_an_utterance_that_the_call_ends_in_ends_with_it() -> None:
    pcm = speech(500, 803)
    (found,) = utterances(pcm)
    assert found.end == len(pcm)


def test_an_utterance_without_an_end_is_taken_in_parts_and_they_need_no_silence() -> None:
    one, two = utterances(speech(500, 20_000, 1_000))
    assert len(one) == LONGEST
    assert one.end == two.start
    assert known(one) == one.end
    assert known(two) == two.end + RATE // 2


def test_talk_without_a_pause_ends_with_the_call_though_the_detector_hears_on() -> None:
    pcm = speech(0, 60_000)
    found = utterances(pcm)
    assert len(found) == 4
    assert found[-1].end == len(pcm)


def test_silence_goes_on_as_it_comes() -> None:
    live = _live([(Span(0, RATE + 5), seconds(RATE + 5))])
    assert live[0] == (Span(0, FRAME), seconds(FRAME))
    assert live[-1] == (Span(RATE, RATE + 5), seconds(RATE + 5))
    assert all(at_s == seconds(span.end) for span, at_s in live)


def test_an_utterance_goes_on_when_it_is_decided_and_what_follows_after_it() -> None:
    quiet, spoken, tail = Span(0, RATE), Span(RATE, 2 * RATE), Span(2 * RATE, 5 * RATE)
    live = _live([(quiet, 1.0), (spoken, 3.25), (tail, 5.0)])
    at = {span.end: at_s for span, at_s in live}
    assert at[RATE] == 1.0
    assert {at_s for span, at_s in live if RATE <= span.start < 2 * RATE} == {3.25}
    assert at[2 * RATE + FRAME] == 3.25, "not before what precedes it"
    assert at[4 * RATE] == 4.0


def test_what_is_released_is_everything_once_and_in_order() -> None:
    live = _live([(Span(0, 700), 0.1), (Span(700, 9_001), 2.0), (Span(9_001, 9_001), 0.6)])
    spans = [span for span, _ in live]
    assert (spans[0].start, spans[-1].end) == (0, 9_001)
    assert all(a.end == b.start for a, b in pairwise(spans))
    times = [at_s for _, at_s in live]
    assert times == sorted(times)


def test_a_call_is_remembered_but_what_is_asked_for_its_time_is_worked_out_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Pcm] = []
    stock: Any = SimpleNamespace(model=None, transcribe=lambda pcm: heard.append(pcm) or [])
    monkeypatch.setattr(Baseline, "_analyser", SimpleNamespace(analyze=lambda *_, **__: []))
    baseline = Baseline(stock, tmp_path, tmp_path)
    pcm = speech(500, 800, 1_000)
    for _ in range(2):
        baseline.run(pcm)
    assert len(heard) == 1
    for _ in range(2):
        baseline.personal(heard[0])
    assert len(heard) == 3
