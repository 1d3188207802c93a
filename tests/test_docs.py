"""What docs/ tells of the code is what the code says, and what it points at is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.state_tables import renewed

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("deploy/*.md")])


@pytest.mark.parametrize("name", ["architecture", "configuration"])
def test_generated_parts_are_current(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert "<!-- generated: " in text
    assert renewed(text) == text, "run scripts/state_tables.py"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_the_lock_is_of_these_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    (ours,) = (package for package in packages if package["name"] == project["name"])
    locked = {(row["name"], row["specifier"]) for row in ours["metadata"]["requires-dist"]}
    named = map(Requirement, project["dependencies"])
    assert locked == {(need.name.lower(), str(need.specifier)) for need in named}
