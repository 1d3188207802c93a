"""What is said of a voice while it speaks: scores asked for, answers weighed, doubts named."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import FRAME, RATE, Pcm, Seconds
from media.liveness.liveness import LATE, WAITING, Event, Liveness
from media.liveness.types import Assessment, Score, Scored, Verdict, VoiceChanged
from media.recognition import Failed
from tests.media.sounds import chunks, ms, noise, silence, tone, voice

Answer = Callable[[Score], Scored | Failed | None]

HERS = np.array([1, 0], np.float32)
HIS = np.array([0, 1], np.float32)


class Mean:
    """A card whose probability is the mean logit, whatever that means."""

    def calibrate(self, windows: Sequence[Scored], speech_s: Seconds) -> float:
        return sum(window.logit for window in windows) / len(windows)

    def verdict(self, score: float) -> Verdict:
        if score < 0.3:
            return Verdict.HUMAN
        return Verdict.SYNTHETIC if score > 0.7 else Verdict.UNSURE


def human(job: Score) -> Scored:
    return Scored(job.id, 0.1, 0.0)


def synthetic(job: Score) -> Scored:
    return Scored(job.id, 0.9, 0.0)


def talk(
    liveness: Liveness, pcm: Pcm, answer: Answer = human, size: int = FRAME
) -> list[Score | Assessment | VoiceChanged]:
    """Say something to it, answer each score at once, return all that came of it."""
    told: list[Event] = []
    for piece in chunks(pcm, size):
        told += settle(liveness, liveness.feed(piece), answer)
    return told


def settle(liveness: Liveness, events: list[Event], answer: Answer) -> list[Event]:
    told: list[Event] = []
    while events:
        event = events.pop(0)
        told.append(event)
        if isinstance(event, Score):
            outcome = answer(event)
            events += liveness.scored(outcome) if outcome else []
    return told


def scores(told: list[Event]) -> list[Score]:
    return [e for e in told if isinstance(e, Score)]


def assessments(told: list[Event]) -> list[Assessment]:
    return [e for e in told if isinstance(e, Assessment)]


def test_each_second_of_speech_is_scored_over_the_newest_four() -> None:
    told = talk(Liveness(Mean()), voice(6 * RATE))
    assert [len(s.speech) / RATE for s in scores(told)] == [1, 2, 3, 4, 4, 4]
    assert [round(a.speech_s) for a in assessments(told)] == [1, 2, 3, 4, 5, 6]


def test_the_encoder_hears_what_it_has_not_heard_yet() -> None:
    asked = scores(talk(Liveness(Mean()), voice(13 * RATE)))
    assert [second for second, job in enumerate(asked, 1) if job.encode] == [2, 4, 8, 12]


def test_pauses_are_no_speech_and_are_not_scored() -> None:
    said = np.concatenate([part for _ in range(6) for part in (voice(ms(500)), silence(RATE))])
    told = talk(Liveness(Mean()), said)
    assert 2 <= len(scores(told)) <= 4
    assert all(np.mean(s.speech == 0) < 0.4 for s in scores(told))


def test_silence_says_nothing() -> None:
    liveness = Liveness(Mean())
    assert talk(liveness, silence(5 * RATE)) == []
    assert liveness.close() == []
    assert liveness.assessment == Assessment(Verdict.UNSURE, None, 0, 0, 0, "no speech")


def test_a_steady_tone_or_noise_is_no_speech() -> None:
    for sound in (noise(5 * RATE, 1_000), tone(5 * RATE, 440, -20)):
        assert talk(Liveness(Mean()), sound) == []


def test_one_second_of_speech_has_a_score_and_no_verdict() -> None:
    liveness = Liveness(Mean())
    talk(liveness, np.concatenate([voice(RATE), silence(RATE)]), synthetic)
    settle(liveness, liveness.close(), synthetic)
    assert liveness.assessment.verdict is Verdict.UNSURE
    assert liveness.assessment.reason == "too little speech"
    assert liveness.assessment.score == 0.9


def test_what_is_left_at_the_end_is_scored_too() -> None:
    liveness = Liveness(Mean())
    told = talk(liveness, voice(ms(2_700)))
    last = settle(liveness, liveness.close(), human)
    assert [len(s.speech) / RATE for s in scores(told + last)] == [1, 2, 2.7]
    assert liveness.close() == []


def test_the_verdict_is_of_all_windows() -> None:
    liveness = Liveness(Mean())
    talk(liveness, voice(4 * RATE), human)
    assert liveness.assessment.verdict is Verdict.HUMAN
    talk(liveness, voice(3 * RATE), synthetic)
    assert liveness.assessment.verdict is Verdict.UNSURE
    assert liveness.assessment.reason == "the score is between"
    talk(liveness, voice(25 * RATE), synthetic)
    assert liveness.assessment.verdict is Verdict.SYNTHETIC
    assert liveness.assessment.reason == ""


def test_confidence_grows_with_speech() -> None:
    told = assessments(talk(Liveness(Mean()), voice(20 * RATE)))
    confidences = [a.confidence for a in told]
    assert confidences == sorted(confidences)
    assert confidences[0] < 0.2
    assert 0.45 < confidences[3] < 0.55
    assert 0.95 < confidences[-1] < 1


def test_music_and_two_people_at_once_have_no_verdict() -> None:
    liveness = Liveness(Mean())
    talk(liveness, voice(5 * RATE), lambda job: Scored(job.id, 0.9, 0.8))
    assert liveness.assessment.verdict is Verdict.UNSURE
    assert liveness.assessment.reason == "not one voice"


def test_what_is_unfit_has_no_verdict_and_no_confidence_but_a_score() -> None:
    liveness = Liveness(Mean())
    talk(liveness, voice(5 * RATE), lambda job: Scored(job.id, 0.9, 0.0, unfit="clipped"))
    assert liveness.assessment.reason == "clipped"
    assert liveness.assessment.verdict is Verdict.UNSURE
    assert liveness.assessment.score == 0.9
    assert liveness.assessment.confidence == 0


def test_a_key_pressed_in_the_talk_changes_nothing() -> None:
    liveness = Liveness(Mean())
    tones = {2: "tones", 3: "tones"}
    talk(liveness, voice(8 * RATE), lambda job: Scored(job.id, 0.1, 0, tones.get(job.id, "")))
    assert liveness.assessment.verdict is Verdict.HUMAN


def test_a_failing_model_is_named_and_gives_no_verdict() -> None:
    liveness = Liveness(Mean())
    talk(liveness, voice(5 * RATE), lambda job: Failed(job.id, "died"))
    assert liveness.assessment.verdict is Verdict.UNSURE
    assert liveness.assessment.reason == "the model failed: died"
    assert liveness.assessment.score is None
    talk(liveness, voice(10 * RATE), human)
    assert liveness.assessment.verdict is Verdict.HUMAN


def test_a_score_that_is_no_number_is_a_failure() -> None:
    none = float("nan")
    for scored in (
        Scored(0, none, 0.0),
        Scored(0, float("inf"), 0.0),
        Scored(0, 0.5, none),
        Scored(0, 0.5, 0.0, heard=none),
    ):
        liveness = Liveness(Mean())
        talk(liveness, voice(5 * RATE), lambda job, scored=scored: replace(scored, id=job.id))  # type: ignore[misc]
        assert liveness.assessment.reason == "the model failed: no number"


def test_an_answer_that_never_comes_does_not_stop_the_stream() -> None:
    liveness = Liveness(Mean())
    told = talk(liveness, voice(LATE + 5 * RATE), lambda job: None)
    assert len(scores(told)) > WAITING
    assert liveness.assessment.reason == "the model failed: no answer"
    first = scores(told)[0]
    assert liveness.scored(human(first)) == [], "an answer after its time changes nothing"


def test_at_most_two_scores_are_under_way() -> None:
    liveness = Liveness(Mean())
    told = talk(liveness, voice(8 * RATE), lambda job: None)
    assert len(scores(told)) == WAITING
    for job in scores(told):
        liveness.scored(human(job))
    assert scores(talk(liveness, voice(RATE)))


def print_of(job: Score) -> np.ndarray:
    """Tell the two voices of these tests apart by the pitch they have at the end."""
    end = job.speech[-RATE // 2 :].astype(np.float64)
    top = int(np.abs(np.fft.rfft(end))[:125].argmax()) * 2
    return HERS if abs(top - 200) < 30 else HIS


def told_apart(job: Score) -> Scored:
    hers = print_of(job) is HERS
    return Scored(job.id, 0.1 if hers else 0.9, 0.0, print=HERS if hers else HIS)


def test_another_voice_is_told_of_and_judged_by_itself() -> None:
    liveness = Liveness(Mean())
    told = talk(liveness, np.concatenate([voice(8 * RATE, 200), voice(8 * RATE, 140)]), told_apart)
    (change,) = [e for e in told if isinstance(e, VoiceChanged)]
    assert abs(change.at - 8 * RATE) < 1.5 * RATE
    after = told[told.index(change) + 1]
    assert isinstance(after, Assessment)
    assert (after.verdict, after.speech_s) == (Verdict.UNSURE, 0)
    before = [a.verdict for a in assessments(told[: told.index(change)])]
    assert Verdict.HUMAN in before and Verdict.SYNTHETIC not in before
    assert liveness.assessment.verdict is Verdict.SYNTHETIC
    assert 7 < liveness.assessment.speech_s < 9


def test_one_print_that_is_unlike_the_others_is_no_other_voice() -> None:
    def cough(job: Score) -> Scored:
        return Scored(job.id, 0.1, 0.0, print=HIS if job.id == 6 else HERS)

    told = talk(Liveness(Mean()), voice(12 * RATE), cough)
    assert not [e for e in told if isinstance(e, VoiceChanged)]


def test_an_answer_about_the_voice_before_changes_nothing() -> None:
    liveness = Liveness(Mean())

    def late(job: Score) -> Scored | None:
        return None if job.id == 9 else told_apart(job)

    talk(liveness, np.concatenate([voice(8 * RATE, 200), voice(6 * RATE, 140)]), late)
    now = liveness.assessment
    assert liveness.scored(Scored(9, 0.0, 0.0)) == []
    assert liveness.assessment is now


@settings(max_examples=40, deadline=None)
@given(
    parts=st.lists(
        st.one_of(
            st.tuples(st.just("voice"), st.integers(90, 300), st.integers(1, 3 * RATE)),
            st.tuples(st.just("noise"), st.integers(0, 20_000), st.integers(1, RATE)),
            st.tuples(st.just("silence"), st.just(0), st.integers(1, 2 * RATE)),
        ),
        max_size=5,
    ),
    sizes=st.lists(st.integers(99, RATE), min_size=1, max_size=8),
)
def test_any_stream_in_any_pieces_gives_the_same(
    parts: list[tuple[str, int, int]], sizes: list[int]
) -> None:
    sounds = {"voice": voice, "noise": noise, "silence": lambda count, _: silence(count)}
    pcm = np.concatenate([silence(0), *(sounds[k](count, how) for k, how, count in parts)])
    whole = Liveness(Mean())
    expected = talk(whole, pcm, told_apart)
    liveness, told, at, turn = Liveness(Mean()), list[Event](), 0, 0
    while at < len(pcm):
        size = sizes[turn % len(sizes)]
        told += settle(liveness, liveness.feed(pcm[at : at + size]), told_apart)
        at, turn = at + size, turn + 1
    assert assessments(told) == assessments(expected)
    assert assessments(settle(liveness, liveness.close(), told_apart)) == (
        assessments(settle(whole, whole.close(), told_apart))
    )
    assert liveness.assessment == whole.assessment


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=60_000), st.integers(1, 4_000))
def test_any_samples_are_taken(data: bytes, size: int) -> None:
    pcm = np.frombuffer(data[: len(data) // 2 * 2], np.int16)
    liveness = Liveness(Mean())
    told = talk(liveness, pcm, human, size)
    told += settle(liveness, liveness.close(), human)
    assert all(0 <= a.confidence < 1 for a in assessments(told))
