"""Bearer tokens: which admit to a call, which do not and why, and that one may be good for one."""

import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.access import LEEWAY, LONGEST, Access, TokenError, public_key
from gateway.listener import HttpSettings, listening
from gateway.schema import Tenant
from gateway.server import create_app
from tests.gateway.switchboard import LegSwitchboard

SECRET = "a secret of the tenant acme, 32+ long"
OTHER = "the secret that takes its place, soon."
ACME = Tenant.model_validate({"id": "acme", "issuer": "https://acme.example", "secrets": [SECRET]})
ONCE = ACME.model_copy(update={"once": True})


def claims(**changed: Any) -> dict[str, Any]:
    """What a good token of acme says; a claim changed to None is left out."""
    said = {"iss": "https://acme.example", "aud": "hushgate", "exp": time.time() + 60, "jti": "7f"}
    return {name: value for name, value in (said | changed).items() if value is not None}


def token(secret: str = SECRET, *, headers: dict[str, Any] | None = None, **changed: Any) -> str:
    return jwt.encode(claims(**changed), secret, "HS256", headers=headers)


def by_hand(header: dict[str, Any], payload: bytes, signature: bytes = b"x") -> str:
    parts = json.dumps(header).encode(), payload, signature
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def why(access: Access, given_token: str) -> str:
    with pytest.raises(TokenError) as caught:
        access.check(given_token)
    return caught.value.kind


def test_a_good_token_names_its_tenant() -> None:
    access = Access([ACME])
    assert not access.open
    assert access.check(token()).tenant == "acme"
    assert access.check(token(aud=["somebody", "hushgate"])).tenant == "acme"


def test_without_tenants_calls_are_open() -> None:
    assert Access().open


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (lambda: token(exp=time.time() - LEEWAY - 1), "token-expired"),
        (lambda: token(exp=None), "token-incomplete"),
        (lambda: token(aud=None), "token-incomplete"),
        (lambda: token(aud="another gateway"), "token-audience"),
        (lambda: token(nbf=time.time() + 60), "token-early"),
        (lambda: token(iss="https://else.example"), "token-issuer"),
        (lambda: token(iss=None), "token-issuer"),
        (lambda: token(OTHER), "token-signature"),
        (lambda: token()[:-3] + "AAA", "token-signature"),
        (lambda: jwt.encode(claims(), None, "none"), "token-malformed"),
        (lambda: by_hand({"alg": "none"}, json.dumps(claims()).encode()), "token-algorithm"),
        (lambda: by_hand({"alg": "None"}, json.dumps(claims()).encode()), "token-algorithm"),
        (lambda: jwt.encode(claims(), SECRET * 2, "HS512"), "token-algorithm"),
        (lambda: token(headers={"crit": ["exp"], "exp": 1}), "token-malformed"),
        (lambda: token(exp=1e999), "token-malformed"),
        (lambda: token(exp=10**400), "token-malformed"),
        (lambda: token(exp=[1]), "token-malformed"),
        (lambda: token(exp={}), "token-malformed"),
        (lambda: token() + "=", "token-malformed"),
        (lambda: "", "token-malformed"),
        (lambda: "a.b.c", "token-malformed"),
        (lambda: by_hand({"alg": "HS256"}, b"[" * 2_000), "token-malformed"),
        (lambda: by_hand({"alg": "HS256"}, b"9" * 2_900), "token-malformed"),
        (lambda: token(more="x" * 5_000), "token-malformed"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_good_is_refused_with_the_reason(bad: Any, kind: str) -> None:
    assert why(Access([ACME]), bad()) == kind


def test_clocks_may_differ_a_little() -> None:
    assert Access([ACME]).check(token(exp=time.time() - LEEWAY / 2)).tenant == "acme"


def test_two_secrets_hold_while_one_takes_the_place_of_the_other() -> None:
    both = Tenant.model_validate(ACME.model_dump() | {"secrets": [OTHER, SECRET]})
    assert Access([both]).check(token()).tenant == "acme"
    assert Access([both]).check(token(OTHER)).tenant == "acme"


KINDS = {
    "RS256": lambda: rsa.generate_private_key(65_537, 2_048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


def pem(key: Any) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("algorithm", KINDS)
def test_a_public_key_stands_for_one_algorithm(algorithm: str, tmp_path: Path) -> None:
    key = KINDS[algorithm]()
    file = tmp_path / "tenant.pem"
    file.write_bytes(pem(key))
    tenant = Tenant(id="acme", issuer="https://acme.example", public_keys=(file,))
    access = Access([tenant])
    assert access.check(jwt.encode(claims(), key, algorithm)).tenant == "acme"
    # The public key is no secret: what is signed by it as by one is signed by nobody.
    confused = jwt.api_jws.PyJWS()
    confused._algorithms["HS256"].prepare_key = lambda key: key  # type: ignore[method-assign]
    forged = confused.encode(json.dumps(claims()).encode(), pem(key), "HS256")
    assert why(access, forged) == "token-algorithm"
    assert why(access, token()) == "token-algorithm"


@pytest.mark.parametrize(
    "weak",
    [
        lambda: pem(rsa.generate_private_key(65_537, 1_024)),
        lambda: pem(ec.generate_private_key(ec.SECP384R1())),
        lambda: pem(ed448.Ed448PrivateKey.generate()),
        lambda: b"not PEM",
        lambda: ed25519.Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
    ],
)
def test_another_key_is_no_key(weak: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        public_key(weak())


def test_each_issuer_is_checked_by_its_own_key() -> None:
    globex = Tenant.model_validate({"id": "globex", "issuer": "globex", "secrets": [OTHER]})
    access = Access([ACME, globex])
    assert access.check(token(OTHER, iss="globex")).tenant == "globex"
    assert why(access, token(SECRET, iss="globex")) == "token-signature"


def test_a_token_for_one_call_is_used_up_by_a_call_and_not_by_a_failure() -> None:
    access = Access([ONCE])
    admitted = access.check(token())
    with pytest.raises(OSError), access.using(admitted):
        raise OSError
    with access.using(admitted), pytest.raises(TokenError), access.using(admitted):
        pass  # while a call is being placed with it, no other one is
    again = access.check(token(more="the same jti in another token"))
    with pytest.raises(TokenError) as caught, access.using(again):
        pass
    assert caught.value.kind == "token-used"
    with access.using(access.check(token(jti="80"))):
        pass


def test_what_was_used_is_forgotten_when_no_such_token_can_hold_any_more() -> None:
    access = Access([ONCE])
    with access.using(access.check(token(jti="1", exp=time.time() - LEEWAY + 1))):
        pass
    access._used = dict.fromkeys(access._used, time.monotonic() - 1)
    with access.using(access.check(token(jti="2"))):
        pass
    assert [jti for _, jti in access._used] == ["2"]


@pytest.mark.parametrize("jti", [None, "", 7, "x" * 129, "line\nbreak"])
def test_a_token_for_one_call_needs_a_jti(jti: Any) -> None:
    bad = jwt.encode(claims(jti=None) | ({} if jti is None else {"jti": jti}), SECRET, "HS256")
    assert why(Access([ONCE]), bad) in ("token-incomplete", "token-malformed")


def test_a_token_for_one_call_does_not_live_for_ever() -> None:
    assert why(Access([ONCE]), token(exp=time.time() + LONGEST + 60)) == "token-too-long"
    assert Access([ACME]).check(token(exp=time.time() + LONGEST + 60)).tenant == "acme"


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: by_hand({"alg": "HS256"}, raw))
)
@example("é.é.é")
def test_any_text_is_refused_by_name(text: str) -> None:
    assert why(Access([ACME]), text).startswith("token-")


@given(
    st.dictionaries(st.sampled_from(["alg", "typ", "crit", "b64", "kid"]), st.text() | st.none())
)
def test_any_header_is_refused_by_name(header: dict[str, Any]) -> None:
    assert why(Access([ACME]), by_hand(header, json.dumps(claims()).encode())).startswith("token-")


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@given(st.dictionaries(st.sampled_from(["exp", "aud", "iat", "nbf", "sub", "jti"]), VALUES))
def test_any_claims_are_good_or_refused_by_name(said: dict[str, Any]) -> None:
    payload = json.dumps(claims() | said).encode()
    signed = jwt.api_jws.PyJWS().encode(payload, SECRET, "HS256")
    try:
        assert Access([ONCE]).check(signed).tenant == "acme"
    except TokenError as error:
        assert error.kind.startswith("token-")


# Over HTTP.

OFFER = {"Content-Type": "application/sdp"}


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(LegSwitchboard(), access=Access([ONCE]))
    async with (
        listening(app, HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as client,
    ):
        yield client


async def place(http: httpx.AsyncClient, authorization: str | None, offer: str) -> httpx.Response:
    headers = OFFER | ({} if authorization is None else {"Authorization": authorization})
    return await http.post("/v1/calls", content=offer, headers=headers)


async def test_a_call_needs_a_token_once(http: httpx.AsyncClient, offer: str) -> None:
    nothing = await place(http, None, offer)
    assert nothing.status_code == 401
    assert nothing.headers["www-authenticate"] == 'Bearer realm="hushgate"'
    assert nothing.json()["type"] == "urn:hushgate:problem:token-missing"

    expired = await place(http, f"Bearer {token(exp=1)}", offer)
    assert expired.status_code == 401
    assert 'error="invalid_token"' in expired.headers["www-authenticate"]
    assert expired.json()["type"] == "urn:hushgate:problem:token-expired"

    good = f"bearer {token()}"
    assert (await place(http, good, "no offer")).status_code == 400  # and the token still holds
    placed = await place(http, good, offer)
    assert placed.status_code == 201
    again = await place(http, good, offer)
    assert again.json()["type"] == "urn:hushgate:problem:token-used"
    assert (await http.delete(placed.headers["location"])).status_code == 200


async def test_the_switchboard_is_told_whose_caller_it_is(offer: str) -> None:
    switchboard = LegSwitchboard()
    async with (
        listening(create_app(switchboard, access=Access([ACME])), HttpSettings(port=0)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=10) as http,
    ):
        await place(http, f"Bearer {token()}", offer)
    assert list(switchboard.tenants.values()) == ["acme"]
