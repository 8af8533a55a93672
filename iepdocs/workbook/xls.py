"""Read .xls, the workbooks of Excel 2003 and before, with xlrd."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iepdocs.workbook.cells import CellSheet, Range
from iepdocs.workbook.formats import BUILTIN
from iepdocs.workbook.gather import ERRORS, GENERAL, Gather

if TYPE_CHECKING:
    from iepdocs.workbook.cells import Cell

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHORT_DATES = (14, 22)
"""These follow the computer, whatever the file says; xlrd has them with a year of two digits."""
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = _FILLED = range(1, 6)
"""The kinds of cells by xlrd's numbers; the rest are blank."""
_CODE_OF_KIND = {_DATE: "m/d/yyyy"}


def read_xls(data: bytes) -> list[CellSheet]:
    """Read an Excel workbook of the binary kinds from version 2 to 2003.

    Formulas always carry a result in this format, so none is uncalculated.

    Raises:
        ValueError, or an error of xlrd: where the file is damaged.
    """
    stream = workbook_stream(data)
    if stream is None:
        raise ValueError("This file holds no Excel workbook.")
    try:
        return _read(stream, formats=True)
    except Exception:  # noqa: BLE001  (xlrd stumbles over odd formats in many ways; the cells may be well)
        return _read(stream, formats=False)


def workbook_stream(data: bytes) -> bytes | None:
    """Return the records of an .xls, taken from the OLE file around them if there is one; None if it holds none."""
    if not data.startswith(OLE):
        return data
    import olefile  # noqa: PLC0415  (heavy: only for the files that need it)

    with olefile.OleFileIO(BytesIO(data)) as ole:
        for name in ("Workbook", "Book"):
            if ole.get_type(name) == olefile.STGTY_STREAM:
                content: bytes = ole.openstream(name).read()
                return content
    return None


def _read(stream: bytes, *, formats: bool) -> list[CellSheet]:
    import xlrd  # noqa: PLC0415  (heavy: only for the files that need it)

    with Path(os.devnull).open("w", encoding="utf-8") as silence:
        book = xlrd.open_workbook(
            file_contents=stream, logfile=silence, formatting_info=formats, on_demand=True, ragged_rows=True
        )
        gather = Gather(date1904=bool(book.datemode))
        sheets = []
        for index in range(book.nsheets):
            sheets.append(_sheet(book.sheet_by_index(index), _codes(book) if formats else None, gather))
            book.unload_sheet(index)
    return sheets


def _codes(book: Any) -> list[str]:
    """Return the number formats of a workbook's cell styles, in their order."""
    formats = {key: entry.format_str or GENERAL for key, entry in book.format_map.items()}
    formats |= {key: BUILTIN[key] for key in _SHORT_DATES}
    return [formats.get(style.format_key, GENERAL) for style in book.xf_list]


def _sheet(source: Any, codes: list[str] | None, gather: Gather) -> CellSheet:
    sheet = CellSheet(source.name, hidden=source.visibility != 0)
    for row in range(source.nrows):
        cells: dict[int, Cell] = {}
        for column, (kind, value) in enumerate(zip(source.row_types(row), source.row_values(row), strict=True)):
            if kind in _FILLED:
                code = codes[source.cell_xf_index(row, column)] if codes else _CODE_OF_KIND.get(kind, GENERAL)
                if cell := _cell(kind, value, code, gather):
                    cells[column + 1] = cell
        if cells:
            gather.take(len(cells))
            sheet.rows.append((row + 1, cells))
    sheet.hidden_rows = {row + 1 for row, look in source.rowinfo_map.items() if look.hidden}
    sheet.hidden_columns = {column + 1 for column, look in source.colinfo_map.items() if look.hidden}
    sheet.merged = [Range(top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells]
    return sheet


def _cell(kind: int, value: Any, code: str, gather: Gather) -> Cell | None:
    if kind == _TEXT:
        return gather.text(value, code)
    if kind == _BOOLEAN:
        return gather.boolean(value)
    if kind == _ERROR:
        return gather.error(ERRORS.get(value, "#N/A"))
    return gather.number(value, code)
