"""Rules over several cells or sheets, as `rules/*.yaml` declares them, and the grades of iepdocs' own checks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from iepdocs.findings import FilePlace, Finding, Severity
from iepdocs.measurement import Measurement
from iepdocs.pack.declarations import lay_over
from iepdocs.pack.names import Name, unknown_names
from iepdocs.pack.shape import NAME, TEXT, TEXTS, check_shape, check_words, stop_at
from iepdocs.reads import names_read
from iepdocs.sandbox import Expression, Sentence
from iepdocs.text import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

    from iepdocs.pack.schema import Sheet
    from iepdocs.reads import NamePath

IGNORE = "ignore"
NAMES = (
    "student", "plan", "original", "periods", "rows", "params", "today", "district",
    "years_between", "years_after", "days_between", "days_after",
)  # fmt: skip
"""What a rule may read beside the columns of its sheet, the district's terms and the names that it gives itself."""

_THROUGH = {"student": "Students", "plan": "Plans", "original": "Plans", "periods": "Reporting Periods"}
"""The sheets that a rule looks at through other names than `rows`."""

_GRADE = {
    "severity": {"type": "string", "allowed": [*Severity, IGNORE], "required": True},
    "citation": TEXT,
}
_RULE = {
    **_GRADE,
    "severity": {"type": "string", "allowed": [*Severity, IGNORE]},
    "sheet": {**TEXT, "required": True},
    "with": {"type": "dict", "keysrules": NAME, "valuesrules": TEXT},
    "when": TEXT,
    "require": {**TEXT, "required": True},
    "cells": {**TEXTS, "required": True, "minlength": 1},
    "message": {**TEXT, "required": True},
    "mend": {**TEXT, "required": True},
    "even_without": TEXTS,
    "documents": TEXTS,
    "period": TEXT,
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
        given: what the names that it gives itself stand for; each may use those before it.
        asked: those of them that `when` uses, itself or through others.
        shared: those of them that depend on no column of the row, only on its student and plan; by name, what tells
            such a value from others, whatever rule gives it.
        when: for which rows it holds; None for all.
        require: what must be so of them.
        cells: the columns to blame where it is not.
        period: the name of the reporting period whose documents alone it stops; None where it stops those of all.
        message: what is wrong.
        mend: what to do.
        grade: how bad it is, and which regulation asks for it.
        sheets: the sheets that it looks at; where one of them has no rows, the rule does not hold.
        documents: the kinds of documents that it may stop; empty for all.
        reads: the columns that it reads, each with its sheet.
        own: the columns that decide it, if it reads nothing but the row itself and what is the same for all.
    """

    id: str
    sheet: str
    given: Mapping[str, Expression]
    asked: frozenset[str]
    shared: Mapping[str, str]
    when: Expression | None
    require: Expression
    cells: tuple[str, ...]
    period: Expression | None
    message: Sentence
    mend: Sentence
    grade: Grade
    sheets: frozenset[str]
    documents: frozenset[str]
    reads: frozenset[tuple[str, str]]
    own: tuple[str, ...] | None


@dataclass(frozen=True)
class Known:
    """What the rules of a pack may name.

    Attributes:
        sheets: the sheets by title.
        kinds: the keys of the document kinds.
        params: the figures that rules use, by name.
        terms: the district's words, by name.
    """

    sheets: Mapping[str, Sheet]
    kinds: Collection[str]
    params: Mapping[str, Any]
    terms: Mapping[str, str]

    def names_of(self, title: str) -> Mapping[str, Name]:
        """Return what the parts of a rule of a sheet may name."""
        return self._names[title]

    @cached_property
    def _names(self) -> dict[str, dict[str, Name]]:
        always = {key: Name(key) for key in NAMES}
        return {title: {**always, **columns, **self._below} for title, columns in self._columns.items()}

    @cached_property
    def _below(self) -> dict[str, Name]:
        sheets = self.sheets
        fields: dict[str, Iterable[str]] = {
            "student": sheets["Students"].columns,
            "plan": sheets["Plans"].columns,
            "original": sheets["Plans"].columns,
            "district": sheets["District"].columns,
            "params": self.params,
            "terms": self.terms,
        }
        return {
            **{root: Name(root, fields={key: Name(key) for key in below}) for root, below in fields.items()},
            **{_rows_of(title): Name(title, each=title, fields=fields) for title, fields in self._columns.items()},
        }

    @cached_property
    def _columns(self) -> dict[str, dict[str, Name]]:
        return {title: _columns(sheet) for title, sheet in self.sheets.items()}


def load_rules(
    layers: Sequence[Mapping[str, Mapping[str, Any]]], known: Known
) -> tuple[dict[str, Rule], dict[str, Grade]]:
    """Build the rules and the grades by id.

    Args:
        layers: of the built-in pack and then of a district, the content of each file of `rules/` by its name. What the
            built-in one declares with nothing but a grade is a check of iepdocs itself.
        known: what they may name.

    Raises:
        IepdocsError: naming file and key, where a declaration is wrong.
    """
    rules: dict[str, Rule] = {}
    grades: dict[str, Grade] = {}
    for name, (file, declared, is_own) in _merged(layers).items():
        check_shape({name: declared}, {name: {"type": "dict", "schema": _GRADE if is_own else _RULE}}, file)
        if is_own:
            grades[name] = _grade(declared)
        else:
            rules[name] = _rule(name, declared, file, known)
    return rules, grades


def _merged(layers: Sequence[Mapping[str, Mapping[str, Any]]]) -> dict[str, tuple[str, dict[str, Any], bool]]:
    """Lay the rules of each layer over those below, key by key; a rule may be a severity alone, to grade one again.

    Returns:
        By id, the last file that says something of it, what is said, and whether it is a check of iepdocs itself.
    """
    merged: dict[str, tuple[str, dict[str, Any], bool]] = {}
    findings: list[Finding] = []
    for layer in layers:
        files: dict[str, str] = {}
        for stem, rules in layer.items():
            file = f"rules/{stem}.yaml"
            for name, given in rules.items():
                content = given if isinstance(given, dict) else {"severity": given}
                is_new, is_grade = name not in merged, content.keys() <= _GRADE.keys()
                _, below, is_own = merged.get(name, ("", {}, layer is layers[0] and is_grade))
                if name in files:
                    findings.append(_twice(name, file, files[name]))
                elif is_new and not is_own and (is_grade or _is_misspelt(name, content, merged)):
                    findings += check_words("rule", [name], merged, file, name)
                elif is_own and (more := [key for key in content if key in _RULE.keys() - _GRADE.keys()]):
                    findings.append(_only_graded(name, more, file))
                files[name] = file
                merged[name] = file, lay_over(below, content), is_own
    stop_at(findings)
    return merged


def _is_misspelt(name: str, content: Mapping[str, Any], known: Iterable[str]) -> bool:
    """Whether a rule is new for a misspelt id alone: it says too little for a rule of its own."""
    return not content.keys() & {"sheet", "require"} and nearest(name, known) is not None


def _twice(name: str, file: str, first: str) -> Finding:
    return Finding(
        message=f"The rule '{name}' is declared in {first} already.",
        mend="Give one of them another id, or put both together.",
        place=FilePlace(file, name),
        rule="pack-name",
    )


def _only_graded(name: str, keys: Sequence[str], file: str) -> Finding:
    return Finding(
        message=f"'{name}' is a check of iepdocs itself, of which only severity and citation can be changed.",
        mend=f"Take out {', '.join(keys)}; or, for a rule of your own, give it another id.",
        place=FilePlace(file, f"{name}.{keys[0]}"),
        rule="pack-name",
    )


def _grade(declared: Mapping[str, Any]) -> Grade:
    severity = declared.get("severity", Severity.ERROR)
    return Grade(None if severity == IGNORE else Severity(severity), declared.get("citation", ""))


def _rule(name: str, declared: Mapping[str, Any], file: str, known: Known) -> Rule:
    stop_at(check_words("sheet", [declared["sheet"]], known.sheets, file, f"{name}.sheet"))
    sheet, names = known.sheets[declared["sheet"]], known.names_of(declared["sheet"])
    given = {
        key: Expression(source, FilePlace(file, f"{name}.with.{key}"))
        for key, source in declared.get("with", {}).items()
    }
    require = Expression(declared["require"], FilePlace(file, f"{name}.require"))
    when = Expression(declared["when"], FilePlace(file, f"{name}.when")) if "when" in declared else None
    message, mend = (Sentence(declared[key], FilePlace(file, f"{name}.{key}")) for key in ("message", "mend"))
    period = Expression(declared["period"], FilePlace(file, f"{name}.period")) if "period" in declared else None
    deciding: list[Expression | Sentence] = [*given.values(), *([when] if when else []), require]
    without, documents = declared.get("even_without", ()), declared.get("documents", ())
    findings = [
        *check_words("column", declared["cells"], sheet.columns, file, f"{name}.cells"),
        *check_words("sheet", without, known.sheets, file, f"{name}.even_without"),
        *check_words("document kind", documents, known.kinds, file, f"{name}.documents"),
        *(_taken(key, FilePlace(file, f"{name}.with.{key}")) for key in given if key in names),
    ]
    named: set[str] = set()
    read: set[NamePath] = set()
    before: set[NamePath] = set()
    scope: dict[str, frozenset[NamePath]] = {}
    for part in [*deciding, message, mend, *([period] if period else [])]:
        inside = part.place.inside or name
        rows = _RowsNamed()
        body = rows.visit(part.tree).body if part.paths else []
        made = [_assigned(key, part.tree) for key, one in given.items() if one is part]
        paths = before | names_read(nodes.Template(made or body), scope if made else dict(scope))
        before = paths if made else before
        findings += check_words("sheet", rows.titles, known.sheets, file, inside)
        findings += unknown_names(
            paths - {path for path in paths if path[0] in rows.names(known.sheets)}, names, file, inside
        )
        findings += [_not_plain(part.place)] if ("rows",) in paths else []
        named |= rows.titles
        read |= paths
    stop_at(findings)
    roots, deciding_roots = (
        {path[0] for part in parts for path in part.paths} - given.keys()
        for parts in ([*deciding, message, mend], deciding)
    )
    return Rule(
        id=name,
        sheet=sheet.title,
        given=given,
        asked=_used(when, given),
        shared=_shared(given, sheet),
        when=when,
        require=require,
        cells=tuple(declared["cells"]),
        period=period,
        message=message,
        mend=mend,
        grade=_grade(declared),
        sheets=frozenset({sheet.title, *named, *(_THROUGH[root] for root in roots & _THROUGH.keys())} - {*without}),
        documents=frozenset(documents),
        reads=frozenset(_columns_read(read, sheet.title, known.sheets)),
        own=None if roots & {"rows", *_THROUGH} else tuple(sorted(deciding_roots & sheet.columns.keys())),
    )


def _used(expression: Expression | None, given: Mapping[str, Expression]) -> frozenset[str]:
    """Return which names that a rule gives itself an expression uses, itself or through others."""
    roots = {path[0] for path in expression.paths} if expression else set()
    for key in reversed(list(given)):
        if key in roots:
            roots |= {path[0] for path in given[key].paths}
    return frozenset(roots & given.keys())


def _shared(given: Mapping[str, Expression], sheet: Sheet) -> dict[str, str]:
    """Return which names that a rule gives itself depend on no column of the row; and the sources of each."""
    shared: dict[str, str] = {}
    for key, expression in given.items():
        roots = {path[0] for path in expression.paths}
        if not roots & (sheet.columns.keys() | given.keys() - shared.keys()):
            below = [f"{root}: {shared[root]}" for root in sorted(roots & shared.keys())]
            shared[key] = "\n".join([expression.source, *below])
    return shared


def _assigned(key: str, expression: nodes.Template) -> nodes.Node:
    """Return the statement that gives a name to the value of an expression."""
    [output] = expression.body
    assert isinstance(output, nodes.Output)  # noqa: S101  (`{{ … }}` alone)
    return nodes.Assign(nodes.Name(key, "store"), output.nodes[0])


def _columns(sheet: Sheet) -> dict[str, Name]:
    """Return the columns of a sheet as names; a result has its figures below it."""
    result = {part.name: Name(part.name) for part in dataclasses.fields(Measurement)}
    return {
        key: Name(key, fields=result if column.type == "measurement" else {}) for key, column in sheet.columns.items()
    }


def _columns_read(paths: Iterable[NamePath], title: str, sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, str]]:
    """Yield the columns, each with its sheet, that a rule of a sheet reads where it reads these names."""
    through = {**_THROUGH, "district": "District", **{_rows_of(other): other for other in sheets}}
    for root, *below in paths:
        if root in through:
            yield from ((through[root], word) for word in below if word in sheets[through[root]].columns)
        elif root in sheets[title].columns:
            yield title, root


def _rows_of(title: str) -> str:
    return f"rows('{title}')"


class _RowsNamed(NodeTransformer):
    """Puts a name in the place of each call such as `rows('Goals')`, so that what is read of the rows can be followed.

    Attributes:
        titles: the sheets whose rows are asked for so.
    """

    def __init__(self) -> None:
        self.titles: set[str] = set()

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802  (as Jinja has it)
        self.generic_visit(call)
        match call:
            case nodes.Call(node=nodes.Name(name="periods"), args=[], kwargs=[], dyn_args=None, dyn_kwargs=None):
                return nodes.Name(_rows_of("Reporting Periods"), "load")
            case nodes.Call(
                node=nodes.Name(name="rows"),
                args=[nodes.Const(value=str(title))],
                kwargs=[],
                dyn_args=None,
                dyn_kwargs=None,
            ):
                self.titles.add(title)
                return nodes.Name(_rows_of(title), "load")
        return call

    def names(self, sheets: Container[str]) -> set[str]:
        """Return the names put in the place of rows of sheets that there are not."""
        return {_rows_of(title) for title in self.titles if title not in sheets}


def _taken(name: str, place: FilePlace) -> Finding:
    return Finding(
        message=f"'{name}' is a name already.",
        mend="Give it another name.",
        place=place,
        rule="pack-name",
    )


def _not_plain(place: FilePlace) -> Finding:
    return Finding(
        message="'rows' must name a sheet by its title, a plain text in quotes.",
        mend="Write it such as rows('Goals').",
        place=place,
        rule="pack-expression",
    )
