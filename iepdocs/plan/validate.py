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
    from collections.abc import Callable, Collection, Iterator, Mapping

    from iepdocs.findings import CellPlace
    from iepdocs.pack import Column, Sheet
    from iepdocs.workbook import Table

_NORMALIZING = {"coerce", "default", "default_setter", "rename", "rename_handler"}
_MOST_CHOICES = 40
_ASK = "Ask whoever declared the column what it should hold."


class SheetValidator:
    """Validates the rows of one sheet.

    Args:
        sheet: the sheet's declaration.
        used: the columns that a wanted document uses; only these are required.
        settings: the district's settings, for conditions that ask for them.
    """

    def __init__(self, sheet: Sheet, used: Collection[str], settings: Mapping[str, Any] | None = None) -> None:
        self.sheet = sheet
        self.used = used
        self._blank: dict[str, Any] = {**dict.fromkeys(sheet.columns, BLANK), "district": settings or {}}
        self._conditions = {
            key: column.required_when for key, column in sheet.columns.items() if column.required_when and key in used
        }
        rules = {
            key: {rule: value for rule, value in column.rules.items() if rule != "required" or key in used}
            for key, column in sheet.columns.items()
        }
        normalized = {key: rule for key, rule in rules.items() if _NORMALIZING & rule.keys()}
        self._validator = RecordValidator(rules, allow_unknown=True)
        self._normalizer = RecordValidator(normalized, allow_unknown=True) if normalized else None

    def validate(self, table: Table) -> tuple[list[Record], list[Finding]]:
        """Return a table's records, without the values that are wrong, and what is wrong or missing.

        A column that is missing altogether is one finding, however many rows want it.
        """
        absent: dict[str, set[int] | None] = {
            key: None
            for key, column in self.sheet.columns.items()
            if table.rows and column.required and key in self.used and key not in table.letters
        }
        findings: list[Finding] = []
        records = []
        for row in table.rows:
            values = self._normalizer.normalized(row.values) if self._normalizer else row.values
            self._validator.validate(values, normalize=False)
            blank = set()
            wrong = set(row.unreadable)
            # the public errors have only texts; where a value is of the wrong type, that is what is said of it
            for error in sorted(self._validator._errors, key=lambda error: error.rule == "allowed"):  # noqa: SLF001
                key = error.document_path[0]
                if error.code == errors.REQUIRED_FIELD.code:
                    blank.add(key)
                elif key not in wrong:
                    wrong.add(key)
                    place = table.place(key, row.number, error.value)
                    findings.append(wrong_value(error, self.sheet.columns[key], place))
            kept = {key: value for key, value in values.items() if key not in wrong}
            blank |= self._wanted(kept)
            for key in [key for key in self.sheet.columns if key in blank - wrong]:
                if key in table.letters:
                    findings.append(missing(self.sheet.columns[key], table.place(key, row.number)))
                elif (rows := absent.setdefault(key, set())) is not None:
                    rows.add(row.number)
            defaults = {key: value for key, value in self.sheet.defaults.items() if key not in wrong}
            records.append(Record(self.sheet.title, row.number, {**defaults, **kept}))
        return records, [*self._absent(table, absent), *findings]

    def _absent(self, table: Table, absent: Mapping[str, set[int] | None]) -> Iterator[Finding]:
        """Yield a finding for each missing column, with the rows that want it; None for all."""
        for key, rows in absent.items():
            place = replace(table.place(key), rows=None if rows is None else frozenset(rows))
            yield missing(self.sheet.columns[key], place)

    def _wanted(self, values: Mapping[str, Any]) -> set[str]:
        """Return the keys of blank cells that the rest of the row requires."""
        names = {**self._blank, **self.sheet.defaults, **values}
        return {key for key, required in self._conditions.items() if key not in values and required(names)}


def missing(column: Column, place: CellPlace) -> Finding:
    """Return the finding for a cell, or with no row in its place a whole column, that must not be missing."""
    what, mend = ("is blank", "Fill it in") if place.row is not None else ("is missing", "Add the column")
    return Finding(
        message=f"{column.title} {what}.",
        mend=f"{mend}: {_first_lower(_about(column))}" if _about(column) else f"{mend}.",
        place=place,
        severity=column.missing,
        rule="required",
    )


def wrong_value(error: errors.ValidationError, column: Column, place: CellPlace) -> Finding:
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


def _type(error: errors.ValidationError, column: Column) -> tuple[str, str]:
    value = error.value
    if isinstance(value, dt.date) and column.type in {"string", "number", "integer", "list"}:
        if column.type in {"number", "integer"} and not column.keeps_text:
            again = "give the cell the format Number and type the number again."
        else:
            again = "give the cell the format Text and type it again."
        of = f"If {value.month}/{value.day} was meant, type {value.month} of {value.day}; or "
        mend = of + again if column.keeps_text else again.capitalize()
        return f"Excel turned what was typed here into the date {shown(value)}.", mend
    if isinstance(value, dt.datetime) and column.type == "date":
        return f"{shown(value)} is a date with a time.", "Type the date alone, such as 3/15/2026."
    is_not, mend = _TYPES.get(column.type, ("is not what this column holds", _about(column) or _ASK))
    return f"'{shown(value)}' {is_not}.", mend


_TYPES = {
    "date": ("is not a date", "Type it as month/day/year, such as 3/15/2026."),
    "time": ("is not a time of day", "Type it such as 3:30 PM."),
    "number": ("is not a number", "Type the number alone, without words."),
    "float": ("is not a number", "Type the number alone, without words."),
    "integer": ("is not a whole number", "Type a whole number, without words."),
    "boolean": ("is neither yes nor no", "Type yes or no."),
    "string": ("is not text", "Give the cell the format Text and type it again."),
}


def _allowed(error: errors.ValidationError, column: Column) -> tuple[str, str]:
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


def _low(error: errors.ValidationError, column: Column) -> tuple[str, str]:
    return (
        f"{shown(error.value)} is too small for {column.title}.",
        f"It must be at least {error.constraint}.",
    )


def _high(error: errors.ValidationError, column: Column) -> tuple[str, str]:
    return f"{shown(error.value)} is too large for {column.title}.", f"It must be at most {error.constraint}."


def _pattern(error: errors.ValidationError, column: Column) -> tuple[str, str]:
    return f"'{shown(error.value)}' is not written as {column.title} should be.", _about(column) or _ASK


def _not_accepted(error: errors.ValidationError, column: Column) -> tuple[str, str]:
    return f"'{shown(error.value)}' is not accepted for {column.title}.", _about(column) or _ASK


_SENTENCES: dict[int, Callable[[errors.ValidationError, Column], tuple[str, str]]] = {
    errors.BAD_TYPE.code: _type,
    errors.UNALLOWED_VALUE.code: _allowed,
    errors.UNALLOWED_VALUES.code: _allowed,
    errors.MIN_VALUE.code: _low,
    errors.MAX_VALUE.code: _high,
    errors.REGEX_MISMATCH.code: _pattern,
}
