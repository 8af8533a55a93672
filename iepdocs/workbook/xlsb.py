"""Read binary Excel workbooks (.xlsb), record by record, by [MS-XLSB] sections 2.1.4 and 2.4."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from iepdocs.workbook.cells import CellSheet, Range
from iepdocs.workbook.formats import BUILTIN
from iepdocs.workbook.gather import ERRORS, GENERAL, MOST_COLUMNS, MOST_ROWS, Gather
from iepdocs.workbook.xmlstream import events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iepdocs.workbook.cells import Cell

_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = range(8, 12)
_SHORT = range(12, 19)
"""Cells without a column number, each right of the one before; else like the kinds from `_BLANK` to `_SHARED`."""
_SHORT_TO_LONG = 11
_STRING, _FORMAT, _STYLE, _COLUMN, _RICH = 19, 44, 47, 60, 62
_WORKBOOK, _SHEET, _MERGED, _STYLES_BEGIN, _STYLES_END = 153, 156, 176, 617, 618
_CELLS = {*range(_BLANK, _SHORT.stop), _RICH}
_ROW_HIDDEN = 0x10
_NULL = 0xFFFFFFFF
_SHORT_INT, _LONG, _DOUBLE = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d")
_TWO_LONGS, _FOUR_LONGS = struct.Struct("<2I"), struct.Struct("<4I")
_MOST_BYTES = 1 << 28
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_xlsb(data: bytes) -> list[CellSheet]:
    """Read a binary Excel workbook; sheets of charts and macros are left out.

    Formulas always carry a result in this format, so none is uncalculated.

    Raises:
        ValueError, or an error of zipfile or lxml: where the file is damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive)
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError("This binary workbook is damaged.") from error


def _read(archive: zipfile.ZipFile) -> list[CellSheet]:
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    book = next((name for name in names if name.endswith("workbook.bin")), None)
    if book is None:
        raise ValueError("This file holds no binary workbook.")
    folder = dirname(book)
    targets = _targets(archive.read(names[f"{folder}/_rels/workbook.bin.rels".lstrip("/")]), folder)
    kinds = dict(targets.values())

    def part(path: str | None) -> bytes:
        if path not in names:
            return b""
        if archive.getinfo(names[path]).file_size > _MOST_BYTES:
            raise ValueError("A part of this binary workbook is larger than that of any real one.")
        return archive.read(names[path])

    date1904, listed = _sheets(part(book))
    reader = _SheetReader(_strings(part(kinds.get("sharedStrings"))), _codes(part(kinds.get("styles"))), date1904)
    sheets = []
    for title, hidden, relation in listed:
        kind, path = targets.get(relation, ("", ""))
        if kind == "worksheet":
            sheets.append(reader.read(part(path), CellSheet(title, hidden=hidden)))
    return sheets


def _targets(relations: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """Return the last word of the type, and the path, of what a workbook refers to, by its relation's id."""
    found = {}
    for event, element in events(BytesIO(relations), _RELATION):
        if event == "end" and element.get("TargetMode") != "External":
            target = element.get("Target", "")
            path = normpath(target.lstrip("/") if target.startswith("/") else join(folder, target)).lower()
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], path)
    return found


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the records of a part: their kind, where the content starts and where it ends (section 2.1.4)."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004  (the highest bit says that there is more)
                break
        if at + size > end:
            raise ValueError("This binary workbook ends before it should.")
        yield kind, at, at + size
        at += size


def _text(data: bytes, at: int, end: int) -> tuple[str, int]:
    """Return a text and where it ends (XLWideString; a null one is empty)."""
    (length,) = _LONG.unpack_from(data, at)
    if length == _NULL:
        return "", at + 4
    after = at + 4 + 2 * length
    if after > end:
        raise ValueError("A text in this binary workbook is longer than its place.")
    return data[at + 4 : after].decode("utf-16-le", "replace"), after


def _sheets(data: bytes) -> tuple[bool, list[tuple[str, bool, str]]]:
    """Return whether dates count from 1904, and each sheet's title, whether it is hidden, and its relation's id."""
    date1904, sheets = False, []
    for kind, at, end in _records(data):
        if kind == _WORKBOOK:
            date1904 = bool(data[at] & 1)
        elif kind == _SHEET:
            relation, after = _text(data, at + 8, end)
            sheets.append((_text(data, after, end)[0], _LONG.unpack_from(data, at)[0] != 0, relation))
    return date1904, sheets


def _strings(data: bytes) -> list[str]:
    return [_text(data, at + 1, end)[0] for kind, at, end in _records(data) if kind == _STRING]


def _codes(data: bytes) -> list[str]:
    """Return the number formats of a workbook's cell styles, in their order."""
    formats, styles, inside = dict(BUILTIN), [], False
    for kind, at, end in _records(data):
        if kind == _FORMAT:
            formats[_SHORT_INT.unpack_from(data, at)[0]] = _text(data, at + 2, end)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            styles.append(_SHORT_INT.unpack_from(data, at + 2)[0])
    return [formats.get(number, GENERAL) for number in styles]


class _SheetReader:
    """Reads the sheets of one workbook."""

    def __init__(self, strings: list[str], codes: list[str], date1904: bool) -> None:  # noqa: FBT001
        self.strings = strings
        self.codes = codes
        self.gather = Gather(date1904=date1904)

    def read(self, data: bytes, sheet: CellSheet) -> CellSheet:
        rows: dict[int, dict[int, Cell]] = {}
        cells: dict[int, Cell] = {}
        column = -1
        for kind, at, end in _records(data):
            if kind == _ROW:
                row, column = _LONG.unpack_from(data, at)[0] + 1, -1
                if row > MOST_ROWS:
                    raise ValueError("A sheet of this binary workbook has more rows than Excel allows.")
                cells = rows.setdefault(row, {})
                if data[at + 11] & _ROW_HIDDEN:
                    sheet.hidden_rows.add(row)
            elif kind in _CELLS:
                short = kind in _SHORT
                column = column + 1 if short else _LONG.unpack_from(data, at)[0]
                start = at if short else at + 4
                cell = self._cell(kind - _SHORT_TO_LONG if short else kind, data, start, end)
                if cell and column < MOST_COLUMNS:
                    self.gather.take(1)
                    cells[column + 1] = cell
            elif kind == _MERGED:
                top, bottom, left, right = _FOUR_LONGS.unpack_from(data, at)
                sheet.merged.append(Range(top + 1, left + 1, bottom + 1, right + 1))
            elif kind == _COLUMN and data[at + 16] & 1:
                first, last = _TWO_LONGS.unpack_from(data, at)
                sheet.hidden_columns.update(range(first + 1, min(last + 2, MOST_COLUMNS + 1)))
        sheet.rows = [(row, dict(sorted(rows[row].items()))) for row in sorted(rows) if rows[row]]
        return sheet

    def _cell(self, kind: int, data: bytes, at: int, end: int) -> Cell | None:
        """Return the cell whose style is at this place and its content right behind it."""
        style = _LONG.unpack_from(data, at)[0] & 0xFFFFFF
        code = self.codes[style] if style < len(self.codes) else GENERAL
        at += 4
        if kind in (_REAL, _FORMULA_NUMBER):
            return self.gather.number(_DOUBLE.unpack_from(data, at)[0], code)
        if kind == _RK:
            return self.gather.number(_packed(_LONG.unpack_from(data, at)[0]), code)
        if kind == _SHARED:
            return self.gather.text(self.strings[_LONG.unpack_from(data, at)[0]], code)
        if kind in (_TEXT, _FORMULA_TEXT, _RICH):
            return self.gather.text(_text(data, at + (kind == _RICH), end)[0], code)
        if kind in (_BOOL, _FORMULA_BOOL):
            return self.gather.boolean(data[at])
        if kind in (_ERROR, _FORMULA_ERROR):
            return self.gather.error(ERRORS.get(data[at], "#N/A"))
        return None


def _packed(bits: int) -> float:
    """Return a number that is packed into 30 bits (RkNumber, section 2.5.123)."""
    number: float = (
        (bits >> 2) - (bits >> 31 << 30) if bits & 2 else _DOUBLE.unpack(_LONG.pack(0) + _LONG.pack(bits & ~3))[0]
    )
    return number / 100 if bits & 1 else number
