"""Logs and metrics, neither of which carries raw personal data.

Log lines are structured: `structlog.stdlib.get_logger(__name__)` and keyword values, with the id of
the call bound by `structlog.contextvars.bound_contextvars(call_id=…)`. Only plain values are
written: a `Sensitive`, any other object and any key that names a raw value are withheld. Of an
exception the types and the places are written, not the messages, which often quote what could not
be parsed. Libraries log through the same formatter, from WARNING on.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final, Literal, TextIO

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from structlog.typing import EventDict, Processor

from gateway.hand_off.case import Reason
from media.entities.types import Entity
from media.liveness.types import Verdict
from media.sensitive import RAW_KEYS

_WITHHELD: Final = "(withheld)"
_OURS: Final = ("gateway", "media")
_LOOK_S: Final = 0.5
# structlog keeps the arguments of a %-style message under this name.
_REFUSED: Final = RAW_KEYS | {"positional_args"}


def configure(
    level: Literal["debug", "info", "warning", "error"] = "info",
    form: Literal["json", "console"] = "json",
    stream: TextIO = sys.stderr,
) -> None:
    """Send our log lines from `level` on, and those of libraries from WARNING on, to `stream`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _place_of_failure,
        withhold,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), timestamp_key="at")
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(
        lambda record: record.levelno >= logging.WARNING or record.name.split(".")[0] in _OURS
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(True)
    # presidio's trace of its decisions quotes what it analysed, through a handler of its own.
    logging.getLogger("decision_process").disabled = True
    # A log line that fails to format would be dumped on stderr with all its arguments.
    logging.raiseExceptions = False


def withhold(logger: object, method: str, event_dict: EventDict) -> EventDict:
    """Replace what may hold a raw value (a structlog processor)."""
    meta = ("_record", "_from_structlog")
    return {key: value if key in meta else _plain(key, value) for key, value in event_dict.items()}


def _plain(key: object, value: object) -> Any:
    if not isinstance(key, str) or key.lower() in _REFUSED:
        return _WITHHELD
    match value:
        case None | bool() | int() | float():
            return value
        case str() | PurePath():
            return str(value)
        case Mapping():
            return {str(name): _plain(name, item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(key, item) for item in value]
        case _:
            # An object's repr shows whatever it holds.
            return f"({type(value).__name__} withheld)"


def _place_of_failure(logger: object, method: str, event_dict: EventDict) -> EventDict:
    """Turn `exc_info` into the types of the error and its causes, and where it went through."""
    given = event_dict.pop("exc_info", None)
    if isinstance(given, tuple):
        error = given[1]
    elif isinstance(given, BaseException):
        error = given
    else:
        error = sys.exc_info()[1] if given else None
    if error is None:
        return event_dict
    event_dict["trace"] = [
        f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    types: list[str] = []
    while error is not None and len(types) < 10:
        types.append(type(error).__qualname__)
        error = error.__cause__ or error.__context__
    event_dict["error"] = " from ".join(types)
    return event_dict


async def watch_loop() -> None:
    """Measure how late the event loop wakes up, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _LOOK_S
        await asyncio.sleep(_LOOK_S)
        LOOP_LAG.observe(max(0.0, loop.time() - due))


REGISTRY: Final = CollectorRegistry()
"""What `/metrics` shows: `prometheus_client.generate_latest(REGISTRY)`."""

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

CALLS: Final = Counter(
    "hushgate_calls_total", "Calls ended, by outcome.", ["outcome"], registry=REGISTRY
)
CALLS_ACTIVE: Final = Gauge("hushgate_calls_active", "Calls going on.", registry=REGISTRY)
FINDINGS: Final = Counter(
    "hushgate_findings_total", "Entities found, by type.", ["entity"], registry=REGISTRY
)
HOLD_AGE: Final = Histogram(
    "hushgate_hold_age_seconds",
    "How old audio was when it left the hold.",
    registry=REGISTRY,
    buckets=(0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 8, 12),
)
RECOGNITION: Final = Histogram(
    "hushgate_recognition_seconds",
    "How long a recognition run took, waiting for a worker included.",
    registry=REGISTRY,
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2, 4, 8),
)
RECOGNITION_FAILURES: Final = Counter(
    "hushgate_recognition_failures_total",
    "Recognition runs without a result, by reason.",
    ["reason"],
    registry=REGISTRY,
)
SCORING: Final = Histogram(
    "hushgate_liveness_seconds",
    "How long it took to score a few seconds of a voice, in seconds of one core.",
    registry=REGISTRY,
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1),
)
SCORING_FAILURES: Final = Counter(
    "hushgate_liveness_failures_total",
    "Scores of a voice that came to nothing, by reason.",
    ["reason"],
    registry=REGISTRY,
)
SILENCED: Final = Counter(
    "hushgate_silenced_seconds_total",
    "Caller audio that was silenced, by reason.",
    ["reason"],
    registry=REGISTRY,
)
BARGE_INS: Final = Counter(
    "hushgate_barge_ins_total",
    "Times a caller began to speak while the agent was heard, which stopped it.",
    registry=REGISTRY,
)
VERDICTS: Final = Counter(
    "hushgate_liveness_verdicts_total",
    "Verdicts on callers' voices, each time that one changed.",
    ["verdict"],
    registry=REGISTRY,
)
HAND_OFFS: Final = Counter(
    "hushgate_hand_offs_total", "Calls handed off, by reason.", ["reason"], registry=REGISTRY
)
LIVENESS_SCORES: Final = Histogram(
    "hushgate_liveness_score",
    "The last score of each voice: how probable it is that it is synthetic.",
    registry=REGISTRY,
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1),
)
LIVENESS_DRIFT: Final = Gauge(
    "hushgate_liveness_drift_psi",
    "How far the scores are from the model's reference; NaN while there are too few.",
    registry=REGISTRY,
)
MODELS: Final = Gauge(
    "hushgate_model_info",
    "The models that decide: 1 for each.",
    ["role", "model"],
    registry=REGISTRY,
)
MODEL_SWITCHES: Final = Counter(
    "hushgate_model_switches_total",
    "Times that other models were to be used, by what came of it.",
    ["outcome"],
    registry=REGISTRY,
)
LOOKS_FAILED: Final = Counter(
    "hushgate_video_looks_failed_total",
    "Video frames that were hidden whole because nobody could look for faces, by reason.",
    ["reason"],
    registry=REGISTRY,
)
AGENT_MESSAGES_IGNORED: Final = Counter(
    "hushgate_agent_messages_ignored_total",
    "Messages of agents that could not be understood.",
    registry=REGISTRY,
)

# The wire.

LEGS: Final = Gauge("hushgate_legs_active", "Peer connections that are open.", registry=REGISTRY)
CALL_TIME: Final = Histogram(
    "hushgate_call_seconds",
    "How long calls took.",
    registry=REGISTRY,
    buckets=(1, 5, 15, 30, 60, 120, 300, 600, 1_200, 3_600),
)
PACKETS: Final = Counter(
    "hushgate_rtp_packets_total",
    "Audio packets that callers sent and that came.",
    registry=REGISTRY,
)
PACKETS_LOST: Final = Counter(
    "hushgate_rtp_packets_lost_total",
    "Audio packets that never came, or too late.",
    registry=REGISTRY,
)
DATAGRAMS_REFUSED: Final = Counter(
    "hushgate_datagrams_refused_total",
    "Datagrams that were not let in, by reason.",
    ["reason"],
    registry=REGISTRY,
)
JITTER: Final = Histogram(
    "hushgate_rtp_jitter_seconds",
    "Interarrival jitter of callers' audio (RFC 3550, 6.4.1), once a second and leg.",
    registry=REGISTRY,
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32),
)
FILLED: Final = Counter(
    "hushgate_filled_seconds_total",
    "Audio of callers that the network did not bring, by what took its place.",
    ["how"],
    registry=REGISTRY,
)
DROPPED: Final = Counter(
    "hushgate_dropped_total",
    "What was dropped because a queue was full, by queue.",
    ["queue"],
    registry=REGISTRY,
)
ICE_RESTARTS: Final = Counter(
    "hushgate_ice_restarts_total", "ICE restarts, by outcome.", ["outcome"], registry=REGISTRY
)
DTLS_FAILURES: Final = Counter(
    "hushgate_dtls_failures_total",
    "Callers whose DTLS handshake failed or whose certificate was not the one they had announced.",
    registry=REGISTRY,
)
REQUESTS_REFUSED: Final = Counter(
    "hushgate_requests_refused_total",
    "Requests that were not served, by problem type.",
    ["problem"],
    registry=REGISTRY,
)
LOOP_LAG: Final = Histogram(
    "hushgate_event_loop_lag_seconds",
    "How much later than asked for the event loop woke up, measured twice a second.",
    registry=REGISTRY,
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2),
)
DRAINING: Final = Gauge(
    "hushgate_draining",
    "1 while running calls may end but no new ones are taken.",
    registry=REGISTRY,
)
INTERRUPTED: Final = Counter(
    "hushgate_calls_interrupted_total",
    "Calls that an earlier run of the gateway left without an end, found at the start.",
    registry=REGISTRY,
)

# Shown from the start, at zero: of a series that begins with 1 Prometheus sees no increase.
for _outcome in ("done", "failed"):
    MODEL_SWITCHES.labels(_outcome)
CALLS.labels("failed")
SILENCED.labels("late")
for _entity in Entity:
    FINDINGS.labels(_entity.value)
for _verdict in Verdict:
    VERDICTS.labels(_verdict.value)
for _problem in ("full", "wrong-token"):
    REQUESTS_REFUSED.labels(_problem)
for _how in ("recovered", "concealed", "comfort", "silence"):
    FILLED.labels(_how)
for _reason in Reason:
    HAND_OFFS.labels(_reason.value)
