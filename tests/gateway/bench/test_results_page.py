"""The published page says what is reached, what falls short, and where it was measured."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from gateway.bench.measure import Counts, Figures, brief, summary
from gateway.bench.page import machine, write_page
from media.channel import CHANNELS


def side(leaked: int, turn_s: float) -> dict[str, Any]:
    """Return one side of a result: of 100 words of personal data so many leaked, and no card."""
    phone = Counts(words=100, leaked=leaked, items=50, heard=1, stretches=20, recalled=19)
    of = Figures(
        harmless=100, lost=2, by_entity={"PHONE": phone, "CVV": Counts(found=1)},
        turn_delays_s=[turn_s], ages_s=[1.0], compute_s=1.0, speech_s=2.0,
    )  # fmt: skip
    return {
        **summary(of, Figures(harmless=50, lost=1)),
        "by_channel": {name: brief(of) for name in CHANNELS},
        "by_source": {"generated": brief(of)},
    }


@pytest.fixture
def result() -> dict[str, Any]:
    about = {"utterances": 14, "voices": 7, "model": "base", "quick": False, "seed": 1}
    told = {"barge_in_p50_s": 0.14, "barge_in_p95_s": 0.31, "barge_in_max_s": 1.2}
    gate = {**side(1, 0.04), **told, "barge_in_missed": 0.02}
    for figures in [*gate["by_channel"].values(), *gate["by_source"].values()]:
        figures.update(told)
    return {**gate, "baseline": side(73, 1.02), **about}


ARGUMENTS = ["bench", "redaction", "--people", "/data/of mine/list.csv", "--report", "docs/r.md"]


def page(folder: Path, result: dict[str, Any]) -> str:
    write_page(folder / "r.md", result, ARGUMENTS)
    return (folder / "r.md").read_text(encoding="utf-8")


def row(text: str, name: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_what_is_reached_and_what_falls_short_is_said(
    tmp_path: Path, result: dict[str, Any]
) -> None:
    text = page(tmp_path, result)
    assert row(text, "leak, clean and Opus") == ["≤ 1.00 %", "1.00 %", "reached", "73 %"]
    assert row(text, "heard leak") == ["≤ 1.00 %", "2.00 %", "**falls short**", "2.00 %"]
    assert row(text, "turn delay, median") == ["≤ 50 ms", "40 ms", "reached", "1.02 s"]


def test_a_barge_in_is_the_gate_s_alone(tmp_path: Path, result: dict[str, Any]) -> None:
    text = page(tmp_path, result)
    assert row(text, "barge-in, 95th percentile") == ["≤ 300 ms", "310 ms", "**falls short**", "–"]
    assert row(text, "barge-in, calls in which nothing was told") == ["2.00 %", "–"]
    assert row(text, "g711")[-1] == "310 ms"


def test_what_was_not_measured_is_no_nought(tmp_path: Path, result: dict[str, Any]) -> None:
    name = "leak of card digits beyond the first six and last four"
    assert row(page(tmp_path, result), name) == ["0 %", "–", "not measured", "–"]
    del result["by_channel"]["g711"]
    del result["baseline"]["by_channel"]["g711"]
    assert row(page(tmp_path, result), "leak, G.711") == ["≤ 2.00 %", "–", "not measured", "–"]


def test_entities_have_shares_where_there_is_something_to_share(
    tmp_path: Path, result: dict[str, Any]
) -> None:
    text = page(tmp_path, result)
    assert row(text, "PHONE")[:4] == ["100", "1.00 % / 73 %", "2.00 % / 2.00 %", "95 % / 95 %"]
    assert row(text, "CVV") == ["0", *["– / –"] * 4, "0 % / 0 %"]


def test_an_entity_that_only_one_side_found_is_listed(
    tmp_path: Path, result: dict[str, Any]
) -> None:
    del result["by_entity"]["CVV"]
    assert row(page(tmp_path, result), "CVV")[-1] == "– / 0 %"


def test_what_was_written_by_hand_is_kept(tmp_path: Path, result: dict[str, Any]) -> None:
    text = page(tmp_path, result)
    text = text.replace("Nobody has said yet why this is so.", "It rained.")
    (tmp_path / "r.md").write_text(text.replace("Not measured yet", "Twelve callers"))
    again = page(tmp_path, result)
    assert "<!-- by hand: why -->\nIt rained.\n<!-- end -->" in again
    assert "Twelve callers (`hushgate bench capacity`)." in again


def test_command_and_machine_are_told_but_not_where_files_lie(
    tmp_path: Path, result: dict[str, Any]
) -> None:
    text = page(tmp_path, result)
    assert "`hushgate bench redaction --people list.csv --report docs/r.md`" in text
    assert "/data" not in text
    assert row(text, "Python") == [machine()["Python"]]
    assert "quick" not in text
    assert "**a quick run" in page(tmp_path, {**result, "quick": True})


def test_the_plot_has_a_point_per_channel_and_side(tmp_path: Path, result: dict[str, Any]) -> None:
    assert "](r.svg)" in page(tmp_path, result)
    drawn = ElementTree.parse(tmp_path / "r.svg")
    groups = drawn.findall(".//{*}g")
    assert [len(g.findall("{*}circle")) for g in groups] == [12, 12, 2]
    places = [
        float(c.get(axis, ""))
        for g in groups[:2]
        for c in g.iter()
        for axis in ("cx", "cy")
        if c.get("cx")
    ]
    assert min(places) >= 0
    assert max(places) <= 300


def test_a_new_page_keeps_what_was_written_by_hand(tmp_path: Path, result: dict[str, Any]) -> None:
    text = page(tmp_path, result)
    (tmp_path / "r.md").write_text(text.replace("Not measured yet", "9 callers.\n\nMore: not yet"))
    assert "9 callers.\n\nMore: not yet (`hushgate bench capacity`)." in page(tmp_path, result)
