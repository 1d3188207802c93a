"""The sections of the configuration: every key, its default and what it allows.

Validation looks at the machine where a value names something on it: a folder, a certificate.
Reading file and environment, and reporting what is wrong, is the business of `gateway.config`.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import ssl
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from cryptography import x509
from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from gateway.access import public_key
from gateway.consent import Purpose
from media.clearance import Action
from media.entities.types import ACTIONS, Entity
from media.keys import Keys


def brief(error: Exception) -> str:
    """Say in a few words what an error of the system or of a library is about."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0][:120]


def _cores() -> int:
    return os.cpu_count() or 1


def _origin(origin: str) -> str:
    parts = urlsplit(http_url(origin))
    if origin != f"{parts.scheme}://{parts.netloc}".lower() or "@" in origin:
        raise ValueError("must be an origin in lower case, such as https://shop.example.com")
    return origin


def _websocket_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError("must be a ws:// or wss:// address")
    _ = parts.port  # raises ValueError when it is no port
    return url


def http_url(url: str) -> str:
    """Return an address that what is said may go to: by TLS, or on this machine.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(url)
    host = parts.hostname
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise ValueError("must be an https:// address, or http:// on loopback")
    _ = parts.port  # raises ValueError when it is no port
    return url


def _whisper_model(name: str) -> str:
    if name in ("base", "tiny.en") or Path(name).expanduser().is_dir():
        return name
    from faster_whisper import available_models  # slow to import, and seldom needed

    if name not in available_models():
        raise ValueError(
            "must be base, tiny.en, an existing folder, or a faster-whisper name: "
            + ", ".join(available_models())
        )
    return name


BEARER: Final = re.compile(r"[!-~]{1,4096}")
"""What a bearer token may be made of."""

_NUMBER: Final = re.compile(r"\+?[ ().-]*(?:[0-9][ ().-]*){3,15}")

UserPath = Annotated[Path, AfterValidator(Path.expanduser)]
PerMinute = Annotated[int, Field(ge=1, le=100_000)] | None
Timeout = Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)]
Origin = Annotated[str, AfterValidator(_origin)]
HttpUrl = Annotated[str, AfterValidator(http_url)]
WebSocketUrl = Annotated[str, AfterValidator(_websocket_url)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


def _in_data_folder(name: str) -> Path:
    return user_data_path("hushgate") / name


class Section(BaseModel):
    """A mapping with known keys only, that does not change once it is read."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_default=True,
        use_attribute_docstrings=True,  # they are the meanings in docs/configuration.md
    )


def is_loopback(host: str) -> bool:
    """Tell whether `host` is an address that only this machine reaches (or `localhost`)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Listen(Section):
    """Where HTTP and signalling are served."""

    host: str = Field(default="127.0.0.1", min_length=1)
    """The address; any but loopback needs the two TLS files, and opens calls to the network."""
    port: int = Field(default=8080, ge=0, le=65_535)
    """The TCP port; 0 takes a free one."""
    tls_cert: UserPath | None = None
    """PEM file with the certificate and what leads to its root; must be valid now."""
    tls_key: UserPath | None = None
    """PEM file with the certificate's key, unencrypted."""
    max_calls: int = Field(default=50, ge=1)
    """Calls at a time; a further one is answered 503."""
    drain_s: float = Field(default=20, ge=0, le=86_400, allow_inf_nan=False)
    """When the gateway is told to stop (SIGTERM), how long calls may go on until they end by
    themselves; then callers are asked to call again. Further calls are answered 503 meanwhile."""
    operator_token: SecretStr | None = Field(default=None, min_length=16)
    """Bearer token with which operators list the calls; `null` means that nobody may."""
    cors_origins: tuple[Origin, ...] = ()
    """Origins, such as `https://shop.example.com`, whose pages may place calls from a browser,
    besides the gateway's own page."""

    @field_validator("tls_cert")
    @classmethod
    def _certificate_is_current(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        if path is None:
            host = info.data.get("host")
            if host is not None and not is_loopback(host):
                raise ValueError(f"must name a certificate file, because {host} is not loopback")
            return None
        try:
            certificate = x509.load_pem_x509_certificates(path.read_bytes())[0]
        except (OSError, ValueError) as error:
            raise ValueError(f"must be a readable PEM certificate ({brief(error)})") from None
        now = dt.datetime.now(dt.UTC)
        if now > certificate.not_valid_after_utc:
            raise ValueError(
                f"must not have expired (valid until {certificate.not_valid_after_utc:%Y-%m-%d})"
            )
        if now < certificate.not_valid_before_utc:
            raise ValueError(
                f"must be valid now (valid from {certificate.not_valid_before_utc:%Y-%m-%d})"
            )
        return path

    @field_validator("tls_key")
    @classmethod
    def _key_belongs(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        certificate = info.data.get("tls_cert")
        if path is None:
            if certificate is not None:
                raise ValueError("must name the key file of listen.tls_cert")
            return None
        if "tls_cert" in info.data and certificate is None:
            raise ValueError("must come with listen.tls_cert")
        if certificate is not None:
            try:
                # An empty password makes an encrypted key an error instead of a question.
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, path, "")
            except OSError as error:
                raise ValueError(
                    f"must be the readable, unencrypted PEM key of listen.tls_cert ({brief(error)})"
                ) from None
        return path


class Tenant(Section):
    """Somebody whose callers are let in, and what proves that a token is from there."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    """How the tenant is named in the log, the ledger and the list of calls."""
    issuer: str = Field(min_length=1, max_length=256)
    """Who signs the tokens, as their `iss` says; another one for each tenant."""
    audience: str = Field(default="hushgate", min_length=1, max_length=256)
    """Whom the tokens have to be meant for, by their `aud`."""
    secrets: tuple[Annotated[SecretStr, Field(min_length=32)], ...] = ()
    """What tokens are signed with by HS256, 32 characters or more; never shown or logged. Two while
    one takes the place of the other."""
    public_keys: tuple[UserPath, ...] = ()
    """PEM files with public keys: RSA of 2048 bits or more (RS256), P-256 (ES256) or Ed25519
    (EdDSA)."""
    once: bool = False
    """Whether a token is good for one call only; it then has a `jti`, and a day to live at most."""

    @field_validator("public_keys")
    @classmethod
    def _keys_are_usable(cls, paths: tuple[Path, ...], info: ValidationInfo) -> tuple[Path, ...]:
        if not paths and info.data.get("secrets") == ():
            raise ValueError("must name a file when there are no secrets")
        for path in paths:
            try:
                public_key(path.read_bytes())
            except (OSError, ValueError) as error:
                raise ValueError(f"must be readable PEM public keys ({brief(error)})") from None
        return paths


class Access(Section):
    """Who may call."""

    tenants: tuple[Tenant, ...] = ()
    """Whose tokens (JWT, RFC 7519) admit to a call; with none, whoever reaches the gateway may
    call."""

    @field_validator("tenants")
    @classmethod
    def _can_be_told_apart(cls, tenants: tuple[Tenant, ...]) -> tuple[Tenant, ...]:
        for key in ("id", "issuer"):
            if len({getattr(tenant, key) for tenant in tenants}) < len(tenants):
                raise ValueError(f"must have another {key} each")
        return tenants


class Limits(Section):
    """How often somebody may ask; one request too many is answered 429 with `Retry-After`. Behind a
    proxy, whose address would stand for all callers, those by address have to be `null`."""

    requests_per_address: PerMinute = 600
    """Requests a minute about calls from one address, of IPv6 from one /64; `null` means any."""
    calls_per_address: PerMinute = 60
    """Calls a minute that are tried from one address, and TURN credentials asked for; `null` means
    any."""
    calls_per_token: PerMinute = 60
    """Calls a minute that are tried with one token; `null` means any."""


class IceServer(Section):
    """A STUN or TURN server, as in RTCIceServer of W3C WebRTC."""

    urls: list[Annotated[str, Field(pattern=r"^(stun|turn)s?:[!#-;=?-~]+$")]] = Field(min_length=1)
    """One address or a list of them: `stun:`, `stuns:`, `turn:` or `turns:`."""
    secret: SecretStr | None = Field(default=None, min_length=16)
    """What the TURN server and the gateway share (coturn: `static-auth-secret`), 16 characters or
    more, never shown or logged. With it every call gets credentials of its own, that end."""
    ttl_s: int = Field(default=3_600, ge=60, le=86_400)
    """After how many seconds those end. A call that uses them by then goes on."""
    username: str | None = None
    """For a TURN server without such a secret."""
    credential: SecretStr | None = None
    """For the same; never shown or logged. Used by the gateway, and not given to callers."""

    @field_validator("urls", mode="before")
    @classmethod
    def _one_or_many(cls, urls: object) -> object:
        return [urls] if isinstance(urls, str) else urls

    @field_validator("username", "credential")
    @classmethod
    def _one_way_to_log_in(cls, given: object, info: ValidationInfo) -> object:
        if given is not None and info.data.get("secret") is not None:
            raise ValueError("must be null beside secret, from which it is made for each call")
        return given

    @model_validator(mode="after")
    def _turn_is_never_open(self) -> IceServer:
        # A browser given such a server places no call at all (W3C WebRTC, 4.4.1.6).
        logs_in = self.secret or (self.username and self.credential)
        if not logs_in and any(url.startswith("turn") for url in self.urls):
            raise ValueError("a TURN server must have a secret, or username and credential")
        return self


class WebRtc(Section):
    """How callers reach us."""

    ice_servers: tuple[IceServer, ...] = ()
    """STUN and TURN servers that the gateway uses and tells callers of; none is asked unless named.
    The gateway uses the first of each kind."""


class Agent(Section):
    """The AI agent."""

    url: WebSocketUrl | None = "ws://127.0.0.1:8765/"
    """A `ws://` or `wss://` address that speaks Twilio Media Streams; `null` means that there is no
    agent: after the questions a call goes where `hand_off` says."""
    connect_timeout_s: Timeout = 3
    """How long one try to reach the agent may take."""
    tries: int = Field(default=3, ge=1, le=20)
    """Tries after which the agent counts as lost."""


class Whip(Section):
    """A person's endpoint."""

    url: HttpUrl
    """An `https://` address that takes calls by WHIP (RFC 9725) and answers with sound; `http://`
    on loopback only."""
    token: SecretStr | None = None
    """The bearer token it asks for; never shown or logged."""

    @field_validator("token")
    @classmethod
    def _can_be_sent(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not BEARER.fullmatch(token.get_secret_value()):
            raise ValueError("must be printable ASCII without spaces")
        return token


class Queue(Section):
    """A queue in which callers wait for a person."""

    url: HttpUrl
    """An `https://` address that takes waiting calls (docs/architecture.md); `http://` on loopback
    only."""
    secret: SecretStr = Field(min_length=16)
    """What requests are signed with, 16 characters or more; never shown or logged."""


class HandOff(Section):
    """Where a call goes that the AI agent may not have, does not want, or has lost."""

    whip: Whip | None = None
    """A person's endpoint, called at once; `null` means none."""
    queue: Queue | None = None
    """A queue of people, who name the endpoint when they are ready; `null` means none."""
    websocket: WebSocketUrl | None = None
    """Another AI agent (as `agent.url`) for callers who have agreed to one: the first to be tried
    when the agent is lost, the last when it asks. What it hears is always inspected."""
    sip: str | None = None
    """For the SIP bridge, which is not there yet."""
    callback_number: str | None = None
    """A telephone number that callers are told when nobody takes the call."""
    inspect: bool = False
    """Whether people, too, hear only what the inspection clears."""

    @field_validator("queue")
    @classmethod
    def _one_way_to_people(cls, queue: Queue | None, info: ValidationInfo) -> Queue | None:
        if queue is not None and info.data.get("whip") is not None:
            raise ValueError("must be null beside hand_off.whip: one of them takes the calls")
        return queue

    @field_validator("sip")
    @classmethod
    def _no_sip_yet(cls, target: str | None) -> None:
        if target is not None:
            raise ValueError("must be null: the SIP bridge is not there yet")

    @field_validator("callback_number")
    @classmethod
    def _can_be_dialled(cls, number: str | None) -> str | None:
        if number is not None and not _NUMBER.fullmatch(number):
            raise ValueError("must be 3 to 15 digits, such as +1 212 555 0100")
        return number


class Asr(Section):
    """Speech recognition."""

    model: Annotated[str, AfterValidator(_whisper_model)] = "base"
    """`base` and `tiny.en` come with Hushgate; another faster-whisper name is downloaded once; a
    folder with a CTranslate2 Whisper model is taken as it is."""
    workers: Annotated[int, BeforeValidator(lambda given: _cores() if given is None else given)] = (
        Field(default_factory=_cores, ge=1, le=256)
    )
    """Recogniser processes; `null` means as many as there are cores."""
    timeout_s: Timeout = 8
    """After this long a run is given up, and its process replaced."""
    language: Language = "en"
    """What callers speak: English. In no other language is personal data found."""

    @field_validator("language")
    @classmethod
    def _is_inspected(cls, language: str) -> str:
        if language != "en":
            raise ValueError("must be en: personal data is found in no other language")
        return language


class Models(Section):
    """Models that take the place of those that ship."""

    folder: UserPath = Field(default_factory=lambda: _in_data_folder("models"))
    """Where `hushgate models use` keeps them; by default `models` in the user's data folder."""


class Hold(Section):
    """How long audio may wait to be cleared before it is silenced."""

    bound_s: float = Field(default=6, ge=1, le=60, allow_inf_nan=False)
    """What is still unclear after this long is silenced."""


class Controller(Section):
    """Who answers for what is done with the callers' data, as told on consent receipts."""

    name: str = ""
    """The organisation's name."""
    contact: str = ""
    """How it can be reached about privacy."""
    privacy_notice: str = ""
    """Where its privacy notice is; without one the receipt names the spoken script."""


class Consent(Section):
    """How consent is asked."""

    place: str = Field(default="us-two-party", pattern=r"^[a-z][a-z0-9-]*$")
    """Whose law the script is for: `us-one-party`, `us-two-party`, `us-il`, `eu`, `uk`, or the
    `place` of an own script."""
    language: Language = "en"
    """The language of the script: `en`, `es`, `fr` or `de`, where the place has it."""
    scripts: DirectoryPath | None = None
    """A folder of own scripts, which go before those that ship (see docs/consent.md)."""
    purposes: list[Purpose] = Field(default=[Purpose.AGENT, Purpose.TRANSCRIBE], min_length=1)
    """What consent is asked for: any of `agent`, `record`, `transcribe`, `biometric`, `video`,
    `training`; the others stay closed."""
    answer_timeout_s: Timeout = 8
    """Silence after a prompt that counts as no answer."""
    controller: Controller = Field(default_factory=Controller)
    """Who answers for what is done with the callers' data."""


class Policy(Section):
    """What happens to each type of personal data; types not named are bleeped."""

    entities: dict[Entity, Action] = Field(default_factory=lambda: dict(ACTIONS))
    """What happens to each type; those not named are bleeped, `UNSURE`
    (speech that was not understood) is muted and may not pass."""
    keys: Keys = Keys.DROP
    """Keypad keys pressed during the talk; their tones never reach the agent. `drop`: it is told a
    token of what was typed; `silence`: not even that; `tone`: it also hears a flat tone for each;
    `pass`: it also gets the keys."""
    video: Literal["block", "blur", "pass"] = "block"
    """The caller's camera after consent: never shown, with faces made unrecognisable, or as it is.
    Before consent it is never shown."""

    @field_validator("entities")
    @classmethod
    def _complete(cls, given: dict[Entity, Action]) -> dict[Entity, Action]:
        if given.get(Entity.UNSURE) is Action.PASS:
            raise ValueError("UNSURE must be bleep or mute: what was not understood never passes")
        return {**ACTIONS, **given}


class Liveness(Section):
    """What follows when it is not sure that a person speaks. Only callers are listened to for that
    who agreed to it, the purpose `biometric`."""

    synthetic: Literal["note", "step_up", "hand_off", "end"] = "hand_off"
    """When the voice is taken for synthetic. `note`: that is told and written down, no more;
    `step_up`: the caller is asked to repeat a few random words; `hand_off`: the call goes to a
    person; `end`: it ends, politely."""
    unsure: Literal["note", "step_up"] = "note"
    """When it cannot be told from enough of the voice."""
    failed: Literal["hand_off", "end"] = "hand_off"
    """When the words were not repeated, or by a synthetic voice, three times."""


class Ledger(Section):
    """Where the record of decisions is kept."""

    path: UserPath = Field(default_factory=lambda: _in_data_folder("ledger.sqlite"))
    """The ledger's file; by default `ledger.sqlite` in the user's data folder."""


class Vault(Section):
    """Where sealed values are kept, and the key that seals them."""

    path: UserPath = Field(default_factory=lambda: _in_data_folder("vault.sqlite"))
    """The vault's file; by default `vault.sqlite` in the user's data folder."""
    key_file: UserPath = Field(default_factory=lambda: _in_data_folder("vault.key"))
    """The key that seals the vault, made on the first start; by default `vault.key` beside it."""


class Keep(Section):
    """Where recordings and transcripts are kept of callers who consented to that."""

    folder: UserPath = Field(default_factory=lambda: _in_data_folder("calls"))
    """A `.wav` and a `.jsonl` file for each call; by default `calls` in the user's data folder."""


class Traces(Section):
    """Where traces of calls are sent."""

    endpoint: HttpUrl | None = None
    """An `https://` address that takes OTLP over HTTP, such as `https://collector:4318/v1/traces`;
    `http://` on loopback only. `null` sends nothing to anybody."""


class Log(Section):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least severe lines that are written."""
    format: Literal["json", "console"] = "json"
    """One JSON object a line, or text for people."""
