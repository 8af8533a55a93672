from __future__ import annotations

import datetime as dt
import io
import struct
from typing import TYPE_CHECKING, Any

import pytest
import xlwt

from iepdocs.workbook.cells import Range, State
from iepdocs.workbook.xls import read_xls

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.workbook.cells import Cell, CellSheet


def made(*fills: Callable[[Any], object]) -> bytes:
    """Return an .xls of a sheet for each function that fills it."""
    book = xlwt.Workbook()
    for number, fill in enumerate(fills, 1):
        fill(book.add_sheet(f"Sheet {number}"))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(fill: Callable[[Any], object]) -> CellSheet:
    [sheet] = read_xls(made(fill))
    return sheet


def only(value: Any, code: str = "General") -> Cell:
    style = xlwt.easyxf(num_format_str=code)
    return read(lambda sheet: sheet.write(0, 0, value, style)).rows[0][1][1]


@pytest.mark.parametrize(
    ("written", "code", "value", "shown"),
    [
        (42, "00000", 42, "00042"),
        (0.855, "0.0%", 85.5, "85.5%"),
        ("00042", "General", "00042", "00042"),
        (dt.date(2026, 1, 2), "m/d/yyyy", dt.date(2026, 1, 2), "1/2/2026"),
        (True, "General", True, "TRUE"),
        ("a\r\nb\rc", "General", "a\nb\nc", "a\nb\nc"),
        (" a ", "General", " a ", " a "),
    ],
)
def test_cells_mean_what_their_format_shows(written: Any, code: str, value: Any, shown: str) -> None:
    cell = only(written, code)
    assert (cell.value, cell.shown) == (value, shown)


def test_the_short_date_of_the_computer_has_a_year_of_four_digits() -> None:
    assert only(dt.date(2026, 1, 2), "M/D/YY").shown == "1/2/2026"


def test_an_error_is_named() -> None:
    cell = read(lambda sheet: sheet.row(0).set_cell_error(0, "#REF!")).rows[0][1][1]
    assert (cell.value, cell.shown, cell.state) == (None, "#REF!", State.ERROR)


def test_blank_cells_and_rows_are_left_out() -> None:
    def fill(sheet: Any) -> None:
        sheet.write(0, 1, "a")
        sheet.write(2, 0, "", xlwt.easyxf("font: bold on"))
        sheet.row(4).set_cell_blank(0)
        sheet.write(4, 2, "b")

    assert [(row, {column: cell.value for column, cell in cells.items()}) for row, cells in read(fill).rows] == [
        (1, {2: "a"}),
        (5, {3: "b"}),
    ]


def test_hidden_and_merged() -> None:
    def fill(sheet: Any) -> None:
        sheet.write_merge(1, 2, 0, 0, "0012")
        sheet.write(3, 1, "x")
        sheet.row(3).hidden = True
        sheet.col(1).hidden = True

    def hide(sheet: Any) -> None:
        sheet.visibility = 2

    shown, hidden = read_xls(made(fill, hide))
    assert (shown.hidden, shown.hidden_rows, shown.hidden_columns) == (False, {4}, {2})
    assert shown.merged == [Range(2, 1, 3, 1)]
    assert hidden.hidden


def test_dates_count_from_1904_where_the_book_says_so() -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("Students").write(0, 0, 44562, xlwt.easyxf(num_format_str="m/d/yyyy"))
    file = io.BytesIO()
    book.save(file)
    assert read_xls(file.getvalue())[0].rows[0][1][1].value == dt.date(2026, 1, 2)


def test_equal_cells_are_one() -> None:
    cells = read(lambda sheet: [sheet.write(0, column, "yes") for column in range(2)]).rows[0][1]
    assert cells[1] is cells[2]


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_a_workbook_of_excel_2_is_read() -> None:
    bof, eof = record(0x0009, struct.pack("<HH", 2, 0x10)), record(0x000A, b"")
    number = record(0x0003, struct.pack("<HH3sd", 0, 0, bytes(3), 41.5))
    [sheet] = read_xls(bof + number + eof)
    assert sheet.rows[0][1][1].value == 41.5


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    data = made(lambda sheet: sheet.write(0, 0, "a"))
    with pytest.raises(Exception):  # noqa: B017, PT011  (xlrd raises anything)
        read_xls(data[:1500])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("cut", [600, 1100, 3000])
def test_what_is_cut_off_is_an_error_or_read_no_further(cut: int) -> None:
    data = made(lambda sheet: [sheet.write(row, 0, f"text {row}") for row in range(500)])
    with pytest.raises(Exception):  # noqa: B017, PT011  (xlrd and olefile raise anything)
        read_xls(data[:cut])
