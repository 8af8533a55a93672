"""Rules over several cells or sheets, as `rules/*.yaml` declares them, and the grades of iepdocs' own checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from iepdocs.findings import FilePlace, Severity
from iepdocs.pack.shape import TEXT, TEXTS, check_shape, check_words, stop_at
from iepdocs.sandbox import Expression, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iepdocs.findings import Finding
    from iepdocs.pack.schema import Sheet

IGNORE = "ignore"
NAMES = ("student", "plan", "rows", "params", "today", "years_between", "district")
"""What a rule may read beside the columns of its sheet."""

_GRADE = {
    "severity": {"type": "string", "allowed": [*Severity, IGNORE], "required": True},
    "citation": TEXT,
}
_RULE = {
    **_GRADE,
    "severity": {"type": "string", "allowed": [*Severity, IGNORE]},
    "sheet": {**TEXT, "required": True},
    "when": TEXT,
    "require": {**TEXT, "required": True},
    "cells": {**TEXTS, "required": True, "minlength": 1},
    "message": {**TEXT, "required": True},
    "mend": {**TEXT, "required": True},
}


@dataclass(frozen=True, slots=True)
class Grade:
    """How bad what a check of iepdocs itself finds is; with severity None the check is switched off."""

    severity: Severity | None
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the rows of a sheet must fulfil, beyond the rules of each column.

    Attributes:
        id: its short stable name.
        sheet: the title of the sheet whose rows it is held against, one by one.
        when: for which rows it holds; None for all.
        require: what must be so of them.
        cells: the columns to blame where it is not.
        message: what is wrong.
        mend: what to do.
        grade: how bad it is, and which regulation asks for it.
        sheets: the sheets that it looks at; where one of them has no rows, the rule does not hold.
        own_only: whether it reads nothing but the row itself and what is the same for all.
    """

    id: str
    sheet: str
    when: Expression | None
    require: Expression
    cells: tuple[str, ...]
    message: Sentence
    mend: Sentence
    grade: Grade
    sheets: frozenset[str]
    own_only: bool


def load_rules(
    declarations: Iterable[tuple[str, str, Mapping[str, Any]]], sheets: Mapping[str, Sheet], params: Mapping[str, Any]
) -> tuple[dict[str, Rule], dict[str, Grade]]:
    """Build the rules and the grades by id.

    Args:
        declarations: the id, file and content of each, those of a district laid over the built-in ones. What has no
            `require` is the grade of a check of iepdocs itself.
        sheets: the sheets by title.
        params: the figures that rules use, by name.

    Raises:
        IepdocsError: naming file and key, where a declaration is wrong.
    """
    rules: dict[str, Rule] = {}
    grades: dict[str, Grade] = {}
    for name, file, declared in declarations:
        is_grade = not declared.keys() & (_RULE.keys() - _GRADE.keys())
        check_shape({name: declared}, {name: {"type": "dict", "schema": _GRADE if is_grade else _RULE}}, file)
        if is_grade:
            grades[name] = _grade(declared)
        else:
            rules[name] = _rule(name, declared, file, sheets, params)
    return rules, grades


def _grade(declared: Mapping[str, Any]) -> Grade:
    severity = declared.get("severity", Severity.ERROR)
    return Grade(None if severity == IGNORE else Severity(severity), declared.get("citation", ""))


def _rule(
    name: str, declared: Mapping[str, Any], file: str, sheets: Mapping[str, Sheet], params: Mapping[str, Any]
) -> Rule:
    stop_at(check_words("sheet", [declared["sheet"]], sheets, file, f"{name}.sheet"))
    sheet = sheets[declared["sheet"]]
    require = Expression(declared["require"], FilePlace(file, f"{name}.require"))
    when = Expression(declared["when"], FilePlace(file, f"{name}.when")) if "when" in declared else None
    message, mend = (Sentence(declared[key], FilePlace(file, f"{name}.{key}")) for key in ("message", "mend"))
    expressions = [require, *([when] if when else [])]
    read = [*(expression.paths for expression in expressions), message.paths, mend.paths]
    paths = {path for of in read for path in of}
    named = {title for expression in expressions for title in _sheets_named(expression)}
    findings: list[Finding] = [
        *check_words("column", declared["cells"], sheet.columns, file, f"{name}.cells"),
        *check_words("sheet", named, sheets, file, f"{name}.require"),
        *check_words("name", {path[0] for path in paths}, [*sheet.columns, *NAMES], file, name),
    ]
    for root, known in (
        ("student", sheets["Students"].columns),
        ("plan", sheets["Plans"].columns),
        ("district", sheets["District"].columns),
        ("params", params),
    ):
        fields = {path[1] for path in paths if path[0] == root and len(path) > 1}
        findings += check_words(f"field of {root}", fields, known, file, name)
    stop_at(findings)
    roots = {path[0] for path in paths}
    through = {"student": "Students", "plan": "Plans"}
    return Rule(
        id=name,
        sheet=sheet.title,
        when=when,
        require=require,
        cells=tuple(declared["cells"]),
        message=message,
        mend=mend,
        grade=_grade(declared),
        sheets=frozenset({sheet.title, *named, *(title for root, title in through.items() if root in roots)}),
        own_only=not roots & {"student", "plan", "rows"},
    )


def _sheets_named(expression: Expression) -> set[str]:
    """Return the sheets whose rows an expression asks for, as `rows('Goals')`."""
    return {
        argument.value
        for call in expression.tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "rows"
        for argument in call.args[:1]
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str)
    }
