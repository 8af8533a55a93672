"""Write a list as a workbook that Excel sorts and filters, with bars and symbols that it draws itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule, IconSetRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from iepdocs.pack import SummaryColumn

_HEADER = PatternFill("solid", fgColor="1F3864")
_HEADER_FONT = Font(name="Calibri", bold=True, color="FFFFFF")
_USUAL, _LONG = 14, 30
"""Widths of columns, in characters; text in those wider than the second is wrapped."""


def listing(title: str, columns: Sequence[SummaryColumn], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook with one sheet: a header and the rows, to be sorted and filtered.

    Args:
        title: the sheet's name.
        columns: what its columns are, and how they look.
        rows: the values, in the order of the columns; a text that begins as a formula stays a text.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  (a new workbook has one)
    sheet.title = title
    sheet.freeze_panes = "D2"
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        cell = sheet[f"{letter}1"]
        cell.value = column.title
        cell.font, cell.fill = _HEADER_FONT, _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if column.help:
            cell.comment = Comment(column.help, "iepdocs", width=320, height=120)
        sheet.column_dimensions[letter].width = column.width or _USUAL
        for number, row in enumerate(rows, start=2):
            _fill(sheet, f"{letter}{number}", row[index - 1], column)
        if rows:
            _draw(sheet, f"{letter}2:{letter}{len(rows) + 1}", column)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, address: str, value: Any, column: SummaryColumn) -> None:
    cell = sheet[address]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    if column.format:
        cell.number_format = column.format
    cell.alignment = Alignment(vertical="top", wrap_text=column.width >= _LONG)


def _draw(sheet: Worksheet, cells: str, column: SummaryColumn) -> None:
    if column.bar:
        empty, full = column.bar
        bar = DataBarRule("num", empty, "num", full, color="5B7BA8", showValue=True)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(cells, bar)
    if column.icons:
        icons = IconSetRule("3Symbols", "num", [0, *column.icons])  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(cells, icons)
