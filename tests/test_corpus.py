"""The plan of the benchmark's corpus: every entity is asked for, and said in many ways."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from media.entities.types import Entity

PLAN: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "scripts" / "corpus.yaml").read_text(encoding="utf-8")
)
ENTITIES = [entity for entity in Entity if entity is not Entity.UNSURE]


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_entity_is_said_in_six_phrasings_and_asked_for_in_two(entity: Entity) -> None:
    assert len(set(PLAN["entities"][entity])) >= 6
    assert len(set(PLAN["questions"][entity])) >= 2


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_entity_is_embedded_in_long_talk(entity: Entity) -> None:
    assert any(len(line.split()) >= 30 for line in PLAN["entities"][entity])


def test_the_plan_names_no_entity_that_is_not_there() -> None:
    assert set(PLAN["entities"]) == set(PLAN["questions"]) == set(ENTITIES)


def test_harmless_lines_are_many_and_some_are_long() -> None:
    lines = set(PLAN["harmless"])
    assert len(lines) >= 45
    assert sum(len(line.split()) >= 25 for line in lines) >= 8
    assert not any("](" in line for line in lines)
