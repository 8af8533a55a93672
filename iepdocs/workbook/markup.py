"""Read workbooks that are markup: web pages that carry the ending .xls, and XML spreadsheets of Excel 2003."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from iepdocs.workbook.cells import CellSheet, Range, State
from iepdocs.workbook.gather import GENERAL, MOST_COLUMNS, MOST_ROWS, Gather, decoded
from iepdocs.workbook.xmlstream import events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iepdocs.workbook.cells import Cell

_CHARSET = re.compile(
    rb"""charset\s*=\s*["']?(utf-8|windows-\d+|iso-8859-\d+|macintosh|shift_jis|gb\w+|big5|euc-\w+)""", re.IGNORECASE
)
_AS_BROWSERS_DO = {b"iso-8859-1": "cp1252"}
_SHEET_NAME = re.compile(r"<x:Name>([^<]*)</x:Name>")
"""Excel writes the sheets' names into a comment."""
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_BLOCKS = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
_NO_TEXT = {"script", "style", "table", "template", "noscript", "title"}
_LOOK_AT = 4096
_MOST_TAGS = 2_000_000
_BREAK, _BLOCK = "\x00\x01"
"""Line breaks, and the edges of blocks, of which several are one, until the white space of the file is collapsed."""
_BLANK = "\xa0"
"""What programs put into a cell that shall be blank."""
_WIDEST, _HIGHEST = 1000, 65_534
"""As browsers bound spans (HTML 4.9.12)."""

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (a sheet's dates have no time zone)
_LEAP_BUG = 61
"""From March 1, 1900 on Excel counts a day too many."""
_FROM_1904 = 1462
_NAMED_FORMATS = {
    "General Number": GENERAL,
    "General Date": "m/d/yyyy h:mm",
    "Long Date": "dddd, mmmm d, yyyy",
    "Medium Date": "d-mmm-yy",
    "Short Date": "m/d/yyyy",
    "Long Time": "h:mm:ss AM/PM",
    "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm",
    "Currency": "$#,##0.00_);[Red]($#,##0.00)",
    "Euro Currency": "[$€-2]\\ #,##0.00",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
"""Formats that the file may name in words (XML Spreadsheet Reference, ss:Format)."""


def read_html(data: bytes) -> list[CellSheet]:
    """Read a web page: each table with text is a sheet, its cells as they are shown.

    Columns are counted as a browser lays them out. A sheet is named by the table's caption, the name that Excel
    gave it, its id or its number.

    Raises:
        ValueError: where no table of the page holds text, or it cannot be read.
    """
    from lxml import etree  # noqa: PLC0415  (heavy: only for the files that need it)

    text = decoded(
        data, (_AS_BROWSERS_DO.get(name.lower(), name.decode()) for name in _CHARSET.findall(data[:_LOOK_AT]))
    )
    if text.count("<") > _MOST_TAGS:
        raise ValueError("This web page is longer than any real one.")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    page = etree.fromstring(text.encode("utf-8", "replace"), parser)
    tables = [] if page is None else list(page.iter("table"))
    names: list[str | None] = _SHEET_NAME.findall(text)
    if len(names) != len(tables):
        names = [None] * len(tables)
    gather = Gather()
    sheets = []
    for number, (table, name) in enumerate(zip(tables, names, strict=True), 1):
        caption = next((_words(child) for child in table.iterchildren("caption")), "")
        sheet = CellSheet(caption or name or table.get("id") or f"Table {number}", hidden=_is_unseen(table))
        _TableReader(sheet, gather).read(table)
        if sheet.rows:
            sheets.append(sheet)
    if not sheets:
        raise ValueError("This web page holds no table.")
    return sheets


def _is_unseen(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_UNSEEN.search(element.get("style", "")))


def _words(element: Any) -> str:
    """Return an element's text as shown: white space of the file is one space, breaks and blocks are line breaks."""
    text = re.sub(r"[ \t\r\n\f]+", " ", "".join(_pieces(element)))
    text = re.sub(f" ?{_BLOCK}[ {_BLOCK}]*", _BREAK, text.strip(f" {_BLOCK}"))
    shown = "\n".join(line.strip(" ") for line in text.split(_BREAK))
    return "" if shown == _BLANK else shown


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        tag = child.tag
        if tag == "br":
            yield _BREAK
        elif isinstance(tag, str) and tag not in _NO_TEXT and not _is_unseen(child):
            edge = _BLOCK if tag in _BLOCKS else ""
            yield edge
            yield from _pieces(child)
            yield edge
        yield child.tail or ""


class _TableReader:
    """Lays out the cells of one table."""

    def __init__(self, sheet: CellSheet, gather: Gather) -> None:
        self.sheet = sheet
        self.gather = gather
        self.taken: dict[int, int] = {}
        """The last row that a cell from above takes up, by column."""

    def read(self, table: Any) -> None:
        column = 1
        for col in (col for part in table.iterchildren("col", "colgroup") for col in part.iter("col")):
            after = column + _span(col, "span", _WIDEST)
            if _is_unseen(col):
                self.sheet.hidden_columns.update(range(column, min(after, MOST_COLUMNS + 1)))
            column = after
        parts = [part for part in table if part.tag in {"thead", "tbody", "tfoot", "tr"}]
        rows = (row for part in parts for row in ([part] if part.tag == "tr" else part.iterchildren("tr")))
        for number, row in enumerate(rows, 1):
            self._row(row, number)
            if _is_unseen(row) or _is_unseen(row.getparent()):
                self.sheet.hidden_rows.add(number)

    def _row(self, row: Any, number: int) -> None:
        cells: dict[int, Cell] = {}
        column = 1
        for element in row.iterchildren("td", "th"):
            while self.taken.get(column, 0) >= number:
                self.gather.take(1)
                column += 1
            wide = _span(element, "colspan", _WIDEST)
            high = _span(element, "rowspan", _HIGHEST)
            if column + wide > MOST_COLUMNS:
                raise ValueError("A table of this page has more columns than Excel allows.")
            self.gather.take(wide)
            if high > 1:
                self.taken.update(dict.fromkeys(range(column, column + wide), number + high - 1))
            cell = self.gather.text(_words(element))
            if cell:
                cells[column] = cell
                if wide > 1 or high > 1:
                    self.sheet.merged.append(Range(number, column, number + high - 1, column + wide - 1))
            if _is_unseen(element):
                self.sheet.hidden_columns.add(column)
            column += wide
        if cells:
            self.sheet.rows.append((number, cells))


def _span(element: Any, attribute: str, most: int) -> int:
    written = element.get(attribute, "1").strip()
    return min(max(int(written), 1), most) if written.isdecimal() and len(written) <= len(str(most)) else 1


def read_xml2003(data: bytes) -> list[CellSheet]:
    """Read an XML spreadsheet of Excel 2003 (SpreadsheetML, `urn:schemas-microsoft-com:office:spreadsheet`).

    Raises:
        ValueError, or an error of lxml: where it is damaged.
    """
    return _Xml2003Reader().read(BytesIO(data))


class _Xml2003Reader:
    def __init__(self) -> None:
        self.gather = Gather()
        self.sheets: list[CellSheet] = []
        self.codes: dict[str | None, str] = {}
        self.styles_of_columns: dict[int, str] = {}
        self.row = self.column = 1
        self.style: str | None = None

    def read(self, source: Any) -> list[CellSheet]:
        parts = ("Worksheet", "Table", "Column", "Row", "Style")
        tags = {f"{_SS}{name}": name for name in parts}
        tags |= {f"{_EXCEL}Visible": "Visible", f"{_EXCEL}Date1904": "Date1904"}
        for event, element in events(source, *tags):
            name = tags[element.tag]
            if event == "start":
                if name == "Worksheet":
                    title = element.get(f"{_SS}Name") or f"Sheet{len(self.sheets) + 1}"
                    self.sheets.append(CellSheet(title))
                elif name == "Table":
                    self.row = self.column = 1
                    self.styles_of_columns, self.style = {}, element.get(f"{_SS}StyleID")
            elif name == "Style":
                self._style(element)
            elif name == "Date1904":
                self.gather.date1904 = True
            elif self.sheets:
                self._part(name, element, self.sheets[-1])
        return self.sheets

    def _part(self, name: str, element: Any, sheet: CellSheet) -> None:
        if name == "Visible":
            sheet.hidden = (element.text or "").strip() in {"SheetHidden", "SheetVeryHidden"}
        elif name == "Column":
            self._columns(element, sheet)
        elif name == "Row":
            self._cells(element, sheet)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _style(self, element: Any) -> None:
        inherited = self.codes.get(element.get(f"{_SS}Parent"), self.codes.get("Default", GENERAL))
        written = next((child.get(f"{_SS}Format") for child in element.iterchildren(f"{_SS}NumberFormat")), None)
        code = inherited if written is None else written
        self.codes[element.get(f"{_SS}ID")] = _NAMED_FORMATS.get(code, code)

    def _columns(self, element: Any, sheet: CellSheet) -> None:
        first = _index(element, self.column, MOST_COLUMNS)
        self.column = min(first + _more(element, "Span"), MOST_COLUMNS) + 1
        if element.get(f"{_SS}Hidden") == "1":
            sheet.hidden_columns.update(range(first, self.column))
        if style := element.get(f"{_SS}StyleID"):
            self.styles_of_columns |= dict.fromkeys(range(first, self.column), style)

    def _cells(self, element: Any, sheet: CellSheet) -> None:
        row = _index(element, self.row, MOST_ROWS)
        self.row = row + 1 + _more(element, "Span")
        style = element.get(f"{_SS}StyleID")
        cells: dict[int, Cell] = {}
        after = 1
        for child in element.iterchildren(f"{_SS}Cell"):
            column = _index(child, after, MOST_COLUMNS)
            wide, high = _more(child, "MergeAcross"), _more(child, "MergeDown")
            after = column + 1 + wide
            own = child.get(f"{_SS}StyleID") or style or self.styles_of_columns.get(column) or self.style
            cell = self._cell(child, self.codes.get(own, self.codes.get("Default", GENERAL)))
            if cell:
                cells[column] = cell
            if wide or high:
                sheet.merged.append(Range(row, column, row + high, column + wide))
        if element.get(f"{_SS}Hidden") == "1":
            sheet.hidden_rows.add(row)
        if cells:
            self.gather.take(len(cells))
            sheet.rows.append((row, cells))

    def _cell(self, element: Any, code: str) -> Cell | None:
        data = next(element.iterchildren(f"{_SS}Data"), None)
        if data is None:
            return self.gather.uncalculated() if element.get(f"{_SS}Formula") else None
        text = "".join(data.itertext())
        kind = data.get(f"{_SS}Type")
        if kind == "Number" and text.strip():
            return self.gather.number(float(text), code)
        if kind == "DateTime":
            return self._date(text, code)
        if kind == "Boolean":
            return self.gather.boolean(text.strip() == "1")
        if kind == "Error":
            return self.gather.error(text)
        return self.gather.text(text, code)

    def _date(self, text: str, code: str) -> Cell:
        try:
            moment = dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
        except ValueError:
            return self.gather.cell(None, text, State.IMPOSSIBLE_DATE)
        days = (moment - _EPOCH).total_seconds() / 86_400
        if self.gather.date1904:
            days -= _FROM_1904
        elif days < _LEAP_BUG:
            days -= 1
        return self.gather.number(days, "m/d/yyyy" if code == GENERAL else code)


def _index(element: Any, otherwise: int, most: int) -> int:
    index = int(element.get(f"{_SS}Index", otherwise))
    if not 0 < index <= most:
        raise ValueError("This spreadsheet has more rows or columns than Excel allows.")
    return index


def _more(element: Any, attribute: str) -> int:
    return min(max(int(element.get(f"{_SS}{attribute}", 0)), 0), MOST_ROWS)
