"""The reference agent: the far end of a Twilio Media Stream, for the demo and the tests.

It answers like a patient clerk, one prepared reply after each turn of the caller, and keeps what it
heard, so that what reached an agent can be compared with what was said. It understands nothing.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from media.audio import Pcm, samples
from media.narrowband import ULAW_RATE, UlawDecoder, UlawEncoder
from media.turns import TurnDetector

_log = structlog.get_logger(__name__)

_CHUNK: Final = ULAW_RATE // 50  # bytes of 20 ms
_LONGEST: Final = ULAW_RATE * 3600  # bytes kept of one call: an hour
_SILENCE: Final = b"\xff"  # µ-law zero
_PATIENCE: Final = samples(1.0)  # of quiet before it replies; people pause between sentences


@dataclass(frozen=True, slots=True)
class Reply:
    """Something the agent says: a name for its mark, the words, and 16 kHz samples."""

    name: str
    text: str
    pcm: Pcm


@dataclass(frozen=True, slots=True)
class HeardWords:
    """Masked words the agent was given; times in milliseconds from the stream's start."""

    text: str
    start_ms: int
    end_ms: int


class _Stream:
    """One stream: takes Twilio's messages in, gives the agent's messages out."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self._sid = ""
        self._ulaw = bytearray()
        self._decoder = UlawDecoder()
        self._turns = TurnDetector(_PATIENCE)
        self._replies = deque(replies)
        self._speaking = False  # a reply was sent and its mark is not back
        self._turn_waits = False  # the caller's turn ended meanwhile
        self.parameters: dict[str, str] = {}
        self.transcript: list[HeardWords] = []
        self.keys: list[str] = []
        self.speech_starts: list[int] = []
        self.consents: list[dict[str, str]] = []
        self.verdicts: list[str] = []
        self.said: list[Reply] = []

    def take(self, message: dict[str, Any]) -> list[str]:
        """Take one message, return what the agent sends in answer."""
        match message["event"]:
            case "start":
                self._sid = message["streamSid"]
                self.parameters = message["start"]["customParameters"]
                return self._speak()
            case "media":
                media = message["media"]
                ended = self._hear(int(media["timestamp"]), b64decode(media["payload"]))
                self._turn_waits = self._turn_waits or ended
                return self._answer()
            case "mark":
                self._speaking = False
                return self._answer()
            case "dtmf":
                self.keys.append(message["dtmf"]["digit"])
            case "hushgate.speech_started":
                self.speech_starts.append(message["speechStarted"]["atMs"])
            case "hushgate.consent":
                self.consents.append(message["consent"])
            case "hushgate.voice":
                self.verdicts.append(message["voice"]["verdict"])
            case "hushgate.transcript":
                words = message["transcript"]
                self.transcript.append(HeardWords(words["text"], words["startMs"], words["endMs"]))
        return []

    def heard(self) -> Pcm:
        decoder = UlawDecoder()
        return np.concatenate((decoder(bytes(self._ulaw)), decoder.flush()))

    def _hear(self, timestamp_ms: int, ulaw: bytes) -> bool:
        """Keep a chunk, and a gap before it as silence; tell whether a turn has ended."""
        at = timestamp_ms * ULAW_RATE // 1000
        if not 0 <= at <= _LONGEST - len(ulaw):
            return False
        known = len(self._ulaw)
        self._ulaw += _SILENCE * (at + len(ulaw) - known)
        self._ulaw[at : at + len(ulaw)] = ulaw
        return bool(self._turns(self._decoder(bytes(self._ulaw[known:]))))

    def _answer(self) -> list[str]:
        """Reply to a turn that ended, unless the agent or, by now, the caller is speaking."""
        if not self._turn_waits or self._speaking or self._turns.in_turn:
            return []
        return self._speak()

    def _speak(self) -> list[str]:
        self._turn_waits = False
        if not self._replies:
            return []
        reply = self._replies.popleft()
        self.said.append(reply)
        self._speaking = True
        encoder = UlawEncoder()
        ulaw = encoder(reply.pcm) + encoder.flush()
        chunks = [ulaw[i : i + _CHUNK] for i in range(0, len(ulaw), _CHUNK)]
        return [
            *(self._message("media", {"payload": b64encode(chunk).decode()}) for chunk in chunks),
            self._message("mark", {"name": reply.name}),
        ]

    def _message(self, event: str, body: dict[str, str]) -> str:
        return json.dumps({"event": event, "streamSid": self._sid, event: body})


class ReferenceAgent:
    """A WebSocket server on loopback that takes part in calls as an agent.

    `replies[0]` greets when a stream starts; each of the others follows a turn of the caller, once
    the reply before it was played (its mark came back). `heard`, `transcript`, `keys`,
    `speech_starts`, `consents`, `verdicts`, `parameters` and `said` tell of the stream that began
    last; `finished` is set when it has ended.
    """

    def __init__(self, replies: Sequence[Reply] = (), port: int = 0) -> None:
        self._replies = replies
        self._port = port
        self._server: Server | None = None
        self._stream = _Stream(())
        self.finished = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await serve(self._take, "127.0.0.1", self._port, compression=None)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The `ws://` address to give to an agent leg."""
        assert self._server is not None
        return f"ws://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}"

    @property
    def transcript(self) -> Sequence[HeardWords]:
        """The masked words it was given, in the order they came."""
        return self._stream.transcript

    @property
    def keys(self) -> Sequence[str]:
        """The keypad keys it was given."""
        return self._stream.keys

    @property
    def speech_starts(self) -> Sequence[int]:
        """When it was told that the caller began to speak, in ms from the stream's start."""
        return self._stream.speech_starts

    @property
    def consents(self) -> Sequence[Mapping[str, str]]:
        """How the purposes of the call stood, each time it was told that this changed."""
        return self._stream.consents

    @property
    def verdicts(self) -> Sequence[str]:
        """What the caller's voice was taken for, each time it was told."""
        return self._stream.verdicts

    @property
    def parameters(self) -> Mapping[str, str]:
        """The stream's `customParameters`."""
        return self._stream.parameters

    @property
    def said(self) -> Sequence[Reply]:
        """The replies it has sent."""
        return self._stream.said

    def heard(self) -> Pcm:
        """Return what was heard at 16 kHz; sample 0 is the stream's start, gaps are zero."""
        return self._stream.heard()

    async def _take(self, socket: ServerConnection) -> None:
        stream = self._stream = _Stream(self._replies)
        self.finished.clear()
        try:
            async for raw in socket:
                for answer in stream.take(json.loads(raw)):
                    await socket.send(answer)
        except ConnectionClosed as closed:
            _log.info("stream was cut", code=closed.rcvd.code if closed.rcvd else None)
        except (ValueError, LookupError, TypeError) as error:
            _log.warning("stream is malformed", error=type(error).__name__)
            await socket.close(CloseCode.UNSUPPORTED_DATA)
        finally:
            if stream is self._stream:
                self.finished.set()
