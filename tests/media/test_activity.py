import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import chunks, ms, noise, silence, voice

from media.activity import LEAD, PAUSE, Activity, PhraseEnded, PhraseStarted
from media.audio import FRAME, Pcm

HANGOVER = ms(120)
"""Detectors go on for some frames after the voice has stopped."""


def heard(*parts: Pcm, size: int = FRAME) -> list[PhraseStarted | PhraseEnded]:
    activity = Activity()
    return [e for chunk in chunks(np.concatenate(parts), size) for e in activity.feed(chunk)]


def test_a_phrase_begins_before_its_voice_and_ends_after_it() -> None:
    begin, end = heard(silence(ms(500)), voice(ms(800)), silence(ms(600)))
    assert isinstance(begin, PhraseStarted)
    assert ms(500) - LEAD - FRAME <= begin.at <= ms(500) - LEAD + FRAME
    assert isinstance(end, PhraseEnded)
    assert ms(1_300) <= end.at <= ms(1_300) + HANGOVER


def test_a_short_pause_is_within_a_phrase_a_long_one_ends_it() -> None:
    def phrases(pause_ms: float) -> int:
        said = heard(voice(ms(500)), silence(ms(pause_ms)), voice(ms(500)), silence(ms(600)))
        return sum(isinstance(e, PhraseStarted) for e in said)

    assert phrases(200) == 1
    assert phrases(PAUSE / 16 + 160) == 2


def test_silence_is_no_speech() -> None:
    assert heard(silence(ms(3_000))) == []


def test_a_long_talk_ends_soon_after_the_line_goes_dead() -> None:
    activity = Activity()
    activity.feed(voice(ms(10_000)))
    events = activity.feed(silence(PAUSE + ms(200)))
    assert [type(e) for e in events] == [PhraseEnded]
    assert not activity.speaking


@pytest.mark.parametrize("rms", [300, 3_000])
def test_steady_noise_is_no_speech_once_it_is_known(rms: float) -> None:
    activity = Activity()
    hiss = noise(ms(6_000), rms)
    activity.feed(silence(ms(500)))
    activity.feed(hiss[: ms(2_000)])
    assert activity.feed(hiss[ms(2_000) :]) == []
    assert not activity.speaking


def test_steady_noise_from_the_beginning_is_no_speech() -> None:
    assert heard(noise(ms(5_000), 3_000)) == []


def test_speech_10_db_above_steady_noise_is_heard_from_beginning_to_end() -> None:
    said = np.concatenate([silence(ms(3_000)), voice(ms(4_000)), silence(ms(1_000))])
    loudness = float(np.sqrt(np.mean(voice(ms(4_000)).astype(float) ** 2)))
    begin, end = heard(said + noise(len(said), loudness / 10**0.5))
    assert ms(3_000) - LEAD - FRAME <= begin.at <= ms(3_000)
    assert ms(7_000) - FRAME <= end.at <= ms(7_000) + HANGOVER


def test_a_phrase_that_runs_has_begun_and_not_ended() -> None:
    activity = Activity()
    (event,) = activity.feed(voice(ms(1_000)))
    assert isinstance(event, PhraseStarted)
    assert activity.speaking
    assert activity.voiced_until == activity.heard == ms(1_000)


def test_how_the_stream_is_cut_changes_nothing() -> None:
    said = voice(ms(700)), silence(ms(400)), voice(ms(300)), silence(ms(500))
    assert heard(*said, size=333) == heard(*said, size=FRAME) == heard(*said, size=10**6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(20, 900)), min_size=1, max_size=6))
def test_phrases_alternate_in_order_and_never_overlap(drawn: list[tuple[int, int]]) -> None:
    parts = [p for quiet, loud in drawn for p in (silence(ms(quiet)), voice(ms(loud)))]
    events = heard(*parts, silence(PAUSE + HANGOVER + FRAME))
    kinds = [type(e) for e in events]
    assert kinds == [PhraseStarted, PhraseEnded] * (len(events) // 2)
    places = [e.at for e in events]
    assert places == sorted(places)
    assert all(p >= 0 for p in places)


@pytest.mark.parametrize("count", [0, 1, FRAME - 1])
def test_less_than_a_frame_waits(count: int) -> None:
    activity = Activity()
    assert activity.feed(voice(count)) == []
    assert activity.heard == 0
