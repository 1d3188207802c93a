from typing import Any

from media.entities.recognisers import listed
from media.entities.types import Entity
from scripts.entities_table import PAGE, page


def test_the_page_of_entities_is_up_to_date(nlp: Any) -> None:
    assert PAGE.read_text() == page(listed(nlp)), "run scripts/entities_table.py"


def test_every_entity_has_a_recogniser(nlp: Any) -> None:
    found = {entity for recogniser in listed(nlp) for entity in recogniser.entities}
    assert found >= set(Entity) - {Entity.UNSURE}
