"""The listed recognisers. A new one is a module here and a line in `listed`."""

from __future__ import annotations

from typing import Any

from media.entities.recognisers.answers import Answers
from media.entities.recognisers.contacts import Contacts
from media.entities.recognisers.dates import Dates
from media.entities.recognisers.health import Health
from media.entities.recognisers.known import Known
from media.entities.recognisers.letters import Letters
from media.entities.recognisers.names import Names
from media.entities.recognisers.numbers import Numbers
from media.entities.recognisers.places import Places
from media.entities.recognisers.remains import Remains
from media.entities.recognisers.secrets import Secrets
from media.entities.recognisers.written import Written
from media.entities.utterance import Recogniser


def listed(nlp: Any) -> tuple[Recogniser, ...]:
    """Return every recogniser; `nlp` is a spaCy pipeline with an `ner` component."""
    return (
        Numbers(),
        Letters(),
        Dates(),
        Contacts(),
        Secrets(),
        Places(),
        Health(),
        Names(nlp),
        Written(),
        Known(),
        Remains(),
        Answers(),
    )
