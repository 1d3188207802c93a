"""An agent leg that speaks Twilio Media Streams over a WebSocket, Hushgate playing Twilio.

An agent written for Twilio's bidirectional streams needs no change: it gets `connected`, `start`
and 20 ms `media` messages whose timestamps count from the stream's start, and sends `media`,
`mark` and `clear`. Cleared audio comes in bursts and goes out as fast as the agent reads it.

One leg serves one call. A connection lost in the middle ends the leg with `Gone`; what happens to
the caller then is the call's to decide.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, InvalidURI, WebSocketException

from gateway.agents.twilio_messages import (
    CHUNK,
    AgentClear,
    AgentHandOff,
    AgentMark,
    AgentMedia,
    AgentMessageError,
    TwilioStream,
    parse_agent_message,
)
from gateway.legs import (
    AgentEvent,
    AgentUnreachableError,
    Audio,
    CallInfo,
    Clear,
    Gone,
    Mark,
    Transfer,
)
from media.audio import Pcm, Samples, Seconds, seconds
from media.liveness.types import Assessment
from media.narrowband import UlawDecoder, UlawEncoder

_log = structlog.get_logger(__name__)

_FIRST_PAUSE: Final[Seconds] = 0.25  # between two tries; doubles with each
_STALL: Final[Seconds] = 5.0  # how long one message may wait for the agent to read
_PING: Final[Seconds] = 5.0  # between keep-alives, and how long their answer may take
_CLOSE: Final[Seconds] = 2.0  # how long sending the rest, and then closing, may take
_QUEUE: Final = 6_000  # messages, two minutes of audio: more than the hold can release at once
_MAX_FRAME: Final = 4 * 1024 * 1024  # bytes; a larger WebSocket message ends the connection

_SILENCE: Final = b"\xff"  # µ-law zero

_CLOSED: Final = "agent closed the stream (code 1000)"
_UNREAD: Final = "agent stopped reading"
_BAD_ADDRESS: Final = "agent address is not a ws:// or wss:// URL"


class _Connect(connect):
    """Connect to the configured address only: a redirect could lead a caller's voice elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class TwilioLeg:
    """An agent reached at a `ws://` or `wss://` address; see `gateway.legs.AgentLeg`.

    A try to connect takes `timeout` seconds at most; after `tries` of them the agent is
    unreachable. `stall` and `ping` are how long the agent may leave a message unread and a
    keep-alive unanswered.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: Seconds = 3.0,
        tries: int = 3,
        stall: Seconds = _STALL,
        ping: Seconds = _PING,
    ) -> None:
        self._url = url
        self._timeout = timeout
        self._tries = tries
        self._stall = stall
        self._ping = ping
        self._socket: ClientConnection | None = None
        self._stream = TwilioStream("", "")
        self._queue: asyncio.Queue[tuple[Seconds, str] | None] = asyncio.Queue(_QUEUE)
        self._writer: asyncio.Task[None] | None = None
        self._encoder = UlawEncoder()
        self._unsent = bytearray()
        self._started_at: Samples = 0
        self._next: Samples = 0
        self._gone: str | None = None
        self._ignored = 0

    async def connect(self, info: CallInfo) -> None:
        """Reach the agent and start the stream.

        Raises:
            AgentUnreachableError: after the configured tries; names host and port, not the whole
                address, which may carry a key.
        """
        self._socket = await self._reach()
        self._stream = TwilioStream(f"MZ{uuid4().hex}", info.call_id)
        self._started_at = self._next = info.started_at
        self._put(self._stream.connected())
        self._put(self._stream.start(info.parameters))
        self._writer = asyncio.create_task(self._write(self._socket))

    def send_audio(self, pcm: Pcm, at: Samples, coded: bytes | None = None) -> None:
        """Queue cleared samples in 20 ms messages; a rest of up to 22 ms waits for what follows.

        Raises:
            ValueError: `at` is not where the samples before ended.
        """
        if at != self._next:
            raise ValueError(f"audio at sample {at}, expected at {self._next}")
        self._next += pcm.size
        self._unsent += self._encoder(pcm)
        self._put_chunks()

    def send_speech_started(self, at: Samples) -> None:
        """Queue that the caller has begun to speak, in milliseconds from the stream's start."""
        self._put(self._stream.speech_started(self._ms(at)))

    def send_transcript(self, text: str, start: Samples, end: Samples) -> None:
        """Queue masked words, placed in milliseconds from the stream's start."""
        self._put(self._stream.transcript(text, self._ms(start), self._ms(end)))

    def send_consent(self, purposes: Mapping[str, str]) -> None:
        """Queue how each purpose of the call stands from now on."""
        self._put(self._stream.consent(purposes))

    def send_voice(self, assessment: Assessment) -> None:
        """Queue what the caller's voice is taken for."""
        self._put(self._stream.voice(assessment))

    def send_key(self, digit: str) -> None:
        """Queue a keypad key."""
        self._put(self._stream.dtmf(digit))

    def send_mark(self, name: str) -> None:
        """Send the agent's mark back: what it sent before it was played, or dropped."""
        self._put(self._stream.mark(name))

    async def events(self) -> AsyncIterator[AgentEvent]:
        """Yield what the agent says and asks; whatever it sends that cannot be used is counted."""
        socket = self._socket
        decoder = UlawDecoder()
        try:
            while socket is not None:
                try:
                    message = parse_agent_message(await socket.recv(decode=False))
                except AgentMessageError as error:
                    self._ignore(error)
                    continue
                match message:
                    case AgentMedia(ulaw):
                        yield Audio(decoder(ulaw))
                    case AgentMark(name):
                        yield Mark(name)
                    case AgentClear():
                        decoder.flush()
                        yield Clear()
                    case AgentHandOff(reason):
                        yield Transfer(reason)
        except ConnectionClosed as closed:
            self._lose(_why(closed))
        reason = self._gone or "agent was never connected"
        yield Gone(reason, hung_up=reason == _CLOSED)

    async def stop(self) -> None:
        """Send what is queued, end the stream and close, in a few seconds at most."""
        if self._socket is None or self._writer is None:
            return
        if self._gone is None:
            self._unsent += self._encoder.flush()
            self._unsent += _SILENCE * (-len(self._unsent) % CHUNK)
            self._put_chunks()
            self._put(self._stream.stop())
            self._put(None)
            self._gone = self._gone or "stopped"
            await asyncio.wait([self._writer], timeout=_CLOSE)
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer
        await self._socket.close()
        if self._ignored:
            _log.warning("agent messages ignored in all", count=self._ignored)

    async def _reach(self) -> ClientConnection:
        try:
            where = urlsplit(self._url).netloc.rpartition("@")[2]
        except ValueError:
            raise AgentUnreachableError(_BAD_ADDRESS) from None
        last = ""
        for attempt in range(self._tries):
            if attempt:
                await asyncio.sleep(_FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                return await _Connect(
                    self._url,
                    open_timeout=self._timeout,
                    ping_interval=self._ping,
                    ping_timeout=self._ping,
                    close_timeout=_CLOSE,
                    max_size=_MAX_FRAME,
                    compression=None,  # base64 of µ-law hardly shrinks
                    proxy=None,  # audio goes to the configured address and nowhere else
                )
            except InvalidURI:
                raise AgentUnreachableError(_BAD_ADDRESS) from None
            except TimeoutError:
                last = f"no answer in {self._timeout:g} s"
            except OSError as error:
                last = error.strerror or str(error)
            except InvalidStatus as error:
                last = f"HTTP {error.response.status_code}"
            except WebSocketException as error:
                last = type(error).__name__
            _log.warning("agent not reached", agent=where, attempt=attempt + 1, reason=last)
        raise AgentUnreachableError(f"agent at {where} not reached in {self._tries} tries: {last}")

    def _ms(self, at: Samples) -> int:
        return max(0, round(1000 * seconds(at - self._started_at)))

    def _put_chunks(self) -> None:
        while len(self._unsent) >= CHUNK:
            self._put(self._stream.media(bytes(self._unsent[:CHUNK])))
            del self._unsent[:CHUNK]

    def _put(self, message: str | None) -> None:
        if self._gone is None:
            try:
                self._queue.put_nowait(None if message is None else (_now(), message))
            except asyncio.QueueFull:
                self._lose(_UNREAD)

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while (waiting := await self._queue.get()) is not None:
                since, message = waiting
                # Who reads one message after the other, but too slowly, would fall behind for good.
                if _now() - since > self._stall:
                    raise TimeoutError
                async with asyncio.timeout(self._stall):
                    await socket.send(message)
        except TimeoutError:
            self._lose(_UNREAD)
        except ConnectionClosed as closed:
            self._lose(_why(closed))

    def _lose(self, reason: str) -> None:
        """Settle why the leg ended, once, and wake `events` by cutting the connection."""
        if self._gone is None:
            self._gone = reason
            if self._socket is not None:
                self._socket.transport.abort()

    def _ignore(self, error: AgentMessageError) -> None:
        self._ignored += 1
        if self._ignored & (self._ignored - 1) == 0:  # a flood of junk is not a flood of logs
            _log.warning("agent message ignored", reason=str(error), count=self._ignored)


def _now() -> Seconds:
    return asyncio.get_running_loop().time()


def _why(closed: ConnectionClosed) -> str:
    """Say how a connection ended, without the agent's own words."""
    if closed.rcvd is not None:
        return f"agent closed the stream (code {closed.rcvd.code})"
    if closed.sent is not None:
        return "agent sent too much" if closed.sent.code == 1009 else _UNREAD
    return "connection to the agent was lost"
