"""Reading YAML that people write: plain values only, no key twice, one line about what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class YamlError(ValueError):
    """A file that cannot be read; the message names it, and where in it."""


class _StrictLoader(yaml.SafeLoader):
    """YAML without duplicate keys: of two policies for one entity, neither wins in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key.value!r} is given twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Any:
    """Return what a file in UTF-8 holds.

    Raises:
        YamlError: when it cannot be read, or is not YAML.
    """
    try:
        # The loader is a SafeLoader: it builds plain values only.
        return yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506
    except OSError as error:
        raise YamlError(f"{path}: cannot be read ({error.strerror})") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise YamlError(f"{path}{where}: not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise YamlError(f"{path}: not valid YAML in UTF-8") from None
