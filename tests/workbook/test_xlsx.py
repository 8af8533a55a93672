"""The cells of an .xlsx, read as they are shown, however the file was written."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iepdocs.workbook.cells import Cell, CellSheet, Range, State
from iepdocs.workbook.xlsx import read_xlsx
from tests.support import STRICT, TRANSITIONAL, raw_workbook


def cells(rows: str, **options: Any) -> dict[str, Cell]:
    """Return the cells of a sheet by address, of rows written as XML."""
    [sheet] = read_xlsx(raw_workbook({"Goals": rows}, **options))
    return by_address(sheet)


def by_address(sheet: CellSheet) -> dict[str, Cell]:
    return {f"{'ABCDEFGH'[column - 1]}{row}": cell for row, found in sheet.rows for column, cell in found.items()}


def shown(rows: str, **options: Any) -> dict[str, str]:
    return {address: cell.shown for address, cell in cells(rows, **options).items()}


def row(*cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def test_every_type_of_cell() -> None:
    found = cells(
        row(
            '<c r="A1" t="s"><v>0</v></c>',
            '<c r="B1"><v>42</v></c>',
            '<c r="C1" t="b"><v>1</v></c>',
            '<c r="D1" t="str"><f>A1&amp;"x"</f><v>Reyes &amp; Sons</v></c>',
            '<c r="E1" t="inlineStr"><is><t>inline</t></is></c>',
            '<c r="F1" s="1"><v>46000</v></c>',
            '<c r="G1" t="n"><v>4.50</v></c>',
        ),
        strings=["<t>Okafor</t>"],
        formats=["m/d/yyyy"],
    )
    assert {address: cell.value for address, cell in found.items()} == {
        "A1": "Okafor",
        "B1": 42,
        "C1": True,
        "D1": "Reyes & Sons",
        "E1": "inline",
        "F1": dt.date(2025, 12, 9),
        "G1": 4.5,
    }
    assert found["C1"].shown == "TRUE"


@pytest.mark.parametrize(
    "blank", ['<c r="A1"/>', '<c r="A1" s="1"/>', '<c r="A1" t="n"><v></v></c>', '<c r="A1" t="s"/>']
)
def test_a_cell_of_nothing_but_a_look_is_blank(blank: str) -> None:
    assert cells(row(blank), formats=["0"]) == {}


def test_a_formula_that_gives_no_text_is_blank_and_one_never_calculated_is_told_apart() -> None:
    found = cells(row('<c r="A1" t="str"><f>""</f><v></v></c>', '<c r="B1"><f>VLOOKUP(A2,X!A:B,2,0)</f></c>'))
    assert [(address, cell.state) for address, cell in found.items()] == [("B1", State.UNCALCULATED)]


def test_shared_and_array_formulas_without_a_value_are_never_calculated() -> None:
    found = cells(
        row('<c r="A1"><f t="shared" si="0"/></c>', '<c r="B1" cm="1"><f t="array" ref="B1">SUM(A:A)</f></c>')
    )
    assert {cell.state for cell in found.values()} == {State.UNCALCULATED}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#SPILL!"])
def test_an_error_is_named(error: str) -> None:
    [cell] = cells(row(f'<c r="A1" t="e" vm="1"><f>X</f><v>{error}</v></c>')).values()
    assert (cell.state, cell.shown, cell.value) == (State.ERROR, error, None)


def test_rich_text_is_read_whole_without_its_phonetic_guide() -> None:
    item = (
        '<r><t xml:space="preserve">bold </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb="0" eb="1"><t>BOLD</t></rPh>'
    )
    assert shown(row('<c r="A1" t="s"><v>0</v></c>'), strings=[item]) == {"A1": "bold text"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("First line_x000D_\nSecond line", "First line\nSecond line"),
        ("one&#13;&#10;two", "one\ntwo"),
        ("one&#13;two", "one\ntwo"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x0041_B", "AB"),
        ("_x000G_", "_x000G_"),
        ("_xD83D__xDE00_", "\N{GRINNING FACE}"),
        ("  two spaces  ", "  two spaces  "),
    ],
)
def test_text_comes_out_as_it_was_typed(written: str, read: str) -> None:
    inline = f'<c r="A1" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'
    shared = '<c r="B1" t="s"><v>0</v></c>'
    assert shown(row(inline, shared), strings=[f"<t>{written}</t>"]) == {"A1": read, "B1": read}


XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32)), "\ufffe", "\uffff"])
    | st.sampled_from("\n\t<>&\"' =")
)


@given(XML_TEXT.filter(lambda text: text and "_x" not in text))
def test_any_text_that_xml_can_hold_arrives_unchanged(text: str) -> None:
    inline = f'<c r="A1" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    shared = '<c r="B1" t="s"><v>0</v></c>'
    assert shown(row(inline, shared), strings=[f"<t>{escape(text)}</t>"]) == {"A1": text, "B1": text}


ROWS = [
    '<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>42</v></c></row>',
    (
        '<row r="12" hidden="1"><c r="A12" t="inlineStr"><is><t>12&quot; ruler</t></is></c>'
        '<c r="B12" t="e"><v>#N/A</v></c></row>'
    ),
    '<row r="13"><c r="A13" t="str"><f>"A13"</f><v>A13" s="1"</v></c><c r="B13"><f>1+1</f></c></row>',
]
PREFIX = '<worksheet xmlns="{0}" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
USUAL = PREFIX.format(TRANSITIONAL) + "<sheetData>" + "".join(ROWS) + "</sheetData></worksheet>"
EXPECTED = {"A1": "Reyes", "C1": "00042", "A12": '12" ruler', "B12": "#N/A", "A13": 'A13" s="1"', "B13": ""}


@pytest.mark.parametrize(
    "part",
    [
        USUAL,
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + USUAL,
        "\ufeff" + USUAL,
        USUAL.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'),
        USUAL.replace("<row", "\n  <row").replace("<c ", "\n    <c ").replace("</row>", "\n  </row>"),
        USUAL.replace("<sheetData>", "<!-- <sheetData><row> --><sheetData>"),
        USUAL.replace('r="C1" s="1"', 's="1" r="C1"'),
        USUAL.replace('t="s"', "t='s'"),
        USUAL.replace("<v>42</v>", "<v><![CDATA[42]]></v>"),
        USUAL.replace("<v>42</v>", "<v>4<!-- two -->2</v>"),
        USUAL.replace('<row r="13">', "<row>").replace('r="A13" ', "").replace(' r="B13"', ""),
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + USUAL,
        USUAL.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="),
        USUAL.replace("<row ", "<row\n").replace("<c ", "<c\t"),
        USUAL.replace("</row>", "</row><?pause?>", 1),
    ],
    ids=range(15),
)
def test_a_sheet_reads_the_same_however_its_xml_is_written(part: str) -> None:
    [sheet] = read_xlsx(raw_workbook({"Goals": part}, formats=["00000"], strings=["<t>Reyes</t>"]))
    assert {address: cell.shown for address, cell in by_address(sheet).items()} == EXPECTED
    assert sheet.hidden_rows == {12}


@pytest.mark.parametrize(
    "odd",
    [
        '<c r="B2" s="2"><v>5</v></c>',
        '<c r="B2" t="str"><v>5</v></c><c r="E2" t="str"><v>he grew 2" and 12" more</v></c>',
        '<c r="B2" t="inlineStr"><is><r><t>5</t></r></is></c>',
        '<c r="B2"\n><v>5</v></c>',
        "<c><v>5</v></c>",
    ],
)
def test_a_row_that_cannot_be_cut_is_read_like_those_around_it(odd: str) -> None:
    rows = [
        row('<c r="A1"><v>1</v></c>'),
        row('<c r="A2"><v>4</v></c>', odd, '<c r="D2"><v>6</v></c>', number=2),
        row('<c r="A3"><v>7</v></c>', '<c r="C3"><v>9</v></c>', number=3),
    ]
    found = shown("".join(rows), formats=["0", "0"])
    assert found.pop("E2", 'he grew 2" and 12" more') == 'he grew 2" and 12" more'
    assert found == {"A1": "1", "A2": "4", "B2": "5", "D2": "6", "A3": "7", "C3": "9"}


@pytest.mark.parametrize("torn", ['<c r="B1"><v>5</v>', '<c r="B1"', "<v>5</v></c>", '<c r="B1"><x:v>5</x:v></c>'])
def test_a_row_that_is_torn_is_refused(torn: str) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        cells(row('<c r="A1"><v>1</v></c>', torn, '<c r="D1"><v>6</v></c>'))


def test_a_sheet_in_utf_16_is_read() -> None:
    package = raw_workbook(
        {"Goals": '<?xml version="1.0" encoding="UTF-16"?>' + USUAL}, formats=["00000"], strings=["<t>Reyes</t>"]
    )
    [sheet] = read_xlsx(changed(package, "xl/worksheets/sheet1.xml", lambda part: part.decode().encode("utf-16")))
    assert {address: cell.shown for address, cell in by_address(sheet).items()} == EXPECTED


def changed(package: bytes, part: str, change: Any) -> bytes:
    """Return a package with one part changed, or taken out by a change to None."""
    import zipfile  # noqa: PLC0415

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(old.read(name)) if name == part else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def test_a_strict_workbook_is_read_and_its_dates_are_dates() -> None:
    found = cells(
        row(
            '<c r="A1" t="s"><v>0</v></c>',
            '<c r="B1" s="1" t="d"><v>2026-03-02</v></c>',
            '<c r="C1" s="1"><v>46000</v></c>',
        ),
        strings=["<t>Reyes</t>"],
        formats=["m/d/yyyy"],
        namespace=STRICT,
    )
    assert [cell.value for cell in found.values()] == ["Reyes", dt.date(2026, 3, 2), dt.date(2025, 12, 9)]


def test_dates_of_the_1904_system_whatever_follows_in_an_extension() -> None:
    properties = (
        '<workbookPr date1904="1"/><extLst><ext '
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
        'uri="x"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    )
    found = cells(row('<c r="A1" s="1"><v>44562</v></c>'), properties=properties, formats=["m/d/yyyy"])
    assert found["A1"].value == dt.date(2026, 1, 2)


@pytest.mark.parametrize(
    "styles",
    [
        (
            f'<styleSheet xmlns="{TRANSITIONAL}"><fills count="1"><fill/></fills>'
            '<cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
        ),
        f'<styleSheet xmlns="{TRANSITIONAL}"><cellXfs count="9"><xf/><xf numFmtId="14"/></cellXfs><oops></styleSheet>',
    ],
)
def test_styles_that_excel_forgives_are_no_obstacle(styles: str) -> None:
    assert cells(row('<c r="A1" s="1"><v>46000</v></c>'), styles=styles)["A1"].value == dt.date(2025, 12, 9)


def test_a_workbook_without_styles_and_strings_is_read() -> None:
    package = raw_workbook({"Goals": row('<c r="A1" s="3"><v>42</v></c>')})
    for part in ("xl/styles.xml", "xl/sharedStrings.xml"):
        package = changed(package, part, lambda _: None)
    [sheet] = read_xlsx(package)
    assert by_address(sheet)["A1"].value == 42


def test_hidden_sheets_rows_and_columns_and_merged_cells_are_told() -> None:
    part = (
        f'<worksheet xmlns="{TRANSITIONAL}">'
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="16384" width="9"/></cols>'
        '<sheetData><row r="2" hidden="true"><c r="A2"><v>1</v></c></row></sheetData><autoFilter ref="A1:C9"/>'
        '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B1:D1"/></mergeCells></worksheet>'
    )
    package = raw_workbook({"Goals": part, "Plans": ""})
    package = changed(
        package, "xl/workbook.xml", lambda xml: xml.replace(b'name="Plans"', b'name="Plans" state="veryHidden"')
    )
    goals, plans = read_xlsx(package)
    assert (goals.hidden, plans.hidden) == (False, True)
    assert (goals.hidden_rows, goals.hidden_columns) == ({2}, {2, 3})
    assert goals.merged == [Range(2, 1, 3, 1), Range(1, 2, 1, 4)]


def test_cells_of_one_content_are_one_object() -> None:
    [sheet] = read_xlsx(
        raw_workbook({"Goals": row('<c r="A1"><v>7</v></c>') + row('<c r="B2"><v>7</v></c>', number=2)})
    )
    [first, second] = by_address(sheet).values()
    assert first is second


def test_a_number_that_is_none_is_text() -> None:
    assert cells(row('<c r="A1"><v>4 of 5</v></c>'))["A1"].value == "4 of 5"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_document_type_is_refused(part: str) -> None:
    package = raw_workbook({"Goals": row('<c r="A1" t="s"><v>0</v></c>')}, strings=["<t>Reyes</t>"])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY bomb "&a;&a;&a;">]>'
    with pytest.raises(ValueError, match="document type"):
        read_xlsx(changed(package, part, lambda xml: bomb + xml))


def test_the_reader_agrees_with_openpyxl_on_a_sheet_of_all_sorts() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    values = [
        "Reyes",
        42,
        4.5,
        True,
        dt.datetime(2026, 3, 2),  # noqa: DTZ001
        dt.time(10, 30),
        " x & <y> ",
        "ñ\n2",
        1e-7,
        -3,
        123456789012,
    ]
    for number in range(1, 40):
        sheet.append([values[(number + place) % len(values)] for place in range(number % 8)])
    stream = io.BytesIO()
    book.save(stream)
    [read] = read_xlsx(stream.getvalue())
    mine = {(row, column): cell.value for row, found in read.rows for column, cell in found.items()}
    theirs = {
        (cell.row, cell.column): cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.value is not None
    }
    for place, value in theirs.items():
        found = mine[place]
        assert (found.date() if isinstance(found, dt.datetime) else found) == value
    assert mine.keys() == theirs.keys()
