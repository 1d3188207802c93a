"""No raw value outside the hold and the vault: a whole call, and all it leaves is searched."""

import asyncio
import html
import io
import json
import pickle
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog

from gateway import demo, telemetry
from gateway.config import load
from gateway.engine.worker import Models
from gateway.models import spacy_model, whisper_folder
from gateway.request import Reply, request
from gateway.webrtc import client, whip
from media.audio import Span
from media.entities.types import Entity, Finding, Inspection, Word
from media.inspector import Said
from media.recognition import Impression, Recognise, Recognised
from media.sensitive import Sensitive
from media.speech.whisper import Reading

PLANTED = {
    "name": r"helen|marsh",
    "street": r"willow|twenty[ -]?two willow|\b22 w",
    "e-mail": r"@ ?example|example\.com|example dot com|dot marsh",
    "phone": r"503\D{0,3}555|555\D{0,3}0142|five oh three|five five five|zero one four two",
    "zip": r"(?<![\d.])97205(?!\d)|nine seven two oh five",
    "card": r"four five three nine|one four eight eight|zero three four three|six four six seven",
}
CARD, PHONE, POSTCODE = "4539148803436467", "5035550142", "97205"
RUNS = {n[i : i + 5] for n in (CARD, PHONE, POSTCODE) for i in range(len(n) - 4)}


def found_in(text: str) -> list[str]:
    """Name the planted values that occur in a text, in written or spoken form."""
    plain = text.casefold()
    # Digits grouped as people write them; longer hexadecimal words and decimals are hashes, times.
    numbers = re.findall(r"(?<![0-9a-f.])\d+(?:[ ().-]{1,2}\d+)*(?![0-9a-f])", plain)
    joined = [re.sub(r"\D", "", n) for n in numbers if not re.fullmatch(r"\d+\.\d+", n)]
    found = [name for name, pattern in PLANTED.items() if re.search(pattern, plain)]
    return found + [run for run in RUNS for n in joined if run in n]


def test_the_search_finds_what_it_looks_for() -> None:
    assert found_in("My name is Helen.") == ["name"]
    for text in (
        "4539 1488",
        "x=4539148803436467",
        "(503) 555-0142",
        "four five three nine",
        "97205",
    ):
        assert found_in(text), text
    assert found_in("<CARD_1> at 12.345391 s, sha 4539148aa, <PERSON_1>") == []
    assert found_in("created 1.7953197205e+09") == []


class Tapped:
    """The gateway's HTTP face as a watcher sees it: every answer, every event."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    @asynccontextmanager
    async def listening(self, *args: Any) -> AsyncIterator[str]:
        async with listening(*args) as url:
            self.url = url
            yield url
            for path in ("/metrics", "/healthz", "/readyz", "/v1/calls/unknown/events"):
                await self.ask("GET", f"{url}{path}")

    async def ask(self, *args: Any, **more: Any) -> Reply:
        reply = await request(*args, **{**more, "within": 100.0})
        self.answers.append(f"{reply.status} {reply.headers}\n{reply.body}")
        return reply


listening = demo.listening


@pytest.mark.model
@pytest.mark.timeout(600)
async def test_nothing_that_a_call_leaves_behind_holds_a_raw_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = io.StringIO()
    telemetry.configure("debug", "json", logs)
    tapped = Tapped()
    monkeypatch.setattr(demo, "listening", tapped.listening)
    monkeypatch.setattr(whip, "request", tapped.ask)
    streams: list[asyncio.Task[Reply]] = []
    told: list[str] = []

    class Caller(client.WebRtcCaller):
        async def hang_up(self) -> None:
            streams.append(asyncio.create_task(tapped.ask("GET", f"{self.location}/events")))
            await super().hang_up()

    monkeypatch.setattr(demo, "WebRtcCaller", Caller)
    settings = load(None)
    models = Models(whisper_folder("base"), spacy_model(), "en")
    try:
        outcome = await demo.run(settings, models, tmp_path, lambda event: told.append(repr(event)))
        await asyncio.gather(*streams)
    finally:
        structlog.reset_defaults()
    assert outcome.consent == "granted"
    assert {"PAYMENT_CARD", "PERSON", "PHONE", "EMAIL"} <= {f.entity for f in outcome.findings}
    page = outcome.report.read_text()
    left = {
        "logs": logs.getvalue(),
        "HTTP answers and event stream": "\n".join(tapped.answers),
        "events": "\n".join(told),
        "result": json.dumps(outcome.as_json()),
        "report": html.unescape(re.sub(r'data:audio/[^"]*|<path[^>]*>', "", page)),
        **{
            path.name: path.read_bytes().decode("latin-1")
            for path in tmp_path.iterdir()  # noqa: ASYNC240
            if "sqlite" in path.name
        },
    }
    assert "event: " in left["HTTP answers and event stream"] or "data: " in str(tapped.answers)
    assert "hushgate_findings_total" in left["HTTP answers and event stream"]
    assert "<CARD_1>" in left["ledger.sqlite"] + left.get("ledger.sqlite-wal", "")
    assert '"event": "call"' in left["logs"]
    assert {where: found_in(text) for where, text in left.items() if found_in(text)} == {}


SECRET = "Zanzibar4539"
WORD = Word(Sensitive(SECRET), Span(0, 100))
FINDING = Finding(Entity.PERSON, 0, 1, 0.9, "rule", Sensitive(SECRET))
CARRIERS = {
    "Sensitive": Sensitive(SECRET),
    "Word": WORD,
    "Finding": FINDING,
    "Inspection": Inspection((FINDING,), 1),
    "Recognise": Recognise(
        1, 0, np.full(100, 4539, np.int16), context=(WORD,), known=(SECRET, SECRET)
    ),
    "Recognised": Recognised(
        1, (WORD,), 0, Inspection((FINDING,), 1), Inspection((FINDING,), 1), None
    ),
    "Impression": Impression(1.0, Span(0, 100), (Reading(Sensitive(SECRET), -1.0),)),
    "Said": Said((WORD,), (FINDING,), (False,)),
}


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
def test_what_carries_a_raw_value_does_not_show_it(carrier: object) -> None:
    shown = [
        repr(carrier),
        str(carrier),
        f"{carrier}",
        f"{carrier!r:>30}",
        "{} {!r}".format(*[carrier] * 2),
    ]
    shown += [repr([carrier]), repr({"a": carrier}), str(ValueError(carrier))]
    try:
        raise KeyError(carrier)
    except KeyError as error:
        shown.append(str(error))
    with pytest.raises(TypeError):
        json.dumps(carrier)
    for text in shown:
        assert "Zanzibar" not in text
        assert "4539" not in text


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
def test_what_carries_a_raw_value_is_withheld_from_logs(carrier: object) -> None:
    logs = io.StringIO()
    telemetry.configure("debug", "json", logs)
    try:
        log = structlog.stdlib.get_logger("gateway.test")
        log.warning("look", what=carrier, many=[carrier], named={"x": carrier})
        log.warning("%s", carrier)
        try:
            raise ValueError(SECRET, carrier)
        except ValueError:
            log.exception("failed")
    finally:
        structlog.reset_defaults()
    assert len(logs.getvalue().splitlines()) == 3
    assert "Zanzibar" not in logs.getvalue()
    assert "4539" not in logs.getvalue()


def test_a_raw_value_still_crosses_to_a_worker_and_back() -> None:
    assert pickle.loads(pickle.dumps(WORD)) == WORD
