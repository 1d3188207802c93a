"""What is said over bad networks."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import yaml

from gateway.recordings import read_mono
from media.audio import Pcm
from tests.conftest import AUDIO
from tests.gateway.hearing import plain

_TURNS = ("t1.wav", "t3.wav", "t4.wav")


@cache
def speech() -> tuple[Pcm, Sequence[str]]:
    """A caller's turns, as long as the recogniser's window, and their words."""
    folder = AUDIO / "caller"
    listed = yaml.safe_load((folder / "turns.yaml").read_text(encoding="utf-8"))["turns"]
    turns = [turn for turn in listed if turn["file"] in _TURNS]
    pcm = np.concatenate([read_mono(folder / turn["file"]) for turn in turns])
    return pcm, plain(" ".join(turn["text"] for turn in turns))
