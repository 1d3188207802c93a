"""What is made of a caller's voice: told once, acted upon when enough was heard."""

import numpy as np
import pytest

from gateway.voice import ENOUGH_S, Changed, Judged, Measure, Voice
from media.audio import RATE, Pcm
from media.liveness.types import Score, Scored, Verdict
from media.recognition import Failed
from tests.gateway.scene import Odds
from tests.media.sounds import voice

SYNTHETIC, HUMAN = 5.0, -5.0
MEASURES = {Verdict.SYNTHETIC: Measure.END, Verdict.UNSURE: Measure.STEP_UP}


def speak(following: Voice, seconds: int, logit: float | None) -> list[Judged | Changed]:
    """Speak, and let every window have this logit, or none."""
    found: list[Judged | Changed] = []
    pcm: Pcm = voice(seconds * RATE)
    for at in range(0, len(pcm), RATE // 10):
        steps = following.feed(pcm[at : at + RATE // 10])
        for step in steps:  # which grows meanwhile
            if isinstance(step, Score):
                lost = Failed(step.id, "died")
                outcome = lost if logit is None else Scored(step.id, logit, 0.0)
                steps += following.scored(outcome)
            else:
                found.append(step)
    return found


def test_a_verdict_is_told_when_it_is_new() -> None:
    (judged,) = speak(Voice(Odds(), MEASURES), 10, HUMAN)
    assert isinstance(judged, Judged)
    assert judged.assessment.verdict is Verdict.HUMAN


def test_something_is_done_only_when_enough_was_heard() -> None:
    told = [j for j in speak(Voice(Odds(), MEASURES), 10, SYNTHETIC) if isinstance(j, Judged)]
    assert [j.measure for j in told] == [Measure.NOTE, Measure.END]
    assert told[0].assessment.speech_s < ENOUGH_S[Verdict.SYNTHETIC]
    assert told[1].assessment.speech_s >= ENOUGH_S[Verdict.SYNTHETIC]


def test_a_voice_that_cannot_be_judged_is_unsure_and_in_time_acted_upon() -> None:
    told = [j for j in speak(Voice(Odds(), MEASURES), 12, None) if isinstance(j, Judged)]
    assert [(j.assessment.verdict, j.measure) for j in told] == [(Verdict.UNSURE, Measure.STEP_UP)]
    assert told[0].assessment.speech_s >= ENOUGH_S[Verdict.UNSURE]
    assert told[0].assessment.reason


def test_who_has_proven_to_be_a_person_is_left_alone() -> None:
    following = Voice(Odds(), MEASURES)
    speak(following, 2, SYNTHETIC)
    following.settle()
    told = [j for j in speak(following, 10, SYNTHETIC) if isinstance(j, Judged)]
    assert all(j.measure is Measure.NOTE for j in told)
    assert following.measure is Measure.NOTE


def test_what_is_not_named_is_only_noted() -> None:
    told = [j for j in speak(Voice(Odds(), {}), 10, SYNTHETIC) if isinstance(j, Judged)]
    assert [j.measure for j in told] == [Measure.NOTE]


@pytest.mark.parametrize("length", [0, 1, 319, RATE])
def test_silence_is_nothing(length: int) -> None:
    assert Voice(Odds(), MEASURES).feed(np.zeros(length, np.int16)) == []


def test_another_voice_is_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    following = Voice(Odds(), MEASURES)
    speak(following, 6, SYNTHETIC)
    following.settle()
    began = 6 * RATE
    monkeypatch.setattr(
        "media.liveness.change.Change.feed", lambda *_: began if following_is_new() else None
    )
    new = iter([True])

    def following_is_new() -> bool:
        return next(new, False)

    steps = following.feed(voice(8 * RATE))
    found: list[object] = []
    for step in steps:
        if isinstance(step, Score):
            steps += following.scored(Scored(step.id, SYNTHETIC, 0.0, print=np.ones(4)))
        else:
            found.append(step)
    changed = next(step for step in found if isinstance(step, Changed))
    assert changed.score is not None and changed.score > 0.9
    assert any(isinstance(j, Judged) and j.measure is Measure.END for j in found)
