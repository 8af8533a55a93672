"""Read OpenDocument spreadsheets (.ods, .fods), as LibreOffice and Google Sheets write them.

Elements and attributes are those of OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from iepdocs.text import shown as shown_as
from iepdocs.workbook.cells import CellSheet, Range, State
from iepdocs.workbook.encryption import UnknownProtection
from iepdocs.workbook.gather import ERRORS, MOST_COLUMNS, MOST_ROWS, Gather
from iepdocs.workbook.xmlstream import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iepdocs.workbook.cells import Cell

_NS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _STYLE, _TEXT = (f"{_NS}{name}:1.0}}" for name in ("table", "office", "style", "text"))
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SHEET, _SOURCE = f"{_TABLE}table", f"{_TABLE}table-source"
_ROW, _COLUMN, _LOOK = f"{_TABLE}table-row", f"{_TABLE}table-column", f"{_STYLE}table-properties"
_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_KIND, _FORMULA = f"{_OFFICE}value-type", f"{_TABLE}formula"
_ROWS_REPEATED, _COLUMNS_REPEATED = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_ROWS_SPANNED, _COLUMNS_SPANNED = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_VISIBILITY = f"{_TABLE}visibility"
_PARAGRAPH, _SPACES = f"{_TEXT}p", f"{_TEXT}s"
_BESIDE_THE_TEXT = {f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text"}
_SPACE, _TAB, _BREAK = "\x00\x01\x02"
"""White space that stands as an element, until that of the file itself is collapsed (section 6.1.2)."""
_OWN = str.maketrans({_SPACE: " ", _TAB: "\t", _BREAK: "\n"})
_MARKS = {f"{_TEXT}tab": _TAB, f"{_TEXT}line-break": _BREAK}
_SPACING = re.compile("[ \t\r\n]+")
_MOST_SPACES = 1_000_000
_DURATION = re.compile(r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d*)?)S)?)?")
_HOURS_AND_MINUTES = re.compile(r"(?<![:\d])\d{1,2}:(\d\d)(?![:\d])")
_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.datetime(1900, 1, 1)  # noqa: DTZ001  (a sheet's times have no zone)


def read_ods(data: bytes) -> list[CellSheet]:
    """Read an OpenDocument spreadsheet, packed or flat.

    What is shown is the text that the program stored beside each value. Of rows, only filled ones are named as
    hidden, and of merged cells only those with content: a file may repeat a blank one a million times.
    What covered cells hold is not read, since nobody sees it.

    Raises:
        UnknownProtection: where it is protected by a password.
        ValueError, or an error of lxml or zipfile: where it is damaged.
    """
    if not data.startswith(b"PK"):
        return _Reader().read(BytesIO(data))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise UnknownProtection("This OpenDocument spreadsheet is protected by a password.")
        if "content.xml" not in names:
            raise ValueError("This OpenDocument file has no content.")
        with archive.open("content.xml") as content:
            return _Reader().read(content)


class _Reader:
    """Reads the sheets of a content.xml, row by row."""

    def __init__(self) -> None:
        self.gather = Gather()
        self.sheets: list[CellSheet] = []
        self.sheet: CellSheet | None = None
        self.hidden_styles: set[str] = set()
        self.depth = self.row = self.column = self.spaces = 0

    def read(self, source: Any) -> list[CellSheet]:
        for event, element in events(source, _SHEET, _SOURCE, _ROW, _COLUMN, _LOOK):
            if element.tag == _SHEET:
                self._table(element, starts=event == "start")
            elif event == "start":
                continue
            elif element.tag == _LOOK and element.get(f"{_TABLE}display") == "false":
                self.hidden_styles.add(element.getparent().get(f"{_STYLE}name"))
            elif element.tag == _SOURCE:
                self.sheet = None  # a copy of another file's cells, kept for formulas
            elif self.sheet and self.depth == 1 and element.tag == _COLUMN:
                self._columns(element, self.sheet)
            elif self.sheet and self.depth == 1 and element.tag == _ROW:
                self._rows(element, self.sheet)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        return self.sheets

    def _table(self, element: Any, *, starts: bool) -> None:
        """Begin or end a sheet, or a table inside one, such as a chart's in a flat file, which is none."""
        self.depth += 1 if starts else -1
        if starts and self.depth == 1 and element.getparent().tag == f"{_OFFICE}spreadsheet":
            hidden = element.get(f"{_TABLE}style-name") in self.hidden_styles
            self.sheet = CellSheet(element.get(f"{_TABLE}name") or f"Sheet{len(self.sheets) + 1}", hidden=hidden)
            self.row = self.column = 1
        elif self.depth == 0:
            if self.sheet:
                self.sheets.append(self.sheet)
            self.sheet = None

    def _columns(self, element: Any, sheet: CellSheet) -> None:
        after = self.column + _count(element, _COLUMNS_REPEATED)
        if _is_hidden(element):
            sheet.hidden_columns.update(range(self.column, min(after, MOST_COLUMNS + 1)))
        self.column = after

    def _rows(self, element: Any, sheet: CellSheet) -> None:
        first, self.row = self.row, self.row + _count(element, _ROWS_REPEATED)
        rows = range(first, min(self.row, MOST_ROWS + 1))
        cells: dict[int, Cell] = {}
        spans: list[tuple[int, int, int]] = []
        column = 1
        for child in element.iterchildren(_CELL, _COVERED):
            after = column + _count(child, _COLUMNS_REPEATED)
            if child.tag == _CELL and (cell := self._cell(child)):
                cells.update(dict.fromkeys(range(column, min(after, MOST_COLUMNS + 1)), cell))
                high, wide = _count(child, _ROWS_SPANNED), _count(child, _COLUMNS_SPANNED)
                if high > 1 or wide > 1:
                    spans.append((column, high, wide))
            column = after
        if not cells:
            return
        self.gather.take(len(cells) * len(rows))
        sheet.rows.extend((row, cells) for row in rows)
        sheet.merged.extend(
            Range(row, left, row + high - 1, left + wide - 1) for row in rows for left, high, wide in spans
        )
        if _is_hidden(element):
            sheet.hidden_rows.update(rows)

    def _cell(self, element: Any) -> Cell | None:
        kind, formula = element.get(_KIND), element.get(_FORMULA)
        if not kind and not len(element):
            return self.gather.uncalculated() if formula else None
        shown = self._shown(element)
        if element.get(_CALC_TYPE) == "error" or (formula and shown in ERRORS.values()):
            return self.gather.error(shown)
        if read := _READERS.get(kind):
            attribute, typed = read
            written = element.get(f"{_OFFICE}{attribute}")
            if written is not None:
                return typed(self.gather, written, shown)
            if formula and not shown:
                return self.gather.uncalculated()
        exact = element.get(f"{_OFFICE}string-value", "")
        return self.gather.text(exact if not shown or exact.split() == shown.split() else shown)

    def _shown(self, cell: Any) -> str:
        if len(cell) == 1 and cell[0].tag == _PARAGRAPH and not len(cell[0]):  # as nearly all are
            return _SPACING.sub(" ", cell[0].text or "").removeprefix(" ")
        paragraphs = ("".join(self._words(paragraph)) for paragraph in cell.iterchildren(_PARAGRAPH))
        return "\n".join(_SPACING.sub(" ", text).removeprefix(" ").translate(_OWN) for text in paragraphs)

    def _words(self, element: Any) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            if child.tag == _SPACES:
                count = _count(child, f"{_TEXT}c")
                self.spaces += count
                if self.spaces > _MOST_SPACES:
                    raise ValueError("This spreadsheet holds more spaces than any real one.")
                yield _SPACE * count
            elif mark := _MARKS.get(child.tag):
                yield mark
            elif isinstance(child.tag, str) and child.tag not in _BESIDE_THE_TEXT:
                yield from self._words(child)
            yield child.tail or ""


def _count(element: Any, attribute: str) -> int:
    written = element.get(attribute)
    return 1 if written is None else min(max(int(written), 1), MOST_ROWS)


def _is_hidden(element: Any) -> bool:
    return element.get(_VISIBILITY) in {"collapse", "filter"}


def _number(gather: Gather, written: str, shown: str) -> Cell:
    if not shown:
        return gather.number(float(written))
    number = float(written)
    if shown in {"TRUE", "FALSE"}:  # as LibreOffice writes what it took over from Excel
        return gather.boolean(number)
    return gather.cell(int(number) if number.is_integer() else number, shown)


def _percentage(gather: Gather, written: str, shown: str) -> Cell:
    percent = float(f"{float(written) * 100:.15g}")
    return _number(gather, repr(percent), shown or f"{percent:.15g}%")


def _date(gather: Gather, written: str, shown: str) -> Cell:
    try:
        moment = dt.datetime.fromisoformat(written).replace(tzinfo=None)
        moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    except (ValueError, OverflowError):
        return gather.cell(None, shown or written, State.IMPOSSIBLE_DATE)
    moment = moment.replace(second=_seconds(moment, shown))
    has_time = ":" in shown if shown else moment.time() != dt.time()
    value = moment if has_time else moment.date()
    return gather.cell(value, shown or shown_as(value))


def _time(gather: Gather, written: str, shown: str) -> Cell:
    match = _DURATION.fullmatch(written)
    if not match:
        raise ValueError("A time in this spreadsheet is none.")
    sign, days, hours, minutes, seconds = match.groups(default="0")
    length = dt.timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=round(float(seconds)))
    if sign == "-":
        length = -length
    if not dt.timedelta() <= length < _DAY:
        return gather.cell(length, shown or str(length))
    time = (_MIDNIGHT + length).time()
    time = time.replace(second=_seconds(time, shown))
    return gather.cell(time, shown or str(time))


def _seconds(time: dt.time | dt.datetime, shown: str) -> int:
    """Return the seconds of a time, or none if only its hour and minute are shown."""
    match = _HOURS_AND_MINUTES.search(shown)
    return 0 if match and int(match[1]) == time.minute else time.second


def _boolean(gather: Gather, written: str, shown: str) -> Cell:
    value = written == "true"
    return gather.cell(value, shown or str(value).upper())


_READERS: dict[str | None, tuple[str, Callable[[Gather, str, str], Cell]]] = {
    "float": ("value", _number),
    "currency": ("value", _number),
    "percentage": ("value", _percentage),
    "date": ("date-value", _date),
    "time": ("time-value", _time),
    "boolean": ("boolean-value", _boolean),
}
