"""OWASP ASVS 5.0, 17.2.1, 17.2.2 and 17.2.8: keys, ciphers, profiles and fingerprints of DTLS.

The handshakes are real: a caller that offers only what should be refused, or a certificate that its
offer does not name, calls a live leg. (17.2.6, the ClientHello race: `test_client_hello_race`.)
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiortc import RTCPeerConnection
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    certificate_digest,
)
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from gateway import telemetry
from gateway.webrtc.dtls import CIPHERS
from gateway.webrtc.leg import WebRtcLeg
from gateway.webrtc.offer import OfferError
from tests.gateway.webrtc.asvs.hostile import (
    Line,
    line,
    offering,
    sounds_again,
)

ROOT = Path(__file__).parents[4]
DTLS_1_0, DTLS_1_2 = 0xFEFF, 0xFEFD

Prepare = Callable[[RTCPeerConnection], None]


def handshaking(change: Callable[[SSL.Context], None]) -> Prepare:
    """Make a caller whose DTLS is set up by `change`, with everything OpenSSL still knows."""

    class Weak(RTCCertificate):  # type: ignore[misc]
        def _create_ssl_context(self, srtp_profiles: list[Any]) -> SSL.Context:
            context: SSL.Context = RTCCertificate._create_ssl_context(self, srtp_profiles)
            change(context)
            return context

    def prepare(caller: RTCPeerConnection) -> None:
        caller._RTCPeerConnection__certificates = [Weak.generateCertificate()]

    return prepare


def only_ciphers(names: bytes) -> Prepare:
    return handshaking(lambda context: _only(context, names))


def _only(context: SSL.Context, names: bytes) -> None:
    context.set_cipher_list(names + b":@SECLEVEL=0")
    context.set_max_proto_version(DTLS_1_2)


def only_version(version: int) -> Prepare:
    def change(context: SSL.Context) -> None:
        context.set_cipher_list(b"ALL:eNULL:@SECLEVEL=0")
        context.set_min_proto_version(version)
        context.set_max_proto_version(version)

    return handshaking(change)


def only_profile(openssl_name: bytes) -> Prepare:
    def prepare(caller: RTCPeerConnection) -> None:
        handshaking(lambda context: context.set_tlsext_use_srtp(openssl_name))(caller)

    return prepare


async def refused(**how: Any) -> str:
    """Call, and return why the leg went without having heard anything."""
    before = telemetry.DTLS_FAILURES._value.get()
    async with line(wait=False, **how) as call:
        why = await call.end()
        assert telemetry.DTLS_FAILURES._value.get() > before
        assert not len(call.heard()), "no sound before DTLS"
        return why


# The leg is the client of the handshake, or its server.
ROLES = {"dtls-client": "actpass", "dtls-server": "active"}


def as_role(role: str) -> Callable[[str], str]:
    return lambda sdp: sdp.replace("a=setup:actpass", f"a=setup:{ROLES[role]}")


# 17.2.1: the key is private.


async def certificate_of(call: Line) -> Any:
    return call.dtls._ssl.get_peer_certificate(as_cryptography=True)


async def test_asvs_17_2_1_every_call_has_a_certificate_of_its_own() -> None:
    async with line() as one, line() as other:
        certificates = [await certificate_of(one), await certificate_of(other)]
    keys = [certificate.public_key() for certificate in certificates]
    assert keys[0] != keys[1]
    assert len({certificate_digest(c, "sha-256") for c in certificates}) == 2
    for certificate, key in zip(certificates, keys, strict=True):
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert isinstance(key.curve, ec.SECP256R1)
        valid = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        assert valid.days <= 31
        assert len(certificate.subject.rdns) == 1, "it names nobody: RFC 8827, 6.5"


def test_asvs_17_2_1_no_private_key_is_in_the_project() -> None:
    key = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}")
    folders = ["gateway", "media", "deploy", "docs", "scripts", "tests", "fixtures"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert len(files) > 200
    assert not [path for path in files if key.search(path.read_bytes())]


# 17.2.2: ciphers and profiles.


def test_asvs_17_2_2_only_forward_secret_authenticated_encryption_is_offered() -> None:
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_cipher_list(CIPHERS)
    context.set_max_proto_version(DTLS_1_2)
    offered = [name for name in SSL.Connection(context).get_cipher_list() if "TLS_" not in name]
    assert offered
    assert all(name.startswith("ECDHE-ECDSA-") for name in offered)
    assert all("GCM" in name or "CHACHA20" in name for name in offered)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "ciphers",
    [
        pytest.param(b"eNULL", id="null"),
        pytest.param(b"aNULL", id="anonymous"),
        pytest.param(b"ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA", id="cbc-sha1"),
    ],
)
async def test_asvs_17_2_2_weak_ciphers_are_refused(ciphers: bytes, role: str) -> None:
    why = await refused(prepare=only_ciphers(ciphers), change=as_role(role))
    assert why == "the caller could not be connected"


async def test_asvs_17_2_2_dtls_1_0_is_refused() -> None:
    why = await refused(prepare=only_version(DTLS_1_0), change=as_role("dtls-server"))
    assert why == "the caller could not be connected"


async def test_asvs_17_2_2_an_srtp_profile_with_a_short_tag_is_refused() -> None:
    """SRTP_NULL_* is not even known to the caller's OpenSSL."""
    prepare = only_profile(b"SRTP_AES128_CM_SHA1_32")
    why = await refused(prepare=prepare, change=as_role("dtls-server"))
    assert why == "the caller could not be connected"


@pytest.mark.parametrize(
    "profile",
    [b"SRTP_AEAD_AES_256_GCM", b"SRTP_AEAD_AES_128_GCM", b"SRTP_AES128_CM_SHA1_80"],
)
async def test_asvs_17_2_2_strong_srtp_profiles_are_taken(profile: bytes) -> None:
    async with line(prepare=only_profile(profile), change=as_role("dtls-server")) as call:
        await sounds_again(call)
        assert call.dtls._ssl.get_selected_srtp_profile() == profile


# 17.2.8: the certificate is the one that the offer names.


def with_fingerprint(lines: Callable[[str], str]) -> Callable[[str], str]:
    """Replace every fingerprint line of an offer."""
    return lambda sdp: re.sub(r"a=fingerprint:sha-256 (.*)\r\n", lambda m: lines(m[1]), sdp)


def other(digest: str) -> str:
    """Return a digest that differs in its last digit only."""
    return digest[:-1] + ("0" if digest[-1] != "0" else "1")


SHA_256_ONLY = re.compile(r"a=fingerprint:sha-(384|512) .*\r\n")


@pytest.mark.parametrize("role", ROLES)
async def test_asvs_17_2_8_another_certificate_than_the_offers_ends_the_call(role: str) -> None:
    def change(sdp: str) -> str:
        sdp = SHA_256_ONLY.sub("", as_role(role)(sdp))
        return with_fingerprint(lambda d: f"a=fingerprint:sha-256 {other(d)}\r\n")(sdp)

    assert await refused(change=change) == "the caller could not be connected"


async def test_asvs_17_2_8_one_wrong_fingerprint_among_right_ones_ends_the_call() -> None:
    change = with_fingerprint(
        lambda d: f"a=fingerprint:sha-256 {d}\r\na=fingerprint:sha-256 {other(d)}\r\n"
    )
    assert await refused(change=change) == "the caller could not be connected"


@pytest.mark.parametrize("weak", ["md5", "sha-1", "none"])
async def test_asvs_17_2_8_a_fingerprint_by_a_weak_hash_is_none(weak: str) -> None:
    def change(sdp: str) -> str:
        sdp = SHA_256_ONLY.sub("", sdp)
        return with_fingerprint(lambda d: f"a=fingerprint:{weak} {d}\r\n")(sdp)

    assert await refused(change=change) == "the caller could not be connected"


async def test_asvs_17_2_8_an_offer_without_a_fingerprint_is_refused() -> None:
    caller = await offering()
    with pytest.raises(OfferError, match="fingerprint"):
        await WebRtcLeg.answer(
            re.sub(r"a=fingerprint:.*\r\n", "", caller.localDescription.sdp), loopback=True
        )
    await caller.close()


async def test_asvs_17_2_8_upper_and_lower_case_are_the_same() -> None:
    change = with_fingerprint(lambda d: f"a=fingerprint:SHA-256 {d.lower()}\r\n")
    async with line(change=change) as call:
        await sounds_again(call)
