from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iepdocs.workbook.cells import Cell, CellSheet, Range, State
from iepdocs.workbook.encryption import UnknownProtection
from iepdocs.workbook.ods import read_ods

_NAMES = ("office", "table", "text", "style")
_XMLNS = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _NAMES)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
A_TABLE = "<table:table-row><table:table-cell><text:p>of a chart</text:p></table:table-cell></table:table-row>"


def content(rows: str, *, before: str = "", styles: str = "", attributes: str = "") -> str:
    table = f'<table:table table:name="Students" {attributes}>{before}{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return f"<office:document-content {_XMLNS} {CALC}>{styles}{body}</office:document-content>"


def packed(xml: str, **parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"content.xml": xml, **parts}.items():
            archive.writestr(name.replace("manifest", "META-INF/manifest.xml"), text)
    return file.getvalue()


def read(rows: str, **rest: str) -> CellSheet:
    [sheet] = read_ods(packed(content(rows, **rest)))
    return sheet


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{text}</table:table-cell>"


def typed(kind: str, value: str, shown: str | None = None, attributes: str = "") -> str:
    attribute = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    paragraph = "" if shown is None else f"<text:p>{shown}</text:p>"
    return cell(paragraph, f'office:value-type="{kind}" office:{attribute}="{value}" {attributes}')


def only(element: str) -> Cell | None:
    rows = read(row(element)).rows
    return rows[0][1][1] if rows else None


def values(sheet: CellSheet) -> dict[int, dict[int, Any]]:
    return {number: {column: cell.value for column, cell in cells.items()} for number, cells in sheet.rows}


def test_lines_tabs_and_spaces_of_a_narrative_stay() -> None:
    narrative = cell(
        "<text:p>c<text:line-break/>d<text:tab/>e</text:p><text:p>f<text:s text:c='3'/>g</text:p>",
        'office:value-type="string"',
    )
    read_cell = only(narrative)
    assert read_cell is not None
    assert read_cell.value == read_cell.shown == "c\nd\te\nf   g"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<text:p>  a\n   b  c</text:p>", "a b c"),
        ("<text:p>a<text:span>b <text:a>c</text:a></text:span>d</text:p>", "ab cd"),
        ("<text:p><text:s/>a</text:p>", " a"),
        ("<text:p>a</text:p><text:p/><text:p>b</text:p>", "a\n\nb"),
        ("<office:annotation><text:p>ask Helen</text:p></office:annotation><text:p>a</text:p>", "a"),
    ],
)
def test_text_is_what_the_program_shows(written: str, shown: str) -> None:
    read_cell = only(cell(written, 'office:value-type="string"'))
    assert read_cell is not None
    assert read_cell.value == shown


def test_the_exact_text_beside_the_shown_one_keeps_its_spaces() -> None:
    exact = 'office:value-type="string" office:string-value="a  b&#10;  c"'
    read_cell = only(cell("<text:p>a  b</text:p><text:p>  c</text:p>", exact))
    assert read_cell is not None
    assert read_cell.value == "a  b\n  c"


@pytest.mark.parametrize(
    ("kind", "written", "shown", "value"),
    [
        ("float", "42", "00042", 42),
        ("float", "0.5", "0.5", 0.5),
        ("percentage", "0.855", "85.5%", 85.5),
        ("percentage", "0.29", "29%", 29),
        ("currency", "5", "$5.00", 5),
        ("date", "2026-01-02", "1/2/2026", dt.date(2026, 1, 2)),
        ("date", "2026-01-02T10:00:00", "1/2/2026", dt.date(2026, 1, 2)),
        ("date", "2026-01-02T09:59:59.999", "1/2/2026 10:00 AM", dt.datetime(2026, 1, 2, 10)),  # noqa: DTZ001
        ("date", "2026-01-02", "1/2/2026 0:00", dt.datetime(2026, 1, 2)),  # noqa: DTZ001
        ("date", "2026-01-02", None, dt.date(2026, 1, 2)),
        ("time", "PT10H00M00S", "10:00 AM", dt.time(10)),
        ("time", "PT10H00M20S", "10:00 AM", dt.time(10)),
        ("time", "PT10H00M20S", "10:00:20", dt.time(10, 0, 20)),
        ("time", "PT00H59M30S", "59:30", dt.time(0, 59, 30)),
        ("time", "PT30H00M00S", "30:00", dt.timedelta(hours=30)),
        ("time", "-PT1H", "-1:00", dt.timedelta(hours=-1)),
        ("boolean", "true", "TRUE", True),
        ("float", "1", "TRUE", True),
    ],
)
def test_values_have_their_type_and_what_is_shown(kind: str, written: str, shown: str | None, value: object) -> None:
    read_cell = only(typed(kind, written, shown))
    assert read_cell is not None
    assert read_cell.value == value
    assert type(read_cell.value) is type(value)
    assert shown is None or read_cell.shown == shown


def test_a_date_that_no_calendar_has_is_none() -> None:
    read_cell = only(typed("date", "2026-02-30", "2/30/2026"))
    assert read_cell is not None
    assert (read_cell.value, read_cell.state) == (None, State.IMPOSSIBLE_DATE)


@pytest.mark.parametrize("marked", ['calcext:value-type="error"', ""])
def test_an_error_is_named(marked: str) -> None:
    formula = f'office:value-type="string" office:string-value="" table:formula="of:=NA()" {marked}'
    read_cell = only(cell("<text:p>#N/A</text:p>", formula))
    assert read_cell is not None
    assert (read_cell.shown, read_cell.state) == ("#N/A", State.ERROR)


@pytest.mark.parametrize("attributes", ["", 'office:value-type="float"'])
def test_a_formula_without_a_result_is_never_blank(attributes: str) -> None:
    read_cell = only(cell("", f'table:formula="of:=A2" {attributes}'))
    assert read_cell is not None
    assert read_cell.state is State.UNCALCULATED


def test_a_million_blank_rows_and_columns_cost_nothing() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16383"/>'
    blank_row = row(
        '<table:table-cell table:number-columns-repeated="16384"/>',
        attributes='table:number-rows-repeated="1048570" table:visibility="collapse"',
    )
    sheet = read(row(cell("<text:p>a</text:p>"), blank) + blank_row + row(cell("<text:p>z</text:p>")))
    assert values(sheet) == {1: {1: "a"}, 1_048_572: {1: "z"}}
    assert sheet.hidden_rows == set()


def test_repeated_cells_and_rows_with_content_are_real() -> None:
    twice = cell("<text:p>x</text:p>", 'table:number-columns-repeated="2"')
    sheet = read(row(twice, attributes='table:number-rows-repeated="3"'))
    assert values(sheet) == {1: {1: "x", 2: "x"}, 2: {1: "x", 2: "x"}, 3: {1: "x", 2: "x"}}


def test_a_sheet_filled_to_its_last_cell_by_one_element_is_refused() -> None:
    full = cell("<text:p>x</text:p>", 'table:number-columns-repeated="16384"')
    with pytest.raises(ValueError, match="more than"):
        read(row(full, attributes='table:number-rows-repeated="1048576"'))


def test_a_billion_spaces_are_refused() -> None:
    spaces = cell("<text:p><text:s text:c='1000000000'/></text:p>")
    with pytest.raises(ValueError, match="more spaces"):
        read(row(spaces) * 2)


def test_merged_cells_and_what_they_cover() -> None:
    wide = cell("<text:p>0012</text:p>", 'table:number-columns-spanned="2" table:number-rows-spanned="2"')
    covered = "<table:covered-table-cell><text:p>unseen</text:p></table:covered-table-cell>"
    sheet = read(row(wide, covered, cell("<text:p>a</text:p>")))
    assert sheet.merged == [Range(1, 1, 2, 2)]
    assert values(sheet) == {1: {1: "0012", 3: "a"}}


def test_hidden_rows_columns_and_sheets() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    look = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    rows = "".join(row(cell("<text:p>a</text:p>"), attributes=f'table:visibility="{v}"') for v in ("filter", "visible"))
    sheet = read(rows, before=columns, styles=look, attributes='table:style-name="ta2"')
    assert (sheet.hidden, sheet.hidden_rows, sheet.hidden_columns) == (True, {1}, {2, 3})


def test_rows_inside_groups_count() -> None:
    header = f"<table:table-header-rows>{row(cell('<text:p>ID</text:p>'))}</table:table-header-rows>"
    group = f"<table:table-row-group>{row(cell('<text:p>1</text:p>'))}</table:table-row-group>"
    assert values(read(header + group)) == {1: {1: "ID"}, 2: {1: "1"}}


def test_tables_of_charts_and_of_other_files_are_no_sheets() -> None:
    chart = f'<table:table table:name="local-table">{A_TABLE}</table:table>'
    sheet = read(row(cell("<text:p>a</text:p>" + chart)) + row(cell("<text:p>b</text:p>")))
    assert values(sheet) == {1: {1: "a"}, 2: {1: "b"}}
    assert read_ods(packed(content(A_TABLE, before="<table:table-source/>"))) == []


def test_a_flat_file_is_read_too() -> None:
    [sheet] = read_ods(content(row(cell("<text:p>a</text:p>"))).encode())
    assert values(sheet) == {1: {1: "a"}}


def test_equal_cells_are_one() -> None:
    cells = read(row(typed("float", "42", "00042"), typed("float", "42", "00042"), typed("float", "42", "42"))).rows[0][
        1
    ]
    assert cells[1] is cells[2]
    assert cells[1] is not cells[3]


def test_a_password_is_named() -> None:
    with pytest.raises(UnknownProtection):
        read_ods(packed("", manifest="<manifest:encryption-data/>"))


@pytest.mark.parametrize(
    "xml",
    [
        f"<!DOCTYPE x [<!ENTITY a 'Ana'>]>{content(row(cell('<text:p>&a;</text:p>')))}",
        content(row(cell("<text:p>a</text:p>")))[:-40],
        content(row(typed("float", "many", "many"))),
        content(row(typed("time", "ten o'clock".replace("'", ""), "10:00"))),
    ],
    ids=["entities", "cut off", "no number", "no time"],
)
def test_what_is_damaged_is_an_error(xml: str) -> None:
    with pytest.raises((ValueError, etree.LxmlError)):
        read_ods(packed(xml))


def test_a_file_without_content_is_an_error() -> None:
    with pytest.raises(ValueError, match="no content"):
        read_ods(packed("").replace(b"content.xml", b"contend.xml"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_any_text_arrives(text: str) -> None:
    root = etree.fromstring(content(row(cell("<text:p/>", 'office:value-type="string"'))))
    next(root.iter("{*}table-cell")).set("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}string-value", text)
    [sheet] = read_ods(etree.tostring(root))
    assert values(sheet) == {1: {1: text}}
