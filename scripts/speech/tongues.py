"""Speaking what the gateway itself says, in each of its languages, by one steady voice for each.

English, Spanish and French are Kokoro-82M; German, which it does not speak, is SVOX Pico.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from misaki.espeak import EspeakG2P
from numpy.typing import NDArray
from py_nanotts import NanoTTS

from speech.sound import RATE, Pcm, levelled, trimmed
from speech.synthesis import RATE as KOKORO_RATE
from speech.synthesis import Synthesiser

VOICES: Final = {
    "en": ("af_heart", 1.12),
    "es": ("ef_dora", 1.1),
    "fr": ("ff_siwis", 1.1),
    "de": ("de-DE", 1.1),
}
"""Language → voice, and its pace against the voice's usual one."""

_ESPEAK: Final = {"es": "es", "fr": "fr-fr"}
"""Language → espeak-ng's name of it, for the phonemes that Kokoro learnt it from."""


_LEAD_S: Final = 0.06
_TAIL_S: Final = 0.15


class Tongues:
    """Everybody who speaks for the gateway. The same text gives the same samples."""

    def __init__(self) -> None:
        self._kokoro = Synthesiser()
        self._pico = NanoTTS()
        self._phonemes = {tag: EspeakG2P(language=name) for tag, name in _ESPEAK.items()}

    def say(self, text: str, language: str) -> Pcm:
        """Return a text as it is said, at 16 kHz, levelled, with no silence around it."""
        voice, pace = VOICES[language]
        if language == "en":
            return levelled(self._kokoro.say(text, voice, pace).pcm, KOKORO_RATE, RATE)
        if language in _ESPEAK:
            phonemes, _ = self._phonemes[language](text)
            known = "".join(symbol for symbol in phonemes if symbol in self._kokoro.alphabet)
            sound, _ = self._kokoro.sound(known, voice, pace)
            return levelled(_cut(sound, KOKORO_RATE), KOKORO_RATE, RATE)
        said = self._pico.speak(text, voice=voice, speed=pace)
        return levelled(
            _cut(np.frombuffer(said, "<i2").astype(np.float32) / 32_768, RATE), RATE, RATE
        )


def _cut(sound: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    return trimmed(sound, rate, lead=_LEAD_S, tail=_TAIL_S)
