"""What is typed: each press once, and what those in a row are together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import ms

from media.clearance import Action
from media.dtmf import KEYS
from media.entities.types import Entity
from media.keys import ENDS, MOST, SAME, Keys, Presses, Run, Typing, classify

ALL = "".join(KEYS)
NOTHING_ASKED: frozenset[Entity] = frozenset()


def typed(keys: str, every_ms: float = 300) -> tuple[Typing, list[Run]]:
    typing, runs = Typing(), []
    for i, key in enumerate(keys):
        run = typing.press(key, ms(i * every_ms), NOTHING_ASKED)
        runs += [run] if run else []
    return typing, runs


def values(runs: list[Run]) -> list[str]:
    return [run.finding.value.reveal() for run in runs]


def test_a_press_that_comes_both_ways_is_new_once() -> None:
    presses = Presses()
    assert presses.new("5", 0, event=True)
    assert not presses.new("5", ms(45), event=False)
    assert presses.new("5", ms(200), event=False)
    assert not presses.new("5", ms(220), event=True)


def test_presses_of_one_way_are_all_new() -> None:
    presses = Presses()
    assert all(presses.new("5", ms(at), event=True) for at in range(0, 900, 90))


def test_another_key_and_the_same_much_later_are_new() -> None:
    presses = Presses()
    assert presses.new("5", 0, event=True)
    assert presses.new("6", ms(45), event=False)
    assert presses.new("5", SAME, event=False)


def test_the_last_key_completes_a_run() -> None:
    typing, runs = typed("12#34#")
    assert values(runs) == ["12", "34"]
    assert typing.complete(NOTHING_ASKED) is None


def test_a_run_is_complete_when_no_key_follows() -> None:
    typing, runs = typed("12")
    assert runs == []
    assert typing.rest(ms(300) + ENDS - 1, NOTHING_ASKED) is None
    run = typing.rest(ms(300) + ENDS, NOTHING_ASKED)
    assert run is not None
    assert (run.words[1].span.start, run.words[1].span.end) == (0, ms(300))
    assert typing.rest(ms(9_000), NOTHING_ASKED) is None


def test_keys_without_a_digit_are_no_finding() -> None:
    typing, runs = typed("*#ABCD*#")
    assert runs == []
    assert typing.complete(NOTHING_ASKED) is None


@given(st.text(ALL, max_size=300))
def test_every_digit_is_in_one_finding_and_none_is_longer_than_may_be(keys: str) -> None:
    typing, runs = typed(keys)
    last = typing.complete(NOTHING_ASKED)
    found = values([*runs, *([last] if last else [])])
    assert "".join(c for c in "".join(found) if c.isdigit()) == "".join(
        c for c in keys if c.isdigit()
    )
    assert all(len(value) <= MOST for value in found)


@pytest.mark.parametrize(
    ("digits", "entity"),
    [
        ("4111111111111111", Entity.PAYMENT_CARD),
        ("4111111111111112", Entity.PAYMENT_CARD),
        ("378282246310005", Entity.PAYMENT_CARD),
        ("2025550143", Entity.PHONE),
        ("78701", Entity.ZIP),
        ("4921", Entity.PASSWORD),
        ("1", Entity.PASSWORD),
        ("1" * 40, Entity.PAYMENT_CARD),
    ],
)
def test_digits_are_what_their_checksum_or_length_says(digits: str, entity: Entity) -> None:
    assert classify(digits, NOTHING_ASKED, None)[0] is entity


def test_digits_are_what_was_asked_for_but_for_a_card() -> None:
    asked = frozenset({Entity.US_SSN})
    assert classify("6789", asked, None)[0] is Entity.US_SSN
    assert classify("4111111111111111", asked, None)[0] is Entity.PAYMENT_CARD


def test_a_card_is_followed_by_its_code_and_expiry() -> None:
    assert classify("123", NOTHING_ASKED, Entity.PAYMENT_CARD)[0] is Entity.CVV
    assert classify("0428", NOTHING_ASKED, Entity.PAYMENT_CARD)[0] is Entity.CARD_EXPIRY


def test_nothing_typed_is_shown() -> None:
    _, (run,) = typed("4921#")
    assert "4921" not in repr(run)


def test_what_becomes_of_keys_is_told_as_of_other_findings() -> None:
    assert [k.action for k in Keys] == [Action.MUTE, Action.MUTE, Action.BLEEP, Action.PASS]
