"""Sheets and columns as `schema/<sheet>.yaml` declares them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity
from iepdocs.pack.declarations import figure
from iepdocs.pack.shape import NAME, TEXT, TEXTS, TITLE, check_shape, check_words, stop_at
from iepdocs.pack.validator import RecordValidator, check_rules
from iepdocs.sandbox import Expression
from iepdocs.text import fold, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CAPITALS = {"id": "ID", "esy": "ESY", "iep": "IEP", "504": "504"}
_SMALL = {"a", "and", "at", "by", "for", "in", "of", "or", "the", "to"}

_ALWAYS = ("Students", "Contacts", "Plans", "Goals", "Objectives", "Progress", "Reporting Periods", "District")
"""The sheets whose titles iepdocs itself goes by."""

NOTATIONS = ("percent", "service frequency", "person name")
"""The ways of writing that a column may have beyond those of its type."""

_FIGURES = ("date", "float", "number", "time")

_META = {
    "title": TEXT,
    "aliases": TEXTS,
    "citation": TEXT,
    "code": {"type": "boolean"},
    "notation": {"type": "string", "allowed": list(NOTATIONS)},
    "fills": {"type": "dict", "valuesrules": TEXT},
    "spellings": {
        "type": "dict",
        "valuesrules": {"type": "list", "schema": {"type": ["string", "integer", "boolean"]}},
    },
    "help": TEXT,
    "example": {"type": ["string", "integer", "boolean"]},
    "default": {},
    "default_from": TEXT,
    "long": {"type": "boolean"},
    "choices_of": TEXT,
    "named_on": TEXT,
    "words": {"type": "dict", "valuesrules": TEXT},
    "severity": {"type": "string", "allowed": list(Severity)},
    "required_when": TEXT,
}
_NEEDED = {**TEXT, "required": True}
_SHEET = {
    "title": {**TITLE, "required": True},
    "aliases": TEXTS,
    "across": {"type": "dict", "schema": {"headers": _NEEDED, "cells": _NEEDED}},
    "order": {"type": "integer"},
    "help": TEXT,
    "layout": {"type": "string", "allowed": ["rows", "settings"]},
    "key": {**TEXTS, "minlength": 1},
    "refers_to": TEXTS,
    "dated_by": TEXT,
    "distinct_when": TEXT,
    "of_meeting": {"type": "boolean"},
    "also_on": {
        "type": "dict",
        "schema": {
            "sheet": _NEEDED,
            "prefixes": {
                "required": True,
                "anyof": [{"type": "list", "schema": NAME}, {"type": "dict", "keysrules": NAME, "valuesrules": TEXTS}],
            },
            "columns": {"type": "dict", "required": True, "keysrules": NAME, "valuesrules": TEXT},
        },
    },
    "columns": {
        "type": "dict",
        "required": True,
        "keysrules": NAME,
        "valuesrules": {
            "type": "dict",
            "allow_unknown": True,
            "schema": {
                "type": {"anyof": [TEXT, {**TEXTS, "minlength": 1}]},
                "allowed": {"type": "list", "minlength": 1, "schema": {"type": ["string", "integer"]}},
                "regex": TEXT,
                "meta": {"type": "dict", "allow_unknown": False, "schema": _META},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a Cerberus rule set (`rules`, without its `meta`) and what `meta` says beside it.

    `aliases` are other headers that it is known by. A `code` is compared character by character, and freed of
    invisible and typographic ones; `spellings` has, by choice, other words for it. A `notation` is a way of writing
    beyond those of the type, whose parts fill in the blank columns that `fills` names. `citation` is the regulation
    that asks for the column.
    What a blank cell means is `default`, or `default_from`, an expression with `plan`, the record's plan, and
    `district`, the settings. `named_on` is a column of another sheet, as `Schools.school`, that should have the value.
    `missing` says how bad a blank cell is where the column is required, always or by `required_when`.
    """

    key: str
    title: str
    rules: Mapping[str, Any]
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    citation: str = ""
    code: bool = False
    notation: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Any] = field(default_factory=dict)
    default: Any = None
    default_from: Expression | None = None
    long: bool = False
    words: Mapping[Any, str] = field(default_factory=dict)
    choices_of: str = ""
    named_on: str = ""
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
        return [self.words.get(value, str(value)) for value in self.rules.get("allowed", ())]


@dataclass(frozen=True, slots=True)
class AlsoOn:
    """Rows of a sheet that may stand in the rows of another, as guardians do in their student's.

    `prefixes` has, by prefix, other ones that people use: `Parent 1` for `guardian_1`. `columns` maps what follows
    the prefix there to the column here: `name` to `contact_name`; the first may be left out of a header.
    """

    sheet: str
    prefixes: dict[str, list[str]]
    columns: dict[str, str]

    def guests(self, prefix: str) -> dict[str, str]:
        """Return `{key on the other sheet: key here}`, such as `guardian_1_name: contact_name`."""
        return {f"{prefix}_{suffix}": key for suffix, key in self.columns.items()}

    @property
    def all_guests(self) -> set[str]:
        """The keys on the other sheet, with every prefix."""
        return {guest for prefix in self.prefixes for guest in self.guests(prefix)}


@dataclass(frozen=True, slots=True)
class Across:
    """How a sheet may be laid out across: a header is the value of the column `headers`, its cells those of `cells`."""

    headers: str
    cells: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its columns in order, the columns that together name a row, and the sheets its rows belong to.

    `refers_to` names sheets one of whose rows each row here belongs to, by that sheet's key; `dated_by` the
    column that dates a row; two rows of one key are duplicates, but for those without `distinct_when`.
    Rows `of_meeting` belong to the meeting of their meeting_date, or to all if that is blank.
    With layout `settings` each column is a row of two cells, name and value.
    """

    title: str
    file: str
    columns: Mapping[str, Column]
    aliases: tuple[str, ...] = ()
    across: Across | None = None
    key: tuple[str, ...] = ()
    help: str = ""
    layout: str = "rows"
    order: int = 1000
    refers_to: tuple[str, ...] = ()
    dated_by: str = ""
    distinct_when: str = ""
    of_meeting: bool = False
    also_on: AlsoOn | None = None

    @property
    def placing(self) -> set[str]:
        """The columns that say to whom and what a row belongs."""
        placing = {*self.key, "student_id", "plan_start", self.dated_by, *(["meeting_date"] if self.of_meeting else [])}
        return placing & self.columns.keys()

    @property
    def defaults(self) -> dict[str, Any]:
        """What blank cells mean, by column, where that does not depend on the plan."""
        return {key: column.default for key, column in self.columns.items() if column.default is not None}


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
        title = _compared(declared["title"])
        first = next((sheet.file for sheet in sheets.values() if _compared(sheet.title) == title), None)
        if first:
            raise IepdocsError(_same_title(declared["title"], file, first))
        sheets[declared["title"]] = Sheet(
            title=declared["title"],
            file=file,
            columns={key: _column(key, rules, file) for key, rules in declared["columns"].items()},
            aliases=tuple(declared.get("aliases", ())),
            across=Across(**declared["across"]) if "across" in declared else None,
            key=tuple(declared.get("key", ())),
            help=declared.get("help", ""),
            layout=declared.get("layout", "rows"),
            order=declared.get("order", 1000),
            refers_to=tuple(declared.get("refers_to", ())),
            dated_by=declared.get("dated_by", ""),
            distinct_when=declared.get("distinct_when", ""),
            of_meeting=declared.get("of_meeting", False),
            also_on=_also_on(declared["also_on"]) if "also_on" in declared else None,
        )
    stop_at([_no_longer(title) for title in _ALWAYS if title not in sheets])
    sheets = {title: _with_choices(sheet, sheets) for title, sheet in sheets.items()}
    stop_at([finding for sheet in sheets.values() for finding in _check_placing(sheet, sheets)])
    stop_at([finding for sheet in sheets.values() for finding in _check_sheet(sheet, sheets)])
    for sheet in list(sheets.values()):
        if sheet.also_on:
            host = sheets[sheet.also_on.sheet]
            guests = _guest_columns(sheet, sheet.also_on)
            stop_at([_there_already(guest, sheet, host) for guest in guests if guest in host.columns])
            sheets[host.title] = replace(host, columns={**host.columns, **guests})
    return dict(sorted(sheets.items(), key=lambda item: (item[1].order, item[0])))


def _with_choices(sheet: Sheet, sheets: Mapping[str, Sheet]) -> Sheet:
    """Return a sheet whose columns have the choices of those that they name as `Students.grade`."""
    columns = dict(sheet.columns)
    for key, column in sheet.columns.items():
        if column.choices_of:
            known = {
                f"{other.title}.{name}": of
                for other in sheets.values()
                for name, of in other.columns.items()
                if "allowed" in of.rules
            }
            stop_at(
                check_words(
                    "column with choices", [column.choices_of], known, sheet.file, f"columns.{key}.meta.choices_of"
                )
            )
            of = known[column.choices_of]
            columns[key] = replace(
                column, rules={**column.rules, "allowed": of.rules["allowed"]}, words=of.words, spellings=of.spellings
            )
    return replace(sheet, columns=columns)


def _same_title(title: str, file: str, first: str) -> Finding:
    return Finding(
        message=f"The sheet '{title}' is declared in {first} already.",
        mend=f"To change that sheet, name the file as there: {first}.",
        place=FilePlace(file, "title"),
        rule="pack-name",
    )


def _there_already(guest: str, sheet: Sheet, host: Sheet) -> Finding:
    message = f"The sheet {host.title} has a column '{guest}' already."
    return _wrong(message, "Give the prefix, or what follows it, another name.", sheet, "also_on")


def _no_longer(title: str) -> Finding:
    return Finding(
        message=f"iepdocs itself goes by the title '{title}', and no sheet has it.",
        mend="Leave the title as it is built in; other names of the sheet go into its 'aliases'.",
        place=FilePlace(f"schema/{title.lower().replace(' ', '_')}.yaml", "title"),
        rule="pack-name",
    )


def _compared(title: str) -> str:
    """Return a title without case, spaces and punctuation, none of which tells two apart."""
    return "".join(filter(str.isalnum, title.casefold()))


def _check_columns(sheet: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[Finding]:
    """Yield what is wrong with the columns of a sheet: two of one title, a type or default that cannot be."""
    keys = {key: of.columns[key].type for title in sheet.refers_to for of in [sheets[title]] for key in of.key}
    types = {**keys, "student_id": "string", "plan_start": "date"}
    titles: dict[str, str] = {}
    for key, column in sheet.columns.items():
        place = f"columns.{key}"
        first = next(
            (first for word in (key, column.title) if (first := titles.setdefault(_compared(word), key)) != key), None
        )
        if first:
            message = f"'{column.title}' is the header of the column '{first}' already."
            yield _wrong(message, "Give one of them another title.", sheet, f"{place}.meta.title")
        if (kind := types.get(key, column.type)) != column.type:
            message = f"The column '{key}' says what a row belongs to, and cannot be of the type {column.type}."
            yield _wrong(message, f"Write type: {kind}.", sheet, f"{place}.type")
        for rule in ("dependencies", "excludes"):
            named = column.rules.get(rule, [])
            words = [str(word).removeprefix("^") for word in (named if isinstance(named, list | dict) else [named])]
            yield from check_words("column", words, sheet.columns, sheet.file, f"{place}.{rule}")
        if column.default is not None and not _takes(column, column.default):
            message = f"'{shown(column.default)}' is no value for the column '{key}'."
            mend = "Write one that the column's own type and rules allow."
            yield _wrong(message, mend, sheet, f"{place}.meta.default")


def _takes(column: Column, value: Any) -> bool:
    rules = {rule: of for rule, of in column.rules.items() if rule not in ("dependencies", "excludes")}
    return bool(RecordValidator.of_known({column.key: rules}).validate({column.key: value}, normalize=False))


def _wrong(message: str, mend: str, sheet: Sheet, inside: str) -> Finding:
    return Finding(message, mend, FilePlace(sheet.file, inside), rule="pack-shape")


def _check_placing(sheet: Sheet, sheets: Mapping[str, Sheet]) -> list[Finding]:
    """Return what a sheet says of the place of its rows that is not so; other sheets go by that."""
    return [
        *check_words("column", sheet.key, sheet.columns, sheet.file, "key"),
        *check_words("column", filter(None, [sheet.dated_by]), sheet.columns, sheet.file, "dated_by"),
        *check_words("column", filter(None, [sheet.distinct_when]), sheet.columns, sheet.file, "distinct_when"),
        *check_words("sheet", sheet.refers_to, [t for t, s in sheets.items() if s.key], sheet.file, "refers_to"),
    ]


def _check_sheet(sheet: Sheet, sheets: Mapping[str, Sheet]) -> list[Finding]:
    """Return what a sheet says of its columns and of other sheets that is not so."""
    if found := check_rules({key: column.rules for key, column in sheet.columns.items()}, sheet.file):
        return found
    findings = list(_check_columns(sheet, sheets))
    settings = [f"district.{key}" for key in sheets["District"].columns]
    named = [f"{other.title}.{key}" for other in sheets.values() for key in other.columns]
    if sheet.across:
        across = [sheet.across.headers, sheet.across.cells]
        findings += check_words("column", across, sheet.columns, sheet.file, "across")
    if sheet.also_on:
        columns = sheet.also_on.columns.values()
        findings += check_words("sheet", [sheet.also_on.sheet], sheets, sheet.file, "also_on.sheet")
        findings += check_words("column", columns, sheet.columns, sheet.file, "also_on.columns")
    for column in sheet.columns.values():
        if column.required_when:
            names = _names(column.required_when) - {"district"}
            known = [*sheet.columns, *settings]
            findings += check_words("column", names, known, sheet.file, f"columns.{column.key}.meta.required_when")
        if column.default_from:
            names = _names(column.default_from) - {"plan", "district"}
            known = [*(f"plan.{key}" for key in sheets["Plans"].columns), *settings]
            findings += check_words("name", names, known, sheet.file, f"columns.{column.key}.meta.default_from")
        findings += check_words(
            "column", column.fills.values(), sheet.columns, sheet.file, f"columns.{column.key}.meta.fills"
        )
        if column.named_on:
            findings += check_words(
                "column", [column.named_on], named, sheet.file, f"columns.{column.key}.meta.named_on"
            )
    return findings


def _also_on(declared: Mapping[str, Any]) -> AlsoOn:
    prefixes = declared["prefixes"]
    named = dict(prefixes) if isinstance(prefixes, dict) else {prefix: [] for prefix in prefixes}
    return AlsoOn(declared["sheet"], named, declared["columns"])


def _names(expression: Expression) -> set[str]:
    """Return the names that an expression reads: of a row its columns, of `plan` and `district` their fields."""
    return {".".join(path[:2]) if path[0] in ("plan", "district") else path[0] for path in expression.paths}


def _guest_columns(sheet: Sheet, also_on: AlsoOn) -> dict[str, Column]:
    """Return the columns under which rows of a sheet stand on another; once one is filled in, the required ones are."""
    columns = {}
    for prefix, others_of_it in also_on.prefixes.items():
        guests = also_on.guests(prefix)
        for suffix, (guest, key) in zip(also_on.columns, guests.items(), strict=True):
            column = sheet.columns[key]
            if suffix == next(iter(also_on.columns)):
                names = [prefix, *others_of_it, *(f"{word} {suffix}" for word in others_of_it)]
            else:
                ends = (title_of(suffix), *column.aliases)
                names = [f"{word} {end}" for word in (title_of(prefix), *others_of_it) for end in ends]
                names = [name for name in names if fold(name) != fold(title_of(guest))]
            others = " or ".join(f"{other} is not none" for other in guests if other != guest)
            place = FilePlace(sheet.file, f"also_on.{guest}")
            columns[guest] = replace(
                column,
                key=guest,
                title=title_of(guest),
                aliases=tuple(names),
                rules={rule: value for rule, value in column.rules.items() if rule != "required"},
                default=None,
                default_from=None,
                required_when=Expression(others, place) if column.required and others else None,
            )
    return columns


def _column(key: str, declared: Mapping[str, Any], file: str) -> Column:
    rules = dict(declared)
    meta = rules.pop("meta", {})
    for rule in {"min", "max"} & rules.keys():
        rules[rule] = _limit(rules[rule], rules.get("type", "string"), FilePlace(file, f"columns.{key}.{rule}"))
    if "allowed" in rules:
        is_number = rules.get("type") in ("number", "float", "integer")
        rules["allowed"] = [_number(choice) if is_number else str(choice) for choice in rules["allowed"]]
    condition, source, default = (meta.get(word) for word in ("required_when", "default_from", "default"))
    choices = {str(choice): choice for choice in rules.get("allowed", ())}
    # a district may allow fewer choices than have spellings here
    spellings = {choices[key]: words for key, words in meta.get("spellings", {}).items() if key in choices}
    return Column(
        key=key,
        title=meta.get("title") or title_of(key),
        rules=rules,
        aliases=tuple(meta.get("aliases", ())),
        citation=meta.get("citation", ""),
        code=meta.get("code", False),
        notation=meta.get("notation", ""),
        fills=meta.get("fills", {}),
        spellings={fold(_word(word)): choice for choice, words in spellings.items() for word in words},
        help=meta.get("help", ""),
        example=str(meta.get("example", "")),
        default=figure(default) if rules.get("type", "string") in _FIGURES else default,
        default_from=Expression(source, FilePlace(file, f"columns.{key}.meta.default_from")) if source else None,
        long=meta.get("long", False),
        words={choices.get(key, key): word for key, word in meta.get("words", {}).items()},
        choices_of=meta.get("choices_of", ""),
        named_on=meta.get("named_on", ""),
        missing=Severity(meta.get("severity", "error")),
        required_when=Expression(condition, FilePlace(file, f"columns.{key}.meta.required_when"))
        if condition
        else None,
    )


def _word(word: Any) -> str:
    """Return a spelling as a cell has it: YAML gives yes and no as they are, true as a boolean."""
    return str(word).lower() if isinstance(word, bool) else str(word)


def _number(choice: Any) -> Any:
    """Return a choice of a column of numbers: YAML gives fractions as text."""
    try:
        return float(choice) if isinstance(choice, str) else choice
    except ValueError:
        return choice


def _limit(value: Any, kind: Any, place: FilePlace) -> Any:
    """Return a least or greatest value as the column's type."""
    limit = figure(value)
    types: Any = {"date": dt.date, "time": dt.time}.get(kind, int | float) if isinstance(kind, str) else int | float
    if isinstance(limit, types) and not isinstance(limit, bool):
        return limit
    raise IepdocsError(
        Finding(
            message=f"'{value}' is no limit for the type {kind}.",
            mend="Write a date as 2026-11-25, a time as 15:30, a number as 0.5.",
            place=place,
            rule="pack-shape",
        )
    )
