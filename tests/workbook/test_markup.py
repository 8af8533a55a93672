from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iepdocs.workbook.cells import CellSheet, Range, State
from iepdocs.workbook.markup import read_html, read_xml2003

if TYPE_CHECKING:
    from iepdocs.workbook.cells import Cell


def shown(sheet: CellSheet) -> dict[int, dict[int, str]]:
    return {number: {column: cell.shown for column, cell in cells.items()} for number, cells in sheet.rows}


def table(markup: str) -> CellSheet:
    return read_html(f"<html><body><table>{markup}</table></body></html>".encode())[0]


def text_of(markup: str) -> str:
    return shown(table(f"<tr><td>.<td>{markup}"))[1].get(2, "")


def test_the_web_page_of_a_student_system_is_read_as_shown() -> None:
    sheet = table("<tr><th>Student ID</th><th>Name</th></tr><tr><td>00042</td><td>Ana</td></tr>")
    assert shown(sheet) == {1: {1: "Student ID", 2: "Name"}, 2: {1: "00042", 2: "Ana"}}
    assert sheet.rows[1][1][1].value == "00042"


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("Reyes &amp; Ok&eacute;", "Reyes & Oké"),
        ("  a \n   b<b> c</b>d ", "a b cd"),
        ('a<br style="mso-data-placement:same-cell;">\n  b', "a\nb"),
        ("a<br><br>b", "a\n\nb"),
        ("<p>a</p>\n<p>b</p>", "a\nb"),
        ("<div><div>a</div></div>b", "a\nb"),
        ("a&nbsp; b", "a\xa0 b"),
        ("&nbsp;", ""),
        ("a<span style='display:none'>b</span><script>c</script><!-- d -->", "a"),
        ("<table><tr><td>inner</table>", ""),
    ],
)
def test_text_is_what_a_browser_shows(markup: str, seen: str) -> None:
    assert text_of(markup) == seen


def test_spans_push_the_cells_beside_them_and_are_merged() -> None:
    sheet = table("<tr><td rowspan=2>0012<td colspan=2>a<td>b<tr><td>c<td>d<td>e<tr><td>f")
    assert shown(sheet) == {1: {1: "0012", 2: "a", 4: "b"}, 2: {2: "c", 3: "d", 4: "e"}, 3: {1: "f"}}
    assert sheet.merged == [Range(1, 1, 2, 1), Range(1, 2, 1, 3)]


def test_hidden_rows_and_columns() -> None:
    columns = "<col><col span=2 style='mso-width-source:userset; display: none'>"
    sheet = table(f"{columns}<tr><td>a<td>b<td>c<td hidden>d<tr style='display:none'><td>e<tbody hidden><tr><td>f")
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2, 3}, {2, 3, 4})


def test_each_table_with_text_is_a_sheet_and_has_a_name() -> None:
    tables = "<table><caption>Goals</caption><tr><td>1</table><table id=s2><tr><td>2</table><table><tr><td>3</table>"
    layout = f"<table><tr><td>{tables}</td></tr></table>"
    assert [sheet.title for sheet in read_html(layout.encode())] == ["Goals", "s2", "Table 4"]


def test_the_name_that_excel_gave_the_sheet() -> None:
    name = "<!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>Students</x:Name></x:ExcelWorksheet></xml><![endif]-->"
    [sheet] = read_html(f"<html><head>{name}</head><table><tr><td>1</table></html>".encode())
    assert sheet.title == "Students"


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset='utf-8'><table><tr><td>José".encode(),
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><table><tr><td>José".encode("cp1252"),
        "<meta charset=utf-8><table><tr><td>José".encode("cp1252"),
        "<table><tr><td>José".encode(),
        "<table><tr><td>José".encode("utf-16"),
        "<?xml version='1.0' encoding='iso-8859-1'?><html><meta charset=iso-8859-1><table><tr><td>José".encode(
            "cp1252"
        ),
    ],
)
def test_letters_arrive_in_the_encoding_that_is_declared_or_used(data: bytes) -> None:
    assert shown(read_html(data)[0]) == {1: {1: "José"}}


def test_a_page_without_a_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="no table"):
        read_html(b"<html><p>Your session has expired.</p></html>")


def test_a_page_of_millions_of_tags_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        read_html(b"<table>" + b"<tr><td>a" * 1_100_000)


def test_spans_that_would_fill_a_sheet_many_times_are_refused() -> None:
    wide = "<tr>" + "<td rowspan=65534 colspan=1000>x" * 16
    with pytest.raises(ValueError, match="more"):
        table(wide + "<tr><td>y" * 70_000)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=1))
def test_any_text_arrives_from_a_page(text: str) -> None:
    element = etree.Element("td")
    try:
        element.text = text
    except ValueError:  # what no markup can hold
        return
    assert text_of(etree.tostring(element, encoding="unicode")[4:]) == text


SS = "urn:schemas-microsoft-com:office:spreadsheet"
STYLES = "".join(
    f'<Style ss:ID="{name}" {rest}>{f"<NumberFormat ss:Format={code!r}/>" if code else ""}</Style>'
    for name, rest, code in [
        ("Default", "", ""),
        ("id", "", "00000"),
        ("child", 'ss:Parent="id"', ""),
        ("day", "", "Short Date"),
        ("clock", "", "h:mm"),
        ("percent", "", "0.0%"),
    ]
)


def book(rows: str, *, before: str = "", options: str = "", table: str = "") -> CellSheet:
    excel = "urn:schemas-microsoft-com:office:excel"
    sheet = f'<Worksheet ss:Name="Students"><Table {table}>{rows}</Table>'
    sheet += f'<WorksheetOptions xmlns="{excel}">{options}</WorksheetOptions></Worksheet>'
    setting = f'<ExcelWorkbook xmlns="{excel}">{before}</ExcelWorkbook>'
    start = f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{SS}" xmlns:ss="{SS}">'
    [read] = read_xml2003(f"{start}{setting}<Styles>{STYLES}</Styles>{sheet}</Workbook>".encode())
    return read


def only(cell: str) -> Cell:
    return book(f"<Row>{cell}</Row>").rows[0][1][1]


@pytest.mark.parametrize(
    ("kind", "style", "text", "value", "seen"),
    [
        ("String", "Default", "00042", "00042", "00042"),
        ("String", "Default", "a&#10;b &amp; c ", "a\nb & c ", "a\nb & c "),
        ("Number", "id", "42", 42, "00042"),
        ("Number", "child", "42", 42, "00042"),
        ("Number", "percent", "0.855", 85.5, "85.5%"),
        ("DateTime", "day", "2026-01-02T00:00:00.000", dt.date(2026, 1, 2), "1/2/2026"),
        ("DateTime", "Default", "2026-01-02T00:00:00.000", dt.date(2026, 1, 2), "1/2/2026"),
        ("DateTime", "day", "1900-01-05T00:00:00.000", dt.date(1900, 1, 5), "1/5/1900"),
        ("Boolean", "Default", "1", True, "TRUE"),
    ],
)
def test_cells_mean_what_their_style_shows(kind: str, style: str, text: str, value: Any, seen: str) -> None:
    cell = only(f'<Cell ss:StyleID="{style}"><Data ss:Type="{kind}">{text}</Data></Cell>')
    assert (cell.value, cell.shown) == (value, seen)


def test_a_time_is_a_time() -> None:
    cell = only('<Cell ss:StyleID="clock"><Data ss:Type="DateTime">1899-12-31T10:00:00.000</Data></Cell>')
    assert cell.value == dt.time(10)


def test_a_date_of_a_book_of_1904_is_the_date_that_stands_there() -> None:
    cell = '<Row><Cell ss:StyleID="day"><Data ss:Type="DateTime">2026-01-02T00:00:00.000</Data></Cell></Row>'
    assert book(cell, before="<Date1904/>").rows[0][1][1].value == dt.date(2026, 1, 2)


def test_errors_and_formulas_without_a_result() -> None:
    error, formula = only('<Cell><Data ss:Type="Error">#N/A</Data></Cell>'), only('<Cell ss:Formula="=A2"/>')
    assert (error.shown, error.state) == ("#N/A", State.ERROR)
    assert formula.state is State.UNCALCULATED
    no_date = only('<Cell><Data ss:Type="DateTime">2026-02-30T00:00:00</Data></Cell>')
    assert no_date.state is State.IMPOSSIBLE_DATE


def test_formatted_text_and_comments() -> None:
    rich = '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>bo</B>ld</ss:Data>'
    assert only(f"<Cell>{rich}<Comment><ss:Data>ask Helen</ss:Data></Comment></Cell>").value == "bold"


def test_rows_and_cells_that_are_skipped_or_merged() -> None:
    def cell(text: str, attributes: str = "") -> str:
        return f'<Cell {attributes}><Data ss:Type="String">{text}</Data></Cell>'

    merged, far = cell("a", 'ss:MergeAcross="1" ss:MergeDown="2"'), cell("c", 'ss:Index="7"')
    first = f"<Row>{merged}{cell('b')}<Cell/>{far}</Row>"
    sheet = book(f'{first}<Row ss:Span="1"/><Row>{cell("d")}</Row><Row ss:Index="9" ss:Hidden="1">{cell("e")}</Row>')
    assert shown(sheet) == {1: {1: "a", 3: "b", 7: "c"}, 4: {1: "d"}, 9: {1: "e"}}
    assert sheet.merged == [Range(1, 1, 3, 2)]
    assert sheet.hidden_rows == {9}


def test_hidden_sheets_and_columns_and_the_styles_of_columns() -> None:
    columns = '<Column/><Column ss:Hidden="1" ss:Span="1"/><Column ss:StyleID="id"/>'
    cell = '<Row><Cell ss:Index="4"><Data ss:Type="Number">42</Data></Cell></Row>'
    sheet = book(columns + cell, options="<Visible>SheetHidden</Visible>")
    assert (sheet.hidden, sheet.hidden_columns) == (True, {2, 3})
    assert shown(sheet) == {1: {4: "00042"}}


@pytest.mark.parametrize(
    "xml",
    [
        f'<!DOCTYPE x [<!ENTITY a "Ana">]><Workbook xmlns="{SS}"><Worksheet/></Workbook>',
        f'<Workbook xmlns="{SS}"><Worksheet>',
        f'<Workbook xmlns="{SS}" xmlns:ss="{SS}"><Worksheet><Row ss:Index="9999999"/></Worksheet></Workbook>',
    ],
    ids=["entities", "cut off", "row beyond Excel"],
)
def test_what_is_damaged_is_an_error(xml: str) -> None:
    with pytest.raises((ValueError, etree.LxmlError)):
        read_xml2003(xml.encode())
