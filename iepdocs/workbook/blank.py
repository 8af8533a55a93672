"""Write a workbook as a pack declares it: blank, or filled with rows."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from iepdocs.language import language_name
from iepdocs.measurement import Measurement
from iepdocs.text import shown
from iepdocs.workbook.read import INSTRUCTIONS, LISTS, SETTING_HEADERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from iepdocs.pack import Column, Pack, Sheet

_LAST_ROW = 1_048_576
"""The last row of a sheet in Excel."""

_HEADER_FONT = Font(name="Calibri", bold=True, color="FFFFFF")
_REQUIRED = PatternFill("solid", fgColor="1F3864")
_OPTIONAL = PatternFill("solid", fgColor="5B7BA8")
_LINE = Border(bottom=Side(style="thin", color="FFFFFF"), right=Side(style="thin", color="FFFFFF"))
_FORMATS = {"date": "m/d/yyyy", "time": "h:mm AM/PM", "string": "@", "list": "@"}
_NARROW, _TEXT, _LONG, _INSTRUCTION = 13, 22, 60, 90
"""Widths of columns, in characters."""

_LINE_POINTS = 15.0
_ROW_POINTS = 4 * _LINE_POINTS
"""A filled row with narratives shows four lines of each: the sheet stays one that can be read through."""


_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
"""Text that Excel would take for an escaped character (ECMA-376 part 1, 22.9.2.19)."""


def write_workbook(
    path: Path | BinaryIO, pack: Pack, rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> None:
    """Write a workbook with every sheet and column of a pack.

    Headers carry their help as a comment, choices are drop-downs, the header row is frozen, and the first sheet
    says how to fill it in.

    Args:
        path: the .xlsx to write, or a stream for its bytes.
        pack: what is declared.
        rows: by sheet, the rows to fill in, each by its columns' keys; none gives the blank workbook.

    Raises:
        OSError: where the file cannot be written.
    """
    book = Workbook()
    book.properties.creator = "iepdocs"
    book.properties.title = "Plans"
    first = book.worksheets[0]
    first.title = INSTRUCTIONS
    lists = _Lists(book)
    for sheet in pack.sheets.values():
        worksheet = book.create_sheet(sheet.title)
        filled = (rows or {}).get(sheet.title, ())
        if sheet.layout == "settings":
            _write_settings(worksheet, sheet, filled[0] if filled else {}, lists)
        else:
            _write_sheet(worksheet, sheet, filled, lists)
    lists.finish()
    _write_instructions(first, pack)
    book.save(path)


class _Lists:
    """A hidden sheet with the choices of the drop-downs, each list once."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet(LISTS)
        self._ranges: dict[tuple[str, ...], str] = {}

    def range_of(self, choices: Sequence[str]) -> str:
        key = tuple(choices)
        if key not in self._ranges:
            letter = get_column_letter(len(self._ranges) + 1)
            for row, choice in enumerate(choices, start=1):
                self._sheet[f"{letter}{row}"].value = choice
                self._sheet[f"{letter}{row}"].number_format = "@"
            self._ranges[key] = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
        return self._ranges[key]

    def finish(self) -> None:
        self._sheet.sheet_state = "hidden"
        self._sheet.parent.move_sheet(self._sheet, len(self._sheet.parent.sheetnames))


def _write_sheet(worksheet: Worksheet, sheet: Sheet, rows: Sequence[Mapping[str, Any]], lists: _Lists) -> None:
    worksheet.freeze_panes = "C2" if "student_id" in sheet.columns and len(sheet.columns) > 8 else "A2"  # noqa: PLR2004
    worksheet.row_dimensions[1].height = 32
    for index, column in enumerate(sheet.columns.values(), start=1):
        letter = get_column_letter(index)
        _header(worksheet, f"{letter}1", column)
        _column_format(worksheet, letter, column)
        _validation(worksheet, f"{letter}2:{letter}{_LAST_ROW}", column, lists)
        for number, row in enumerate(rows, start=2):
            if row.get(column.key) is not None:
                _fill(worksheet, f"{letter}{number}", column, row[column.key])
    if any(column.long for column in sheet.columns.values()):
        for number in range(2, len(rows) + 2):
            worksheet.row_dimensions[number].height = _ROW_POINTS


def _write_settings(worksheet: Worksheet, sheet: Sheet, values: Mapping[str, Any], lists: _Lists) -> None:
    worksheet.freeze_panes = "A2"
    for cell, title, width in zip(("A1", "B1"), SETTING_HEADERS, (32, _LONG), strict=True):
        worksheet[cell].value = title
        worksheet[cell].font = _HEADER_FONT
        worksheet[cell].fill = _REQUIRED
        worksheet.column_dimensions[cell[0]].width = width
    own = [(column.key, column.title, column) for column in sheet.columns.values()]
    in_languages = [
        _in_a_language(key, sheet) for key in values if key.partition(".")[0] in sheet.columns and "." in key
    ]
    for row, (key, title, column) in enumerate([*own, *in_languages], start=2):
        name = worksheet[f"A{row}"]
        name.value = title
        name.font = Font(name="Calibri", bold=True)
        name.comment = _comment(column)
        worksheet[f"B{row}"].number_format = _FORMATS.get(column.type, "General")
        worksheet[f"B{row}"].alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        _validation(worksheet, f"B{row}", column, lists)
        if values.get(key) is not None:
            _fill(worksheet, f"B{row}", column, values[key])


def _in_a_language(key: str, sheet: Sheet) -> tuple[str, str, Column]:
    """Return a setting that is another in a language, with its name: `Safeguards Contact (Spanish)`."""
    setting, _, tag = key.partition(".")
    column = sheet.columns[setting]
    return key, f"{column.title} ({language_name(tag)})", column


def _header(worksheet: Worksheet, address: str, column: Column) -> None:
    cell = worksheet[address]
    cell.value = column.title
    cell.font = _HEADER_FONT
    cell.fill = _REQUIRED if column.required else _OPTIONAL
    cell.border = _LINE
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.comment = _comment(column)


def _comment(column: Column) -> Comment:
    lines = [column.help, f"Example: {column.example}"]
    if column.required:
        lines.append("Required.")
    if column.type == "list":
        lines.append(
            f"One or more, with semicolons between: {'; '.join(column.choices)}."
            if column.choices
            else "One or more, with semicolons between."
        )
    return Comment("\n".join(lines), "iepdocs", width=320, height=60 + 16 * (sum(map(len, lines)) // 45 + len(lines)))


def _column_format(worksheet: Worksheet, letter: str, column: Column) -> None:
    dimension = worksheet.column_dimensions[letter]
    wide = _LONG if column.long else _TEXT if column.type in {"string", "list"} else _NARROW
    dimension.width = max(wide, min(len(column.title) + 2, _TEXT))
    dimension.number_format = _FORMATS.get(column.type, "General")
    dimension.alignment = Alignment(wrap_text=column.long, vertical="top")


def _validation(worksheet: Worksheet, cells: str, column: Column, lists: _Lists) -> None:
    choices = ["yes", "no"] if column.type == "boolean" else column.choices
    if choices:
        validation = DataValidation(type="list", formula1=lists.range_of(choices), allow_blank=True)
        # a list cell holds several choices, which no drop-down can pick
        validation.showErrorMessage = column.type != "list"
        validation.error = f"Pick one from the list, for example: {column.example}"[:225]
    elif column.type == "date":
        validation = DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=True)
        validation.showErrorMessage = True
        validation.error = "Type a date as month/day/year, for example 3/15/2026."
    else:
        return
    validation.errorTitle = column.title[:32]
    validation.add(cells)
    worksheet.add_data_validation(validation)


def _fill(worksheet: Worksheet, address: str, column: Column, value: Any) -> None:
    cell = worksheet[address]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, list):
        value = shown(value)
    elif isinstance(value, Measurement):
        value = value.number if value.number is not None and shown(value.number) == value.text else value.text
    elif not isinstance(value, int | float | dt.date | dt.time):
        value = column.words.get(value, value)
    cell.value = _ESCAPE.sub(r"_x005F\g<0>", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is no formula
    cell.number_format = "General" if isinstance(value, int | float) else _FORMATS.get(column.type, "@")
    cell.alignment = Alignment(wrap_text=column.long, vertical="top")


def _write_instructions(worksheet: Worksheet, pack: Pack) -> None:
    needs = {kind.title: f"{', '.join(kind.needs)}. If there: {', '.join(kind.uses)}." for kind in pack.kinds.values()}
    sheets = {sheet.title: sheet.help for sheet in pack.sheets.values()}
    chapters = {
        "How to fill in this workbook": pack.instructions,
        "What each document needs": needs,
        "The sheets": sheets,
    }
    worksheet.sheet_view.showGridLines = False
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for letter, width in (("A", 36), ("B", _INSTRUCTION)):
        worksheet.column_dimensions[letter].width = width
    row = 1
    for chapter, lines in chapters.items():
        worksheet[f"A{row}"].value = chapter
        worksheet[f"A{row}"].font = Font(name="Calibri", bold=True, size=14)
        for row, (left, right) in enumerate(lines.items(), start=row + 1):  # noqa: B020
            worksheet[f"A{row}"].value = left
            worksheet[f"B{row}"].value = right
            worksheet[f"A{row}"].font = Font(name="Calibri", bold=True)
            worksheet[f"A{row}"].alignment = Alignment(vertical="top")
            worksheet[f"B{row}"].alignment = Alignment(wrap_text=True, vertical="top")
            worksheet.row_dimensions[row].height = _LINE_POINTS * (1 + len(right) // (_INSTRUCTION + 10))
        row += 2
