from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.workbook.cells import CellSheet, Range, State
from iepdocs.workbook.xlsb import read_xlsb

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = {"r1": "worksheet", "r2": "chartsheet", "s": "styles", "t": "sharedStrings"}
GENERAL, ID, PERCENT, DAY = range(4)


def record(kind: int, content: bytes = b"") -> bytes:
    """Return a record of [MS-XLSB] 2.1.4: kind and length in groups of seven bits."""
    start = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(content)
    while size > 0x7F:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return start + length + bytes([size]) + content


def wide(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def row(number: int, *, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBBB", number - 1, 0, 0, 0, 0x10 if hidden else 0, 0))


def cell(kind: int, column: int, content: bytes = b"", style: int = GENERAL) -> bytes:
    return record(kind, struct.pack("<II", column - 1, style) + content)


def real(column: int, number: float, style: int = GENERAL) -> bytes:
    return cell(5, column, struct.pack("<d", number), style)


STYLES = (
    record(44, struct.pack("<H", 164) + wide("00000"))
    + record(44, struct.pack("<H", 165) + wide("0.0%"))
    + record(626)
    + record(47, struct.pack("<HH", 0xFFFF, 9))  # a style of styles, which cells do not count
    + record(627)
    + record(617)
    + b"".join(record(47, struct.pack("<HH", 0, number)) for number in (0, 164, 165, 14))
    + record(618)
)
STRINGS = b"".join(record(19, b"\0" + wide(text)) for text in ("Ana", "a\r\nb", ""))


def packed(sheet: bytes, *, state: int = 0, date1904: bool = False, strings: bytes = STRINGS) -> bytes:
    book = (
        record(153, struct.pack("<II", date1904, 0))
        + record(156, struct.pack("<II", state, 1) + wide("r1") + wide("Students"))
        + record(156, struct.pack("<II", 0, 2) + wide("r2") + wide("Chart"))
    )
    targets = {"r1": "worksheets/sheet1.bin", "r2": "chartsheets/sheet1.bin", "s": "/xl/styles.bin"}
    targets["t"] = "sharedStrings.bin"
    relations = "".join(f'<Relationship Id="{k}" Type="{REL}/{KINDS[k]}" Target="{t}"/>' for k, t in targets.items())
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts: dict[str, Any] = {
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        "xl/worksheets/sheet1.bin": record(145) + sheet + record(146),
        "xl/styles.bin": STYLES,
        "xl/sharedStrings.bin": strings,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def read(sheet: bytes, **options: Any) -> CellSheet:
    [only] = read_xlsb(packed(sheet, **options))
    return only


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        (real(1, 42, ID), 42, "00042"),
        (real(1, 0.855, PERCENT), 85.5, "85.5%"),
        (real(1, 46024, DAY), dt.date(2026, 1, 2), "1/2/2026"),
        (cell(7, 1, struct.pack("<I", 0)), "Ana", "Ana"),
        (cell(7, 1, struct.pack("<I", 1)), "a\nb", "a\nb"),
        (cell(6, 1, wide("00042")), "00042", "00042"),
        (cell(62, 1, b"\1" + wide("rich") + bytes(8)), "rich", "rich"),
        (cell(4, 1, b"\1"), True, "TRUE"),
        (cell(2, 1, struct.pack("<I", 42 << 2 | 2)), 42, "42"),
        (cell(2, 1, struct.pack("<i", -42 << 2 | 2)), -42, "-42"),
        (cell(2, 1, struct.pack("<I", 4150 << 2 | 3)), 41.5, "41.5"),
        (cell(2, 1, struct.pack("<d", 1.5)[4:]), 1.5, "1.5"),
        (cell(8, 1, wide("joined") + bytes(10)), "joined", "joined"),
        (cell(9, 1, struct.pack("<d", 7) + bytes(10)), 7, "7"),
        (cell(10, 1, b"\0" + bytes(10)), False, "FALSE"),
    ],
)
def test_cells_mean_what_their_format_shows(written: bytes, value: Any, shown: str) -> None:
    read_cell = read(row(1) + written).rows[0][1][1]
    assert (read_cell.value, read_cell.shown) == (value, shown)


@pytest.mark.parametrize("kind", [3, 11])
def test_an_error_is_named(kind: int) -> None:
    read_cell = read(row(1) + cell(kind, 1, b"\x2a")).rows[0][1][1]
    assert (read_cell.shown, read_cell.state) == ("#N/A", State.ERROR)


def test_blank_cells_and_rows_are_left_out() -> None:
    empty = cell(7, 2, struct.pack("<I", 2))
    sheet = read(row(1) + cell(1, 1) + empty + row(5) + cell(1, 1) + real(3, 1))
    assert [(number, list(cells)) for number, cells in sheet.rows] == [(5, [3])]


def test_short_cells_stand_right_of_the_one_before() -> None:
    short = record(16, struct.pack("<Id", GENERAL, 8))
    sheet = read(row(1) + real(2, 7) + short + row(2) + short)
    assert [{c: cell.value for c, cell in cells.items()} for _, cells in sheet.rows] == [{2: 7, 3: 8}, {1: 8}]


def test_rows_that_stand_out_of_order_are_put_in_order() -> None:
    sheet = read(row(2) + real(2, 1) + real(1, 1) + row(1) + real(1, 1))
    assert [(number, list(cells)) for number, cells in sheet.rows] == [(1, [1]), (2, [1, 2])]


def test_hidden_and_merged() -> None:
    columns = record(60, struct.pack("<IIIIH", 1, 2, 0, 0, 1)) + record(60, struct.pack("<IIIIH", 4, 4, 0, 0, 0))
    merged = record(176, struct.pack("<4I", 1, 2, 0, 1))
    sheet = read(columns + row(2, hidden=True) + real(1, 12) + merged, state=2)
    assert (sheet.hidden, sheet.hidden_rows, sheet.hidden_columns) == (True, {2}, {2, 3})
    assert sheet.merged == [Range(2, 1, 3, 2)]


def test_dates_count_from_1904_where_the_book_says_so() -> None:
    sheet = read(row(1) + real(1, 44562, DAY), date1904=True)
    assert sheet.rows[0][1][1].value == dt.date(2026, 1, 2)


def test_equal_cells_are_one() -> None:
    cells = read(row(1) + cell(6, 1, wide("yes")) + cell(6, 2, wide("yes"))).rows[0][1]
    assert cells[1] is cells[2]


@pytest.mark.parametrize(
    "sheet",
    [
        row(1) + cell(6, 1, struct.pack("<I", 1 << 30) + b"ab"),
        row(1) + cell(7, 1, struct.pack("<I", 99)),
        row(1) + b"\x05\xff\xff\xff\x7f",
        row(1) + record(5, b"\0"),
        row(2_000_000) + real(1, 1),
    ],
    ids=["text too long", "text not there", "record too long", "record too short", "row beyond Excel"],
)
def test_lengths_that_lie_are_errors(sheet: bytes) -> None:
    with pytest.raises(ValueError, match=r"binary workbook"):
        read_xlsb(packed(sheet))


def test_a_zip_of_something_else_is_an_error() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ValueError, match="no binary workbook"):
        read_xlsb(file.getvalue())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    try:
        read(row(1) + noise)
    except ValueError:
        return


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1))
def test_any_text_arrives(text: str) -> None:
    assert read(row(1) + cell(6, 1, wide(text))).rows[0][1][1].value == text
