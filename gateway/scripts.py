"""Consent scripts: what is asked in a place and a language, in which order and in which words.

A script is a YAML file `<place>.<language>.yaml`; what all places say in a language is in
`common.<language>.yaml` beside it. The scripts that ship are in `fixtures/consent`, and a folder of
own ones goes before them. Everything is looked at when the gateway starts, recordings too: a script
that could leave a caller without a question, an answer or a voice is an error there.
docs/consent.md describes the form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gateway import assets, challenge, strict_yaml
from gateway.answers import LANGUAGES
from gateway.consent import End, Purpose, Step
from gateway.recordings import RecordingError, read_mono
from media.audio import RATE, Pcm, level_dbfs

NEEDED: Final = (
    *("granted", "all_right", "refused", "refused_hand_off", "unclear_hand_off", "timed_out"),
    *("recording_stopped", "deleted", "withdrawn", "synthetic_voice", "agent_lost"),
    *("hand_off", "wait", *(f"wait_position_{place}" for place in range(1, 10))),
    *("nobody_there", "call_us_on", "digit_plus", *(f"digit_{digit}" for digit in range(10))),
    *("call_again", "goodbye", "agent_synthetic", "synthetic_end"),
    *(*challenge.WORDINGS.values(), "challenge_passed", *challenge.WORDS),
)
"""What every call may have to say, whatever its script asks."""

QUIETEST_DBFS: Final = -45.0
"""A prompt below this level would not be heard."""

LONGEST_S: Final = 60.0
"""Nobody listens to a prompt that is longer."""

MUSIC: Final = "music.ogg"
"""What a waiting caller hears, in the folder `prompts` of own scripts or of those that ship."""

_TARGETS: Final = ("granted", "refused", "unclear", "timed_out")


class ScriptError(ValueError):
    """A script or prompt that cannot be used; the message names the file, where, and why."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is played, what it says, and the SHA-256 of its file."""

    text: str
    pcm: Pcm
    sha256: str


@dataclass(frozen=True, slots=True)
class Script:
    """What one deployment asks.

    Attributes:
        place: where the callers are, such as `us-two-party`.
        language: BCP 47 primary tag.
        title: the place's name, for people.
        basis: the provisions that the script was written for.
        noticed: what is open once its notice was played.
        notices: ids of the prompts to play before the first question.
        start: the first question's name, or an `End` when there is none.
        steps: the questions that this deployment asks, by name; those left out are bridged.
        prompts: everything that can be said, by id.
        music: a loop for waiting callers, int16 at 16 kHz.
        version: SHA-256 over the script, all texts and all recordings, whatever of it is asked.
    """

    place: str
    language: str
    title: str
    basis: tuple[str, ...]
    noticed: frozenset[Purpose]
    notices: tuple[str, ...]
    start: str
    steps: Mapping[str, Step]
    prompts: Mapping[str, Prompt]
    music: Pcm
    version: str


Words = Annotated[
    str, BeforeValidator(lambda t: " ".join(t.split()) if isinstance(t, str) else t),
    Field(min_length=1),
]  # fmt: skip


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Prompt(_Form):
    text: Words
    file: Path | None = None


class _Step(_Form):
    purposes: frozenset[Purpose] = Field(min_length=1)
    ask: str
    again: str
    last: str
    granted: str
    refused: str
    unclear: str
    timed_out: str


_Prompts = dict[
    str,
    Annotated[_Prompt, BeforeValidator(lambda p: {"text": p} if isinstance(p, str) else p)],
]


class _Common(_Form):
    language: str
    prompts: _Prompts


class _Place(_Form):
    place: str
    language: str
    title: Words
    basis: tuple[Words, ...] = Field(min_length=1)
    noticed: dict[Purpose, str] = {}
    start: str
    steps: dict[str, _Step] = Field(max_length=50)
    prompts: _Prompts = {}


_F = TypeVar("_F", bound=_Form)


def recording_name(prompt_id: str, text: str) -> str:
    """Return the name of the file in which `scripts/make_prompts.py` records a text."""
    return f"{prompt_id}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.ogg"


def load(
    place: str, language: str, purposes: Collection[Purpose], folder: Path | None = None
) -> Script:
    """Read the script of a place in a language, for what a deployment wants consent to.

    Args:
        place: as in the script, such as `us-two-party`.
        language: BCP 47 primary tag.
        purposes: what to ask for. Of questions that bundle them in different ways, the one that
            asks for the most is kept; a question for what is not among them is left out.
        folder: own scripts, which go before those that ship.

    Raises:
        ScriptError: when there is no such script, or anything in it cannot be used.
    """
    if language not in LANGUAGES:
        raise ScriptError(
            f"{language}: answers in this language are not understood; known are "
            + ", ".join(LANGUAGES)
        )
    folders = [assets.scripts()] if folder is None else [folder, assets.scripts()]
    path, form = _find(place, language, folders)
    _check_graph(path, form)
    steps, start = _asked(form, frozenset(purposes))
    covered = frozenset(form.noticed).union(*(step.purposes for step in steps.values()))
    for missing in sorted(set(purposes) - covered):
        raise ScriptError(
            f"{path}: steps: none asks for {missing}, and it is not noticed; add one, or take "
            f"{missing} out of consent.purposes"
        )
    prompts = dict(_prompts(path, form, folders))
    for where, prompt_id in _mentions(form):
        if prompt_id not in prompts:
            raise ScriptError(f"{path}: {where}: there is no prompt {prompt_id!r}")
    noticed = frozenset(form.noticed) & frozenset(purposes)
    return Script(
        place=place,
        language=language,
        title=form.title,
        basis=form.basis,
        noticed=noticed,
        notices=tuple(prompt for purpose, prompt in form.noticed.items() if purpose in noticed),
        start=start,
        steps=steps,
        prompts=prompts,
        music=_music(folders),
        version=_version(form, prompts),
    )


def _find(place: str, language: str, folders: list[Path]) -> tuple[Path, _Place]:
    """Return the one script of the first folder that has it, and its file."""
    known: list[str] = []
    for folder in folders:
        found: dict[tuple[str, str], Path] = {}
        forms: dict[Path, _Place] = {}
        for path in sorted(folder.glob("*.yaml")):
            if path.name.startswith("common."):
                continue
            form = _read(path, _Place)
            if form.language not in LANGUAGES:
                raise ScriptError(
                    f"{path}: language: {form.language}: unknown; known are {', '.join(LANGUAGES)}"
                )
            key = form.place, form.language
            if key in found:
                raise ScriptError(
                    f"{path}: place: {form.place} in {form.language} is already in {found[key]}"
                )
            found[key], forms[path] = path, form
        if (place, language) in found:
            path = found[place, language]
            return path, forms[path]
        known += [f"{place} {language}" for place, language in found]
    raise ScriptError(
        f"no consent script for {place} in {language}; there are {', '.join(sorted(set(known)))}"
    )


def _check_graph(path: Path, form: _Place) -> None:
    """Make sure that every question is asked, and that every answer leads to an end."""
    targets = {name: [getattr(step, t) for t in _TARGETS] for name, step in form.steps.items()}
    allowed = [*End, *targets]
    for name in targets:
        if name in list(End):
            raise ScriptError(f"{path}: steps.{name}: is the name of an end; name it otherwise")
    for where, target in (
        ("start", form.start),
        *((f"steps.{n}.{t}", getattr(s, t)) for n, s in form.steps.items() for t in _TARGETS),
    ):
        if target not in allowed:
            raise ScriptError(
                f"{path}: {where}: {target}: no such step; allowed are {', '.join(allowed)}"
            )
    reached: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            loop = " → ".join([*way[way.index(name) :], name])
            raise ScriptError(f"{path}: steps.{way[-1]}: a loop, {loop}")
        if name in targets and name not in reached:
            for target in targets[name]:
                walk(target, (*way, name))
            reached.add(name)

    walk(form.start, ())
    for name in targets:
        if name not in reached:
            raise ScriptError(f"{path}: steps.{name}: a dead end, no answer leads to it")


def _asked(form: _Place, purposes: frozenset[Purpose]) -> tuple[dict[str, Step], str]:
    """Return the questions that are asked, with the others bridged, and the first one's name."""
    wanted = purposes - frozenset(form.noticed)
    possible = [step.purposes for step in form.steps.values() if step.purposes <= wanted]

    def bridged(target: str) -> str:
        while target in form.steps:
            step = form.steps[target]
            if step.purposes <= wanted and not any(step.purposes < other for other in possible):
                break
            target = step.granted
        return target

    steps: dict[str, Step] = {}
    start = bridged(form.start)
    ahead = [start]
    while ahead:
        name = ahead.pop(0)
        if name in steps or name not in form.steps:
            continue
        given = form.steps[name].model_dump()
        steps[name] = Step(**given | {t: bridged(given[t]) for t in _TARGETS})
        ahead += [getattr(steps[name], t) for t in _TARGETS]
    return steps, start


def _mentions(form: _Place) -> Iterator[tuple[str, str]]:
    """Yield each place that names a prompt, with the prompt's id."""
    for purpose, prompt_id in form.noticed.items():
        yield f"noticed.{purpose}", prompt_id
    for name, step in form.steps.items():
        for wording in ("ask", "again", "last"):
            yield f"steps.{name}.{wording}", getattr(step, wording)
    for prompt_id in NEEDED:
        yield "prompts", prompt_id


def _prompts(path: Path, form: _Place, folders: list[Path]) -> Iterator[tuple[str, Prompt]]:
    """Yield the prompts by id: the script's own before the folder's common ones before ours."""
    sources: dict[str, tuple[Path, _Prompt]] = {}
    for folder in reversed(folders):
        common = folder / f"common.{form.language}.yaml"
        if common.exists():
            listed = _read(common, _Common).prompts
            sources |= {prompt_id: (common, prompt) for prompt_id, prompt in listed.items()}
    sources |= {prompt_id: (path, prompt) for prompt_id, prompt in form.prompts.items()}
    for prompt_id, (source, prompt) in sources.items():
        where = f"{source}: prompts.{prompt_id}"
        if prompt.file is not None:
            file = source.parent / prompt.file
        else:
            name = Path("prompts", form.language, recording_name(prompt_id, prompt.text))
            choice = [source.parent / name, assets.audio(str(name))]
            made = [file for file in choice if file.exists()]
            if not made:
                raise ScriptError(
                    f"{where}: nobody has recorded this text; name a file, or make "
                    f"{choice[0]} by scripts/make_prompts.py"
                )
            file = made[0]
        yield prompt_id, Prompt(prompt.text, _heard(file, where), _sha256(file.read_bytes()))


def _music(folders: Iterable[Path]) -> Pcm:
    own = [folder / "prompts" / MUSIC for folder in folders]
    file = next((file for file in own if file.exists()), assets.audio("prompts") / MUSIC)
    return _heard(file, "hold music")


def _heard(file: Path, where: str) -> Pcm:
    """Return a recording that a caller can hear."""
    try:
        pcm = read_mono(file)
    except RecordingError as error:
        raise ScriptError(f"{where}: {error}") from None
    if len(pcm) > LONGEST_S * RATE:
        raise ScriptError(
            f"{where}: {file}: {len(pcm) / RATE:.0f} s long; {LONGEST_S:.0f} s at most"
        )
    if level_dbfs(pcm) < QUIETEST_DBFS:
        raise ScriptError(f"{where}: {file}: too quiet to be heard ({level_dbfs(pcm):.0f} dBFS)")
    return pcm


def _version(form: _Place, prompts: Mapping[str, Prompt]) -> str:
    whole: dict[str, Any] = form.model_dump(mode="json", exclude={"prompts"})
    for step in whole["steps"].values():
        step["purposes"].sort()
    whole["prompts"] = {name: [prompt.text, prompt.sha256] for name, prompt in prompts.items()}
    return _sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path, form: type[_F]) -> _F:
    """Read one file of this form; say what is wrong with it in one line."""
    try:
        data = strict_yaml.read(path)
    except strict_yaml.YamlError as error:
        raise ScriptError(str(error)) from None
    if not isinstance(data, Mapping):
        raise ScriptError(f"{path}: must be a mapping of {', '.join(form.model_fields)}")
    try:
        return form.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "[key]")
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = "unknown key"
        raise ScriptError(f"{path}: {key}: {message}") from None
