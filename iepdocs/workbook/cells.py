"""What a workbook of any format holds: sheets of cells, each with what it means and what it shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum, auto

Value = str | bool | int | float | dt.date | dt.time | dt.timedelta
"""What a cell can mean; a `datetime` is a `date` too."""


class State(Enum):
    """Whether a cell holds a value, and if not, why."""

    VALUE = auto()
    ERROR = auto()
    """An error such as #N/A, which `shown` names."""
    UNCALCULATED = auto()
    """A formula that no program has calculated: nothing is shown."""
    IMPOSSIBLE_DATE = auto()
    """A number with a date's format that is no day of the calendar (February 29, 1900); `shown` is the number."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell that is not blank. Cells of the same content and look are one object, to be looked up by identity.

    Attributes:
        value: what is meant: text exactly as it is, a number as its format shows it (0.855 shown as 85.5% is 85.5),
            a date, time or duration to the unit that is shown; None if there is no value.
        shown: what a person sees in the cell: 00042, 85.5%, 3/15/2026.
        state: whether there is a value.
    """

    value: Value | None
    shown: str
    state: State = State.VALUE


@dataclass(frozen=True, slots=True)
class Range:
    """A block of cells, by the numbers of its first and last row and column, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class CellSheet:
    """A sheet as it stands: its rows in order, those without any filled cell left out.

    Attributes:
        title: its name as written.
        rows: `(row number, {column number: cell})`, counted from 1, columns in order, blank cells left out.
        hidden: whether the sheet is hidden.
        hidden_rows: the numbers of rows that are hidden, by hand or by a filter.
        hidden_columns: the numbers of hidden columns.
        merged: the blocks of merged cells.
    """

    title: str
    rows: list[tuple[int, dict[int, Cell]]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)


def letters_of(column: int) -> str:
    """Return a column's letters by its number, counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def column_of(letters: str) -> int:
    """Return a column's number by its letters: AB is 28."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
