from hypothesis import given
from hypothesis import strategies as st

from media.audio import Span
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.agreement import agreed


def words(text: str) -> list[Word]:
    return [Word(Sensitive(w), Span(i, i + 1)) for i, w in enumerate(text.split())]


def test_runs_agree_up_to_the_first_word_that_differs() -> None:
    assert agreed(words("my card is for"), words("my card is 4111")) == 3
    assert agreed(words("my card"), words("my card is")) == 2
    assert agreed(words("oh my card"), words("my card")) == 0


def test_a_first_run_agrees_with_nothing() -> None:
    assert agreed([], words("my card")) == 0


def test_case_punctuation_and_times_do_not_matter() -> None:
    later = [Word(w.text, Span(900, 901)) for w in words("Hello, it's me!")]
    assert agreed(words("hello its me"), later) == 3


def test_numbers_written_differently_differ() -> None:
    assert agreed(words("four one"), words("4 1")) == 0


texts = st.lists(st.sampled_from(["a", "b", "A,", "12"]), max_size=6).map(" ".join)


@given(texts, texts)
def test_agreement_is_the_longest_common_beginning(one: str, two: str) -> None:
    a, b = words(one), words(two)
    count = agreed(a, b)
    assert count == agreed(b, a)
    assert [w.plain for w in a[:count]] == [w.plain for w in b[:count]]
    if count < min(len(a), len(b)):
        assert a[count].plain != b[count].plain
