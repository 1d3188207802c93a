"""Logs and metrics tell what happens, and never what was said."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from gateway import telemetry
from media.audio import Span
from media.entities.types import Entity, Word
from media.sensitive import Sensitive

CARD = "4111111111111111"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    yield
    root.handlers[:], level, logging.raiseExceptions = before
    root.setLevel(level)
    for name in ("gateway", "media"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    telemetry.configure("info", "json", stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def log(name: str = "gateway.call") -> Any:
    return structlog.stdlib.get_logger(name)


def test_a_line_is_json_with_time_level_logger_and_call(out: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(call_id="c1"):
        log().info("state changed", state="consent", at_s=1.5)
    log().debug("too fine")
    (line,) = lines(out)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "state changed",
        "level": "info",
        "logger": "gateway.call",
        "call_id": "c1",
        "state": "consent",
        "at_s": 1.5,
    }


def test_raw_values_are_withheld_wherever_they_hide(out: io.StringIO) -> None:
    secret = Sensitive(CARD)
    log().info(
        "found",
        who=secret,
        nested={"inner": [secret], "Text": CARD, 7: CARD},
        text=CARD,
        words=[CARD],
        word=Word(secret, Span(0, 1)),
        heard=[Word(secret, Span(0, 1))],
        blob=CARD.encode(),
        error=ValueError(CARD),
        entity=Entity.PAYMENT_CARD,
        path=Path("a/b"),
    )
    log().info(f"an f-string {secret}")
    log().info("percent %s", CARD)
    line, *_ = lines(out)
    assert CARD not in out.getvalue()
    assert line["text"] == line["words"] == "(withheld)"
    assert line["who"] == "(Sensitive withheld)"
    assert line["heard"] == ["(Word withheld)"]
    assert (line["entity"], line["path"]) == ("PAYMENT_CARD", "a/b")


def test_an_exception_is_logged_by_type_and_place_without_its_message(out: io.StringIO) -> None:
    try:
        try:
            int(f"card {CARD}")
        except ValueError as error:
            raise RuntimeError(CARD) from error
    except RuntimeError as error:
        log().exception("failed")
        log().error("failed", exc_info=error)
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=True)
    log().info("no error", exc_info=True)
    assert CARD not in out.getvalue()
    for line in lines(out)[:3]:
        assert line["error"] == "RuntimeError from ValueError"
        assert line["trace"][-1].startswith("gateway/test_telemetry.py:")
    assert "error" not in lines(out)[3]


def test_libraries_log_through_the_same_formatter_from_warning_on(out: io.StringIO) -> None:
    for name in ("aiortc.rtcpeerconnection", "aioice", "websockets.client", "presidio-analyzer"):
        library = logging.getLogger(name)
        library.setLevel(logging.DEBUG)
        library.info("chatter")
        library.warning("trouble in %s", name)
        library.setLevel(logging.NOTSET)
        assert lines(out)[-1]["event"] == f"trouble in {name}"
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert len(lines(out)) == 5
    assert lines(out)[-1]["logger"] == "py.warnings"


def test_the_trace_of_presidio_is_silent(
    out: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    import presidio_analyzer

    assert presidio_analyzer
    logging.getLogger("decision_process").info(CARD)
    assert CARD not in out.getvalue() + "".join(capsys.readouterr())


def test_a_line_that_cannot_be_formatted_is_not_dumped(
    out: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("aiortc").warning("%d", CARD)
    assert CARD not in out.getvalue() + "".join(capsys.readouterr())


def test_the_console_form_withholds_too() -> None:
    stream = io.StringIO()
    telemetry.configure("debug", "console", stream)
    log().debug("found", who=Sensitive(CARD), text=CARD, entity="CVV")
    assert "entity=CVV" in stream.getvalue()
    assert CARD not in stream.getvalue()


def test_metrics_have_units_and_every_entity_from_the_start() -> None:
    telemetry.CALLS.labels("completed").inc()
    telemetry.CALLS_ACTIVE.set(2)
    telemetry.HOLD_AGE.observe(0.7)
    telemetry.RECOGNITION.observe(0.2)
    telemetry.RECOGNITION_FAILURES.labels("timeout").inc()
    telemetry.SILENCED.labels("CVV").inc(1.25)
    telemetry.AGENT_MESSAGES_IGNORED.inc()
    page = generate_latest(telemetry.REGISTRY).decode()
    families = {family.name: family for family in text_string_to_metric_families(page)}
    assert {name for name in families if name.startswith("hushgate_")} >= {
        "hushgate_calls",
        "hushgate_calls_active",
        "hushgate_findings",
        "hushgate_hold_age_seconds",
        "hushgate_recognition_seconds",
        "hushgate_recognition_failures",
        "hushgate_silenced_seconds",
        "hushgate_agent_messages_ignored",
    }
    entities = {s.labels["entity"] for s in families["hushgate_findings"].samples if s.labels}
    assert entities == {entity.value for entity in Entity}
