"""The fuzzers' corpus, which holds every input that once crashed a parser, goes through each time.

`make fuzz` looks for more (see tests/fuzz/run.py).
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.parsers import PARSERS
from tests.fuzz.run import CORPUS

FILES = sorted(file for folder in CORPUS.iterdir() for file in folder.iterdir())


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_what_is_in_the_corpus_is_read_or_refused(file: Path) -> None:
    PARSERS[file.parent.name](file.read_bytes())


def test_every_parser_has_a_corpus() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(PARSERS)
    assert all(any(folder.iterdir()) for folder in CORPUS.iterdir())


@pytest.mark.parametrize("name", sorted(PARSERS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_where_atheris_cannot_go_what_is_mangled_is_read_or_refused(
    name: str, data: st.DataObject
) -> None:
    """Two inputs of the corpus, cut and joined at random."""
    files = [file for file in FILES if file.parent.name == name]
    one, other = (data.draw(st.sampled_from(files)).read_bytes() for _ in range(2))
    cut, joint = (data.draw(st.integers(0, len(part))) for part in (one, other))
    PARSERS[name](one[:cut] + data.draw(st.binary(max_size=8)) + other[joint:])
