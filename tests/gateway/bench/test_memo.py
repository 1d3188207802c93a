"""What was worked out once is not worked out again, unless something that goes in has changed."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from gateway.bench.memo import Memo
from media.audio import Pcm, Span
from tests.media.sounds import ms, voice

PCM = voice(ms(100))
ANSWER = [("five", Span(3, 8))]
ANSWERS = TypeAdapter(list[tuple[str, Span]])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.py"
    path.write_text("code = 1")
    return path


def asks(folder: Path, source: Path, question: str = "what", pcm: Pcm = PCM) -> bool:
    """Ask; tell whether it had to be worked out."""
    worked: list[bool] = []

    def answer() -> list[tuple[str, Span]]:
        worked.append(True)
        return ANSWER

    assert Memo(folder, ANSWERS, str(source))([question], pcm, answer) == ANSWER
    return bool(worked)


def test_an_answer_is_worked_out_once(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "new" / "memo"
    assert asks(folder, source)
    assert not asks(folder, source)
    assert folder.stat().st_mode & 0o077 == 0


def test_another_sound_question_or_code_has_another_answer(tmp_path: Path, source: Path) -> None:
    asks(tmp_path, source)
    assert asks(tmp_path, source, pcm=PCM[:-1])
    assert asks(tmp_path, source, "where")
    source.write_text("code = 2")
    assert asks(tmp_path, source)


@pytest.mark.parametrize("found", [b"", b'[["five"', b'{"an": "other"}'])
def test_what_is_not_an_answer_is_worked_out_again(
    tmp_path: Path, source: Path, found: bytes
) -> None:
    asks(tmp_path, source)
    (kept,) = tmp_path.glob("*.json")
    kept.write_bytes(found)
    assert asks(tmp_path, source)
    assert not asks(tmp_path, source)
