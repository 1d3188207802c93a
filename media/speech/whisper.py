"""Whisper over a short window: what a stretch of speech says, and when.

Stock Whisper encodes 30 s whatever it is given. Here the encoder sees the speech and `PAD` of
silence only, and the decoder sees behind it the *remembered silence*: the encoder's output for a
window of nothing, computed once. It was trained to stop on that; without it, it repeats itself.
The silence in both is the floor value of the log-mel features, which is what true silence gives,
not zero samples.

Words are timed by the decoder's cross-attention (dynamic time warping, Radford et al. 2022,
section 3.3; `ctranslate2.models.Whisper.align`). Pure computation: the model is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import ctranslate2
import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Samples, Span, seconds
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.encoder import Rows
from media.speech.guard import CLEAR_DB, CONTRARY, NEARLY, NOISY_DB, SILENT, Token, clarity, judge
from media.speech.quieten import quietened

HOP: Final = 160
"""Samples of one feature frame (10 ms); the encoder makes one position of two frames."""

POSITIONS: Final = 1_500
"""Encoder positions of the 30 s window that the model was trained on."""

REMEMBERED: Final = 300
"""Encoder positions (20 ms each) of remembered silence: the end of the window, where the decoder
learned to stop. All 1,500 cost half as much again and hear no better."""

PAD: Final = 200
"""Feature frames (10 ms each) of silence after the speech."""

POSITION: Final = 2 * HOP
"""Samples of one encoder position (20 ms)."""

BIAS: Final = RATE * 50 // 1_000
"""Samples by which attention comes too early, measured against a synthesiser's own durations."""

BEAMS: Final = 5
"""Readings that are followed at once where the first that came was doubtful."""

READINGS: Final = 8
"""Ways to read an answer that are told."""

MOST_TOKENS: Final = 448
"""Tokens that the decoder takes."""

ROOM: Final = MOST_TOKENS - 8
"""What the tokens that say what to do leave of them for words."""

LONGEST: Final = 24 * RATE
"""The longest stretch of speech, in samples, that one run takes."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one run made of a window.

    `words` have spans in the caller's sample time. `unsure` is a reason to trust none of it
    ("loop", "low probability", …), or None. `encoded` is what the encoder made of the speech, where
    there was any.
    """

    words: tuple[Word, ...]
    unsure: str | None = None
    encoded: Rows | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a stretch of speech, and its log probability."""

    text: Sensitive[str]
    log_probability: float


class Whisper:
    """Run a faster-whisper model over short windows.

    Args:
        model: a loaded `faster_whisper.WhisperModel` (CPU, int8, one thread).
        language: ISO 639-1 code of a language that will be heard beside English.

    Raises:
        ValueError: when the model does not know the language.
    """

    def __init__(self, model: Any, language: str = "en") -> None:
        self._model = model.model
        self._features = model.feature_extractor
        self._vocabulary = model.hf_tokenizer
        self._tokenizers: dict[str, Any] = {}
        tokenizer = self._tokenizer(language)
        # Symbols that are no words (music notes, brackets) and special tokens are never written.
        special = {
            tokenizer.transcribe,
            tokenizer.translate,
            tokenizer.sot,
            tokenizer.sot_prev,
            tokenizer.sot_lm,
            tokenizer.no_speech,
        }
        self._suppressed = sorted({*tokenizer.non_speech_tokens, *special})
        self._silence = self._remember_silence()

    def _tokenizer(self, language: str) -> Any:
        """Return what tells the decoder the language, and makes words of what it writes."""
        if language not in self._tokenizers:
            multilingual: bool = self._model.is_multilingual
            if language != "en" and not multilingual:
                raise ValueError(f"the recognition model speaks English only, not {language!r}")
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[language] = Tokenizer(
                self._vocabulary, multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _remember_silence(self) -> NDArray[np.float32]:
        """Encode 30 s of nothing; return its end, of shape (1, REMEMBERED, model width)."""
        nothing: NDArray[np.float32] = self._features(np.zeros(RATE, np.float32))
        window = np.full((nothing.shape[0], 2 * POSITIONS), nothing.min(), np.float32)
        return self._encode(window)[:, -REMEMBERED:]

    def _encode(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        out: NDArray[np.float32] = np.array(self._model.encode(_view(mel[None]), to_cpu=True))
        return out

    def _heard(self, pcm: Pcm, silence: int) -> tuple[NDArray[np.float32], int]:
        """Return the encoder's output (1, positions, width), and how many frames are speech.

        At least `silence` frames follow it in the window, as far as that is not full.
        """
        mel = self._features(pcm.astype(np.float32) / 32_768, padding=0)
        frames = mel.shape[1]
        width = min(2 * POSITIONS, frames + silence + (frames + silence) % 2)
        window = np.full((mel.shape[0], width), mel.min(), np.float32)
        window[:, :frames] = mel[:, :width]
        return self._encode(window), frames

    def encoded(self, pcm: Pcm, *, padded: bool = True) -> NDArray[np.float32]:
        """Return what the encoder makes of `pcm` (16 kHz): a row for each 20 ms, model width.

        Unless `padded` it does not see the silence that the decoder is to stop on: that is cheaper.
        """
        heard, frames = self._heard(pcm, PAD if padded else 0)
        speech: NDArray[np.float32] = heard[0, : frames // 2]
        return speech

    def readings(
        self, encoded: NDArray[np.float32], language: str, hint: str
    ) -> tuple[Reading, ...]:
        """Return the likeliest ways to read what `encoded` made of speech, likeliest first.

        Raises:
            ValueError: when the model does not know the language.
        """
        tokenizer = self._tokenizer(language)
        result = self._decoded(
            encoded[None],
            self._start(tokenizer, hint),
            _longest(len(encoded) * POSITION),
            beam_size=READINGS,
            num_hypotheses=READINGS,
            length_penalty=0,
        )
        return tuple(
            Reading(Sensitive(tokenizer.decode([t for t in ids if t < tokenizer.eot])), score)
            for ids, score in zip(result.sequences_ids, result.scores, strict=True)
        )

    def _decoded(
        self, encoded: NDArray[np.float32], start: list[int], longest: int, **options: Any
    ) -> Any:
        """Write what was heard, behind the tokens of `start`, in at most `longest` tokens."""
        return self._model.generate(
            _view(np.concatenate([encoded, self._silence], axis=1)),
            [start],
            # At most half of it is written, and no more than what `start` leaves.
            max_length=min(MOST_TOKENS, max(2 * longest, len(start) + longest)),
            suppress_tokens=self._suppressed,
            return_scores=True,
            **options,
        )[0]

    def _start(self, tokenizer: Any, hint: str) -> list[int]:
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        return [tokenizer.sot_prev, *tokenizer.encode(f" {hint}"), *start] if hint else start

    @property
    def silence(self) -> NDArray[np.float32]:
        """What the encoder makes of nothing, averaged: one row, by which models can be told."""
        mean: NDArray[np.float32] = self._silence[0].mean(axis=0)
        return mean

    def run(
        self,
        pcm: Pcm,
        at: Samples,
        language: str = "en",
        hint: str = "",
        against: Sequence[str] = (),
        *,
        whole: bool = False,
    ) -> Hypothesis:
        """Recognise `pcm` (16 kHz, at most `LONGEST`), whose first sample is at time `at`.

        The decoder is told `hint` as what was said before. Words are scored without it. Where one
        of `against` was nearly heard in place of what was written, the reading is `CONTRARY`. With
        `whole` the encoder sees 30 s, as it was trained to: for a word or two by themselves, which
        it mishears otherwise. It costs about four times as much.

        Raises:
            ValueError: when the model does not know the language.
        """
        tokenizer = self._tokenizer(language)
        if len(pcm) < 2 * POSITION or not np.any(pcm):
            return Hypothesis(())
        start, longest, clear = self._start(tokenizer, hint), _longest(len(pcm)), clarity(pcm)
        listened = quietened(pcm) if clear < NOISY_DB else pcm
        encoded, frames = self._heard(listened, 2 * POSITIONS if whole else PAD)

        def read(beams: int) -> tuple[Any, list[int], str | None]:
            result = self._decoded(
                encoded,
                start,
                longest,
                beam_size=beams,
                return_no_speech_prob=True,
                return_logits_vocab=bool(against),
            )
            ids = [t for t in result.sequences_ids[0] if t < tokenizer.eot]
            unsure = judge(
                ids,
                ended=len(result.sequences_ids[0]) < longest,  # the end itself is not told
                mean_log_probability=result.scores[0],
                no_speech=result.no_speech_prob,
                clarity_db=clear,
            )
            return result, ids, unsure

        result, ids, unsure = read(1)
        if not ids:
            return Hypothesis(())
        if unsure and clear > CLEAR_DB and not against:
            again = read(BEAMS)
            if again[1]:  # that nothing was said would be a surer thing than it is
                result, ids, unsure = again
        tokens = self._align(tokenizer, _view(encoded), ids, frames, apart=not against)
        if against and result.no_speech_prob > SILENT:
            unsure = "no speech"
        elif against and contrary(result, {t for w in against for t in _first(tokenizer, w)}):
            unsure = CONTRARY
        words = self._words(tokenizer, tokens, at, len(pcm))
        return Hypothesis(words, unsure, encoded[0, : frames // 2])

    def _align(
        self, tokenizer: Any, memory: Any, ids: list[int], frames: int, *, apart: bool
    ) -> list[Token]:
        """Time each token: the encoder positions during which the decoder attended to write it.

        With `apart` digits and letters that one token stands for are aligned each by itself, as
        they were said: the token as a whole is attended to early, and its last digit would go to
        the next word. Its probability is then theirs, lower than that of what was written.
        """
        pieces = [_apart(tokenizer, id_) if apart else [] for id_ in ids]
        if sum(len(each) or 1 for each in pieces) > ROOM:  # only a loop writes so much
            pieces = [[] for _ in ids]
        said = [each or [id_] for each, id_ in zip(pieces, ids, strict=True)]
        aligned = self._model.align(
            memory,
            tokenizer.sot_sequence,
            [[piece for each in said for piece in each]],
            frames,
            median_filter_width=7,
        )[0]
        pairs = np.array(aligned.alignments)
        starts = pairs[np.r_[True, np.diff(pairs[:, 0]) > 0], 1]
        edges = [*(int(s) for s in starts), frames // 2]
        tokens: list[Token] = []
        first = 0
        for id_, each, own in zip(ids, said, pieces, strict=True):
            # The last piece is the end of text: it starts where the last word ends.
            last = first + len(each)
            probability = float(np.mean(aligned.text_token_probs[first:last]))
            begin = tuple(edges[first:last]) if own else ()
            tokens.append(Token(id_, edges[first], edges[last], probability, begin))
            first = last
        return tokens

    def _words(
        self, tokenizer: Any, tokens: list[Token], at: Samples, length: Samples
    ) -> tuple[Word, ...]:
        texts, groups = tokenizer.split_to_word_tokens([t.id for t in tokens] + [tokenizer.eot])
        words: list[Word] = []
        position = 0
        for text, group in zip(texts, groups, strict=True):
            part = tokens[position : position + len(group)]
            position += len(group)
            if not part or not text.strip():
                continue
            start, *inside, end = (
                at + min(place * POSITION + BIAS, length)
                for place in (part[0].start, *(p for t in part for p in t.begin), part[-1].end)
            )
            score = float(np.mean([t.probability for t in part]))
            piece = text.strip()
            if words and _continues(text):
                last = words[-1]
                words[-1] = replace(
                    last,
                    text=Sensitive(last.text.reveal() + piece),
                    span=Span(last.span.start, end),
                    inside=(*last.inside, *inside),
                )
                continue
            inside = [place for place in inside if place > start]
            words.append(
                Word(Sensitive(piece.removeprefix("-")), Span(start, end), score, tuple(inside))
            )
        return tuple(words)


def _view(values: NDArray[np.float32]) -> Any:
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(values))


def _longest(count: Samples) -> int:
    """Return how many tokens so much speech may have: two a spelled letter; more are a loop."""
    return 12 + round(8 * seconds(count))


def _first(tokenizer: Any, word: str) -> list[int]:
    """Return the tokens with which a word can begin."""
    forms = (f" {word}", f" {word.capitalize()}", word, word.capitalize())
    return [tokenizer.encode(form)[0] for form in forms]


def _apart(tokenizer: Any, token: int) -> list[int]:
    """Return a token for each of the digits or letters that one strings together; [] for others.

    "22" may have been said "two two", and "TL" "tee ell".
    """
    text: str = tokenizer.decode([token])
    said = text.strip()
    if not (said.isdigit() or (said.isalpha() and said.isupper())):
        return []
    lead = text[: text.index(said)]
    return [id_ for i, c in enumerate(said) for id_ in tokenizer.encode(c if i else lead + c)]


def contrary(result: Any, tokens: set[int]) -> bool:
    """Tell whether one of `tokens` was nearly written where another one was."""
    if not result.logits:
        return False
    columns = sorted(tokens)
    for written, step in zip(result.sequences_ids[0], result.logits[0], strict=False):
        logits = np.array(step, np.float64).ravel()
        likely = np.exp(logits - logits.max())
        if written not in tokens and likely[columns].sum() / likely.sum() > NEARLY:
            return True
    return False


def _continues(text: str) -> bool:
    """Tell whether a piece belongs to the word before: ".marsh", ",000", "-mail", "." but not "-K".

    Letters and digits that are strung together by hyphens ("K-M-H", "503-555") were said apart.
    """
    if text.startswith(" ") or text[0].isalnum():
        return False
    apart = text.removeprefix("-")
    return not (text[0] == "-" and (apart.isdigit() or (len(apart) == 1 and apart.isalpha())))
