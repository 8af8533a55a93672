from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openxml_audit import OpenXmlValidator, ValidationSeverity
from PIL.Image import new as new_picture

from iepdocs.findings import Severity
from iepdocs.workbook import annotate as module
from iepdocs.workbook.annotate import Note, annotate
from iepdocs.workbook.cells import Cell, CellSheet, State
from iepdocs.workbook.plain import as_package, valid_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

RED, YELLOW, BLUE = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
X14_LIST = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1>'
    "<xm:sqref>C2:C99</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)


def note(
    cell: str | None = "B2",
    severity: Severity = Severity.ERROR,
    message: str = "No student has this id.",
    mend: str = "Did you mean 00042?",
    sheet: str = "Goals",
    **more: str,
) -> Note:
    return Note(sheet, cell, more.pop("header", "Student ID"), severity, message, mend, **more)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def goals(change: Callable[[Worksheet], object] = lambda _: None, title: str = "Goals") -> bytes:
    """Return a workbook of one sheet, with A1:B3 filled."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in (["Goal", "Student ID"], ["1", "00042"], ["2", "00107"]):
        sheet.append(row)
    change(sheet)
    return saved(book)


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def repacked(package: bytes, changes: dict[str, Any] | Callable[[bytes], bytes]) -> bytes:
    """Change parts: all by a function, or each to new bytes, by a function, or (None) away."""
    old = parts(package)
    named = changes if isinstance(changes, dict) else dict.fromkeys(old, changes)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in old | named:
            change = named.get(name, old.get(name))
            if change is not None:
                target.writestr(name, change(old[name]) if callable(change) else change)
    return stream.getvalue()


def with_sheet_xml(data: str, before: str = "", after: str = "", prefix: str = "") -> bytes:
    """Return a workbook whose first sheet is written so."""
    p, space = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
    xml = f'<{p}worksheet xmlns{space}="{MAIN}">{before}<{p}sheetData>{data}</{p}sheetData>{after}</{p}worksheet>'
    return repacked(goals(), {SHEET: xml.encode()})


def opened(package: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(package), keep_links=True)


def fills(package: bytes, sheet: str = "Goals") -> dict[str, str]:
    """Return the colors of the marked cells."""
    cells = [cell for row in opened(package)[sheet].iter_rows() for cell in row]
    return {cell.coordinate: str(cell.fill.fgColor.rgb) for cell in cells if cell.fill.fill_type == "solid"}


def comments(package: bytes, sheet: str = "Goals") -> dict[str, str]:
    cells = [cell for row in opened(package)[sheet].iter_rows() for cell in row]
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def errors(package: bytes, path: Path) -> Counter[str]:
    path.write_bytes(package)
    found = OpenXmlValidator().validate(path).errors
    return Counter(error.description for error in found if error.severity is ValidationSeverity.ERROR)


def as_libreoffice_shows(package: bytes, folder: Path, kind: str = "xlsx") -> list[list[str]]:
    """Return the rows of the first sheet as LibreOffice shows them."""
    soffice = shutil.which("soffice")
    if not soffice:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    path = folder / f"shown.{kind}"
    path.write_bytes(package)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false"
    subprocess.run(  # noqa: S603
        [soffice, profile, "--headless", "--convert-to", as_csv, "--outdir", folder, path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def rich() -> bytes:
    """Return a workbook with a drop-down in an extension list, a chart, a picture, macros and names."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Goals"
    for row in range(1, 9):
        sheet.append([row, row * 2, None, f"=A{row}*2"])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=8))
    sheet.add_chart(chart, "F2")
    picture = io.BytesIO()
    new_picture("RGB", (8, 8), "red").save(picture, "PNG")
    sheet.add_image(Image(picture), "F20")
    sheet["A3"].comment = Comment("Asked the\nparents.", "Dana Whitfield")
    sheet.defined_names["Area"] = DefinedName("Area", attr_text="Goals!$A$1")
    lists = book.create_sheet("Lists")
    lists["A1"] = "Reading"
    lists.defined_names["Choices"] = DefinedName("Choices", attr_text="Lists!$A$1:$A$3")
    book.active = 1
    lists.sheet_view.tabSelected = True
    main = b"spreadsheetml.sheet.main+xml"
    package = repacked(
        saved(book),
        {
            SHEET: lambda data: data.replace(b"</worksheet>", X14_LIST.encode() + b"</worksheet>"),
            "[Content_Types].xml": lambda data: data.replace(
                b"application/vnd.openxmlformats-officedocument." + main,
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ).replace(
                b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
            ),
            "xl/_rels/workbook.xml.rels": lambda data: data.replace(
                b"</Relationships>",
                b'<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                b'Target="vbaProject.bin"/></Relationships>',
            ),
            "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros",
        },
    )
    assert {"xl/charts/chart1.xml", "xl/media/image1.png", "xl/vbaProject.bin"} <= parts(package).keys()
    return package


# ---------------------------------------------------------------- what is there stays


def test_every_part_that_is_not_concerned_stays_byte_for_byte_in_its_order(rich: bytes) -> None:
    out = annotate(rich, [note(), note("A3"), note("C2")])
    old, new = parts(rich), parts(out)
    assert list(new)[: len(old)] == list(old)
    assert {name for name in old if old[name] != new[name]} == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
        SHEET,
        "xl/worksheets/sheet2.xml",  # was the selected one
    }
    assert set(new) - set(old) == {"xl/worksheets/problems.xml"}


def test_in_the_sheet_only_the_marked_cells_change(rich: bytes) -> None:
    old, new = parts(rich)[SHEET], parts(annotate(rich, [note(), note("C2")]))[SHEET]
    assert b"x14:dataValidation " in new
    new = re.sub(rb'<c r="C2" s="\d+"/>', b"", new)
    assert re.sub(rb'<c s="\d+" r="B2"', b'<c r="B2"', new) == old


def test_parts_stay_compressed_as_they_were(rich: bytes) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for number, (name, data) in enumerate(parts(rich).items()):
            target.writestr(name, data, zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(io.BytesIO(annotate(stream.getvalue(), [note()]))) as new:
        for info in old.infolist():
            assert new.getinfo(info.filename).compress_type == info.compress_type


def test_macros_stay(rich: bytes) -> None:
    types = parts(annotate(rich, [note()]))["[Content_Types].xml"]
    assert b"application/vnd.ms-excel.sheet.macroEnabled.main+xml" in types


def test_no_fault_is_in_the_copy_that_was_not_in_the_workbook(rich: bytes, tmp_path: Path) -> None:
    notes = [note(), note("A3"), note("C40", Severity.NOTE), note(None), note(sheet="")]
    assert not errors(annotate(rich, notes), tmp_path / "out.xlsm") - errors(rich, tmp_path / "in.xlsm")


def test_no_fault_is_in_a_copy_of_a_workbook_without(tmp_path: Path) -> None:
    package = as_package([CellSheet("Goals", [(2, {2: Cell("a", "a")})])])
    known = errors(package, tmp_path / "in.xlsx")
    assert not [error for error in known if not error.endswith("/theme' is missing.")]  # Excel has its own
    assert errors(annotate(package, [note(), note("D9")]), tmp_path / "out.xlsx") == known


def test_libreoffice_opens_it_with_the_list_first(rich: bytes, tmp_path: Path) -> None:
    rows = as_libreoffice_shows(annotate(rich, [note(value="=1+1", message=" a <b> & _x000D_ c")]), tmp_path, "xlsm")
    assert rows[0][0] == "Problems: 1 error"
    assert rows[2] == ["Error", "Goals", "B2", "Student ID", "=1+1", " a <b> & _x000D_ c", "Did you mean 00042?"]


CELLS = st.one_of(
    st.none(), st.integers(-999, 999), st.booleans(), st.dates(dt.date(1950, 1, 1)), st.text("ab<&é\n", min_size=1)
)
LOOKS = st.sampled_from(
    [
        {},
        {"number_format": "00000"},
        {"font": Font(bold=True, color="FF112233"), "number_format": "@"},
        {"border": Border(left=Side("thick")), "protection": Protection(locked=False)},
        {"fill": PatternFill("solid", fgColor="FF00FF00"), "number_format": "0.0%"},
    ]
)
SPOTS = st.tuples(st.integers(1, 7), st.integers(1, 5))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(SPOTS, st.tuples(CELLS, LOOKS), max_size=20),
    st.lists(st.tuples(SPOTS, st.sampled_from(list(Severity))), max_size=12),
)
def test_every_cell_keeps_its_value_and_look_but_for_the_fill_of_the_noted_ones(
    cells: dict[tuple[int, int], tuple[Any, dict[str, Any]]], noted: list[tuple[tuple[int, int], Severity]]
) -> None:
    def fill(sheet: Worksheet) -> None:
        for (row, column), (value, look) in cells.items():
            cell = sheet.cell(row, column, value)
            for key, part in look.items():
                setattr(cell, key, part)

    def shown(sheet: Any, row: int, column: int) -> list[Any]:
        cell = sheet.cell(row, column)
        parts = (cell.font, cell.border, cell.alignment, cell.protection)
        return [cell.value, cell.number_format, *map(repr, parts)]

    package = goals(fill)
    notes = [note(f"{get_column_letter(column)}{row}", severity) for (row, column), severity in noted]
    old, out = opened(package)["Goals"], annotate(package, notes)
    new = opened(out)["Goals"]
    marked = {spot for spot, _ in noted}
    for row in range(1, 9):
        for column in range(1, 7):
            assert shown(old, row, column) == shown(new, row, column)
            if (row, column) not in marked:
                assert repr(old.cell(row, column).fill) == repr(new.cell(row, column).fill)
    assert comments(out).keys() == {each.cell for each in notes}
    assert fills(out).keys() >= comments(out).keys()


# ---------------------------------------------------------------- marks


def test_a_cell_gets_the_color_of_its_worst_problem() -> None:
    notes = [note("A2", Severity.NOTE), note("B2", Severity.NOTE), note("B2", Severity.WARNING)]
    assert fills(annotate(goals(), [*notes, note("A3")])) == {"A2": BLUE, "B2": YELLOW, "A3": RED}


def test_a_blank_cell_is_put_in_its_place_and_its_row_too() -> None:
    def space_out(sheet: Worksheet) -> None:
        sheet.delete_rows(1, 3)
        for address in ("B2", "D2", "B5"):
            sheet[address] = address

    blank = ["A1", "A2", "C2", "E2", "XFD2", "C3", "D3", "A5", "C1048576"]
    out = annotate(goals(space_out), [note(cell) for cell in blank])
    xml = parts(out)[SHEET].decode()
    rows = [(int(row), re.findall(r'<c [^>]*?r="([A-Z]+\d+)"', cells)) for row, cells in in_rows(xml)]
    assert rows == [
        (1, ["A1"]),
        (2, ["A2", "B2", "C2", "D2", "E2", "XFD2"]),
        (3, ["C3", "D3"]),
        (5, ["A5", "B5"]),
        (1048576, ["C1048576"]),
    ]


def in_rows(xml: str) -> list[tuple[str, str]]:
    return re.findall(r'<row [^>]*?r="(\d+)"[^>]*?>(.*?)</row>', xml)


def test_a_blank_cell_looks_as_its_row_or_column_does() -> None:
    def color(sheet: Worksheet) -> None:
        sheet.column_dimensions["D"].number_format = "00000"
        sheet.column_dimensions["D"].font = Font(bold=True)
        sheet.row_dimensions[7].number_format = "0.0%"
        sheet.row_dimensions[7].height = 30

    sheet = opened(annotate(goals(color), [note("D5"), note("D7"), note("E5")]))["Goals"]
    assert [sheet[cell].number_format for cell in ("D5", "D7", "E5")] == ["00000", "0.0%", "General"]
    assert sheet["D5"].font.bold
    assert sheet.row_dimensions[7].height == 30


@pytest.mark.parametrize(
    "data",
    [
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>",
        "<row r='1'><c><v>1</v></c><c r='B1'><v>2</v></c></row>\n<row r='2'><c><v>3</v></c><c><v>4</v></c></row>",
        '<row><c r="A1"><v>1</v></c></row><row><c r="A2"><v>3</v></c><c><v>4</v></c></row>',
        '<row r="2"><c\n s="0"\tr="B2" ><v><![CDATA[4]]></v></c ></row >',
        '<row spans="1:1" r="1"/><row ht="20" r="2" spans="1:2"><!-- <c r="B2"/> --><c t="n" r="B2"><v>4</v></c></row>',
    ],
)
def test_a_cell_is_found_however_it_is_written(data: str) -> None:
    out = annotate(with_sheet_xml(data), [note("B2"), note("D2"), note("A4")])
    assert fills(out) == {"B2": RED, "D2": RED, "A4": RED}
    sheet = opened(out)["Goals"]
    assert (sheet["B2"].value, sheet["D2"].value) == (4, None)


def test_rows_without_a_number_take_it_from_their_cells() -> None:
    data = '<row><c r="B5"><v>5</v></c></row><row><c r="B9"><v>9</v></c></row><row><c><v>10</v></c></row>'
    xml = parts(annotate(with_sheet_xml(data), [note(cell) for cell in ("B5", "B7", "B9", "A10")]))[SHEET].decode()
    assert re.findall(r"<row[^>]*>(<c[^>]*>)", xml) == [
        '<c s="1" r="B5">',
        '<c r="B7" s="1"/>',
        '<c s="1" r="B9">',
        '<c s="1">',
    ]


@pytest.mark.parametrize("prefix", ["", "x", "größe"])
def test_elements_may_have_prefixes(prefix: str) -> None:
    p = f"{prefix}:" if prefix else ""
    data = f'<{p}row r="1"><{p}c r="A1"><{p}v>1</{p}v></{p}c></{p}row>'
    out = annotate(with_sheet_xml(data, prefix=prefix), [note("A1"), note("B1"), note("A2")])
    assert fills(out) == {"A1": RED, "B1": RED, "A2": RED}
    assert comments(out).keys() == {"A1", "B1", "A2"}


def prefixed(data: bytes) -> bytes:
    """Write every element of SpreadsheetML with a prefix."""
    if f'xmlns="{MAIN}"'.encode() not in data:
        return data
    return re.sub(rb"<(/?)(?=[a-zA-Z])(?!\w+:)", rb"<\1s:", data).replace(b"xmlns=", b"xmlns:s=", 1)


def test_styles_comments_and_workbook_may_have_prefixes_too() -> None:
    package = repacked(goals(lambda sheet: setattr(sheet["A1"], "comment", Comment("Old", "Ana"))), prefixed)
    assert b"<s:cellXfs" in parts(package)["xl/styles.xml"]
    out = annotate(package, [note("A1"), note("B2")])
    assert fills(out) == {"A1": RED, "B2": RED}
    assert comments(out)["A1"].startswith("Old\n\nError: No student")
    assert opened(out).sheetnames == ["Problems", "Goals"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1"])
def test_parts_may_be_in_any_encoding(encoding: str) -> None:
    def recode(data: bytes) -> bytes:
        text = data.decode().replace("00042", "Zoë")
        declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' if "-le" not in encoding else ""
        return (declared + text).encode(encoding)

    out = annotate(repacked(goals(), {SHEET: recode, "xl/workbook.xml": recode, "xl/styles.xml": recode}), [note()])
    sheet = opened(out)["Goals"]
    assert (sheet["B2"].value, fills(out)) == ("Zoë", {"B2": RED})


def test_a_merged_cell_is_marked_at_its_top_left() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:B3")

    out = annotate(goals(merge), [note("B3"), note("A2", Severity.NOTE), note("C3", Severity.WARNING)])
    assert comments(out).keys() == {"A2", "C3"}
    assert opened(out)["Goals"]["A2"].fill.fgColor.rgb == RED
    assert opened(out)["Problems"]["C3"].value == "B3"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: re.sub(rb"<fills.*</fills>", b'<fills count="1"><fill/></fills>', data),
        lambda data: re.sub(rb"<fills.*</fills>", b'<fills count="99"/>', data),
        lambda data: re.sub(rb"<fills.*</fills>", b"", data),
        lambda data: re.sub(rb"<cellXfs.*</cellXfs>", b"", data),
        lambda data: re.sub(rb'<cellXfs count="\d+"', b"<cellXfs", data),
        lambda _: b'<styleSheet xmlns="%s"/>' % MAIN.encode(),
    ],
)
def test_styles_may_be_broken_as_excel_forgives(change: Callable[[bytes], bytes]) -> None:
    package = repacked(goals(), {"xl/styles.xml": change})
    xml = parts(annotate(package, [note("B2"), note("A1")]))["xl/styles.xml"].decode()
    for name, child in (("fills", "fill"), ("cellXfs", "xf"), ("fonts", "font")):
        [(count, content)] = re.findall(rf'<{name} count="(\d+)"[^>]*>(.*?)</{name}>', xml)
        assert int(count) == len(re.findall(rf"<{child}[ />]", content))
    red = re.findall(r"<fill[ />].*?(?=<fill[ />]|</fills>)", xml).index(
        '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor indexed="64"/></patternFill></fill>'
    )
    assert red >= 2  # Excel keeps the first two for itself
    assert f'fillId="{red}" applyFill="1"' in xml or f'applyFill="1" numFmtId="0" fontId="0" fillId="{red}"' in xml


def test_styles_may_be_missing() -> None:
    package = repacked(
        goals(),
        {
            "xl/styles.xml": None,
            "xl/_rels/workbook.xml.rels": lambda data: re.sub(rb"<Relationship [^>]*styles.xml[^>]*>", b"", data),
            "[Content_Types].xml": lambda data: re.sub(rb"<Override [^>]*styles.xml[^>]*>", b"", data),
        },
    )
    assert fills(annotate(package, [note()])) == {"B2": RED}


def test_a_style_that_is_none_is_the_plain_one() -> None:
    assert fills(annotate(with_sheet_xml('<row r="2"><c r="B2" s="999"/></row>'), [note()])) == {"B2": RED}


# ---------------------------------------------------------------- comments


def test_a_comment_tells_all_problems_of_its_cell() -> None:
    notes = [note(message="First.", mend="Do a."), note(severity=Severity.WARNING, message="Second.", mend="Do b.")]
    assert comments(annotate(goals(), notes)) == {"B2": "Error: First.\nDo a.\n\nWarning: Second.\nDo b."}


def test_a_comment_that_is_there_keeps_its_text_and_author() -> None:
    def remark(sheet: Worksheet) -> None:
        sheet["B2"].comment = Comment("Asked the\nparents.", "Dana Whitfield", height=20, width=20)
        sheet["A1"].comment = Comment("Untouched", "Ana", height=20, width=20)

    out = annotate(goals(remark), [note(), note("B3")])
    sheet = opened(out)["Goals"]
    assert comments(out)["B2"] == "Asked the\nparents.\n\nError: No student has this id.\nDid you mean 00042?"
    assert comments(out)["A1"] == "Untouched"
    assert [sheet[cell].comment.author for cell in ("B2", "A1", "B3")] == ["Dana Whitfield", "Ana", "iepdocs"]
    vml = parts(out)["xl/drawings/commentsDrawing1.vml"].decode()
    assert Counter(re.findall(r"Row>(\d+)<.{0,9}/?.{0,9}:Column>(\d+)<", vml)) == Counter(
        [("1", "1"), ("0", "0"), ("2", "1")]
    )
    assert vml.count("height:20px") == 1  # the untouched one
    assert len(re.findall(r"height:\s*\d+pt", vml)) == 2


COMMENT = '<comment ref="B2" authorId="0">{}</comment>'


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<text><t>Plain &amp; old</t></text>", "Plain & old\n\n"),
        ("<text><r><t>Rich</t></r><phoneticPr fontId='1'/></text>", "Rich\n\n"),
        ("<text/>", ""),
        ("", ""),
    ],
)
def test_text_of_an_old_comment_may_be_plain_rich_or_missing(text: str, kept: str) -> None:
    old = goals(lambda sheet: setattr(sheet["B2"], "comment", Comment("?", "Ana")))
    package = repacked(
        old,
        {
            "xl/comments/comment1.xml": lambda data: re.sub(
                rb"<comment .*</comment>", COMMENT.format(text).encode(), data, flags=re.DOTALL
            )
        },
    )
    assert comments(annotate(package, [note()])) == {"B2": f"{kept}Error: No student has this id.\nDid you mean 00042?"}


EXCEL_VML = b"""<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>
 <v:shape id="_x0000_s1025" type="#_x0000_t201" style='width:90pt;height:20pt'><v:textbox><div>Two<br>lines</div>
 </v:textbox><x:ClientData ObjectType="Button"><x:Anchor>1, 2, 3, 4</x:Anchor></x:ClientData></v:shape>
 <v:shape id="_x0000_s1026" type="#_x0000_t202" style='width:90pt;height:20pt;visibility:visible'>
 <x:ClientData ObjectType="Note"><x:Anchor>1, 15, 0, 2, 3, 15, 3, 16</x:Anchor><x:Row>1</x:Row>
 <x:Column>1</x:Column></x:ClientData></v:shape></xml>"""


def test_shapes_that_are_no_good_xml_are_extended_all_the_same() -> None:
    old = goals(lambda sheet: setattr(sheet["B2"], "comment", Comment("?", "Ana")))
    out = annotate(repacked(old, {"xl/drawings/commentsDrawing1.vml": EXCEL_VML}), [note(), note("A3")])
    vml = parts(out)["xl/drawings/commentsDrawing1.vml"]
    assert vml.startswith(EXCEL_VML[: EXCEL_VML.index(b"<o:shapelayout")])
    assert b'data="1,2"' in vml
    assert b'id="_x0000_s2049"' in vml
    assert b"<x:Anchor>1, 2, 3, 4</x:Anchor>" in vml  # the button stays where it is
    assert b"1, 15, 0" not in vml  # the comment grows
    assert vml.count(b"<br>") == 1
    assert vml.endswith(b"</v:shape></xml>")


def test_ids_of_shapes_are_unique_in_the_workbook() -> None:
    package = as_package([CellSheet(title, [(1, {1: Cell("a", "a")})]) for title in ("Goals", "Plans")])
    notes = [note(f"A{row}", sheet=sheet) for sheet in ("Goals", "Plans") for row in range(1, 1501)]
    drawn = [data for name, data in parts(annotate(package, notes)).items() if name.endswith(".vml")]
    ids = [each for data in drawn for each in re.findall(rb'<v:shape id="_x0000_s(\d+)"', data)]
    assert len(ids) == len(set(ids)) == 3000
    assert {int(each) // 1024 for each in ids} == {1, 2, 3, 4}
    assert sorted(each for data in drawn for each in re.findall(rb'idmap [^>]*data="([^"]*)"', data)) == [
        b"1,2",
        b"3,4",
    ]


def test_a_comment_is_hidden_and_as_large_as_its_text() -> None:
    [vml] = [
        data.decode()
        for name, data in parts(annotate(goals(), [note("A1"), note("A2", mend="word " * 100)])).items()
        if name.endswith(".vml")
    ]
    small, large = re.findall(r"width:(\d+)pt;height:(\d+)pt;z-index:1;visibility:hidden", vml)
    assert small[0] == large[0]
    assert int(large[1]) > 3 * int(small[1])


def test_a_threaded_comment_stays_as_it_is() -> None:
    old = goals(lambda sheet: setattr(sheet["B2"], "comment", Comment("[Threaded comment]", "tc={1}")))
    thread = b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    thread += b'<threadedComment ref="B2" id="{1}"><text>Please check</text></threadedComment></ThreadedComments>'
    row = b'<Relationship Id="t" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
    row += b'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    package = repacked(
        old,
        {
            "xl/threadedComments/threadedComment1.xml": thread,
            "xl/worksheets/_rels/sheet1.xml.rels": lambda data: data.replace(b"</Relationships>", row),
        },
    )
    out = annotate(package, [note(), note("A2")])
    assert comments(out).keys() == {"A2", "B2"}
    assert comments(out)["B2"] == "[Threaded comment]"
    assert fills(out) == {"A2": RED, "B2": RED}
    assert parts(annotate(package, [note()]))["xl/comments/comment1.xml"] == parts(package)["xl/comments/comment1.xml"]


ALTERNATE = '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
ALTERNATE += '<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("<pageMargins/><drawing/><tableParts/><extLst/>", ["pageMargins", "drawing", "HERE", "tableParts", "extLst"]),
        ("<drawing/><legacyDrawingHF/>", ["drawing", "HERE", "legacyDrawingHF"]),
        (f"<drawing/>{ALTERNATE}<tableParts/>", ["drawing", "HERE", "mc:AlternateContent", "tableParts"]),
        ("", ["HERE"]),
        ('<legacyDrawing id="gone"/><extLst/>', ["HERE", "extLst"]),
    ],
)
def test_the_shapes_are_led_to_from_where_the_schema_has_it(after: str, expected: list[str]) -> None:
    xml = parts(annotate(with_sheet_xml("", after=after), [note()]))[SHEET].decode()
    tags = re.findall(r"<(?:(legacyDrawing) |([\w:]+))", xml[xml.index("</sheetData>") + 12 :])
    inside = {"mc:Choice", "controls"}
    assert ["HERE" if here else name for here, name in tags if name not in inside] == expected


def test_only_so_many_cells_get_a_comment_the_worst_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COMMENTS", 2)
    out = annotate(goals(), [note("A1", Severity.NOTE), note("A2", Severity.WARNING), note("A3"), note("A3")])
    assert comments(out).keys() == {"A2", "A3"}
    assert fills(out).keys() == {"A1", "A2", "A3"}
    assert opened(out)["Problems"].max_row == 6


# ---------------------------------------------------------------- the list


def test_the_list_has_a_row_for_each_problem_in_order() -> None:
    out = annotate(goals(), [note(value="42"), note(None, Severity.WARNING, "Gone.", "Add it."), note(sheet="")])
    rows = [list(row) for row in opened(out)["Problems"].iter_rows(values_only=True)]
    assert rows == [
        ["Problems: 2 errors, 1 warning", *[None] * 6],
        ["Severity", "Sheet", "Cell", "Column", "Value", "Problem", "What to do"],
        ["Error", "Goals", "B2", "Student ID", "42", "No student has this id.", "Did you mean 00042?"],
        ["Warning", "Goals", None, "Student ID", None, "Gone.", "Add it."],
        ["Error", None, "B2", "Student ID", None, "No student has this id.", "Did you mean 00042?"],
    ]


def test_the_list_is_easy_to_read() -> None:
    sheet = opened(annotate(goals(), [note(), note(severity=Severity.WARNING), note(severity=Severity.NOTE)]))[
        "Problems"
    ]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:G5"
    assert all(cell.font.bold for cell in sheet[2])
    assert [sheet[f"A{row}"].fill.fgColor.rgb for row in (3, 4, 5)] == [RED, YELLOW, BLUE]
    assert sheet["F3"].alignment.wrap_text
    assert sheet.column_dimensions["F"].width == 60


@pytest.mark.parametrize("title", ["Goals", "It's Ana's", "A & B <1>", 'The "plan"', "José  2", "00042"])
def test_a_row_leads_to_its_cell_or_sheet(title: str) -> None:
    out = annotate(goals(title=title), [note(sheet=title), note(None, sheet=title)])
    sheet = opened(out)["Problems"]
    quoted = title.replace("'", "''")
    assert sheet["C3"].hyperlink.location == f"'{quoted}'!B2"
    assert sheet["B4"].hyperlink.location == f"'{quoted}'!A1"
    assert sheet["B3"].hyperlink is None


@pytest.mark.parametrize(
    "place", [("Plans", "B2"), ("Goals", "B0"), ("Goals", "XFE1"), ("Goals", "A1048577"), ("", None)]
)
def test_a_place_that_is_not_there_has_a_row_without_a_link(place: tuple[str, str | None]) -> None:
    sheet = opened(annotate(goals(), [note(place[1], sheet=place[0])]))["Problems"]
    assert (sheet["B3"].value, sheet["C3"].value) == (place[0] or None, place[1])
    assert (sheet["B3"].hyperlink, sheet["C3"].hyperlink) == (None, None)


def test_a_chart_sheet_has_a_row_without_a_link_and_is_selected_no_more() -> None:
    book = opened(goals())
    chart = book.create_chartsheet("Chart")
    chart.add_chart(BarChart())
    chart.sheetViews.sheetView[0].tabSelected = True
    package = saved(book)
    [name] = [name for name in parts(package) if "chartsheets/sheet" in name and name.endswith("xml")]
    assert b'tabSelected="1"' in parts(package)[name]
    out = annotate(package, [note("A1", sheet="Chart")])
    assert b'tabSelected="0"' in parts(out)[name]
    assert opened(out)["Problems"]["C3"].hyperlink is None


@pytest.mark.parametrize(
    "text", ["=1+1", "  two\n\n lines ", "a & <b>", "_x000D_", "x\x07\ud800\ufffe", "a\r\nb", "😀"]
)
def test_any_text_is_safe(text: str, tmp_path: Path) -> None:
    out = annotate(goals(), [note(message=text, mend=text, value=text)])
    row = opened(out)["Problems"][3]
    safe = re.sub("[\x07\ud800\ufffe]", "\ufffd", text).replace("\r\n", "\n").replace("_x", "_x005F_x")
    assert [row[column].value for column in (4, 5, 6)] == [safe] * 3
    assert {row[column].data_type for column in (4, 5, 6)} == {"s"}
    assert comments(out)["B2"] == f"Error: {safe}\n{safe}"
    assert not errors(out, tmp_path / "out.xlsx") - errors(goals(), tmp_path / "in.xlsx")


def test_a_long_list_ends_with_how_many_more_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LISTED", 2)
    sheet = opened(annotate(goals(), [note()] * 5))["Problems"]
    assert [sheet[f"F{row}"].value for row in (4, 5, 6)] == ["No student has this id.", "3 more are not listed.", None]
    assert sheet.auto_filter.ref == "A2:G4"


def test_a_workbook_without_problems_says_so() -> None:
    assert opened(annotate(goals(), []))["Problems"]["A1"].value == "No problems were found."


@pytest.mark.parametrize(("taken", "name"), [(["problems"], "Problems 2"), (["PROBLEMS", "Problems 2"], "Problems 3")])
def test_the_list_has_a_name_that_is_not_taken(taken: list[str], name: str) -> None:
    book = openpyxl.Workbook()
    for title in taken:
        book.create_sheet(title)
    assert opened(annotate(saved(book), [])).sheetnames == [name, "Sheet", *taken]


# ---------------------------------------------------------------- the workbook


def test_the_workbook_opens_on_the_list_and_names_keep_their_sheets(rich: bytes) -> None:
    out = annotate(rich, [note()])
    book = opened(out)
    assert book.sheetnames == ["Problems", "Goals", "Lists"]
    assert book.active is not None
    assert book.active.title == "Problems"
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == ["Problems"]
    assert (list(book["Goals"].defined_names), list(book["Lists"].defined_names)) == (["Area"], ["Choices"])
    ids = re.findall(r'sheetId="(\d+)" (?:state="visible" )?r:id="(\w+)"', parts(out)["xl/workbook.xml"].decode())
    assert len({sheet for sheet, _ in ids}) == len({relation for _, relation in ids}) == 3


def test_a_copy_of_a_copy_has_both_lists() -> None:
    out = annotate(annotate(goals(), [note()]), [note(severity=Severity.WARNING, message="Again.")])
    assert opened(out).sheetnames == ["Problems 2", "Problems", "Goals"]
    assert comments(out)["B2"].startswith("Error: No student has this id.")
    assert comments(out)["B2"].endswith("Warning: Again.\nDid you mean 00042?")
    assert fills(out) == {"B2": YELLOW}


def strict(data: bytes) -> bytes:
    for old, new in STRICT.items():
        data = data.replace(old.encode(), new.encode())
    return data


def test_a_strict_workbook_stays_strict(tmp_path: Path) -> None:
    out = annotate(repacked(goals(), strict), [note()])
    for name, data in parts(out).items():
        assert MAIN.encode() not in data, name
        assert OFFICE.encode() not in data, name
    assert (
        b'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/vmlDrawing"'
        in parts(out)["xl/worksheets/_rels/sheet1.xml.rels"]
    )
    transitional = out
    for old, new in STRICT.items():
        transitional = repacked(transitional, lambda data, old=old, new=new: data.replace(new.encode(), old.encode()))  # type: ignore[misc]
    assert (fills(transitional), list(comments(transitional))) == ({"B2": RED}, ["B2"])
    assert as_libreoffice_shows(out, tmp_path)[2][:3] == ["Error", "Goals", "B2"]


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_a_document_type_declaration_is_refused(name: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(ValueError, match="document type"):
        annotate(repacked(goals(), {name: lambda data: bomb + data}), [note()])


@pytest.mark.parametrize(
    "package",
    [
        b"",
        b"PK\x03\x04",
        goals()[:-40],
        repacked(goals(), {"xl/workbook.xml": None}),
        repacked(goals(), {"xl/workbook.xml": b"<workbook"}),
        repacked(goals(), {"xl/workbook.xml": b'<workbook xmlns="%s"/>' % MAIN.encode()}),
        repacked(goals(), {SHEET: b"<worksheet/>"}),
        with_sheet_xml('<row r="2"><row/><c r="B2"/></row>'),
        repacked(goals(), {SHEET: b'<worksheet xmlns="%s"><sheetData>' % MAIN.encode()}),
        repacked(goals(), {"[Content_Types].xml": None}),
        repacked(goals(), {"xl/styles.xml": b"\x00\x01"}),
    ],
)
def test_a_damaged_package_is_a_value_error(package: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        annotate(package, [note()])


def test_many_notes_in_many_rows_take_seconds() -> None:
    cell = Cell("a", "a")
    package = as_package([CellSheet("Goals", [(row, dict.fromkeys(range(1, 9), cell)) for row in range(1, 80_001)])])
    notes = [note(f"{'ABCJ'[row % 4]}{row * 4}") for row in range(1, 20_001)]
    start = time.perf_counter()
    out = annotate(package, notes)
    assert time.perf_counter() - start < 30
    assert len(re.findall(rb"<comment ", parts(out)["xl/comments.xml"])) == 5000


# ---------------------------------------------------------------- other formats


def book_of(*rows: Sequence[Cell | None], title: str = "Goals") -> CellSheet:
    return CellSheet(
        title,
        [
            (number, {c: cell for c, cell in enumerate(row, 1) if cell})
            for number, row in enumerate(rows, start=2)
            if row
        ],
    )


SHOWN: list[tuple[Any, str, Any, str]] = [
    ("00042", "00042", "00042", "@"),
    ("=1+1", "=1+1", "=1+1", "@"),
    (42, "42", 42, "General"),
    (42, "00042", "00042", "@"),
    (42.0, "42", 42, "General"),
    (0.25, "0.25", 0.25, "General"),
    (-3, "-3", -3, "General"),
    (85.5, "85.5%", 0.855, "0.0%"),
    (3.5, "3.50", 3.5, "0.00"),
    (1 / 3, "0.33", 1 / 3, "0.00"),
    (0.125, "0.13", 0.125, "0.00"),
    (1234.5, "1,234.50", 1234.5, "#,##0.00"),
    (12, "$12", 12, '"$"0'),
    (5551234, "555-1234", "555-1234", "@"),
    (123456789012, "123456789012", 123456789012, "0"),
    (1.5e20, "1.5E+20", "1.5E+20", "@"),
    (True, "TRUE", True, "General"),
    (True, "yes", "yes", "@"),
    (dt.date(2026, 3, 15), "3/15/2026", dt.datetime(2026, 3, 15), "m/d/yyyy"),  # noqa: DTZ001
    (dt.date(2026, 3, 5), "05.03.2026", dt.datetime(2026, 3, 5), "dd.mm.yyyy"),  # noqa: DTZ001
    (dt.date(2026, 3, 4), "March 4, 2026", dt.datetime(2026, 3, 4), "mmmm d, yyyy"),  # noqa: DTZ001
    (dt.date(2026, 3, 4), "Wednesday", "Wednesday", "@"),
    (dt.date(1900, 1, 4), "1/4/1900", "1/4/1900", "@"),
    (dt.datetime(2025, 12, 9, 10, 0), "12/9/2025 10:00", dt.datetime(2025, 12, 9, 10), "m/d/yyyy h:mm"),  # noqa: DTZ001
    (dt.time(0, 30), "12:30 AM", dt.time(0, 30), "h:mm AM/PM"),
    (dt.time(13, 5), "13:05", dt.time(13, 5), "h:mm"),
    (dt.timedelta(hours=26, minutes=30), "26:30", dt.timedelta(hours=26, minutes=30), "[h]:mm"),
]


@pytest.mark.parametrize(("value", "shown", "stored", "look"), SHOWN)
def test_a_cell_of_another_format_shows_the_same(value: Any, shown: str, stored: Any, look: str) -> None:
    cell = opened(as_package([book_of([Cell(value, shown)])]))["Goals"]["A2"]
    assert (cell.value, cell.number_format) == (stored, look)
    assert cell.data_type != "f"


def test_libreoffice_shows_what_was_shown(tmp_path: Path) -> None:
    sheet = CellSheet("Goals", [(row, {1: Cell(value, shown)}) for row, (value, shown, _, _) in enumerate(SHOWN, 1)])
    assert as_libreoffice_shows(as_package([sheet]), tmp_path) == [[shown] for _, shown, _, _ in SHOWN]


def test_cells_without_a_value_are_what_they_show() -> None:
    sheet = opened(
        as_package(
            [
                book_of(
                    [Cell(None, "#N/A", State.ERROR), Cell(None, "", State.UNCALCULATED)],
                    [],
                    [None, Cell(None, "60", State.IMPOSSIBLE_DATE)],
                )
            ]
        )
    )["Goals"]
    assert [[cell.value for cell in row] for row in sheet["A1:B4"]] == [
        [None, None],
        ["#N/A", None],
        [None, None],
        [None, "60"],
    ]


def test_a_cell_beyond_the_last_row_or_column_is_left_out() -> None:
    cell = Cell("a", "a")
    package = as_package([CellSheet("Goals", [(1, {1: cell, 16_385: cell}), (1_048_577, {1: cell})])])
    assert [[cell.value for cell in row] for row in opened(package)["Goals"].iter_rows()] == [["a"]]


@pytest.mark.parametrize(
    ("titles", "valid"),
    [
        (["Goals", "goals", "Goals"], ["Goals", "goals 2", "Goals 3"]),
        (["a/b:c", "[x]*?\\", "'quoted'", "", "   "], ["a b c", "x", "quoted", "Sheet", "Sheet 2"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 29 + " 2"]),
        (["😀" * 20], ["😀" * 15]),
        (["History"], ["History 2"]),
    ],
)
def test_sheets_get_names_that_excel_takes(titles: list[str], valid: list[str]) -> None:
    assert valid_titles(titles) == valid
    assert opened(as_package([CellSheet(title) for title in titles])).sheetnames == valid


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4), st.lists(st.text(min_size=1), max_size=5))
def test_any_rows_make_a_workbook_that_can_be_annotated(titles: list[str], texts: list[str]) -> None:
    sheets = [CellSheet(title, [(1, {1: Cell(text, text)}) for text in texts[:1]]) for title in titles]
    [first, *_] = valid_titles(titles)
    book = opened(annotate(as_package(sheets), [note("A1", sheet=first)]))
    assert book.worksheets[1]["A1"].fill.fgColor.rgb == RED
    assert book.worksheets[0]["C3"].hyperlink.location == "'{}'!A1".format(first.replace("'", "''"))


def test_no_sheet_at_all_is_a_blank_one() -> None:
    assert opened(as_package([])).sheetnames == ["Sheet"]
