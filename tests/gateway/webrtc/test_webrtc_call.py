"""Real calls over loopback: HTTP offer, ICE, DTLS-SRTP, Opus."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from gateway.legs import Audio, CallerEvent, Gone, Key
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.screens import passed
from media.audio import RATE, Pcm
from tests.gateway.switchboard import LegSwitchboard, chirp, collect, strongest_hertz, tone


@pytest_asyncio.fixture
async def switchboard() -> LegSwitchboard:
    return LegSwitchboard(screened=lambda: passed)


@pytest_asyncio.fixture
async def url(switchboard: LegSwitchboard) -> AsyncIterator[str]:
    async with listening(create_app(switchboard), HttpSettings(port=0)) as base:
        yield f"{base}/v1/calls"


def only(switchboard: LegSwitchboard) -> WebRtcLeg:
    (leg,) = switchboard.legs.values()
    return leg


async def sound(events: AsyncIterator[CallerEvent]) -> AsyncIterator[Pcm]:
    async for event in events:
        if isinstance(event, Audio):
            yield event.pcm


async def until(events: AsyncIterator[CallerEvent], kind: type) -> list[CallerEvent]:
    """Take events up to the first of a kind."""
    taken = []
    async with asyncio.timeout(20):
        async for event in events:
            taken.append(event)
            if isinstance(event, kind):
                return taken
    raise AssertionError(f"no {kind.__name__} came")


async def test_the_callers_tone_arrives_contiguous_at_16_khz(
    url: str, switchboard: LegSwitchboard
) -> None:
    caller = await WebRtcCaller.call(url)
    caller.say(tone(440, 3))
    heard = await collect(sound(only(switchboard).events()), 2.5)
    await caller.hang_up()
    middle = heard[RATE // 2 : 2 * RATE]
    assert strongest_hertz(middle) == pytest.approx(440, abs=1)
    # Contiguous: no jump of the phase, so a notch at the tone leaves nearly nothing.
    smooth = middle[2:] - 2 * np.cos(2 * np.pi * 440 / RATE) * middle[1:-1] + middle[:-2]
    assert np.abs(smooth).max() < 400


async def test_what_the_caller_sent_and_what_arrives_are_aligned(
    url: str, switchboard: LegSwitchboard
) -> None:
    caller = await WebRtcCaller.call(url)
    caller.say(chirp(2))
    heard = await collect(sound(only(switchboard).events()), 2.2)
    sent = caller.sent
    await caller.hang_up()
    n = 2 * RATE
    spectrum = np.fft.rfft(heard[:n].astype(float), 2 * n) * np.conj(
        np.fft.rfft(sent[:n].astype(float), 2 * n)
    )
    correlation = np.fft.irfft(spectrum)
    lag = int(np.argmax(correlation))
    lag = lag if lag < n else lag - 2 * n
    assert abs(lag) <= 8  # half a millisecond


async def test_the_caller_hears_what_is_played_until_it_is_stopped(
    url: str, switchboard: LegSwitchboard
) -> None:
    caller = await WebRtcCaller.call(url)
    leg = only(switchboard)
    leg.play(tone(1000, 60))
    assert leg.unplayed() > 59
    hearing = caller.hear()
    heard = await collect(hearing, 1.5)
    assert strongest_hertz(heard[-RATE:]) == pytest.approx(1000, abs=2)
    leg.stop_playing()
    assert leg.unplayed() == 0
    rest = await collect(hearing, 1.0)
    await caller.hang_up()
    assert np.abs(rest[-RATE // 4 :]).max() < 100


async def test_delete_ends_the_call(url: str, switchboard: LegSwitchboard) -> None:
    caller = await WebRtcCaller.call(url)
    leg = only(switchboard)
    await caller.hang_up()
    assert isinstance((await until(leg.events(), Gone))[-1], Gone)
    assert not switchboard.legs


async def test_a_caller_who_just_closes_is_gone(url: str, switchboard: LegSwitchboard) -> None:
    caller = await WebRtcCaller.call(url)
    leg = only(switchboard)
    await caller._pc.close()
    assert (await until(leg.events(), Gone))[-1] == Gone("the caller hung up")


async def test_a_pressed_key_comes_once_and_sound_goes_on(
    url: str, switchboard: LegSwitchboard
) -> None:
    caller = await WebRtcCaller.call(url)
    leg = only(switchboard)
    caller.say(tone(440, 10))
    events = leg.events()
    await until(events, Audio)
    caller.press("1")
    caller.press("#")
    taken = await until(events, Key) + await until(events, Key)
    assert [event.digit for event in taken if isinstance(event, Key)] == ["1", "#"]
    after = await collect(sound(events), 1.5)
    await caller.hang_up()
    assert strongest_hertz(after[-RATE // 2 :]) == pytest.approx(440, abs=3)


async def test_video_shows_the_card_until_it_is_opened_and_after_it_is_closed(
    url: str, switchboard: LegSwitchboard
) -> None:
    caller = await WebRtcCaller.call(url, video=True)
    leg = only(switchboard)

    async def shade(wanted: str) -> None:
        """Wait for a frame that is the caller's green or the card's grey; fail on other frames."""
        async with asyncio.timeout(20):
            while True:
                frame = await caller.picture.recv()
                rgb = frame.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0)
                green = rgb[1] - rgb[0] > 40
                if wanted == ("green" if green else "grey"):
                    return

    first = await caller.picture.recv()
    rgb = first.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0)
    assert np.ptp(rgb) < 5
    assert rgb.max() < 60
    leg.open_video()
    await shade("green")
    leg.close_video()
    await shade("grey")
    await caller.hang_up()
