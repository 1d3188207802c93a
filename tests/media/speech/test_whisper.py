"""The recogniser with the embedded models on the recordings of the project."""

import math
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from sounds import ms, noise, silence

from media.audio import RATE, Pcm, samples
from media.channel import CHANNELS
from media.entities.types import Word
from media.speech.guard import HOPELESS, LOW_IN_NOISE
from media.speech.search import Written
from media.speech.whisper import BEAMS, LONGEST, READINGS, Whisper, WhisperModel

pytestmark = pytest.mark.model

Load = Callable[[str], Whisper]
Read = Callable[[str], Pcm]
AT = 10 * RATE
MODELS = ["base", "tiny.en"]


def plain(words: tuple[Word, ...]) -> list[str]:
    return [w.plain for w in words]


def errors(heard: list[str], truth: list[str]) -> int:
    """Return the word errors: the edit distance of the two."""
    row = list(range(len(truth) + 1))
    for i, a in enumerate(heard, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(truth, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("answers/no_i_do_not_agree.wav", "no i do not agree"),
        ("answers/can_i_talk_to_a_person.wav", "can i talk to a person"),
        ("agent/ask_card.wav", "of course could you read me your card number please"),
    ],
)
def test_what_was_said_is_read(
    whisper: Load, recording: Read, name: str, path: str, text: str
) -> None:
    hypothesis = whisper(name).run(recording(path), AT)
    truth = text.split()
    assert errors(plain(hypothesis.words), truth) <= 1 + len(truth) // 10
    assert hypothesis.unsure is None


def test_an_answer_is_read_in_several_ways_the_likeliest_first(
    whisper: Load, recording: Read
) -> None:
    encoded = whisper("base").encoded(recording("answers/yes.wav"))
    readings = whisper("base").readings(encoded, "en", "Do you agree?")
    beliefs = [each.log_probability for each in readings]
    assert len(readings) == READINGS
    assert beliefs == sorted(beliefs, reverse=True)
    assert sum(math.exp(each) for each in beliefs) <= 1
    assert readings[0].text.reveal().strip().lower().startswith("yes")
    assert "Yes" not in repr(readings)


def test_a_voice_in_loud_noise_is_read_by_an_encoder_for_it_or_else_with_less_noise(
    whisper: Load, recording: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = recording("agent/ask_card.wav")
    truth = ["of", "course", "could", "you", "read", "me", "your", "card", "number", "please"]

    def wrong() -> int:
        """Return the word errors over a few draws of the noise."""
        lines = [CHANNELS["g711_noise_5db"](said, np.random.default_rng(i)) for i in range(4)]
        return sum(errors(plain(whisper("base").run(line, AT).words), truth) for line in lines)

    by_ear = wrong()
    monkeypatch.setattr(whisper("base")._model.transformer, "_noisy", None)
    with_less = wrong()
    monkeypatch.setattr("media.speech.whisper.quietened", lambda pcm: pcm)
    assert by_ear < with_less < wrong()


@pytest.mark.parametrize("name", MODELS)
def test_words_lie_in_order_within_the_sound(whisper: Load, recording: Read, name: str) -> None:
    pcm = recording("agent/ask_card.wav")
    words = whisper(name).run(pcm, AT).words
    assert all(AT <= w.span.start <= w.span.end <= AT + len(pcm) for w in words)
    starts = [w.span.start for w in words]
    assert starts == sorted(starts)
    assert all(0 < w.score <= 1 for w in words)


def test_words_are_where_they_were_said(whisper: Load, recording: Read) -> None:
    """The middle of a word errs by a quarter of a second at most."""
    pcm = recording("caller/t0.wav")
    truth = {"yes": (0.06, 0.367), "thats": (0.367, 0.662), "fine": (0.662, 0.97)}
    words = whisper("base").run(pcm, 0).words
    assert plain(words) == list(truth)
    for word, (start, end) in zip(words, truth.values(), strict=True):
        assert abs(word.middle - samples((start + end) / 2)) < ms(250)


def test_a_group_of_digits_reaches_to_its_last_one(whisper: Load, recording: Read) -> None:
    words = whisper("base").run(recording("caller/t3.wav"), 0).words
    groups = [word for word in words if word.plain.isdigit()]
    for group, end_s in zip(groups, (2.83, 4.255, 6.1, 7.94), strict=True):
        assert group.span.end > samples(end_s) - ms(150)


def test_a_loop_of_more_digits_than_the_decoder_takes_is_timed(
    whisper: Load, recording: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = recording("caller/t3.wav")
    assert any(word.inside for word in whisper("base").run(card, 0).words)
    monkeypatch.setattr("media.speech.whisper.ROOM", 20)
    words = whisper("base").run(card, 0).words
    assert words
    assert not any(word.inside for word in words)


def test_a_reading_that_does_not_come_to_its_end_is_unsure(
    whisper: Load, recording: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.speech.whisper._longest", lambda count, start: 6)
    assert whisper("base").run(recording("caller/t3.wav"), 0).unsure == "no end"


@pytest.mark.parametrize("name", MODELS)
def test_digits_that_recur_are_read_without_a_loop(
    whisper: Load, recording: Read, name: str
) -> None:
    """A short window made Whisper write ones for seconds; the remembered silence ends it."""
    one = recording("answers/yes.wav")
    pcm = np.concatenate([np.concatenate([one, silence(ms(120))])] * 4)
    began = time.process_time()
    hypothesis = whisper(name).run(pcm, 0)
    assert time.process_time() - began < 6
    assert len(hypothesis.words) <= 8 or hypothesis.unsure


def test_what_follows_the_speech_in_the_window_does_not_matter(
    whisper: Load, recording: Read
) -> None:
    pcm = recording("answers/no_i_do_not_agree.wav")
    short = whisper("base").run(pcm, 0)
    long = whisper("base").run(np.concatenate([pcm, silence(RATE)]), 0)
    assert plain(short.words) == plain(long.words)


@pytest.mark.parametrize("name", MODELS)
def test_silence_has_no_words(whisper: Load, name: str) -> None:
    assert whisper(name).run(silence(2 * RATE), 0).words == ()
    assert whisper(name).run(silence(0), 0).words == ()


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("rms", [30, 300, 3_000])
def test_noise_gives_no_confident_sentence(whisper: Load, name: str, rms: float) -> None:
    hypothesis = whisper(name).run(noise(2 * RATE, rms), 0)
    assert hypothesis.unsure or len(hypothesis.words) <= 1


@pytest.mark.parametrize(
    "count",
    [
        1,
        159,
        160,
        161,
        400,
        640,
        1_600,
    ],
)
def test_hardly_any_sound_is_taken(whisper: Load, count: int) -> None:
    words = whisper("tiny.en").run(noise(count, 3_000), AT).words
    assert all(AT <= w.span.start <= w.span.end <= AT + count for w in words)


def test_the_longest_window_is_taken(whisper: Load, recording: Read) -> None:
    pcm = np.resize(recording("agent/ask_card.wav"), LONGEST)
    words = whisper("tiny.en").run(pcm, 0).words
    assert len(words) > 20


def test_a_language_that_the_model_does_not_know_is_refused() -> None:
    english = cast(WhisperModel, SimpleNamespace(multilingual=False))
    with pytest.raises(ValueError, match="English only, not 'de'"):
        Whisper(english, "de")


def test_a_job_in_a_language_that_the_model_does_not_know_is_refused(
    whisper: Load, recording: Read
) -> None:
    with pytest.raises(ValueError, match="English only, not 'es'"):
        whisper("tiny.en").run(recording("answers/no.wav"), 0, "es")


def test_what_was_heard_is_not_shown(whisper: Load, recording: Read) -> None:
    hypothesis = whisper("tiny.en").run(recording("answers/no.wav"), 0)
    assert "no" in plain(hypothesis.words)
    assert "'No" not in repr(hypothesis)


LOW = "low probability"


class Readings:
    """A decoder that reads what it is told to, one thing after the other."""

    def __init__(self, whisper: Whisper, *readings: tuple[str, float]) -> None:
        self._tokenizer = whisper._tokenizer("en")
        self._vocabulary = whisper._model.transformer.vocabulary
        self._readings = list(readings)
        self.beams: list[int] = []

    def __call__(
        self, begun: object, memory: object, longest: int, beams: int, *, steps: bool
    ) -> Written:
        self.beams.append(beams)
        text, score = self._readings.pop(0)
        ids = self._tokenizer.encode(text)
        told = tuple(np.zeros(self._vocabulary, np.float32) - 20 for _ in ids if steps)
        return Written(tuple(ids), (score,) * len(ids), ended=True, steps=told)


@pytest.mark.parametrize(
    ("channel", "against", "readings", "read", "unsure", "beams"),
    [
        ("clean", (), [(" Hello there.", -0.4)], ["hello", "there"], None, [1]),
        ("clean", (), [(" Hell.", -1.2), (" Hello.", -0.5)], ["hello"], None, [1, BEAMS]),
        (
            "clean",
            (),
            [(" Hell.", -1.2), (" Fell.", -1.1)],
            ["fell"],
            "low probability",
            [1, BEAMS],
        ),
        ("clean", (), [(" Hell.", -1.2), ("", -0.1)], ["hell"], LOW, [1, BEAMS]),
        ("clean", ("no",), [(" Hell.", -1.2)], ["hell"], LOW, [1]),
        ("g711_noise_5db", (), [(" Hell.", -1.2)], ["hell"], LOW, [1]),
        ("g711_noise_5db", (), [(" Hell.", -0.8)], ["hell"], LOW, [1]),
    ],
)
def test_a_doubtful_reading_on_a_clear_line_is_read_again(
    whisper: Load,
    recording: Read,
    monkeypatch: pytest.MonkeyPatch,
    channel: str,
    against: tuple[str, ...],
    readings: list[tuple[str, float]],
    read: list[str],
    unsure: str | None,
    beams: list[int],
) -> None:
    reader = whisper("base")
    decoder = Readings(reader, *readings)
    monkeypatch.setattr(reader, "_write", decoder)
    heard = CHANNELS[channel](recording("caller/t1.wav"), np.random.default_rng(1))
    hypothesis = reader.run(heard[: 2 * RATE], AT, "en", "", against)
    assert (plain(hypothesis.words), hypothesis.unsure) == (read, unsure)
    assert decoder.beams == beams


@pytest.mark.parametrize(
    ("score", "unsure", "guess"),
    [
        (LOW_IN_NOISE + 0.1, None, False),
        (LOW_IN_NOISE - 0.1, LOW, True),
        (HOPELESS - 0.1, LOW, False),
    ],
)
def test_an_unlikely_reading_is_a_guess_unless_it_is_hopeless(
    whisper: Load,
    recording: Read,
    monkeypatch: pytest.MonkeyPatch,
    score: float,
    unsure: str | None,
    guess: bool,
) -> None:
    reader = whisper("base")
    monkeypatch.setattr(reader, "_write", Readings(reader, (" Hell.", score)))
    heard = CHANNELS["g711_noise_5db"](recording("caller/t1.wav"), np.random.default_rng(1))
    hypothesis = reader.run(heard[: 2 * RATE], AT)
    assert (hypothesis.unsure, hypothesis.guess) == (unsure, guess)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "draft",
    [
        " Of course, could you read me your card number, please?",
        " Of course, could you lead me your car number, please?",
        " of course could you",
        "-4-1 4111",
    ],
)
def test_what_is_read_does_not_depend_on_the_draft(
    whisper: Load, recording: Read, name: str, draft: str
) -> None:
    pcm = recording("agent/ask_card.wav")
    alone, drafted = whisper(name).run(pcm, AT), whisper(name).run(pcm, AT, draft=draft)
    assert drafted.unsure == alone.unsure
    assert [w.text.reveal() for w in drafted.words] == [w.text.reveal() for w in alone.words]
    for one, other in zip(drafted.words, alone.words, strict=True):
        assert one.score == pytest.approx(other.score, abs=0.06)


def test_a_draft_that_is_longer_than_can_be_said_is_cut(whisper: Load, recording: Read) -> None:
    pcm = recording("answers/no.wav")
    assert plain(whisper("tiny.en").run(pcm, AT, draft=" No." * 500).words) == ["no"]


def test_words_are_scored_without_the_hint(whisper: Load, recording: Read) -> None:
    """Told a question, the decoder is surer of an answer, whatever it hears."""
    line = CHANNELS["g711_noise_5db"](recording("answers/yes.wav"), np.random.default_rng(3))
    alone = whisper("base").run(line, AT, against=("no",))
    told = whisper("base").run(line, AT, "en", "Is that right? Please say yes or no.", ("no",))
    if plain(alone.words) == plain(told.words):
        assert told.words[0].score == pytest.approx(alone.words[0].score, abs=0.05)
