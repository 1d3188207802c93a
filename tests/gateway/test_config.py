"""One YAML file, validated, with environment overrides; every problem told at once."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gateway.config import ConfigError, Settings, load
from media.entities.types import Entity

SAMPLE = Path(__file__).parents[2] / "deploy" / "hushgate.yaml"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("HUSHGATE_"):
            monkeypatch.delenv(name)


def write(folder: Path, text: str) -> Path:
    path = folder / "hushgate.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[str, ...]:
    """Return what is wrong with a file; each line names the file first."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    told = caught.value.problems
    assert str(caught.value).splitlines() == list(told)
    assert all(line.startswith(str(path)) for line in told)
    return tuple(line.removeprefix(f"{path}: ") for line in told)


def tls_pair(
    folder: Path, *, ends: dt.datetime, starts: dt.datetime | None = None, password: bytes = b""
) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(starts or NOW - dt.timedelta(days=30))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password)
            if password
            else serialization.NoEncryption(),
        )
    )
    return cert_path, key_path


def test_the_sample_shows_every_key_with_its_default() -> None:
    assert load(SAMPLE) == load(None)
    shown = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    assert set(shown) == set(Settings.model_fields)
    defaults = load(None)
    for name in set(shown) - {"valid_until", "models", "ledger", "vault", "keep"}:
        assert set(shown[name]) == set(type(getattr(defaults, name)).model_fields), name
    assert set(shown["policy"]["entities"]) == set(Entity)


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "# nothing yet\n"))
    assert settings.listen.host == "127.0.0.1"
    assert settings.asr.workers >= 1
    assert settings.policy.entities == dict.fromkeys(Entity, "bleep") | {Entity.UNSURE: "mute"}


def test_the_environment_overrides_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUSHGATE_LISTEN__PORT", "9000")
    monkeypatch.setenv("HUSHGATE_POLICY__ENTITIES__PAYMENT_CARD", "mute")
    monkeypatch.setenv("HUSHGATE_ASR__WORKERS", "null")
    monkeypatch.setenv("HUSHGATE_WEBRTC__ICE_SERVERS", '[{"urls": "stun:stun.example:3478"}]')
    monkeypatch.setenv("HUSHGATE_CACHE", str(tmp_path))
    settings = load(
        write(
            tmp_path,
            "listen: {port: 1, max_calls: 7}\nasr: {workers: 9}\n"
            "policy: {entities: {PAYMENT_CARD: pass, CITY: pass}}",
        )
    )
    assert (settings.listen.port, settings.listen.max_calls) == (9000, 7)
    assert settings.asr.workers == (os.cpu_count() or 1)
    assert settings.policy.entities[Entity.PAYMENT_CARD] == "mute"
    assert settings.policy.entities[Entity.CITY] == "pass"
    assert settings.webrtc.ice_servers[0].urls == ["stun:stun.example:3478"]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        "colour: red\nlisten: {port: 70000, prot: 1}\nasr: {model: enormous, timeout_s: soon}\n"
        "policy: {entities: {SHOE_SIZE: bleep, CITY: whisper}}\nlog: [info]\n",
    )
    assert told[0].startswith("colour: unknown key; allowed are valid_until, listen,")
    assert "listen.port: 70000: must be less than or equal to 65535" in told
    allowed = "host, port, tls_cert, tls_key, max_calls, drain_s, operator_token, cors_origins"
    assert f"listen.prot: unknown key; allowed are {allowed}" in told
    assert any(line.startswith("asr.model: enormous: must be base, tiny.en,") for line in told)
    assert any(line.startswith("asr.timeout_s: soon: must be a valid number") for line in told)
    assert any(
        line.startswith("policy.entities.SHOE_SIZE: no such entity; known are PAYMENT_CARD, CVV")
        for line in told
    )
    assert "policy.entities.CITY: whisper: must be 'pass', 'mute' or 'bleep'" in told
    assert any(line.startswith("log: a list: must be") for line in told)
    assert len(told) == 8


def test_secrets_are_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUSHGATE_VAULT", "hunter2")
    with pytest.raises(ConfigError) as caught:
        load(None)
    told = str(caught.value)
    monkeypatch.delenv("HUSHGATE_VAULT")
    for text in (
        "webrtc: {ice_servers: [{urls: 'turn:t', credentail: hunter2}]}",
        "webrtc: {ice_servers: [{urls: 'turn:t', credential: [hunter2]}]}",
        "webrtc: {ice_servers: 'turn:me:hunter2'}",
        "webrtc: {ice_servers: [{urls: 'turn:t', username: {hunter2: 1}}]}",
        "webrtc: {ice_servers: [{urls: 'turn:t', secret: hunter2}]}",
        "agent: {url: 'http://me:hunter2@agent.example/'}",
        "agent: {url: 'http://agent.example/?token=hunter2'}",
        "hand_off: {whip: hunter2}",
        "hand_off: {whip: {url: 'https://a', token: [hunter2]}}",
        "hand_off: {queue: {url: 'https://a', secret: hunter2}}",
        "hand_off: {whip: {url: 'https://a', token: 'hunter2 '}}",
        "access: {tenants: [{id: a, issuer: a, secrets: [hunter2]}]}",
        "access: {tenants: [{id: a, issuer: a, secret: hunter2}]}",
        "access: {tenants: [hunter2]}",
    ):
        told += "\n".join(problems(tmp_path, text))
    assert "hunter2" not in told
    settings = load(
        write(
            tmp_path, "webrtc: {ice_servers: [{urls: 'turn:t', username: me, credential: hunter2}]}"
        )
    )
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("asr: {language: de}", "asr.language: de: must be en: personal data is found in no other"),
        ("asr: {language: English}", "asr.language: English: must"),
        ("consent: {language: German}", "consent.language: German: must"),
        ("consent: {place: 'U S'}", "consent.place: U S: must"),
        ("consent: {purposes: [sell]}", "consent.purposes.0: sell: must be 'agent', 'record'"),
        ("consent: {purposes: []}", "consent.purposes: a list: must"),
        (
            "policy: {entities: {PAYMENT_CRAD: mute}}",
            "policy.entities.PAYMENT_CRAD: no such entity; did you mean PAYMENT_CARD? known are",
        ),
        (
            "policy: {entities: {us_ssn: mute}}",
            "policy.entities.us_ssn: no such entity; did you mean US_SSN? known are",
        ),
        ("liveness: {unsure: hand_off}", "liveness.unsure: hand_off: must be 'note' or 'step_up'"),
        (
            "liveness: {unsure: step_up}",
            "liveness: must be left out, or consent.purposes must name biometric",
        ),
        (
            "policy: {video: blur}",
            "policy: video must be block, or consent.purposes must name video",
        ),
        ("agent: {when_lost: end}", "agent.when_lost: unknown key; allowed are url, connect_t"),
        ("hand_off: {websocket: 'http://a'}", "hand_off.websocket: http://a: must be a ws:// or"),
        ("hand_off: {whip: {url: 'http://desk.example/'}}", "hand_off.whip.url: http://desk.exam"),
        ("hand_off: {whip: {url: 'https://[::1/'}}", "hand_off.whip.url: https://[::1/: must be"),
        ("hand_off: {whip: {token: x}}", "hand_off.whip.url: missing; must be given"),
        (
            "hand_off: {queue: {url: 'https://a', secrte: x, secret: 0123456789abcdef}}",
            "hand_off.queue.secrte: unknown key; allowed are url, secret",
        ),
        (
            "hand_off: {queue: {url: 'https://a', secret: short}}",
            "hand_off.queue.secret: (not shown): must have at least 16 items",
        ),
        (
            "webrtc: {ice_servers: [{urls: 'turn.example:3478'}]}",
            "webrtc.ice_servers.0.urls.0: (not shown): must match pattern",
        ),
        (
            "webrtc: {ice_servers: [{urls: 'turn:turn.example:3478'}]}",
            "webrtc.ice_servers.0: a TURN server must have a secret, or username and credential",
        ),
        (
            "hand_off: {whip: {url: 'https://a'}, "
            "queue: {url: 'https://a', secret: 0123456789abcdef}}",
            "hand_off.queue: must be null beside hand_off.whip",
        ),
        (
            "hand_off: {sip: 'sip:desk@example.com'}",
            "hand_off.sip: (not shown): must be null: the SIP bridge is not there yet",
        ),
        ("hand_off: {callback_number: call us}", "hand_off.callback_number: call us: must be 3 to"),
        ("hand_off: {callback_number: '12'}", "hand_off.callback_number: 12: must be 3 to 15 digi"),
        ("agent: {url: 'ws://host:99999/'}", "agent.url: ws://host:99999/: must be"),
        ("agent: {tries: 0}", "agent.tries: 0: must be greater than or equal to 1"),
        ("hold: {bound_s: .inf}", "hold.bound_s: inf: must be"),
        ("policy: {entities: {UNSURE: pass}}", "policy.entities: UNSURE must be"),
        ("valid_until: 2020-01-31", "valid_until: 2020-01-31: this configuration has expired"),
        ("consent: {scripts: /no/such/folder}", "consent.scripts: /no/such/folder: must be"),
        ("webrtc: {ice_servers: [{username: me}]}", "webrtc.ice_servers.0.urls: missing"),
        (
            "webrtc: {ice_servers: [{urls: 'turn:t', secret: 0123456789abcdef, username: me}]}",
            "webrtc.ice_servers.0.username: (not shown): must be null beside secret",
        ),
        (
            "webrtc: {ice_servers: [{urls: 'turn:t>; rel=x'}]}",
            "webrtc.ice_servers.0.urls.0: (not shown): must",
        ),
        (
            "access: {tenants: [{id: acme, issuer: acme}]}",
            "access.tenants.0.public_keys: (not shown): must name a file when there are no secrets",
        ),
        (
            "access: {tenants: [{id: acme, issuer: acme, public_keys: [/no/such/key]}]}",
            "access.tenants.0.public_keys: (not shown): must be readable PEM public keys (No such",
        ),
        (
            "access: {tenants: [{id: a, issuer: i, secrets: [0123456789abcdef0123456789abcdef]}, "
            "{id: b, issuer: i, secrets: [0123456789abcdef0123456789abcdef]}]}",
            "access.tenants: (not shown): must have another issuer each",
        ),
        (
            "listen: {cors_origins: ['http://shop.example']}",
            "listen.cors_origins.0: http://shop.example: must be an https:// address",
        ),
        (
            "listen: {cors_origins: ['https://shop.example/']}",
            "listen.cors_origins.0: https://shop.example/: must be an origin in lower case, such",
        ),
        ("listen: {cors_origins: ['*']}", "listen.cors_origins.0: *: must be an https:// address"),
        ("1: 2", "1: unknown key"),
        ('log: {level: "a\\nb"}', r"log.level: a\nb: must be 'debug', 'info'"),
        ("_env_file: x", "_env_file: unknown key"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, text: str, line: str) -> None:
    told = problems(tmp_path, text)
    assert len(told) == 1
    assert told[0].startswith(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("listen: {port: [}", "line 1, column 17: not valid YAML"),
        ("a: &x [*x, *y]", "not valid YAML"),
        ("listen:\n  port: 1\n  port: 2", "line 3, column 3: not valid YAML: key 'port' is given"),
        ("valid_until: 2024-13-45", "not valid YAML"),
        ("- listen", "must be a mapping of valid_until, listen"),
        ("!!python/object/apply:os.getcwd []", "not valid YAML"),
        ("? [a, b]\n: 1", "not valid YAML"),
    ],
)
def test_a_file_that_is_no_mapping_is_one_line(tmp_path: Path, text: str, line: str) -> None:
    (told,) = problems(tmp_path, text)
    assert line in told


def test_a_missing_or_binary_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.yaml: cannot be read \(No such file"):
        load(tmp_path / "absent.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.yaml: not valid YAML in UTF-8"):
        load(tmp_path / "binary.yaml")


def test_misspelt_environment_variables_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUSHGATE_LISTN__PORT", "1")
    monkeypatch.setenv("HUSHGATE_LISTEN__PROT", "1")
    monkeypatch.setenv("HUSHGATE_ASR__TIMEOUT_S", "0")
    with pytest.raises(ConfigError) as caught:
        load(None)
    assert [line.split(":")[0] for line in caught.value.problems] == [
        "HUSHGATE_LISTN__PORT",
        "HUSHGATE_LISTEN__PROT",
        "HUSHGATE_ASR__TIMEOUT_S",
    ]
    assert caught.value.problems[2].startswith("HUSHGATE_ASR__TIMEOUT_S: asr.timeout_s: 0: must")
    monkeypatch.setenv("HUSHGATE_WEBRTC__ICE_SERVERS", "stun:host")
    with pytest.raises(ConfigError, match="webrtc: an environment variable is not the JSON"):
        load(None)


def test_an_address_beyond_loopback_needs_tls(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "listen: {host: 0.0.0.0}")
    assert told == (
        "listen.tls_cert: null: must name a certificate file, because 0.0.0.0 is not loopback"
    )
    cert, key = tls_pair(tmp_path, ends=NOW + dt.timedelta(days=30))
    settings = load(write(tmp_path, f"listen: {{host: 0.0.0.0, tls_cert: {cert}, tls_key: {key}}}"))
    assert settings.listen.tls_cert == cert
    for host in ("127.0.0.1", "::1", "localhost"):
        assert load(write(tmp_path, f"listen: {{host: '{host}'}}")).listen.host == host


def test_tls_files_must_be_current_readable_and_belong_together(tmp_path: Path) -> None:
    cert, key = tls_pair(tmp_path, ends=NOW - dt.timedelta(days=1))
    (told,) = problems(tmp_path, f"listen: {{tls_cert: {cert}, tls_key: {key}}}")
    assert told.startswith(f"listen.tls_cert: {cert}: must not have expired (valid until ")

    later = NOW + dt.timedelta(days=30)
    cert, key = tls_pair(tmp_path, ends=later, starts=NOW + dt.timedelta(days=1))
    (told,) = problems(tmp_path, f"listen: {{tls_cert: {cert}, tls_key: {key}}}")
    assert "must be valid now" in told

    cert, key = tls_pair(tmp_path, ends=later, password=b"secret")
    (told,) = problems(tmp_path, f"listen: {{tls_cert: {cert}, tls_key: {key}}}")
    assert told.startswith(f"listen.tls_key: {key}: must be the readable, unencrypted PEM key")

    cert, _ = tls_pair(tmp_path, ends=later)
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    _, other_key = tls_pair(stranger, ends=later)
    (told,) = problems(tmp_path, f"listen: {{tls_cert: {cert}, tls_key: {other_key}}}")
    assert told.startswith("listen.tls_key")

    (told,) = problems(tmp_path, f"listen: {{tls_cert: {cert}}}")
    assert told == "listen.tls_key: null: must name the key file of listen.tls_cert"
    (told,) = problems(tmp_path, f"listen: {{tls_key: {key}}}")
    assert told.endswith("must come with listen.tls_cert")
    (told,) = problems(tmp_path, f"listen: {{tls_cert: {SAMPLE}, tls_key: {key}}}")
    assert told.startswith(f"listen.tls_cert: {SAMPLE}: must be a readable PEM certificate")


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=8)
KEYS = st.sampled_from(
    ["host", "port", "url", "urls", "model", "entities", "CVV", "ice_servers", "path", "level"]
)
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | PLAIN, inner)
)
FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def loads_or_tells(path: Path) -> None:
    try:
        load(path)
    except ConfigError as error:
        assert error.problems
        assert str(error).splitlines() == list(error.problems)


@FUZZ
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8")))
@example(b"[" * 5000)
@example(b"listen: &a {host: *a}")
@example(b"agent: {url: 'ws://[::1'}")
@example(b"<<: 1")
@example(b'valid_until: "\\x1e"')
def test_any_bytes_load_or_are_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz.yaml"
    path.write_bytes(data)
    loads_or_tells(path)


@FUZZ
@given(st.dictionaries(st.sampled_from(list(Settings.model_fields)), NESTED, max_size=4))
def test_any_values_load_or_are_told(tmp_path: Path, data: dict[str, object]) -> None:
    loads_or_tells(write(tmp_path, yaml.safe_dump(data)))
