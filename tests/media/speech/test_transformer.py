"""The models as ONNX Runtime runs them, beside CTranslate2, which runs the same weights."""

from collections.abc import Callable
from functools import cache

import ctranslate2
import numpy as np
import pytest
from ctranslate2.models import Whisper as Reference
from numpy.typing import NDArray

from gateway.models import whisper_folder
from media.audio import RATE, Pcm
from media.speech.search import log_probabilities
from media.speech.whisper import Whisper

pytestmark = pytest.mark.model

Load = Callable[[str], Whisper]
Read = Callable[[str], Pcm]
MODELS = ["base", "tiny.en"]


@cache
def reference(name: str) -> Reference:
    return Reference(str(whisper_folder(name)), compute_type="float32", intra_threads=1)


def view(values: NDArray[np.float32]) -> ctranslate2.StorageView:
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(values[None]))


def features(whisper: Whisper, pcm: Pcm) -> NDArray[np.float32]:
    mel: NDArray[np.float32] = whisper._model.features(pcm.astype(np.float32) / 32_768, padding=0)
    return mel[:, : mel.shape[1] // 2 * 2]


@pytest.mark.parametrize("name", MODELS)
def test_the_encoder_hears_the_same(whisper: Load, recording: Read, name: str) -> None:
    mel = features(whisper(name), recording("agent/ask_card.wav"))
    ours = whisper(name)._model.transformer.encode(mel)
    theirs = np.array(reference(name).encode(view(mel), to_cpu=True))[0]
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).mean() < 0.1 * np.abs(theirs).mean()


@pytest.mark.parametrize("name", MODELS)
def test_the_decoder_writes_and_times_the_same(whisper: Load, recording: Read, name: str) -> None:
    ours, pcm = whisper(name), recording("agent/ask_card.wav")[: 4 * RATE]
    tokenizer, model = ours._tokenizer("en"), ours._model.transformer
    encoded, frames = ours._heard(pcm, 200)
    remembered = model.remember(encoded)
    start = ours._start(tokenizer, "")
    memory = model.memory(remembered)
    written = ours._write(ours._search.begin(start, memory), memory, 40, 1)
    (theirs,) = reference(name).generate(
        view(encoded), [start], beam_size=1, max_length=80, return_scores=True
    )
    assert list(written.tokens) == theirs.sequences_ids[0]
    assert written.mean == pytest.approx(theirs.scores[0], abs=0.05)
    tokens = ours._align(tokenizer, memory, written, frames, apart=False)
    (aligned,) = reference(name).align(
        view(encoded), tokenizer.sot_sequence, [list(written.tokens)], frames
    )
    begins: dict[int, int] = {}
    for token, row in aligned.alignments:
        begins.setdefault(token, row)
    rows = [abs(token.start - begins[i]) for i, token in enumerate(tokens)]
    assert np.median(rows) <= 1
    assert max(rows) <= 5


@pytest.mark.parametrize("name", MODELS)
def test_tokens_read_at_once_are_foretold_as_one_by_one(
    whisper: Load, recording: Read, name: str
) -> None:
    ours = whisper(name)
    model = ours._model.transformer
    memory = model.memory(model.remember(ours.encoded(recording("caller/t0.wav"))))
    tokens = [*ours._start(ours._tokenizer("en"), " Hello there"), 11, 12, 13]
    at_once = log_probabilities(model.logits(model.step([tokens], model.nothing, memory).states[0]))
    past = model.nothing
    for token, known in zip(tokens, at_once, strict=True):
        step = model.step([[token]], past, memory)
        past = step.past
        one = log_probabilities(model.logits(step.states[0]))[0]
        np.testing.assert_allclose(np.exp(one), np.exp(known), atol=0.02)
    assert past.length == len(tokens)
    assert past.until(2).length == 2


def test_the_tokenizer_knows_its_first_merge(whisper: Load) -> None:
    for name in MODELS:
        tokenizer = whisper(name)._tokenizer("en")
        assert len(tokenizer.encode(" the")) == 1
