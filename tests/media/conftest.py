"""What the tests of media/ share: the recordings, and the models that the project embeds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soxr
from faster_whisper import WhisperModel

from gateway.models import whisper_folder
from gateway.recordings import Recording
from media.audio import Pcm
from media.speech.whisper import Whisper

AUDIO = Path(__file__).resolve().parents[2] / "fixtures" / "audio"
