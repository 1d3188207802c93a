"""What an offer must be for the gateway to answer it, and trickled candidates after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from aiortc import RTCIceCandidate
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import SessionDescription, candidate_from_sdp

MOST_CANDIDATES: Final = 64
"""Candidates a caller may name in all: each one makes us send checks (RFC 8445, 19.5.1)."""

_HEARD: Final = ("sendrecv", "sendonly")


class OfferError(ValueError):
    """The offer is well-formed, but the gateway cannot answer it. The message says why."""


class MalformedOfferError(OfferError):
    """The offer or the fragment is not the SDP it should be."""


class IceRestartError(OfferError):
    """A fragment asks for an ICE restart, which is not supported."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that may be answered.

    `sdp` is its text with every direction spelled out; `ufrag` names its ICE session; `key_codecs`
    are the RFC 4733 telephone-event formats of its audio section; `dtx` tells whether it wants
    silence left out of its Opus stream (`usedtx`, RFC 7587, 6.1).
    """

    sdp: str
    ufrag: str
    key_codecs: tuple[Any, ...]
    dtx: bool


def read_offer(sdp: str) -> Offer:
    """Parse and check an offer.

    Raises:
        MalformedOfferError: it is empty or not SDP, or lacks what WebRTC needs.
        OfferError: it asks for what the gateway does not do.
    """
    if not sdp.strip():
        raise MalformedOfferError("The offer is empty.")
    if not sdp.lstrip().startswith("v=0"):
        raise MalformedOfferError("The offer is not SDP: it does not begin with 'v=0'.")
    try:
        session = SessionDescription.parse(sdp)
    except Exception as exc:  # upstream raises AssertionError, KeyError, StopIteration and more
        raise MalformedOfferError("The offer is not well-formed SDP.") from exc
    kinds = [media.kind for media in session.media]
    if "audio" not in kinds:
        raise OfferError("The offer has no audio.")
    if any(kinds.count(kind) > 1 for kind in ("audio", "video")):
        raise OfferError("The offer has more than one audio or video section.")
    if unknown := sorted(set(kinds) - {"audio", "video"}):
        raise OfferError(f"The offer asks for {unknown[0]!r}; only audio and video are served.")
    for media in session.media:
        _check_section(media)
    if sum(len(media.ice_candidates) for media in session.media) > MOST_CANDIDATES:
        raise OfferError(f"The offer has more than {MOST_CANDIDATES} candidates.")
    audio = session.media[kinds.index("audio")]
    if (audio.direction or "sendrecv") not in _HEARD:
        raise OfferError("The offer's audio is not sent: its direction must include sending.")
    keys = tuple(
        RTCRtpCodecParameters(
            mimeType="audio/telephone-event",
            clockRate=codec.clockRate,
            channels=1,
            payloadType=codec.payloadType,
            parameters={"0-15": None},
        )
        for codec in audio.rtp.codecs
        if codec.mimeType.lower() == "audio/telephone-event"
    )
    dtx = any(codec.parameters.get("usedtx") == 1 for codec in audio.rtp.codecs)
    return Offer(_spell_directions(session, sdp), str(audio.ice.usernameFragment), keys, dtx)


def _check_section(media: Any) -> None:
    missing = [
        name
        for name, present in (
            ("ice-ufrag", media.ice.usernameFragment),
            ("ice-pwd", media.ice.password),
            ("setup", media.dtls),
            ("fingerprint", media.dtls and media.dtls.fingerprints),
            ("rtcp-mux", media.rtcp_mux),
            ("mid", media.rtp.muxId),
        )
        if not present
    ]
    if missing:
        raise MalformedOfferError(f"The offer's {media.kind} section lacks a={missing[0]}.")


def _spell_directions(session: SessionDescription, sdp: str) -> str:
    """Write out the default direction (RFC 8866, 6.7), which aiortc does not know."""
    if all(media.direction for media in session.media):
        return sdp
    for media in session.media:
        media.direction = media.direction or "sendrecv"
    return str(session)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Trickled candidates; `end` tells that no more will come."""

    candidates: tuple[RTCIceCandidate, ...]
    end: bool


def read_fragment(text: str, *, ufrag: str) -> Fragment:
    """Parse a trickle-ice-sdpfrag (RFC 8840, 9) for the ICE session of `ufrag`.

    Raises:
        MalformedOfferError: a line cannot be read, or candidates come without a media section.
        IceRestartError: it carries other ICE credentials.
    """
    candidates: list[RTCIceCandidate] = []
    mid: str | None = None
    end = False
    for line in text.splitlines():
        name, _, value = line.strip().removeprefix("a=").partition(":")
        if name == "ice-ufrag" and value != ufrag:
            raise IceRestartError("ICE restarts are not supported: place a new call.")
        if name == "mid":
            mid = value
        elif name == "end-of-candidates":
            end = True
        elif name == "candidate":
            if mid is None:
                raise MalformedOfferError("A candidate comes before any a=mid line.")
            try:
                candidate = candidate_from_sdp(value)
            except Exception as exc:  # AssertionError, ValueError, IndexError
                raise MalformedOfferError("A candidate line is not well-formed.") from exc
            candidate.sdpMid = mid
            candidates.append(candidate)
    if not candidates and not end:
        raise MalformedOfferError("The fragment has neither candidates nor their end.")
    if len(candidates) > MOST_CANDIDATES:
        raise MalformedOfferError(f"The fragment has more than {MOST_CANDIDATES} candidates.")
    return Fragment(tuple(candidates), end)
