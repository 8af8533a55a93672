"""Read a workbook: its sheets as tables of rows, each value typed as its column declares."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from warnings import catch_warnings, simplefilter

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from iepdocs.archive import problem_with
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError, Severity
from iepdocs.text import nearest, shown
from iepdocs.workbook.headers import columns_by_title, matching, snake_case
from iepdocs.workbook.notation import read_extra, read_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl.cell.read_only import ReadOnlyCell

    from iepdocs.pack import Column, Pack, Sheet

INSTRUCTIONS = "Instructions"
LISTS = "Lists"
_LIKE_A_HEADER = 0.8
_MOST_ROWS = 1_048_576
"""As many rows as a sheet of Excel has: a file may claim more."""
SETTING_HEADERS = ("Setting", "Value")
_OWN_SHEETS = {matching(INSTRUCTIONS), matching(LISTS)}


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank: its number in the sheet and its values, blank cells left out.

    `unreadable` are the keys of cells that have been reported and hold no value.
    """

    number: int
    values: dict[str, Any]
    unreadable: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Table:
    """A sheet of a workbook as it was read.

    `letters` has the column letter of every key that has a header (in a sheet of settings, the address of its
    value), `headers` the headers as written; `extra` are keys of columns that nothing declares.
    """

    sheet: Sheet
    letters: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    extra: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)

    def address(self, key: str, row: int | None) -> str | None:
        """Return the address of a value by its key and row number; None if the sheet has no such column."""
        letter = self.letters.get(key)
        if letter is None or row is None:
            return None
        return letter if self.sheet.layout == "settings" else f"{letter}{row}"

    def place(self, key: str, row: int | None = None, value: Any = None) -> CellPlace:
        """Return the place of a value, or with no row of its column."""
        column = self.sheet.columns.get(key)
        header = self.headers.get(key) or (column.title if column else key)
        content = None if value is None else shown(value)
        return CellPlace(self.sheet.title, self.address(key, row), header, content, row, key)


@dataclass(slots=True)
class Workbook:
    """The tables of a workbook by the sheets' titles, and what was found in reading."""

    tables: dict[str, Table]
    findings: list[Finding]


def open_workbook(path: Path, pack: Pack) -> Workbook:
    """Read a workbook's sheets that the pack declares.

    Args:
        path: an .xlsx or .xlsm file.
        pack: what is declared.

    Returns:
        The tables, each with the rows that are not blank, and findings about cells, headers and sheets.

    Raises:
        IepdocsError: where the file cannot be read as a workbook.
    """
    problem = problem_with(path, "an Excel workbook (.xlsx)")
    if problem:
        raise _unreadable(path, *problem)
    try:
        with catch_warnings():
            simplefilter("ignore")
            return _read(path, pack)
    except Exception:  # noqa: BLE001  (a hostile file may raise anything)
        raise _unreadable(
            path,
            "This file cannot be read as an Excel workbook.",
            "Open it in Excel and save it again as an Excel workbook (.xlsx).",
        ) from None


def _unreadable(path: Path, message: str, mend: str) -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(str(path)), rule="workbook-unreadable"))


def _read(path: Path, pack: Pack) -> Workbook:
    book = load_workbook(path, read_only=True, data_only=True)
    declared = {matching(title): sheet for title, sheet in pack.sheets.items()}
    workbook = Workbook({}, [])
    names: dict[str, str] = {}
    try:
        for worksheet in book.worksheets:
            sheet = declared.get(matching(worksheet.title))
            if sheet is None:
                if matching(worksheet.title) not in _OWN_SHEETS:
                    absent = [title for title in pack.sheets if title not in book.sheetnames]
                    workbook.findings.append(_unknown_sheet(worksheet.title, absent))
            elif sheet.title in names:
                workbook.findings.append(_sheet_twice(sheet.title, worksheet.title, names[sheet.title]))
            else:
                names[sheet.title] = worksheet.title
                worksheet.reset_dimensions()  # the file may claim too small a range
                reader = _SettingsReader if sheet.layout == "settings" else _RowsReader
                workbook.tables[sheet.title] = reader(sheet, workbook.findings).read(
                    cast("Iterable[tuple[ReadOnlyCell, ...]]", worksheet.rows)
                )
    finally:
        book.close()
    return workbook


def _unknown_sheet(title: str, absent: list[str]) -> Finding:
    close = nearest(title, absent)
    return Finding(
        message="This sheet is none that iepdocs knows, and was left alone.",
        mend=f"Did you mean {close}? Then rename it."
        if close
        else "If it should be read, name it as in the blank one.",
        place=CellPlace(title),
        severity=Severity.WARNING if close else Severity.NOTE,
        rule="sheet-unknown",
    )


def _sheet_twice(title: str, second: str, first: str) -> Finding:
    return Finding(
        message=f"The sheet '{second}' has the same name as the sheet '{first}', and was not read.",
        mend="Put the rows of both into one sheet, or rename the one that is not meant.",
        place=CellPlace(title),
        rule="sheet-twice",
    )


def _no_headers(sheet: Sheet) -> Finding:
    some = ", ".join(column.title for column in list(sheet.columns.values())[:4])
    return Finding(
        message="No row of this sheet holds its headers.",
        mend=f"Put the headers into a row above the data: {some} and so on.",
        place=CellPlace(sheet.title),
        rule="headers-missing",
    )


class _RowsReader:
    """Reads a sheet of rows. Its header row is the first with two headers of the sheet, or one of its key."""

    def __init__(self, sheet: Sheet, findings: list[Finding]) -> None:
        self.table = Table(sheet)
        self.findings = findings
        self.known = columns_by_title(sheet.columns.values())
        self.columns: dict[int, Column | str] = {}
        self.unheaded: set[str] = set()
        self.left_out: set[int] = set()
        self.header_row = 1

    def read(self, rows: Iterable[tuple[ReadOnlyCell, ...]]) -> Table:
        above = 0
        for cells in islice(rows, _MOST_ROWS):
            filled = [cell for cell in cells if cell.value is not None]
            if filled and self.columns:
                self._row(filled)
            elif filled and self._are_headers(filled):
                self._headers(filled)
            elif filled:
                above += 1
        if above and not self.columns:
            self.findings.append(_no_headers(self.table.sheet))
        self.findings.extend(self._unknown_headers())
        return self.table

    def _are_headers(self, cells: list[ReadOnlyCell]) -> bool:
        found = {key for cell in cells if (key := self.known.get(matching(shown(cell.value))))}
        enough = min(2, len(self.table.sheet.columns), len(cells))
        return len(found) >= enough or bool(found & set(self.table.sheet.key[:1]))

    def _headers(self, cells: list[ReadOnlyCell]) -> None:
        first: dict[str, ReadOnlyCell] = {}
        for cell in cells:
            title = shown(cell.value).strip()
            key = self.known.get(matching(title)) or snake_case(title)
            if not key:
                continue
            if key in first:
                self._header_twice(key, cell, first[key])
                self.left_out.add(cell.column)
                continue
            first[key] = cell
            self.header_row = cell.row
            self.columns[cell.column] = self.table.sheet.columns.get(key, key)
            self.table.letters[key] = get_column_letter(cell.column)
            self.table.headers[key] = title
            if key not in self.table.sheet.columns:
                self.table.extra.add(key)

    def _unknown_headers(self) -> Iterator[Finding]:
        """Yield a warning for headers that nearly are ones of the sheet, and for columns with values but no header."""
        titles = {column.title: column.key for column in self.table.sheet.columns.values()}
        absent = [title for title, key in titles.items() if key not in self.table.letters]
        for key in sorted(self.table.extra):
            close = nearest(self.table.headers[key], absent, _LIKE_A_HEADER)
            if close:
                yield Finding(
                    message=f"'{self.table.headers[key]}' is no column that iepdocs knows.",
                    mend=f"Did you mean '{close}'? Then mend the header.",
                    place=replace(self.table.place(key), cell=f"{self.table.letters[key]}{self.header_row}"),
                    severity=Severity.WARNING,
                    rule="header-unknown",
                )
        for letter in sorted(self.unheaded):
            yield Finding(
                message=f"Column {letter} has values but no header, and was not read.",
                mend="Type its header, or delete the column.",
                place=CellPlace(self.table.sheet.title, f"{letter}{self.header_row}"),
                severity=Severity.WARNING,
                rule="header-missing",
            )

    def _header_twice(self, key: str, cell: ReadOnlyCell, first: ReadOnlyCell) -> None:
        self.findings.append(
            Finding(
                message=f"The column '{shown(first.value)}' stands in {first.coordinate} already; "
                "this one was not read.",
                mend="Rename or delete one of the two.",
                place=replace(self.table.place(key), cell=cell.coordinate, header=shown(cell.value)),
                rule="header-twice",
            )
        )

    def _row(self, cells: list[ReadOnlyCell]) -> None:
        values: dict[str, Any] = {}
        row = Row(cells[0].row, values)
        for cell in cells:
            column = self.columns.get(cell.column)
            if column is None:
                if cell.column not in self.left_out:
                    self.unheaded.add(get_column_letter(cell.column))
                continue
            key = column if isinstance(column, str) else column.key
            if cell.data_type == "e":
                row.unreadable.add(key)
                self.findings.append(_error_cell(self.table.place(key, row.number, cell.value)))
                continue
            value = read_extra(cell.value) if isinstance(column, str) else read_value(cell.value, column)
            if value is not None:
                values[key] = value
        if values or row.unreadable:
            self.table.rows.append(row)


def _error_cell(place: CellPlace) -> Finding:
    return Finding(
        message=f"The cell shows the error {place.value}.",
        mend="Mend its formula, or type the value itself.",
        place=place,
        rule="cell-error",
    )


class _SettingsReader:
    """Reads a sheet of settings: the name in the first column, the value in the second."""

    def __init__(self, sheet: Sheet, findings: list[Finding]) -> None:
        self.table = Table(sheet)
        self.findings = findings

    def read(self, rows: Iterable[tuple[ReadOnlyCell, ...]]) -> Table:
        known = columns_by_title(self.table.sheet.columns.values())
        row = Row(0, {})
        for cells in islice(rows, _MOST_ROWS):
            filled = [cell for cell in cells if cell.value is not None]
            if not filled or filled[0].column != 1:
                continue
            name = shown(filled[0].value).strip()
            if matching(name) == matching(SETTING_HEADERS[0]):
                continue
            key = known.get(matching(name)) or (name.lower() if "." in name else snake_case(name))
            if not key:
                continue
            if key in self.table.letters:
                self.findings.append(self._twice(key, filled[0]))
                continue
            self.table.letters[key] = f"B{filled[0].row}"
            self.table.headers[key] = name
            column = self.table.sheet.columns.get(key)
            if column is None:
                self.table.extra.add(key)
            cell = next((cell for cell in filled if cell.column == 2), None)  # noqa: PLR2004
            if cell is not None and cell.data_type == "e":
                row.unreadable.add(key)
                self.findings.append(_error_cell(self.table.place(key, row.number, cell.value)))
            elif cell is not None:
                value = read_value(cell.value, column) if column else read_extra(cell.value)
                if value is not None:
                    row.values[key] = value
        self.table.rows.append(row)
        return self.table

    def _twice(self, key: str, cell: ReadOnlyCell) -> Finding:
        return Finding(
            message=f"The setting '{shown(cell.value)}' stands in {self.table.letters[key]} already; "
            "this one was not read.",
            mend="Delete one of the two.",
            place=CellPlace(self.table.sheet.title, cell.coordinate, shown(cell.value)),
            rule="setting-twice",
        )
