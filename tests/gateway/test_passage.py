"""Where nothing is inspected, packets go from one end to the other as they came."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gateway.legs import Audio
from gateway.passage import Passage
from media.audio import FRAME, Pcm
from tests.gateway.fakes import Engine, FakeCaller

SOUND = np.full(FRAME, 5_000, np.int16)


class Far:
    """Keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[Pcm, bytes | None]] = []

    def send_audio(self, pcm: Pcm, at: int, coded: bytes | None = None) -> None:
        self.sent.append((pcm, coded))

    def send_mark(self, name: str) -> None:
        """Take it."""


class Caller(FakeCaller):
    """Keeps what came with its packet."""

    def __init__(self) -> None:
        super().__init__(Engine())
        self.coded: list[bytes | None] = []

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        super().play(pcm, coded)
        self.coded.append(coded)


@pytest.fixture
def host() -> Any:
    return SimpleNamespace(id="call", leg=Caller(), clock=0, trace=None)


async def direct(host: Any) -> tuple[Passage, Far]:
    far = Far()
    passage = Passage(host, far, None, None)  # type: ignore[arg-type]
    await passage.open(None)
    return passage, far


async def test_a_person_gets_the_callers_packets_and_the_caller_theirs(host: Any) -> None:
    passage, far = await direct(host)
    await passage.hear(SOUND, b"caller")
    await passage.far_did(Audio(SOUND, b"person"))
    assert far.sent == [(SOUND, b"caller")]
    assert host.leg.coded == [b"person"]


async def test_while_they_are_kept_apart_no_packet_passes(host: Any) -> None:
    passage, far = await direct(host)
    passage.pause()
    await passage.hear(SOUND, b"caller")
    await passage.far_did(Audio(SOUND, b"person"))
    ((silence, coded),) = far.sent
    assert coded is None
    assert not silence.any()
    assert host.leg.coded == []


async def test_what_is_announced_is_not_mixed_with_packets(host: Any) -> None:
    passage, _ = await direct(host)
    passage.announce(SOUND)
    await passage.far_did(Audio(SOUND, b"person"))
    assert host.leg.coded == [None]
