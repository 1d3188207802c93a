"""The models as ONNX Runtime runs them, beside CTranslate2, which runs the same weights."""

from collections.abc import Callable
from functools import cache

import ctranslate2
import numpy as np
import pytest
from ctranslate2.models import Whisper as Reference
from numpy.typing import NDArray

from gateway.engine.worker import load_whisper
from gateway.models import whisper_folder
from media.audio import RATE, Pcm
from media.speech.graphs import extremes
from media.speech.search import log_probabilities
from media.speech.transformer import LARGEST, _session, overflows
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


def plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ")


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
    encoded, frames = ours.heard(pcm, 200)
    remembered = model.remember(encoded)
    start = ours._start(tokenizer, "")
    memory = model.memory(remembered)
    written = ours._write(ours._search.begin(start, memory), memory, 40, 1)
    (theirs,) = reference(name).generate(
        view(encoded), [start], beam_size=1, max_length=80, return_scores=True
    )
    assert list(written.tokens) == theirs.sequences_ids[0]
    assert written.mean == pytest.approx(theirs.scores[0], abs=0.05)
    tokens = ours._align(tokenizer, memory, written, frames, apart=False, told=False)
    (aligned,) = reference(name).align(
        view(encoded), tokenizer.sot_sequence, [list(written.tokens)], frames
    )
    begins: dict[int, int] = {}
    for token, row in aligned.alignments:
        begins.setdefault(token, row)
    rows = [abs(token.start - begins[i]) for i, token in enumerate(tokens)]
    assert np.median(rows) <= 1
    assert max(rows) <= 3
    told = ours._align(tokenizer, memory, written, frames, apart=False, told=True)
    for token, probability in zip(told, aligned.text_token_probs, strict=True):
        assert token.probability == pytest.approx(probability, abs=0.15)


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


def test_the_likeliest_readings_are_the_same(whisper: Load, recording: Read) -> None:
    ours = whisper("base")
    tokenizer, model = ours._tokenizer("en"), ours._model.transformer
    encoded = ours.encoded(recording("caller/t0.wav"))
    memory = model.memory(model.remember(encoded))
    start = ours._start(tokenizer, "Is that fine?")
    begun = ours._search.begin(start, memory)
    written = ours._search.several(begun, memory, 40, 5, by_mean=True)[0]
    (theirs,) = reference("base").generate(
        view(encoded), [start], beam_size=5, max_length=80, return_no_speech_prob=True
    )
    text, theirs_text = (
        tokenizer.decode(tokens) for tokens in (written.tokens, theirs.sequences_ids[0])
    )
    assert plain(text) == plain(theirs_text)
    told = log_probabilities(begun.told[start.index(tokenizer.sot)])
    no_speech = float(np.exp(told[tokenizer.no_speech]))
    assert no_speech == pytest.approx(theirs.no_speech_prob, abs=0.03)


def test_more_tokens_than_there_are_places_for_are_refused(whisper: Load) -> None:
    model = whisper("tiny.en")._model.transformer
    memory = model.memory(model.remember(np.zeros((10, 384), np.float32)))
    step = model.step([[1] * 447], model.nothing, memory)
    with pytest.raises(ValueError, match="449 tokens"):
        model.step([[1, 1]], step.past, memory)


def test_products_of_eight_bits_do_not_overflow() -> None:
    """On processors without VNNI 255 x 127, twice, is more than 16 bits hold."""
    session = _session(extremes(), careful=overflows())
    (product,) = session.run(None, {"x": LARGEST})
    assert (product == 255 * 127 * 64).all()


def test_a_careful_encoder_hears_the_same(
    whisper: Load, recording: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.speech.transformer.overflows", lambda: True)
    careful = load_whisper(whisper_folder("tiny.en"))
    pcm = recording("answers/no_i_do_not_agree.wav")
    ours, theirs = careful.run(pcm, 0), whisper("tiny.en").run(pcm, 0)
    assert [w.plain for w in ours.words] == [w.plain for w in theirs.words]


def test_the_tokenizer_knows_its_first_merge(whisper: Load) -> None:
    for name in MODELS:
        tokenizer = whisper(name)._tokenizer("en")
        assert len(tokenizer.encode(" the")) == 1
