"""A person's endpoint, reached by WHIP (RFC 9725): sound both ways, and keys; no words or marks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import structlog
from aiortc import RTCIceServer

from gateway.legs import AgentEvent, AgentUnreachableError, CallInfo, Key
from gateway.playback import LIVE, Live
from gateway.webrtc.inbox import Inbox
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import CallRefusedError, Session
from media.audio import Pcm, Samples, Seconds
from media.liveness.types import Assessment

_PAUSE: Final[Seconds] = 0.5  # between two tries
_FLUSH: Final[Seconds] = 2.0  # how long sending the rest may take

_log = structlog.get_logger(__name__)


class WhipLeg:
    """A person at a WHIP endpoint; see `gateway.legs.AgentLeg`.

    A try to connect takes `timeout` seconds at most; there are `tries` of them, but only one when
    the endpoint says no (4xx). `headers` go with every request to the endpoint's origin. A person
    is there in real time: what would be heard later than `behind` seconds is dropped.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        behind: Seconds = LIVE,
        timeout: Seconds = 10.0,
        tries: int = 3,
        tls: ssl.SSLContext | None = None,
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self._url = url
        self._headers = headers
        self._behind = behind
        self._timeout = timeout
        self._tries = tries
        self._tls = tls
        self._ice_servers = ice_servers
        self._voice = Voice()
        self._live = Live(self._voice, behind)
        self._session: Session | None = None
        self._inbox = Inbox()
        self._stopped = False
        self._hearing: asyncio.Task[None] | None = None

    async def connect(self, info: CallInfo) -> None:
        """Call the endpoint and wait for media; nothing of `info` is sent.

        Raises:
            AgentUnreachableError: after the tries; names host and port, not the whole address.
        """
        where = urlsplit(self._url).netloc.rpartition("@")[2]
        last = ""
        for attempt in range(self._tries):
            if attempt:
                await asyncio.sleep(_PAUSE)
            self._voice = Voice()
            self._live = Live(self._voice, self._behind)
            session = Session(
                self._url,
                self._voice,
                headers=self._headers,
                tls=self._tls,
                ice_servers=self._ice_servers,
            )
            try:
                await session.connect(self._timeout)
                if self._stopped:
                    raise ConnectionError("stopped meanwhile")
            except BaseException as error:
                await session.end()
                last, final = _why(error, self._timeout)
                _log.warning("endpoint not reached", endpoint=where, reason=last)
                if final or self._stopped:
                    break
            else:
                self._session = session
                self._hearing = asyncio.create_task(self._hear(session))
                return
        raise AgentUnreachableError(f"endpoint at {where} not reached: {last}")

    def send_audio(self, pcm: Pcm, at: Samples, coded: bytes | None = None) -> None:
        """Queue samples to be heard at once; `at` does not matter to a person."""
        self._live.play(pcm, coded)

    def send_speech_started(self, at: Samples) -> None:
        """Do nothing: a person hears it."""

    def send_transcript(self, text: str, start: Samples, end: Samples) -> None:
        """Do nothing: WHIP carries no words."""

    def send_consent(self, purposes: Mapping[str, str]) -> None:
        """Do nothing: whoever takes a call is told how it stands when it is handed over."""

    def send_voice(self, assessment: Assessment) -> None:
        """Do nothing: whoever takes a call is told when it is handed over."""

    def send_key(self, digit: str) -> None:
        """Press a key, if the endpoint takes keys (RFC 4733)."""
        if self._session is not None and self._session.takes_keys:
            self._session.press(digit)

    def send_mark(self, name: str) -> None:
        """Do nothing: a person sets no marks."""

    async def events(self) -> AsyncIterator[AgentEvent]:
        """Yield what the person says, ending with `Gone`."""
        if self._session is None:
            self._inbox.end("the endpoint was never connected")
        async for event in self._inbox.events():
            if not isinstance(event, Key):  # none are taken in
                yield event

    async def stop(self) -> None:
        """Send what is queued, in two seconds at most, and end the call at the endpoint.

        A call that is just being placed ends as soon as it is answered.
        """
        self._stopped = True
        if self._session is None or self._hearing is None:
            return
        if not self._hearing.done():
            await asyncio.sleep(min(_FLUSH, self._voice.unplayed()))
        self._inbox.end("stopped")
        self._hearing.cancel()
        await self._session.end()

    async def _hear(self, session: Session) -> None:
        """Take what the person says, until the connection ends or is lost."""

        def end() -> None:
            if session.hung_up:
                self._inbox.end("the person hung up", hung_up=True)
            else:
                self._inbox.end("the network to the endpoint is lost")

        def changed() -> None:
            if session.pc.connectionState != "connected":
                end()

        session.pc.on("connectionstatechange", changed)
        changed()
        async for heard in session.hear():
            self._inbox.audio(heard.pcm, heard.coded)
        end()


def _why(error: BaseException, timeout: Seconds) -> tuple[str, bool]:
    """Say why a try failed, in no words of the endpoint's, and whether another would, too.

    What is no failure of the try is raised again.
    """
    match error:
        case TimeoutError():
            return f"no answer in {timeout:g} s", False
        case CallRefusedError(status=status):
            return f"HTTP {status}", status < 500 and status not in (408, 429)
        case OSError():
            return error.strerror or str(error), False
        case _:
            raise error
