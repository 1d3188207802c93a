"""What following a voice costs is told by where it is paid."""

from gateway.bench.following import cost
from gateway.engine.worker import Ear
from gateway.models import liveness_model
from gateway.recordings import read_mono
from media.audio import RATE
from tests.conftest import AUDIO
from tests.media.sounds import silence


def test_a_voice_costs_the_worker_and_silence_does_not() -> None:
    ear = Ear(liveness_model())
    spoken = cost(ear, read_mono(AUDIO / "caller" / "t2.wav")[: 6 * RATE])
    silent = cost(ear, silence(6 * RATE))
    assert spoken.worker > spoken.call > 0
    assert silent.worker == 0
