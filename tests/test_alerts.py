"""The alerting rules ask for metrics that the gateway has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from gateway import telemetry

FILE = Path(__file__).parents[1] / "deploy" / "prometheus" / "alerts.yaml"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(FILE.read_text())["groups"] for rule in group["rules"]
]


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
