"""The messages of Twilio Media Streams, built and parsed; no I/O.

Hushgate plays Twilio: it sends `connected`, `start`, `media`, `dtmf`, `mark` and `stop`, and takes
`media`, `mark` and `clear`. Numbers travel as strings, as Twilio has them. Our own
messages are `hushgate.speech_started`, `hushgate.transcript`, `hushgate.consent` and
`hushgate.voice`, which an agent that does not know them ignores, and `hushgate.hand_off`, which it
may send.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages (protocol 1.0.0).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from media.liveness.types import Assessment

CHUNK: Final = 160
"""µ-law bytes of one outgoing `media` message: 20 ms at 8 kHz."""

CHUNK_MS: Final = 20

MAX_MESSAGE: Final = 512 * 1024
"""Characters or bytes of one message from an agent; about 48 s of audio."""

MAX_MARK_NAME: Final = 1024

MAX_REASON: Final = 80
"""Characters of a reason to hand a caller off; the rest is cut."""

# Twilio's shape of an account identifier; there is no Twilio account behind it.
_ACCOUNT_SID: Final = "AC" + 32 * "0"


class AgentMessageError(ValueError):
    """A message from an agent that cannot be used; says what is wrong, never what was in it."""


@dataclass(frozen=True, slots=True)
class AgentMedia:
    """Audio to play to the caller: G.711 µ-law, 8 kHz, at least one byte."""

    ulaw: bytes


@dataclass(frozen=True, slots=True)
class AgentMark:
    """A name to send back once the audio before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class AgentClear:
    """Drop the audio that is not yet played, and send its marks back."""


@dataclass(frozen=True, slots=True)
class AgentHandOff:
    """Hand the caller off; `reason` is printable, up to `MAX_REASON` characters, maybe empty."""

    reason: str


AgentMessage = AgentMedia | AgentMark | AgentClear | AgentHandOff


def parse_agent_message(raw: str | bytes) -> AgentMessage:
    """Turn one WebSocket message into what the agent asks for.

    `streamSid` is not read: a connection carries one stream.

    Raises:
        AgentMessageError: too large, not JSON, not an object, an unknown event, or a field that is
            missing or malformed.
    """
    if len(raw) > MAX_MESSAGE:
        raise AgentMessageError(f"message over {MAX_MESSAGE} bytes")
    try:
        message = json.loads(raw if isinstance(raw, str) else raw.decode())
    except (ValueError, RecursionError):
        raise AgentMessageError("message is not JSON") from None
    if not isinstance(message, dict):
        raise AgentMessageError("message is not a JSON object")
    match message.get("event"):
        case "media":
            return AgentMedia(_payload(_text(message, "media", "payload")))
        case "mark":
            name = _text(message, "mark", "name")
            if len(name) > MAX_MARK_NAME:
                raise AgentMessageError(f"mark.name over {MAX_MARK_NAME} characters")
            return AgentMark(name)
        case "clear":
            return AgentClear()
        case "hushgate.hand_off":
            reason = _text(message, "handOff", "reason")
            return AgentHandOff("".join(c for c in reason if c.isprintable())[:MAX_REASON])
        case _:
            raise AgentMessageError("unknown event")


def _text(message: dict[str, Any], section: str, field: str) -> str:
    body = message.get(section)
    value = body.get(field) if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise AgentMessageError(f"{section}.{field} is not a string")
    return value


def _payload(text: str) -> bytes:
    try:
        ulaw = base64.b64decode(text, validate=True)
    except ValueError:
        raise AgentMessageError("media.payload is not base64") from None
    if not ulaw:
        raise AgentMessageError("media.payload is empty")
    return ulaw


class TwilioStream:
    """Build the messages of one stream, counting them as Twilio does.

    `connected` and our own messages have no sequence number, so that the numbers an agent knows
    have no gaps.
    """

    def __init__(self, stream_sid: str, call_sid: str) -> None:
        self._stream_sid = stream_sid
        self._call_sid = call_sid
        self._sequence = 0
        self._chunk = 0
        self._starts = 0

    def connected(self) -> str:
        """Name the protocol; the first message of a connection."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        """Describe the stream; `parameters` reach the agent as `customParameters`."""
        return self._message(
            "start",
            {
                "accountSid": _ACCOUNT_SID,
                "streamSid": self._stream_sid,
                "callSid": self._call_sid,
                "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": dict(parameters),
            },
        )

    def media(self, ulaw: bytes) -> str:
        """Carry the next `CHUNK` bytes; their timestamp follows from how many went before."""
        timestamp = self._chunk * CHUNK_MS
        self._chunk += 1
        return self._message(
            "media",
            {
                "track": "inbound",
                "chunk": str(self._chunk),
                "timestamp": str(timestamp),
                "payload": base64.b64encode(ulaw).decode(),
            },
        )

    def dtmf(self, digit: str) -> str:
        """Tell a key the caller pressed."""
        return self._message("dtmf", {"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        """Send the agent's mark back."""
        return self._message("mark", {"name": name})

    def stop(self) -> str:
        """End the stream."""
        return self._message("stop", {"accountSid": _ACCOUNT_SID, "callSid": self._call_sid})

    def speech_started(self, at_ms: int) -> str:
        """Tell that the caller has begun to speak, and nothing else: our own message."""
        self._starts += 1
        return json.dumps(
            {
                "event": "hushgate.speech_started",
                "streamSid": self._stream_sid,
                "speechStarted": {"sequence": self._starts, "atMs": at_ms},
            }
        )

    def transcript(self, text: str, start_ms: int, end_ms: int) -> str:
        """Carry masked words with their place in the stream: our own message."""
        return json.dumps(
            {
                "event": "hushgate.transcript",
                "streamSid": self._stream_sid,
                "transcript": {"text": text, "startMs": start_ms, "endMs": end_ms},
            }
        )

    def consent(self, purposes: Mapping[str, str]) -> str:
        """Tell how each purpose of the call stands from now on: our own message."""
        return json.dumps(
            {
                "event": "hushgate.consent",
                "streamSid": self._stream_sid,
                "consent": dict(purposes),
            }
        )

    def voice(self, assessment: Assessment) -> str:
        """Tell what the caller's voice is taken for: our own message."""
        return json.dumps(
            {
                "event": "hushgate.voice",
                "streamSid": self._stream_sid,
                "voice": {
                    "verdict": assessment.verdict,
                    "score": assessment.score,
                    "speechS": assessment.speech_s,
                },
            }
        )

    def _message(self, event: str, body: dict[str, Any]) -> str:
        self._sequence += 1
        return json.dumps(
            {
                "event": event,
                "sequenceNumber": str(self._sequence),
                "streamSid": self._stream_sid,
                event: body,
            }
        )
