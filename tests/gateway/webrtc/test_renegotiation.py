"""What changes within a call by PATCH: ICE restarts, hold, video, codecs."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aioice.ice
import httpx
import numpy as np
import pytest
import pytest_asyncio
from aiortc import RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack
from aiortc.rtcicetransport import RTCIceParameters, candidate_from_aioice

from gateway.legs import Audio
from gateway.listener import HttpSettings, listening
from gateway.server import create_app
from gateway.webrtc.client import WebRtcCaller
from gateway.webrtc.ice import loopback_candidates
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.offer import read_fragment, write_fragment
from gateway.webrtc.whip import offer_keys
from media.audio import Pcm
from tests.gateway.switchboard import LegSwitchboard, collect, strongest_hertz, tone

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
ANY = {"If-Match": "*"}
PWD = "abcdefghijklmnopqrstuv"


async def until_sounds(source: AsyncIterator[Pcm], hertz: float) -> None:
    """Take sound until half a second of it is a tone of this pitch, after what was on its way."""
    async with asyncio.timeout(15):
        while abs(strongest_hertz(await collect(source, 0.5)) - hertz) > 4:
            pass


class Scene:
    """A call under way, what each side hears of the other, and how to PATCH it."""

    def __init__(self, caller: WebRtcCaller, leg: WebRtcLeg, http: httpx.AsyncClient) -> None:
        self.caller, self.leg, self.pc = caller, leg, caller._pc
        self.etag = caller.etag
        self._http = http
        self._heard, self._played, self._pitch = self._hear(), caller.hear(), 500

    async def _hear(self) -> AsyncIterator[Pcm]:
        async for event in self.leg.events():
            if isinstance(event, Audio):
                yield event.pcm

    async def patch(self, body: str, headers: dict[str, str]) -> httpx.Response:
        reply = await self._http.patch(self.caller.location, content=body, headers=headers)
        self.etag = reply.headers.get("etag", self.etag)
        return reply

    async def is_heard(self) -> None:
        """Wait until a tone of the caller's arrives, another one each time."""
        self._pitch += 300
        self.caller._voice.stop_playing()
        self.caller.say(tone(self._pitch, 60))
        await until_sounds(self._heard, self._pitch)

    async def hears(self) -> None:
        """Wait until the caller hears a tone that is played to it, another one each time."""
        self._pitch += 300
        self.leg.stop_playing()
        self.leg.play(tone(self._pitch, 60))
        await until_sounds(self._played, self._pitch)

    async def offer(self, change: Callable[[str], str] = str) -> httpx.Response:
        """Send a further offer, changed before it goes out, and take the answer."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        offer = change(offer_keys(self.pc.localDescription.sdp))
        reply = await self.patch(offer, {**SDP, "If-Match": self.etag})
        if reply.status_code == 200:
            assert reply.headers["content-type"] == "application/sdp"
            await self.pc.setRemoteDescription(RTCSessionDescription(reply.text, "answer"))
        return reply

    async def answered(self, direction: str) -> str:
        """Offer audio in this direction; return the direction of the answer's."""
        (audio,) = self.pc.getTransceivers()
        audio.direction = direction
        reply = await self.offer()
        assert reply.status_code == 200, reply.text
        directions = ("a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive")
        (line,) = [line for line in reply.text.splitlines() if line in directions]
        return line.removeprefix("a=")

    async def roam(self) -> httpx.Response:
        """Move the caller to other sockets, as one that has come into another network does."""
        transport = self.pc.getTransceivers()[0].receiver.transport.transport
        old, new = transport._connection, aioice.ice.Connection(ice_controlling=True)
        with loopback_candidates():
            await new.gather_candidates()
        ice = RTCIceParameters(new.local_username, new.local_password)
        candidates = map(candidate_from_aioice, new.local_candidates)
        fragment = write_fragment(ice, candidates, ("audio", "0"))
        reply = await self.patch(fragment, {**FRAGMENT, **ANY})
        gateway = read_fragment(reply.text)
        assert gateway.ice is not None
        new.remote_username, new.remote_password = (
            gateway.ice.usernameFragment,
            gateway.ice.password,
        )
        for line in reply.text.splitlines():
            if line.startswith("a=candidate:"):
                candidate = aioice.Candidate.from_sdp(line.removeprefix("a=candidate:"))
                await new.add_remote_candidate(candidate)
        await new.add_remote_candidate(None)
        async with asyncio.timeout(10):
            await new.connect()
        new._queue, old._queue = old._queue, asyncio.Queue()
        new._event_waiter, old._event_waiter = old._event_waiter, None
        transport._connection = transport.iceGatherer._connection = new
        transport._recv, transport._send = new.recv, new.send
        await old.close()
        return reply


@pytest_asyncio.fixture
async def scene() -> AsyncIterator[Scene]:
    switchboard = LegSwitchboard()
    async with (
        listening(create_app(switchboard), HttpSettings(port=0)) as base,
        httpx.AsyncClient(trust_env=False, timeout=10) as http,
    ):
        caller = await WebRtcCaller.call(f"{base}/v1/calls")
        (leg,) = switchboard.legs.values()
        yield Scene(caller, leg, http)
        await caller.hang_up()


async def test_after_an_ice_restart_the_call_goes_on_from_the_callers_new_address(
    scene: Scene,
) -> None:
    before = scene.etag
    reply = await scene.roam()
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/trickle-ice-sdpfrag"
    assert scene.etag != before
    await scene.is_heard()
    await scene.hears()
    late = "a=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"
    assert (await scene.patch(late, {**FRAGMENT, "If-Match": before})).status_code == 412
    assert (await scene.patch(late, {**FRAGMENT, "If-Match": scene.etag})).status_code == 204


async def test_news_of_an_ice_session_that_is_over_is_no_restart(scene: Scene) -> None:
    first = scene.leg._ufrags[0]
    assert (await scene.roam()).status_code == 200
    fragment = f"a=ice-ufrag:{first}\r\na=ice-pwd:{PWD}\r\na=end-of-candidates\r\n"
    reply = await scene.patch(fragment, {**FRAGMENT, **ANY})
    assert reply.status_code == 422
    assert "over" in reply.json()["detail"]
    await scene.is_heard()


async def test_a_further_offer_restarts_ice_too(scene: Scene) -> None:
    transport = scene.pc.getTransceivers()[0].receiver.transport.transport
    ufrag, old = "roam", transport.iceGatherer.getLocalParameters()

    def with_new_credentials(sdp: str) -> str:
        return sdp.replace(str(old.usernameFragment), ufrag).replace(str(old.password), PWD)

    before = scene.etag
    reply = await scene.offer(with_new_credentials)
    assert reply.status_code == 200
    assert scene.etag != before
    ice = RTCIceParameters(*(
        next(line for line in reply.text.splitlines() if line.startswith(name)).partition(":")[2]
        for name in ("a=ice-ufrag", "a=ice-pwd")
    ))  # fmt: skip
    transport._connection.restart(ice)
    transport._connection._local_username, transport._connection._local_password = ufrag, PWD
    async with asyncio.timeout(10):
        for side in (scene.leg._ice_transport(), transport):
            await side._connection._reconnecting
    await scene.is_heard()
    await scene.hears()


async def test_a_call_is_put_on_hold_and_taken_up_again(scene: Scene) -> None:
    before = scene.etag
    assert await scene.answered("inactive") == "inactive"
    assert await scene.answered("sendonly") == "recvonly"
    await scene.is_heard()
    assert await scene.answered("sendrecv") == "sendrecv"
    assert scene.etag == before
    await scene.is_heard()
    await scene.hears()


async def test_a_call_goes_on_in_another_codec(scene: Scene) -> None:
    def in_g711(sdp: str) -> str:
        return sdp.replace("opus", "lyra").replace("G722", "L24")

    reply = await scene.offer(in_g711)
    assert reply.status_code == 200
    assert "opus" not in reply.text
    await scene.is_heard()
    await scene.hears()
    for peer in (scene.pc, scene.leg._pc):
        (sender,) = peer.getSenders()
        assert sender._codec.name == "PCMU"


async def test_video_that_comes_into_a_call_is_answered_with_the_card(scene: Scene) -> None:
    scene.pc.addTrack(VideoStreamTrack())
    assert (await scene.offer()).status_code == 200
    async with asyncio.timeout(10):
        frame = await scene.caller.picture.recv()
    assert np.ptp(frame.to_ndarray(format="rgb24")) < 5
    await scene.is_heard()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda sdp: sdp.replace("a=setup:actpass", "a=setup:active"), "DTLS"),
        (lambda sdp: sdp.replace("opus", "lyra").replace("PCM", "XXX").replace("G722", "L24"),
         "no codec"),
    ],
    ids=["association", "codec"],
)  # fmt: skip
async def test_an_offer_that_does_not_fit_is_refused_and_the_call_goes_on(
    scene: Scene, change: Callable[[str], str], says: str
) -> None:
    reply = await scene.offer(change)
    assert reply.status_code == 422
    assert says in reply.json()["detail"]
    assert (await scene.patch("v=0\r\n", {**SDP, **ANY})).status_code == 422
    assert (await scene.patch("hello", {**SDP, **ANY})).status_code == 400
    await scene.is_heard()
    await scene.hears()


async def test_news_that_come_when_the_leg_has_ended_are_refused(scene: Scene) -> None:
    offer = offer_keys(scene.pc.localDescription.sdp)
    restart = f"a=mid:0\r\na=ice-ufrag:other\r\na=ice-pwd:{PWD}\r\n"
    await scene.leg.hang_up()
    assert (await scene.patch(offer, {**SDP, **ANY})).status_code == 422
    assert (await scene.patch(restart, {**FRAGMENT, **ANY})).status_code == 422
    assert (await scene.patch("a=end-of-candidates\r\n", {**FRAGMENT, **ANY})).is_success
