"""What speaks for a yes: its sound, and all that the words may have been."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.answers.evidence import LIMIT, evidence, features
from media.audio import RATE, Span
from media.recognition import Impression
from media.sensitive import Sensitive
from media.speech.whisper import Reading

SHORT = Span(0, 4 * RATE // 5)
TEXTS = st.sampled_from((" Yes.", " No.", " Sure.", " You are.", " Yes, but later.", ""))
BELIEFS = st.floats(-40, 0)
IMPRESSIONS = st.builds(
    Impression,
    st.floats(-100, 100),
    st.integers(0, 6 * RATE).map(lambda end: Span(0, end)),
    st.lists(st.builds(Reading, st.builds(Sensitive, TEXTS), BELIEFS), max_size=8).map(tuple),
)


def reading(text: str, share: float) -> Reading:
    return Reading(Sensitive(text), math.log(share))


def test_readings_that_mean_the_same_are_believed_in_together() -> None:
    heard = (reading(" Yes.", 0.25), reading(" Yes!", 0.25), reading(" Guess.", 0.125))
    sound, yes, other, _ = features(Impression(2.0, SHORT, heard), "en")
    assert (sound, yes, other) == (2.0, math.log(0.5), math.log(0.125))


def test_what_a_yes_is_depends_on_the_language() -> None:
    heard = Impression(0.0, SHORT, (reading(" Ja.", 0.5), reading(" Oui.", 0.25)))
    assert features(heard, "de")[1:3] == (math.log(0.5), math.log(0.25))
    assert features(heard, "fr")[1:3] == (math.log(0.25), math.log(0.5))


def test_a_yes_behind_all_readings_is_believed_in_less_than_the_last_of_them() -> None:
    heard = (reading(" Guess.", 0.5), reading(" Chess.", 0.01))
    _, yes, _, read = features(Impression(0.0, SHORT, heard), "en")
    assert yes == math.log(0.01) - 1
    assert not read


def test_a_yes_that_leaves_out_most_of_what_was_said_is_none() -> None:
    short = Impression(9.0, SHORT, (reading(" Yes.", 0.5), reading(" Guess.", 0.1)))
    assert evidence(short, "en") > 0
    assert evidence(replace(short, span=Span(0, 5 * RATE // 2)), "en") <= 0


@given(IMPRESSIONS)
def test_whatever_is_heard_the_evidence_is_finite_and_what_is_extreme_has_an_end(
    heard: Impression,
) -> None:
    assert math.isfinite(evidence(heard, "en"))
    sound, yes, other, _ = features(heard, "en")
    assert -LIMIT <= sound <= LIMIT
    assert -LIMIT <= yes <= 0
    assert -LIMIT <= other <= 0


@given(IMPRESSIONS)
def test_where_no_reading_is_a_yes_nothing_speaks_for_one(heard: Impression) -> None:
    none = tuple(each for each in heard.readings if "Yes." not in each.text.reveal())
    none = tuple(each for each in none if "Sure." not in each.text.reveal())
    assert evidence(Impression(heard.sound, SHORT, none), "en") <= 0


@given(IMPRESSIONS, st.floats(0.1, 50))
def test_what_sounds_more_like_a_yes_speaks_no_less_for_one(heard: Impression, by: float) -> None:
    louder = replace(heard, sound=heard.sound + by)
    assert evidence(louder, "en") >= evidence(heard, "en")


@given(IMPRESSIONS.filter(lambda heard: heard.readings))
def test_another_reading_that_is_no_yes_speaks_against_one(heard: Impression) -> None:
    least = min(each.log_probability for each in heard.readings)
    more = (*heard.readings, Reading(Sensitive(" The weather."), least))
    assert evidence(replace(heard, readings=more), "en") <= evidence(heard, "en") + 1e-9
