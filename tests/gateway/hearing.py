"""What was said laid beside what was heard: find the shift between the two, measure, recognise.

The recogniser is faster-whisper as it comes (30 s windows, beam 5), none of the project's own.
"""

import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

import numpy as np
import yaml
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from media.audio import RATE, Pcm, Resampler, Samples, Seconds, Span, samples

QUIETER_DB = 20.0
QUIET_DBFS = -40.0  # a bleep has -42

_TAIL_S: Seconds = 0.3  # of what is around words when a recording is cut
_SHIFTS_AGREE = samples(0.03)
_DIGITS = ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_NUMBERS = {word: str(max(0, n - 1)) for n, word in enumerate(_DIGITS)}


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    span: Span
    entity: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A recording and its words; `pcm` is the file at 16 kHz."""

    file: Path
    pcm: Pcm
    words: Sequence[Word]

    @property
    def turns(self) -> list[list[Word]]:
        """The words in stretches between pauses of more than two seconds."""
        turns: list[list[Word]] = []
        for word in self.words:
            if not turns or word.span.start - turns[-1][-1].span.end > 2 * RATE:
                turns.append([])
            turns[-1].append(word)
        return turns

    @property
    def private(self) -> list[list[Word]]:
        """The words of each entity."""
        return [list(words) for entity, words in groupby(self.words, lambda w: w.entity) if entity]

    @property
    def harmless(self) -> list[list[Word]]:
        """The words between, by stretches of one turn."""
        grouped = [groupby(turn, lambda word: word.entity) for turn in self.turns]
        return [list(words) for turn in grouped for entity, words in turn if not entity]


def recording(truth: Path, kept: Sequence[tuple[str, str]], file: Path) -> Said:
    """Write stretches of a spoken fixture to `file`, one after the other.

    Each of `kept` is the word after which a stretch begins (empty: the start) and its last word.
    """
    known = yaml.safe_load(truth.read_text(encoding="utf-8"))
    with wave.open(str(truth.parent / known["file"]), "rb") as wav:
        rate = wav.getframerate()
        whole = np.frombuffer(wav.readframes(wav.getnframes()), np.int16)
    words: list[Word] = []
    parts: list[Pcm] = []
    ends = {w["word"]: w["end_s"] + _TAIL_S for w in reversed(known["words"])}  # the first of each
    at_s = 0.0
    for after, last in kept:
        start, end = ends.get(after, 0.0), ends[last]
        parts.append(whole[round(start * rate) : round(end * rate)])
        moved = at_s - start
        words += [
            Word(w["word"], _span(w["start_s"] + moved, w["end_s"] + moved), w["entity"])
            for w in known["words"]
            if start <= w["start_s"] and w["end_s"] <= end
        ]
        at_s += end - start
    kept_pcm = np.concatenate(parts)
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(kept_pcm.tobytes())
    return Said(file, Resampler(rate, RATE)(kept_pcm, last=True), words)


def _span(start_s: Seconds, end_s: Seconds) -> Span:
    return Span(samples(start_s), samples(end_s))


def shift(said: Said, heard: Pcm) -> Samples:
    """Return how much later in `heard` everything is than in `said`.

    Each turn of which something passed must agree with the whole, so that nothing has slipped.
    """
    whole, _ = match(said.pcm, heard)
    for words in said.harmless:
        start, end = words[0].span.start, words[-1].span.end
        if end - start < samples(0.8):
            continue
        margin = samples(0.4)
        window = _cut(heard, Span(start + whole - margin, end + whole + margin))
        found, likeness = match(said.pcm[start:end], window)
        if likeness > 0.6:
            assert abs(found - margin) <= _SHIFTS_AGREE, f"{words[0].text} … slipped"
    return whole


def match(part: Pcm, whole: Pcm) -> tuple[Samples, float]:
    """Return where in `whole` `part` fits best, and the correlation there (0 to 1)."""
    a, b = part.astype(np.float64), whole.astype(np.float64)
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    best = int(np.argmax(product))
    at = best if best < size // 2 else best - size
    there = _cut(whole, Span(at, at + len(part))).astype(np.float64)
    return at, float(product[best] / (np.linalg.norm(a) * np.linalg.norm(there) + 1e-9))


def likeness(part: Pcm, whole: Pcm) -> float:
    """Return how like `part` that stretch of `whole` is that is most like it (0 to 1)."""
    a, b = part.astype(np.float64), whole.astype(np.float64)
    b = np.pad(b, (0, max(0, len(a) - len(b))))
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    power = np.cumsum(np.concatenate(([0.0], b**2)))
    lengths = np.sqrt(power[len(a) :] - power[: -len(a)])
    floor = 0.05 * np.linalg.norm(a)  # of next to nothing the shape does not count
    return float(np.max(product[: len(lengths)] / (np.linalg.norm(a) * np.maximum(lengths, floor))))


def pieces(pcm: Pcm, length: Samples) -> list[Pcm]:
    """Return the pieces of a sound that are not quiet."""
    cut = (pcm[at : at + length] for at in range(0, len(pcm) - length + 1, length))
    return [piece for piece in cut if dbfs(piece) > QUIET_DBFS]


def presence(said: Pcm, heard: Pcm) -> float:
    """Return how much of a sound is heard, wherever that is: the median likeness of its pieces.

    By pieces, because a network and a browser lose and stretch time.
    """
    return float(np.median([likeness(piece, heard) for piece in pieces(said, RATE // 2)]))


def _cut(pcm: Pcm, span: Span) -> Pcm:
    """Return the samples of a span; outside of the recording there is silence."""
    cut: Pcm = np.zeros(len(span), np.int16)
    inside = Span(max(span.start, 0), min(span.end, len(pcm)))
    if len(inside):
        cut[inside.start - span.start : inside.end - span.start] = pcm[inside.start : inside.end]
    return cut


def dbfs(pcm: Pcm) -> float:
    """Return the RMS against full scale."""
    mean = float(np.mean((pcm / 32_768.0) ** 2)) if len(pcm) else 0.0
    return 10 * np.log10(mean + 1e-12)


def audible(said: Said, heard: Pcm, later: Samples) -> list[str]:
    """Describe each private word of which the central 80 % can be heard."""
    found = []
    for word in (word for words in said.private for word in words):
        edge = len(word.span) // 10
        span = Span(word.span.start + edge, word.span.end - edge)
        before = dbfs(_cut(said.pcm, span))
        after = dbfs(_cut(heard, Span(span.start + later, span.end + later)))
        if after > QUIET_DBFS and after > before - QUIETER_DB:
            at = word.span.start / RATE
            found.append(f"{word.entity} {word.text!r} at {at:.2f} s: {before:.0f} → {after:.0f}")
    return found


class Listener:
    """A stock recogniser."""

    def __init__(self, model: Path) -> None:
        self._model = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2)

    def words(self, pcm: Pcm) -> list[str]:
        """Return the words, lower case, without punctuation; numbers split into digits."""
        floats: NDArray[np.float32] = pcm.astype(np.float32) / 32_768
        segments, _ = self._model.transcribe(
            floats,
            language="en",
            beam_size=5,
            # One try: over a bleep the tries at other temperatures only make up more words.
            temperature=0,
            condition_on_previous_text=False,
        )
        return plain(" ".join(segment.text for segment in segments))

    def words_of(self, pcm: Pcm, words: Sequence[Word], later: Samples = 0) -> list[str]:
        """Return what is heard where `words` were said, and a little around them."""
        margin = samples(0.25)
        start, end = words[0].span.start + later, words[-1].span.end + later
        return self.words(_cut(pcm, Span(start - margin, end + margin)))


def plain(text: str) -> list[str]:
    """Return words as they compare: lower case, letters only, digits one by one."""
    found = re.findall(r"[a-z]+|\d", text.lower().replace("'", "").replace("-", ""))
    return [_NUMBERS.get(word, word) for word in found]


def recall(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many of the words wanted are heard, in their order."""
    matcher = SequenceMatcher(None, list(wanted), list(heard), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def word_errors(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words are wrong, missing or too many (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for n, want in enumerate(wanted, start=1):
        above, row = row, [n]
        for m, word in enumerate(heard, start=1):
            row.append(min(above[m] + 1, row[-1] + 1, above[m - 1] + (want != word)))
    return row[-1]
