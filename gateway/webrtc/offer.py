"""What an offer must be to be answered, the first of a call or a further one; news of ICE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from aiortc import RTCIceCandidate
from aiortc.codecs import CODECS
from aiortc.rtcicetransport import RTCIceParameters
from aiortc.rtcpeerconnection import find_common_codecs
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import SessionDescription, candidate_from_sdp, candidate_to_sdp

MOST_CANDIDATES: Final = 64
"""Candidates a caller may name in an ICE session: each makes us send checks (RFC 8445, 19.5.1)."""

_HEARD: Final = ("sendrecv", "sendonly")
_UFRAG: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")  # RFC 8839, 5.4
_PWD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")


class OfferError(ValueError):
    """The offer is well-formed, but the gateway cannot answer it. The message says why."""


class MalformedOfferError(OfferError):
    """The offer or the fragment is not the SDP it should be."""


class IceRestartError(OfferError):
    """ICE cannot be restarted now, or not so."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that may be answered.

    `sdp` is its text with every direction spelled out; `ice` the credentials of its ICE session;
    `key_codecs` are what comes beside the sound of its audio section: the RFC 4733 telephone-event
    formats, and the RFC 3389 noise of telephone codecs; `dtx` tells whether it wants silence left
    out of its Opus stream (`usedtx`, RFC 7587, 6.1). The rest is what later offers of the same call
    must keep: kind and mid of each section, the DTLS role (`auto`, `client` or `server`) and the
    fingerprints of the certificate.
    """

    sdp: str
    ice: RTCIceParameters
    key_codecs: tuple[Any, ...]
    dtx: bool
    sections: tuple[tuple[str, str], ...]
    role: str
    fingerprints: frozenset[tuple[str, str]]


def read_offer(sdp: str, *, before: Offer | None = None) -> Offer:
    """Parse and check an offer; one of a call under way comes after `before`, and must fit it.

    Only a call's first offer has to send audio: later ones put it on hold.

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
        sdp = _spell_directions(session, sdp)
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
    mids = [media.rtp.muxId for media in session.media]
    if len(set(mids)) < len(mids):
        raise MalformedOfferError("The offer has two sections of one a=mid.")
    if any(not set(group.items) <= set(mids) for group in session.group):
        raise MalformedOfferError("The offer's a=group names a section that it does not have.")
    if sum(len(media.ice_candidates) for media in session.media) > MOST_CANDIDATES:
        raise OfferError(f"The offer has more than {MOST_CANDIDATES} candidates.")
    if not all(find_common_codecs(CODECS[media.kind], media.rtp.codecs) for media in session.media):
        raise OfferError("The offer has no codec in common with the gateway.")
    audio = session.media[kinds.index("audio")]
    if before is None and (audio.direction or "sendrecv") not in _HEARD:
        raise OfferError("The offer's audio is not sent: its direction must include sending.")
    keys = tuple(
        RTCRtpCodecParameters(
            mimeType=codec.mimeType,
            clockRate=codec.clockRate,
            channels=1,
            payloadType=codec.payloadType,
            parameters={"0-15": None} if codec.name.lower() == "telephone-event" else {},
        )
        for codec in audio.rtp.codecs
        if codec.name.lower() == "telephone-event"
        or (codec.name.lower(), codec.clockRate) == ("cn", 8_000)
    )
    offer = Offer(
        sdp,
        audio.ice,
        keys,
        any(
            codec.name.lower() == "opus" and codec.parameters.get("usedtx") == "1"
            for codec in audio.rtp.codecs
        ),
        tuple((media.kind, media.rtp.muxId) for media in session.media),
        audio.dtls.role,
        frozenset(
            (print_.algorithm.lower(), print_.value.upper())
            for media in session.media
            for print_ in media.dtls.fingerprints
        ),
    )
    if before is not None:
        _check_fit(offer, before, session)
    return offer


def _check_fit(offer: Offer, before: Offer, session: SessionDescription) -> None:
    """Check what an offer may not change in a call (RFC 8829, 5.2.2; RFC 8842, 5.5)."""
    if offer.sections[: len(before.sections)] != before.sections:
        raise OfferError("The offer's sections do not continue those of the call.")
    if offer.fingerprints != before.fingerprints or offer.role not in ("auto", before.role):
        raise OfferError("The offer asks for a new DTLS association: place a new call.")
    mids = [mid for _, mid in offer.sections]
    if len(mids) > 1 and not any(
        group.semantic == "BUNDLE" and group.items == mids for group in session.group
    ):
        raise OfferError("The offer's sections must be bundled, the first of the call first.")


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
    """News of an ICE session: candidates, `end` when no more will come, its credentials if told."""

    candidates: tuple[RTCIceCandidate, ...]
    end: bool
    ice: RTCIceParameters | None


def read_fragment(text: str) -> Fragment:
    """Parse a trickle-ice-sdpfrag (RFC 8840, 9).

    Raises:
        MalformedOfferError: a line cannot be read, candidates come without a media section, there
            are several ICE sessions in it, or nothing.
    """
    candidates: list[RTCIceCandidate] = []
    credentials: dict[str, set[str]] = {"ice-ufrag": set(), "ice-pwd": set()}
    mid: str | None = None
    end = False
    for line in text.splitlines():
        name, _, value = line.strip().removeprefix("a=").partition(":")
        if name in credentials:
            credentials[name].add(value)
        elif name == "mid":
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
    ice = _read_credentials(**{name[4:]: values for name, values in credentials.items()})
    if not candidates and not end and ice is None:
        raise MalformedOfferError("The fragment has no candidates, no end of them, no credentials.")
    if len(candidates) > MOST_CANDIDATES:
        raise MalformedOfferError(f"The fragment has more than {MOST_CANDIDATES} candidates.")
    return Fragment(tuple(candidates), end, ice)


def _read_credentials(ufrag: set[str], pwd: set[str]) -> RTCIceParameters | None:
    if not ufrag and not pwd:
        return None
    if len(ufrag) != 1 or len(pwd) != 1:
        raise MalformedOfferError("The fragment must name one ICE user and password.")
    (name,), (password,) = ufrag, pwd
    if not _UFRAG.fullmatch(name) or not _PWD.fullmatch(password):
        raise MalformedOfferError("The fragment's ICE user name or password is not well-formed.")
    return RTCIceParameters(name, password)


def write_fragment(
    ice: RTCIceParameters, candidates: Iterable[RTCIceCandidate], section: tuple[str, str]
) -> str:
    """Write a fragment with all candidates of an ICE session; `section` is a kind and a mid."""
    kind, mid = section
    lines = (
        f"m={kind} 9 UDP/TLS/RTP/SAVPF 0",
        f"a=mid:{mid}",
        f"a=ice-ufrag:{ice.usernameFragment}",
        f"a=ice-pwd:{ice.password}",
        *(f"a=candidate:{candidate_to_sdp(candidate)}" for candidate in candidates),
        "a=end-of-candidates",
    )
    return "".join(line + "\r\n" for line in lines)
