"""The configuration: one YAML file, validated, with environment overrides.

`HUSHGATE_LISTEN__PORT=9000` overrides `listen.port`, lists and mappings are given as JSON, `null`
means none. Whatever is wrong is reported at once, a line for each problem: the file or variable,
the key, the value (never a secret one) and what is allowed. `deploy/hushgate.yaml` shows every key
with its default.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from gateway import strict_yaml
from gateway.consent import Purpose
from gateway.schema import (
    Access,
    Agent,
    Asr,
    Consent,
    HandOff,
    Hold,
    Keep,
    Ledger,
    Limits,
    Listen,
    Liveness,
    Log,
    Models,
    Policy,
    Section,
    Traces,
    Vault,
    WebRtc,
)
from media.entities.types import Entity

_PREFIX: Final = "HUSHGATE_"
_SECRETIVE: Final = (
    "listen.operator_token",
    "access.tenants",
    "webrtc.ice_servers",
    "hand_off.whip",
    "hand_off.queue",
)
"""Keys under which a value may be a secret, or one in the wrong place."""
_NOT_SETTINGS: Final = {"HUSHGATE_CACHE"}
"""Environment variables of ours that are not configuration keys (see `gateway.models`)."""


class ConfigError(Exception):
    """The configuration cannot be used; `problems` holds one line each, and so does the message."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(printable(problem) for problem in problems)
        super().__init__("\n".join(self.problems))


class _Environment(EnvSettingsSource):
    """Environment variables, whose names come in lower case; entities are named in upper case."""

    def __call__(self) -> dict[str, Any]:
        data = super().__call__()
        policy = data.get("policy")
        if isinstance(policy, dict) and isinstance(entities := policy.get("entities"), dict):
            policy["entities"] = {name.upper(): action for name, action in entities.items()}
        return data


class Settings(BaseSettings):
    """Everything that can be configured. Get one by `load`."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        env_parse_none_str="null",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    valid_until: dt.date | None = None
    """The last day (UTC) on which the gateway starts with this configuration."""
    listen: Listen = Field(default_factory=Listen)
    access: Access = Field(default_factory=Access)
    limits: Limits = Field(default_factory=Limits)
    webrtc: WebRtc = Field(default_factory=WebRtc)
    agent: Agent = Field(default_factory=Agent)
    hand_off: HandOff = Field(default_factory=HandOff)
    asr: Asr = Field(default_factory=Asr)
    models: Models = Field(default_factory=Models)
    hold: Hold = Field(default_factory=Hold)
    consent: Consent = Field(default_factory=Consent)
    policy: Policy = Field(default_factory=Policy)
    liveness: Liveness = Field(default_factory=Liveness)
    ledger: Ledger = Field(default_factory=Ledger)
    vault: Vault = Field(default_factory=Vault)
    keep: Keep = Field(default_factory=Keep)
    log: Log = Field(default_factory=Log)
    traces: Traces = Field(default_factory=Traces)

    @field_validator("valid_until")
    @classmethod
    def _not_expired(cls, day: dt.date | None) -> dt.date | None:
        if day is not None and day < dt.datetime.now(dt.UTC).date():
            raise ValueError("this configuration has expired; must be null, today or later")
        return day

    @field_validator("consent")
    @classmethod
    def _agent_is_inspected(cls, consent: Consent, info: ValidationInfo) -> Consent:
        agent, asr = info.data.get("agent"), info.data.get("asr")
        if agent and agent.url and asr and consent.language != asr.language:
            raise ValueError(
                f"language must be {asr.language}, in which personal data is found, or agent.url "
                "null, so that callers go to a person"
            )
        return consent

    @field_validator("policy")
    @classmethod
    def _video_is_asked_for(cls, policy: Policy, info: ValidationInfo) -> Policy:
        consent = info.data.get("consent")
        if policy.video != "block" and consent and Purpose.VIDEO not in consent.purposes:
            raise ValueError("video must be block, or consent.purposes must name video")
        return policy

    @field_validator("liveness")
    @classmethod
    def _voice_is_asked_for(cls, liveness: Liveness, info: ValidationInfo) -> Liveness:
        consent = info.data.get("consent")
        if liveness != Liveness() and consent and Purpose.BIOMETRIC not in consent.purposes:
            raise ValueError("must be left out, or consent.purposes must name biometric")
        return liveness

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, and nothing else have a say."""
        return _Environment(settings_cls), init_settings


def load(path: Path | None) -> Settings:
    """Read, override and validate the configuration; without a file, the defaults.

    Raises:
        ConfigError: with one line for each problem in file and environment.
    """
    given = {} if path is None else _read(path)
    sections = Settings.model_fields
    problems = [
        f"{path}: {key}: unknown key; allowed are {', '.join(sections)}"
        for key in given
        if key not in sections
    ]
    problems += [
        f"{name}: unknown environment variable; allowed are {_PREFIX}<SECTION>__<KEY>"
        for name in sorted(os.environ)
        if name.upper().startswith(_PREFIX)
        and name not in _NOT_SETTINGS
        and name.upper().removeprefix(_PREFIX).split("__")[0].lower() not in sections
    ]
    try:
        settings = Settings(**{key: given[key] for key in given if key in sections})
    except ValidationError as error:
        problems += [_source(path, detail["loc"]) + _line(detail) for detail in error.errors()]
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        section = field[1] if field else "a section"
        problems.append(
            f"{section}: an environment variable is not the JSON list or mapping that it must be"
        )
    if problems:
        raise ConfigError(problems)
    return settings


def _read(path: Path) -> dict[Any, Any]:
    try:
        data = strict_yaml.read(path)
    except strict_yaml.YamlError as error:
        raise ConfigError([str(error)]) from None
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise ConfigError([f"{path}: must be a mapping of {', '.join(Settings.model_fields)}"])
    return dict(data)


def _source(path: Path | None, loc: tuple[int | str, ...]) -> str:
    """Say where the value at `loc` was given: by which variable, or else in the file."""
    variables = {name.upper() for name in os.environ}
    for length in range(len(loc), 0, -1):
        name = _PREFIX + "__".join(str(part) for part in loc[:length]).upper()
        if name in variables:
            return f"{name}: "
    return f"{path}: " if path else ""


def _line(detail: ErrorDetails) -> str:
    """Say one problem on one line: key, value where it may be shown, what is allowed."""
    key = ".".join(str(part) for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        # Its value is not shown: a mistyped `credential` is a secret too.
        return f"{key}: unknown key; allowed are {', '.join(_siblings(detail['loc']))}"
    if detail["type"] == "missing":
        return f"{key}: missing; must be given"
    if detail["type"] == "enum" and detail["loc"][-1] == "[key]":
        return f"{key}: {_unknown_entity(str(detail['input']))}"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    message = re.sub(r"^(?:String|Value|List|Tuple) should ", "must ", message)
    message = message.replace(" after validation", "")
    allowed = message if "must" in message.split() else f"must be {message}"
    if detail["type"] == "value_error" and isinstance(detail["input"], Mapping):
        return f"{key}: {allowed}"  # a section that does not go with another one
    return f"{key}: {_shown(key, detail['input'])}: {allowed}"


def _unknown_entity(name: str) -> str:
    near = difflib.get_close_matches(name.upper(), list(Entity), n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"no such entity; {meant}known are {', '.join(Entity)}"


def _siblings(loc: tuple[int | str, ...]) -> list[str]:
    """List the keys known where the unknown key at `loc` was given."""
    section: type[BaseModel] = Settings
    for part in loc[:-1]:
        if isinstance(part, str):
            section = _sections(section.model_fields[part].annotation)[0]
    return list(section.model_fields)


def _sections(annotation: Any) -> list[type[Section]]:
    """Return the sections in a type: itself, those of an optional one, or of a list."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [section for inner in get_args(annotation) for section in _sections(inner)]


def printable(line: str) -> str:
    """Escape what would break the line or drive the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _shown(key: str, value: object) -> str:
    secret = key.startswith(_SECRETIVE) and not key.endswith((".url", ".urls"))
    if isinstance(value, str) and any(mark in value for mark in "@?"):
        secret = True  # an address with a password or a token
    if secret:
        return "(not shown)"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return "null" if value is None else str(value)
