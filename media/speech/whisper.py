"""Whisper over a short window: what a stretch of speech says, and when.

Stock Whisper encodes 30 s whatever it is given. Here the encoder sees the speech and `PAD` of
silence only, and the decoder sees behind it the *remembered silence*: the encoder's output for a
window of nothing, computed once. It was trained to stop on that; without it, it repeats itself.
The silence in both is the floor value of the log-mel features, which is what true silence gives,
not zero samples.

Words are timed by the decoder's cross-attention (dynamic time warping, Radford et al. 2022,
section 3.3). Pure computation: the model is handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Samples, Span, seconds
from media.entities.types import Word
from media.sensitive import Sensitive
from media.speech.attention import places
from media.speech.encoder import Rows
from media.speech.guard import (
    CLEAR_DB,
    CONTRARY,
    HOPELESS,
    NEARLY,
    NO_SPEECH,
    NOISY_DB,
    SILENT,
    UNLIKELY,
    Token,
    clarity,
    judge,
)
from media.speech.quieten import quietened
from media.speech.search import Begun, Search, Written, log_probabilities
from media.speech.transformer import Memory, Real, Transformer

HOP: Final = 160
"""Samples of one feature frame (10 ms); the encoder makes one position of two frames."""

POSITIONS: Final = 1_500
"""Encoder positions of the 30 s window that the model was trained on."""

REMEMBERED: Final = 150
"""Encoder positions (20 ms each) of remembered silence: the end of the window, where the decoder
learned to stop. More cost more and hear no better."""

TELLING: Final = 300
"""Encoder positions of silence by which models are told apart."""

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

MULTILINGUAL: Final = 51_865
"""Tokens from which on a model knows more than English (openai/whisper, `model.py`)."""

ROOM: Final = MOST_TOKENS - 8
"""What the tokens that say what to do leave of them for words."""

LONGEST: Final = 24 * RATE
"""The longest stretch of speech, in samples, that one run takes."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one run made of a window.

    `words` have spans in the caller's sample time. `unsure` is a reason to trust none of it
    ("loop", "low probability", …), or None; a `guess` is unsure as a whole, though single words of
    it may be right. `encoded` is what the encoder made of the speech, where there was any.
    """

    words: tuple[Word, ...]
    unsure: str | None = None
    encoded: Rows | None = field(default=None, repr=False, compare=False)
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a stretch of speech, and its log probability."""

    text: Sensitive[str]
    log_probability: float


@dataclass(frozen=True, slots=True)
class WhisperModel:
    """A Whisper model and what belongs to it.

    `features` makes log-mel features (bands, frames) of samples, `vocabulary` is a
    `tokenizers.Tokenizer`, `timing` are the heads (layer, head) that attend to the place which is
    written of.
    """

    transformer: Transformer
    features: Callable[..., Real]
    vocabulary: Any
    timing: tuple[tuple[int, int], ...]

    @property
    def multilingual(self) -> bool:
        """Tell whether it knows other languages than English."""
        return self.transformer.vocabulary >= MULTILINGUAL


class Whisper:
    """Run a Whisper model over short windows.

    Args:
        model: the model.
        language: ISO 639-1 code of a language that will be heard beside English.

    Raises:
        ValueError: when the model does not know the language.
    """

    def __init__(self, model: WhisperModel, language: str = "en") -> None:
        self._model = model
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
        never = np.zeros(model.transformer.vocabulary, np.float32)
        never[sorted({*tokenizer.non_speech_tokens, *special})] = -np.inf
        not_first = never.copy()
        not_first[[*tokenizer.encode(" "), tokenizer.eot]] = -np.inf
        self._search = Search(model.transformer, tokenizer.eot, never, not_first)
        silence = self._encoded_silence()
        self._remembered = model.transformer.remember(silence[-REMEMBERED:])
        self.silence: Final[Rows] = silence[-TELLING:].mean(axis=0)
        """What the encoder makes of nothing, in the mean: (width,), by which models can be told."""

    def _tokenizer(self, language: str) -> Any:
        """Return what tells the decoder the language, and makes words of what it writes."""
        if language not in self._tokenizers:
            multilingual = self._model.multilingual
            if language != "en" and not multilingual:
                raise ValueError(f"the recognition model speaks English only, not {language!r}")
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[language] = Tokenizer(
                self._model.vocabulary, multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _encoded_silence(self) -> Rows:
        """Encode 30 s of nothing."""
        nothing = self._model.features(np.zeros(RATE, np.float32))
        window = np.full((nothing.shape[0], 2 * POSITIONS), nothing.min(), np.float32)
        return self._model.transformer.encode(window)

    def heard(self, pcm: Pcm, silence: int, *, noisy: bool = False) -> tuple[Rows, int]:
        """Return the encoder's output (positions, width), and how many frames are speech.

        `silence` as in `window`, `noisy` as in `Transformer.encode`.
        """
        window, frames = self.window(pcm, silence)
        return self._model.transformer.encode(window, noisy=noisy), frames

    def window(self, pcm: Pcm, silence: int) -> tuple[Real, int]:
        """Return what the encoder is given (bands, frames), and how many frames are speech.

        At least `silence` frames follow it in the window, as far as that is not full.
        """
        mel = self._model.features(pcm.astype(np.float32) / 32_768, padding=0)
        frames = mel.shape[1]
        width = min(2 * POSITIONS, frames + silence + (frames + silence) % 2)
        window = np.full((mel.shape[0], width), mel.min(), np.float32)
        window[:, :frames] = mel[:, :width]
        return window, frames

    def encoded(self, pcm: Pcm, *, padded: bool = True) -> NDArray[np.float32]:
        """Return what the encoder makes of `pcm` (16 kHz): a row for each 20 ms, model width.

        Unless `padded` it does not see the silence that the decoder is to stop on: that is cheaper.
        """
        heard, frames = self.heard(pcm, PAD if padded else 0)
        return heard[: frames // 2]

    def readings(
        self, encoded: NDArray[np.float32], language: str, hint: str
    ) -> tuple[Reading, ...]:
        """Return the likeliest ways to read what `encoded` made of speech, likeliest first.

        Raises:
            ValueError: when the model does not know the language.
        """
        tokenizer = self._tokenizer(language)
        memory = self._memory(self._model.transformer.remember(encoded))
        start = self._start(tokenizer, hint)
        begun = self._search.begin(start, memory)
        longest = _longest(len(encoded) * POSITION, start)
        several = self._search.several(begun, memory, longest, READINGS, by_mean=False)
        return tuple(
            Reading(
                Sensitive(tokenizer.decode([t for t in each.tokens if t < tokenizer.eot])),
                each.log_probability,
            )
            for each in several
        )

    def _memory(self, remembered: list[Real]) -> Memory:
        """Return what the decoder attends to: what was heard, and then silence."""
        return self._model.transformer.memory(remembered, self._remembered)

    def _write(
        self, begun: Begun, memory: Memory, longest: int, beams: int, *, steps: bool = False
    ) -> Written:
        if beams == 1:
            return self._search.likeliest(begun, memory, longest, steps=steps)
        return self._search.several(begun, memory, longest, beams, by_mean=True)[0]

    def _start(self, tokenizer: Any, hint: str) -> list[int]:
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        return [tokenizer.sot_prev, *tokenizer.encode(f" {hint}"), *start] if hint else start

    def run(
        self,
        pcm: Pcm,
        at: Samples,
        language: str = "en",
        hint: str = "",
        against: Sequence[str] = (),
        *,
        whole: bool = False,
        draft: str = "",
    ) -> Hypothesis:
        """Recognise `pcm` (16 kHz, at most `LONGEST`), whose first sample is at time `at`.

        The decoder is told `hint` as what was said before. Words are scored without it. Where one
        of `against` was nearly heard in place of what was written, the reading is `CONTRARY`. With
        `whole` the encoder sees 30 s, as it was trained to: for a word or two by themselves, which
        it mishears otherwise. It costs about four times as much. `draft` is what will probably be
        read: if so, it is known sooner; but for rounding, what is read does not depend on it.

        Raises:
            ValueError: when the model does not know the language.
        """
        tokenizer = self._tokenizer(language)
        if len(pcm) < 2 * POSITION or not np.any(pcm):
            return Hypothesis(())
        start, clear = self._start(tokenizer, hint), clarity(pcm)
        longest = _longest(len(pcm), start)
        transformer = self._model.transformer
        # What hears through noise was taught on short windows.
        noisy = clear < CLEAR_DB and transformer.hears_in_noise and not whole
        listened = pcm if noisy or clear >= NOISY_DB else quietened(pcm)
        silence = 2 * POSITIONS if whole else PAD
        encoded, frames = self.heard(listened, silence, noisy=noisy)
        remembered = transformer.remember(encoded)
        memory = self._memory(remembered)
        begun = self._search.begin(start, memory, tokenizer.encode(draft)[:longest])
        at_sot = log_probabilities(begun.told[start.index(tokenizer.sot)])
        no_speech = math.exp(at_sot[tokenizer.no_speech])

        def read(beams: int) -> tuple[Written, list[int], str | None]:
            written = self._write(begun, memory, longest, beams, steps=bool(against))
            ids = [t for t in written.tokens if t < tokenizer.eot]
            unsure = judge(
                ids,
                ended=written.ended,
                mean_log_probability=written.mean,
                no_speech=no_speech,
                clarity_db=clear,
            )
            return written, ids, unsure

        written, ids, unsure = read(1)
        if not ids:
            return Hypothesis(())
        if unsure and clear > CLEAR_DB and not against:
            again = read(BEAMS)
            if again[1]:  # that nothing was said would be a surer thing than it is
                written, _, unsure = again
        tokens = self._align(
            tokenizer,
            transformer.memory(remembered),
            written,
            frames,
            apart=not against,
            told=bool(hint),
        )
        if against and no_speech > SILENT:
            unsure = NO_SPEECH
        elif against and contrary(written, {t for w in against for t in _first(tokenizer, w)}):
            unsure = CONTRARY
        words = self._words(tokenizer, tokens, at, len(pcm))
        guess = unsure == UNLIKELY and written.mean > HOPELESS
        return Hypothesis(words, unsure, encoded[: frames // 2], guess)

    def _align(
        self,
        tokenizer: Any,
        memory: Memory,
        written: Written,
        frames: int,
        *,
        apart: bool,
        told: bool,
    ) -> list[Token]:
        """Time each token: the encoder positions during which the decoder attended to write it.

        With `apart` digits and letters that one token stands for are aligned each by itself, as
        they were said: the token as a whole is attended to early, and its last digit would go to
        the next word. What was written by a hint that was `told` is scored without it: told a
        question, the decoder finds an answer in noise.
        """
        known = [
            (id_, math.exp(each))
            for id_, each in zip(written.tokens, written.each, strict=False)
            if id_ < tokenizer.eot
        ]
        pieces = [_apart(tokenizer, id_) if apart else [] for id_, _ in known]
        if sum(len(each) or 1 for each in pieces) > ROOM:  # only a loop writes so much
            pieces = [[] for _ in known]
        said = [each or [id_] for each, (id_, _) in zip(pieces, known, strict=True)]
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        read = [*start, *(piece for each in said for piece in each), tokenizer.eot]
        transformer = self._model.transformer
        step = transformer.step([read], transformer.nothing, memory, attention=True)
        assert step.attention is not None
        heads = np.stack([step.attention[layer, 0, head] for layer, head in self._model.timing])
        # What attends to a token is the one before it: the last, to the end of text.
        of = slice(len(start) - 1, -1)
        edges = [*places(heads[..., : frames // 2], of), frames // 2]
        if told:
            spoken = read[len(start) : -1]
            logits = transformer.logits(step.states[0, of.start : -2])[:, : tokenizer.eot]
            likely = np.exp(log_probabilities(logits))[np.arange(len(spoken)), spoken]
        tokens: list[Token] = []
        first = 0
        for (id_, score), each, own in zip(known, said, pieces, strict=True):
            last = first + len(each)
            begin = tuple(edges[first:last]) if own else ()
            score = float(likely[first:last].mean()) if told else score
            tokens.append(Token(id_, edges[first], edges[last], score, begin))
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
            written = Sensitive(piece.removeprefix("-"))
            span, hyphened = Span(start, end), text.startswith("-")
            words.append(Word(written, span, score, tuple(inside), hyphened))
        return tuple(words)


def _longest(count: Samples, start: Sequence[int]) -> int:
    """Return how many tokens so much speech may have: two a spelled letter; more are a loop."""
    return min(12 + round(8 * seconds(count)), MOST_TOKENS - len(start))


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


def contrary(written: Written, tokens: set[int]) -> bool:
    """Tell whether one of `tokens` was nearly written where another one was.

    Raises:
        ValueError: when it was not asked for what else could have been written.
    """
    if len(written.steps) < len(written.tokens):
        raise ValueError("what else could have been written is not known")
    columns = sorted(tokens)
    for token, known in zip(written.tokens, written.steps, strict=False):
        if token not in tokens and np.exp(known[columns]).sum() > NEARLY:
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
