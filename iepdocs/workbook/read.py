"""From a workbook's cells to tables of rows, each value typed as its column declares."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from iepdocs.findings import CellPlace, Finding, Severity
from iepdocs.garbage import keeping_everything
from iepdocs.text import nearest, shown
from iepdocs.workbook.cells import letters_of
from iepdocs.workbook.headers import columns_by_title, matching, setting, sheets_by_title, snake_case
from iepdocs.workbook.notation import Reading, read_extra, read_value
from iepdocs.workbook.sources import read_sheets
from iepdocs.workbook.tables import VALUE_COLUMN, Row, Table, Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sized
    from pathlib import Path

    from iepdocs.pack import Across, Column, Pack, Sheet
    from iepdocs.workbook.cells import Cell, CellSheet
    from iepdocs.workbook.notation import DateOrder

INSTRUCTIONS = "Instructions"
LISTS = "Lists"
SETTING_HEADERS = ("Setting", "Value")
_OWN_SHEETS = {matching(INSTRUCTIONS), matching(LISTS)}
_LIKE_A_HEADER = 0.75
_HEADERS_WITHIN = 50
"""So many rows may stand above the headers, or be looked through for the best of several such rows."""
_TOTAL = re.compile(r"\s*(grand |sub ?)?totals?\b", re.IGNORECASE)
_MOST_NAMED = 8


@keeping_everything()
def open_workbook(path: Path, pack: Pack, password: str | None = None) -> Workbook:
    """Read a workbook's sheets that the pack declares.

    Args:
        path: a workbook of any kind that `iepdocs.workbook.sources` reads, or a folder of .csv files.
        pack: what is declared.
        password: what opens a protected workbook.

    Returns:
        The tables, each with the rows that are not blank, and findings about cells, headers and sheets.

    Raises:
        IepdocsError: where the file cannot be read as a workbook.
    """
    return read_tables(read_sheets(path, password), pack)


def read_tables(sheets: list[CellSheet], pack: Pack) -> Workbook:
    """Read the sheets that the pack declares.

    A sheet of settings is read before the others: it may say how the dates there are meant.
    """
    workbook = Workbook({}, [], sheets)
    findings = workbook.findings
    declared = sheets_by_title(pack.sheets)
    found: list[tuple[Sheet, CellSheet]] = []
    for cells in sheets:
        sheet = declared.get(matching(cells.title))
        first = next((other.title for one, other in found if one is sheet), None)
        if sheet is None:
            if matching(cells.title) not in _OWN_SHEETS:
                there = {matching(one.title) for one in sheets}
                findings.append(_unknown_sheet(cells.title, [t for t in pack.sheets if matching(t) not in there]))
        elif first is not None:
            findings.append(_sheet_twice(sheet.title, cells.title, first))
        else:
            found.append((sheet, cells))
    order = pack.settings.get("date_order", "month first")
    for sheet, cells in found:
        if sheet.layout == "settings":
            table = _SettingsReader(sheet, cells, order, findings, pack.wordings["en"].terms).read()
            workbook.tables[sheet.title] = table
            order = table.rows[0].values.get("date_order", order)
    for sheet, cells in found:
        if sheet.layout != "settings":
            workbook.tables[sheet.title] = _RowsReader(sheet, cells, order, findings).read()
    workbook.tables = {sheet.title: workbook.tables[sheet.title] for sheet, _ in found}
    workbook.findings = pack.graded(findings)
    return workbook


def _unknown_sheet(title: str, absent: list[str]) -> Finding:
    close = nearest(title, absent)
    return Finding(
        message="This sheet is none that iepdocs knows, and was left alone.",
        mend=f"Did you mean {close}? Then rename it."
        if close
        else "If it should be read, name it as in the blank one.",
        place=CellPlace(title),
        rule="sheet-misspelt" if close else "sheet-unknown",
    )


def _sheet_twice(title: str, second: str, first: str) -> Finding:
    return Finding(
        message=f"The sheet '{second}' has the same name as the sheet '{first}', and was not read.",
        mend="Put the rows of both into one sheet, or rename the one that is not meant.",
        place=CellPlace(title),
        rule="sheet-twice",
    )


class _Readings(dict["Cell", Any]):
    """What the cells of a column mean, each distinct one read once: its value, or where there is more a `Reading`."""

    def __init__(self, column: Column | None, order: DateOrder) -> None:
        self.column = column
        self.order = order

    def __missing__(self, cell: Cell) -> Any:
        reading = read_value(cell, self.column, self.order) if self.column else read_extra(cell)
        found = self[cell] = reading if reading.doubt or reading.parts else reading.value
        return found


class _Reader:
    """What the readers of both layouts share."""

    def __init__(self, sheet: Sheet, cells: CellSheet, order: str, findings: list[Finding]) -> None:
        self.sheet = sheet
        self.cells = cells
        self.order = cast("DateOrder", order)
        self.findings = findings
        self.table = Table(sheet, cells.title)
        self.known = columns_by_title(sheet.columns.values())

    def value(self, key: str, found: Any, row: Row) -> None:
        """Take a value that was read into a row, with the doubt and the parts that it may come with."""
        if found.__class__ is not Reading:
            if found is not None:
                row.values[key] = found
            return
        doubt = found.doubt
        if doubt:
            self.findings.append(
                Finding(doubt.message, doubt.mend, self.table.place(key, row), doubt.severity, doubt.rule)
            )
        if doubt and doubt.severity is Severity.ERROR:
            row.unreadable |= {key}
        elif found.value is not None:
            row.values[key] = found.value


class _RowsReader(_Reader):
    """Reads a sheet of rows.

    Its header row is the one among the first rows that has most headers of the sheet. What is merged over several rows
    is the value of each. Totals, headers that are repeated, and lines that stand above a group of rows are left out;
    hidden rows and columns are read. A note tells of each.
    """

    def __init__(self, sheet: Sheet, cells: CellSheet, order: str, findings: list[Finding]) -> None:
        super().__init__(sheet, cells, order, findings)
        self.rows = list(cells.rows)
        self.across: dict[int, dt.date] = {}
        self.across_readings = _Readings(sheet.columns[sheet.across.cells] if sheet.across else None, self.order)
        self.readings: dict[int, tuple[str, _Readings]] = {}
        self.ignored: set[int] = set()
        self.unheaded: set[int] = set()
        self.firsts: dict[Cell, str] = {}
        """What the first cell of a row makes of it: the header again, a total, or data."""
        self.titles: dict[int, str] = {}
        self.left_out: dict[str, list[int]] = defaultdict(list)
        self.bands = {block.first_row for block in cells.merged if block.last_column > block.first_column}

    def read(self) -> Table:
        merged = self._spread_merged()
        start = self._header_index()
        if start is None:
            if self.rows:
                self.findings.append(_no_headers(self.sheet))
            return self.table
        self.table.header_row, headers = self.rows[start]
        self._headers(headers)
        for number, cells in self.rows[start + 1 :]:
            self._row(number, cells)
        self.findings.extend(self._unknown_headers())
        self._tell(merged)
        return self.table

    def _spread_merged(self) -> list[str]:
        """Give the value of a block that is merged over rows to each of them that has other cells."""
        tall = [block for block in self.cells.merged if block.last_row > block.first_row]
        index = {number: place for place, (number, _) in enumerate(self.rows)} if tall else {}
        numbers = sorted(index)
        spread = []
        for block in tall:
            column = block.first_column
            below = numbers[bisect_right(numbers, block.first_row) : bisect_right(numbers, block.last_row)]
            cell = self.rows[index[block.first_row]][1].get(column) if block.first_row in index else None
            if cell and below:
                for number in below:
                    cells = {column: cell, **self.rows[index[number]][1]}
                    self.rows[index[number]] = number, dict(sorted(cells.items()))
                spread.append(f"{letters_of(column)}{block.first_row}:{letters_of(column)}{block.last_row}")
        return spread

    def _header_index(self) -> int | None:
        best, index = 0, None
        for place, (_, cells) in enumerate(self.rows[:_HEADERS_WITHIN]):
            found = {key for cell in cells.values() if (key := self.known.get(matching(cell.shown)))}
            enough = min(2, len(self.sheet.columns), len(cells))
            if len(found) > best and (len(found) >= enough or found & set(self.sheet.key[:1])):
                best, index = len(found), place
        return index

    def _headers(self, cells: Mapping[int, Cell]) -> None:
        table = self.table
        addresses: dict[str, str] = {}
        self.titles = {number: matching(cell.shown) for number, cell in cells.items()}
        is_across = self.sheet.across and not any(
            self.known.get(matching(cell.shown)) == self.sheet.across.headers for cell in cells.values()
        )
        for number, cell in cells.items():
            title = cell.shown.strip()
            key = self.known.get(matching(title))
            address = f"{letters_of(number)}{table.header_row}"
            if key is None and is_across and self._is_across(number, cell, address):
                continue
            key = key or snake_case(title)
            if not key:
                continue
            if key in addresses:
                self.findings.append(self._header_twice(key, title, address, addresses[key]))
                self.ignored.add(number)
                continue
            addresses[key] = address
            column = self.sheet.columns.get(key)
            self.readings[number] = key, _Readings(column, self.order)
            table.columns[key] = number
            table.headers[key] = title
            if column is None:
                table.extra.add(key)
        for key in list(table.columns):
            fills = self.sheet.columns[key].fills if key in self.sheet.columns else {}
            table.filled |= {to: key for to in fills.values() if to not in table.columns}

    def _is_across(self, number: int, cell: Cell, address: str) -> bool:
        """Take note of a header that is a value itself, such as a date above what was measured then."""
        across = cast("Across", self.sheet.across)
        reading = read_value(cell, self.sheet.columns[across.headers], self.order)
        if reading.doubt:
            place = CellPlace(self.sheet.title, address, cell.shown, cell.shown)
            self.findings.append(Finding(reading.doubt.message, reading.doubt.mend, place, rule=reading.doubt.rule))
            self.ignored.add(number)
            return True
        if not isinstance(reading.value, dt.date):
            return False
        self.across[number] = reading.value
        self.table.filled |= dict.fromkeys((across.headers, across.cells), "")
        return True

    def _row(self, number: int, cells: dict[int, Cell]) -> None:
        if reason := self._is_no_data(number, cells):
            self.left_out[reason].append(number)
            return
        row = Row(number, {}, cells)
        values = row.values
        fills: list[tuple[str, Mapping[str, Any]]] = []
        for column, cell in cells.items():
            target = self.readings.get(column)
            if target is None:
                if column not in self.ignored and column not in self.across and cell.shown.strip():
                    self.unheaded.add(column)
                continue
            key, readings = target
            found = readings[cell]
            if found.__class__ is Reading:
                self.value(key, found, row)
                fills.append((key, found.parts))
            elif found is not None:
                values[key] = found
        for key, parts in fills:
            self._fill(key, parts, row)
        if self.across:
            self.table.rows += self._across_rows(row)
        elif values or row.unreadable:
            self.table.rows.append(row)

    def _is_no_data(self, number: int, cells: dict[int, Cell]) -> str:
        """Say what a row is that is no data, or nothing."""
        column, first = next(iter(cells.items()))
        kind = self.firsts.get(first)
        if kind is None:
            is_header = matching(first.shown) in self.titles.values()
            kind = self.firsts[first] = "header" if is_header else "total" if _TOTAL.match(first.shown) else ""
        if not kind and len(cells) > 1:
            return ""
        is_alone = len(cells) == 1 < len(self.readings)
        if kind == "header":
            repeated = all(matching(cell.shown) == self.titles.get(column) for column, cell in cells.items())
            return "repeats the headers" if repeated else ""
        if kind == "total" and (is_alone or not self._has_key_beside(column, cells)):
            return "is a total"
        is_band = is_alone and (number in self.bands or (":" in first.shown and column == min(self.titles)))
        return "stands above a group" if is_band else ""

    def _has_key_beside(self, first: int, cells: Mapping[int, Cell]) -> bool:
        """Tell whether a row has, not in its first cell, the value that first names the sheet's rows."""
        key = self.table.columns.get(self.sheet.key[0] if self.sheet.key else "student_id")
        return key != first and key in cells

    def _fill(self, source: str, parts: Mapping[str, Any], row: Row) -> None:
        """Fill in blank cells from what another column says; ask where both say something, and not the same."""
        for part, said in parts.items():
            key = self.sheet.columns[source].fills.get(part)
            if key and row.values.setdefault(key, said) != said:
                title = self.table.place(key).header
                self.findings.append(
                    Finding(
                        message=f"This says {shown(said)}, and {title} says {shown(row.values[key])}.",
                        mend=f"Mend one of the two, or leave {title} blank.",
                        place=self.table.place(source, row),
                        rule="parts-differ",
                    )
                )

    def _across_rows(self, row: Row) -> Iterator[Row]:
        """Yield a row for each filled cell below a header that is a value itself."""
        across = cast("Across", self.sheet.across)
        for column, header in self.across.items():
            if cell := row.cells.get(column):
                one = replace(row, values={**row.values, across.headers: header}, across=column)
                self.value(across.cells, self.across_readings[cell], one)
                if one.values.keys() != {across.headers}:
                    yield one

    def _header_twice(self, key: str, title: str, address: str, first: str) -> Finding:
        return Finding(
            message=f"The column '{self.table.headers[key]}' stands in {first} already; this one was not read.",
            mend="Rename or delete one of the two.",
            place=replace(self.table.place(key), cell=address, header=title),
            rule="header-twice",
        )

    def _unknown_headers(self) -> Iterator[Finding]:
        """Yield a warning for headers that nearly are ones of the sheet, and for columns with values but no header."""
        titles = {column.title: key for key, column in self.sheet.columns.items() if not self.table.has(key)}
        row = self.table.header_row
        for key in sorted(self.table.extra):
            close = nearest(self.table.headers[key], titles, _LIKE_A_HEADER)
            if close:
                yield Finding(
                    message=f"'{self.table.headers[key]}' is no column that iepdocs knows.",
                    mend=f"Did you mean '{close}'? Then mend the header.",
                    place=replace(self.table.place(key), cell=f"{letters_of(self.table.columns[key])}{row}"),
                    rule="header-unknown",
                )
        for column in sorted(self.unheaded):
            letters = letters_of(column)
            yield Finding(
                message=f"Column {letters} has values but no header, and was not read.",
                mend="Type its header, or delete the column.",
                place=CellPlace(self.sheet.title, f"{letters}{row}"),
                rule="header-missing",
            )

    def _tell(self, merged: list[str]) -> None:
        """Add a note on each thing that a person may not see, or may take for data."""
        if self.cells.hidden:
            self._note("This sheet is hidden, and was read.", "Unhide it to look at it.", "hidden-sheet")
        read = {row.number for row in self.table.rows}
        if rows := sorted(self.cells.hidden_rows & read):
            what = f"{_count(rows, 'hidden row')} ({_some(rows)})"
            self._note(f"{what} {_was(rows)} included.", "Delete what should not be in the documents.", "hidden-rows")
        if columns := sorted(self.cells.hidden_columns & (self.readings.keys() | self.across.keys())):
            what = f"{_count(columns, 'hidden column')} ({_some(map(letters_of, columns))})"
            self._note(f"{what} {_was(columns)} read.", "Unhide them to look at them.", "hidden-columns")
        if merged:
            what = f"The value of {_count(merged, 'merged block')} ({_some(merged)})"
            self._note(f"{what} was read for each of its rows.", "Unmerge where that is not meant.", "merged-cells")
        for reason, rows in self.left_out.items():
            what = "was left out, since it" if len(rows) == 1 else "were left out, since each"
            self._note(
                f"{_count(rows, 'row')} ({_some(rows)}) {what} {reason}.",
                "If it is data, fill in the columns that name the row.",
                "row-left-out",
            )

    def _note(self, message: str, mend: str, rule: str) -> None:
        self.findings.append(Finding(message, mend, CellPlace(self.sheet.title), rule=rule))


def _no_headers(sheet: Sheet) -> Finding:
    some = ", ".join(column.title for column in list(sheet.columns.values())[:4])
    return Finding(
        message="No row of this sheet holds its headers.",
        mend=f"Put the headers into a row above the data: {some} and so on.",
        place=CellPlace(sheet.title),
        rule="headers-missing",
    )


def _count(things: Sized, word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def _was(things: Sized) -> str:
    return "was" if len(things) == 1 else "were"


def _some(things: Iterable[object]) -> str:
    """Return a list of a few, and how many more."""
    words = list(map(str, things))
    more = len(words) - _MOST_NAMED
    return ", ".join(words[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


class _SettingsReader(_Reader):
    """Reads a sheet of settings: the name in the first column, the value in the second."""

    def __init__(
        self, sheet: Sheet, cells: CellSheet, order: str, findings: list[Finding], terms: Iterable[str]
    ) -> None:
        super().__init__(sheet, cells, order, findings)
        self.terms = set(terms)

    def read(self) -> Table:
        table = self.table
        values = {number: cells[VALUE_COLUMN] for number, cells in self.cells.rows if VALUE_COLUMN in cells}
        row = Row(0, {}, values)
        for number, cells in self.cells.rows:
            name = cells[1].shown.strip() if 1 in cells else ""
            key = setting(name, self.known, self.terms)
            if not key or matching(name) == matching(SETTING_HEADERS[0]):
                continue
            if key in table.columns:
                self.findings.append(self._twice(key, name, number))
                continue
            table.columns[key] = number
            table.headers[key] = name
            column = self.sheet.columns.get(key.partition(".")[0])
            if column is None:
                table.extra.add(key)
            if matching(name).startswith("terms") and key.rpartition(".")[2] not in self.terms:
                self.findings.append(self._no_term(name, key, number))
            if number in values:
                self.value(key, _Readings(column, self.order)[values[number]], row)
        table.rows.append(row)
        return table

    def _no_term(self, name: str, key: str, number: int) -> Finding:
        own = re.sub(r"^terms\W*|_", " ", key.replace(".", " ")).strip()
        close = nearest(own.replace(" ", "_"), self.terms)
        return Finding(
            message=f"'{name}' is none of the district's words.",
            mend=f"Did you mean terms.{close}?"
            if close
            else f"There are: {', '.join(f'terms.{term}' for term in sorted(self.terms))}.",
            place=CellPlace(self.sheet.title, f"A{number}", name),
            severity=Severity.WARNING,
            rule="term-unknown",
        )

    def _twice(self, key: str, name: str, number: int) -> Finding:
        return Finding(
            message=f"The setting '{name}' stands in B{self.table.columns[key]} already; this one was not read.",
            mend="Delete one of the two.",
            place=CellPlace(self.sheet.title, f"A{number}", name),
            rule="setting-twice",
        )
