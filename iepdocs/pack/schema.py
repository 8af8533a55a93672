"""Sheets and columns as `schema/<sheet>.yaml` declares them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateSyntaxError

from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity
from iepdocs.pack.shape import TEXT, TEXTS, check_shape, check_words, stop_at
from iepdocs.sandbox import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAPITALS = {"id": "ID", "esy": "ESY", "iep": "IEP", "504": "504"}
_SMALL = {"a", "and", "at", "by", "for", "in", "of", "or", "the", "to"}

_META = {
    "title": TEXT,
    "help": TEXT,
    "example": {"type": ["string", "integer", "boolean"]},
    "default": {},
    "default_from": TEXT,
    "long": {"type": "boolean"},
    "words": {"type": "dict", "valuesrules": TEXT},
    "severity": {"type": "string", "allowed": list(Severity)},
    "required_when": TEXT,
    "aliases": TEXTS,
    "citation": TEXT,
}
_SHEET = {
    "title": {"type": "string", "required": True},
    "order": {"type": "integer"},
    "help": TEXT,
    "layout": {"type": "string", "allowed": ["rows", "settings"]},
    "key": TEXTS,
    "refers_to": TEXTS,
    "dated_by": TEXT,
    "distinct_when": TEXT,
    "also_on": {
        "type": "dict",
        "require_all": True,
        "schema": {"sheet": TEXT, "prefixes": TEXTS, "columns": {"type": "dict", "valuesrules": TEXT}},
    },
    "columns": {
        "type": "dict",
        "required": True,
        "keysrules": TEXT,
        "valuesrules": {
            "type": "dict",
            "allow_unknown": True,
            "schema": {"meta": {"type": "dict", "allow_unknown": False, "schema": _META}},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a Cerberus rule set (`rules`, without its `meta`) and what `meta` says beside it.

    What a blank cell means is `default`, or `default_from`, an expression with `plan`, the record's plan.
    `missing` says how bad a blank cell is where the column is required, always or by `required_when`.
    """

    key: str
    title: str
    rules: Mapping[str, Any]
    help: str = ""
    example: str = ""
    default: Any = None
    default_from: Expression | None = None
    long: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    missing: Severity = Severity.ERROR
    required_when: Expression | None = None

    @property
    def type(self) -> str:
        """The column's type, or the first of several, in Cerberus's words (string, date, list …)."""
        declared = self.rules.get("type", "string")
        return str(declared if isinstance(declared, str) else declared[0])

    @property
    def required(self) -> bool:
        """Whether every row must have a value."""
        return bool(self.rules.get("required"))

    @property
    def choices(self) -> list[str]:
        """The allowed values as the person who fills in the sheet picks them: in words where there are."""
        return [self.words.get(value, value) for value in map(str, self.rules.get("allowed", ()))]


@dataclass(frozen=True, slots=True)
class AlsoOn:
    """Rows of a sheet that may stand in the rows of another, as guardians do in their student's.

    `columns` maps what follows the prefix there to the column here: `name` to `contact_name`.
    """

    sheet: str
    prefixes: list[str]
    columns: dict[str, str]

    def guests(self, prefix: str) -> dict[str, str]:
        """Return `{key on the other sheet: key here}`, such as `guardian_1_name: contact_name`."""
        return {f"{prefix}_{suffix}": key for suffix, key in self.columns.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its columns in order, the columns that together name a row, and the sheets its rows belong to.

    `refers_to` names sheets one of whose rows each row here belongs to, by that sheet's key; `dated_by` the
    column that dates a row; two rows of one key are duplicates, but for those without `distinct_when`.
    With layout `settings` each column is a row of two cells, name and value.
    """

    title: str
    file: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    help: str = ""
    layout: str = "rows"
    order: int = 1000
    refers_to: tuple[str, ...] = ()
    dated_by: str = ""
    distinct_when: str = ""
    also_on: AlsoOn | None = None


def title_of(key: str) -> str:
    """Return the header that a person sees for a key: `date_of_birth` is 'Date of Birth'."""
    words = [
        _CAPITALS.get(word) or (word if word in _SMALL and place else word.capitalize())
        for place, word in enumerate(key.split("_"))
    ]
    return " ".join(words)


def load_sheets(declarations: Mapping[str, Mapping[str, Any]]) -> dict[str, Sheet]:
    """Build the sheets, by title and in order, from `{file name: declaration}`.

    Raises:
        IepdocsError: where a declaration says what no sheet can be.
    """
    sheets: dict[str, Sheet] = {}
    for name, declared in declarations.items():
        file = f"schema/{name}.yaml"
        check_shape(declared, _SHEET, file)
        if declared["title"] in sheets:
            raise IepdocsError(_same_title(declared["title"], file, sheets[declared["title"]].file))
        sheets[declared["title"]] = Sheet(
            title=declared["title"],
            file=file,
            columns={key: _column(key, rules, file) for key, rules in declared["columns"].items()},
            key=tuple(declared.get("key", ())),
            help=declared.get("help", ""),
            layout=declared.get("layout", "rows"),
            order=declared.get("order", 1000),
            refers_to=tuple(declared.get("refers_to", ())),
            dated_by=declared.get("dated_by", ""),
            distinct_when=declared.get("distinct_when", ""),
            also_on=AlsoOn(**declared["also_on"]) if "also_on" in declared else None,
        )
    stop_at([finding for sheet in sheets.values() for finding in _check_sheet(sheet, sheets)])
    for sheet in list(sheets.values()):
        if sheet.also_on:
            host = sheets[sheet.also_on.sheet]
            sheets[host.title] = replace(host, columns={**host.columns, **_guest_columns(sheet, sheet.also_on)})
    return dict(sorted(sheets.items(), key=lambda item: (item[1].order, item[0])))


def _same_title(title: str, file: str, first: str) -> Finding:
    return Finding(
        message=f"The sheet '{title}' is declared in {first} already.",
        mend=f"To change that sheet, name the file as there: {first}.",
        place=FilePlace(file, "title"),
        rule="pack-name",
    )


def _check_sheet(sheet: Sheet, sheets: Mapping[str, Sheet]) -> list[Finding]:
    """Return what a sheet says of its columns and of other sheets that is not so."""
    own = {*sheet.key, *filter(None, (sheet.dated_by, sheet.distinct_when))}
    findings = [
        *check_words("column", own, sheet.columns, sheet.file, "key"),
        *check_words("sheet", sheet.refers_to, sheets, sheet.file, "refers_to"),
    ]
    if sheet.also_on:
        columns = sheet.also_on.columns.values()
        findings += check_words("sheet", [sheet.also_on.sheet], sheets, sheet.file, "also_on.sheet")
        findings += check_words("column", columns, sheet.columns, sheet.file, "also_on.columns")
    for column in sheet.columns.values():
        if column.required_when:
            roots = {path[0] for path in column.required_when.paths}
            findings += check_words("column", roots, sheet.columns, sheet.file, f"{column.key}.required_when")
        if column.default_from:
            roots = {path[0] for path in column.default_from.paths}
            findings += check_words("name", roots, ["plan"], sheet.file, f"{column.key}.default_from")
    return findings


def _guest_columns(sheet: Sheet, also_on: AlsoOn) -> dict[str, Column]:
    return {
        guest: replace(
            sheet.columns[key],
            key=guest,
            title=title_of(guest),
            rules={rule: value for rule, value in sheet.columns[key].rules.items() if rule != "required"},
            default=None,
            default_from=None,
            required_when=None,
        )
        for prefix in also_on.prefixes
        for guest, key in also_on.guests(prefix).items()
    }


def _column(key: str, declared: Mapping[str, Any], file: str) -> Column:
    rules = dict(declared)
    meta = rules.pop("meta", {})
    if rules.get("type") == "date":
        rules |= {rule: _day(rules[rule], file, f"{key}.{rule}") for rule in ("min", "max") if rule in rules}
    condition, source = meta.get("required_when"), meta.get("default_from")
    return Column(
        key=key,
        title=meta.get("title") or title_of(key),
        rules=rules,
        help=meta.get("help", ""),
        example=str(meta.get("example", "")),
        default=meta.get("default"),
        default_from=compiled(source, file, f"{key}.default_from") if source else None,
        long=meta.get("long", False),
        words=meta.get("words", {}),
        missing=Severity(meta.get("severity", "error")),
        required_when=compiled(condition, file, f"{key}.required_when") if condition else None,
    )


def _day(text: Any, file: str, inside: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise IepdocsError(
            Finding(
                message=f"'{text}' is not a date.",
                mend="Write it as 2026-11-25.",
                place=FilePlace(file, inside),
                rule="pack-shape",
            )
        ) from None


def compiled(source: str, file: str, inside: str) -> Expression:
    """Compile an expression of a pack, or say in which file and key it cannot be."""
    try:
        return Expression(source)
    except TemplateSyntaxError as error:
        raise IepdocsError(
            Finding(
                message=f"'{source}' is no expression: {error.message}.",
                mend="Write it as in a template's {% if … %}, without the braces.",
                place=FilePlace(file, inside),
                rule="pack-expression",
            )
        ) from None
