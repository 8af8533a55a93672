"""A workbook's sheets as tables: rows of values by their columns' keys, and where in the sheet each stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iepdocs.findings import CellPlace
from iepdocs.workbook.cells import letters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.findings import Finding
    from iepdocs.pack import Sheet
    from iepdocs.workbook.cells import Cell, CellSheet

VALUE_COLUMN = 2
"""Where a sheet of settings has its values."""


@dataclass(slots=True, eq=False)
class Row:
    """A row that is not blank.

    Attributes:
        number: its number in the sheet; 0 for the one row of a sheet of settings.
        values: what its cells mean, by their columns' keys, blank cells left out.
        cells: its cells by column number; in a sheet of settings, the values by row number.
        unreadable: the keys of cells that have been reported and hold no value.
        across: where one row of the sheet stands for several, the number of the column of this one.
    """

    number: int
    values: dict[str, Any]
    cells: Mapping[int, Cell] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    across: int | None = None


@dataclass(slots=True)
class Table:
    """A sheet of a workbook as it was read.

    Attributes:
        sheet: what is declared of it.
        name: the sheet's name as the workbook has it.
        columns: the column number of every key that has a header; in a sheet of settings, the row number.
        headers: the headers as written, by key.
        header_row: the number of the row of headers.
        extra: the keys of columns that nothing declares.
        filled: the keys that are filled in from what another column says, with that column's key.
        rows: the rows that are not blank.
    """

    sheet: Sheet
    name: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    header_row: int = 1
    extra: set[str] = field(default_factory=set)
    filled: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Tell whether the sheet has a column for a key, or one that says it too."""
        return key in self.columns or key in self.filled

    def address(self, key: str, row: Row | None) -> str | None:
        """Return the address of a value; None if the sheet has no such column."""
        position = self._position(key, row)
        return f"{letters_of(position[1])}{position[0]}" if position else None

    def place(self, key: str, row: Row | None = None) -> CellPlace:
        """Return the place of a value with what its cell shows, or with no row of its column."""
        column = self.sheet.columns.get(key)
        header = self.headers.get(key) or (column.title if column else key)
        position = self._position(key, row)
        cell = row.cells.get(position[0] if self._is_settings else position[1]) if row and position else None
        return CellPlace(
            self.sheet.title,
            self.address(key, row),
            header,
            cell.shown if cell else None,
            row.number if row else None,
            key,
        )

    @property
    def _is_settings(self) -> bool:
        return self.sheet.layout == "settings"

    def _position(self, key: str, row: Row | None) -> tuple[int, int] | None:
        """Return the row and column number of a value."""
        across = self.sheet.across
        if row and row.across and across and key in (across.headers, across.cells):
            return (row.number if key == across.cells else self.header_row), row.across
        number = self.columns.get(key) or self.columns.get(self.filled.get(key, ""))
        if row is None or number is None:
            return None
        return (number, VALUE_COLUMN) if self._is_settings else (row.number, number)


@dataclass(slots=True)
class Workbook:
    """The tables of a workbook by the sheets' titles, what was found in reading, and all its sheets as they stand."""

    tables: dict[str, Table]
    findings: list[Finding]
    sheets: list[CellSheet] = field(default_factory=list)
