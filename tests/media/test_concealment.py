"""What is made up for lost sound goes on from it, fades, and leaves no click."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import RATE, Pcm, level_dbfs
from media.concealment import Concealment
from tests.media.sounds import chunks, ms, noise, tone, voice


def after(pcm: Pcm, rate: int = RATE) -> Concealment:
    concealment = Concealment(rate)
    for chunk in chunks(pcm):
        concealment.heard(chunk)
    return concealment


def steepest(pcm: Pcm) -> int:
    return int(np.abs(np.diff(pcm.astype(int))).max())


@pytest.mark.parametrize("pitch", [80, 120, 190, 240])
def test_a_voice_goes_on_at_its_pitch(pitch: int) -> None:
    pcm = voice(ms(600), pitch)
    made = after(pcm[: ms(300)]).conceal(ms(20))
    assert np.corrcoef(made, pcm[ms(300) : ms(320)])[0, 1] > 0.9


@pytest.mark.parametrize("rate", [8_000, 16_000])
def test_it_fades_within_60_ms(rate: int) -> None:
    pcm = voice(ms(300))
    concealment = after(pcm, rate)
    made = np.concatenate([concealment.conceal(rate // 50) for _ in range(5)])
    levels = [level_dbfs(part) for part in chunks(made, rate // 50)]
    assert levels[0] == pytest.approx(level_dbfs(pcm), abs=6)
    assert levels[0] > levels[1] > levels[2]
    assert levels[3] < level_dbfs(pcm) - 30


def test_lost_sound_begins_and_ends_without_a_click() -> None:
    pcm = tone(ms(400), 300, -12)
    concealment = after(pcm[: ms(200)])
    made = concealment.conceal(ms(20))
    resumed = concealment.heard(pcm[ms(223) : ms(243)])
    whole = np.concatenate([pcm[ms(190) : ms(200)], made, resumed])
    assert steepest(whole) < 1.5 * steepest(pcm)
    assert np.array_equal(resumed[ms(4) :], pcm[ms(227) : ms(243)])


def test_noise_is_as_loud_as_the_background_was() -> None:
    hum = noise(ms(6_000), 120)
    concealment = after(np.concatenate([hum, voice(ms(800))]))
    concealment.conceal(ms(60))
    assert level_dbfs(concealment.comfort(ms(500))) == pytest.approx(level_dbfs(hum), abs=4)


def test_noise_is_as_loud_as_the_far_end_says() -> None:
    concealment = after(voice(ms(300)))
    concealment.describe_noise(50)
    concealment.comfort(ms(20))
    assert level_dbfs(concealment.comfort(ms(500))) == pytest.approx(-50, abs=1)


def test_nothing_was_heard_and_all_but_nothing_is_made_up() -> None:
    assert level_dbfs(Concealment().conceal(RATE)) < -60


def test_what_came_whole_is_untouched() -> None:
    concealment, pcm = Concealment(), voice(ms(300))
    assert all(np.array_equal(concealment.heard(chunk), chunk) for chunk in chunks(pcm))


@given(st.lists(st.tuples(st.sampled_from(["heard", "conceal", "comfort"]), st.integers(0, 700))))
def test_any_order_of_any_lengths_gives_the_lengths(steps: list[tuple[str, int]]) -> None:
    concealment = Concealment()
    loud = np.resize(np.array([32_767, -32_768], np.int16), 700)
    for what, count in steps:
        if what == "heard":
            assert len(concealment.heard(loud[:count])) == count
        else:
            assert len(getattr(concealment, what)(count)) == count


def test_the_same_losses_sound_the_same() -> None:
    assert np.array_equal(after(voice(800)).conceal(RATE), after(voice(800)).conceal(RATE))
