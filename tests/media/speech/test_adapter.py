"""An encoder that hears through noise: what changes of it, and what it hears."""

from collections.abc import Callable

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from gateway.models import adapter_weights
from media.audio import Pcm, centred
from media.channel import CHANNELS
from media.networks import packed
from media.speech.adapter import ORIGIN, SHAPES, Adapter, linears
from media.speech.weights import Weights
from media.speech.whisper import Whisper
from tests.conftest import AUDIO

Load = Callable[[str], Whisper]
Read = Callable[[str], Pcm]

TURNS = yaml.safe_load((AUDIO / "caller" / "turns.yaml").read_text())["turns"]


def model(seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    weights = {name: rng.normal(0, 0.1, (out, taken)) for name, out, taken in linears()}
    made = {f"{name}/weight": weight.astype(np.float16) for name, weight in weights.items()}
    return {**made, ORIGIN: rng.normal(0, 1, SHAPES["origin"]).astype(np.float16)}


def random_adapter(seed: int, origin: Weights) -> tuple[dict[str, NDArray[np.float16]], Adapter]:
    rng = np.random.default_rng(seed)
    arrays = {name: rng.normal(0, 0.1, shape).astype("<f2") for name, shape in SHAPES.items()}
    arrays["origin"] = origin[ORIGIN]
    return arrays, Adapter(packed(arrays, SHAPES))


def test_a_product_of_narrow_matrices_is_added_to_each_layer_and_the_rest_takes_its_place() -> None:
    weights = model(1)
    arrays, adapter = random_adapter(2, weights)
    adapted = adapter.adapted(weights)
    for name, _, _ in linears():
        up, down = (arrays[f"{name}/{part}"].astype(np.float32) for part in ("up", "down"))
        wanted = weights[f"{name}/weight"].astype(np.float32) + up @ down
        assert np.allclose(adapted[f"{name}/weight"], wanted, atol=1e-5)
        assert np.array_equal(adapted[f"{name}/bias"], arrays[f"{name}/bias"])
    assert np.array_equal(adapted[ORIGIN], arrays[ORIGIN])


def test_another_model_is_not_changed() -> None:
    _, adapter = random_adapter(2, model(1))
    assert not adapter.knows(model(3))
    assert not adapter.knows({})
    with pytest.raises(ValueError, match="another model"):
        adapter.adapted(model(3))


@pytest.mark.parametrize("content", [b"", b"\0" * 100, adapter_weights() * 2])
def test_a_file_of_another_size_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="another size"):
        Adapter(content)


@pytest.mark.model
def test_tiny_has_no_encoder_for_noise_and_base_has(whisper: Load) -> None:
    assert whisper("base")._model.transformer.hears_in_noise
    assert not whisper("tiny.en")._model.transformer.hears_in_noise


@pytest.mark.model
def test_what_is_heard_in_noise_is_nearer_to_what_is_heard_without(
    whisper: Load, recording: Read
) -> None:
    base = whisper("base")
    for turn in TURNS:
        pcm = centred(recording(f"caller/{turn['file']}"))[: 4 * 16_000]
        clear, frames = base.heard(pcm, 200)
        spoilt = CHANNELS["g711_noise_5db"](pcm, np.random.default_rng(1))
        off = [
            float(np.mean((base.heard(spoilt, 200, noisy=noisy)[0] - clear)[: frames // 2] ** 2))
            for noisy in (False, True)
        ]
        assert off[1] < 0.8 * off[0], turn["file"]
