"""Read an Excel workbook (.xlsx, .xlsm; Transitional and Strict Office Open XML, ECMA-376 part 1, chapter 18).

A sheet written the way Excel and its kin write is cut at its rows and cells, and each distinct cell is read once.
Rows and sheets of any other shape that XML allows are read by a parser.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from typing import TYPE_CHECKING, Any

from lxml import etree

from iepdocs.workbook.cells import Cell, CellSheet, Range, State, column_of
from iepdocs.workbook.formats import BUILTIN, number_cell, text_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
"""As many as a sheet of Excel has: a file may claim more."""
_MOST_KNOWN = 400_000
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = {"1", "true", "on"}

_SHEET_DATA = re.compile(rb"<sheetData>(.*)</sheetData>|<sheetData/>", re.DOTALL)
_UTF8 = re.compile(rb"(\xef\xbb\xbf)?\s*(<[^?]|<\?xml(?![^>]*encoding=(?![\"']utf-8[\"'])))", re.IGNORECASE)
_ROW = re.compile(rb'r="([1-9][0-9]{0,6})"[^<]*')
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_LETTERS = re.compile(rb"[A-Z]{1,3}")
_NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?\s*")
_EXACT = 1e15
"""From here on a float is no longer exact to the unit in fifteen digits."""
_CELL = re.compile(
    rb'(?: s="(?P<style>[0-9]+)")?(?: t="(?P<type>[A-Za-z]+)")?(?: [cv]m="[0-9]+")*'
    rb"(?:/>|>(?P<formula><f(?: [^<>]*)?(?:/>|>[^<]*</f>))?(?:<v(?: [^<>]*)?>(?P<value>[^<]*)</v>)?"
    rb"(?:<is><t(?: [^<>]*)?>(?P<inline>[^<]*)</t></is>)?</c>)\s*"
)


class _OddShapeError(Exception):
    """The sheet, or a row of it, is not written the usual way."""


def read_xlsx(package: bytes) -> list[CellSheet]:
    """Read the worksheets of a workbook.

    Args:
        package: the file's bytes, already held against zip bombs.

    Returns:
        The worksheets in order; chart sheets and macro sheets are left out.

    Raises:
        ValueError: where the package is no workbook; zipfile's and lxml's errors where it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return list(_Book(archive).sheets())


def has_macros(package: bytes) -> bool:
    """Tell whether a package is an .xlsm: Excel opens it under no other ending."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return b"macroEnabled" in archive.read("[Content_Types].xml")


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.parts = {name.lower(): name for name in archive.namelist()}
        self.main = _first("officeDocument", self.related("")) or "xl/workbook.xml"
        self.relations = self.related(self.main)
        self.workbook = self.tree(self.main)
        if etree.QName(self.workbook).localname != "workbook":
            raise ValueError("no workbook")
        properties = self.workbook.find("{*}workbookPr")
        self.date1904 = properties is not None and _is_true(properties, "date1904")
        self.formats = self.number_formats()
        self.strings = self.shared_strings()
        self.known: dict[bytes, Cell | None] = {}
        self.cuts: dict[bytes, tuple[Cell | None, int]] = {}

    def part(self, path: str) -> bytes:
        return self.archive.read(self.parts.get(path.lower(), path))

    def tree(self, path: str) -> etree._Element:
        root: etree._Element = etree.fromstring(self.part(path), etree.XMLParser(**_SAFE))
        _refuse_doctype(root)
        return root

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Return `{relationship id: (kind, path of the part)}` of a part, or of the package for ''."""
        folder, name = posixpath.split(path)
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        if relations.lower() not in self.parts:
            return {}
        found = {}
        for one in self.tree(relations).iterfind("{*}Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            if target.lower() in self.parts:
                found[one.get("Id", "")] = one.get("Type", "").rpartition("/")[2], target
        return found

    def number_formats(self) -> list[str | None]:
        """Return the number format of each cell style, by its index; a broken part is read as far as it goes."""
        path = _first("styles", self.relations)
        styles = etree.fromstring(self.part(path), etree.XMLParser(recover=True, **_SAFE)) if path else None
        if styles is None:
            return []
        codes: dict[str, str | None] = {str(number): code for number, code in BUILTIN.items()}
        codes |= {one.get("numFmtId", ""): one.get("formatCode") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
        return [codes.get(one.get("numFmtId", "0")) for one in styles.iterfind("{*}cellXfs/{*}xf")]

    def shared_strings(self) -> list[str]:
        path = _first("sharedStrings", self.relations)
        return [_text_in(item) for item in _elements(self.part(path), "si")] if path else []

    def sheets(self) -> Iterator[CellSheet]:
        for sheet in self.workbook.iterfind("{*}sheets/{*}sheet"):
            identity = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            kind, path = self.relations.get(identity, ("", ""))
            if kind == "worksheet":
                found = CellSheet(sheet.get("name", ""), hidden=sheet.get("state", "visible") != "visible")
                self.fill(found, self.part(path))
                yield found

    def fill(self, sheet: CellSheet, data: bytes) -> None:
        """Read a sheet's part: its rows cut where that can be done, and the rest parsed."""
        # each "!" is looked for and not "<!": "<" is all over
        has_more = any(part.endswith(b"<") for part in data.split(b"!"))
        rows = _SHEET_DATA.search(data) if not has_more and _UTF8.match(data) else None
        if rows:
            try:
                self.cut(sheet, rows[1] or b"")
            except (_OddShapeError, etree.XMLSyntaxError):
                sheet.rows.clear()
                sheet.hidden_rows.clear()
            else:
                data = data[: rows.start()] + data[rows.end() :]
        self.parse(sheet, data)

    def cut(self, sheet: CellSheet, data: bytes) -> None:
        """Cut the rows at the markup of rows and cells, and read each distinct cell once.

        Raises:
            _OddShapeError: where the markup of rows is not what Excel writes.
            etree.XMLSyntaxError: where a row cannot be read alone.
        """
        before, *chunks = data.split(b"<row ")
        if before.strip():
            raise _OddShapeError
        for chunk in chunks:
            head, _, body = chunk.partition(b">")
            match = _ROW.fullmatch(head)
            if not match:
                raise _OddShapeError
            number = int(match[1])
            if b"hidden=" in head and re.search(rb'hidden="(1|true)"', head):
                sheet.hidden_rows.add(number)
            body = body.rstrip()
            if body == b"</row>" or (not body and head.endswith(b"/")):
                continue
            if not body.endswith(b"</row>"):
                raise _OddShapeError
            try:
                cells = self.cells_cut(body[:-6], match[1] + b'"')
            except _OddShapeError:
                cells = self.cells_in(etree.fromstring(b"<row>" + body, etree.XMLParser(**_SAFE)))
            if cells:
                sheet.rows.append((number, cells))

    def cells_cut(self, row: bytes, row_number: bytes) -> dict[int, Cell]:
        """Cut a row at the ends of its cells' addresses: a piece is the rest of a cell and the letters of the next."""
        before, *pieces = row.split(row_number)
        blank, _, letters = before.partition(b'<c r="')
        if blank.strip():
            raise _OddShapeError
        column = _COLUMNS[letters]
        known = self.cuts
        cells: dict[int, Cell] = {}
        for piece in pieces:
            try:
                cell, following = known[piece]
            except KeyError:
                cell, following = self.learn(piece)
            if cell is not None:
                cells[column] = cell
            column = following
        if column or 0 in cells:
            raise _OddShapeError
        return cells

    def learn(self, piece: bytes) -> tuple[Cell | None, int]:
        """Read what follows a cell's address, and the column of the next; 0 where the row ends."""
        rest, begun, letters = piece.partition(b'<c r="')
        if rest in self.known:
            cell = self.known[rest]
        else:
            match = _CELL.fullmatch(rest)
            if not match:
                raise _OddShapeError
            style, kind, formula, value, inline = match.groups()
            cell = self.cell(int(style or 0), (kind or b"n").decode(), _decoded(value), _decoded(inline), bool(formula))
        found = cell, _COLUMNS[letters] if begun else 0
        if len(self.cuts) < _MOST_KNOWN:
            self.known[rest], self.cuts[piece] = cell, found
        return found

    def parse(self, sheet: CellSheet, data: bytes) -> None:
        """Read what a part holds by a parser; a row or cell without an address follows the one before."""
        number = 0
        for element in _elements(data, "row", "col", "mergeCell"):
            name = etree.QName(element).localname
            if name == "mergeCell":
                sheet.merged += _range(element.get("ref", ""))
            elif name == "col":
                if _is_true(element, "hidden"):
                    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                    sheet.hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))
            else:
                number = int(element.get("r") or number + 1)
                if number > _LAST_ROW:
                    raise ValueError
                if _is_true(element, "hidden"):
                    sheet.hidden_rows.add(number)
                if cells := self.cells_in(element):
                    sheet.rows.append((number, cells))

    def cells_in(self, row: etree._Element) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = 0
        for element in row.iterfind("{*}c"):
            address = element.get("r")
            column = _COLUMNS[address.rstrip("0123456789").encode()] if address else column + 1
            value, inline = element.find("{*}v"), element.find("{*}is")
            cell = self.cell(
                int(element.get("s") or 0),
                element.get("t") or "n",
                None if value is None else "".join(value.itertext()),
                None if inline is None else _text_in(inline),
                element.find("{*}f") is not None,
            )
            if cell is not None:
                cells[column] = cell
        return cells

    def cell(self, style: int, kind: str, value: str | None, inline: str | None, formula: bool) -> Cell | None:  # noqa: FBT001
        """Return what a cell holds (18.3.1.4), or None if it is blank.

        Args:
            style: the index of its style.
            kind: the type of its value (18.18.11).
            value: the text of its `v` element, where it has one.
            inline: its inline text, where it has one.
            formula: whether it has a formula.
        """
        code = self.formats[style] if style < len(self.formats) else None
        if kind == "inlineStr" and inline is not None:
            return _text_cell(inline, code)
        if value is None or (not value and kind != "str"):
            return Cell(None, "", State.UNCALCULATED) if formula else None
        if kind == "s":
            return _text_cell(self.strings[int(value)], code)
        if kind == "b":
            return Cell(True, "TRUE") if value in _TRUE else Cell(False, "FALSE")  # noqa: FBT003
        if kind == "e":
            return Cell(None, value, State.ERROR)
        if kind == "d":
            return number_cell(_serial(value, date1904=self.date1904), code or "m/d/yyyy", date1904=self.date1904)
        if kind == "n" and _NUMBER.fullmatch(value):
            number = float(value)
            whole = number.is_integer() and abs(number) < _EXACT
            return number_cell(int(number) if whole else number, code, date1904=self.date1904)
        return _text_cell(value, code)


def _text_cell(text: str, code: str | None) -> Cell | None:
    text = _as_typed(text)
    return text_cell(text, code) if text else None


def _as_typed(text: str) -> str:
    """Undo the escapes of what XML cannot hold (22.9.2.19), and make each line break one character."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoded(raw: bytes | None) -> str | None:
    """Return text as XML means it."""
    if raw is None or (b"&" not in raw and b"\r" not in raw):
        return raw if raw is None else raw.decode()
    return etree.fromstring(b"<t>" + raw + b"</t>", etree.XMLParser(**_SAFE)).text or ""


def _text_in(element: etree._Element) -> str:
    """Return the text of a string item (18.4.8), plain or rich, without its phonetic runs."""
    runs = [run for run in element if etree.QName(run).localname in {"t", "r"}]
    texts = [run if etree.QName(run).localname == "t" else run.find("{*}t") for run in runs]
    return "".join("".join(text.itertext()) for text in texts if text is not None)


def _serial(text: str, *, date1904: bool) -> float:
    """Return the number of days that stands for a date of ISO 8601, as a Strict workbook may have it."""
    moment = dt.datetime.fromisoformat(text.removesuffix("Z"))
    start = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001
    return (moment - start) / dt.timedelta(days=1)


def _elements(data: bytes, *names: str) -> Iterator[etree._Element]:
    """Yield elements by their names in any namespace, each forgotten after it was used."""
    for _, element in etree.iterparse(io.BytesIO(data), tag=[f"{{*}}{name}" for name in names], **_SAFE):
        _refuse_doctype(element)
        yield element
        element.clear()
        while (previous := element.getprevious()) is not None and (parent := element.getparent()) is not None:
            parent.remove(previous)


def _refuse_doctype(element: etree._Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise ValueError("a document type declaration")


def _is_true(element: etree._Element, name: str) -> bool:
    return element.get(name, "").lower() in _TRUE


def _first(kind: str, relations: dict[str, tuple[str, str]]) -> str | None:
    return next((path for of, path in relations.values() if of == kind), None)


def _range(reference: str) -> list[Range]:
    match = _RANGE.fullmatch(reference)
    if not match:
        return []
    first, last = column_of(match[1]), column_of(match[3])
    return [Range(int(match[2]), first, int(match[4]), last)]


class _Columns(dict[bytes, int]):
    """Column numbers by their letters, each worked out once."""

    def __missing__(self, letters: bytes) -> int:
        number = column_of(letters.decode()) if _LETTERS.fullmatch(letters) else 0
        if not 1 <= number <= _LAST_COLUMN:
            raise _OddShapeError
        self[letters] = number
        return number


_COLUMNS = _Columns()
