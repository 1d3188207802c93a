"""Consent scripts: what they may say, and what is wrong with the ones that cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import assets, words
from gateway import scripts as scripts_module
from gateway.answers import LANGUAGES
from gateway.consent import End, Purpose
from gateway.recordings import WavWriter, read_mono
from gateway.scripts import NEEDED, Script, ScriptError, load, recording_name
from media.audio import RATE, Pcm, level_dbfs

SHIPPED = [
    *(("eu", language) for language in LANGUAGES),
    ("uk", "en"),
    *((place, tag) for place in ("us-il", "us-one-party", "us-two-party") for tag in ("en", "es")),
]
USUAL = (Purpose.AGENT, Purpose.TRANSCRIBE)
TONE: Pcm = (3_000 * np.sin(np.arange(RATE) / 5)).astype(np.int16)

Edit = Callable[[dict[str, Any]], object]


_decoded: dict[Path, Pcm] = {}


def decoded_once(path: Path) -> Pcm:
    """Read a recording, and those that ship only once for all tests."""
    if not path.is_relative_to(assets.audio("")):
        return read_mono(path)
    if path not in _decoded:
        _decoded[path] = read_mono(path)
    return _decoded[path]


@pytest.fixture(autouse=True, scope="module")
def _quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts_module, "read_mono", decoded_once)
        yield


@pytest.fixture(scope="module")
def script() -> Script:
    return load("us-two-party", "en", USUAL)


def own(folder: Path, edit: Edit = lambda s: None, name: str = "mine.yaml") -> Path:
    """Write the US two-party script, changed, as an own one of the place `here`."""
    content = yaml.safe_load((assets.scripts() / "us-two-party.en.yaml").read_text())
    content["place"] = "here"
    edit(content)
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def here(folder: Path, purposes: Collection[Purpose] = USUAL) -> Script:
    return load("here", "en", purposes, folder)


def wav(path: Path, pcm: Pcm = TONE) -> Path:
    with WavWriter(path) as file:
        file.write(pcm)
    return path


def routes(script: Script) -> set[str]:
    """Return every target that an answer, or the beginning, leads to."""
    return {script.start}.union(
        *({s.granted, s.refused, s.unclear, s.timed_out} for s in script.steps.values())
    )


# What ships.


def test_every_file_is_named_by_its_place_and_language() -> None:
    names = {path.name for path in assets.scripts().iterdir()}
    common = {f"common.{language}.yaml" for language in LANGUAGES}
    assert names == {f"{place}.{language}.yaml" for place, language in SHIPPED} | common


@pytest.mark.parametrize(("place", "language"), SHIPPED)
def test_each_asks_for_every_purpose_and_leads_to_an_end(place: str, language: str) -> None:
    script = load(place, language, list(Purpose))
    asked = frozenset[Purpose]().union(*(step.purposes for step in script.steps.values()))
    assert asked | script.noticed == set(Purpose)
    assert routes(script) - set(script.steps) == set(End)
    assert script.basis
    assert script.title


@pytest.mark.parametrize(("place", "language"), SHIPPED)
def test_the_first_question_comes_with_the_news_that_no_person_answers(
    place: str, language: str
) -> None:
    script = load(place, language, USUAL)
    first = script.steps[script.start]
    assert Purpose.AGENT in first.purposes
    text = script.prompts[first.ask].text
    assert any(
        word in text.casefold()
        for word in ("ai assistant", "automated", "artificial", "artificielle", "künstliche")
    )


def test_whatever_a_call_says_beside_its_questions_is_looked_for_at_the_start() -> None:
    tables = (words.FIRST, words.LAST, words.CONFIRMED)
    said = {prompt for table in tables for ids in table.values() for prompt in ids}
    said |= {"granted", "all_right", "hand_off", "wait", "wait_position_9", *words.NOBODY}
    said |= {*words.goodbye(words.NOBODY, "+0123456789"), *words.goodbye(words.NOBODY, None)}
    assert said <= set(NEEDED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prompts_are_loud_alike_and_not_long(language: str) -> None:
    prompts = load("eu", language, USUAL).prompts
    assert set(NEEDED) <= set(prompts)
    for name, prompt in prompts.items():
        assert -32 < level_dbfs(prompt.pcm) < -22, name
        assert 0.3 < len(prompt.pcm) / RATE < 20, name
        assert np.abs(prompt.pcm).max() < 0.8 * 32_768, name


def test_all_languages_say_the_same_things() -> None:
    said = [set(load("eu", language, USUAL).prompts) for language in LANGUAGES]
    assert all(ids == said[0] for ids in said)


def test_nothing_is_recorded_that_no_script_says() -> None:
    wanted = {
        f"{content['language']}/{recording_name(name, ' '.join(text.split()))}"
        for path in assets.scripts().glob("*.yaml")
        for content in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for name, text in content.get("prompts", {}).items()
    }
    folder = assets.audio("prompts")
    assert {p.relative_to(folder).as_posix() for p in folder.glob("*/*")} == wanted
    assert sum(p.stat().st_size for p in folder.rglob("*.ogg")) < 6_000_000


def test_the_music_is_soft_and_its_end_leads_into_its_beginning(script: Script) -> None:
    music = script.music.astype(np.int32)
    assert 8 <= len(music) / RATE <= 12
    assert -32 < level_dbfs(script.music) < -24
    steps = np.abs(np.diff(music))
    assert abs(music[0] - music[-1]) <= steps.max()


# What is asked of what.


def test_a_bundle_is_asked_as_one_where_all_of_it_is_wanted() -> None:
    script = load("us-two-party", "en", USUAL)
    assert [set(step.purposes) for step in script.steps.values()] == [set(USUAL)]
    assert script.start in script.steps
    assert script.steps[script.start].granted == End.OPEN


def test_its_parts_are_asked_where_one_of_them_is_wanted() -> None:
    for purpose in USUAL:
        (step,) = load("us-two-party", "en", [purpose]).steps.values()
        assert step.purposes == {purpose}


def test_in_the_eu_each_purpose_is_asked_by_itself() -> None:
    script = load("eu", "fr", list(Purpose))
    assert {len(step.purposes) for step in script.steps.values()} == {1}
    assert len(script.steps) == len(Purpose)


def test_a_question_that_is_not_asked_is_bridged() -> None:
    script = load("eu", "de", [Purpose.AGENT, Purpose.VIDEO])
    assert [set(s.purposes) for s in script.steps.values()] == [{Purpose.AGENT}, {Purpose.VIDEO}]
    assert script.steps[script.start].granted in script.steps
    assert routes(script) <= {*script.steps, *End}


def test_where_notice_is_enough_the_recording_is_announced() -> None:
    script = load("us-one-party", "en", [*USUAL, Purpose.RECORD])
    assert script.noticed == {Purpose.RECORD}
    assert [script.prompts[n].text for n in script.notices] == [
        "Please note that this call is recorded."
    ]
    assert all(Purpose.RECORD not in step.purposes for step in script.steps.values())


def test_nothing_is_announced_that_is_not_done() -> None:
    assert load("us-one-party", "en", USUAL).notices == ()


def test_with_notice_alone_nothing_is_asked() -> None:
    script = load("us-one-party", "en", [Purpose.RECORD])
    assert (script.start, dict(script.steps)) == (End.OPEN, {})


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(Purpose), min_size=1), st.sampled_from(SHIPPED))
def test_whatever_is_wanted_is_asked_for_and_nothing_else(
    purposes: set[Purpose], shipped: tuple[str, str]
) -> None:
    script = load(*shipped, purposes)
    asked = [purpose for step in script.steps.values() for purpose in step.purposes]
    assert sorted([*asked, *script.noticed]) == sorted(purposes)
    assert routes(script) <= {*script.steps, *End}


# Versions.


def test_the_version_is_of_the_content(tmp_path: Path) -> None:
    own(tmp_path)
    before = here(tmp_path)
    assert here(tmp_path, [Purpose.RECORD]).version == before.version
    assert len(before.version) == 64
    for edit in (
        lambda s: s.update(title="Elsewhere"),
        lambda s: s["steps"]["record"].update(refused="open"),
        lambda s: s["prompts"].update(granted={"text": "Thank you!", "file": "thanks.wav"}),
    ):
        wav(tmp_path / "thanks.wav")
        own(tmp_path, edit)
        assert here(tmp_path).version != before.version


def test_another_recording_of_the_same_words_is_another_version(tmp_path: Path) -> None:
    own(tmp_path, lambda s: s["prompts"].update(granted={"text": "Thanks.", "file": "t.wav"}))
    versions = set()
    for loudness in (1, 2):
        wav(tmp_path / "t.wav", TONE * loudness)
        versions.add(here(tmp_path).version)
    assert len(versions) == 2


# Own scripts.


def test_own_words_go_before_those_that_ship(tmp_path: Path) -> None:
    wav(tmp_path / "hi.wav")
    said = {"text": "Cheers.", "file": "hi.wav"}
    (tmp_path / "common.en.yaml").write_text(
        yaml.safe_dump({"language": "en", "prompts": {"granted": said, "goodbye": said}})
    )
    own(tmp_path, lambda s: s["prompts"].update(goodbye={"text": "Bye.", "file": "hi.wav"}))
    script = here(tmp_path)
    assert script.prompts["granted"].text == "Cheers."
    assert script.prompts["goodbye"].text == "Bye."
    assert np.array_equal(script.prompts["granted"].pcm, TONE)
    assert script.prompts["refused"].text.startswith("That's fine.")


def test_an_own_script_goes_before_the_one_that_ships(tmp_path: Path) -> None:
    own(tmp_path, lambda s: s.update(place="eu", title="Ours"))
    assert load("eu", "en", USUAL, tmp_path).title == "Ours"
    assert load("uk", "en", USUAL, tmp_path).title == "United Kingdom"


def test_own_texts_are_looked_for_where_they_are_recorded(tmp_path: Path) -> None:
    own(tmp_path, lambda s: s["prompts"].update(granted="So be\n it."))
    recorded = tmp_path / "prompts" / "en" / recording_name("granted", "So be it.")
    with pytest.raises(ScriptError, match=f"prompts.granted: .*{recorded.name} by scripts/make_p"):
        here(tmp_path)
    recorded.parent.mkdir(parents=True)
    wav(recorded)
    assert here(tmp_path).prompts["granted"].text == "So be it."


def test_own_music_is_played(tmp_path: Path) -> None:
    own(tmp_path)
    (tmp_path / "prompts").mkdir()
    wav(tmp_path / "prompts" / "music.ogg")
    assert np.array_equal(here(tmp_path).music, TONE)


# What cannot be used.


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            lambda s: s["steps"]["video"].update(refused="agent"),
            r"steps\.video: a loop, agent → transcript → record → voice → video → agent",
        ),
        (lambda s: s["steps"]["video"].update(refused="video"), r"steps\.video: a loop, video → v"),
        (
            lambda s: s["steps"]["agent"].update(granted="nowhere"),
            r"steps\.agent\.granted: nowhere: no such step; allowed are open, hand_off, close, ",
        ),
        (lambda s: s.update(start="nowhere"), r"start: nowhere: no such step"),
        (lambda s: s.update(start="record"), r"steps\.agent: a dead end, no answer leads to it"),
        (
            lambda s: s["steps"].update(close=s["steps"]["record"]),
            r"steps\.close: is the name of an end",
        ),
        (lambda s: s["steps"]["agent"].update(ask="hum"), r"steps\.agent\.ask: there is no prompt"),
        (lambda s: s.update(noticed={"video": "hum"}), r"noticed\.video: there is no prompt 'hum'"),
        (
            lambda s: s["steps"]["agent"].update(purposes=["sell"]),
            r"steps\.agent\.purposes\.0: ",
        ),
        (lambda s: s["steps"]["agent"].update(purposes=[]), r"steps\.agent\.purposes: "),
        (lambda s: s["steps"]["agent"].pop("again"), r"steps\.agent\.again: Field required"),
        (lambda s: s["steps"]["agent"].update(maybe="open"), r"steps\.agent\.maybe: unknown key"),
        (lambda s: s.update(jurisdiction="x"), r"jurisdiction: unknown key"),
        (lambda s: s.update(language="tlh"), r"language: tlh: unknown; known are en, es, fr, de"),
        (lambda s: s.update(basis=[]), r"basis: "),
        (lambda s: s.update(title=" "), r"title: "),
        (lambda s: s.update(title=7), r"title: "),
        (
            lambda s: s["prompts"].update(hi={"text": "Hi", "file": "hi.wav"}),
            r"prompts\.hi: .*hi\.wav: no such file",
        ),
        (
            lambda s: s["prompts"].update(hi={"text": "Hi", "file": "mine.yaml"}),
            r"prompts\.hi: .*mine\.yaml: not a recording that can be read",
        ),
    ],
)
def test_a_wrong_script_is_an_error_that_says_where(tmp_path: Path, edit: Edit, told: str) -> None:
    path = own(tmp_path, edit)
    with pytest.raises(ScriptError, match=f"^{path}: {told}"):
        here(tmp_path)


def test_a_purpose_that_nobody_asks_for_is_an_error(tmp_path: Path) -> None:
    own(tmp_path, lambda s: s["steps"].pop("training") and s["steps"]["video"].update(
        granted="open", refused="open", unclear="open", timed_out="open"
    ))  # fmt: skip
    assert here(tmp_path).steps
    with pytest.raises(ScriptError, match="steps: none asks for training, and it is not noticed"):
        here(tmp_path, [*USUAL, Purpose.TRAINING])


@pytest.mark.parametrize(
    ("pcm", "told"),
    [
        (TONE // 1_000, r"too quiet to be heard \(-8\d dBFS\)"),
        (np.zeros(RATE, np.int16), r"too quiet to be heard \(-120 dBFS\)"),
        (np.tile(TONE, 61), "61 s long; 60 s at most"),
    ],
)
def test_a_recording_that_is_no_prompt_is_an_error(tmp_path: Path, pcm: Pcm, told: str) -> None:
    wav(tmp_path / "hi.wav", pcm)
    own(tmp_path, lambda s: s["prompts"].update(granted={"text": "Thanks.", "file": "hi.wav"}))
    with pytest.raises(ScriptError, match=rf"mine\.yaml: prompts\.granted: .*hi\.wav: {told}"):
        here(tmp_path)


def test_two_scripts_for_one_place_are_an_error(tmp_path: Path) -> None:
    first = own(tmp_path)
    second = own(tmp_path, name="other.yaml")
    with pytest.raises(ScriptError, match=f"^{second}: place: here in en is already in {first}"):
        here(tmp_path)


def test_a_place_or_language_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ScriptError, match="no consent script for uk in fr; there are eu de, eu en"):
        load("uk", "fr", USUAL)
    with pytest.raises(ScriptError, match="tlh: answers in this language are not understood; kno"):
        load("eu", "tlh", USUAL)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("place: [", r"mine\.yaml, line 1, column 9: not valid YAML"),
        ("place: a\nplace: b", r"mine\.yaml, line 2, column 1: not valid YAML: key 'place' is"),
        ("- 1", r"mine\.yaml: must be a mapping of place, language, title, "),
        ("", r"mine\.yaml: must be a mapping"),
        ("a: &x [*x, *y]", r"mine\.yaml.*: not valid YAML"),
        ("1: 2", r"mine\.yaml: "),
    ],
)
def test_what_is_no_script_is_an_error(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(ScriptError, match=told):
        here(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["place", "language", "title", "basis", "noticed", "start", "steps", "prompts"]
)
BAD = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@BAD
@given(KEYS, JSON)
def test_no_content_breaks_anything_but_the_script(tmp_path: Path, key: str, value: Any) -> None:
    path = own(tmp_path, lambda s: s.update({key: value}))
    try:
        here(tmp_path)
    except ScriptError as error:
        assert str(path) in str(error) or "no consent script for here" in str(error)


@BAD
@given(st.binary(max_size=200))
def test_no_bytes_break_anything_but_the_script(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mine.yaml").write_bytes(data)
    with pytest.raises(ScriptError):
        here(tmp_path)
