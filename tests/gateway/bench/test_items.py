"""What is measured: manifests and lists on disk become calls with the truth about each word."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gateway.bench.items import (
    ANSWER_AFTER,
    LEAD,
    TAIL,
    CorpusError,
    Truth,
    generated,
    load,
    people,
)
from gateway.recordings import RecordingError, WavWriter
from media.audio import Pcm, Samples, Span
from media.entities.types import Entity
from tests.media.sounds import ms, voice


def wav(path: Path, count: Samples) -> Pcm:
    path.parent.mkdir(parents=True, exist_ok=True)
    pcm = voice(count)
    with WavWriter(path) as file:
        file.write(pcm)
    return pcm


def lines(path: Path, *entries: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


def untimed(pcm: Pcm, text: str) -> list[tuple[str, Span]]:
    raise AssertionError("these words are timed")


def word(text: str, start_s: float, end_s: float, entity: str | None) -> dict[str, Any]:
    return {"word": text, "start_s": start_s, "end_s": end_s, "entity": entity}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of one utterance, and questions for a name, a ZIP and nothing."""
    folder = tmp_path / "corpus"
    wav(folder / "0.wav", ms(900))
    words = [word("I'm", 0.1, 0.3, None), word("Ann", 0.35, 0.8, "PERSON")]
    lines(
        folder / "manifest.jsonl",
        {"file": "0.wav", "voice": "af", "kind": "PERSON", "text": "I'm Ann", "words": words},
    )
    for name in ("name", "name2", "zip"):
        wav(folder / f"{name}.wav", ms(500))
    lines(
        folder / "questions.jsonl",
        {"entity": "PERSON", "file": "name.wav"},
        {"entity": "PERSON", "file": "name2.wav"},
        {"entity": "ZIP", "file": "zip.wav"},
        {"entity": "harmless", "file": "zip.wav"},
    )
    return folder


def listed(
    folder: Path, *rows: str, header: str = "file,speaker,prompt,seconds,transcript"
) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_generated_utterance_has_its_words_behind_a_lead(corpus: Path) -> None:
    (entry,) = generated(corpus)
    item = load(entry, untimed)
    assert (item.name, item.voice, item.person, item.question) == ("0.wav", "af", False, None)
    assert item.words == (
        Truth("I'm", Span(LEAD + ms(100), LEAD + ms(300)), None),
        Truth("Ann", Span(LEAD + ms(350), LEAD + ms(800)), Entity.PERSON),
    )
    assert len(item.pcm) == LEAD + ms(900) + TAIL
    assert not item.pcm[:LEAD].any()
    assert not item.pcm[-TAIL:].any()
    assert np.abs(item.pcm[LEAD:-TAIL].astype(int) - voice(ms(900))).max() <= 1


def test_a_generated_answer_comes_behind_the_question_of_its_folder(corpus: Path) -> None:
    wav(corpus / "1.wav", ms(600))
    words = [word("nine", 0.1, 0.5, "ZIP")]
    entry = {"file": "1.wav", "voice": "af", "kind": "ZIP", "text": "nine", "words": words}
    lines(corpus / "manifest.jsonl", {**entry, "question": "zip.wav"})
    item = load(*generated(corpus), untimed)
    lead = LEAD + ms(500) + ANSWER_AFTER
    assert item.words == (Truth("nine", Span(lead + ms(100), lead + ms(500)), Entity.ZIP),)
    assert not item.person
    assert item.question is not None
    assert len(item.question) == len(item.pcm) == lead + ms(600) + TAIL
    assert item.question[LEAD : LEAD + ms(500)].any()
    assert not item.pcm[:lead].any()


def test_a_people_s_list_beside_its_questions_finds_them(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wav(tmp_path / "a.wav", ms(700))
    listed(tmp_path, "a.wav,fash,cen6,0.7,NINE")
    monkeypatch.chdir(tmp_path)
    (entry,) = people(Path("list.csv"), Path("corpus"))
    assert load(entry, lambda pcm, text: [(text, Span(0, len(pcm)))]).question is not None


@pytest.mark.parametrize("made", [False, True], ids=["missing", "empty"])
def test_a_corpus_that_is_not_there_tells_what_to_run(tmp_path: Path, made: bool) -> None:
    if made:
        lines(tmp_path / "manifest.jsonl")
    with pytest.raises(CorpusError, match=r"manifest\.jsonl.*make_corpus\.py .* --count 520"):
        generated(tmp_path)


def test_a_broken_manifest_tells_the_line(tmp_path: Path) -> None:
    word = {"word": "so", "start_s": 0, "end_s": 1, "entity": None}
    good = {"file": "a.wav", "kind": "PERSON", "voice": "v", "words": [word]}
    for bad, why in (
        ('{"file": ', "Invalid JSON"),
        ("[3]", "Input should be an object"),
        (json.dumps({"file": "a.wav", "voice": "v", "words": []}), "kind: Field required"),
        (json.dumps({"file": "a.wav", "kind": "PERSON", "voice": "v"}), "words: Field required"),
        (
            json.dumps(good | {"words": [word | {"entity": "SHOE_SIZE"}]}),
            r"words\.0\.entity: Input should be 'PAYMENT_CARD'",
        ),
    ):
        (tmp_path / "manifest.jsonl").write_text(f"{json.dumps(good)}\n{bad}\n")
        with pytest.raises(CorpusError, match=rf"manifest\.jsonl, line 2: {why}"):
            generated(tmp_path)


def test_lists_that_are_no_text_are_named(corpus: Path, tmp_path: Path) -> None:
    binary = tmp_path / "list.csv"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match=r"list\.csv: cannot be read \(not UTF-8\)"):
        people(binary, corpus)
    (corpus / "manifest.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match=r"manifest\.jsonl: cannot be read \(not UTF-8\)"):
        generated(corpus)


def test_a_file_of_the_manifest_that_is_gone_is_named(corpus: Path) -> None:
    (entry,) = generated(corpus)
    (corpus / "0.wav").unlink()
    with pytest.raises(RecordingError, match=r"0\.wav"):
        load(entry, untimed)


def test_prompts_of_people_become_entities(corpus: Path, tmp_path: Path) -> None:
    rows = [
        "an4/a.wav,fash,cen1,1.0,H I L L",
        "an4/b.wav,fash,cen2,1.0,AMY",
        "an4/c.wav,mdxn,cen6,1.0,ONE FIVE TWO",
        "an4/d.wav,mdxn,an12,1.0,STOP",
    ]
    found = people(listed(tmp_path, *rows), corpus)
    assert [(e["file"], e["voice"], e["kind"]) for e in found] == [
        ("an4/a.wav", "fash", Entity.PERSON),
        ("an4/b.wav", "fash", Entity.PERSON),
        ("an4/c.wav", "mdxn", Entity.ZIP),
        ("an4/d.wav", "mdxn", "harmless"),
    ]
    assert [e["question"] and Path(e["question"]).name for e in found] == [
        "name.wav", "name2.wav", "zip.wav", None,
    ]  # fmt: skip
    assert {e["folder"] for e in found} == {str(tmp_path)}


@pytest.mark.parametrize(
    "row",
    [
        "a.wav,fash,an251,1.0,ERASE C K W",
        "a.wav,fash,an251,1.0,ENTER SIX",
        "a.wav,fash,an251,1.0,YES SIR",
        "a.wav,fash,an251,1.0,",
        "a.wav,fash,cen1,1.0,",
        "a.wav,fash,cen7,1.0,TWO SIX EIGHT",  # nobody asks for a phone number here
    ],
)
def test_what_nobody_can_judge_is_left_out(corpus: Path, tmp_path: Path, row: str) -> None:
    assert people(listed(tmp_path, row), corpus) == []


def test_people_need_questions(corpus: Path, tmp_path: Path) -> None:
    (corpus / "questions.jsonl").unlink()
    with pytest.raises(
        CorpusError, match=r"questions\.jsonl: missing; run scripts/make_corpus\.py"
    ):
        people(listed(tmp_path), corpus)


def test_a_list_that_is_not_there_is_named(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"list\.csv: no such list"):
        people(tmp_path / "list.csv", corpus)


def test_a_list_without_a_column_is_told(corpus: Path, tmp_path: Path) -> None:
    path = listed(tmp_path, "a.wav,YES", header="file,text")
    with pytest.raises(CorpusError, match=r"lacks the columns prompt, speaker, transcript"):
        people(path, corpus)


def test_an_answer_comes_behind_its_question(corpus: Path, tmp_path: Path) -> None:
    wav(tmp_path / "an4" / "a.wav", ms(700))
    (entry,) = people(listed(tmp_path, "an4/a.wav,fash,cen1,0.7,H ILL"), corpus)

    def align(pcm: Pcm, text: str) -> list[tuple[str, Span]]:
        assert len(pcm) == ms(700)
        return [(part, Span(ms(100 * i), ms(100 * i + 80))) for i, part in enumerate(text.split())]

    item = load(entry, align)
    lead = LEAD + ms(500) + ANSWER_AFTER
    # Capitals of a word say nothing in such a list; "ILL" is not spelled.
    assert item.words == (
        Truth("H", Span(lead, lead + ms(80)), Entity.PERSON),
        Truth("Ill", Span(lead + ms(100), lead + ms(180)), Entity.PERSON),
    )
    assert item.person
    assert item.question is not None
    assert len(item.question) == len(item.pcm) == lead + ms(700) + TAIL
    assert not item.pcm[:lead].any()
    assert not item.question[:LEAD].any()
    assert item.question[LEAD : LEAD + ms(500)].any()
    assert not item.question[LEAD + ms(500) :].any()


def test_a_command_is_harmless_and_answers_nobody(corpus: Path, tmp_path: Path) -> None:
    wav(tmp_path / "d.wav", ms(400))
    (entry,) = people(listed(tmp_path, "d.wav,mdxn,an12,0.4,STOP"), corpus)
    item = load(entry, lambda pcm, text: [(text, Span(0, len(pcm)))])
    assert item.words == (Truth("Stop", Span(LEAD, LEAD + ms(400)), None),)
    assert item.question is None
