import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from media.audio import Span
from media.tape import Tape

feeds = st.tuples(st.just("feed"), st.integers(0, 90_000))
forgets = st.tuples(st.just("forget"), st.integers(-10, 400_000))


@given(st.lists(st.one_of(feeds, forgets), max_size=12), st.data())
def test_a_tape_reads_like_the_array_that_was_fed(
    steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    tape, whole, kept = Tape(), np.zeros(0, np.int16), 0
    for what, number in steps:
        if what == "feed":
            fed = (np.arange(len(whole), len(whole) + number) % 30_011 + 1).astype(np.int16)
            whole = np.concatenate([whole, fed])
            tape.feed(fed)
        else:
            kept = max(kept, min(number, len(whole)))
            tape.forget(number)
        assert (tape.start, tape.end) == (kept, len(whole))
        a, b = sorted(data.draw(st.tuples(*[st.integers(-5, len(whole) + 5)] * 2)))
        assert np.array_equal(tape.read(Span(a, b)), whole[max(a, kept) : max(b, kept)])


def test_what_is_read_is_a_copy() -> None:
    tape = Tape()
    tape.feed(np.ones(10, np.int16))
    tape.read(Span(0, 10))[:] = 7
    assert np.array_equal(tape.read(Span(0, 10)), np.ones(10, np.int16))


def test_what_is_forgotten_is_wiped() -> None:
    tape = Tape()
    tape.feed(np.full(1_000, 7, np.int16))
    tape.forget(400)
    assert np.count_nonzero(tape._buffer == 7) == 600


def test_memory_is_bounded_by_what_is_kept() -> None:
    tape = Tape()
    for _ in range(2_000):
        tape.feed(np.ones(320, np.int16))
        tape.forget(tape.end - 16_000)
    assert len(tape._buffer) <= 1 << 16
