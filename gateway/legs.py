"""What a call asks of its two legs, whatever protocol they speak.

Samples cross this border as `media.audio.Pcm`: mono, 16 kHz, int16.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from media.audio import Pcm, Samples, Seconds
from media.liveness.types import Assessment


@dataclass(frozen=True, slots=True)
class Audio:
    """The next samples of a leg: contiguous, what the network lost is made up for.

    `coded` is the Opus packet that they were, if they were one: it may be passed on in their place.
    """

    pcm: Pcm
    coded: bytes | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A keypad key pressed (RFC 4733 event): one of `0-9*#A-D`, once per press."""

    digit: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The agent wants to know when what it sent so far has been played (see `send_mark`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """The agent wants what it sent and was not yet played to be dropped (barge-in).

    Marks that were waiting for it go back at once.
    """


@dataclass(frozen=True, slots=True)
class Transfer:
    """The agent wants the caller to be handed off, and says why."""

    reason: str
    """Printable, up to 80 characters; may be empty."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The leg has ended; `reason` is fit for a log (no personal data)."""

    reason: str
    hung_up: bool = False
    """Whether the other side has ended it in order; otherwise it was lost."""


CallerEvent = Audio | Key | Gone
AgentEvent = Audio | Mark | Clear | Transfer | Gone


class CallerLeg(Protocol):
    """A caller: sound comes in, sound goes out, keys are pressed."""

    def events(self) -> AsyncIterator[CallerEvent]:
        """Yield what the caller does, ending with `Gone`."""

    def play(self, pcm: Pcm, coded: bytes | None = None) -> None:
        """Queue samples to be heard by the caller after what is queued already.

        `coded`: the Opus packet that they were (see `Audio`).
        """

    def stop_playing(self) -> None:
        """Drop what is queued."""

    def unplayed(self) -> Seconds:
        """Tell how much is queued and not yet sent."""

    @property
    def has_video(self) -> bool:
        """Whether the caller offers video."""

    def open_video(self) -> None:
        """Let the caller's video pass from the next frame on; until then none of it leaves."""

    def close_video(self) -> None:
        """Hold the caller's video back again from the next frame on."""

    async def hang_up(self) -> None:
        """End the leg and free its sockets."""


@dataclass(frozen=True, slots=True)
class CallInfo:
    """What an agent is told at the start of a call. Nothing of it is personal data.

    `started_at` is the call's sample time at which the agent's stream begins: sample 0 of what the
    agent hears is sample `started_at` of what the caller said.
    """

    call_id: str
    started_at: Samples
    parameters: Mapping[str, str]


class AgentUnreachableError(Exception):
    """The agent could not be connected within the configured time and tries."""


class AgentLeg(Protocol):
    """An AI agent: cleared sound and masked words go out, its voice comes in."""

    async def connect(self, info: CallInfo) -> None:
        """Reach the agent and start the stream.

        Raises:
            AgentUnreachableError: after the configured tries.
        """

    def send_audio(self, pcm: Pcm, at: Samples, coded: bytes | None = None) -> None:
        """Queue cleared samples; `at` is their place in call time. Never blocks.

        `coded` is the Opus packet that they were, where nothing was changed in them.
        """

    def send_speech_started(self, at: Samples) -> None:
        """Tell that the caller has begun to speak at `at` in call time; never what is said."""

    def send_transcript(self, text: str, start: Samples, end: Samples) -> None:
        """Queue masked words ("My name is <PERSON_1>.") with their place in call time."""

    def send_consent(self, purposes: Mapping[str, str]) -> None:
        """Tell how each purpose of the call stands from now on: something was withdrawn."""

    def send_voice(self, assessment: Assessment) -> None:
        """Tell what the caller's voice is taken for, whenever that changes."""

    def send_key(self, digit: str) -> None:
        """Queue a keypad key that policy lets through."""

    def send_mark(self, name: str) -> None:
        """Tell the agent that what it sent before its mark `name` was played, or dropped."""

    def events(self) -> AsyncIterator[AgentEvent]:
        """Yield what the agent does, ending with `Gone`."""

    async def stop(self) -> None:
        """Send what is queued, end the stream and close."""
