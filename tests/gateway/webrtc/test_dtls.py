"""The SRTP session of what comes in."""

import struct

import pylibsrtp
import pytest
from pylibsrtp import Policy

from gateway.webrtc.dtls import MOST_SSRCS, Inbound

KEY = bytes(range(30))


def outbound(key: bytes = KEY) -> pylibsrtp.Session:
    return pylibsrtp.Session(Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND))


def inbound() -> Inbound:
    return Inbound(pylibsrtp.Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND)))


def rtp(ssrc: int, sequence: int = 1) -> bytes:
    return struct.pack("!BBHII", 0x80, 96, sequence, 0, ssrc) + b"sound"


def test_a_peer_has_so_many_streams_and_keeps_those_it_has() -> None:
    theirs, ours = outbound(), inbound()
    for ssrc in range(MOST_SSRCS):
        assert ours.unprotect(theirs.protect(rtp(ssrc))) == rtp(ssrc)
    with pytest.raises(pylibsrtp.Error, match="too many"):
        ours.unprotect(theirs.protect(rtp(1_000)))
    report = struct.pack("!BBHI", 0x80, 201, 1, 1_000)
    with pytest.raises(pylibsrtp.Error, match="too many"):
        ours.unprotect_rtcp(theirs.protect_rtcp(report))
    assert ours.unprotect(theirs.protect(rtp(0, 2))) == rtp(0, 2)


def test_who_has_no_keys_takes_no_place() -> None:
    strangers, theirs, ours = outbound(bytes(30)), outbound(), inbound()
    for ssrc in range(2 * MOST_SSRCS):
        with pytest.raises(pylibsrtp.Error):
            ours.unprotect(strangers.protect(rtp(ssrc)))
    assert ours.unprotect(theirs.protect(rtp(7))) == rtp(7)


def test_a_packet_is_taken_once() -> None:
    theirs, ours = outbound(), inbound()
    packet = theirs.protect(rtp(7))
    ours.unprotect(packet)
    with pytest.raises(pylibsrtp.Error, match="replay"):
        ours.unprotect(packet)
