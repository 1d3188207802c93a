import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.peaks import peaks


def test_each_bin_holds_its_lowest_and_highest_sample() -> None:
    pcm = np.array([1, -2, 3, 4, -5, 0], dtype=np.int16)
    assert peaks(pcm, 2, 6).tolist() == [[-2, 3], [-5, 4]]


def test_what_is_missing_counts_as_silence() -> None:
    pcm = np.array([7, 7], dtype=np.int16)
    assert peaks(pcm, 2, 4).tolist() == [[7, 7], [0, 0]]


@pytest.mark.parametrize(("bins", "length"), [(0, 4), (2, 1)])
def test_impossible_drawings_are_refused(bins: int, length: int) -> None:
    with pytest.raises(ValueError, match=r"bins|length"):
        peaks(np.zeros(2, dtype=np.int16), bins, length)


@given(st.integers(0, 300), st.integers(1, 40), st.integers(0, 50))
def test_extremes_are_never_lost(size: int, bins: int, extra: int) -> None:
    pcm = np.random.default_rng(size).integers(-32_768, 32_767, size, dtype=np.int16)
    drawn = peaks(pcm, bins, size + extra)
    assert drawn.shape == (bins, 2)
    assert size == 0 or (drawn.min() <= pcm.min() and drawn.max() >= pcm.max())
