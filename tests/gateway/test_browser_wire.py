"""The page's call over the wire: what it shows of it, silence left out, a new network, the end."""

import asyncio
import base64
import hmac
import re
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Error, Page, expect
from pydantic import SecretStr

from gateway.events import StateChanged
from gateway.legs import Audio, Gone
from gateway.listener import HttpSettings, listening
from gateway.schema import IceServer
from gateway.server import create_app
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.screens import passed
from gateway.webrtc.servers import IceServers
from media.audio import Pcm, seconds
from tests.gateway.chromium import GRANT, NEEDED, PLAIN_ADDRESSES, chromium
from tests.gateway.switchboard import LegSwitchboard, collect, strongest_hertz, tone, until_heard

pytestmark = NEEDED

SPY = """
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
};
"""

LOCAL_PORT = """async () => {
  const report = await window.peers.at(-1).getStats();
  const transport = [...report.values()].find(({type}) => type === "transport");
  return report.get(report.get(transport.selectedCandidatePairId).localCandidateId).port;
}"""

PACKETS = """async (seconds) => {
  const sent = async () => [...(await window.peers.at(-1).getStats()).values()]
    .find(({type, kind}) => type === "outbound-rtp" && kind === "audio").packetsSent;
  const before = await sent();
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  return (await sent() - before) / seconds;
}"""


def microphone(path: Path, pcm48: Pcm) -> str:
    """Write what the microphone hears over and over (48 kHz); return Chromium's flag for it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(pcm48.tobytes())
    return f"--use-file-for-fake-audio-capture={path}"


def humming(path: Path, hertz: int) -> str:
    """A microphone that hears a steady tone of a whole number of Hertz."""
    t = np.arange(48_000) / 48_000
    return microphone(path, (8_000 * np.sin(2 * np.pi * hertz * t)).astype(np.int16))


@asynccontextmanager
async def calling(
    switchboard: LegSwitchboard, *flags: str, servers: Sequence[IceServer] = ()
) -> AsyncIterator[Page]:
    """Open the page in a browser of its own and place a call, which is answered."""
    app = create_app(switchboard, ice_servers=IceServers(servers))
    async with (
        listening(app, HttpSettings(port=0)) as url,
        chromium(PLAIN_ADDRESSES, GRANT, *flags) as page,
    ):
        await page.add_init_script(SPY)
        await page.goto(f"{url}/?test")
        await place(page, switchboard)
        yield page


async def place(page: Page, switchboard: LegSwitchboard) -> WebRtcLeg:
    before = set(switchboard.legs)
    async with page.expect_response("**/v1/calls"):
        await page.click("#call")
    async with asyncio.timeout(20):
        while not (new := set(switchboard.legs) - before):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        (call_id,) = new
        while not switchboard.legs[call_id].connected:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    switchboard.broadcasts[call_id].publish(StateChanged("talking", 0.5))
    return switchboard.legs[call_id]


async def heard(leg: WebRtcLeg) -> AsyncIterator[Pcm]:
    async for event in leg.events():
        if isinstance(event, Audio):
            yield event.pcm


async def until_gone(leg: WebRtcLeg) -> Gone:
    async for event in leg.events():
        if isinstance(event, Gone):
            return event
    raise AssertionError


async def test_the_diagnostics_show_what_the_browser_measures(tmp_path: Path) -> None:
    switchboard = LegSwitchboard()
    async with calling(switchboard, humming(tmp_path / "mic.wav", 600)) as page:
        (leg,) = switchboard.legs.values()
        leg.play(tone(1000, 60))
        await until_heard(heard(leg), 600)
        await page.click("#diagnostics summary")

        async def shows(name: str, pattern: str) -> None:
            cell = page.locator(f'#diagnostics [data-stat="{name}"]').last
            await expect(cell).to_have_text(re.compile(pattern), timeout=15_000)

        await shows("round-trip", r"^\d+ ms$")
        await shows("path", r"^direct")
        for way in ("out", "in"):
            await shows(f"level-{way}", r"^−\d+ dB$")
            await shows(f"lost-{way}", r"^0\.0 %$")
            await shows(f"jitter-{way}", r"^\d+ ms$")
            await shows(f"rate-{way}", r"^\d+ kbit/s$")
            await shows(f"codec-{way}", r"^opus")


async def test_the_page_asks_the_servers_that_the_gateway_names() -> None:
    turn = IceServer(
        urls=["turn:127.0.0.1:9?transport=udp", "stun:127.0.0.1:9"],
        secret=SecretStr("shared by the two of them"),
    )
    async with calling(LegSwitchboard(), servers=[turn]) as page:
        servers = await page.evaluate("window.peers.at(-1).getConfiguration().iceServers")
    assert [server["urls"] for server in servers] == [[url] for url in turn.urls]
    for server in servers:
        expected = hmac.digest(b"shared by the two of them", server["username"].encode(), "sha1")
        assert base64.b64decode(server["credential"]) == expected


async def test_silence_is_left_out_while_the_switch_is_on(tmp_path: Path) -> None:
    silent = microphone(tmp_path / "mic.wav", np.zeros(48_000, np.int16))
    switchboard = LegSwitchboard()
    async with calling(switchboard, silent) as page:
        assert await page.evaluate(PACKETS, 1) > 40
        await page.click("#diagnostics summary")
        await page.check("#dtx")
        async with asyncio.timeout(20):
            while await page.evaluate(PACKETS, 1) > 10:
                pass
        await page.uncheck("#dtx")
        async with asyncio.timeout(20):
            while await page.evaluate(PACKETS, 1) < 40:
                pass


async def test_a_caller_who_comes_into_another_network_keeps_the_call(tmp_path: Path) -> None:
    switchboard = LegSwitchboard()
    async with calling(switchboard, humming(tmp_path / "mic.wav", 600)) as page:
        (leg,) = switchboard.legs.values()
        sound = heard(leg)
        await until_heard(sound, 600)
        before, tag = await page.evaluate(LOCAL_PORT), leg.ice_tag
        for offline in (True, False):
            await page.context.set_offline(offline)
        async with asyncio.timeout(20):
            while await page.evaluate(LOCAL_PORT) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert leg.ice_tag != tag
        await collect(sound, 1.0)
        await until_heard(sound, 600)
        await expect(page.locator("#trouble")).to_be_hidden()
        await expect(page.locator("#phone")).to_have_attribute("data-state", "talking")


async def test_of_two_calls_at_once_one_goes_on_when_the_tab_of_the_other_is_closed(
    tmp_path: Path,
) -> None:
    switchboard = LegSwitchboard(screened=lambda: passed)
    async with calling(switchboard, humming(tmp_path / "mic.wav", 600)) as first:
        (one,) = switchboard.legs.values()
        assert first.context.browser
        second = await first.context.browser.new_page()
        await second.goto(first.url)
        await second.click("#camera")
        two = await place(second, switchboard)
        assert (one.has_video, two.has_video) == (False, True)
        await asyncio.gather(until_heard(heard(one), 600), until_heard(heard(two), 600))
        await first.close()
        async with asyncio.timeout(30):
            await until_gone(one)
        assert two.connected
        await until_heard(heard(two), 600)


@pytest.mark.nightly
async def test_a_call_whose_tab_has_crashed_is_gone_within_30_seconds() -> None:
    switchboard = LegSwitchboard()
    async with calling(switchboard) as page:
        (leg,) = switchboard.legs.values()
        with suppress(Error):  # the crash itself
            await page.goto("chrome://crash")
        async with asyncio.timeout(31):
            assert await until_gone(leg) == Gone("the network to the caller is lost")


@pytest.mark.nightly
@pytest.mark.timeout(1_000)
async def test_a_call_of_ten_minutes_is_heard_to_its_end_in_time(tmp_path: Path) -> None:
    switchboard = LegSwitchboard()
    async with calling(switchboard, humming(tmp_path / "mic.wav", 600)) as page:
        (leg,) = switchboard.legs.values()
        sound = heard(leg)
        await until_heard(sound, 600)
        clock = asyncio.get_running_loop().time
        start, listened, wrong = clock(), 0.0, 0
        while listened < 600:
            half = await collect(sound, 0.5)
            listened += seconds(len(half))
            wrong += abs(strongest_hertz(half) - 600) > 4
        assert clock() - start == pytest.approx(listened, abs=2)
        assert wrong <= 6  # the browser's microphone stumbles on a busy machine
        await expect(page.locator("#phone")).to_have_attribute("data-state", "talking")
        await expect(page.locator("#clock")).to_have_text(re.compile(r"^10:"))
