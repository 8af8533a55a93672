"""YAML files as a pack has them: read strictly, and laid one over another key by key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # a PyYAML built without libyaml
    from yaml import SafeLoader as _Base  # type: ignore[assignment]


class _Loader(_Base):
    """YAML in which only true/false, null and whole numbers are more than text.

    Otherwise `300.320` would be 300.32, `no` false and `10:00` six hundred.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012  (PyYAML's own attribute)

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._flat: set[yaml.MappingNode] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Hold the keys of a mapping apart before what it takes over (`<<`) is laid below them."""
        if node not in self._flat:
            self._flat.add(node)
            self._refuse_twins(node)
            super().flatten_mapping(node)

    def _refuse_twins(self, node: yaml.MappingNode) -> None:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' stands here twice", key.start_mark)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<$"), ["<"])


def read_declaration(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Raises:
        IepdocsError: naming file and line, where it cannot be read or is no such file.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be opened") from None
    except yaml.MarkedYAMLError as error:
        raise _unreadable(path, error.problem or "it has a mistake", error.problem_mark) from None
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8 text") from None
    except (yaml.YAMLError, ValueError, AttributeError, TypeError, RecursionError):
        raise _unreadable(path, "it has a value that is none of its kind") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise IepdocsError(
            Finding(
                message="This file should hold names, each with its value.",
                mend="Write it as lines of 'name: value'.",
                place=FilePlace(str(path)),
                rule="pack-yaml",
            )
        )
    return content


def _unreadable(path: Path, problem: str, mark: yaml.Mark | None = None) -> IepdocsError:
    return IepdocsError(
        Finding(
            message=f"This file is not readable YAML: {problem}.",
            mend="Mend the line, or compare it with the built-in file of the same name.",
            place=FilePlace(str(path), f"line {mark.line + 1}" if mark else None),
            rule="pack-yaml",
        )
    )


def lay_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `below` with every key that `above` has laid over it; mappings are merged, all else replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = lay_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
