"""What a socket has ears for, and how much of it."""

from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from gateway.webrtc.guard import LONGEST, Allowance, Guard

NAME = "abcd"


def check(username: str) -> bytes:
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.attributes["USERNAME"] = username
    request.add_message_integrity(b"whatever it is")
    return bytes(request)


def answer(request: bytes) -> bytes:
    message = stun.parse_message(request)
    return bytes(stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id))


def admitted(guard: Guard, data: bytes, *, known: bool = False, now: float = 0.0) -> bool:
    return guard.admits_stun(data, known=known, ufrag=NAME, awaited=set(), now=now)


@given(
    per_s=st.floats(1, 1e4),
    at_once=st.floats(1, 1e4),
    waits=st.lists(st.floats(0, 10), max_size=200),
)
def test_never_more_is_allowed_than_at_once_and_what_time_brought(
    per_s: float, at_once: float, waits: list[float]
) -> None:
    allowance = Allowance(per_s, at_once)
    now, taken = 0.0, 0
    for wait in waits:
        now += wait
        taken += allowance.allows(now)
        assert taken <= at_once + per_s * now + 1e-6


def test_an_allowance_is_full_again_after_a_pause() -> None:
    allowance = Allowance(10, 5)
    assert [allowance.allows(0.0) for _ in range(6)] == [True] * 5 + [False]
    assert allowance.allows(0.1)
    assert not allowance.allows(0.1)
    assert [allowance.allows(60.0) for _ in range(6)] == [True] * 5 + [False]


def test_a_flood_of_strangers_leaves_room_for_who_knows_our_name_and_for_the_caller() -> None:
    guard = Guard()
    strangers = sum(admitted(guard, check("nobo:dy")) for _ in range(1_000))
    assert 0 < strangers <= 20
    named = sum(admitted(guard, check(f"{NAME}:them")) for _ in range(1_000))
    assert strangers < named <= 100
    assert admitted(guard, check(f"{NAME}:them"), known=True)
    assert admitted(guard, check(f"{NAME}:them"), now=1.0)


def test_answers_are_taken_to_our_own_questions_only() -> None:
    guard = Guard()
    ours, theirs = answer(check("a:b")), answer(check("a:b"))
    awaited = {ours[8:20]}
    assert guard.admits_stun(ours, known=False, ufrag=NAME, awaited=awaited, now=0.0)
    assert not guard.admits_stun(theirs, known=True, ufrag=NAME, awaited=awaited, now=0.0)


@given(st.binary(min_size=1, max_size=64))
def test_what_is_no_check_is_not_parsed(data: bytes) -> None:
    assert not admitted(Guard(), data) or data[4:8] == b"\x21\x12\xa4\x42"


def test_media_is_bounded_in_length_and_number() -> None:
    guard = Guard()
    assert not guard.admits_media(b"", 0.0)
    assert not guard.admits_media(bytes(LONGEST + 1), 0.0)
    assert guard.admits_media(bytes(LONGEST), 0.0)
    flood = sum(guard.admits_media(b"\x80", at / 10_000) for at in range(100_000))
    assert 10_000 <= flood <= 12_000, "a thousand a second, and two seconds' worth at once"
