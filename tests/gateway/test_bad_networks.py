"""Calls over bad networks, with real sockets on loopback (see tests/netem)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aioice.ice
import pytest

from gateway.legs import Audio, Gone
from gateway.listener import HttpSettings, listening
from gateway.models import whisper_folder
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.leg import WebRtcLeg
from media.audio import RATE, Pcm
from tests.gateway.hearing import Listener, presence, word_errors
from tests.gateway.switchboard import chirp, collect, tone, until_heard
from tests.netem.link import BAD, CLEAR, DEAD, Conditions
from tests.netem.nat import Nat, nat
from tests.netem.remote import Remote
from tests.netem.speech import speech


@dataclass
class Line:
    """A call: the caller's end, the gateway's end, and the network between them."""

    network: Nat
    caller: WebRtcCaller
    leg: WebRtcLeg

    async def arriving(self) -> AsyncIterator[Pcm]:
        """What the gateway hears, until the call ends."""
        async for event in self.leg.events():
            if isinstance(event, Audio):
                yield event.pcm


@asynccontextmanager
async def call(conditions: Conditions = CLEAR, seed: int = 0) -> AsyncIterator[Line]:
    """A call over a network that is so in both directions."""
    async with nat(conditions, conditions, seed) as network:
        switchboard = Remote(network)
        async with listening(create_app(switchboard), HttpSettings(port=0)) as base:
            caller = await WebRtcCaller.call(f"{base}/v1/calls")
            try:
                (leg,) = switchboard.legs.values()
                yield Line(network, caller, leg)
            finally:
                await caller.hang_up()


@pytest.mark.parametrize(
    "conditions",
    [
        Conditions(delay_s=0.06, jitter_s=0.06),
        Conditions(delay_s=0.03, reorder=0.2),
        Conditions(delay_s=0.02, jitter_s=0.02, duplicate=0.5),
    ],
    ids=["jitter", "reordering", "duplicates"],
)
async def test_what_only_comes_out_of_order_is_heard_whole(conditions: Conditions) -> None:
    """By pieces, since a busy machine stretches time; `test_rehearsal` looks at every sample."""
    said = chirp(2)
    async with call(conditions) as line:
        line.caller.say(said)
        heard = await collect(line.arriving(), 2.5)
    assert presence(said, heard) > 0.9


@pytest.mark.nightly
@pytest.mark.model
async def test_words_are_as_right_at_5_percent_loss_and_60_ms_jitter_as_without() -> None:
    """Two calls at once, one over a clear network (see tests/netem/test_words_heard.py)."""
    said, words = speech()
    whole_s = len(said) / RATE + 1

    async def heard(conditions: Conditions) -> Pcm:
        async with call(conditions, seed=1) as line:
            line.caller.say(said)
            return await collect(line.arriving(), whole_s, within_s=2 * whole_s)

    clear, bad = await asyncio.gather(heard(CLEAR), heard(BAD))
    listener = Listener(whisper_folder("tiny.en"))
    right = word_errors(words, listener.words(clear))
    assert right < 0.15 * len(words)
    by_chance = 2  # of 80 words: the network is another one each time
    assert word_errors(words, listener.words(bad)) <= 1.3 * right + by_chance


async def test_a_call_survives_ten_seconds_without_a_network() -> None:
    async with call() as line:
        line.caller.say(tone(440, 60))
        line.leg.play(tone(700, 60))
        arriving, heard = line.arriving(), line.caller.hear()
        await asyncio.gather(until_heard(arriving, 440), until_heard(heard, 700))
        line.network.up.conditions = line.network.down.conditions = DEAD
        await asyncio.sleep(10)
        assert line.leg.connected
        line.network.up.conditions = line.network.down.conditions = CLEAR
        await asyncio.gather(until_heard(arriving, 440), until_heard(heard, 700))


async def test_a_call_whose_network_does_not_come_back_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six checks of consent to be sent to, of which none is answered (RFC 7675): 30 s in all."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.2)
    async with call() as line:
        line.caller.say(tone(440, 60))
        await until_heard(line.arriving(), 440)
        line.network.up.conditions = line.network.down.conditions = DEAD
        async with asyncio.timeout(10):
            async for event in line.leg.events():
                if isinstance(event, Gone):
                    break
        # The caller, whose consent runs out as well, may be the first to know.
        assert event.reason in ("the network to the caller is lost", "the caller hung up")


async def test_a_call_follows_its_caller_to_another_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A NAT that forgets, or another network: no signalling, the caller is just elsewhere."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.5)
    async with call() as line:
        line.caller.say(tone(440, 60))
        line.leg.play(tone(700, 60))
        arriving, heard = line.arriving(), line.caller.hear()
        await asyncio.gather(until_heard(arriving, 440), until_heard(heard, 700))
        line.network.rebind()
        await asyncio.gather(until_heard(arriving, 440), until_heard(heard, 700))
