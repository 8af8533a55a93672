"""Rows to validated records: Cerberus decides, and every error becomes a finding at its cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cerberus import errors

from iepdocs.findings import Finding
from iepdocs.pack import RecordValidator
from iepdocs.plan.record import Record
from iepdocs.sandbox import BLANK
from iepdocs.text import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from cerberus.errors import ValidationError

    from iepdocs.findings import CellPlace
    from iepdocs.pack import Column, Sheet
    from iepdocs.sandbox import Expression
    from iepdocs.workbook import Table

_NORMALIZING = {"coerce", "default", "default_setter", "rename", "rename_handler"}
_OF_THE_ROW = {"dependencies", "excludes"}
"""Rules that look at other columns."""
_MOST_CHOICES = 40
_ASK = "Ask whoever declared the column what it should hold."


class SheetValidator:
    """Validates the rows of one sheet.

    Cerberus decides, once for each distinct value of a column; only columns whose rules look at others are decided
    row by row. The findings are those of validating each row as a whole.

    Args:
        sheet: the sheet's declaration.
        used: the columns that a wanted document uses; only these are required.
        settings: the district's settings, for conditions that ask for them.
    """

    def __init__(self, sheet: Sheet, used: Collection[str], settings: Mapping[str, Any] | None = None) -> None:
        self.sheet = sheet
        self.used = used
        rules = {
            key: {rule: value for rule, value in column.rules.items() if rule != "required" or key in used}
            for key, column in sheet.columns.items()
        }
        normalized = {key: rule for key, rule in rules.items() if _NORMALIZING & rule.keys()}
        self._normalizer = RecordValidator.of_known(normalized, allow_unknown=True) if normalized else None
        together = _looked_at_together(rules)
        self._together = (
            RecordValidator.of_known({key: rules[key] for key in together}, allow_unknown=True) if together else None
        )
        alone = rules.keys() - together
        self._alone = {key: {name: rule for name, rule in rules[key].items() if name != "required"} for key in alone}
        self._required = {key for key in alone if rules[key].get("required")}
        self._settings = settings or {}

    def validate(self, table: Table) -> tuple[list[Record], list[Finding]]:
        """Return a table's records, without the values that are wrong, and what is wrong or missing.

        A column that is missing altogether is one finding, however many rows want it.
        """
        absent: dict[str, set[int] | None] = {
            key: None
            for key, column in self.sheet.columns.items()
            if table.rows and column.required and key in self.used and not table.has(key)
        }
        findings: list[Finding] = []
        records = []
        defaults = self.sheet.defaults
        read = [self._normalizer.normalized(row.values) if self._normalizer else row.values for row in table.rows]
        columns = {key: [values[key] for values in read if key in values] for key in set().union(*read)}
        faults = {key: found for key, rules in self._alone.items() if (found := _faults(key, rules, columns.get(key)))}
        gaps = {key for key in self.sheet.columns if len(columns.get(key, ())) < len(read)}
        wanted = self._wanted(gaps, columns)
        for row, values in zip(table.rows, read, strict=True):
            errors = _faults_of(values, faults) if faults else {}
            blank: set[str] = set()
            if self._together:
                more, blank = self._errors_together(self._together, values)
                errors |= more
            for key, error in errors.items():
                if key not in row.unreadable:
                    findings.append(wrong_value(error, self.sheet.columns[key], table.place(key, row)))
            wrong = frozenset(row.unreadable | errors.keys()) if errors else row.unreadable
            kept = {key: value for key, value in values.items() if key not in wrong} if wrong else values
            if wanted:
                blank |= {key for key, wants in wanted.items() if key not in values and wants(kept)}
            for key in [key for key in self.sheet.columns if key in blank and key not in wrong] if blank else ():
                if table.has(key):
                    findings.append(missing(self.sheet.columns[key], table.place(key, row)))
                elif (rows := absent.setdefault(key, set())) is not None:
                    rows.add(row.number)
            if defaults:
                kept = {**{key: value for key, value in defaults.items() if key not in wrong}, **kept}
            records.append(Record(self.sheet.title, row.number, kept, source=row, wrong=wrong))
        return records, [*self._absent(table, absent), *findings]

    def _wanted(self, gaps: set[str], held: Collection[str]) -> dict[str, Callable[[Mapping[str, Any]], bool]]:
        """Return by column what tells whether a row wants it, of columns with gaps; rows hold those of `held` alone."""
        conditions = {
            key: _Condition(column.required_when, self.sheet, self._settings, held)
            for key, column in self.sheet.columns.items()
            if column.required_when and key in self.used and key in gaps
        }
        of_rows = {key: wants for key, wants in conditions.items() if wants.names or wants({})}
        return {**of_rows, **dict.fromkeys(self._required & gaps, lambda _: True)}

    @staticmethod
    def _errors_together(
        validator: RecordValidator, values: Mapping[str, Any]
    ) -> tuple[dict[str, ValidationError], set[str]]:
        """Return what is wrong in the columns that look at others, and which of them are blank and must not be."""
        validator.validate(values, normalize=False)
        found = validator._errors  # noqa: SLF001  (the public errors have only texts)
        blank = {error.document_path[0] for error in found if error.code == errors.REQUIRED_FIELD.code}
        return _first_of_each(error for error in found if error.code != errors.REQUIRED_FIELD.code), blank

    def _absent(self, table: Table, absent: Mapping[str, set[int] | None]) -> Iterator[Finding]:
        """Yield a finding for each missing column, with the rows that want it; None for all."""
        for key, rows in absent.items():
            place = replace(table.place(key), rows=None if rows is None else frozenset(rows))
            yield missing(self.sheet.columns[key], place)


class _Condition:
    """Tells of a row whether a blank cell of it is required, once for each combination of what that depends on."""

    def __init__(self, condition: Expression, sheet: Sheet, settings: Mapping[str, Any], held: Collection[str]) -> None:
        self.condition = condition
        self.names = [key for key in {path[0] for path in condition.paths} & sheet.columns.keys() if key in held]
        self.blank = {**dict.fromkeys(sheet.columns, BLANK), "district": settings, **sheet.defaults}
        self.known: dict[tuple[int, ...], bool] = {}

    def __call__(self, values: Mapping[str, Any]) -> bool:
        case = tuple([id(values.get(name)) for name in self.names])
        if case not in self.known:
            self.known[case] = bool(self.condition({**self.blank, **values}))
        return self.known[case]


def _faults(key: str, rules: Mapping[str, Any], values: list[Any] | None) -> dict[int, ValidationError]:
    """Return what is wrong with the values of a column whose rules look at no other, by their identity."""
    if not values:
        return {}
    validator = RecordValidator.of_known({key: rules})

    def decide(value: Any) -> ValidationError | None:
        validator.validate({key: value}, normalize=False)
        return _first_of_each(validator._errors).get(key)  # noqa: SLF001  (the public errors have only texts)

    if rules.keys() <= {"type"}:
        of_each = dict(zip(map(type, values), values, strict=True))
        right = {kind for kind, value in of_each.items() if not decide(value)}
        values = [value for value in values if type(value) not in right] if len(right) < len(of_each) else []
    distinct = dict(zip(map(id, values), values, strict=True))
    return {name: error for name, value in distinct.items() if (error := decide(value))}


def _faults_of(
    values: Mapping[str, Any], faults: Mapping[str, Mapping[int, ValidationError]]
) -> dict[str, ValidationError]:
    """Return what is wrong in a row, of what is wrong in its columns by the identity of the values."""
    found = {key: faults.get(key, {}).get(id(value)) for key, value in values.items()}
    return {key: error for key, error in found.items() if error}


def _looked_at_together(rules: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the columns whose rules look at others, and those that such a rule excludes."""
    found = set()
    for key, rule_set in rules.items():
        if _OF_THE_ROW & set(_names_in(rule_set)):
            excluded = rule_set.get("excludes", ())
            found |= {key, *([excluded] if isinstance(excluded, str) else excluded)}
    return found & rules.keys()


def _names_in(rules: Any) -> Iterator[str]:
    """Yield the names of rules, those inside `anyof` and its like too."""
    if isinstance(rules, dict):
        yield from rules
    for below in rules.values() if isinstance(rules, dict) else rules if isinstance(rules, list) else ():
        yield from _names_in(below)


def _first_of_each(found: Iterable[ValidationError]) -> dict[str, ValidationError]:
    """Return by column the error to tell: where a value is of the wrong type, that."""
    by_key: dict[str, ValidationError] = {}
    for error in sorted(found, key=lambda error: error.rule == "allowed"):
        by_key.setdefault(error.document_path[0], error)
    return by_key


def missing(column: Column, place: CellPlace) -> Finding:
    """Return the finding for a cell, or with no row in its place a whole column, that must not be missing."""
    what, mend = ("is blank", "Fill it in") if place.row is not None else ("is missing", "Add the column")
    return Finding(
        message=f"{column.title} {what}.",
        mend=f"{mend}: {_first_lower(_about(column))}" if _about(column) else f"{mend}.",
        place=place,
        severity=column.missing,
        rule="required",
        citation=column.citation,
    )


def wrong_value(error: ValidationError, column: Column, place: CellPlace) -> Finding:
    """Say in a person's words what Cerberus found wrong with a value."""
    if error.code == errors.SEQUENCE_SCHEMA.code:  # of a list: say what is wrong with its first wrong item
        error = error.child_errors[0]
    say = _SENTENCES.get(error.code, _not_accepted)
    message, mend = say(error, column)
    return Finding(message, mend, place, rule=error.rule)


def _about(column: Column) -> str:
    """Return what the column is for, with an example, as far as they are declared."""
    example = f"Example: {column.example}" if column.example else ""
    return f"{column.help} {example}".strip()


def _first_lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _type(error: ValidationError, column: Column) -> tuple[str, str]:
    if isinstance(error.value, dt.datetime) and column.type == "date":
        return f"{shown(error.value)} is a date with a time.", "Type the date alone, such as 3/15/2026."
    is_not, mend = _TYPES.get(column.type, ("is not what this column holds", _about(column) or _ASK))
    return f"'{shown(error.value)}' {is_not}.", mend


_TYPES = {
    "date": ("is not a date", "Type it as month/day/year, such as 3/15/2026."),
    "time": ("is not a time of day", "Type it such as 3:30 PM."),
    "number": ("is not a number", "Type the number alone, without words."),
    "float": ("is not a number", "Type the number alone, without words."),
    "integer": ("is not a whole number", "Type a whole number, without words."),
    "boolean": ("is neither yes nor no", "Type yes or no."),
    "measurement": ("is no result", "Type it such as 57, 80 %, 4 of 5 or a level's name."),
    "string": ("is not text", "Give the cell the format Text and type it again."),
}


def _allowed(error: ValidationError, column: Column) -> tuple[str, str]:
    unknown = error.info[0] if isinstance(error.info[0], tuple) else (error.info[0],)
    words = ", ".join(f"'{shown(value)}'" for value in unknown)
    close = nearest(shown(unknown[0]), column.choices)
    hint = f"Did you mean '{close}'? " if close else ""
    if len(column.choices) <= _MOST_CHOICES:
        hint += f"Use one of: {'; '.join(column.choices)}."
        hint += " Put a semicolon between several." if column.type == "list" else ""
    else:
        hint += "Pick one from the list in the blank workbook (iepdocs new)."
    is_not = "is not a choice" if len(unknown) == 1 else "are not choices"
    return f"{words} {is_not} for {column.title}.", hint


def _low(error: ValidationError, column: Column) -> tuple[str, str]:
    value, least = shown(error.value), shown(error.constraint)
    if isinstance(error.value, dt.date | dt.time):
        return f"{value} is too early for {column.title}.", f"It must be {least} or later."
    return f"{value} is too small for {column.title}.", f"It must be at least {least}."


def _high(error: ValidationError, column: Column) -> tuple[str, str]:
    value, most = shown(error.value), shown(error.constraint)
    if isinstance(error.value, dt.date | dt.time):
        return f"{value} is too late for {column.title}.", f"It must be {most} or earlier."
    return f"{value} is too large for {column.title}.", f"It must be at most {most}."


def _pattern(error: ValidationError, column: Column) -> tuple[str, str]:
    return f"'{shown(error.value)}' is not written as {column.title} should be.", _about(column) or _ASK


def _not_accepted(error: ValidationError, column: Column) -> tuple[str, str]:
    return f"'{shown(error.value)}' is not accepted for {column.title}.", _about(column) or _ASK


_SENTENCES: dict[int, Callable[[ValidationError, Column], tuple[str, str]]] = {
    errors.BAD_TYPE.code: _type,
    errors.UNALLOWED_VALUE.code: _allowed,
    errors.UNALLOWED_VALUES.code: _allowed,
    errors.MIN_VALUE.code: _low,
    errors.MAX_VALUE.code: _high,
    errors.REGEX_MISMATCH.code: _pattern,
}
