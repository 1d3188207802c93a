"""The papers name every dependency, and nothing that runs forbids commercial use."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
FORBIDDING = re.compile(
    r"non-?commercial|\bNC\b|CC-BY-NC|(?<!Lesser )\bGeneral Public|(?<!L)GPL|Affero|Proprietary",
    re.IGNORECASE,
)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in project["dependencies"]]


def closure() -> dict[str, Distribution]:
    """Everything that the named dependencies bring along in this environment."""
    found: dict[str, Distribution] = {}
    waiting = [(requirement, "") for requirement in named()]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonical(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            package = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        needs = [Requirement(line) for line in package.requires or []]
        if name not in found:
            waiting += [(need, "") for need in needs]
        waiting += [(need, own) for own in requirement.extras for need in needs if need.marker]
        found[name] = package
    return found


def licence(package: Distribution) -> str:
    meta = package.metadata
    classifiers = [
        line for line in meta.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    # Some packages put the whole licence text into the field; its first line says which it is.
    free_text = (meta.get("License") or "").strip().splitlines()[:1]
    return meta.get("License-Expression") or "; ".join(classifiers + free_text)


def test_every_named_dependency_is_in_the_papers() -> None:
    paper = canonical((ROOT / "THIRD_PARTY.md").read_text())
    names = [canonical(requirement.name) for requirement in named()]
    assert not [name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", paper)]


def test_nothing_that_runs_forbids_commercial_use() -> None:
    packages = closure()
    assert len(packages) > 50
    licences = {name: licence(package) for name, package in packages.items()}
    assert not [name for name, text in licences.items() if not text]
    assert not {name: text for name, text in licences.items() if FORBIDDING.search(text)}
