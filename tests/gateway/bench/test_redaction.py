"""The gate on the simulated clock; without models, so that only silence goes through it."""

from itertools import pairwise

import numpy as np
import pytest

from gateway.bench.redaction import gated
from gateway.engine.worker import Answer
from media.audio import FRAME, RATE, seconds
from media.recognition import Recognise
from tests.media.sounds import silence


def unneeded(job: Recognise) -> Answer:
    raise AssertionError("nobody speaks")


@pytest.mark.parametrize("count", [2 * RATE, 2 * RATE + 77])
@pytest.mark.parametrize("asked", [False, True], ids=["one channel", "two channels"])
def test_silence_comes_out_in_frames_each_as_it_comes(count: int, asked: bool) -> None:
    outcome, _ = gated(unneeded, silence(count), silence(count) if asked else None)
    assert np.array_equal(outcome.out, silence(count))
    assert (outcome.compute_s, outcome.found) == (0, [])
    spans = [span for span, _ in outcome.released]
    assert (spans[0].start, spans[-1].end) == (0, count)
    assert all(a.end == b.start for a, b in pairwise(spans))
    behind = [at_s - seconds(span.end) for span, at_s in outcome.released]
    assert min(behind) >= 0
    # The start of a word is not known before its third frame.
    assert max(behind) < seconds(3 * FRAME)
