"""The alerting rules and the dashboard ask for metrics that the gateway has."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from gateway import telemetry

DEPLOY = Path(__file__).parents[1] / "deploy"
FILE = DEPLOY / "prometheus" / "alerts.yaml"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(FILE.read_text())["groups"] for rule in group["rules"]
]
PANELS: list[dict[str, Any]] = [
    panel
    for panel in json.loads((DEPLOY / "grafana" / "hushgate.json").read_text())["panels"]
    if panel["type"] != "row"
]

NOT_SHOWN = {
    "hushgate_liveness_score",
    "hushgate_liveness_seconds",
    "hushgate_liveness_failures_total",
    "hushgate_call_seconds",
    "hushgate_agent_messages_ignored_total",
    "hushgate_calls_interrupted_total",
}
"""What alerts or other tools look at, or seldom anybody."""


def exposed() -> set[str]:
    """The names of all series, of those without a sample yet too."""
    names = set()
    for family in text_string_to_metric_families(generate_latest(telemetry.REGISTRY).decode()):
        suffixes = {
            "counter": ["_total"],
            "histogram": ["_bucket", "_count", "_sum"],
        }.get(family.type, [""])
        names |= {family.name + suffix for suffix in suffixes}
    return names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_metric_that_a_rule_names_is_exposed(rule: dict[str, Any]) -> None:
    named = set(re.findall(r"hushgate_\w+", rule["expr"]))
    assert named and named <= exposed()
    assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("warning", "critical")


def test_drift_is_alarmed_after_an_hour_above_a_quarter() -> None:
    (rule,) = (rule for rule in RULES if "drift" in rule["expr"])
    assert (rule["expr"], rule["for"]) == ("hushgate_liveness_drift_psi > 0.25", "1h")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_series_that_a_rule_picks_is_there_from_the_start(rule: dict[str, Any]) -> None:
    for name, label, chosen in re.findall(r'(hushgate_\w+)\{(\w+)="(\w+)"\}', rule["expr"]):
        assert telemetry.REGISTRY.get_sample_value(name, {label: chosen}) is not None


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_metric_that_the_dashboard_shows_is_exposed(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        named = set(re.findall(r"(?:hushgate|process)_\w+", target["expr"]))
        assert named and named <= exposed(), target["expr"]
    assert panel["description"]


def ours() -> set[str]:
    return {
        family.name + "_total" * (family.type == "counter")
        for family in telemetry.REGISTRY.collect()
        if family.name.startswith("hushgate_")
    }


def test_the_dashboard_shows_every_metric_of_ours() -> None:
    shown = set(re.findall(r"hushgate_\w+", json.dumps(PANELS)))
    assert ours() - {name.removesuffix("_bucket") for name in shown} == NOT_SHOWN


def test_metrics_are_named_with_their_units() -> None:
    units = ("_seconds", "_bytes", "_total", "_info")
    counts = {"hushgate_calls_active", "hushgate_legs_active", "hushgate_draining"}
    probabilities = {"hushgate_liveness_score", "hushgate_liveness_drift_psi"}
    plain = {name for name in ours() if not name.endswith(units)}
    assert plain == counts | probabilities


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_operators_can_read_what_a_rule_means(rule: dict[str, Any]) -> None:
    assert f"| `{rule['alert']}` |" in (DEPLOY.parent / "docs" / "operations.md").read_text()
