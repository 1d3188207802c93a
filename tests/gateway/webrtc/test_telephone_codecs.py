"""Calls by the codecs of telephones: heard both ways, and keys at their clock."""

from collections.abc import AsyncIterator

import pytest
from aiortc import RTCRtpSender

from gateway.legs import Audio, CallerEvent, Key
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import Session
from media.audio import Pcm
from tests.gateway.switchboard import LegSwitchboard, tone, until_heard


async def sound(events: AsyncIterator[CallerEvent], keys: list[str]) -> AsyncIterator[Pcm]:
    """Yield what is heard; note the keys."""
    async for event in events:
        match event:
            case Key(digit):
                keys.append(digit)
            case Audio(pcm):
                yield pcm


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
        voice.play(tone(440, 30))
        leg.play(tone(700, 30))
        await until_heard(sound(leg.events(), keys), 440)
        await until_heard(sound(session.hear(), []), 700)
        await session.end()
    assert keys == ["7"]
