"""YAML files as a pack has them: read strictly, and laid one over another key by key."""

from __future__ import annotations

import contextlib
import datetime as dt
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


_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_DEEPEST, _MOST = 30, 200_000
"""How deep a file goes, and how many values it has with all that it repeats."""
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What neither a workbook nor a document can hold."""
_QUOTE_BRACES = "Put a text that begins with { or [ in quotes."
_NEEDS_QUOTES = re.compile(r"\s*(?:- )?([^\s:'\"#{\[][^:'\"#]*):\s+((?:\{[{%]|[%@`*&!>|'\"]|.*:\s).*)")
"""A line whose value YAML takes for more than text, by its first character or by another colon."""


class _Loader(_Base):
    """YAML in which only true/false, null and whole numbers are more than text, and keys are nothing but text.

    Otherwise `300.320` would be 300.32, `no` false and `10:00` six hundred.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012  (PyYAML's own attribute)

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._flat: set[yaml.MappingNode] = set()

    def construct_document(self, node: yaml.Node) -> Any:
        """Build what the file says, unless it holds itself or, by what it repeats, far too much."""
        todo, seen = [(node, 0)], 0
        while todo:
            one, depth = todo.pop()
            seen += 1
            if depth > _DEEPEST or seen > _MOST:
                raise _mistake("there is too much in it, or it holds itself", one, "Write out what * stands for.")
            if isinstance(one, yaml.CollectionNode):
                below = (
                    one.value if isinstance(one, yaml.SequenceNode) else [each for pair in one.value for each in pair]
                )
                todo += [(each, depth + 1) for each in below]
        return super().construct_document(node)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Hold the keys of a mapping apart before what it takes over (`<<`) is laid below them."""
        if node not in self._flat:
            self._flat.add(node)
            self._check_keys(node)
            super().flatten_mapping(node)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Return what a scalar says, if a workbook and a document can hold it."""
        if not isinstance(node, yaml.ScalarNode):
            return super().construct_scalar(node)
        if _NO_TEXT.search(node.value):
            raise _mistake("there is a character that no text holds", node, "Type the text again.")
        return node.value

    def _check_keys(self, node: yaml.MappingNode) -> None:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _mistake("there is no plain text before this colon or brace", key, _QUOTE_BRACES)
            if keys.count(key.value) > 1:
                raise _mistake(f"'{key.value}' stands here twice", key, "Keep one of them.")
            if key.tag != _MERGE:
                key.tag = _TEXT


def _mistake(problem: str, node: yaml.Node, mend: str) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark, mend)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<$"), ["<"])


def read_declaration(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Raises:
        IepdocsError: naming file and line, where it cannot be read or is no such file.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, Loader=_Loader)  # noqa: S506
    except OSError as error:
        problem, mend = error.strerror or "it cannot be opened", "Make sure that it is a file that you may read."
        raise _unreadable(path, problem, mend=mend) from None
    except yaml.MarkedYAMLError as error:
        raise _unreadable_line(path, text.splitlines(), error) from None
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8 text") from None
    except yaml.reader.ReaderError:
        raise _unreadable(path, "there is a character that no text holds") from None
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


def _unreadable_line(path: Path, lines: list[str], error: yaml.MarkedYAMLError) -> IepdocsError:
    """Say in which line the mistake is; one that is seen at the file's end is where what is open there begins."""
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark and mark.line < len(lines)]
    number = marks[0].line if marks else None
    line = "" if number is None else lines[number]
    problem = "a colon, quote, bracket or indent is not as it should be"
    if error.note:
        problem, mend = error.problem or problem, error.note
    elif quotes := _NEEDS_QUOTES.match(line):
        kind = "single" if '"' in quotes[2] else "double"
        mend = f"Put the whole text after '{quotes[1]}:' in {kind} quotes."
    elif "\t" in line[: len(line) - len(line.lstrip())]:
        mend = "Indent the line with spaces; a tab does not count."
    else:
        mend = "Mend the line, or the one above it; the built-in files show how it is written."
    return _unreadable(path, problem, None if number is None else f"line {number + 1}", mend)


def _unreadable(
    path: Path, problem: str, inside: str | None = None, mend: str = "Save it as plain text in UTF-8."
) -> IepdocsError:
    return IepdocsError(
        Finding(
            message=f"This file is not readable YAML: {problem}.",
            mend=mend,
            place=FilePlace(str(path), inside),
            rule="pack-yaml",
        )
    )


_FIGURES = (
    (re.compile(r"-?\d*\.\d+"), float),
    (re.compile(r"\d{4}-\d\d-\d\d"), dt.date.fromisoformat),
    (re.compile(r"\d{1,2}:\d\d"), lambda text: dt.time.fromisoformat(text.zfill(5))),
)


def figure(value: Any) -> Any:
    """Return a value as what it is where a fraction, date or time is meant: YAML gives these as text."""
    for pattern, read in _FIGURES:
        if isinstance(value, str) and pattern.fullmatch(value):
            with contextlib.suppress(ValueError):
                return read(value)
    return value


def lay_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `below` with every key that `above` has laid over it; mappings are merged, all else replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = lay_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
