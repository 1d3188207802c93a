"""The report holds together as a document, shows what it must and nothing it must not."""

import base64
import io
import itertools
import re
import shutil
import wave
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from gateway.events import Found, Held, Transcript
from gateway.report import ReportData, headline, hold_ages, write_report
from media.audio import RATE, Pcm
from media.sensitive import Sensitive

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """Check that every element is closed in its place, and collect what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data

    def values(self, tag: str, name: str) -> list[str]:
        return [value for t, n, value in self.attributes if (t, n) == (tag, name)]


def tone(seconds: float) -> Pcm:
    time = np.arange(round(seconds * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * 300 * time)).astype(np.int16)


CALL = ReportData(
    call_id="c-1",
    caller_said=tone(4),
    agent_heard=np.concatenate([tone(2), np.zeros(2 * RATE, np.int16)]),
    agent_said=tone(1),
    findings=[Found("PAYMENT_CARD", "<CARD_1>", 0.97, "bleep", 2.0, 3.5, "card.luhn")],
    transcript=[
        Transcript("caller", "My card is", 1.0, 1.9),
        Transcript("caller", "<CARD_1>.", 2.0, 3.5),
        Transcript("agent", "Thank you.", 3.6, 4.0),
    ],
    holds=[Held(0.5, 1.0), Held(1.5, 2.0), Held(1.0, 3.0)],
    consent={"outcome": "granted", "prompt_version": "en-1"},
    ledger={"verified": True, "entries": 12, "head": "ab" * 32},
    facts={"model": "whisper base"},
)


def written(tmp_path: Path, call: ReportData = CALL) -> tuple[str, Outline]:
    path = tmp_path / "report.html"
    write_report(path, call)
    page = path.read_text(encoding="utf-8")
    outline = Outline()
    outline.feed(page)
    outline.close()
    assert outline.open == []
    return page, outline


def test_it_shows_outcome_findings_transcript_consent_and_ledger(tmp_path: Path) -> None:
    _, outline = written(tmp_path)
    for words in (
        "one private detail was silenced",
        "Payment card",
        "card.luhn",
        "My card is <CARD_1>.",
        "granted",
        "whisper base",
        "ab" * 32,
        "verifies",
        "Demo recording of a synthetic voice",
    ):
        assert words in outline.text


def test_ids_are_unique_and_every_reference_is_met(tmp_path: Path) -> None:
    page, outline = written(tmp_path)
    ids = [value for _, name, value in outline.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "data-for"):
        assert {value for _, n, value in outline.attributes if n == name} <= set(ids)
    assert set(re.findall(r"url\(#([\w-]+)\)", page)) <= set(ids)


def test_it_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    page, outline = written(tmp_path)
    assert not re.search(r"https?://", page)
    assert all(value.startswith("data:") for value in outline.values("audio", "src"))
    assert not outline.values("script", "src")
    assert not outline.values("link", "href")


def test_recordings_are_embedded_sample_by_sample(tmp_path: Path) -> None:
    _, outline = written(tmp_path)
    said = base64.b64decode(outline.values("audio", "src")[0].partition(",")[2])
    with wave.open(io.BytesIO(said)) as file:
        assert file.getframerate() == RATE
        assert file.readframes(file.getnframes()) == CALL.caller_said.tobytes()


def test_a_long_recording_becomes_opus_of_a_bearable_size(tmp_path: Path) -> None:
    long = tone(120)
    page, outline = written(
        tmp_path, replace(CALL, caller_said=long, agent_heard=long, agent_said=None)
    )
    kind, _, body = outline.values("audio", "src")[0].partition(",")
    assert kind == "data:audio/ogg;base64"
    assert len(page) < 3_000_000
    with av.open(io.BytesIO(base64.b64decode(body))) as file:
        frames = list(file.decode(audio=0))
    assert sum(frame.samples / frame.sample_rate for frame in frames) == pytest.approx(120, abs=0.1)


def test_markup_in_what_was_said_stays_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)>"
    page, outline = written(
        tmp_path,
        replace(
            CALL, call_id=evil, transcript=[Transcript("caller", evil, 0, 1)], facts={"a": evil}
        ),
    )
    assert "<script>alert" not in page
    assert "<img" not in page
    assert evil in outline.text


def test_a_raw_value_that_strays_into_the_facts_is_not_shown(tmp_path: Path) -> None:
    planted = Sensitive("4111 1111 1111 1111")
    page, _ = written(
        tmp_path,
        replace(CALL, consent={"outcome": "granted", "heard": planted}, facts={"card": planted}),
    )
    assert "4111" not in page


def test_a_call_that_never_began_still_has_a_report(tmp_path: Path) -> None:
    nothing = np.zeros(0, dtype=np.int16)
    call = replace(
        CALL,
        caller_said=nothing,
        agent_heard=nothing,
        agent_said=None,
        findings=[],
        transcript=[],
        holds=[],
        consent={"outcome": "timed_out"},
    )
    _, outline = written(tmp_path, call)
    assert "Consent was not granted (timed out)" in outline.text


def test_the_headline_tells_the_worst_first() -> None:
    assert "silenced" in headline(CALL)
    assert "nothing private was found" in headline(replace(CALL, findings=[]))
    refused = replace(CALL, consent={"outcome": "refused"})
    assert "heard nothing" in headline(refused)
    broken = replace(refused, ledger={"verified": False})
    assert "does not verify" in headline(broken)


def test_hold_ages_are_summarised() -> None:
    ages = hold_ages(CALL.holds)
    assert (ages.p50_s, ages.max_s) == (1.0, 1.5)
    assert ages.p95_s == pytest.approx(1.45)
    assert hold_ages([]).max_s == 0


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_labels_stay_apart_and_a_click_seeks(tmp_path: Path, width: int) -> None:
    crowd = [
        Found(entity, f"<{entity}_{n}>", 0.9, "bleep", start, start + 0.2)
        for n, (entity, start) in enumerate(
            itertools.product(["DATE_OF_BIRTH", "CVV", "PAYMENT_CARD"], [0.5, 1.0, 1.1, 3.7]), 1
        )
    ]
    written(tmp_path, replace(CALL, findings=crowd))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        page.wait_for_selector("body.scripted")
        boxes = [label.bounding_box() for label in page.locator(".flag span").all()]
        assert len(boxes) == len(crowd)
        for a, b in itertools.combinations(filter(None, boxes), 2):
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or abs(a["y"] - b["y"]) >= min(a["height"], b["height"]) - 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("td [data-seek='1.1']").first.click()
        assert page.inner_text("#now") == "0:01.1"
        browser.close()
    assert errors == []
