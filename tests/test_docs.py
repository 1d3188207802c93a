"""What docs/ tells of the code is what the code says, and what it points at is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.state_tables import renewed

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")])
SECURITY = sorted(ROOT.glob("docs/security/*.md"))
REQUIREMENTS = [
    *(f"17.1.{n}" for n in range(1, 3)),
    *(f"17.2.{n}" for n in range(1, 9)),
    *(f"17.3.{n}" for n in range(1, 3)),
]


@pytest.mark.parametrize("name", ["architecture", "configuration"])
def test_generated_parts_are_current(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert "<!-- generated: " in text
    assert renewed(text) == text, "run scripts/state_tables.py"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", SECURITY, ids=lambda path: path.name)
def test_tests_that_security_rests_on_exist(document: Path) -> None:
    code = "\n".join(path.read_text("utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    there = set(re.findall(r"^(?:async )?def (test_\w+)", code, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", document.read_text(encoding="utf-8")))
    assert named, "it names none"
    assert not named - there


@pytest.mark.parametrize("number", REQUIREMENTS)
def test_every_webrtc_requirement_has_a_test_with_its_number(number: str) -> None:
    text = (ROOT / "docs/security/asvs-v17.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| \[{re.escape(number)}\]", text, re.MULTILINE)
    assert f"`test_asvs_{number.replace('.', '_')}_" in text


def test_the_lock_is_of_these_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    (ours,) = (package for package in packages if package["name"] == project["name"])
    locked = {(row["name"], row["specifier"]) for row in ours["metadata"]["requires-dist"]}
    named = map(Requirement, project["dependencies"])
    assert locked == {(need.name.lower(), str(need.specifier)) for need in named}
