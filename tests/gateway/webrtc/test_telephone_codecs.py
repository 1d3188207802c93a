"""Calls by the codecs of telephones: heard both ways, and keys at their clock."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
from aiortc import RTCRtpSender

from gateway.legs import Audio, CallerEvent, Key
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import Session
from media.audio import RATE, Pcm
from tests.gateway.switchboard import LegSwitchboard, strongest_hertz, tone


async def listened(events: AsyncIterator[CallerEvent], keys: list[str], seconds: float) -> Pcm:
    """Return the sound of so many seconds from the first that is loud; note the keys."""
    parts: list[Pcm] = []
    async for event in events:
        match event:
            case Key(digit):
                keys.append(digit)
            case Audio(pcm) if parts or np.abs(pcm).max() > 1_000:
                parts.append(pcm)
        if sum(map(len, parts)) >= seconds * RATE:
            break
    return np.concatenate(parts)


@pytest.mark.parametrize("name", ["G722", "PCMU", "PCMA"])
async def test_a_telephones_codec_is_heard_both_ways_and_has_keys(name: str) -> None:
    switchboard, voice, keys = LegSwitchboard(), Voice(), list[str]()
    async with listening(create_app(switchboard), HttpSettings(port=0)) as base:
        session = Session(f"{base}/v1/calls", voice)
        known = RTCRtpSender.getCapabilities("audio").codecs
        session._audio.setCodecPreferences([c for c in known if c.name == name])
        await session.connect()
        (leg,) = switchboard.legs.values()
        assert session.takes_keys
        session.press("7")
        voice.play(tone(440, 3))
        leg.play(tone(700, 3))
        heard = await listened(leg.events(), keys, 1)
        answered = await listened(session.hear(), [], 1)
        await session.end()
    assert strongest_hertz(heard[RATE // 2 :]) == pytest.approx(440, abs=4)
    assert strongest_hertz(answered[RATE // 2 :]) == pytest.approx(700, abs=4)
    assert keys == ["7"]
