from dataclasses import replace

import numpy as np
import pytest

from gateway.bench.barge_in import barge_in_delay
from gateway.bench.items import Item, Truth
from media.audio import RATE, Span
from tests.media.sounds import ms, voice


def call(loudness: float) -> Item:
    """Return a call in which somebody begins to speak after a second."""
    said = (loudness * voice(RATE)).astype(np.int16)
    pcm = np.concatenate([np.zeros(RATE, np.int16), said])
    return Item("call", "voice", False, pcm, None, (Truth("Hello", Span(RATE, 2 * RATE), None),))


def test_the_delay_runs_from_the_first_word() -> None:
    item = call(1)
    assert barge_in_delay(item, item.pcm) == pytest.approx(0.14, abs=0.04)


def test_what_is_told_before_the_first_word_is_not_told_of_it() -> None:
    item = call(1)
    early = np.concatenate([np.zeros(ms(100), np.int16), voice(ms(300)), item.pcm[ms(400) :]])
    assert barge_in_delay(item, early) == pytest.approx(0.14, abs=0.04)


def test_a_call_without_words_has_no_delay() -> None:
    item = call(1)
    assert barge_in_delay(replace(item, words=()), item.pcm) is None


def test_speech_of_which_nothing_is_known_has_no_delay() -> None:
    item = call(0)
    assert barge_in_delay(item, item.pcm) is None
