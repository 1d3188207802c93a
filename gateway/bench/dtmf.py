"""Keypad keys: which are missed, which are heard in speech, which an agent could hear.

Dialled keys (`gateway.bench.dialling`) go through the gate's detector, and, between two pieces of
speech, through the inspection, whose recogniser here hears words in everything, so that all passes
but what is masked. What comes out is listened to by a detector of the benchmark's own, which takes
for a key what the gate's would not. Speech has no key in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from gateway import assets
from gateway.bench.dialling import Dialled, dialled
from gateway.bench.items import CorpusError
from gateway.bench.passing import Passing
from gateway.recordings import Recording, read_mono
from media.activity import Activity
from media.audio import FRAME, RATE, Pcm, Samples, Span, samples, seconds
from media.dtmf import HIGH, KEYS, LOW, Keypad

DIGITS: Final = 2_000
QUICK_DIGITS: Final = 200
QUICK_SPEECH: Final = 40

LATEST: Final = samples(0.04)
"""After its end a key still counts as heard."""

AGENT_HEARS: Final = 0.25
"""The share of the energy in two tones from which the benchmark's own detector takes them for a
key; the gate's wants 0.9."""

_SPOKEN: Final = RATE
_PITCHES: Final = np.outer(LOW + HIGH, (0.97, 0.985, 1, 1.015, 1.03)).reshape(-1)
_WAVES: Final = np.exp(-2j * np.pi * np.outer(_PITCHES, np.arange(FRAME)) / RATE)


@dataclass(slots=True)
class Counts:
    """What was counted. `delays` are from a tone's beginning to the end of the frame that told."""

    digits: int = 0
    missed: int = 0
    false: int = 0
    heard_unmasked: int = 0
    leaked: int = 0
    speech: Samples = 0
    delays: list[Samples] = field(default_factory=list)


def run(
    speech: Path | None, *, quick: bool, seed: int, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Measure and return the object that `--json` prints.

    Args:
        speech: a folder of recordings, searched with its subfolders.
        quick: a tenth of the keys, and 40 recordings.
        seed: which keys are dialled, and how.
        progress: told what is done and what there is to do.

    Raises:
        CorpusError: when there is no recording in the folder.
        RecordingError: when one cannot be read.
    """
    files = recordings(speech) if speech else []
    if quick:
        files = files[:: max(1, len(files) // QUICK_SPEECH)]
    digits = QUICK_DIGITS if quick else DIGITS
    sequences = list(dialled(digits, seed))
    counts = Counts()
    around = _spoken()
    for done, sequence in enumerate(sequences):
        detect(sequence, counts)
        overhear(sequence, around, counts)
        progress(done, len(sequences) + len(files))
    for done, path in enumerate(files, len(sequences)):
        keypad = Keypad()
        for chunk in Recording(path).chunks():
            counts.false += len(keypad.feed(chunk[0]))
            counts.speech += chunk.shape[1]
        progress(done, len(sequences) + len(files))
    delays = np.array(counts.delays or [0]) * 1_000 / RATE
    return {
        "digits": counts.digits,
        "missed": counts.missed,
        "false": counts.false,
        "leaked_to_agent": counts.leaked,
        "delay_p50_ms": round(float(np.percentile(delays, 50)), 1),
        "delay_p95_ms": round(float(np.percentile(delays, 95)), 1),
        "heard_unmasked": counts.heard_unmasked,
        "speech_h": round(seconds(counts.speech) / 3_600, 2),
        "recordings": len(files),
        "seed": seed,
    }


def recordings(folder: Path) -> list[Path]:
    """Return the recordings in a folder and its subfolders.

    Raises:
        CorpusError: when there is none.
    """
    found = sorted(p for p in folder.rglob("*") if p.suffix in (".wav", ".flac", ".ogg"))
    if not found:
        raise CorpusError(f"{folder}: there is no recording (.wav, .flac, .ogg) in it")
    return found


def detect(sequence: Dialled, counts: Counts) -> None:
    """Count which keys of a sequence the gate's detector hears, and how soon."""
    keypad = Keypad()
    told = [
        (min(at + FRAME, len(sequence.pcm)), key)
        for at in range(0, len(sequence.pcm), FRAME)
        for key in keypad.feed(sequence.pcm[at : at + FRAME])
    ]
    for press in sequence.presses:
        counts.digits += 1
        due = Span(press.span.start, press.span.end + LATEST + FRAME)
        heard = [(at, key) for at, key in told if due.start < at <= due.end and key == press.key]
        if heard:
            told.remove(heard[0])
            counts.delays.append(heard[0][0] - press.span.start)
        else:
            counts.missed += 1
    counts.false += len(told)


def overhear(sequence: Dialled, around: tuple[Pcm, Pcm], counts: Counts) -> None:
    """Count which keys of a sequence, dialled between two words, an agent could hear."""
    before, after = around
    pcm = np.concatenate([before, sequence.pcm, after])
    released = np.concatenate(list(_released(pcm)))
    for press in sequence.presses:
        span = Span(
            len(before) + press.span.start - FRAME // 2, len(before) + press.span.end + FRAME // 2
        )
        counts.heard_unmasked += press.key in agent_hears(pcm[span.start : span.end])
        counts.leaked += press.key in agent_hears(released[span.start : span.end])


def agent_hears(pcm: Pcm) -> set[str]:
    """Return the keys that can be guessed from 16 kHz samples: the tones need not be clean.

    Twenty milliseconds every five, without a window; each tone is looked for up to 3 % off.
    """
    heard: set[str] = set()
    for at in range(0, len(pcm) - FRAME + 1, FRAME // 4):
        block = pcm[at : at + FRAME].astype(np.float64)
        energy = float(np.sum(block**2)) * FRAME / 2
        if energy <= FRAME**2 / 2:  # one step of the sixteen-bit scale is silence
            continue
        tones = (np.abs(_WAVES @ block) ** 2).reshape(8, -1).max(axis=1)
        low, high = int(np.argmax(tones[:4])), int(np.argmax(tones[4:]))
        a, b = tones[low], tones[4 + high]
        if a + b >= AGENT_HEARS * energy and min(a, b) >= 0.03 * (a + b):
            heard.add(KEYS[low][high])
    return heard


def _spoken() -> tuple[Pcm, Pcm]:
    """Return a second of a caller's speech before, and one after."""
    said = read_mono(min(assets.audio("caller").glob("t*.wav")))
    activity = Activity()
    activity.feed(said)
    voiced = said[: activity.voiced_until]
    return voiced[-_SPOKEN:], voiced[-_SPOKEN:]


def _released(pcm: Pcm) -> Iterator[Pcm]:
    """Yield what the inspection lets out when words are heard wherever somebody may speak."""
    passing = Passing()
    for at in range(0, len(pcm), FRAME):
        yield from passing.feed(pcm[at : at + FRAME])
    yield from passing.close()
