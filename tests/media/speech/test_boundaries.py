"""Where words begin and end by what the encoder hears: the arithmetic, and real words."""

from collections.abc import Callable

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from gateway.models import boundary_weights
from media.audio import Pcm, centred, seconds
from media.channel import CHANNELS
from media.networks import packed
from media.speech.boundaries import DILATIONS, REACH, SHAPES, STEPS, WIDTH, Boundaries, Edges
from media.speech.timing import refine
from media.speech.whisper import Whisper
from tests.conftest import AUDIO

Load = Callable[[str], Whisper]
Read = Callable[[str], Pcm]

TURNS = yaml.safe_load((AUDIO / "caller" / "turns.yaml").read_text())["turns"]


def random_weights(seed: int) -> dict[str, NDArray[np.float16]]:
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(0, 1 / np.sqrt(shape[-1]), shape).astype("<f2")
        for name, shape in SHAPES.items()
    }


def by_the_book(w: dict[str, NDArray[np.float16]], x: NDArray[np.float32]) -> Edges:
    """Return the edges, each convolution written out tap by tap and row by row."""
    x = np.maximum(x @ w["narrow"].T + w["narrow_bias"], 0)
    for i, dilation in enumerate(DILATIONS):
        made = np.tile(w[f"conv{i}_bias"].astype(np.float64), (len(x), 1))
        for row in range(len(x)):
            for tap in range(REACH):
                source = row + (tap - REACH // 2) * dilation
                if 0 <= source < len(x):
                    made[row] += w[f"conv{i}"][:, :, tap] @ x[source]
        x = x + np.maximum(made, 0)
    likely = 1 / (1 + np.exp(-(x @ w["tell"].T + w["tell_bias"])))
    return Edges(np.log(likely[:, :STEPS].ravel()), np.log(likely[:, STEPS:].ravel()))


@pytest.mark.parametrize("rows", [1, 7, 40])
def test_the_network_is_reckoned_by_the_book(rows: int) -> None:
    weights = random_weights(1)
    encoded = np.random.default_rng(3).normal(0, 1, (rows, WIDTH)).astype(np.float32)
    told = Boundaries(packed(weights, SHAPES)).find(encoded)
    for found, expected in zip(told, by_the_book(weights, encoded), strict=True):
        assert found.shape == (rows * STEPS,)
        assert found == pytest.approx(expected, rel=1e-2, abs=1e-2)


def test_what_are_no_weights_of_it_is_refused() -> None:
    with pytest.raises(ValueError, match="the weights of word boundaries are of another size"):
        Boundaries(b"\0\0")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return Boundaries(boundary_weights())


@pytest.mark.model
def test_only_the_encoder_that_it_was_trained_on_is_known(
    boundaries: Boundaries, whisper: Load
) -> None:
    assert boundaries.knows(whisper("base").silence)
    assert not boundaries.knows(whisper("tiny.en").silence)


@pytest.mark.model
@pytest.mark.parametrize("channel", ["clean", "g711", "g711_noise_15db"])
def test_words_are_timed_closer_than_by_the_dips_between_them(
    boundaries: Boundaries, whisper: Load, recording: Read, channel: str
) -> None:
    by_ear: list[float] = []
    by_dips: list[float] = []
    for turn in TURNS:
        pcm = CHANNELS[channel](recording(f"caller/{turn['file']}"), np.random.default_rng(1))
        hypothesis = whisper("base").run(centred(pcm), 0)
        assert hypothesis.encoded is not None
        edges = boundaries.find(hypothesis.encoded)
        truth = {w["word"].strip(".,?").casefold(): w for w in turn["words"]}
        for errors, given in ((by_ear, edges), (by_dips, None)):
            for word in refine(hypothesis.words, pcm, 0, given):
                said = truth.get(word.plain)
                if said and abs(seconds(word.span.start) - said["start_s"]) < 0.3:
                    errors.append(abs(seconds(word.span.start) - said["start_s"]))
    assert len(by_ear) > 40
    assert np.median(by_ear) < 0.02
    assert np.percentile(by_ear, 90) < 0.06 < np.percentile(by_dips, 90)
