"""One voice through the inspector, told as the conversation between it and the recogniser."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pytest
from playbook import Playbook
from sounds import ms, silence, tone, voice

from media.audio import RATE, Pcm, Span
from media.clearance import MASKED, Action
from media.entities.recognisers.known import MOST
from media.entities.types import Entity
from media.inspector import (
    DOUBT,
    DOUBT_ASKED,
    FRESH,
    HEARD,
    HOP,
    LAG,
    MEMORY,
    PATIENCE,
    TURN,
    WINDOW,
    Pressed,
)
from media.keys import Keys
from media.recognition import Failed
from media.sensitive import Sensitive
from media.speech.whisper import LONGEST

PASS, MUTE, BLEEP = Action.PASS, Action.MUTE, Action.BLEEP
CARD, PERSON, PHONE = Entity.PAYMENT_CARD, Entity.PERSON, Entity.PHONE
UNSURE = Entity.UNSURE
SHAR = {"SHAR": PERSON}


LONG_PHRASE = "a@520-1000 b@1000-1500 c@1500-2000 d@2000-2500 e@2500-3000 f@3000-3480"


def spoken(duration_ms: float, bound_ms: float = 8_000) -> Playbook:
    """Return a conversation in which, after 500 ms, something was said, and is not answered."""
    play = Playbook(bound_ms)
    play.pause(500)
    play.speak(duration_ms)
    play.pause(400)
    return play


# Silence.


def test_silence_is_released_at_once_as_silence() -> None:
    play = Playbook()
    for _ in range(100):
        play.pause(20)
        assert play.now_ms - play.released_ms <= LAG / 16 + 20
    assert play.actions(0, 1_900) == {MUTE}


def test_noise_that_is_no_speech_is_released_as_silence() -> None:
    play = Playbook()
    play.feed((3 * np.sin(np.arange(RATE))).astype(np.int16))
    assert play.jobs == []
    assert not np.any(play.out)


# While a phrase runs.


def test_nothing_of_a_phrase_is_released_before_a_result() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(3_000)
    assert 380 <= play.released_ms <= 500
    play.pause(2_000)
    assert play.released_ms <= 500


def test_the_recogniser_hears_the_phrase_from_a_little_before_it_hop_by_hop() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(HOP / 16)
    first = play.job
    assert first.span.start <= ms(400)
    assert first.span.end >= ms(500) + HOP - ms(60)
    play.hear("hello@520-800")
    assert play.jobs == []
    play.speak(HOP / 16)
    assert play.job.span.start == first.span.start
    assert play.job.span.end == first.span.end + HOP


def test_no_run_is_asked_for_while_one_is_under_way() -> None:
    play = Playbook()
    play.speak(3_000)
    assert len(play.jobs) == 1
    play.hear("")
    assert play.job.span.end == ms(3_000)


def test_a_word_with_speech_behind_it_is_released_by_one_run() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    assert play.job.span.end == ms(1_500)
    play.hear("hello@520-800 there@800-1080 my@1120-1400")
    assert play.actions(520, 960) == {PASS}
    assert play.released_ms < 1_080


def test_a_worker_that_comes_late_hears_what_was_said_meanwhile() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(HOP / 16)
    asked = play.job
    play.speak(600)
    latest = play.inspector.latest(asked)
    assert (latest.id, latest.at) == (asked.id, asked.at)
    assert latest.span.end == ms(500) + HOP + ms(600)
    play.jobs = [latest]
    play.hear("hello@520-800")
    assert play.action(700) is PASS
    assert play.jobs == [], "nothing was said since"


def test_a_job_that_was_given_up_becomes_nothing_else() -> None:
    play = spoken(600, bound_ms=2_000)
    lost = play.job
    play.pause(3_000)
    assert play.inspector.latest(lost) is lost


def test_words_on_which_two_runs_agree_are_released() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(HOP / 16)
    play.hear("hello@520-700")
    play.speak(HOP / 16)
    assert play.job.span.end < ms(700) + HEARD
    play.hear("hello@520-700 there@720-960")
    assert play.actions(520, 600) == {PASS}
    assert play.released_ms <= 700


def test_runs_that_disagree_release_nothing() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(HOP / 16)
    play.hear("hello@520-700")
    play.speak(HOP / 16)
    play.hear("yellow@520-700 bear@720-960")
    assert play.released_ms <= 500


def test_one_run_alone_releases_nothing_of_its_end() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(HOP / 16)
    play.hear("hello@520-700")
    assert play.released_ms <= 500


def test_what_is_settled_is_not_heard_again() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("hello@520-800 there@800-1200")
    play.speak(400)
    assert [w.plain for w in play.job.context] == ["hello"]
    assert ms(660) <= play.job.cursor <= ms(950)


def test_what_was_heard_in_the_window_is_the_next_run_s_draft() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    assert play.job.draft == ()
    play.hear("")
    play.hear("hello@520-800 there@800-1200")
    play.speak(400)
    assert [w.plain for w in play.job.draft] == ["hello", "there"]


def test_what_the_window_has_left_behind_is_in_no_draft() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(3_500)
    play.hear("")
    play.hear(LONG_PHRASE)
    play.speak(HOP / 16)
    job = play.job
    assert job.at > ms(1_000)
    assert [w.plain for w in job.draft] == [
        w for w in "abcdef" if w in {d.plain for d in job.draft}
    ]
    assert job.draft[0].plain != "a"
    assert job.draft[-1].plain == "f"


def test_one_doubtful_run_is_ignored_while_the_phrase_runs() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("hello@520-800 there@800-1100 my@1100-1400", unsure="loop")
    assert play.released_ms <= 500
    assert play.unsure == []


# What two runs will not let pass, though they hear other words.


def spelled(*heard: str) -> Playbook:
    """Return a conversation in which a name grows from run to run, one every `HOP` from 1 s on."""
    play = Playbook()
    play.pause(500)
    play.speak(500)
    play.hear("")
    for name in heard:
        play.speak(HOP / 16)
        play.hear(f"{name}@520-{play.job.span.end / 16}", finds={name: PERSON})
    return play


def test_a_finding_of_two_runs_is_silenced_early_though_they_hear_other_words() -> None:
    play = spelled("SHA", "SHAR")
    early_ms = play.window_ms - FRESH / 16
    assert play.actions(520, early_ms) == {BLEEP}
    assert play.reason(600) == PERSON
    assert play.action(early_ms) is None
    assert play.said == []


def test_a_finding_of_one_run_waits_for_the_next() -> None:
    assert spelled("SHA").released_ms <= 500


def test_a_finding_that_the_next_run_denies_is_not_silenced_early() -> None:
    play = spelled("SHA")
    play.speak(HOP / 16)
    play.hear(f"shouting@520-{play.now_ms}")
    assert play.released_ms <= 520


def test_a_word_of_which_the_first_part_is_silenced_is_heard_again_whole() -> None:
    play = spelled("SHA", "SHAR", "SHARO")
    play.speak(HOP / 16)
    assert play.job.cursor == ms(520) < play.inspector._hold.settled
    assert play.job.span.start <= ms(500)
    assert play.job.context == ()


def test_a_word_that_is_silenced_part_by_part_is_told_once_as_the_finding() -> None:
    play = spelled("SHA", "SHAR", "SHARO")
    play.pause(500)
    end = play.now_ms - 500
    play.hear_all(f"SHARON@520-{end}", finds={"SHARON": PERSON})
    play.pause(TURN / 16)
    assert play.said == ["<PERSON>"]
    assert play.actions(520, end) == {BLEEP}
    assert [f.value.reveal() for said in play.told for f in said.findings] == ["SHARON"]


def test_words_after_one_that_is_silenced_part_by_part_pass() -> None:
    play = spelled("SHA", "SHAR")
    now = play.now_ms
    play.speak(900)
    play.pause(500)
    play.hear_all(f"SHAR@520-{now} is@{now}-{now + 400} it@{now + 400}-{now + 800}", finds=SHAR)
    play.pause(TURN / 16)
    assert play.said == ["<PERSON> is it"]
    assert play.actions(520, now) == {BLEEP}
    assert play.actions(now + 400, now + 800) == {PASS}


def test_a_word_that_turns_out_harmless_after_most_of_it_was_silenced_is_not_told() -> None:
    play = spelled("SHA", "SHAR", "SHARO")
    play.pause(500)
    play.hear_all("sharing@520-1200 now@1250-1850")
    play.pause(TURN / 16)
    assert play.said == ["<UNSURE> now"]


@pytest.mark.parametrize(
    ("asked", "fresh"), [(frozenset(), DOUBT), (frozenset({PERSON}), DOUBT_ASKED)]
)
def test_what_two_runs_doubt_is_silenced_early_and_told(
    asked: frozenset[Entity], fresh: int
) -> None:
    play = Playbook()
    play.inspector.asked(asked)
    play.pause(500)
    play.speak(2_500)
    play.hear("")
    play.hear("so@520-700 so@700-2000", unsure="loop")
    assert play.released_ms <= 500
    play.speak(HOP / 16)
    play.hear("so@520-700 so@700-2000", unsure="loop")
    doubted_ms = play.window_ms - fresh / 16
    assert play.actions(520, doubted_ms) == {MUTE}
    assert play.action(doubted_ms) is None
    assert [u.reason for u in play.unsure] == ["unsure: loop"]
    assert play.unsure[0].span.end == ms(doubted_ms)


def test_words_that_a_later_run_is_sure_of_pass_though_two_doubted_what_came_before() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(2_500)
    play.hear("")
    play.hear("", unsure="loop")
    play.speak(HOP / 16)
    play.hear("", unsure="loop")
    play.pause(500)
    play.hear_all("my@520-2000 word@2140-2700 yes@2700-3200")
    play.pause(TURN / 16)
    assert play.said[-1].endswith("word yes")
    assert play.actions(2_140, 3_200) == {PASS}


# What is guessed.


def guessed() -> Playbook:
    """Return a conversation of which a run has guessed at three words, old enough to settle."""
    play = Playbook()
    play.pause(500)
    play.speak(2_500)
    play.hear("")
    play.hear("hold@520-700 anita@700-1100 please@1400-1700", **GUESS)
    return play


GUESS: Final[Mapping[str, Any]] = {
    "unsure": "low probability",
    "guess": True,
    "finds": {"anita": UNSURE},
}


def test_old_words_of_a_guess_pass_but_for_those_that_are_no_plain_talk() -> None:
    play = guessed()
    assert play.actions(520, 600) == {PASS}
    assert play.actions(700, 1_100) == {MUTE}
    assert play.actions(1_400, 1_600) == {PASS}
    assert play.reason(900) == UNSURE
    play.pause(TURN / 16)
    play.hear_all("", unsure="no speech")
    assert play.said == ["hold <UNSURE> please"]


def test_young_words_of_a_guess_wait_for_a_run_that_is_surer() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    for _ in range(2):
        play.speak(HOP / 16)
        play.hear("hold@520-700 anita@700-1100", **GUESS)
    assert play.released_ms <= 520
    play.pause(500)
    play.hear_all("hold@520-700 the@700-800 line@800-1100")
    play.pause(TURN / 16)
    assert play.said == ["hold the line"]
    assert play.actions(520, 1_100) == {PASS}


def test_the_end_of_a_phrase_settles_a_guess() -> None:
    play = spoken(600)
    play.hear_all("hold@520-700 anita@700-880 please@880-1080", **GUESS)
    assert play.action(600) is PASS
    assert play.actions(700, 880) == {MUTE}
    assert play.unsure == []


def test_the_recogniser_is_told_where_what_was_guessed_ends() -> None:
    play = guessed()
    play.speak(HOP / 16)
    assert play.job.unheard == ms(1_700)


# When it has ended.


def test_the_last_run_settles_the_phrase() -> None:
    play = spoken(600)
    play.hear_all("hello@520-1080")
    assert play.actions(520, 1_080) == {PASS}
    assert play.said == ["hello"]


def test_a_last_word_passes_to_its_soft_end_that_was_heard_but_is_not_voiced() -> None:
    play = spoken(600)
    play.hear_all("hold@520-700 on@1000-1260")
    assert play.actions(1_000, 1_260) == {PASS}
    assert play.action(1_300) is MUTE


def test_a_run_that_heard_the_whole_phrase_before_it_ended_counts() -> None:
    """A pause of 100 ms mostly ends a phrase: the run over it need not be done again."""
    play = Playbook()
    play.pause(500)
    play.speak(380)
    play.pause(240)
    play.hear_all("hello@520-860")
    assert play.said == []
    play.pause(400)
    assert play.jobs == []
    assert play.said == ["hello"]
    assert play.actions(520, 860) == {PASS}


def test_a_phrase_without_words_is_silenced() -> None:
    play = spoken(600)
    play.hear_all("")
    assert play.released_ms > 1_100
    assert play.actions(0, 1_100) == {MUTE}
    assert play.said == []
    assert play.reason(900) == "no words"


def test_an_unsure_phrase_is_silenced_and_told() -> None:
    play = spoken(600)
    play.hear_all("one@520-700 one@700-900 one@900-1080", unsure="loop")
    assert play.actions(0, 1_200) == {MUTE}
    assert play.said == []
    assert [u.reason for u in play.unsure] == ["unsure: loop"]
    assert play.unsure[0].span.start <= ms(500)
    assert play.unsure[0].span.end >= ms(1_100)


def test_speech_that_no_word_covers_is_silenced() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(3_000)
    play.pause(400)
    play.hear("hello@520-900")
    play.hear("hello@520-900 bye@3100-3480")
    assert play.actions(520, 900) == {PASS}
    assert play.actions(1_300, 3_000) == {MUTE}
    assert play.actions(3_100, 3_480) == {PASS}


# Findings.


def test_a_finding_is_bleeped_with_the_pause_around_it() -> None:
    play = spoken(1_500)
    play.hear_all("i@520-700 am@700-1000 Jane@1300-1600 okay@1800-1990", finds={"Jane": PERSON})
    assert play.actions(1_180, 1_840) == {BLEEP}
    assert play.actions(520, 1_000) == {PASS}
    assert play.actions(1_850, 1_990) == {PASS}
    assert play.said == ["i am <PERSON> okay"]


@pytest.mark.parametrize("action", Action)
def test_what_becomes_of_an_entity_is_the_callers_to_say(action: Action) -> None:
    play = Playbook(actions={PERSON: action})
    play.pause(500)
    play.speak(380)
    play.pause(400)
    play.hear_all("Jane@520-860", finds={"Jane": PERSON})
    assert play.action(700) is action
    assert play.reason(700) == PERSON
    play.pause(1_500)
    assert play.said == ["<PERSON>"]


def test_a_finding_at_the_end_may_grow_and_is_told_when_the_turn_is_over() -> None:
    play = spoken(600)
    play.hear_all("its@520-700 Jane@700-1080", finds={"Jane": PERSON})
    assert play.action(900) is BLEEP
    assert play.said == ["its"]
    play.pause(TURN / 16)
    assert play.said == ["its", "<PERSON>"]


def test_a_finding_that_two_phrases_make_is_told_as_one() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five")
    play.speak(600)
    play.pause(500)
    play.hear_all("six@1520-1700 thanks@1800-2080", finds={"five six": PHONE})
    play.pause(TURN / 16)
    assert play.said == ["call", "<PHONE> thanks"]
    assert BLEEP in play.actions(720, 1_060)
    assert PASS not in play.actions(700, 1_790)


# Words that one run settles and words that the next one does.


def test_words_that_pass_one_after_the_other_pass_whole() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("a@520-800 b@800-1100 c@1100-1400")
    play.pause(400)
    play.hear_all("a@520-800 b@800-1100 c@1100-1400")
    assert play.actions(520, 1_400) == {PASS}


def test_a_last_word_that_is_settled_before_the_phrase_ends_passes_whole() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("a@520-760")
    assert play.action(600) is PASS
    play.pause(400)
    play.hear_all("a@520-760")
    assert play.actions(520, 760) == {PASS}


def test_a_finding_is_widened_into_a_word_that_a_later_run_settles() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("Jane@520-800 here@800-1400", finds={"Jane": PERSON})
    assert play.action(700) is BLEEP
    play.pause(400)
    play.hear_all("Jane@520-800 here@800-1400", finds={"Jane": PERSON})
    assert PASS not in play.actions(800, 950)
    assert play.action(1_200) is PASS


# Open runs.


def test_an_open_run_is_held_over_a_pause() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five")
    assert play.action(600) is None or play.action(540) is PASS
    assert play.action(700) is None
    play.pause(100)
    assert play.action(700) is None
    assert play.released_ms < 700
    assert play.said == ["call"]


def test_an_open_run_that_turns_out_harmless_is_released() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five")
    play.speak(220)
    play.pause(400)
    play.hear_all("people@1520-1720")
    assert play.actions(720, 1_060) == {PASS}
    assert play.actions(1_540, 1_720) == {PASS}
    assert play.said == ["call", "five people"]


def test_after_patience_an_open_run_is_closed_as_if_the_turn_had_ended() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five", at_end={"five": PHONE})
    play.pause(PATIENCE / 16 - 400)
    assert play.action(900) is None
    play.pause(200)
    assert play.actions(720, 1_080) == {BLEEP}
    play.pause(TURN / 16)
    assert play.said == ["call", "<PHONE>"]


def test_after_patience_an_open_run_that_is_nothing_passes() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five")
    play.pause(PATIENCE / 16)
    assert play.actions(720, 1_080) == {PASS}
    play.pause(TURN / 16)
    assert play.said == ["call", "five"]


@pytest.mark.parametrize(
    ("click_ms", "asked", "becomes"),
    [(160, frozenset(), PASS), (160, frozenset({PHONE}), MUTE), (400, frozenset(), MUTE)],
    ids=["click", "click, asked", "longer"],
)
def test_a_click_in_which_nobody_speaks_belongs_to_no_open_run(
    click_ms: float, asked: frozenset[Entity], becomes: Action
) -> None:
    play = spoken(600)
    play.inspector.asked(asked)
    play.hear_all("call@520-700 five@700-1080", open_at="five")
    play.speak(click_ms)
    play.pause(400)
    play.hear_all("you@1520-1680", unsure="no speech")
    assert play.actions(720, 1_080) == {becomes}


def test_an_open_run_is_held_while_the_next_phrase_runs() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five")
    play.speak(400)
    play.speak(1_000)
    assert play.action(900) is None


# When recognition is late, fails or stalls.


def test_failed_recognition_is_tried_again() -> None:
    play = spoken(600)
    play.fail()
    play.pause(200)
    play.hear_all("hello@520-1080")
    assert play.actions(520, 1_080) == {PASS}


def test_recognition_that_fails_at_once_is_not_tried_again_at_once() -> None:
    play = spoken(600)
    tries = 0
    for _ in range(50):
        while play.jobs:
            play.fail()
            tries += 1
        play.pause(20)
    assert 5 <= tries <= 7


def test_what_keeps_failing_is_silenced_at_the_bound() -> None:
    play = spoken(600, bound_ms=2_000)
    for _ in range(200):
        if play.jobs:
            play.fail()
        play.pause(20)
        assert play.now_ms - play.released_ms <= 2_000
    assert play.actions(0, 1_200) == {MUTE}
    assert {u.reason for u in play.unsure} == {"late"}
    assert play.jobs == []


def test_a_recogniser_that_never_answers_silences_and_is_listened_to_again() -> None:
    play = spoken(600, bound_ms=2_000)
    lost = play.job
    play.pause(3_000)
    assert play.actions(0, 1_200) == {MUTE}
    assert play.now_ms - play.released_ms <= 2_000
    play.speak(600)
    play.pause(400)
    assert play.jobs.pop(0) is lost
    play.hear_all("back@4520-5080")
    assert play.actions(4_520, 5_080) == {PASS}
    assert play.said == ["back"]


def test_a_late_answer_to_a_command_given_up_changes_nothing() -> None:
    play = spoken(600, bound_ms=2_000)
    play.pause(3_000)
    play.hear_all("hello@520-1080")
    assert play.actions(0, 4_400) == {MUTE}
    assert play.said == []


def test_an_answer_to_an_older_command_changes_nothing() -> None:
    play = spoken(600)
    play.fail()
    play.pause(200)
    play.answer(Failed(play.job.id - 1, "stale"))
    play.hear_all("hello@520-1080")
    assert play.said == ["hello"]


def test_a_phrase_of_which_half_was_silenced_late_passes_from_there_on() -> None:
    play = Playbook(bound_ms=2_000)
    play.pause(500)
    play.speak(3_000)
    play.pause(400)
    play.hear_all(LONG_PHRASE)
    assert play.actions(0, 1_800) == {MUTE}
    assert play.actions(3_080, 3_480) == {PASS}
    assert play.said[-1].endswith("f")


def test_a_held_open_run_is_silenced_at_the_bound() -> None:
    play = Playbook(bound_ms=1_500)
    play.pause(500)
    play.speak(600)
    play.pause(300)
    play.hear_all("five@520-1080", open_at="five")
    play.speak(2_500)
    assert play.actions(520, 1_080) == {MUTE}
    assert play.now_ms - play.released_ms <= 1_500


def test_the_recogniser_is_told_where_speech_ends_that_was_not_understood() -> None:
    play = spoken(600)
    assert play.job.unheard is None
    play.hear_all("one@520-700 one@700-900 one@900-1080", unsure="loop")
    play.speak(600)
    assert play.job.unheard == play.unsure[-1].span.end
    play.pause(400)
    play.hear_all("four@1520-2080")
    play.pause(9_000)
    play.speak(600)
    play.pause(9_000)
    play.jobs.clear()
    play.speak(600)
    assert play.unsure[-1].reason == "late"
    assert play.job.unheard == play.unsure[-1].span.end


# The end.


def test_closing_flushes_everything() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(600)
    play.close()
    play.hear_all("call@520-700 five@700-1080", open_at="five", at_end={"five": PHONE})
    assert play.inspector.done
    assert len(play.out) == len(play.fed)
    assert play.said[0] == "call"
    assert "".join(play.said).count("<PHONE>") == 1
    assert play.action(1_050) is BLEEP


def test_closing_in_silence_is_done_at_once() -> None:
    play = Playbook()
    play.pause(510)
    assert not play.inspector.done
    play.close()
    assert play.inspector.done
    assert len(play.out) == len(play.fed)


def test_closing_before_anything_was_heard_is_done() -> None:
    play = Playbook()
    play.close()
    assert play.inspector.done


# What travels with a command.


def test_values_found_travel_with_the_next_command() -> None:
    play = spoken(600)
    play.hear_all("its@520-700 Jane@700-1080", finds={"Jane": PERSON})
    play.pause(TURN / 16)
    play.speak(600)
    play.pause(400)
    assert play.job.known == ("Jane",)


def test_the_latest_values_travel_and_one_that_comes_again_is_the_latest() -> None:
    names = [f"N{i}" for i in range(MOST + 1)]
    play = spoken(100 * len(names))
    said = [f"{name}@{520 + 100 * i}-{600 + 100 * i}" for i, name in enumerate(names)]
    play.hear_all(" ".join(said), finds=dict.fromkeys(names, PERSON))
    play.pause(TURN / 16)
    play.speak(600)
    play.pause(400)
    assert play.job.known == tuple(names[1:])
    at = play.now_ms - 900
    play.hear_all(f"N1@{at}-{at + 400}", finds={"N1": PERSON})
    play.pause(TURN / 16)
    play.speak(600)
    play.pause(400)
    assert play.job.known == (*names[2:], "N1")


def test_words_of_the_turn_before_are_context_for_a_while() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080")
    play.pause(TURN / 16)
    play.speak(600)
    play.pause(400)
    assert [w.plain for w in play.job.context] == ["call", "five"]
    play.hear_all("six@2720-3280")
    play.pause(MEMORY / 16)
    play.speak(600)
    play.pause(400)
    assert play.job.context == ()


def test_a_word_of_the_turn_before_is_not_told_again() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080")
    play.pause(TURN / 16)
    play.speak(600)
    play.pause(400)
    at = play.now_ms
    play.hear_all(f"six@{at - 950}-{at - 450}", finds={"five six": PHONE})
    play.pause(TURN / 16)
    assert play.said == ["call five", "<PHONE>"]


def test_questions_add_up_until_they_are_answered() -> None:
    play = Playbook()
    play.inspector.asked(frozenset({PERSON}))
    play.inspector.asked(frozenset({PHONE}))
    play.pause(500)
    play.speak(600)
    play.pause(400)
    assert play.job.asked == {PERSON, PHONE}
    play.hear_all("hello@520-1080")
    play.inspector.asked(frozenset({CARD}))
    play.speak(600)
    play.pause(400)
    assert play.job.asked == {CARD}


def test_a_question_stays_asked_until_the_next() -> None:
    play = Playbook()
    play.inspector.asked(frozenset({PERSON}))
    for _ in range(2):
        play.pause(500)
        play.speak(600)
        play.pause(400)
        assert play.job.asked == {PERSON}
        at = play.now_ms
        play.hear_all(f"well@{at - 960}-{at - 420}")


def test_noise_is_no_answer() -> None:
    play = spoken(600)
    play.inspector.asked(frozenset({PERSON}))
    play.hear_all("")
    play.inspector.asked(frozenset({PHONE}))
    play.speak(600)
    play.pause(400)
    assert play.job.asked == {PERSON, PHONE}


# What is told.


def test_each_word_is_told_once_over_runs_phrases_and_turns() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("a@520-800 b@800-1100")
    play.speak(600)
    play.hear("a@520-800 b@800-1100 c@1100-1400")
    play.pause(400)
    play.hear_all("a@520-800 b@800-1100 c@1100-1400 d@1400-2080")
    play.speak(600)
    play.pause(400)
    play.hear_all("e@2520-3080")
    play.pause(1_500)
    play.speak(600)
    play.pause(400)
    play.hear_all("f@5020-5580")
    play.pause(1_500)
    assert " ".join(play.said).split() == list("abcdef")


def test_words_released_before_an_unsure_end_are_told() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("a@520-800 b@800-1200")
    assert play.action(600) is PASS
    play.pause(400)
    play.hear_all("c@1200-1400 c@1400-1600", unsure="loop")
    play.pause(1_500)
    assert play.said == ["a"]


def test_words_released_before_an_end_without_words_are_told() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(1_000)
    play.hear("")
    play.hear("a@520-800 b@800-1200")
    assert play.action(600) is PASS
    play.pause(400)
    play.hear_all("")
    play.pause(1_500)
    assert play.said == ["a"]


def test_a_finding_bleeped_before_an_unsure_end_is_never_told_as_text() -> None:
    play = spoken(600)
    play.hear_all("hello@520-1080")
    play.speak(1_000)
    play.hear("Jane@1520-1780", finds={"Jane": PERSON})
    play.hear("Jane@1520-1780 and@1780-2300", finds={"Jane": PERSON})
    assert play.action(1_650) is BLEEP
    play.pause(400)
    play.hear_all("and@1780-2300 and@2300-2400", unsure="loop")
    play.pause(1_500)
    assert "Jane" not in " ".join(play.said)


def test_a_word_that_was_silenced_late_is_not_told_as_passed() -> None:
    play = Playbook(bound_ms=2_000)
    play.pause(500)
    play.speak(3_000)
    play.pause(400)
    play.hear_all(LONG_PHRASE)
    play.pause(1_500)
    for said in play.told:
        for word, passed in zip(said.words, said.passed, strict=True):
            assert passed == (play.action(word.middle / 16) is PASS), word.plain


def test_an_open_run_that_was_silenced_late_is_never_told_as_text() -> None:
    play = Playbook(bound_ms=1_500)
    play.pause(500)
    play.speak(600)
    play.pause(400)
    play.hear_all("call@520-700 five@700-1080", open_at="five", at_end={"five": PHONE})
    play.speak(2_500)
    assert play.action(900) is MUTE
    play.pause(400)
    play.hear_all("")
    play.pause(1_500)
    assert "five" not in " ".join(play.said)


def test_an_open_run_that_an_unsure_phrase_ends_is_never_told_as_text() -> None:
    play = spoken(600)
    play.hear_all("call@520-700 five@700-1080", open_at="five", at_end={"five": PHONE})
    play.speak(600)
    play.pause(400)
    play.hear_all("six@1520-2080", unsure="loop")
    assert play.action(900) is MUTE
    play.pause(1_500)
    assert "five" not in " ".join(play.said)


def test_a_word_that_was_silenced_while_its_run_was_under_way_is_not_told_as_passed() -> None:
    play = Playbook(bound_ms=1_000)
    play.pause(500)
    play.speak(600)
    play.hear("a@520-720")
    play.speak(900)
    play.hear("a@520-720 b@800-1080")
    assert play.action(700) is MUTE
    play.pause(400)
    play.hear_all("b@800-1080 c@1200-1900")
    play.pause(1_500)
    assert play.told[0].words[0].plain == "a"
    assert not play.told[0].passed[0]


# Bounds.


def test_a_phrase_that_never_ends_is_recognised_in_windows_of_bounded_length() -> None:
    play = Playbook()
    play.pause(500)
    longest = 0
    for _ in range(100):
        play.speak(400)
        while play.jobs:
            longest = max(longest, len(play.job.pcm))
            play.hear("")
    assert longest <= WINDOW + ms(1_500)


def test_memory_is_bounded_though_the_recogniser_is_away_and_the_phrase_never_ends() -> None:
    play = Playbook(bound_ms=4_000)
    for _ in range(60):
        play.feed(voice(RATE))
    tape = play.inspector._tape
    assert tape.end - tape.start <= WINDOW + RATE


def test_a_recogniser_that_fails_for_good_does_not_keep_a_closed_call_open() -> None:
    play = spoken(600)
    play.close()
    for _ in range(50):
        if play.jobs:
            play.fail()
    assert play.inspector.done
    assert play.actions(0, 1_400) == {MUTE}


def test_how_the_stream_is_cut_changes_little() -> None:
    whole = np.concatenate([silence(ms(500)), voice(ms(600)), silence(ms(400))])
    for size in (ms(20), 333, len(whole)):
        play = Playbook()
        play.feed(whole, size)
        play.hear_all("hello@520-1080")
        assert play.actions(520, 1_080) == {PASS}
        assert play.said == ["hello"]


def test_no_window_is_longer_than_the_recogniser_takes() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(26_000)
    lost = play.job
    play.pause(400)
    play.fail()
    play.pause(200)
    assert play.job.id != lost.id
    assert len(play.job.pcm) <= LONGEST


def test_words_older_than_the_memory_are_no_context_within_one_turn_either() -> None:
    play = Playbook()
    for _ in range(40):
        play.speak(220)
        play.pause(600)
        at = play.now_ms
        play.hear_all(f"so@{at - 780}-{at - 600}")
    play.speak(220)
    play.pause(200)
    oldest = play.job.context[0].span.end
    assert oldest >= len(play.fed) - MEMORY - 2 * RATE


# Keypad tones.


def pressed(duration_ms: float) -> Pcm:
    """Return the tones of the 5."""
    return tone(ms(duration_ms), 770, -15) + tone(ms(duration_ms), 1_336, -15)


def test_keypad_tones_never_pass_even_where_words_were_heard() -> None:
    play = Playbook()
    play.pause(500)
    play.speak(300)
    play.feed(pressed(100))
    play.feed(voice(ms(300), pitch=200))
    play.pause(400)
    play.hear_all("hello@520-1200")
    assert play.pressed == "5"
    assert play.actions(520, 780) == {PASS}
    assert play.actions(800, 900) == {MUTE}
    assert play.actions(930, 1_190) == {PASS}
    assert play.reason(850) == MASKED


def test_a_flat_tone_sounds_in_the_place_of_each_key_where_policy_says_so() -> None:
    play = Playbook(keys=Keys.TONE)
    play.pause(500)
    play.feed(pressed(100))
    play.pause(500)
    play.key("1")
    play.pause(500)
    play.speak(300)
    play.feed(pressed(100))
    play.feed(voice(ms(300), pitch=200))
    play.pause(1_000)
    play.hear_all("hello@1620-2300")
    assert play.actions(500, 600) == {BLEEP}
    assert play.actions(1_100, 1_190) == {BLEEP}
    assert play.actions(1_210, 1_500) == {MUTE}
    assert play.actions(1_900, 2_000) == {BLEEP}
    assert play.reason(550) == play.reason(1_150) == play.reason(1_950) == MASKED
    assert np.count_nonzero(play.out[ms(650) : ms(1_090)]) == 0


def test_keys_typed_in_a_row_are_one_finding_when_no_more_come() -> None:
    play = Playbook()
    play.pause(500)
    for key in "4111111111111111":
        play.key(key)
        play.pause(200)
    assert play.pressed == "4111111111111111"
    play.pause(2_500)
    assert play.typed == []
    play.pause(500)
    (typed,) = play.typed
    assert [w.text.reveal() for w in typed.words] == ["(keys)", "4111111111111111"]
    (finding,) = typed.findings
    assert (finding.entity, finding.reason, finding.first, finding.last) == (CARD, "keypad", 1, 2)
    assert typed.words[1].span == Span(ms(500), ms(500 + 15 * 200))


def test_keys_that_sound_and_come_as_events_are_typed_once() -> None:
    play = Playbook()
    play.pause(500)
    for _ in range(2):
        play.key("5")
        play.feed(pressed(100))
        play.pause(100)
    play.key("#")
    assert play.pressed == "55#"
    assert play.typed[0].findings[0].value.reveal() == "55"


def test_what_is_being_typed_when_the_call_ends_is_a_finding() -> None:
    play = Playbook()
    play.pause(500)
    play.feed(pressed(100))
    play.pause(100)
    play.close()
    assert play.typed[0].findings[0].value.reveal() == "5"


def test_what_is_typed_is_what_was_asked_for() -> None:
    play = Playbook()
    play.inspector.asked(frozenset({Entity.DATE_OF_BIRTH}))
    for key in "01021970#":
        play.key(key)
    assert play.typed[0].findings[0].entity is Entity.DATE_OF_BIRTH


def test_a_pressed_key_is_not_shown() -> None:
    assert "5" not in repr(Pressed(Sensitive("5")))
