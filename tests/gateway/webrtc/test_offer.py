"""Offers and fragments: whatever comes, it is read or refused in plain words."""

import asyncio
import functools
import re
from collections.abc import Callable

import pytest
from aiortc.rtcicetransport import RTCIceParameters
from aiortc.sdp import candidate_from_sdp
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.offer import (
    Fragment,
    MalformedOfferError,
    OfferError,
    read_fragment,
    read_offer,
    write_fragment,
)
from gateway.webrtc.peer import peer_connection
from gateway.webrtc.sound import Voice
from gateway.webrtc.whip import offer_keys


@functools.cache
def good_offer() -> str:
    async def make() -> str:
        pc = peer_connection()
        pc.addTrack(Voice())
        await pc.setLocalDescription(await pc.createOffer())
        sdp = pc.localDescription.sdp
        await pc.close()
        return offer_keys(sdp)

    return asyncio.run(make())


def test_telephone_events_are_found() -> None:
    found = read_offer(good_offer()).key_codecs
    assert [(c.payloadType, c.clockRate) for c in found] == [(126, 48_000), (125, 8_000)]


def test_offers_and_answers_ask_for_copies_of_opus_frames() -> None:
    assert "a=fmtp:96 useinbandfec=1" in good_offer()
    assert "a=fmtp:96 useinbandfec=1" in answered(good_offer())


def test_the_noise_of_telephone_codecs_is_taken_and_comes_last() -> None:
    offer = good_offer().replace("/SAVPF ", "/SAVPF 13 12 ")
    offer = offer.replace("a=mid:0", "a=mid:0\r\na=rtpmap:13 CN/8000\r\na=rtpmap:12 CN/16000")
    sdp = answered(offer)
    assert "a=rtpmap:13 CN/8000" in sdp
    assert "CN/16000" not in sdp
    (media,) = [line for line in sdp.splitlines() if line.startswith("m=audio")]
    assert media.split()[3] == "96"


def answered(offer: str) -> str:
    async def answer() -> str:
        leg, sdp = await WebRtcLeg.answer(offer)
        await leg.hang_up()
        return sdp

    return asyncio.run(answer())


def test_the_answer_takes_keys_and_puts_opus_first() -> None:
    sdp = answered(good_offer())
    assert "a=rtpmap:126 telephone-event/48000" in sdp
    assert "a=fmtp:126 0-15" in sdp
    (media,) = [line for line in sdp.splitlines() if line.startswith("m=audio")]
    assert media.split()[3] == "96"
    assert media.split()[-2:] == ["126", "125"]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mangled_offer_is_read_or_refused(data: st.DataObject) -> None:
    lines = good_offer().splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "twice", "cut", "text"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case _:
                lines[at] = lines[at][:2] + data.draw(st.text(max_size=40))
    try:
        read_offer("\r\n".join(lines))
    except OfferError as exc:
        assert str(exc).startswith("The offer")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for begin in ("", "v=0\r\n"):
        with pytest.raises(OfferError):
            read_offer(begin + text)


@given(st.text())
def test_any_fragment_is_read_or_refused(text: str) -> None:
    for begin in ("", "a=mid:0\r\na=candidate:", "a=ice-ufrag:", "a=ice-ufrag:abcd\r\na=ice-pwd:"):
        try:
            read_fragment(begin + text)
        except OfferError as exc:
            assert str(exc).endswith(".")


PWD = "abcdefghijklmnopqrstuv"


def test_a_fragment_names_its_media_section_and_its_ice_session() -> None:
    read = read_fragment(
        f"a=ice-ufrag:abcd\r\na=ice-pwd:{PWD}\r\nm=audio 9 RTP/AVP 0\r\na=mid:1\r\n"
        "a=candidate:1 1 udp 2130706431 203.0.113.5 5000 typ host\r\na=end-of-candidates\r\n"
    )
    (candidate,) = read.candidates
    assert (candidate.sdpMid, candidate.ip, candidate.port) == ("1", "203.0.113.5", 5000)
    assert read.ice == RTCIceParameters("abcd", PWD)
    assert read.end


def test_what_is_written_is_read() -> None:
    candidate = candidate_from_sdp("1 1 udp 2130706431 203.0.113.5 5000 typ host")
    text = write_fragment(RTCIceParameters("abcd", PWD), [candidate], ("audio", "0"))
    read = read_fragment(text)
    candidate.sdpMid = "0"
    assert read == Fragment((candidate,), end=True, ice=RTCIceParameters("abcd", PWD))


@pytest.mark.parametrize(
    "credentials",
    [
        "a=ice-ufrag:abcd",
        f"a=ice-pwd:{PWD}",
        "a=ice-ufrag:abcd\r\na=ice-pwd:short",
        f"a=ice-ufrag:a b\r\na=ice-pwd:{PWD}",
        f"a=ice-ufrag:abcd\r\na=ice-ufrag:efgh\r\na=ice-pwd:{PWD}",
    ],
)
def test_credentials_of_no_or_several_ice_sessions_are_malformed(credentials: str) -> None:
    with pytest.raises(MalformedOfferError, match="ICE user"):
        read_fragment(f"{credentials}\r\na=end-of-candidates\r\n")


@pytest.mark.parametrize(
    ("there", "instead"),
    [("BUNDLE 0 1", "BUNDLE 2 0 1"), ("BUNDLE 0 1", "LS 0 2"), ("a=mid:1", "a=mid:0")],
    ids=["bundle", "group", "mid"],
)
def test_sections_are_told_apart_and_a_group_has_no_others(there: str, instead: str) -> None:
    offer = with_video(good_offer())
    assert len(read_offer(offer).sections) == 2
    with pytest.raises(MalformedOfferError, match="section"):
        read_offer(offer.replace(there, instead))


def test_a_candidate_without_its_section_is_malformed() -> None:
    with pytest.raises(MalformedOfferError, match="a=mid"):
        read_fragment("a=candidate:1 1 udp 1 203.0.113.5 5000 typ host\r\n")


def with_video(sdp: str, mid: str = "1") -> str:
    """Add a bundled video section to an offer of audio alone."""
    audio = sdp[sdp.index("m=audio") :]
    kept = ("a=ice-", "a=fingerprint", "a=setup", "a=rtcp-mux\r", "a=sendrecv")
    lines = ["m=video 9 UDP/TLS/RTP/SAVPF 97", f"a=mid:{mid}", "a=rtpmap:97 VP8/90000"]
    lines += [line for line in audio.splitlines() if f"{line}\r".startswith(kept)]
    return sdp.replace("BUNDLE 0", f"BUNDLE 0 {mid}") + "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda sdp: sdp,
        lambda sdp: sdp.replace("a=sendrecv", "a=inactive"),
        lambda sdp: sdp.replace("a=sendrecv", "a=recvonly"),
        with_video,
    ],
    ids=["again", "inactive", "recvonly", "video"],
)
def test_a_call_is_put_on_hold_and_gets_video_by_a_further_offer(
    change: Callable[[str], str],
) -> None:
    before = read_offer(good_offer())
    assert read_offer(change(good_offer()), before=before).sections[0] == before.sections[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda sdp: sdp.replace("a=mid:0", "a=mid:7").replace("BUNDLE 0", "BUNDLE 7"), "continue"),
        (lambda sdp: re.sub("(a=fingerprint:sha-256) ..", r"\1 00", sdp), "DTLS"),
        (lambda sdp: sdp.replace("a=setup:actpass", "a=setup:active"), "DTLS"),
        (lambda sdp: with_video(sdp).replace("BUNDLE 0 1", "BUNDLE 0"), "bundled"),
        (lambda sdp: with_video(sdp).replace("BUNDLE 0 1", "BUNDLE 1 0"), "bundled"),
    ],
    ids=["section", "certificate", "role", "unbundled", "first"],
)
def test_a_further_offer_that_does_not_fit_the_call_is_refused(
    change: Callable[[str], str], says: str
) -> None:
    before = read_offer(good_offer())
    with pytest.raises(OfferError, match=says):
        read_offer(change(good_offer()), before=before)
