"""Write the parts of docs/ that are told by the code: state machines and configuration keys.

Run it as `python scripts/state_tables.py`; `tests/test_docs.py` checks that it was. A generated
part stands between `<!-- generated: NAME -->` and `<!-- end -->`, the rest is left as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from gateway import consent, states
from gateway.config import Settings
from media.entities.types import Entity
from media.keys import Keys

DOCS: Final = Path(__file__).parents[1] / "docs"

_FEW: Final = 4

Table = Mapping[tuple[StrEnum, StrEnum], tuple[StrEnum, tuple[str, ...]]]
Line = list[str]


def call_states() -> str:
    """Return the call's diagram and table."""
    return _machine(states.TABLE, states.State, states.State.DIALLING, ("what happens", "then"))


def consent_states() -> str:
    """Return a question's diagram and table."""
    table = {step: (state, _made_of(state)) for step, state in consent.TABLE.items()}
    return _machine(table, consent.State, consent.State.ASKED, ("answer", "its purposes are"))


def purposes() -> str:
    """Return what each purpose opens, what its withdrawal erases, and what it rests on."""
    rows = []
    for purpose, opened in consent.OPENS.items():
        erased = [consent.ERASES[purpose]] if purpose in consent.ERASES else []
        erased += ["the vault's values"] if purpose in consent.SEALED_FOR else []
        rests = " or ".join(f"`{p}`" for p in sorted(consent.RESTS_ON.get(purpose, ())))
        demands = ", ".join(f"*{d}*" for d, ps in consent.DEMANDS.items() if purpose in ps)
        rows.append([f"`{purpose}`", opened, demands, ", ".join(erased) or "–", rests or "–"])
    head = ["purpose", "opens", "withdrawn by", "erased then", "only open with"]
    opening = ", ".join(f"*{outcome}*" for outcome in sorted(consent.OPENING))
    outcomes = ", ".join(f"*{outcome}*" for outcome in consent.Outcome)
    return f"{_table(head, rows)}\nOutcomes: {outcomes}. Open: {opening}.\n"


def _made_of(state: StrEnum) -> tuple[str, ...]:
    outcome = consent.OUTCOMES.get(consent.State(state))
    return (str(outcome),) if outcome else ()


def configuration() -> str:
    """Return a table for each section of the configuration."""
    schema = Settings.model_json_schema()
    fields = schema["properties"]
    top = {key: field for key, field in fields.items() if "$ref" not in field}
    parts = [_keys(top, "")]
    for name, field in fields.items():
        if "$ref" in field:
            section = schema["$defs"][_named(field)]
            parts.append(f"## {name}\n\n{section['description']}\n")
            parts.append(_keys(section["properties"], f"{name}."))
            for key, part in section["properties"].items():
                if reference := next(filter(_is_section, part.get("anyOf", ())), None):
                    inner = schema["$defs"][_named(reference)]
                    parts.append(f"Of `{name}.{key}`:\n")
                    parts.append(_keys(inner["properties"], f"{name}.{key}."))
            for key, part in section["properties"].items():
                if "$ref" in (item := part.get("items", {})) and "properties" in (
                    inner := schema["$defs"][_named(item)]
                ):
                    parts.append(f"Of each of `{name}.{key}`:\n")
                    parts.append(_keys(inner["properties"], ""))
    entities = ", ".join(f"`{entity}`" for entity in Entity)
    parts.append(f"The types of `policy.entities`: {entities}.\n")
    return "\n".join(parts)


GENERATED: Final[dict[str, Callable[[], str]]] = {
    "call": call_states,
    "consent": consent_states,
    "purposes": purposes,
    "configuration": configuration,
}


def renewed(document: str) -> str:
    """Return `document` with its generated parts as the code tells them now."""
    return re.sub(
        r"(?s)(<!-- generated: (\w+) -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}\n{GENERATED[found[2]]()}\n{found[3]}",
        document,
    )


# ---- state machines ----


def _machine(table: Table, states: type[StrEnum], first: StrEnum, columns: tuple[str, str]) -> str:
    last = [state for state in states if state not in {source for source, _ in table}]
    everywhere = dict(_from_everywhere(table, states, last))
    arrows: dict[tuple[StrEnum, StrEnum], list[str]] = defaultdict(list)
    for (source, what), (target, _) in table.items():
        if what not in everywhere:
            arrows[source, target].append(str(what))
    diagram = [f"    {_id(state)}: {state}" for state in states if " " in state]
    diagram += [f"    [*] --> {_id(first)}"]
    diagram += [f"    {_id(a)} --> {_id(b)}: {' / '.join(w)}" for (a, b), w in arrows.items()]
    diagram += [f"    {_id(state)} --> [*]" for state in last]
    notes = [
        f"Not drawn: *{what}* leads from every state to *{target}*.\n"
        for what, target in everywhere.items()
    ]
    alike: dict[tuple[str, str, str], list[StrEnum]] = defaultdict(list)
    for (source, what), (target, actions) in table.items():
        done = ", ".join(f"`{action}`" for action in actions) or "–"
        alike[str(what), f"*{target}*", done].append(source)
    rows = [
        [", ".join(f"*{source}*" for source in sources), what, target, done]
        for (what, target, done), sources in alike.items()
    ]
    return "\n".join(
        [
            "```mermaid",
            "stateDiagram-v2",
            *diagram,
            "```\n",
            *notes,
            _table(["state", columns[0], "next state", columns[1]], rows),
        ]
    )


def _from_everywhere(
    table: Table, states: type[StrEnum], last: list[StrEnum]
) -> Iterator[tuple[StrEnum, StrEnum]]:
    """Yield what leads to one and the same state from each of many: its arrows would clutter."""
    if len(states) - len(last) <= _FEW:
        return
    for what in dict.fromkeys(what for _, what in table):
        targets = [table.get((state, what)) for state in states if state not in last]
        if None not in targets and len({t[0] for t in targets if t}) == 1 and targets[0]:
            yield what, targets[0][0]


def _id(state: StrEnum) -> str:
    return state.replace(" ", "_")


# ---- configuration keys ----


def _keys(fields: Mapping[str, Any], prefix: str) -> str:
    rows = [
        [f"`{prefix}{key}`", _default(field), _allowed(field), " ".join(_text(field).split())]
        for key, field in fields.items()
    ]
    return _table(["key", "default", "allowed", "meaning"], rows)


def _text(field: Mapping[str, Any]) -> str:
    return str(field["description"])


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field:
        return "see meaning"
    default = field["default"]
    match default:
        case None:
            return "`null`"
        case bool():
            return f"`{default}`".lower()
        case _:
            return f"`{default}`"


def _allowed(field: Mapping[str, Any]) -> str:
    match field:
        case {"anyOf": options}:
            return " or ".join(_allowed(option) for option in options)
        case {"$ref": "#/$defs/Keys"}:
            return ", ".join(f"`{value}`" for value in Keys)
        case {"$ref": _}:
            return "the keys below"
        case {"enum": values}:
            return ", ".join(f"`{value}`" for value in values)
        case {"type": "null"}:
            return "`null`"
        case {"type": "integer" | "number" as kind}:
            return f"{'whole number' if kind == 'integer' else 'number'}{_range(field)}"
        case {"type": "boolean"}:
            return "`true`, `false`"
        case {"type": "array"}:
            return "list"
        case {"type": "object"}:
            return "types with `bleep`, `mute` or `pass`"
        case {"format": "date"}:
            return "date, `YYYY-MM-DD`"
        case {"format": "directory-path"}:
            return "existing folder"
        case {"format": "path"}:
            return "path"
        case {"pattern": "^[a-z]{2}$"}:
            return "two letters (ISO 639-1)"
        case _:
            return "text"


def _is_section(field: Mapping[str, Any]) -> bool:
    return "$ref" in field


def _range(field: Mapping[str, Any]) -> str:
    lowest, above = field.get("minimum"), field.get("exclusiveMinimum")
    start = f", {lowest:g}" if lowest is not None else f" above {above:g}"
    if "maximum" not in field:
        return f"{start} or more"
    return (
        f"{start} to {field['maximum']:g}"
        if lowest is not None
        else (f"{start}, up to {field['maximum']:g}")
    )


def _named(field: Mapping[str, Any]) -> str:
    return str(field["$ref"]).rpartition("/")[2]


def _table(head: Line, rows: list[Line]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Renew every document of docs/."""
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (new := renewed(text)) != text:
            path.write_text(new, encoding="utf-8")
            print(f"{path.name}: renewed")


if __name__ == "__main__":
    main()
