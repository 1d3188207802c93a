"""Who may call: the bearer tokens (RFC 6750) that tenants give to their callers, as JWT (RFC 7519).

After RFC 8725: a token is checked by the algorithm of the key that its issuer is known by, whatever
it says of itself; it has to name this gateway as its audience and a time at which it expires.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from media.audio import Seconds

if TYPE_CHECKING:
    from gateway.schema import Tenant

LEEWAY: Final[Seconds] = 10.0
"""By how much the clocks of gateway and issuer may differ."""

LONGEST: Final[Seconds] = 24 * 3_600.0
"""How long a token for one call may live: so long it is remembered."""

_MOST_CHARACTERS: Final = 4_096
_FORM: Final = re.compile(r"(?:[A-Za-z0-9_-]+\.){2}[A-Za-z0-9_-]+")
_RSA_BITS: Final = 2_048
_JTI: Final = re.compile(r"[!-~]{1,128}")

_REASONS: Final[dict[type[Exception], tuple[str, str]]] = {
    jwt.ExpiredSignatureError: ("token-expired", "The token has expired."),
    jwt.ImmatureSignatureError: ("token-early", "The token is not valid yet."),
    jwt.InvalidAudienceError: ("token-audience", "The token is meant for somebody else."),
    jwt.MissingRequiredClaimError: ("token-incomplete", "The token lacks exp, aud or iss."),
    jwt.InvalidSignatureError: ("token-signature", "The token's signature is wrong."),
}

Key = str | RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey


class TokenError(Exception):
    """A caller may not call with this token; `kind` is a stable name of the reason."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def public_key(pem: bytes) -> tuple[str, Key]:
    """Return the one JWS algorithm (RFC 7518, RFC 8037) of a public key in PEM, and the key.

    Raises:
        ValueError: it is no public key, of another kind, or too weak.
    """
    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm:
        key = None
    match key:
        case RSAPublicKey(key_size=bits) if bits >= _RSA_BITS:
            return "RS256", key
        case EllipticCurvePublicKey(curve=SECP256R1()):
            return "ES256", key
        case Ed25519PublicKey():
            return "EdDSA", key
    raise ValueError(f"must be RSA of {_RSA_BITS} bits or more, P-256 or Ed25519")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A token that is good: whose it is, and what tells it from others."""

    tenant: str
    id: str
    once: bool


class Access:
    """The tenants; without any, calls are open to everybody who reaches the gateway.

    Reads the files of public keys.

    Raises:
        OSError, ValueError: one of them cannot be used.
    """

    def __init__(self, tenants: Sequence[Tenant] = ()) -> None:
        self._tenants = {tenant.issuer: tenant for tenant in tenants}
        self._keys: dict[str, list[tuple[str, Key]]] = {
            tenant.id: [
                *(("HS256", secret.get_secret_value()) for secret in tenant.secrets),
                *(public_key(path.read_bytes()) for path in tenant.public_keys),
            ]
            for tenant in tenants
        }
        self._used: dict[tuple[str, str], float] = {}

    @property
    def open(self) -> bool:
        """Whether calls need no token."""
        return not self._tenants

    def check(self, token: str) -> Admitted:
        """Return what a token admits to.

        Raises:
            TokenError: it is not good.
        """
        if len(token) > _MOST_CHARACTERS or not _FORM.fullmatch(token):
            raise TokenError("token-malformed", "This is no JSON Web Token.")
        tenant = self._tenant(token)
        claims = self._claims(token, tenant)
        if not tenant.once:
            signed = token.rpartition(".")[0]  # of one content there may be many signatures
            digest = hashlib.sha256(signed.encode()).hexdigest()
            return Admitted(tenant.id, digest, once=False)
        jti = claims.get("jti")
        if not isinstance(jti, str) or not _JTI.fullmatch(jti):
            raise TokenError("token-incomplete", "A token for one call needs a jti.")
        if claims["exp"] > time.time() + LONGEST:
            raise TokenError("token-too-long", "A token for one call may live for a day at most.")
        return Admitted(tenant.id, jti, once=True)

    def _tenant(self, token: str) -> Tenant:
        """Find the issuer, whom the token only claims to be from as yet."""
        try:
            read = jwt.decode_complete(token, options={"verify_signature": False})
            issuer = read["payload"].get("iss")
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise TokenError("token-malformed", "This is no JSON Web Token.") from None
        if "crit" in read["header"]:  # RFC 7515, 4.1.11: extensions that must be understood
            raise TokenError("token-malformed", "The token asks for extensions of JWT.")
        tenant = self._tenants.get(issuer) if isinstance(issuer, str) else None
        if tenant is None:
            raise TokenError("token-issuer", "The token is of an issuer that is not known.")
        return tenant

    def _claims(self, token: str, tenant: Tenant) -> dict[str, Any]:
        """Return what the token says, proven by one of the issuer's keys."""
        error = TokenError("token-algorithm", "The token is signed by another algorithm.")
        for algorithm, key in self._keys[tenant.id]:
            try:
                claims = jwt.decode(
                    token,
                    key,
                    algorithms=[algorithm],
                    audience=tenant.audience,
                    issuer=tenant.issuer,
                    leeway=LEEWAY,
                    options={"require": ["exp", "aud", "iss"]},
                )
                return {**claims, "exp": float(claims["exp"])}
            except jwt.InvalidAlgorithmError:
                continue
            except jwt.InvalidSignatureError as wrong:
                error = TokenError(*_REASONS[type(wrong)])  # one of the other keys may fit
            except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as wrong:
                malformed = "token-malformed", "The token's claims are not well-formed."
                raise TokenError(*_REASONS.get(type(wrong), malformed)) from None
        raise error

    @contextmanager
    def using(self, admitted: Admitted) -> Iterator[None]:
        """Place a call within the block; unless that fails, a token for one call is used up.

        What was used is remembered for as long as such a token may live, by a clock that nobody
        sets, but not beyond a restart.

        Raises:
            TokenError: it is used already.
        """
        if not admitted.once:
            yield
            return
        now = time.monotonic()
        while self._used and next(iter(self._used.values())) <= now:  # they end as they came
            del self._used[next(iter(self._used))]
        mine = admitted.tenant, admitted.id
        if mine in self._used:
            raise TokenError("token-used", "The token was for one call, and there was one.")
        self._used[mine] = now + LONGEST + 2 * LEEWAY
        try:
            yield
        except BaseException:
            self._used.pop(mine, None)
            raise


def bearer(authorization: str) -> str | None:
    """Return the token of an `Authorization` header, or None when it is of another scheme."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None
