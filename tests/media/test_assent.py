"""What tells a clear yes by its sound: its arithmetic, and what it makes of real answers."""

from collections.abc import Callable

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from gateway.models import assent_weights
from media.assent import DILATIONS, LANGUAGES, REACH, SHAPES, WIDTH, Assent
from media.audio import Pcm, centred
from media.channel import g711
from media.networks import packed
from media.speech.whisper import Whisper
from tests.conftest import AUDIO

SIZE = 2 * sum(int(np.prod(shape)) for shape in SHAPES.values())
ANSWERS = yaml.safe_load((AUDIO / "answers" / "answers.yaml").read_text())["answers"]


def random_weights(seed: int) -> dict[str, NDArray[np.float16]]:
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(0, 1 / np.sqrt(shape[-1]), shape).astype("<f2")
        for name, shape in SHAPES.items()
    }


def by_the_book(weights: dict[str, NDArray[np.float16]], x: NDArray[np.float32], at: int) -> float:
    """Return the log-odds, each convolution written out tap by tap and row by row."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    x = np.maximum(x @ w["narrow"].T + w["narrow_bias"], 0)
    for i, dilation in enumerate(DILATIONS):
        made = np.tile(w[f"conv{i}_bias"], (len(x), 1))
        for row in range(len(x)):
            for tap in range(REACH):
                source = row + (tap - REACH // 2) * dilation
                if 0 <= source < len(x):
                    made[row] += w[f"conv{i}"][:, :, tap] @ x[source]
        x = x + np.maximum(made, 0)
    shares = np.exp(x @ w["attend"].T + w["attend_bias"])
    shares /= shares.sum(axis=0)
    mean = shares.T @ x
    spread = np.sqrt(np.maximum(shares.T @ x**2 - mean**2, 1e-4))
    pooled = np.concatenate([mean.ravel(), spread.ravel(), np.eye(len(LANGUAGES))[at]])
    mixed = np.maximum(w["mix"] @ pooled + w["mix_bias"], 0)
    return float((w["tell"] @ mixed + w["tell_bias"])[0])


@pytest.mark.parametrize("rows", [1, 7, 40])
def test_networks_are_reckoned_by_the_book_and_averaged(rows: int) -> None:
    one, other = random_weights(1), random_weights(2)
    encoded = np.random.default_rng(3).normal(0, 1, (rows, WIDTH)).astype(np.float32)
    for at, language in enumerate(LANGUAGES):
        expected = [by_the_book(net, encoded, at) for net in (one, other)]
        told = Assent(packed(one, SHAPES) + packed(other, SHAPES)).score(encoded, language)
        assert told == pytest.approx(np.mean(expected), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("damage", [b"", bytes(SIZE - 2), bytes(SIZE + 1)])
def test_weights_of_another_size_are_refused(damage: bytes) -> None:
    with pytest.raises(ValueError, match="assent"):
        Assent(damage)


def test_a_language_that_it_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="tuple"):
        Assent(packed(random_weights(1), SHAPES)).score(np.zeros((3, WIDTH), np.float32), "fi")


# ---- the network that ships ----


@pytest.fixture(scope="module")
def assent() -> Assent:
    return Assent(assent_weights())


@pytest.mark.model
def test_it_knows_whose_output_it_was_trained_on(
    assent: Assent, whisper: Callable[[str], Whisper]
) -> None:
    assert assent.knows(whisper("base").silence)
    assert not assent.knows(whisper("tiny.en").silence)
    assert not assent.knows(-whisper("base").silence)


@pytest.mark.model
@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["text"] for answer in ANSWERS])
def test_a_clear_yes_is_told_from_all_else(
    assent: Assent,
    whisper: Callable[[str], Whisper],
    recording: Callable[[str], Pcm],
    answer: dict[str, str],
) -> None:
    pcm = recording(f"answers/{answer['file']}")
    for heard in (pcm, g711(pcm, np.random.default_rng(1), snr_db=15)):
        odds = assent.score(whisper("base").encoded(centred(heard)), "en")
        assert (odds > 0) == (answer["label"] == "granted"), odds
